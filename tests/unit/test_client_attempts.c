/* SPDX-License-Identifier: MIT */
/* client/attempts: the order of RFC 8305, and when which address is tried. */
#include "attempts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

enum { TIMEOUT_MS = 1000 };

static void families_take_turns_and_the_first_one_goes_first(void **state)
{
    static const struct {
        const char *families,
            *expected; /* '6' and '4', and in `expected` which of them by letter */
    } rows[] = {
        { "", "" },           { "6", "a" },       { "6644", "acbd" }, { "4466", "acbd" },
        { "66664", "aebcd" }, { "6444", "abcd" }, { "444", "abc" },   { "46464", "abcde" },
        { "6x4", "abc" }, /* whatever it is, it is not of the first one's family */
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        size_t n = strlen(rows[i].families);
        int families[8];
        size_t order[8];

        for (size_t k = 0; k < n; k++) {
            families[k] = rows[i].families[k];
        }
        attempts_order(families, n, order);
        for (size_t k = 0; k < n; k++) {
            assert_int_equal('a' + (int)order[k], rows[i].expected[k]);
        }
    }
}

static void assert_begins(struct attempts *a, int64_t now_ms, size_t expected)
{
    size_t i = ATTEMPTS_MAX;

    assert_true(attempts_begin(a, now_ms, &i));
    assert_int_equal(i, expected);
}

static void assert_begins_none(struct attempts *a, int64_t now_ms)
{
    size_t i;

    assert_false(attempts_begin(a, now_ms, &i));
}

static void each_begins_a_quarter_of_a_second_after_the_one_before(void **state)
{
    struct attempts a;

    (void)state;
    attempts_init(&a, 3, TIMEOUT_MS, 5000);
    assert_begins(&a, 5000, 0);
    assert_begins_none(&a, 5000);
    assert_int_equal(attempts_wait_ms(&a, 5000), 250);
    assert_begins_none(&a, 5249);
    assert_begins(&a, 5250, 1);
    assert_begins_none(&a, 5250);
    assert_begins(&a, 5600, 2); /* late: the next would be counted from here */
    assert_begins_none(&a, 9000);
    assert_false(attempts_are_over(&a));
}

static void one_that_fails_lets_the_next_begin_at_once(void **state)
{
    struct attempts a;

    (void)state;
    attempts_init(&a, 3, TIMEOUT_MS, 0);
    assert_begins(&a, 0, 0);
    attempts_fail(&a, 0, 10);
    assert_int_equal(attempts_wait_ms(&a, 10), 0);
    assert_begins(&a, 10, 1);
    assert_begins_none(&a, 259);
    attempts_fail(&a, 1, 20);
    assert_begins(&a, 20, 2);
    assert_false(attempts_are_over(&a));
    attempts_fail(&a, 2, 30);
    assert_true(attempts_are_over(&a));
}

static void each_has_the_whole_time_for_itself(void **state)
{
    struct attempts a;
    size_t i = ATTEMPTS_MAX;

    (void)state;
    attempts_init(&a, 2, TIMEOUT_MS, 0);
    assert_begins(&a, 0, 0);
    assert_begins(&a, 250, 1);
    assert_int_equal(attempts_wait_ms(&a, 250), 750);
    assert_false(attempts_find_expired(&a, 999, &i));
    assert_true(attempts_find_expired(&a, 1000, &i));
    assert_int_equal(i, 0);
    attempts_fail(&a, 0, 1000);
    assert_false(attempts_find_expired(&a, 1249, &i));
    assert_int_equal(attempts_wait_ms(&a, 1000), 250);
    assert_true(attempts_find_expired(&a, 1250, &i));
    assert_int_equal(i, 1);
    attempts_fail(&a, 1, 1250);
    assert_true(attempts_are_over(&a));
}

static void none_at_all_is_over_at_once(void **state)
{
    struct attempts a;

    (void)state;
    attempts_init(&a, 0, TIMEOUT_MS, 0);
    assert_begins_none(&a, 0);
    assert_true(attempts_are_over(&a));
}

static void as_many_as_there_may_be_are_begun(void **state)
{
    struct attempts a;

    (void)state;
    attempts_init(&a, ATTEMPTS_MAX, TIMEOUT_MS, 0);
    for (size_t i = 0; i < ATTEMPTS_MAX; i++) {
        assert_begins(&a, 0, i);
        attempts_fail(&a, i, 0);
    }
    assert_true(attempts_are_over(&a));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(families_take_turns_and_the_first_one_goes_first),
        cmocka_unit_test(each_begins_a_quarter_of_a_second_after_the_one_before),
        cmocka_unit_test(one_that_fails_lets_the_next_begin_at_once),
        cmocka_unit_test(each_has_the_whole_time_for_itself),
        cmocka_unit_test(none_at_all_is_over_at_once),
        cmocka_unit_test(as_many_as_there_may_be_are_begun),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
