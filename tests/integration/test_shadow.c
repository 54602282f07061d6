/* SPDX-License-Identifier: MIT */
/* The shadow must be able to fail: changes to the region behind the journal's back are found, and
 * honest ones are not blamed. */
#include "support/rig.h"

#include <setjmp.h>
#include <string.h>

#include <cmocka.h>

enum { ROOM = 1 };

static int setup(void **state)
{
    struct rig *rig = rig_new();

    rig_start(rig);
    (void)rig_connect(rig, "ann", RIG_LINE);
    *state = rig;
    return 0;
}

static int teardown(void **state)
{
    rig_free(*state);
    return 0;
}

static void expect_blame(const struct rig *rig, const char *part)
{
    const char *wrong = shadow_check(&rig->crash.shadow);

    assert_non_null(wrong);
    assert_non_null(strstr(wrong, part));
}

static void a_journalled_change_is_not_blamed(void **test)
{
    struct rig *rig = *test;
    struct state *state = &rig->server.state;

    state_begin(state);
    state_edit_room(state, ROOM)->modes = 7;
    state_commit(state);
    assert_null(shadow_check(&rig->crash.shadow));
}

static void a_change_without_a_journal_entry_is_found_at_the_commit(void **test)
{
    struct rig *rig = *test;
    struct state *state = &rig->server.state;

    state_begin(state);
    state->region.rooms[ROOM].modes = 7; /* what const keeps everybody else from */
    state_commit(state);
    expect_blame(rig, "without a journal entry: rooms, row 1");
}

static void a_change_outside_any_transaction_is_found_at_the_next_commit(void **test)
{
    struct rig *rig = *test;
    struct state *state = &rig->server.state;

    state->region.people[1].caps = 7;
    state_begin(state);
    state_edit_room(state, ROOM)->modes = 7;
    state_commit(state);
    expect_blame(rig, "without a journal entry: people, row 1");
}

static void a_change_before_its_journal_entry_is_found(void **test)
{
    struct rig *rig = *test;
    struct state *state = &rig->server.state;

    state_begin(state);
    state->region.rooms[ROOM].modes = 7;
    state_edit_room(state, ROOM)->n_members += 0;
    state_commit(state);
    expect_blame(rig, "before it was saved");
}

static void overwriting_a_record_that_a_rollback_needs_is_found(void **test)
{
    struct rig *rig = *test;
    struct state *state = &rig->server.state;

    state_begin(state);
    tx_fresh(&state->tx, state->region.log + (state->header->log.head & 0xfff), 64);
    state_commit(state);
    expect_blame(rig, "a rollback would need");
}

static void an_incomplete_rollback_is_found_at_the_next_start(void **test)
{
    struct rig *rig = *test;

    rig->server.state.region.rooms[ROOM].modes = 7;
    rig_restart(rig);
    expect_blame(rig, "not rolled back: rooms, row 1");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_journalled_change_is_not_blamed, setup, teardown),
        cmocka_unit_test_setup_teardown(a_change_without_a_journal_entry_is_found_at_the_commit,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(
            a_change_outside_any_transaction_is_found_at_the_next_commit, setup, teardown),
        cmocka_unit_test_setup_teardown(a_change_before_its_journal_entry_is_found, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(overwriting_a_record_that_a_rollback_needs_is_found, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(an_incomplete_rollback_is_found_at_the_next_start, setup,
                                        teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
