/* SPDX-License-Identifier: MIT */
/* client/resume with answers that are wrong, too much, of something else, or do not come. */
#include "support/resume_rig.h"

static void a_refusal_ends_the_waiting(void **state)
{
    struct model_rig *f = *state;

    resume_rig_have_heard(f);
    resume_rig_come_back(f);
    (void)resume_rig_hear(f, "@msgid=m9 :bob!b@h PRIVMSG #tea :live");
    assert_string_equal(resume_rig_hear(f, ":s FAIL CHATHISTORY INVALID_TARGET LATEST #tea :no"),
                        "#tea the server does not tell what was said here\n#tea bob: live\n");
    assert_string_equal(resume_rig_hear(f, ":s FAIL CHATHISTORY INVALID_TARGET LATEST #tea :no"),
                        "no\n");
}

static void silence_ends_the_waiting_too(void **state)
{
    struct model_rig *f = *state;

    resume_rig_have_heard(f);
    assert_int_equal(resume_deadline(&f->model.resume), 0);
    resume_rig_come_back(f);
    assert_int_equal(resume_deadline(&f->model.resume), MODEL_RIG_NOW + RESUME_PATIENCE_S);
    (void)resume_rig_hear(f, "@msgid=m9 :bob!b@h PRIVMSG #tea :live");
    resume_give_up(&f->model.resume);
    assert_string_equal(resume_rig_hear(f, ":s NOTICE ann :x"),
                        "s: x\n#tea the server does not answer what was said here\n"
                        "#tea bob: live\n");
    assert_int_equal(resume_deadline(&f->model.resume), 0);
    /* too late: nothing new */
    (void)resume_rig_hear(f, ":s BATCH +b chathistory #tea");
    assert_string_equal(resume_rig_hear(f, "@batch=b;msgid=m2 :bob!b@h PRIVMSG #tea :two"),
                        "past #tea bob: two\n");
    assert_string_equal(resume_rig_hear(f, ":s BATCH -b"), "");
    assert_string_equal(resume_rig_hear(f, "@batch=b;msgid=m3 :bob!b@h PRIVMSG #tea :three"),
                        "#tea bob: three\n");
}

static void what_waits_is_bounded(void **state)
{
    static char line[8192];
    struct model_rig *f = *state;
    size_t n = 0;

    memset(line, 'x', sizeof(line) - 1);
    memcpy(line, ":bob!b@h PRIVMSG #tea :", 23);
    resume_rig_have_heard(f);
    resume_rig_come_back(f);
    model_rig_hear(f, ":ann!a@host JOIN #two");
    while (resume_deadline(&f->model.resume) != 0) {
        memcpy(line, n % 2 == 0 ? ":bob!b@h PRIVMSG #tea :" : ":bob!b@h PRIVMSG #two :", 23);
        model_rig_hear(f, line);
        n++;
    }
    assert_int_equal(n, RESUME_HELD_MAX / sizeof(line) + 1);      /* in all, and one more */
    assert_true(heard_more(&f->model, MODEL_RIG_NOW, &f->event)); /* the words */
    while (heard_more(&f->model, MODEL_RIG_NOW, &f->event)) {
        n--;
    }
    assert_int_equal(n, 0);
}

static void no_more_rooms_are_asked_about_than_are_kept(void **state)
{
    struct model_rig *f = *state;
    unsigned n = 0;

    resume_rig_enter(f);
    for (unsigned i = 1; i < MODEL_ROOMS_MAX + 10; i++) {
        char line[64];
        struct buf b = buf_over(line, sizeof(line) - 1);

        buf_format(&b, ":ann!a@host JOIN #room%u", i);
        line[b.len] = '\0';
        model_rig_hear(f, line);
    }
    for (size_t i = 0; i < PLACES_MAX; i++) {
        n += f->model.resume.places.rows[i].wish != PLACES_NOTHING ? 1 : 0;
    }
    assert_int_equal(n, MODEL_ROOMS_MAX);
}

/* A refusal in the middle of an answer: what still comes of that belongs to nothing. */
static void a_batch_that_was_given_up_answers_nothing_else(void **state)
{
    struct model_rig *f = *state;

    resume_rig_enter(f);
    model_rig_hear(f, ":ann!a@host JOIN #two");
    (void)resume_rig_hear(f, ":s BATCH +a chathistory #tea");
    (void)resume_rig_hear(f, ":s FAIL CHATHISTORY X #tea :no");
    assert_string_equal(resume_rig_hear(f, "@batch=a;msgid=x :bob!b@h PRIVMSG #two :odd"),
                        "past #two bob: odd\n");
    assert_string_equal(resume_rig_hear(f, ":s BATCH -a"), "");
    (void)resume_rig_hear(f, ":s BATCH +b chathistory #two");
    (void)resume_rig_hear(f, "@batch=b;msgid=y :bob!b@h PRIVMSG #two :two");
    assert_string_equal(resume_rig_hear(f, ":s BATCH -b"),
                        "#two the last message:\npast #two bob: two\n");
}

static void what_is_found_meanwhile_is_not_held(void **state)
{
    struct model_rig *f = *state;

    resume_rig_have_heard(f);
    resume_rig_come_back(f);
    (void)resume_rig_hear(f, ":s BATCH +f soju.im/search");
    assert_non_null(
        strstr(resume_rig_hear(
                   f, "@batch=f;time=2020-01-01T00:00:00.000Z;msgid=o :bob!b@h PRIVMSG #tea :old"),
               "#tea <bob> old\n"));
    assert_non_null(strstr(resume_rig_hear(f, ":s BATCH -f"), "that was what was found"));
}

/* An answer is bounded as well: what is over is left out, the rest is shown. */
static void an_answer_is_bounded(void **state)
{
    static char line[8192];
    struct model_rig *f = *state;
    size_t n = 0;

    memset(line, 'x', sizeof(line) - 1);
    memcpy(line, "@batch=a :bob!b@h PRIVMSG #tea :", 32);
    resume_rig_enter(f);
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

    resume_rig_enter(f);
    (void)resume_rig_hear(f, ":s BATCH +x chathistory #other");
    assert_string_equal(resume_rig_hear(f, "@batch=x :bob!b@h PRIVMSG #other :old"),
                        "past #other bob: old\n");
    (void)resume_rig_hear(f, ":s BATCH -x");
    (void)resume_rig_hear(f, ":s BATCH +y netsplit a b");
    (void)resume_rig_hear(f, ":s BATCH -y");
    (void)resume_rig_hear(f, ":s BATCH +a chathistory #tea");
    (void)resume_rig_hear(f, "@batch=a :ann!a@host PART #tea");
    (void)resume_rig_hear(f, "@batch=a :bob!b@h NICK robert");
    (void)resume_rig_hear(f, "@batch=a :s 433 * ann :in use");
    (void)resume_rig_hear(f, "@batch=a :bob!b@h PRIVMSG #tea");
    assert_string_equal(resume_rig_hear(f, ":s BATCH -a"), "");
    assert_int_equal(f->model.n_rooms, 1);
    assert_true(resume_is_idle(&f->model.resume));
}

/* A longer reference than any server makes is nobody's answer; the question ends by patience. */
static void a_reference_has_a_limit(void **state)
{
    struct model_rig *f = *state;
    char line[160];

    for (unsigned len = RESUME_REF_MAX; len <= RESUME_REF_MAX + 1; len++) {
        struct buf b = buf_over(line, sizeof(line) - 1);

        resume_rig_enter(f);
        buf_format(&b, ":s BATCH +%0*u chathistory #tea", (int)len, 7);
        line[b.len] = '\0';
        (void)resume_rig_hear(f, line);
        assert_int_equal(f->model.resume.ref_len, len == RESUME_REF_MAX ? len : 0);
        resume_rig_come_back(f);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, resume_rig_set_up, model_rig_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_refusal_ends_the_waiting),
        TEST(silence_ends_the_waiting_too),
        TEST(what_waits_is_bounded),
        TEST(no_more_rooms_are_asked_about_than_are_kept),
        TEST(a_batch_that_was_given_up_answers_nothing_else),
        TEST(what_is_found_meanwhile_is_not_held),
        TEST(an_answer_is_bounded),
        TEST(other_batches_are_not_taken_for_the_answer),
        TEST(a_reference_has_a_limit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
