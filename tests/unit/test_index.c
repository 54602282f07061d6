/* SPDX-License-Identifier: MIT */
/* lib/index: every row that was added is a candidate for its hash until it is removed, whatever
 * happens to the others of its chain. */
#include "lib/index.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

enum { ROWS = 200 };

static int setup(void **state)
{
    static struct index index;

    *state = &index;
    return index_init(&index, ROWS);
}

static int setup_shared(void **state)
{
    static struct index index;

    *state = &index;
    return index_init_shared(&index, ROWS);
}

static int teardown(void **state)
{
    index_fini(*state);
    return 0;
}

/* How often `row` is a candidate for `hash`. */
static unsigned count(const struct index *index, uint32_t hash, uint32_t row)
{
    unsigned n = 0;

    for (uint32_t at = index_first(index, hash); at != 0; at = index_next(index, at)) {
        n += at == row;
    }
    return n;
}

static void a_new_index_has_candidates_for_nothing(void **state)
{
    struct index *index = *state;

    for (uint32_t hash = 0; hash < 1000; hash++) {
        assert_int_equal(index_first(index, hash), 0);
    }
}

static void a_row_is_found_under_its_hash_until_it_is_removed(void **state)
{
    struct index *index = *state;

    index_add(index, 12345, 7);
    assert_int_equal(count(index, 12345, 7), 1);
    index_remove(index, 12345, 7);
    assert_int_equal(index_first(index, 12345), 0);
}

static void rows_of_one_hash_survive_the_removal_of_any_of_them(void **state)
{
    struct index *index = *state;

    for (uint32_t removed = 1; removed <= 5; removed++) {
        for (uint32_t row = 1; row <= 5; row++) {
            index_add(index, 99, row);
        }
        index_remove(index, 99, removed);
        for (uint32_t row = 1; row <= 5; row++) {
            assert_int_equal(count(index, 99, row), row != removed);
        }
        for (uint32_t row = 1; row <= 5; row++) {
            if (row != removed) {
                index_remove(index, 99, row);
            }
        }
        assert_int_equal(index_first(index, 99), 0);
    }
}

static void the_last_row_of_the_table_has_a_place(void **state)
{
    struct index *index = *state;

    for (uint32_t row = 1; row < ROWS; row++) {
        index_add(index, row * 2654435761U, row);
    }
    for (uint32_t row = 1; row < ROWS; row++) {
        assert_int_equal(count(index, row * 2654435761U, row), 1);
    }
    for (uint32_t row = ROWS - 1; row > 0; row--) {
        index_remove(index, row * 2654435761U, row);
        assert_int_equal(count(index, row * 2654435761U, row), 0);
    }
}

static void a_row_that_was_removed_can_be_added_under_another_hash(void **state)
{
    struct index *index = *state;

    index_add(index, 1, 3);
    index_add(index, 1, 4);
    index_remove(index, 1, 3);
    index_add(index, 2, 3);
    assert_int_equal(count(index, 1, 3), 0);
    assert_int_equal(count(index, 1, 4), 1);
    assert_int_equal(count(index, 2, 3), 1);
}

/* Against a plain list, over many steps with few hashes, so that chains are long. */
static void thousands_of_changes_leave_exactly_what_was_added(void **state)
{
    struct index *index = *state;
    uint32_t hash_of[ROWS] = { 0 }; /* 0: not in it */
    unsigned seed = 1;

    for (int i = 0; i < 20000; i++) {
        uint32_t row = 1 + (uint32_t)rand_r(&seed) % (ROWS - 1);

        if (hash_of[row] == 0) {
            hash_of[row] = 1 + (uint32_t)rand_r(&seed) % 7;
            index_add(index, hash_of[row], row);
        } else {
            index_remove(index, hash_of[row], row);
            hash_of[row] = 0;
        }
    }
    for (uint32_t row = 1; row < ROWS; row++) {
        for (uint32_t hash = 1; hash <= 7; hash++) {
            assert_int_equal(count(index, hash, row), hash_of[row] == hash);
        }
    }
}

static void names_that_differ_in_the_case_of_ascii_letters_have_one_hash(void **state)
{
    struct index *index = *state;

    assert_int_equal(index_hash_nocase(index, TEXT("Ann[1]")),
                     index_hash_nocase(index, TEXT("aNN[1]")));
    assert_int_not_equal(index_hash_nocase(index, TEXT("ann[1]")),
                         index_hash_nocase(index, TEXT("ann{1}")));
    assert_int_not_equal(index_hash(index, "Ann", 3), index_hash(index, "ann", 3));
    assert_int_equal(index_hash(index, "ann", 3), index_hash_nocase(index, TEXT("ANN")));
}

static void two_indexes_hash_the_same_key_differently(void **state)
{
    struct index *index = *state;
    struct index other;

    assert_int_equal(index_init(&other, ROWS), 0);
    assert_true(index_hash(index, "guest1", 6) != index_hash(&other, "guest1", 6) ||
                index_hash(index, "guest2", 6) != index_hash(&other, "guest2", 6));
    index_fini(&other);
}

static void a_zeroed_index_can_be_finished_twice(void **state)
{
    struct index zeroed = { 0 };

    (void)state;
    index_fini(&zeroed);
    index_fini(&zeroed);
    assert_null(zeroed.heads);
}

#define TEST(name)        cmocka_unit_test_setup_teardown(name, setup, teardown)
#define TEST_SHARED(name) cmocka_unit_test_setup_teardown(name, setup_shared, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_new_index_has_candidates_for_nothing),
        TEST(a_row_is_found_under_its_hash_until_it_is_removed),
        TEST(rows_of_one_hash_survive_the_removal_of_any_of_them),
        TEST(the_last_row_of_the_table_has_a_place),
        TEST(a_row_that_was_removed_can_be_added_under_another_hash),
        TEST(thousands_of_changes_leave_exactly_what_was_added),
        TEST_SHARED(a_row_is_found_under_its_hash_until_it_is_removed),
        TEST_SHARED(rows_of_one_hash_survive_the_removal_of_any_of_them),
        TEST_SHARED(the_last_row_of_the_table_has_a_place),
        TEST_SHARED(a_row_that_was_removed_can_be_added_under_another_hash),
        TEST_SHARED(thousands_of_changes_leave_exactly_what_was_added),
        TEST(names_that_differ_in_the_case_of_ascii_letters_have_one_hash),
        TEST(two_indexes_hash_the_same_key_differently),
        TEST(a_zeroed_index_can_be_finished_twice),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
