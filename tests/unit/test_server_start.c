/* SPDX-License-Identifier: MIT */
/* app/server_start: a start over what a run left that died in the middle of something. What three
 * starts in a row did not survive is refused, and nothing else; a region that is damaged is handed
 * back. */
#include "support/start_rig.h"

/* ---- lines ---- */

static void a_line_that_killed_three_runs_is_refused_in_words_and_costs_nothing_else(void **state)
{
    struct rig *rig = *state;

    rig_say(rig, ANN, "poison\nantidote\n");
    for (int i = 0; i < SERVER_POISON_STARTS; i++) {
        assert_int_equal(rig_die_with(rig, IN_HAND_LINE, rig_wire(rig, ANN)->id,
                                      rig_wire(rig, ANN)->in.consumed),
                         0);
    }
    rig_settle(rig);
    assert_non_null(strstr(rig_hear(rig, BOB), "antidote"));
    assert_null(strstr(rig->heard, "poison"));
    assert_non_null(strstr(rig_hear(rig, ANN), "was refused"));
    rig_say(rig, ANN, "poison\n"); /* the same words elsewhere are another line */
    rig_say(rig, BOB, "hello\n");
    rig_settle(rig);
    assert_non_null(strstr(rig_hear(rig, BOB), "poison"));
    assert_non_null(strstr(rig_hear(rig, ANN), "hello"));
}

static void a_line_that_killed_two_runs_is_tried_again(void **state)
{
    struct rig *rig = *state;

    rig_say(rig, ANN, "bad luck\n");
    for (int i = 0; i < SERVER_POISON_STARTS - 1; i++) {
        assert_int_equal(rig_die_with(rig, IN_HAND_LINE, rig_wire(rig, ANN)->id,
                                      rig_wire(rig, ANN)->in.consumed),
                         0);
    }
    rig_settle(rig);
    assert_non_null(strstr(rig_hear(rig, BOB), "bad luck"));
}

static void a_line_in_hand_of_killed_runs_is_tried_more_often(void **state)
{
    struct rig *rig = *state;

    rig_say(rig, ANN, "bad luck\n");
    for (int i = 1; i <= SERVER_POISON_KILLS; i++) {
        state_set_in_hand(&rig->server.state, IN_HAND_LINE, rig_wire(rig, ANN)->id,
                          rig_wire(rig, ANN)->in.consumed);
        assert_int_equal(rig_try_start(rig, rig_die(rig)), 0);
        assert_int_equal(rig->server.poison.kind,
                         i < SERVER_POISON_KILLS ? IN_HAND_NOTHING : IN_HAND_LINE);
    }
}

/* A kill may come at any time: what moves on is no poison. */
static void deaths_at_different_places_of_one_connection_are_no_poison(void **state)
{
    struct rig *rig = *state;

    for (uint64_t i = 0; i < 3 * SERVER_POISON_STARTS; i++) {
        enum in_hand_kind kind = i % 2 ? IN_HAND_LINE : IN_HAND_FLUSH;

        rig_say(rig, ANN, "and on it goes\n");
        rig_settle(rig);
        assert_int_equal(rig_die_with(rig, kind, 1,
                                      kind == IN_HAND_LINE ? rig_wire(rig, ANN)->in.consumed
                                                           : rig_wire(rig, ANN)->out.produced),
                         0);
        rig_settle(rig);
        assert_int_equal(rig->server.poison.kind, IN_HAND_NOTHING);
        assert_non_null(strstr(rig_hear(rig, BOB), "and on it goes"));
    }
}

static void what_is_in_hand_says_how_far_it_had_come(void **state)
{
    struct rig *rig = *state;

    for (int i = 0; i < 3; i++) {
        uint64_t produced = rig_wire(rig, BOB)->out.produced;

        rig_say(rig, ANN, "words\n");
        rig->flush = (struct in_hand){ 0 };
        for (int rounds = 0; rounds < 20 && rig->flush.id != rig_wire(rig, BOB)->id; rounds++) {
            assert_int_equal(server_round(&rig->server, 2), 0);
        }
        assert_int_equal(rig->flush.offset, produced);
        rig_settle(rig);
        assert_true(rig_wire(rig, BOB)->out.produced > produced);
    }
}

static void nothing_is_in_hand_between_rounds(void **state)
{
    struct rig *rig = *state;

    for (int i = 0; i < 5; i++) {
        rig_say(rig, ANN, "words\n");
        assert_int_equal(server_round(&rig->server, 10), 0);
        assert_int_equal(rig->server.state.header->in_hand.kind, IN_HAND_NOTHING);
    }
}

/* ---- connections ---- */

static void a_connection_that_killed_three_runs_is_closed_and_the_others_stay(void **state)
{
    struct rig *rig = *state;

    for (int i = 0; i < SERVER_POISON_STARTS; i++) {
        assert_int_equal(rig_die_with(rig, IN_HAND_FLUSH, rig_wire(rig, ANN)->id,
                                      rig_wire(rig, ANN)->out.produced),
                         0);
    }
    rig_settle(rig);
    assert_null(rig_wire(rig, ANN));
    assert_int_equal(recv(rig->clients[ANN], rig->heard, 1, MSG_DONTWAIT), 0);
    assert_non_null(rig_wire(rig, BOB));
    rig_say(rig, BOB, "/help\n");
    rig_settle(rig);
    assert_string_not_equal(rig_hear(rig, BOB), "");
}

/* ---- regions ---- */

static void a_region_that_killed_three_starts_in_a_row_is_refused(void **state)
{
    struct rig *rig = *state;

    for (int i = 1; i < SERVER_POISON_STARTS; i++) {
        assert_int_equal(rig_die_with(rig, IN_HAND_START, 0, 0), 0);
    }
    assert_int_equal(rig_die_with(rig, IN_HAND_START, 0, 0), REGION_DAMAGED);
}

static void starts_that_died_long_ago_do_not_count(void **state)
{
    struct rig *rig = *state;

    for (int i = 0; i < 3 * SERVER_POISON_STARTS; i++) {
        assert_int_equal(rig_die_with(rig, IN_HAND_START, 0, 0), 0);
        rig_settle(rig);
        assert_int_equal(rig_die_with(rig, IN_HAND_NOTHING, 0, 0), 0);
    }
}

static void damage_is_looked_for_after_a_death_in_the_middle_of_something(void **state)
{
    struct rig *rig = *state;

    rig->server.state.region.rooms[1].n_members += 1;
    assert_int_equal(rig_die_with(rig, IN_HAND_LINE, 1, 0), REGION_DAMAGED);
}

static void damage_is_looked_for_after_a_death_in_a_transaction(void **state)
{
    struct rig *rig = *state;

    rig->server.state.region.rooms[1].n_members += 1;
    state_begin(&rig->server.state);
    state_edit_counters(&rig->server.state)->generation += 1;
    assert_int_equal(rig_try_start(rig, rig_die(rig)), REGION_DAMAGED);
}

static void a_journal_that_cannot_be_is_not_rolled_back(void **state)
{
    struct rig *rig = *state;
    struct region_header *header = rig->server.state.region.header;

    memset(header->journal, 0xff, JOURNAL_BYTES);
    header->journal_len = 640;
    assert_int_equal(rig_try_start(rig, rig_die(rig)), REGION_DAMAGED);
}

static void a_region_of_another_layout_is_handed_back(void **state)
{
    struct rig *rig = *state;

    rig->server.state.region.header->layout += 1;
    assert_int_equal(rig_try_start(rig, rig_die(rig)), REGION_UNKNOWN);
    assert_int_equal(rig_try_start(rig, -1), 0); /* and life goes on in a new one */
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_line_that_killed_three_runs_is_refused_in_words_and_costs_nothing_else),
        TEST(a_line_that_killed_two_runs_is_tried_again),
        TEST(a_line_in_hand_of_killed_runs_is_tried_more_often),
        TEST(deaths_at_different_places_of_one_connection_are_no_poison),
        TEST(what_is_in_hand_says_how_far_it_had_come),
        TEST(nothing_is_in_hand_between_rounds),
        TEST(a_connection_that_killed_three_runs_is_closed_and_the_others_stay),
        TEST(a_region_that_killed_three_starts_in_a_row_is_refused),
        TEST(starts_that_died_long_ago_do_not_count),
        TEST(damage_is_looked_for_after_a_death_in_the_middle_of_something),
        TEST(damage_is_looked_for_after_a_death_in_a_transaction),
        TEST(a_journal_that_cannot_be_is_not_rolled_back),
        TEST(a_region_of_another_layout_is_handed_back),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
