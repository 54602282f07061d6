/* SPDX-License-Identifier: MIT */
/* client/registration: getting in, with servers of every age, or learning why not. */
#include "support/model_rig.h"

static void it_registers_with_a_server_that_ignores_capabilities(void **state)
{
    struct model_rig *f = *state;

    assert_string_equal(model_rig_sent(f), "CAP LS 302\nNICK ann\nUSER partyline 0 * :ann\n");
    model_rig_hear(f, ":s 421 * CAP :Unknown command");
    assert_int_equal(f->event.kind, EVENT_NONE);
    model_rig_hear(f, ":s 001 Ann :welcome");
    assert_string_equal(model_rig_sent(f), "JOIN #lobby\nJOIN #two\nPING :partyline-1\n");
    model_rig_assert_text(model_nick(&f->model), "Ann");
    model_rig_hear(f, ":ann!a@host JOIN :#lobby");
    assert_false(model_is_open(&f->model));
    model_rig_hear(f, ":s PONG s :partyline-1");
    assert_true(model_is_open(&f->model));
    model_rig_assert_text(model_room(&f->model), "#lobby");
}

static void it_asks_only_for_capabilities_that_are_offered(void **state)
{
    static const struct {
        const char *lines[3];
        const char *sent;
    } rows[] = {
        { { ":s CAP * LS :" }, "CAP END\n" },
        { { ":s CAP * LS :sasl=PLAIN x/batch" }, "CAP END\n" },
        { { ":s CAP * LS :server-time" }, "CAP REQ :server-time\n" },
        { { ":s CAP * LS :echo-message=1" }, "CAP REQ :echo-message\n" },
        { { ":s CAP * LS * :echo-message", ":s CAP * LS :server-time x" },
          "CAP REQ :server-time echo-message\n" },
        { { ":s CAP * NAK :server-time" }, "CAP END\n" },
        { { ":s CAP * ACK :server-time" }, "CAP END\n" },
        { { ":s CAP" }, "" },
    };

    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        model_rig_begin(*state, false, "ann");
        (void)model_rig_sent(*state);
        for (size_t k = 0; k < 3 && rows[i].lines[k] != NULL; k++) {
            model_rig_hear(*state, rows[i].lines[k]);
        }
        assert_string_equal(model_rig_sent(*state), rows[i].sent);
    }
}

static void whoever_shows_the_members_asks_for_more(void **state)
{
    struct model_rig *f = *state;

    f->model.config.keeps_state = true;
    (void)model_rig_sent(f);
    model_rig_hear(f, ":s CAP * LS * :away-notify setname sasl=PLAIN batch echo-message");
    model_rig_hear(f, ":s CAP * LS :multi-prefix server-time chghost message-tags x/y=z");
    assert_string_equal(model_rig_sent(f), "CAP REQ :server-time echo-message message-tags "
                                           "multi-prefix away-notify chghost setname batch\n");
    model_rig_hear(f, ":s CAP * ACK :server-time echo-message message-tags");
    assert_true(f->model.has_echo);
    model_rig_hear(f, ":s CAP ann DEL :echo-message");
    assert_false(f->model.has_echo);
    model_rig_hear(f, ":s CAP * ACK :labeled-response draft/chathistory");
    assert_true(f->model.has_labels && f->model.has_history);
    model_rig_hear(f, ":s CAP ann DEL :labeled-response draft/chathistory");
    assert_false(f->model.has_labels || f->model.has_history);
}

static void a_taken_nick_gets_underscores_until_none_is_free(void **state)
{
    struct model_rig *f = *state;

    (void)model_rig_sent(f);
    model_rig_hear(f, ":s 433 * ann :in use");
    model_rig_assert_text(f->event.text, "the nickname ann is taken, trying ann_");
    model_rig_hear(f, ":s 433 * ann_ :in use");
    assert_string_equal(model_rig_sent(f), "NICK ann_\nNICK ann__\n");
    for (int i = 0; i < 6; i++) {
        model_rig_hear(f, ":s 433 * x :in use");
        assert_int_equal(f->model.state, MODEL_REGISTERING);
    }
    model_rig_hear(f, ":s 433 * x :in use");
    assert_int_equal(f->model.state, MODEL_REFUSED);
    assert_string_equal(f->model.refusal, "in use");
}

static void a_nick_too_long_is_cut_once_and_then_refused(void **state)
{
    struct model_rig *f = *state;

    model_rig_begin(f, false, "annabellalee");
    (void)model_rig_sent(f);
    model_rig_hear(f, ":s 432 * annabellalee :too long");
    model_rig_hear(f, ":s 433 * annabella :in use");
    assert_string_equal(model_rig_sent(f), "NICK annabella\nNICK annabell_\n");
    model_rig_hear(f, ":s 432 * annabell_ :bad");
    assert_string_equal(f->model.refusal, "bad");
}

static void refusals_end_the_model_with_the_first_reason(void **state)
{
    static const char *const lines[] = { ":s 465 ann :go \x1B[31maway", "ERROR :go [31maway" };

    for (size_t i = 0; i < ARRAY_SIZE(lines); i++) {
        struct model_rig *f = *state;

        model_rig_begin(f, false, "ann");
        model_rig_hear(f, lines[i]);
        model_rig_hear(f, "ERROR :Closing Link");
        assert_int_equal(f->model.state, MODEL_REFUSED);
        assert_string_equal(f->model.refusal, "go [31maway");
    }
}

static void leaving_before_the_welcome_does_not_wait(void **state)
{
    struct model_rig *f = *state;

    (void)model_rig_sent(f);
    model_leave(&f->model, TEXT_NONE);
    assert_string_equal(model_rig_sent(f), "QUIT\n");
    assert_int_equal(f->model.state, MODEL_LEFT);
}

static void nicks_are_made_of_anything(void **state)
{
    static const struct {
        const char *wish, *nick;
    } rows[] = {
        { "ann", "ann" },
        { "john.doe", "john_doe" },
        { "1st", "_1st" },
        { "-x", "_-x" },
        { "j\xC3\xBCrgen", "jrgen" },
        { "", "guest" },
        { "\xC3\xBC", "guest" },
        { "a b", "a_b" },
        { "[x]{|}^`\\", "[x]{|}^`\\" },
        { "aaaaaaaaaabbbbbbbbbbccccccccccd", "aaaaaaaaaabbbbbbbbbbcccccccccc" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        char bytes[64];
        struct buf b = buf_over(bytes, sizeof(bytes));

        model_nick_from(text_of(rows[i].wish), &b);
        model_rig_assert_text(buf_text(&b), rows[i].nick);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, model_rig_set_up, model_rig_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(it_registers_with_a_server_that_ignores_capabilities),
        TEST(it_asks_only_for_capabilities_that_are_offered),
        TEST(whoever_shows_the_members_asks_for_more),
        TEST(a_taken_nick_gets_underscores_until_none_is_free),
        TEST(a_nick_too_long_is_cut_once_and_then_refused),
        TEST(refusals_end_the_model_with_the_first_reason),
        TEST(leaving_before_the_welcome_does_not_wait),
        TEST(nicks_are_made_of_anything),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
