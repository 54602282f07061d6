/* SPDX-License-Identifier: MIT */
/* client/resume: what is asked, what waits, and what is made of answers that are wrong, too much,
 * or do not come. What it looks like is in screens/missed.screen. */
#include "support/model_rig.h"

static char shown[65536];

static void put_event(const struct event *event, struct buf *out)
{
    if (event->kind == EVENT_NONE) {
        return;
    }
    buf_format(out, "%s%.*s%s%.*s%s%.*s\n", event->is_past ? "past " : "", TEXT_ARG(event->room),
               event->room.len > 0 ? " " : "", TEXT_ARG(event->who), event->who.len > 0 ? ": " : "",
               TEXT_ARG(event->text));
}

/* What the user is shown of it. */
static const char *hear(struct model_rig *f, const char *line)
{
    struct buf b = buf_over(shown, sizeof(shown) - 1);

    model_rig_hear(f, line);
    put_event(&f->event, &b);
    while (heard_more(&f->model, MODEL_RIG_NOW, &f->event)) {
        put_event(&f->event, &b);
    }
    assert_false(b.full);
    shown[b.len] = '\0';
    return shown;
}

/* One room, and a server that tells what was said. */
static void enter(struct model_rig *f)
{
    model_rig_hear(f, ":s CAP * LS :batch message-tags server-time draft/chathistory");
    model_rig_hear(f, ":s CAP * ACK :batch message-tags server-time draft/chathistory");
    model_rig_hear(f, ":s 001 ann :welcome");
    (void)model_rig_sent(f);
    model_rig_hear(f, "@time=2026-11-22T10:00:00.000Z :ann!a@host JOIN #tea");
}

static void come_back(struct model_rig *f)
{
    model_restart(&f->model);
    model_start(&f->model);
    enter(f);
}

static int set_up(void **state)
{
    struct model_rig *f;

    if (model_rig_set_up(state) != 0) {
        return -1;
    }
    f = *state;
    f->model.config.keeps_state = true;
    f->model.config.n_history = 20;
    return 0;
}

/* In the room, with one message shown. */
static void have_heard(struct model_rig *f)
{
    enter(f);
    (void)hear(f, ":s BATCH +a chathistory #tea");
    (void)hear(f, "@batch=a;time=2026-11-22T09:00:00.000Z;msgid=m1 :bob!b@h PRIVMSG #tea :one");
    assert_string_equal(hear(f, ":s BATCH -a"), "#tea the last message:\npast #tea bob: one\n");
    (void)model_rig_sent(f);
}

static void a_new_room_is_asked_for_its_last_messages(void **state)
{
    struct model_rig *f = *state;

    enter(f);
    assert_string_equal(model_rig_sent(f), "CHATHISTORY LATEST #tea * 20\n");
    assert_string_equal(hear(f, ":s BATCH +a chathistory #tea"), "");
    assert_string_equal(hear(f, ":s BATCH -a"), "");
    assert_string_equal(model_rig_sent(f), "");
    assert_true(resume_is_idle(&f->model.resume));
}

static void nobody_who_wants_none_is_shown_the_past(void **state)
{
    struct model_rig *f = *state;

    f->model.config.n_history = 0;
    enter(f);
    assert_string_equal(model_rig_sent(f), "");
    /* but what is missed after that is, as of the moment of joining */
    come_back(f);
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
    (void)hear(f, ":s BATCH +a chathistory #tea");
    (void)hear(f, "@batch=a;time=2026-11-22T09:00:00.000Z;msgid=m1 :bob!b@h PRIVMSG #tea :one");
    (void)hear(f, ":s BATCH -a");
    assert_true(resume_earlier(&f->model.resume, TEXT("#tea"), 50));
    (void)hear(f, ":s NOTICE ann :x");
    assert_string_equal(model_rig_sent(f),
                        "CHATHISTORY BEFORE #tea timestamp=2026-11-22T09:00:00.000Z 7\n");
}

static void nothing_missed_is_nothing_to_tell(void **state)
{
    struct model_rig *f = *state;

    have_heard(f);
    come_back(f);
    assert_string_equal(model_rig_sent(f),
                        "CHATHISTORY LATEST #tea timestamp=2026-11-22T08:59:59.999Z 100\n");
    (void)hear(f, ":s BATCH +b chathistory #tea");
    (void)hear(f, "@batch=b;time=2026-11-22T09:00:00.000Z;msgid=m1 :bob!b@h PRIVMSG #tea :one");
    assert_string_equal(hear(f, ":s BATCH -b"), "");
    assert_true(resume_is_idle(&f->model.resume));
}

static void what_is_gone_is_told(void **state)
{
    struct model_rig *f = *state;

    have_heard(f);
    come_back(f);
    (void)hear(f, ":s BATCH +b chathistory #tea");
    assert_string_equal(hear(f, ":s BATCH -b"),
                        "#tea if anything was said meanwhile, it is gone\n");
}

static const char *answer_page(struct model_rig *f, unsigned page, unsigned n)
{
    char line[256];

    (void)hear(f, ":s BATCH +p chathistory #tea");
    for (unsigned i = 0; i < n; i++) {
        struct buf b = buf_over(line, sizeof(line) - 1);

        buf_format(&b,
                   "@batch=p;time=2026-11-22T09:%02u:00.000Z;msgid=p%u-%u :bob!b@h PRIVMSG #tea "
                   ":%u",
                   59 - page, page, i, i);
        line[b.len] = '\0';
        (void)hear(f, line);
    }
    return hear(f, ":s BATCH -p");
}

/* The newest of them, and that there were more. */
static void whoever_missed_very_much_is_told_so(void **state)
{
    struct model_rig *f = *state;

    have_heard(f);
    come_back(f);
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

    have_heard(f);
    come_back(f);
    for (unsigned page = 0; page < RESUME_PAGES - 1; page++) {
        assert_string_equal(answer_page(f, page, 3), "");
    }
    assert_non_null(strstr(answer_page(f, RESUME_PAGES - 1, 0),
                           "#tea some messages are gone; 27 messages you missed:\n"));
}

static void what_is_said_meanwhile_waits_for_the_answer(void **state)
{
    struct model_rig *f = *state;

    have_heard(f);
    come_back(f);
    assert_string_equal(hear(f, "@msgid=m9 :bob!b@h PRIVMSG #tea :live"), "");
    assert_string_equal(hear(f, "@msgid=m8 :bob!b@h PRIVMSG #other :elsewhere"),
                        "#other bob: elsewhere\n");
    (void)hear(f, ":s BATCH +b chathistory #tea");
    (void)hear(f, "@batch=b;time=2026-11-22T09:00:00.000Z;msgid=m1 :bob!b@h PRIVMSG #tea :one");
    (void)hear(f, "@batch=b;time=2026-11-22T09:30:00.000Z;msgid=m2 :bob!b@h PRIVMSG #tea :two");
    assert_string_equal(hear(f, ":s BATCH -b"),
                        "#tea 1 message you missed:\n#tea bob: two\n#tea bob: live\n");
}

static void a_refusal_ends_the_waiting(void **state)
{
    struct model_rig *f = *state;

    have_heard(f);
    come_back(f);
    (void)hear(f, "@msgid=m9 :bob!b@h PRIVMSG #tea :live");
    assert_string_equal(hear(f, ":s FAIL CHATHISTORY INVALID_TARGET LATEST #tea :no"),
                        "#tea the server does not tell what was said here\n#tea bob: live\n");
    assert_string_equal(hear(f, ":s FAIL CHATHISTORY INVALID_TARGET LATEST #tea :no"), "no\n");
}

static void silence_ends_the_waiting_too(void **state)
{
    struct model_rig *f = *state;

    have_heard(f);
    assert_int_equal(resume_deadline(&f->model.resume), 0);
    come_back(f);
    assert_int_equal(resume_deadline(&f->model.resume), MODEL_RIG_NOW + RESUME_PATIENCE_S);
    (void)hear(f, "@msgid=m9 :bob!b@h PRIVMSG #tea :live");
    resume_give_up(&f->model.resume);
    assert_string_equal(hear(f, ":s NOTICE ann :x"),
                        "s: x\n#tea the server does not answer what was said here\n"
                        "#tea bob: live\n");
    assert_int_equal(resume_deadline(&f->model.resume), 0);
    /* too late: nothing new */
    (void)hear(f, ":s BATCH +b chathistory #tea");
    assert_string_equal(hear(f, "@batch=b;msgid=m2 :bob!b@h PRIVMSG #tea :two"),
                        "past #tea bob: two\n");
    assert_string_equal(hear(f, ":s BATCH -b"), "");
    assert_string_equal(hear(f, "@batch=b;msgid=m3 :bob!b@h PRIVMSG #tea :three"),
                        "#tea bob: three\n");
}

static void what_waits_is_bounded(void **state)
{
    static char line[8192];
    struct model_rig *f = *state;
    size_t n = 0;

    memset(line, 'x', sizeof(line) - 1);
    memcpy(line, ":bob!b@h PRIVMSG #tea :", 23);
    have_heard(f);
    come_back(f);
    while (resume_deadline(&f->model.resume) != 0) {
        model_rig_hear(f, line);
        n++;
    }
    assert_int_equal(n, RESUME_BYTES_MAX / sizeof(line) + 1); /* the last one did not fit */
}

/* An answer is bounded as well: what is over is left out, the rest is shown. */
static void an_answer_is_bounded(void **state)
{
    static char line[8192];
    struct model_rig *f = *state;
    size_t n = 0;

    memset(line, 'x', sizeof(line) - 1);
    memcpy(line, "@batch=a :bob!b@h PRIVMSG #tea :", 32);
    enter(f);
    model_rig_hear(f, ":s BATCH +a chathistory #tea");
    for (size_t i = 0; i < 2 * (size_t)RESUME_BYTES_MAX / sizeof(line); i++) {
        model_rig_hear(f, line);
    }
    model_rig_hear(f, ":s BATCH -a");
    while (heard_more(&f->model, MODEL_RIG_NOW, &f->event)) {
        n += f->event.is_past ? 1 : 0;
    }
    assert_int_equal(n, RESUME_BYTES_MAX / sizeof(line));
}

/* Nobody asked, or for another room, or for something that would do more than be shown. */
static void other_batches_are_not_taken_for_the_answer(void **state)
{
    struct model_rig *f = *state;

    enter(f);
    (void)hear(f, ":s BATCH +x chathistory #other");
    assert_string_equal(hear(f, "@batch=x :bob!b@h PRIVMSG #other :old"), "past #other bob: old\n");
    (void)hear(f, ":s BATCH -x");
    (void)hear(f, ":s BATCH +y netsplit a b");
    (void)hear(f, ":s BATCH -y");
    (void)hear(f, ":s BATCH +a chathistory #tea");
    (void)hear(f, "@batch=a :ann!a@host PART #tea");
    (void)hear(f, "@batch=a :bob!b@h NICK robert");
    (void)hear(f, "@batch=a :s 433 * ann :in use");
    (void)hear(f, "@batch=a :bob!b@h PRIVMSG #tea");
    assert_string_equal(hear(f, ":s BATCH -a"), "");
    assert_int_equal(f->model.n_rooms, 1);
    assert_true(resume_is_idle(&f->model.resume));
}

/* What waited when the connection ended was not shown, and is asked for again. */
static void a_second_loss_forgets_nothing(void **state)
{
    struct model_rig *f = *state;

    have_heard(f);
    come_back(f);
    (void)hear(f, "@time=2026-11-22T10:00:01.000Z;msgid=m9 :bob!b@h PRIVMSG #tea :live");
    (void)hear(f, ":s BATCH +b chathistory #tea");
    (void)hear(f, "@batch=b;time=2026-11-22T09:30:00.000Z;msgid=m2 :bob!b@h PRIVMSG #tea :two");
    (void)model_rig_sent(f);
    come_back(f);
    assert_string_equal(model_rig_sent(f),
                        "CHATHISTORY LATEST #tea timestamp=2026-11-22T08:59:59.999Z 100\n");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, model_rig_tear_down)

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
        TEST(a_refusal_ends_the_waiting),
        TEST(silence_ends_the_waiting_too),
        TEST(what_waits_is_bounded),
        TEST(an_answer_is_bounded),
        TEST(other_batches_are_not_taken_for_the_answer),
        TEST(a_second_loss_forgets_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
