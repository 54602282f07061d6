/* SPDX-License-Identifier: MIT */
/* state/table: no row is lent twice, and none that was freed in a transaction before its end. */
#include "state/table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

enum { ROWS = 6 }; /* 1 ... 5 */

static bool is_used_nowhere(const void *context, uint32_t row)
{
    (void)context;
    (void)row;
    return false;
}

static bool is_used_by_mask(const void *context, uint32_t row)
{
    return (*(const uint32_t *)context & (1U << row)) != 0;
}

static int setup(void **state)
{
    static struct table table;

    *state = &table;
    return table_init(&table, ROWS, is_used_nowhere, NULL);
}

static int teardown(void **state)
{
    table_fini(*state);
    return 0;
}

static void the_lowest_row_is_lent_first_and_row_0_never(void **state)
{
    struct table *table = *state;

    for (uint32_t row = 1; row < ROWS; row++) {
        assert_int_equal(table_take(table), row);
        assert_int_equal(table_used(table), row);
    }
    assert_int_equal(table_take(table), 0);
    assert_int_equal(table_used(table), ROWS - 1);
}

static void a_freed_row_is_lent_only_after_its_transaction(void **state)
{
    struct table *table = *state;

    while (table_take(table) != 0) {
    }
    table_give_back(table, 3);
    assert_int_equal(table_take(table), 0);
    assert_int_equal(table_used(table), ROWS - 2);
    table_settle(table);
    assert_int_equal(table_take(table), 3);
    assert_int_equal(table_take(table), 0);
}

static void rows_freed_last_are_lent_first(void **state)
{
    struct table *table = *state;

    while (table_take(table) != 0) {
    }
    table_give_back(table, 2);
    table_give_back(table, 4);
    table_settle(table);
    assert_int_equal(table_take(table), 4);
    assert_int_equal(table_take(table), 2);
}

static void taking_while_freed_rows_wait_loses_none(void **state)
{
    struct table *table = *state;
    uint32_t a = table_take(table);
    uint32_t b = table_take(table);
    uint32_t c;

    table_give_back(table, a);
    c = table_take(table);
    table_give_back(table, b);
    assert_int_equal(c, 3);
    assert_int_equal(table_take(table), 4);
    assert_int_equal(table_take(table), 5);
    assert_int_equal(table_take(table), 0);
    table_settle(table);
    assert_int_equal(table_take(table) + table_take(table), a + b);
    assert_int_equal(table_take(table), 0);
}

static void rows_in_use_at_the_start_are_not_lent(void **state)
{
    uint32_t mask = 1U << 1 | 1U << 3 | 1U << 5;
    struct table table;

    (void)state;
    assert_int_equal(table_init(&table, ROWS, is_used_by_mask, &mask), 0);
    assert_int_equal(table_used(&table), 3);
    assert_int_equal(table_take(&table), 2);
    assert_int_equal(table_take(&table), 4);
    assert_int_equal(table_take(&table), 0);
    table_give_back(&table, 1);
    table_settle(&table);
    assert_int_equal(table_take(&table), 1);
    table_fini(&table);
}

/* Against plain arrays, through thousands of transactions of random length. */
static void no_row_is_lent_twice_in_thousands_of_transactions(void **state)
{
    struct table *table = *state;
    enum { FREE, LENT, FREED } rows[ROWS] = { FREE };
    unsigned seed = 1;

    for (int i = 0; i < 50000; i++) {
        uint32_t row = 1 + (uint32_t)rand_r(&seed) % (ROWS - 1);

        if (rand_r(&seed) % 4 == 0) {
            table_settle(table);
            for (uint32_t r = 1; r < ROWS; r++) {
                rows[r] = rows[r] == FREED ? FREE : rows[r];
            }
        } else if (rows[row] == LENT) {
            table_give_back(table, row);
            rows[row] = FREED;
        } else if ((row = table_take(table)) != 0) {
            assert_int_equal(rows[row], FREE);
            rows[row] = LENT;
        } else {
            for (uint32_t r = 1; r < ROWS; r++) {
                assert_int_not_equal(rows[r], FREE);
            }
        }
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_lowest_row_is_lent_first_and_row_0_never),
        TEST(a_freed_row_is_lent_only_after_its_transaction),
        TEST(rows_freed_last_are_lent_first),
        TEST(taking_while_freed_rows_wait_loses_none),
        TEST(rows_in_use_at_the_start_are_not_lent),
        TEST(no_row_is_lent_twice_in_thousands_of_transactions),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
