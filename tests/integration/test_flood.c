/* SPDX-License-Identifier: MIT */
/* Who says too much at once waits, and is neither cut off nor cut short; and a PING in it is
 * answered at once, as far as 16 KiB are read ahead: wherever they lie in the page, however they
 * are cut, whatever is around them. */
#include "support/rig.h"

#include <setjmp.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum {
    RATE = 10,
    BURST = 60,
    PASTED = 300,
    STEP_MS = 1000 / RATE,
    FEW = 3, /* the burst where a test needs a flood soon */
};

static int setup(void **state)
{
    *state = rig_new();
    return 0;
}

static int teardown(void **state)
{
    struct rig *rig = *state;

    assert_null(state_check(&rig->server.state));
    rig_free(rig);
    return 0;
}

/* In steps that give no more than a token each: a bucket that fills at a blow is a flood's end. */
static void pass(struct rig *rig, uint64_t ms)
{
    for (; ms > 0; ms -= STEP_MS) {
        rig_advance(rig, STEP_MS);
    }
}

static struct peer *enter(struct rig *rig, const char *nick)
{
    struct peer *peer = rig_connect(rig, nick, RIG_IRC);

    peer_say(peer, "NICK %s\r\nUSER u 0 * :U\r\nJOIN #a", nick);
    pass(rig, 10000); /* the bucket is full again */
    peer_skip(peer);
    return peer;
}

/* Has said so much that its next line waits. */
static struct peer *enter_and_flood(struct rig *rig, struct peer **out_bob)
{
    struct peer *ann;

    rig->config.limits.lines_per_second = RATE;
    rig->config.limits.line_burst = FEW;
    rig_start(rig);
    *out_bob = enter(rig, "bob");
    ann = enter(rig, "ann");
    for (int i = 0; i <= FEW; i++) {
        peer_say(ann, "PRIVMSG #a :flood");
    }
    rig_settle(rig);
    peer_skip(*out_bob);
    peer_expect_line(ann, ":partyline NOTICE ann :more than 10 lines a second: yours are delayed*");
    return ann;
}

static void expect_pong(struct rig *rig, struct peer *peer, const char *token)
{
    char wanted[64];

    rig_settle(rig);
    (void)snprintf(wanted, sizeof(wanted), ":partyline PONG partyline :%s", token);
    peer_expect_line(peer, wanted);
}

static void say_ping(struct peer *peer, int n)
{
    peer_say(peer, "PING :%d", n);
}

static void expect_pong_number(struct rig *rig, struct peer *peer, int n)
{
    char token[16];

    (void)snprintf(token, sizeof(token), "%d", n);
    expect_pong(rig, peer, token);
}

/* ---- a pasted buffer ---- */

static void expect_pasted(struct peer *bob, int *n_heard)
{
    struct text line;

    while (peer_next_line(bob, &line)) {
        char wanted[64];

        (void)snprintf(wanted, sizeof(wanted), ":ann!*PRIVMSG #a :line %d of a long text",
                       *n_heard);
        assert_true(peer_matches(line, text_of(wanted)));
        (*n_heard)++;
    }
}

static void a_pasted_buffer_arrives_whole_and_pings_do_not_wait_for_it(void **state)
{
    struct rig *rig = *state;
    struct peer *ann, *bob;
    int n_heard = 0, n_pings = 0;

    rig_start(rig);
    bob = enter(rig, "bob");
    ann = enter(rig, "ann");
    peer_skip(bob);
    for (int i = 0; i < PASTED; i++) {
        peer_say(ann, "PRIVMSG #a :line %d of a long text", i);
    }
    say_ping(ann, n_pings);
    rig_settle(rig);
    expect_pasted(bob, &n_heard);
    assert_int_equal(n_heard, BURST);
    peer_expect_line(ann, ":partyline NOTICE ann :more than *");
    expect_pong_number(rig, ann, n_pings);
    for (int s = 1; n_heard < PASTED; s++) {
        say_ping(ann, ++n_pings);
        expect_pong_number(rig, ann, n_pings);
        pass(rig, 1000);
        expect_pasted(bob, &n_heard);
        /* The PINGs cost little. */
        assert_in_range(n_heard, BURST + (RATE - 1) * s - 1, BURST + RATE * s);
        assert_true(s < PASTED / (RATE - 1));
    }
    pass(rig, 10000);
    assert_int_equal(n_heard, PASTED);
    peer_expect_nothing(ann); /* told once, and no PONG twice */
    peer_expect_nothing(bob);
}

static void what_is_sent_at_the_limit_is_not_delayed_and_one_more_is(void **state)
{
    struct rig *rig = *state;
    struct peer *ann, *bob;

    rig_start(rig);
    bob = enter(rig, "bob");
    ann = enter(rig, "ann");
    peer_skip(bob);
    for (int i = 0; i < BURST; i++) {
        peer_say(ann, "PRIVMSG #a :x");
    }
    rig_settle(rig);
    assert_int_equal(peer_count_lines(bob, "PRIVMSG"), BURST);
    peer_expect_nothing(ann);
    peer_say(ann, "PRIVMSG #a :x");
    rig_settle(rig);
    peer_expect_line(ann, ":partyline NOTICE ann :more than *");
    peer_expect_nothing(bob);
    rig_advance(rig, 1000 / RATE - 1);
    peer_expect_nothing(bob);
    rig_advance(rig, 1);
    assert_int_equal(peer_count_lines(bob, "PRIVMSG"), 1);
}

/* ---- where a PING may lie ---- */

/* The page is a ring: PINGs at every offset of it, its seam among them. */
static void a_ping_is_answered_wherever_it_lies_in_the_page(void **state)
{
    struct rig *rig = *state;
    struct peer *bob, *ann = enter_and_flood(rig, &bob);

    for (int i = 0; i < 200; i++) {
        peer_say(ann, "PRIVMSG #a :%0*d", 200 + i % 7, i);
        say_ping(ann, i);
        expect_pong_number(rig, ann, i);
        pass(rig, 200);
    }
    pass(rig, 10000);
    assert_int_equal(peer_count_lines(bob, "PRIVMSG"), 201);
    peer_expect_nothing(ann);
    assert_true(rig->server.state.wires[ann->row].in.read > 2 * PAGE_SIZE_BYTES);
}

static void a_ping_is_answered_when_its_last_byte_has_come(void **state)
{
    static const char line[] = "@a=b PING :7\r";
    struct rig *rig = *state;
    struct peer *bob, *ann = enter_and_flood(rig, &bob);

    for (size_t i = 0; i < sizeof(line) - 1; i++) {
        peer_expect_nothing(ann);
        peer_send(ann, line + i, 1);
        rig_settle(rig);
    }
    expect_pong(rig, ann, "7");
    peer_send(ann, "\nPING :8\n", 9);
    expect_pong(rig, ann, "8");
    pass(rig, 10000);
    peer_expect_nothing(ann);
}

/* 417 in its turn, and neither its head nor its tail is taken for a line. */
static void a_line_that_is_too_long_hides_no_ping_and_is_none(void **state)
{
    static char filler[9000];
    struct rig *rig = *state;
    struct peer *bob, *ann = enter_and_flood(rig, &bob);

    memset(filler, 'x', sizeof(filler));
    for (int i = 0; i < FEW; i++) {
        peer_say(ann, "PRIVMSG #a :more");
    }
    peer_send(ann, "PING :", 6);
    peer_send(ann, filler, sizeof(filler));
    rig_settle(rig);
    pass(rig, STEP_MS); /* the look ahead begins anew, in the midst of it */
    peer_send(ann, "PING :tail", 10);
    rig_settle(rig);
    peer_expect_nothing(ann);
    peer_send(ann, "\r\nPING :behind\r\n", 16);
    expect_pong(rig, ann, "behind");
    peer_expect_nothing(ann);
    pass(rig, 10000);
    peer_expect_line(ann, ":partyline 417 ann *");
    peer_expect_nothing(ann);
}

/* ---- limits ---- */

/* A PING behind a full page has its turn as the page empties, long before that of the lines in it.
 */
static void a_ping_behind_a_full_page_is_answered_as_soon_as_it_is_read(void **state)
{
    enum { LINE = 256 };
    struct rig *rig = *state;
    struct peer *bob, *ann = enter_and_flood(rig, &bob);
    char line[LINE + 1];

    (void)snprintf(line, sizeof(line), "PRIVMSG #a :%0*d\r\n", LINE - 14, 0);
    for (int i = 0; i < PAGE_SIZE_BYTES / LINE; i++) {
        peer_send(ann, line, LINE);
    }
    peer_say(ann, "PING :later");
    rig_settle(rig);
    assert_int_equal(session_wire(rig_session(rig, ann))->in.read -
                         session_wire(rig_session(rig, ann))->in.consumed,
                     PAGE_SIZE_BYTES);
    peer_expect_nothing(ann);
    pass(rig, 200);
    expect_pong(rig, ann, "later");
    pass(rig, 10000);
    peer_expect_nothing(ann);
    assert_int_equal(peer_count_lines(bob, "PRIVMSG"), 1 + PAGE_SIZE_BYTES / LINE);
}

/* More answers than a page has room for, to somebody who does not read them at first. */
static void pings_without_room_for_their_answers_wait_and_are_answered_once(void **state)
{
    enum { PINGS = 3000 };
    struct rig *rig = *state;
    struct peer *bob, *ann;
    uint64_t n_lines;

    rig->receive_buffer = 8192;
    ann = enter_and_flood(rig, &bob);
    ann->is_stopped = true;
    for (int i = 0; i < PINGS; i++) {
        say_ping(ann, i);
    }
    n_lines = rig->server.counts.n_lines;
    pass(rig, 5000); /* they are work, too: each costs a tenth of a token */
    assert_in_range(rig->server.counts.n_lines - n_lines, 1, 10 * (FEW + 5 * RATE));
    ann->is_stopped = false;
    pass(rig, 60000);
    for (int i = 0; i < PINGS; i++) {
        expect_pong_number(rig, ann, i);
    }
    peer_expect_nothing(ann);
}

static void a_line_that_costs_more_than_the_burst_waits_for_all_of_it(void **state)
{
    struct rig *rig = *state;
    struct peer *ann;

    rig->config.limits.lines_per_second = RATE;
    rig->config.limits.line_burst = 1;
    rig_start(rig);
    ann = enter(rig, "ann");
    peer_say(ann, "LIST");
    peer_say(ann, "LIST");
    rig_settle(rig);
    assert_int_equal(peer_count_lines(ann, " 323 "), 1);
    rig_advance(rig, 1000 / RATE - 1);
    assert_int_equal(peer_count_lines(ann, " 323 "), 0);
    rig_advance(rig, 1);
    assert_int_equal(peer_count_lines(ann, " 323 "), 1);
}

static void a_limit_that_is_lifted_lets_the_delayed_go_on(void **state)
{
    struct rig *rig = *state;
    struct peer *bob, *ann = enter_and_flood(rig, &bob);

    peer_say(ann, "PRIVMSG #a :last");
    rig->config.limits.lines_per_second = 0;
    pass(rig, 1000);
    peer_expect_line(bob, "*PRIVMSG #a :flood");
    peer_expect_line(bob, "*PRIVMSG #a :last");
    peer_expect_nothing(ann);
}

/* ---- ends ---- */

static void what_waits_is_said_and_answered_when_the_peer_has_said_its_last(void **state)
{
    struct rig *rig = *state;
    struct peer *bob, *ann = enter_and_flood(rig, &bob);

    peer_say(ann, "PING :1");
    peer_say(ann, "PRIVMSG #a :last but one");
    peer_send(ann, "PING :2", 7); /* without an end it is a line, but in its turn */
    peer_half_close(ann);
    expect_pong(rig, ann, "1");
    peer_expect_nothing(ann);
    pass(rig, 1000);
    expect_pong(rig, ann, "2");
    peer_expect_line(bob, "*PRIVMSG #a :flood");
    peer_expect_line(bob, "*PRIVMSG #a :last but one");
    peer_expect_line(bob, ":ann!*QUIT*");
}

static void the_daemon_dies_between_a_ping_and_its_turn(void **state)
{
    struct rig *rig = *state;
    struct peer *bob, *ann = enter_and_flood(rig, &bob);

    peer_say(ann, "PING :1");
    peer_say(ann, "PRIVMSG #a :x");
    expect_pong(rig, ann, "1");
    rig_restart(rig);
    peer_say(ann, "PING :2");
    expect_pong(rig, ann, "2");
    pass(rig, 10000);
    peer_expect_nothing(ann);
    assert_int_equal(peer_count_lines(bob, "PRIVMSG"), 2);
}

/* What killed the daemon ahead of its turn is refused in its turn, and not tried before. */
static void a_ping_that_kills_is_not_tried_ahead_again(void **state)
{
    struct rig *rig = *state;
    struct peer *bob, *ann = enter_and_flood(rig, &bob);
    const struct wire *wire = session_wire(rig_session(rig, ann));

    rig->server.poison =
        (struct in_hand){ .kind = IN_HAND_LINE, .id = wire->id, .offset = wire->in.read };
    peer_say(ann, "PING :poison");
    peer_say(ann, "PING :next");
    rig_settle(rig);
    peer_expect_nothing(ann);
    pass(rig, 1000);
    peer_expect_line(ann, "*your last line made the server fail*");
    peer_expect_line(ann, "*PONG partyline :next");
    peer_expect_nothing(ann);
}

#define FLOOD_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        FLOOD_TEST(a_pasted_buffer_arrives_whole_and_pings_do_not_wait_for_it),
        FLOOD_TEST(what_is_sent_at_the_limit_is_not_delayed_and_one_more_is),
        FLOOD_TEST(a_ping_is_answered_wherever_it_lies_in_the_page),
        FLOOD_TEST(a_ping_is_answered_when_its_last_byte_has_come),
        FLOOD_TEST(a_line_that_is_too_long_hides_no_ping_and_is_none),
        FLOOD_TEST(a_ping_behind_a_full_page_is_answered_as_soon_as_it_is_read),
        FLOOD_TEST(pings_without_room_for_their_answers_wait_and_are_answered_once),
        FLOOD_TEST(a_line_that_costs_more_than_the_burst_waits_for_all_of_it),
        FLOOD_TEST(a_limit_that_is_lifted_lets_the_delayed_go_on),
        FLOOD_TEST(what_waits_is_said_and_answered_when_the_peer_has_said_its_last),
        FLOOD_TEST(the_daemon_dies_between_a_ping_and_its_turn),
        FLOOD_TEST(a_ping_that_kills_is_not_tried_ahead_again),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
