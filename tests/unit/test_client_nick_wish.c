/* SPDX-License-Identifier: MIT */
/* client/nick_wish: the nickname that somebody else had when we came is taken when it is free,
 * once, and only while the user wants it. */
#include "support/model_rig.h"

#include "nick_wish.h"
#include "typed.h"

/* In, as ann_, on a server that says `support` about itself. */
static void enter_as_another(struct model_rig *f, const char *support)
{
    (void)model_rig_sent(f);
    model_rig_hear(f, ":s 433 * ann :Nickname is already in use");
    model_rig_hear(f, ":s 001 ann_ :welcome");
    model_rig_hear(f, support);
    model_rig_hear(f, ":ann_!a@host JOIN #lobby");
    (void)model_rig_sent(f);
    model_rig_hear(f, ":s PONG s :partyline-1");
    assert_int_equal(f->model.state, MODEL_READY);
}

static void type(struct model_rig *f, const char *line)
{
    typed_line(&f->model, text_of(line), MODEL_RIG_NOW, &f->event);
}

static void a_server_with_monitor_tells_when_it_is_free(void **state)
{
    struct model_rig *f = *state;

    enter_as_another(f, ":s 005 ann_ MONITOR=100 :are supported");
    assert_string_equal(model_rig_sent(f), "MONITOR + ann\n");
    model_rig_hear(f, ":s 730 ann_ :ann!a@host");
    assert_int_equal(f->event.kind, EVENT_NONE);
    assert_string_equal(model_rig_sent(f), "");
    assert_int_equal(nick_wish_deadline(&f->model), 0);
    model_rig_hear(f, ":s 731 ann_ :ann");
    assert_int_equal(f->event.kind, EVENT_NONE);
    assert_string_equal(model_rig_sent(f), "NICK ann\n");
    model_rig_hear(f, ":ann_!a@host NICK :ann");
    assert_int_equal(f->event.kind, EVENT_NICK);
    assert_true(f->event.is_own);
    assert_string_equal(model_rig_sent(f), "MONITOR - ann\n");
    model_rig_assert_text(model_nick(&f->model), "ann");
    model_rig_hear(f, ":s 731 ann :ann");
    assert_string_equal(model_rig_sent(f), "");
}

static void elsewhere_its_going_is_heard(void **state)
{
    static const char *const goings[] = { ":ann!a@h QUIT :Ping timeout", ":ANN!a@h NICK :bob" };

    for (size_t i = 0; i < ARRAY_SIZE(goings); i++) {
        struct model_rig *f = *state;

        model_rig_begin(f, false, "ann");
        enter_as_another(f, ":s 005 ann_ NICKLEN=9 :are supported");
        assert_string_equal(model_rig_sent(f), "");
        model_rig_hear(f, ":bob!b@h QUIT :bye");
        model_rig_hear(f, "@batch=h :ann!a@h QUIT :long ago");
        assert_string_equal(model_rig_sent(f), "");
        model_rig_hear(f, goings[i]);
        assert_int_not_equal(f->event.kind, EVENT_NONE);
        assert_string_equal(model_rig_sent(f), "NICK ann\n");
        model_rig_hear(f, goings[i]); /* one try at a time */
        assert_string_equal(model_rig_sent(f), "");
    }
}

/* It asks at `at_s` and not a second before. */
static void assert_asks_at(struct model_rig *f, time_t at_s)
{
    assert_int_equal(nick_wish_deadline(&f->model), at_s);
    nick_wish_check(&f->model, at_s - 1);
    assert_string_equal(model_rig_sent(f), "");
    nick_wish_check(&f->model, at_s);
    assert_string_equal(model_rig_sent(f), "ISON ann\n");
}

static void elsewhere_it_is_asked_for_now_and_then(void **state)
{
    struct model_rig *f = *state;

    enter_as_another(f, ":s 005 ann_ NICKLEN=9 :are supported");
    nick_wish_check(&f->model, MODEL_RIG_NOW);
    assert_asks_at(f, MODEL_RIG_NOW + NICK_WISH_ASK_S);
    model_rig_hear(f, ":s 303 ann_ :bob Ann");
    assert_int_equal(f->event.kind, EVENT_NONE);
    assert_string_equal(model_rig_sent(f), "");
    model_rig_hear(f, ":s 303 ann_ :bob"); /* of a question of the user's own */
    assert_int_equal(f->event.kind, EVENT_INFO);
    assert_string_equal(model_rig_sent(f), "");
    assert_asks_at(f, MODEL_RIG_NOW + 2 * NICK_WISH_ASK_S);
    model_rig_hear(f, ":s 303 ann_ :");
    assert_string_equal(model_rig_sent(f), "NICK ann\n");
}

static void a_clock_that_is_set_back_makes_it_wait_no_longer(void **state)
{
    struct model_rig *f = *state;

    enter_as_another(f, ":s 005 ann_ NICKLEN=9 :are supported");
    nick_wish_check(&f->model, 1000000);
    nick_wish_check(&f->model, MODEL_RIG_NOW);
    assert_asks_at(f, MODEL_RIG_NOW + NICK_WISH_ASK_S);
}

/* Services may keep a nickname for a while. */
static void what_is_refused_is_tried_again_less_and_less_often(void **state)
{
    struct model_rig *f = *state;
    time_t now = MODEL_RIG_NOW;

    enter_as_another(f, ":s 005 ann_ MONITOR=100 :are supported");
    model_rig_hear(f, ":s 731 ann_ :ann");
    for (unsigned i = 1; i < 10; i++) {
        unsigned doublings = i < NICK_WISH_DOUBLINGS ? i : NICK_WISH_DOUBLINGS;

        (void)model_rig_sent(f);
        model_rig_hear(f, ":s 437 ann_ ann :Nick is temporarily unavailable");
        assert_int_equal(f->event.kind, EVENT_NONE);
        assert_false(f->model.has_refused);
        nick_wish_check(&f->model, now);
        now += NICK_WISH_ASK_S << doublings;
        assert_asks_at(f, now);
        model_rig_hear(f, ":s 303 ann_ :");
        assert_string_equal(model_rig_sent(f), "NICK ann\n");
    }
}

static void a_full_list_leaves_asking(void **state)
{
    struct model_rig *f = *state;

    enter_as_another(f, ":s 005 ann_ MONITOR=100 :are supported");
    (void)model_rig_sent(f);
    model_rig_hear(f, ":s 734 ann_ 100 bob :Monitor list is full.");
    assert_int_equal(f->event.kind, EVENT_INFO);
    model_rig_hear(f, ":s 734 ann_ 100 ann :Monitor list is full.");
    assert_int_equal(f->event.kind, EVENT_NONE);
    nick_wish_check(&f->model, MODEL_RIG_NOW);
    assert_asks_at(f, MODEL_RIG_NOW + NICK_WISH_ASK_S);
}

static void who_else_is_watched_is_told(void **state)
{
    struct model_rig *f = *state;

    enter_as_another(f, ":s 005 ann_ MONITOR :are supported");
    (void)model_rig_sent(f);
    model_rig_hear(f, ":s 731 ann_ :bob");
    assert_int_equal(f->event.kind, EVENT_INFO);
    assert_string_equal(model_rig_sent(f), "");
    model_rig_hear(f, ":s 731 ann_ :bob,ann");
    assert_int_equal(f->event.kind, EVENT_INFO);
    assert_string_equal(model_rig_sent(f), "NICK ann\n");
}

static void whoever_chooses_another_does_not_want_it_back(void **state)
{
    struct model_rig *f = *state;

    enter_as_another(f, ":s 005 ann_ MONITOR=100 :are supported");
    (void)model_rig_sent(f);
    type(f, "/nick anna");
    assert_string_equal(model_rig_sent(f), "MONITOR - ann\nNICK anna\n");
    model_rig_hear(f, ":ann_!a@host NICK anna");
    model_rig_hear(f, ":s 731 anna :ann");
    model_rig_hear(f, ":ann!a@h QUIT :bye");
    nick_wish_check(&f->model, MODEL_RIG_NOW);
    assert_int_equal(nick_wish_deadline(&f->model), 0);
    assert_string_equal(model_rig_sent(f), "");
    model_restart(&f->model);
    model_start(&f->model);
    assert_string_equal(model_rig_sent(f), "CAP LS 302\nNICK anna\nUSER partyline 0 * :ann\n");
}

static void a_name_that_others_give_is_kept(void **state)
{
    struct model_rig *f = *state;

    enter_as_another(f, ":s 005 ann_ NICKLEN=9 :are supported");
    model_rig_hear(f, ":ann_!a@host NICK guest7");
    model_rig_hear(f, ":ann!a@h QUIT :bye");
    assert_string_equal(model_rig_sent(f), "");
    model_restart(&f->model);
    model_start(&f->model);
    assert_string_equal(model_rig_sent(f), "CAP LS 302\nNICK guest7\nUSER partyline 0 * :ann\n");
}

static void a_choice_that_is_refused_is_told_and_forgotten(void **state)
{
    struct model_rig *f = *state;

    model_rig_enter(f);
    type(f, "/nick bob");
    model_rig_hear(f, ":s 433 ann bob :Nickname is already in use");
    assert_int_equal(f->event.kind, EVENT_ERROR);
    (void)model_rig_sent(f);
    model_rig_hear(f, ":bob!b@h QUIT :bye");
    model_restart(&f->model);
    model_start(&f->model);
    assert_string_equal(model_rig_sent(f), "CAP LS 302\nNICK ann\nUSER partyline 0 * :ann\n");
}

static void the_next_connection_begins_with_it(void **state)
{
    struct model_rig *f = *state;

    enter_as_another(f, ":s 005 ann_ MONITOR=100 :are supported");
    (void)model_rig_sent(f);
    model_restart(&f->model);
    model_start(&f->model);
    assert_string_equal(model_rig_sent(f), "CAP LS 302\nNICK ann\nUSER partyline 0 * :ann\n");
    model_rig_hear(f, ":s 001 ann :welcome");
    model_rig_assert_text(f->event.text, "you are ann");
    model_rig_hear(f, ":s PONG s :partyline-2");
    assert_null(strstr(model_rig_sent(f), "MONITOR"));
}

static void what_the_server_does_not_take_is_not_wanted(void **state)
{
    struct model_rig *f = *state;

    model_rig_begin(f, false, "a_long_nickname");
    (void)model_rig_sent(f);
    model_rig_hear(f, ":s 432 * a_long_nickname :Erroneous nickname");
    assert_string_equal(model_rig_sent(f), "NICK a_long_ni\n");
    model_rig_hear(f, ":s 433 * a_long_ni :Nickname is already in use");
    assert_string_equal(model_rig_sent(f), "NICK a_long_n_\n");
    model_rig_hear(f, ":s 001 a_long_n_ :welcome");
    model_rig_assert_text(f->event.text, "you are a_long_n_ until a_long_ni is free");
    model_rig_hear(f, ":s PONG s :partyline-1");
    (void)model_rig_sent(f);
    model_rig_hear(f, ":a_long_ni!a@h QUIT");
    assert_string_equal(model_rig_sent(f), "NICK a_long_ni\n");
}

static void a_program_keeps_the_name_it_has(void **state)
{
    struct model_rig *f = *state;

    model_rig_begin(f, true, "ann");
    enter_as_another(f, ":s 005 ann_ MONITOR=100 :are supported");
    model_rig_hear(f, ":ann!a@h QUIT");
    nick_wish_check(&f->model, MODEL_RIG_NOW);
    assert_int_equal(nick_wish_deadline(&f->model), 0);
    assert_string_equal(model_rig_sent(f), "");
}

static void nothing_odd_is_believed(void **state)
{
    static const char *const lines[] = {
        ":s 303",        ":s 303 ann_",       ":s 730 ann_",
        ":s 731 ann_ :", ":s 731 ann_ :,,!,", ":s 734 ann_ 100",
        ":s 433 ann_",   ":ann NICK",         "QUIT",
        ":!@ QUIT",      ":s 731 ann_ :annX",
    };
    struct model_rig *f = *state;

    enter_as_another(f, ":s 005 ann_ MONITOR=100 :are supported");
    (void)model_rig_sent(f);
    for (size_t i = 0; i < ARRAY_SIZE(lines); i++) {
        model_rig_hear(f, lines[i]);
        assert_string_equal(model_rig_sent(f), "");
    }
}

#define wish_test(name) cmocka_unit_test_setup_teardown(name, model_rig_set_up, model_rig_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        wish_test(a_server_with_monitor_tells_when_it_is_free),
        wish_test(elsewhere_its_going_is_heard),
        wish_test(elsewhere_it_is_asked_for_now_and_then),
        wish_test(a_clock_that_is_set_back_makes_it_wait_no_longer),
        wish_test(what_is_refused_is_tried_again_less_and_less_often),
        wish_test(a_full_list_leaves_asking),
        wish_test(who_else_is_watched_is_told),
        wish_test(whoever_chooses_another_does_not_want_it_back),
        wish_test(a_name_that_others_give_is_kept),
        wish_test(a_choice_that_is_refused_is_told_and_forgotten),
        wish_test(the_next_connection_begins_with_it),
        wish_test(what_the_server_does_not_take_is_not_wanted),
        wish_test(a_program_keeps_the_name_it_has),
        wish_test(nothing_odd_is_believed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
