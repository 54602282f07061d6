/* SPDX-License-Identifier: MIT */
/* state/tx: whatever moment a process dies at, the next start finds all of a transaction or nothing
 * of it. */
#include "support/state_rig.h"

#include <signal.h>
#include <sys/wait.h>

static int setup(void **state)
{
    static struct state_rig rig;

    state_rig_init(&rig);
    *state = &rig;
    return 0;
}

static int teardown(void **state)
{
    state_rig_fini(*state);
    return 0;
}

static void what_is_committed_is_there_after_a_crash(void **state)
{
    struct state_rig *rig = *state;

    state_begin(&rig->state);
    state_edit_person(&rig->state, 3)->caps = 5;
    state_commit(&rig->state);
    state_rig_restart(rig);
    assert_false(rig->state.was_open);
    assert_int_equal(rig->state.people[3].caps, 5);
}

static void what_is_not_committed_is_gone_after_a_crash(void **state)
{
    struct state_rig *rig = *state;

    state_begin(&rig->state);
    state_edit_person(&rig->state, 3)->caps = 5;
    state_edit_room(&rig->state, 2)->modes = 6;
    state_rig_restart(rig);
    assert_true(rig->state.was_open);
    assert_int_equal(rig->state.people[3].caps, 0);
    assert_int_equal(rig->state.rooms[2].modes, 0);
    state_rig_restart(rig);
    assert_false(rig->state.was_open);
}

/* Saved twice, the older bytes win, since entries are undone last to first. */
static void an_object_edited_twice_goes_back_to_its_first_value(void **state)
{
    struct state_rig *rig = *state;

    state_begin(&rig->state);
    state_edit_person(&rig->state, 3)->caps = 1;
    state_commit(&rig->state);
    state_begin(&rig->state);
    state_edit_person(&rig->state, 3)->caps = 2;
    state_edit_wire(&rig->state, 3)->flags = 9;
    state_edit_person(&rig->state, 3)->caps = 3;
    state_rig_restart(rig);
    assert_int_equal(rig->state.people[3].caps, 1);
    assert_int_equal(rig->state.wires[3].flags, 0);
}

static void overlapping_edits_are_undone_too(void **state)
{
    struct state_rig *rig = *state;

    state_begin(&rig->state);
    state_edit_input(&rig->state, 3)->consumed = 7;
    state_edit_wire(&rig->state, 3)->in.consumed = 8;
    state_edit_output(&rig->state, 3)->produced = 9;
    state_rig_restart(rig);
    assert_int_equal(rig->state.wires[3].in.consumed, 0);
    assert_int_equal(rig->state.wires[3].out.produced, 0);
}

/* Lengths that are no multiple of 8 are padded in the journal, not in the object. */
static void bytes_beside_an_edited_object_are_left_alone_by_the_undo(void **state)
{
    struct state_rig *rig = *state;
    char *bytes = rig->state.region.cells[1].bytes; /* 6 behind a boundary: take the next one */

    bytes += 2;
    memcpy(bytes, "abcdefgh", 8);
    for (size_t len = 1; len <= 8; len++) {
        state_begin(&rig->state);
        memcpy(tx_edit(&rig->state.tx, bytes, len), "XXXXXXXX", len);
        memcpy(bytes + 8, "after", 5);
        state_rig_restart(rig);
        bytes = rig->state.region.cells[1].bytes + 2;
        assert_memory_equal(bytes, "abcdefghafter", 13);
    }
}

static void plain_stores_are_true_at_once(void **state)
{
    struct state_rig *rig = *state;

    state_begin(&rig->state);
    tx_store_u64(&rig->state.tx, &rig->state.wires[3].heard_ms, 77);
    tx_store_u32(&rig->state.tx, &rig->state.wires[3].in.page, 4);
    state_edit_person(&rig->state, 3)->caps = 5;
    state_rig_restart(rig);
    assert_int_equal(rig->state.wires[3].heard_ms, 77);
    assert_int_equal(rig->state.wires[3].in.page, 4);
    assert_int_equal(rig->state.people[3].caps, 0);
}

/* ---- dying anywhere ---- */

/* One of each: rows taken and freed, texts, records that give up old ones. */
static void live(struct state_rig *rig)
{
    struct state *state = &rig->state;
    uint32_t owners[3];
    uint32_t a = state_rig_wire(rig);

    owners[0] = state_rig_room(rig);
    owners[1] = state_rig_room(rig);
    owners[2] = a | LINK_BOX;
    state_begin(state);
    state_set_text(state, &state_edit_person(state, a)->user, TEXT("a name of some length"));
    state_commit(state);
    for (size_t i = 0; i < 20; i++) {
        (void)state_rig_append(rig, owners, 1 + (uint32_t)i % 3, 300 * i % 4000);
    }
    state_begin(state);
    state_set_text(state, &state_edit_person(state, a)->user, TEXT("another"));
    state_free_room(state, owners[1]);
    state_commit(state);
    state_begin(state);
    state_free_wire(state, a);
    state_commit(state);
}

/* Plays `live` until its n-th point; false if it has fewer. */
static bool dies_at(struct state_rig *rig, uint64_t n)
{
    rig->dies_at = n;
    if (setjmp(rig->death) == 0) {
        live(rig);
        return false;
    }
    rig->dies_at = 0;
    return true;
}

static void a_death_at_any_point_leaves_the_region_as_at_the_last_commit(void **state)
{
    struct state_rig *rig = *state;
    uint64_t n = 1;

    while (dies_at(rig, n)) {
        state_rig_restart(rig);
        state_rig_check(rig);
        state_rig_fini(rig);
        state_rig_init(rig);
        n++;
    }
    assert_true(n > 100);
}

static void a_death_while_rolling_back_is_rolled_back_by_the_next_start(void **state)
{
    struct state_rig *rig = *state;
    struct region_header *header = rig->state.region.header;
    uint64_t len;

    state_begin(&rig->state);
    state_edit_person(&rig->state, 3)->caps = 1;
    state_edit_person(&rig->state, 4)->caps = 2;
    state_edit_person(&rig->state, 3)->caps = 3;
    len = header->journal_len;
    rig->state.region.people[3].caps = 1; /* the last entry is undone, but still in the journal */
    assert_int_equal(len, 3 * (sizeof(struct person) + 16));
    state_rig_restart(rig);
    assert_int_equal(rig->state.people[3].caps, 0);
    assert_int_equal(rig->state.people[4].caps, 0);
}

/* ---- the limit ---- */

static void fill_journal(struct state_rig *rig, size_t spare)
{
    size_t entry = sizeof(struct person) + 16;
    size_t n = JOURNAL_BYTES / entry - 1;

    state_begin(&rig->state);
    for (size_t i = 0; i < n; i++) {
        state_edit_person(&rig->state, 1)->caps = 1;
    }
    (void)tx_edit(&rig->state.tx, rig->state.region.cells,
                  JOURNAL_BYTES - rig->state.header->journal_len - 16 - spare);
}

static void a_transaction_that_fills_the_journal_to_its_last_byte_is_undone(void **state)
{
    struct state_rig *rig = *state;

    fill_journal(rig, 0);
    assert_int_equal(rig->state.header->journal_len, JOURNAL_BYTES);
    state_rig_restart(rig);
    assert_int_equal(rig->state.people[1].caps, 0);
}

static void one_entry_more_than_the_journal_holds_ends_the_process(void **state)
{
    struct state_rig *rig = *state;
    int status;
    pid_t pid;

    fill_journal(rig, 16);
    pid = fork();
    if (pid == 0) {
        (void)signal(SIGABRT, SIG_DFL);
        (void)tx_edit(&rig->state.tx, &rig->state.wires[1].id, 8);
        _exit(0);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
    state_rig_restart(rig); /* and the next one goes on from before it */
    assert_int_equal(rig->state.people[1].caps, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_is_committed_is_there_after_a_crash),
        TEST(what_is_not_committed_is_gone_after_a_crash),
        TEST(an_object_edited_twice_goes_back_to_its_first_value),
        TEST(overlapping_edits_are_undone_too),
        TEST(bytes_beside_an_edited_object_are_left_alone_by_the_undo),
        TEST(plain_stores_are_true_at_once),
        TEST(a_death_at_any_point_leaves_the_region_as_at_the_last_commit),
        TEST(a_death_while_rolling_back_is_rolled_back_by_the_next_start),
        TEST(a_transaction_that_fills_the_journal_to_its_last_byte_is_undone),
        TEST(one_entry_more_than_the_journal_holds_ends_the_process),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
