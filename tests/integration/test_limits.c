/* SPDX-License-Identifier: MIT */
/* What anybody can make grow has an end, which is told in words and costs nobody else anything:
 * connections, pages, the log, rooms. */
#include "support/rig.h"

#include <setjmp.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum {
    FEW = 3,
    HALF_TYPED = 12,
    LOG_LEAST = 65536, /* a few of the largest transactions */
    LONG_LINES = 200,
    ROOMS_EACH = 60,
    PATIENCE_S = 120,
    MANY = PAGES_KEPT_WARM + 36,
};

static int setup(void **state)
{
    *state = rig_new();
    return 0;
}

static int teardown(void **state)
{
    rig_free(*state);
    return 0;
}

static struct peer *connect_one(struct rig *rig, unsigned number, enum rig_door door)
{
    char name[PEER_NAME_SIZE];
    struct peer *peer;

    (void)snprintf(name, sizeof(name), "p%u", number);
    peer = rig_connect(rig, name, door);
    return peer;
}

/* ---- connections ---- */

static void one_connection_too_many_is_told_so_and_closed_cleanly(void **state)
{
    struct rig *rig = *state;
    struct peer *extra;

    rig->config.limits.connections = FEW;
    rig_start(rig);
    for (unsigned i = 0; i < FEW; i++) {
        (void)connect_one(rig, i, RIG_LINE);
    }
    extra = connect_one(rig, FEW, RIG_LINE);
    peer_expect_line(extra, "-- goodbye: the server is full*");
    peer_expect_eof(extra);
    extra = connect_one(rig, FEW + 1, RIG_IRC);
    peer_expect_line(extra, "ERROR :Closing link: the server is full");
    peer_expect_eof(extra);
}

static void a_place_that_becomes_free_is_given_to_the_next(void **state)
{
    struct rig *rig = *state;
    struct peer *first, *next;

    rig->config.limits.connections = 1;
    rig_start(rig);
    first = connect_one(rig, 1, RIG_LINE);
    peer_close(first);
    rig_settle(rig);
    next = connect_one(rig, 2, RIG_LINE);
    peer_expect_line(next, "-- welcome*");
}

static void one_address_gets_its_share_and_no_more(void **state)
{
    struct rig *rig = *state;
    struct peer *extra;

    rig->config.limits.connections_per_address = FEW;
    rig_start(rig);
    for (unsigned i = 0; i < FEW; i++) {
        (void)connect_one(rig, i, RIG_LINE);
    }
    extra = connect_one(rig, FEW, RIG_LINE);
    peer_expect_line(extra, "-- goodbye: too many connections from your address*");
    peer_expect_eof(extra);
    extra = connect_one(rig, FEW + 1, RIG_UNIX); /* no address */
    peer_expect_line(extra, "-- welcome*");
}

static void those_turned_away_are_forgotten(void **state)
{
    struct rig *rig = *state;

    rig->config.limits.connections_per_address = 1;
    rig_start(rig);
    (void)connect_one(rig, 0, RIG_LINE);
    for (unsigned i = 1; i < 3 * SERVER_SPARE_ROWS; i++) {
        struct peer *peer = connect_one(rig, i, RIG_LINE);

        peer_expect_line(peer, "-- goodbye*");
        peer_close(peer);
    }
    rig_settle(rig);
    assert_int_equal(rig->server.n_sessions, 1);
}

/* ---- pages ---- */

static void unfinished_lines_do_not_keep_others_from_speaking_for_ever(void **state)
{
    struct rig *rig = *state;
    struct peer *ann, *bob;

    rig->config.limits.pages = 8;
    rig_start(rig);
    ann = connect_one(rig, 100, RIG_LINE);
    bob = connect_one(rig, 101, RIG_LINE);
    for (unsigned i = 0; i < HALF_TYPED; i++) {
        peer_send(connect_one(rig, i, RIG_LINE), "half", 4);
    }
    rig_settle(rig);
    peer_skip(bob);
    peer_say(ann, "can you hear me?");
    rig_advance(rig, PATIENCE_S * 1000);
    assert_int_equal(peer_count_lines(bob, "can you hear me?"), 1);
}

static void unfinished_lines_are_heard_when_they_end(void **state)
{
    struct rig *rig = *state;
    struct peer *bob;

    rig->config.limits.pages = 8;
    rig_start(rig);
    bob = connect_one(rig, 101, RIG_LINE);
    for (unsigned i = 0; i < HALF_TYPED; i++) {
        peer_send(connect_one(rig, i, RIG_LINE), "half", 4);
    }
    rig_settle(rig);
    for (struct peer *peer = rig->peers; peer != NULL; peer = peer->next) {
        if (peer != bob) {
            peer_send(peer, " a line\n", 8);
        }
    }
    rig_settle(rig);
    assert_int_equal(peer_count_lines(bob, "half a line"), HALF_TYPED);
    assert_int_equal(rig->server.state.pages.n_lent[PAGE_INPUT], 0);
}

/* ---- the log ---- */

static void a_log_of_the_least_size_serves_everybody_who_reads(void **state)
{
    struct rig *rig = *state;
    struct peer *ann, *bob;
    char line[4001];

    rig->config.limits.log_bytes = LOG_LEAST;
    rig->config.limits.lines_per_second = 0;
    rig_start(rig);
    ann = connect_one(rig, 1, RIG_LINE);
    bob = connect_one(rig, 2, RIG_LINE);
    memset(line, 'x', sizeof(line) - 1);
    line[sizeof(line) - 1] = '\0';
    for (int i = 0; i < LONG_LINES; i++) { /* all at once: the rounds must bound themselves */
        peer_say(ann, "%s", line);
    }
    rig_settle(rig);
    assert_int_equal(peer_count_lines(bob, "<guest1> xxx"), LONG_LINES);
    assert_null(state_check(&rig->server.state));
}

/* ---- rooms ---- */

/* The largest transactions there are: they must fit the journal. */
static void a_person_can_quit_all_rooms_at_once(void **state)
{
    struct rig *rig = *state;
    struct peer *ann, *bob;
    char topic[381];

    rig->config.limits.rooms = ROOMS_EACH + 4;
    rig->config.limits.rooms_per_person = ROOMS_EACH + 1;
    rig->config.limits.lines_per_second = 0;
    rig_start(rig);
    ann = connect_one(rig, 1, RIG_LINE);
    bob = connect_one(rig, 2, RIG_LINE);
    memset(topic, 't', sizeof(topic) - 1);
    topic[sizeof(topic) - 1] = '\0';
    for (int i = 0; i < ROOMS_EACH; i++) {
        peer_say(ann, "/join #room%d", i);
        peer_say(ann, "/topic %s", topic);
    }
    rig_settle(rig);
    peer_skip(bob);
    peer_say(ann, "/quit that was a lot");
    rig_settle(rig);
    peer_close(ann);
    rig_settle(rig);
    peer_expect_line(bob, "* guest1 has quit (that was a lot)");
    assert_null(state_check(&rig->server.state));
    assert_int_equal(table_used(&rig->server.state.free_rooms), 1);
    assert_int_equal(table_used(&rig->server.state.free_cells), 0);
}

static struct peer *register_one(struct rig *rig, const char *nick)
{
    struct peer *peer = rig_connect(rig, nick, RIG_IRC);

    peer_say(peer, "NICK %s\r\nUSER u 0 * :U", nick);
    rig_settle(rig);
    return peer;
}

static void irc_clients_are_told_the_limits_of_now(void **state)
{
    struct rig *rig = *state;

    rig->config.limits.rooms_per_person = FEW;
    rig_start(rig);
    assert_int_equal(peer_count_lines(register_one(rig, "ann"), " CHANLIMIT=#:3 "), 1);
    assert_int_equal(peer_count_lines(register_one(rig, "bob"), " CHANLIMIT=#:3 "), 1);
    rig->config.limits.rooms_per_person = FEW + 1;
    server_apply_config(&rig->server);
    assert_int_equal(peer_count_lines(register_one(rig, "cat"), " CHANLIMIT=#:4 "), 1);
    assert_int_equal(peer_count_lines(register_one(rig, "dan"), " 005 dan "), 3);
}

/* A page each would be given memory, and have it taken away again. */
static void many_who_are_answered_in_one_round_share_the_warm_pages(void **state)
{
    struct rig *rig = *state;
    struct peer *peers[MANY];
    const struct pages *pages = &rig->server.state.pages;

    rig->config.limits.connections = MANY;
    rig->config.limits.connections_per_address = MANY;
    rig->config.limits.pages = 2 * MANY;
    rig_start(rig);
    for (unsigned i = 0; i < MANY; i++) {
        peers[i] = connect_one(rig, i, RIG_LINE);
    }
    rig_advance(rig, 1000); /* all have heard of all */
    for (unsigned i = 0; i < MANY; i++) {
        peer_skip(peers[i]);
        peer_say(peers[i], "/help nick");
    }
    rig_settle(rig);
    for (unsigned i = 0; i < MANY; i++) {
        peer_expect_line(peers[i], "*/nick NAME*");
    }
    assert_true(pages->n_warmed <= PAGES_KEPT_WARM);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(one_connection_too_many_is_told_so_and_closed_cleanly,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(a_place_that_becomes_free_is_given_to_the_next, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(one_address_gets_its_share_and_no_more, setup, teardown),
        cmocka_unit_test_setup_teardown(those_turned_away_are_forgotten, setup, teardown),
        cmocka_unit_test_setup_teardown(unfinished_lines_do_not_keep_others_from_speaking_for_ever,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(unfinished_lines_are_heard_when_they_end, setup, teardown),
        cmocka_unit_test_setup_teardown(a_log_of_the_least_size_serves_everybody_who_reads, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_person_can_quit_all_rooms_at_once, setup, teardown),
        cmocka_unit_test_setup_teardown(many_who_are_answered_in_one_round_share_the_warm_pages,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(irc_clients_are_told_the_limits_of_now, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
