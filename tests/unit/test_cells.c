/* SPDX-License-Identifier: MIT */
/* state/cells: texts of any length go in and come out, and no cell is lost or lent twice. */
#include "support/state_rig.h"

static const uint32_t CELLS = 899; /* that can be used */

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

static void set(struct state_rig *rig, uint32_t row, struct text t)
{
    state_begin(&rig->state);
    assert_true(state_has_cells(&rig->state, t.len));
    state_set_text(&rig->state, &state_edit_person(&rig->state, row)->user, t);
    state_commit(&rig->state);
}

static void assert_text(const struct state_rig *rig, uint32_t row, struct text expected)
{
    char space[4096];
    struct buf out = buf_over(space, sizeof(space));

    state_get_text(&rig->state, rig->state.people[row].user, &out);
    assert_int_equal(out.len, expected.len);
    assert_memory_equal(space, expected.at, expected.len);
}

static struct text text_of_len(size_t len)
{
    static char text[4096];

    for (size_t i = 0; i < len; i++) {
        text[i] = (char)('a' + i % 23);
    }
    return (struct text){ text, len };
}

static void texts_around_the_size_of_a_cell_come_out_as_they_went_in(void **state)
{
    static const struct {
        size_t len;
        uint32_t n_cells;
    } rows[] = { { 0, 0 },
                 { 1, 1 },
                 { CELL_BYTES - 1, 1 },
                 { CELL_BYTES, 1 },
                 { CELL_BYTES + 1, 2 },
                 { 2 * CELL_BYTES, 2 },
                 { 2 * CELL_BYTES + 1, 3 },
                 { 4096, 71 } };
    struct state_rig *rig = *state;

    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        set(rig, 1, text_of_len(rows[i].len));
        assert_text(rig, 1, text_of_len(rows[i].len));
        assert_int_equal(table_used(&rig->state.free_cells), rows[i].n_cells);
    }
}

static void an_empty_text_needs_no_cell(void **state)
{
    struct state_rig *rig = *state;

    set(rig, 1, TEXT("abc"));
    set(rig, 1, TEXT_NONE);
    assert_int_equal(rig->state.people[1].user, 0);
    assert_int_equal(table_used(&rig->state.free_cells), 0);
}

static void texts_do_not_disturb_each_other(void **state)
{
    struct state_rig *rig = *state;

    for (uint32_t row = 1; row < 10; row++) {
        set(rig, row, text_of_len(row * 37));
    }
    set(rig, 5, TEXT("short"));
    set(rig, 6, text_of_len(500));
    for (uint32_t row = 1; row < 10; row++) {
        assert_text(rig, row,
                    row == 5 ? TEXT("short") : text_of_len(row == 6 ? 500 : (size_t)row * 37));
    }
}

static void the_last_free_cell_can_be_had_and_one_more_is_refused(void **state)
{
    struct state_rig *rig = *state;
    uint32_t rest = CELLS - 1;

    for (uint32_t row = 1; rest > 0; row++) {
        uint32_t n = rest < 60 ? rest : 60; /* a transaction has its limit too */

        set(rig, row, text_of_len((size_t)n * CELL_BYTES));
        rest -= n;
    }
    assert_true(state_has_cells(&rig->state, CELL_BYTES));
    assert_false(state_has_cells(&rig->state, CELL_BYTES + 1));
    set(rig, 70, text_of_len(CELL_BYTES));
    assert_true(state_has_cells(&rig->state, 0));
    assert_false(state_has_cells(&rig->state, 1));
    assert_text(rig, 70, text_of_len(CELL_BYTES));
}

static void replacing_a_text_needs_room_for_both_and_gives_the_old_one_back(void **state)
{
    struct state_rig *rig = *state;

    for (int i = 0; i < 1000; i++) {
        set(rig, 1, text_of_len((size_t)i % 300));
    }
    assert_int_equal(table_used(&rig->state.free_cells), (999 % 300 + CELL_BYTES - 1) / CELL_BYTES);
}

static void a_restart_finds_exactly_the_cells_in_use(void **state)
{
    struct state_rig *rig = *state;
    uint32_t n_used;

    set(rig, 1, text_of_len(1000));
    set(rig, 2, text_of_len(300));
    set(rig, 1, TEXT("short"));
    n_used = table_used(&rig->state.free_cells);
    state_rig_restart(rig);
    assert_int_equal(table_used(&rig->state.free_cells), n_used);
    assert_text(rig, 1, TEXT("short"));
    assert_text(rig, 2, text_of_len(300));
}

static void a_crash_while_a_text_is_replaced_leaves_the_old_one(void **state)
{
    struct state_rig *rig = *state;

    set(rig, 1, text_of_len(200));
    state_begin(&rig->state);
    state_set_text(&rig->state, &state_edit_person(&rig->state, 1)->user, text_of_len(900));
    state_rig_restart(rig);
    assert_text(rig, 1, text_of_len(200));
    assert_int_equal(table_used(&rig->state.free_cells), 4);
}

static void rows_give_their_texts_back_when_they_are_freed(void **state)
{
    struct state_rig *rig = *state;
    uint32_t wire = state_rig_wire(rig);
    uint32_t room = state_rig_room(rig);

    state_begin(&rig->state);
    state_set_text(&rig->state, &state_edit_person(&rig->state, wire)->user, TEXT("user"));
    state_set_text(&rig->state, &state_edit_person(&rig->state, wire)->realname, TEXT("real"));
    state_set_text(&rig->state, &state_edit_person(&rig->state, wire)->away, TEXT("away"));
    state_set_text(&rig->state, &state_edit_room(&rig->state, room)->topic, TEXT("topic"));
    state_set_text(&rig->state, &state_edit_room(&rig->state, room)->topic_by, TEXT("ann"));
    state_commit(&rig->state);
    assert_int_equal(table_used(&rig->state.free_cells), 5);
    state_begin(&rig->state);
    state_free_wire(&rig->state, wire);
    state_free_room(&rig->state, room);
    state_commit(&rig->state);
    assert_int_equal(table_used(&rig->state.free_cells), 0);
    assert_int_equal(table_used(&rig->state.free_wires), 0);
    assert_int_equal(table_used(&rig->state.free_rooms), 0);
}

/* In each place of the first cells, across their borders, to the last byte. */
static void bytes_of_a_text_are_written_over_where_they_lie(void **state)
{
    static const size_t LEN = 2 * (size_t)CELL_BYTES + 5;
    struct state_rig *rig = *state;

    for (size_t at = 0; at < LEN; at++) {
        for (size_t n = 1; n <= LEN - at; n += 7) {
            char wanted[4096];

            set(rig, 1, text_of_len(LEN));
            memcpy(wanted, text_of_len(LEN).at, LEN);
            memset(wanted + at, '#', n);
            state_begin(&rig->state);
            state_overwrite_text(&rig->state, rig->state.people[1].user, at,
                                 (struct text){ wanted + at, n });
            state_commit(&rig->state);
            assert_text(rig, 1, (struct text){ wanted, LEN });
        }
    }
    assert_int_equal(table_used(&rig->state.free_cells), 3);
}

static void a_crash_while_a_text_is_written_over_leaves_the_old_one(void **state)
{
    struct state_rig *rig = *state;

    set(rig, 1, text_of_len(200));
    state_begin(&rig->state);
    state_overwrite_text(&rig->state, rig->state.people[1].user, 50, TEXT("##########"));
    state_rig_restart(rig);
    assert_text(rig, 1, text_of_len(200));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(texts_around_the_size_of_a_cell_come_out_as_they_went_in),
        TEST(an_empty_text_needs_no_cell),
        TEST(texts_do_not_disturb_each_other),
        TEST(the_last_free_cell_can_be_had_and_one_more_is_refused),
        TEST(replacing_a_text_needs_room_for_both_and_gives_the_old_one_back),
        TEST(a_restart_finds_exactly_the_cells_in_use),
        TEST(a_crash_while_a_text_is_replaced_leaves_the_old_one),
        TEST(bytes_of_a_text_are_written_over_where_they_lie),
        TEST(a_crash_while_a_text_is_written_over_leaves_the_old_one),
        TEST(rows_give_their_texts_back_when_they_are_freed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
