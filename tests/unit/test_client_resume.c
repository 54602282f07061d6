/* SPDX-License-Identifier: MIT */
/* client/resume: what is asked, what waits, and how much. What it looks like is in
 * screens/missed.screen; what servers do wrong in test_client_resume_odd.c. */
#include "support/resume_rig.h"

#include "typed.h"

static void a_new_room_is_asked_for_its_last_messages(void **state)
{
    struct model_rig *f = *state;

    resume_rig_enter(f);
    assert_string_equal(model_rig_sent(f), "CHATHISTORY LATEST #tea * 20\n");
    assert_string_equal(resume_rig_hear(f, ":s BATCH +a chathistory #tea"), "");
    assert_string_equal(resume_rig_hear(f, ":s BATCH -a"), "");
    assert_string_equal(model_rig_sent(f), "");
    assert_true(resume_is_idle(&f->model.resume));
}

static void nobody_who_wants_none_is_shown_the_past(void **state)
{
    struct model_rig *f = *state;

    f->model.config.n_history = 0;
    resume_rig_enter(f);
    assert_string_equal(model_rig_sent(f), "");
    /* but what is missed after that is, as of the moment of joining */
    resume_rig_come_back(f);
    assert_string_equal(model_rig_sent(f),
                        "CHATHISTORY LATEST #tea timestamp=2026-11-22T10:00:00.000Z 100\n");
}

static void a_server_without_history_is_not_asked(void **state)
{
    struct model_rig *f = *state;

    model_rig_enter(f);
    assert_string_equal(model_rig_sent(f), "");
}

static void a_server_s_limits_are_kept(void **state)
{
    struct model_rig *f = *state;

    model_rig_hear(f, ":s CAP * LS :batch draft/chathistory");
    model_rig_hear(f, ":s CAP * ACK :batch draft/chathistory");
    model_rig_hear(f, ":s 001 ann :welcome");
    model_rig_hear(f, ":s 005 ann CHATHISTORY=7 MSGREFTYPES=timestamp :are supported");
    (void)model_rig_sent(f);
    model_rig_hear(f, ":ann!a@host JOIN #tea");
    assert_string_equal(model_rig_sent(f), "CHATHISTORY LATEST #tea * 7\n");
    (void)resume_rig_hear(f, ":s BATCH +a chathistory #tea");
    (void)resume_rig_hear(
        f, "@batch=a;time=2026-11-22T09:00:00.000Z;msgid=m1 :bob!b@h PRIVMSG #tea :one");
    (void)resume_rig_hear(f, ":s BATCH -a");
    assert_true(resume_earlier(&f->model.resume, TEXT("#tea"), 50));
    (void)resume_rig_hear(f, ":s NOTICE ann :x");
    assert_string_equal(model_rig_sent(f),
                        "CHATHISTORY BEFORE #tea timestamp=2026-11-22T09:00:00.000Z 7\n");
}

static void nothing_missed_is_nothing_to_tell(void **state)
{
    struct model_rig *f = *state;

    resume_rig_have_heard(f);
    resume_rig_come_back(f);
    assert_string_equal(model_rig_sent(f),
                        "CHATHISTORY LATEST #tea timestamp=2026-11-22T08:59:59.999Z 100\n");
    (void)resume_rig_hear(f, ":s BATCH +b chathistory #tea");
    (void)resume_rig_hear(
        f, "@batch=b;time=2026-11-22T09:00:00.000Z;msgid=m1 :bob!b@h PRIVMSG #tea :one");
    assert_string_equal(resume_rig_hear(f, ":s BATCH -b"), "");
    assert_true(resume_is_idle(&f->model.resume));
}

static void what_is_gone_is_told(void **state)
{
    struct model_rig *f = *state;

    resume_rig_have_heard(f);
    resume_rig_come_back(f);
    (void)resume_rig_hear(f, ":s BATCH +b chathistory #tea");
    assert_string_equal(resume_rig_hear(f, ":s BATCH -b"),
                        "#tea if anything was said meanwhile, it is gone\n");
}

static const char *answer_page(struct model_rig *f, unsigned page, unsigned n)
{
    char line[256];

    (void)resume_rig_hear(f, ":s BATCH +p chathistory #tea");
    for (unsigned i = 0; i < n; i++) {
        struct buf b = buf_over(line, sizeof(line) - 1);

        buf_format(&b,
                   "@batch=p;time=2026-11-22T09:%02u:00.000Z;msgid=p%u-%u :bob!b@h PRIVMSG #tea "
                   ":%u",
                   59 - page, page, i, i);
        line[b.len] = '\0';
        (void)resume_rig_hear(f, line);
    }
    return resume_rig_hear(f, ":s BATCH -p");
}

/* The newest of them, and that there were more. */
static void whoever_missed_very_much_is_told_so(void **state)
{
    struct model_rig *f = *state;

    resume_rig_have_heard(f);
    resume_rig_come_back(f);
    for (unsigned page = 0; page < RESUME_PAGES - 1; page++) {
        (void)model_rig_sent(f);
        assert_string_equal(answer_page(f, page, 3), "");
        assert_non_null(strstr(model_rig_sent(f), "CHATHISTORY BETWEEN #tea msgid=p"));
    }
    assert_non_null(strstr(answer_page(f, RESUME_PAGES - 1, 3),
                           "#tea more than 30 messages you missed; the last 30:\n#tea bob: 0\n"));
    assert_string_equal(model_rig_sent(f), "");
}

/* One page less, and then none: the end. */
static void the_last_page_that_is_asked_for_may_be_the_end(void **state)
{
    struct model_rig *f = *state;

    resume_rig_have_heard(f);
    resume_rig_come_back(f);
    for (unsigned page = 0; page < RESUME_PAGES - 1; page++) {
        assert_string_equal(answer_page(f, page, 3), "");
    }
    assert_non_null(strstr(answer_page(f, RESUME_PAGES - 1, 0),
                           "#tea some messages are gone; 27 messages you missed:\n"));
}

static void what_is_said_meanwhile_waits_for_the_answer(void **state)
{
    struct model_rig *f = *state;

    resume_rig_have_heard(f);
    resume_rig_come_back(f);
    assert_string_equal(resume_rig_hear(f, "@msgid=m9 :bob!b@h PRIVMSG #tea :live"), "");
    assert_string_equal(resume_rig_hear(f, "@msgid=m8 :bob!b@h PRIVMSG #other :elsewhere"),
                        "#other bob: elsewhere\n");
    (void)resume_rig_hear(f, ":s BATCH +b chathistory #tea");
    (void)resume_rig_hear(
        f, "@batch=b;time=2026-11-22T09:00:00.000Z;msgid=m1 :bob!b@h PRIVMSG #tea :one");
    (void)resume_rig_hear(
        f, "@batch=b;time=2026-11-22T09:30:00.000Z;msgid=m2 :bob!b@h PRIVMSG #tea :two");
    assert_string_equal(resume_rig_hear(f, ":s BATCH -b"),
                        "#tea 1 message you missed:\n#tea bob: two\n#tea bob: live\n");
}

/* Lost again before it was told who had spoken in private: asked from the first loss on. */
static void private_words_are_asked_for_until_they_are_told(void **state)
{
    struct model_rig *f = *state;

    resume_rig_have_heard(f);
    for (int i = 0; i < 3; i++) {
        resume_rig_come_back(f);
        model_rig_hear(f, ":s PONG s :partyline-2");
        model_rig_hear(f, ":s PONG s :partyline-3");
        model_rig_hear(f, ":s PONG s :partyline-4");
        (void)resume_rig_hear(f, ":s BATCH +b chathistory #tea");
        (void)resume_rig_hear(
            f, "@batch=b;time=2026-11-22T09:00:00.000Z;msgid=m1 :bob!b@h PRIVMSG #tea :one");
        (void)model_rig_sent(f);
        (void)resume_rig_hear(f, ":s BATCH -b");
        assert_non_null(
            strstr(model_rig_sent(f), "CHATHISTORY TARGETS timestamp=2026-11-22T10:00:00.000Z "));
    }
    (void)resume_rig_hear(f, ":s BATCH +t draft/chathistory-targets");
    (void)resume_rig_hear(f, "@batch=t :s CHATHISTORY TARGETS bob 2026-11-22T10:03:00.000Z");
    (void)resume_rig_hear(f, ":s BATCH -t");
    assert_string_equal(model_rig_sent(f),
                        "CHATHISTORY LATEST bob timestamp=2026-11-22T10:00:00.000Z 100\n");
}

/* What waited when the connection ended was not shown, and is asked for again. */
static void a_second_loss_forgets_nothing(void **state)
{
    struct model_rig *f = *state;

    resume_rig_have_heard(f);
    resume_rig_come_back(f);
    (void)resume_rig_hear(f, "@time=2026-11-22T10:00:01.000Z;msgid=m9 :bob!b@h PRIVMSG #tea :live");
    (void)resume_rig_hear(f, ":s BATCH +b chathistory #tea");
    (void)resume_rig_hear(
        f, "@batch=b;time=2026-11-22T09:30:00.000Z;msgid=m2 :bob!b@h PRIVMSG #tea :two");
    (void)model_rig_sent(f);
    resume_rig_come_back(f);
    assert_string_equal(model_rig_sent(f),
                        "CHATHISTORY LATEST #tea timestamp=2026-11-22T08:59:59.999Z 100\n");
}

static void whoever_asks_for_too_much_is_told(void **state)
{
    struct model_rig *f = *state;

    resume_rig_have_heard(f);
    typed_line(&f->model, TEXT("/history 7"), MODEL_RIG_NOW, &f->event);
    assert_string_equal(model_rig_sent(f), "CHATHISTORY BEFORE #tea msgid=m1 7\n");
    for (size_t i = 0; i < PLACES_MAX; i++) {
        f->model.resume.places.rows[i].wish = PLACES_MISSED;
        f->model.resume.places.rows[i].name_len = 1;
    }
    model_set_target(&f->model, TEXT("somebody"));
    typed_line(&f->model, TEXT("/history"), MODEL_RIG_NOW, &f->event);
    assert_int_equal(f->event.kind, EVENT_ERROR);
    assert_string_equal(model_rig_sent(f), "");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, resume_rig_set_up, model_rig_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_new_room_is_asked_for_its_last_messages),
        TEST(nobody_who_wants_none_is_shown_the_past),
        TEST(a_server_without_history_is_not_asked),
        TEST(a_server_s_limits_are_kept),
        TEST(nothing_missed_is_nothing_to_tell),
        TEST(what_is_gone_is_told),
        TEST(whoever_missed_very_much_is_told_so),
        TEST(the_last_page_that_is_asked_for_may_be_the_end),
        TEST(what_is_said_meanwhile_waits_for_the_answer),
        TEST(private_words_are_asked_for_until_they_are_told),
        TEST(a_second_loss_forgets_nothing),
        TEST(whoever_asks_for_too_much_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
