/* SPDX-License-Identifier: MIT */
/* Runs: what one reader was shown, for those who stand at the same place. */
#include "front/runs.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { ROOM = 3, VIEW = 7 };

static const struct record record = { .number = 5, .real_ms = 60000 };

static int setup(void **state)
{
    static struct runs runs;

    *state = &runs;
    return runs_init(&runs);
}

static int teardown(void **state)
{
    runs_fini(*state);
    return 0;
}

/* Records 100, 101, 102: "one", hidden, "three". */
static struct run *keep_three(struct runs *runs)
{
    struct run *run = runs_begin(runs, ROOM, VIEW, 100);

    assert_true(run_add(run, &record, 1000, TEXT("one")));
    assert_true(run_add(run, &record, 2000, TEXT_NONE));
    assert_true(run_add(run, &record, 3000, TEXT("three")));
    return run;
}

static void who_stands_at_a_record_gets_what_follows_from_there(void **state)
{
    static const struct {
        uint64_t due;
        struct text bytes;
    } cases[] = { { 100, TEXT("onethree") }, { 101, TEXT("three") }, { 102, TEXT("three") } };
    struct run *run = keep_three(*state);

    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        assert_ptr_equal(runs_find(*state, ROOM, VIEW, cases[i].due), run);
        assert_true(text_equal(run_from(run, cases[i].due), cases[i].bytes));
    }
    assert_int_equal(run->behind.due, 103);
    assert_int_equal(run->behind.pos, 3000);
}

/* The memory that the last round used is still in the caches. */
static void the_next_round_begins_where_this_one_did(void **state)
{
    const struct run *run = keep_three(*state);

    (void)runs_begin(*state, ROOM, VIEW + 1, 100);
    runs_reset(*state);
    assert_null(runs_find(*state, ROOM, VIEW, 100));
    assert_ptr_equal(keep_three(*state), run);
}

static void another_place_room_or_view_finds_nothing(void **state)
{
    (void)keep_three(*state);
    assert_null(runs_find(*state, ROOM, VIEW, 99));
    assert_null(runs_find(*state, ROOM, VIEW, 103));
    assert_null(runs_find(*state, ROOM + 1, VIEW, 100));
    assert_null(runs_find(*state, ROOM, VIEW + 1, 100));
}

static void a_run_that_grows_is_found_at_its_new_end(void **state)
{
    struct run *run = keep_three(*state);

    assert_true(run_add(run, &record, 4000, TEXT("four")));
    assert_ptr_equal(runs_find(*state, ROOM, VIEW, 103), run);
    assert_true(text_equal(run_from(run, 103), TEXT("four")));
}

static void a_full_run_refuses_and_stays_as_it_was(void **state)
{
    static char line[RUN_BYTES - 7];
    struct run *run = keep_three(*state);

    assert_false(run_add(run, &record, 4000, (struct text){ line, sizeof(line) }));
    assert_int_equal(run->behind.due, 103);
    assert_true(run_add(run, &record, 4000, (struct text){ line, sizeof(line) - 1 }));
    assert_false(run_add(run, &record, 5000, TEXT("x")));
}

static void the_number_of_records_is_bounded_too(void **state)
{
    struct run *run = runs_begin(*state, ROOM, VIEW, 0);

    for (uint64_t i = 0; i < RUN_RECORDS; i++) {
        assert_true(run_add(run, &record, i, TEXT_NONE));
    }
    assert_false(run_add(run, &record, RUN_RECORDS, TEXT_NONE));
}

static void only_the_newest_are_kept(void **state)
{
    (void)keep_three(*state);
    for (uint32_t i = 1; i < RUNS; i++) {
        assert_true(run_add(runs_begin(*state, ROOM + i, VIEW, 0), &record, 0, TEXT_NONE));
    }
    assert_non_null(runs_find(*state, ROOM, VIEW, 100));
    assert_true(run_add(runs_begin(*state, ROOM + RUNS, VIEW, 0), &record, 0, TEXT_NONE));
    assert_null(runs_find(*state, ROOM, VIEW, 100));
    assert_non_null(runs_find(*state, ROOM + 1, VIEW, 0));
}

static void nothing_outlives_the_round(void **state)
{
    (void)keep_three(*state);
    runs_reset(*state);
    assert_null(runs_find(*state, ROOM, VIEW, 100));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(who_stands_at_a_record_gets_what_follows_from_there),
        TEST(the_next_round_begins_where_this_one_did),
        TEST(another_place_room_or_view_finds_nothing),
        TEST(a_run_that_grows_is_found_at_its_new_end),
        TEST(a_full_run_refuses_and_stays_as_it_was),
        TEST(the_number_of_records_is_bounded_too),
        TEST(only_the_newest_are_kept),
        TEST(nothing_outlives_the_round),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
