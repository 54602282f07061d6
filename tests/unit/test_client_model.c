/* SPDX-License-Identifier: MIT */
/* client/model with heard: what a server says, and what we answer. */
#include "support/model_rig.h"

#include "lib/irc.h"

#include <stdio.h>

static void pings_are_answered_with_their_token(void **state)
{
    struct model_rig *f = *state;

    model_rig_enter(f);
    model_rig_hear(f, "PING :a b");
    model_rig_hear(f, ":s PING token");
    model_rig_hear(f, "PING");
    assert_string_equal(model_rig_sent(f), "PONG :a b\nPONG :token\n");
}

static void messages_become_events(void **state)
{
    struct model_rig *f = *state;

    model_rig_enter(f);
    model_rig_hear(f, ":bob!b@h PRIVMSG #LOBBY :hi there");
    assert_int_equal(f->event.kind, EVENT_MESSAGE);
    assert_false(f->event.is_elsewhere || f->event.is_own);
    model_rig_assert_text(f->event.who, "bob");
    model_rig_assert_text(f->event.text, "hi there");
    assert_int_equal(f->event.at, MODEL_RIG_NOW);
    model_rig_hear(f, "@time=1970-01-02T00:00:07.123Z :bob!b@h PRIVMSG #two :hi");
    assert_true(f->event.is_elsewhere);
    assert_int_equal(f->event.at, 24 * 3600 + 7);
    model_rig_hear(f, "@time=nonsense :bob!b@h NOTICE ann :psst");
    assert_int_equal(f->event.kind, EVENT_NOTICE);
    model_rig_assert_text(f->event.whom, "ann");
    assert_int_equal(f->event.at, MODEL_RIG_NOW);
    model_rig_hear(f, ":bob!b@h PRIVMSG #lobby :\001ACTION waves\001");
    assert_int_equal(f->event.kind, EVENT_ACTION);
    model_rig_assert_text(f->event.text, "waves");
    model_rig_hear(f, ":bob!b@h PRIVMSG ann :\001VERSION\001");
    model_rig_assert_text(f->event.text, "bob asks your client: VERSION");
    assert_string_equal(model_rig_sent(f), "");
}

/* With echo-message the server sends it twice, with the same id. */
static void what_one_says_to_oneself_is_shown_once(void **state)
{
    struct model_rig *f = *state;

    model_rig_enter(f);
    model_rig_hear(f, "@msgid=7 :ann!a@h PRIVMSG ann :hello me");
    assert_int_equal(f->event.kind, EVENT_MESSAGE);
    model_rig_hear(f, "@msgid=7 :ann!a@h PRIVMSG ann :hello me");
    assert_int_equal(f->event.kind, EVENT_NONE);
    model_rig_hear(f, "@msgid=7 :ann!a@h PRIVMSG #lobby :hello all"); /* never, but no harm */
    assert_int_equal(f->event.kind, EVENT_MESSAGE);
    model_rig_hear(f, "@msgid=8 :ann!a@h PRIVMSG ann :again");
    assert_int_equal(f->event.kind, EVENT_MESSAGE);
    model_rig_hear(f, ":ann!a@h PRIVMSG ann :without an id");
    model_rig_hear(f, ":ann!a@h PRIVMSG ann :without an id");
    assert_int_equal(f->event.kind, EVENT_MESSAGE);
}

static void missing_parameters_and_nonsense_make_no_event(void **state)
{
    static const char *const lines[] = {
        "",
        "   ",
        ":",
        "@a",
        ":bob!b@h PRIVMSG",
        ":bob!b@h PRIVMSG #lobby",
        ":bob JOIN",
        "KICK #x",
        ":s 353 ann",
        ":s 332",
        ":s 366 ann #lobby :end",
        "PONG",
    };

    for (size_t i = 0; i < ARRAY_SIZE(lines); i++) {
        model_rig_enter(*state);
        model_rig_hear(*state, lines[i]);
        assert_int_equal(((struct model_rig *)*state)->event.kind, EVENT_NONE);
        model_rig_begin(*state, false, "ann");
    }
}

static void rooms_and_nick_follow_what_the_server_says(void **state)
{
    struct model_rig *f = *state;

    model_rig_enter(f);
    model_rig_hear(f, ":bob!b@h JOIN #three");
    assert_int_equal(f->model.n_rooms, 2);
    model_rig_hear(f, ":ann!a@host JOIN #three");
    model_rig_assert_text(model_room(&f->model), "#three");
    model_rig_hear(f, ":bob!b@h KICK #three ann :out");
    assert_int_equal(f->event.kind, EVENT_KICK);
    model_rig_assert_text(model_room(&f->model), "#lobby");
    model_rig_hear(f, ":ann!a@host NICK anna");
    assert_true(f->event.is_own);
    model_rig_assert_text(model_nick(&f->model), "anna");
    model_rig_hear(f, ":anna!a@host PART #lobby");
    model_rig_assert_text(model_room(&f->model), "#two");
    model_rig_hear(f, ":anna!a@host PART #two :bye");
    model_rig_assert_text(model_room(&f->model), "");
}

static void rooms_at_the_limit_are_kept_and_one_past_it_is_not(void **state)
{
    struct model_rig *f = *state;

    model_rig_enter(f);
    for (int i = 0; i < MODEL_ROOMS_MAX + 1; i++) {
        char line[64];

        (void)snprintf(line, sizeof(line), ":ann!a@host JOIN #n%d", i);
        model_rig_hear(f, line);
    }
    assert_int_equal(f->model.n_rooms, MODEL_ROOMS_MAX);
}

static void errors_are_shown_and_remembered(void **state)
{
    struct model_rig *f = *state;

    model_rig_enter(f);
    model_rig_hear(f, ":s 404 ann #lobby :Cannot send");
    assert_int_equal(f->event.kind, EVENT_ERROR);
    model_rig_assert_text(f->event.text, "#lobby: Cannot send");
    assert_true(f->model.has_refused);
    model_rig_hear(f, ":s 322 ann #lobby 3 :tea");
    model_rig_assert_text(f->event.text, "#lobby  (3)  tea");
}

static void the_port_of_netcat_is_told_from_that_of_irc(void **state)
{
    struct model_rig *f = *state;

    model_rig_begin(f, false, "ann");
    model_rig_hear(f, "-- welcome to partyline! you are guest7");
    assert_int_equal(f->model.state, MODEL_REFUSED);
    assert_non_null(strstr(f->model.refusal, "nc and telnet"));
}

static void once_we_are_in_no_such_line_ends_it(void **state)
{
    struct model_rig *f = *state;

    model_rig_enter(f);
    model_rig_hear(f, "-- welcome to partyline!");
    assert_int_equal(f->model.state, MODEL_READY);
}

static void goodbye_is_said_when_everything_has_arrived(void **state)
{
    struct model_rig *f = *state;

    model_rig_enter(f);
    model_leave(&f->model, TEXT("tea time"));
    assert_string_equal(model_rig_sent(f), "PING :partyline-2\n");
    model_rig_hear(f, ":s PONG s :partyline-1");
    model_rig_hear(f, ":s PONG s :other");
    assert_int_equal(f->model.state, MODEL_LEAVING);
    model_rig_hear(f, ":s PONG s :partyline-2");
    assert_string_equal(model_rig_sent(f), "QUIT :tea time\n");
    model_rig_hear(f, "ERROR :Closing Link");
    assert_int_equal(f->model.state, MODEL_LEFT);
}

static void paced_input_stops_at_the_window_until_the_proof_comes(void **state)
{
    struct model_rig *f = *state;

    model_rig_begin(f, true, "ann");
    model_rig_enter(f);
    for (int i = 0; i < MODEL_WINDOW; i++) {
        assert_true(model_is_open(&f->model));
        model_say(&f->model, TEXT("#lobby"), TEXT("x"), false);
    }
    assert_false(model_is_open(&f->model));
    assert_non_null(strstr(model_rig_sent(f), "PING :partyline-2\n"));
    model_rig_hear(f, ":s PONG s :partyline-2");
    assert_true(model_is_open(&f->model));
}

static void paced_input_without_any_room_is_refused(void **state)
{
    struct model_rig *f = *state;

    model_rig_begin(f, true, "ann");
    model_rig_hear(f, ":s 001 ann :welcome");
    model_rig_hear(f, ":s 473 ann #lobby :invite only");
    model_rig_hear(f, ":s 473 ann #two :invite only");
    model_rig_hear(f, ":s PONG s :partyline-1");
    assert_string_equal(f->model.refusal, "no room could be joined");
}

static void long_text_is_split_so_that_every_receiver_gets_all_of_it(void **state)
{
    struct model_rig *f = *state;
    static const char prefix[] = "PRIVMSG #lobby :";
    /* ":ann!a@host PRIVMSG #lobby :" takes 28 of the 510 bytes */
    static const size_t max = 510 - 28;
    char text[1024];

    model_rig_enter(f);
    memset(text, 'x', sizeof(text));
    model_say(&f->model, TEXT("#lobby"), (struct text){ .at = text, .len = max }, false);
    assert_int_equal(strlen(model_rig_sent(f)), strlen(prefix) + max + 1);
    model_say(&f->model, TEXT("#lobby"), (struct text){ .at = text, .len = max + 1 }, false);
    assert_int_equal(strlen(model_rig_sent(f)), 2 * (strlen(prefix) + 1) + max + 1);
    text[max - 10] = ' ';
    model_say(&f->model, TEXT("#lobby"), (struct text){ .at = text, .len = max + 1 }, false);
    assert_int_equal(strchr(model_rig_sent(f), '\n') - f->sent, strlen(prefix) + max - 10);
    assert_int_equal(strlen(f->sent), 2 * (strlen(prefix) + 1) + max);
}

static void no_line_carries_another(void **state)
{
    struct model_rig *f = *state;
    char text[2000];

    model_rig_enter(f);
    model_send(&f->model, "NICK %s", "a\r\nQUIT");
    assert_string_equal(model_rig_sent(f), "NICK a  QUIT\n");
    memset(text, 'x', sizeof(text) - 1);
    text[sizeof(text) - 1] = '\0';
    model_send(&f->model, "%s", text);
    assert_int_equal(strlen(model_rig_sent(f)), IRC_LINE_MAX + 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, model_rig_set_up, model_rig_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(pings_are_answered_with_their_token),
        TEST(what_one_says_to_oneself_is_shown_once),
        TEST(messages_become_events),
        TEST(missing_parameters_and_nonsense_make_no_event),
        TEST(rooms_and_nick_follow_what_the_server_says),
        TEST(rooms_at_the_limit_are_kept_and_one_past_it_is_not),
        TEST(errors_are_shown_and_remembered),
        TEST(the_port_of_netcat_is_told_from_that_of_irc),
        TEST(once_we_are_in_no_such_line_ends_it),
        TEST(goodbye_is_said_when_everything_has_arrived),
        TEST(paced_input_stops_at_the_window_until_the_proof_comes),
        TEST(paced_input_without_any_room_is_refused),
        TEST(long_text_is_split_so_that_every_receiver_gets_all_of_it),
        TEST(no_line_carries_another),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
