/* SPDX-License-Identifier: MIT */
/* store/lookup, times: the first record from a moment on is found with few looks, however much or
 * little was said when. */
#include "store/lookup.h"
#include "support/archive_rig.h"

enum { RECORDS = 300, STEP_MS = 100 };

static struct lookup lookup;
static uint64_t times[RECORDS];

/* How long after record i the next one comes. */
static uint64_t evenly(unsigned i)
{
    (void)i;
    return STEP_MS;
}

static uint64_t ever_slower(unsigned i)
{
    return UINT64_C(1) << (i / 10);
}

static uint64_t all_at_once_and_then_one(unsigned i)
{
    return i == RECORDS - 2 ? 1000000 : 0;
}

static uint64_t by_day(unsigned i)
{
    return i % 50 == 49 ? 10000000 : 1;
}

static void say_all(struct archive_rig *rig, uint64_t (*pause)(unsigned))
{
    for (unsigned i = 0; i < RECORDS; i++) {
        (void)archive_rig_say(rig, rig->lobby, "x");
        times[i] = rig->base.state.region.header->log.last_ms;
        rig->now_ms += pause(i);
    }
    archive_rig_settle(rig);
}

static uint64_t looks(void)
{
    return (uint64_t)sqlite3_stmt_status(lookup.statements[LOOKUP_AT], SQLITE_STMTSTATUS_RUN, true);
}

static uint64_t expected_at(uint64_t ms)
{
    uint64_t number = 1;

    while (number <= RECORDS && times[number - 1] < ms) {
        number++;
    }
    return number;
}

/* Returns how many looks it took. */
static uint64_t find(uint64_t ms)
{
    uint64_t found = 0;

    (void)looks();
    assert_int_equal(lookup_number_at(&lookup, ms, &found), 0);
    assert_int_equal(found, expected_at(ms));
    return looks();
}

/* Guessing costs at most as much as halving, which takes 9 looks here, and the two ends. */
static uint64_t find_all(struct archive_rig *rig, uint64_t (*pause)(unsigned))
{
    uint64_t most = 0;

    say_all(rig, pause);
    assert_int_equal(lookup_init(&lookup, rig->path), 0);
    for (unsigned i = 0; i < RECORDS; i++) {
        for (uint64_t ms = times[i] - 1; ms <= times[i] + 1; ms++) {
            most = u64_max(most, find(ms));
        }
    }
    most = u64_max(most, u64_max(find(0), find(UINT64_MAX)));
    lookup_fini(&lookup);
    return most;
}

static void an_even_pace_is_guessed(void **state)
{
    assert_true(find_all(*state, evenly) <= 8);
}

static void no_pace_takes_more_than_twice_the_looks_of_halving(void **state)
{
    uint64_t (*const paces[])(unsigned) = { ever_slower, all_at_once_and_then_one, by_day };

    for (size_t i = 0; i < ARRAY_SIZE(paces); i++) {
        assert_int_equal(archive_rig_tear_down(state), 0);
        assert_int_equal(archive_rig_set_up(state), 0);
        assert_true(find_all(*state, paces[i]) <= 2 + 2 * 9);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ARCHIVE_TEST(an_even_pace_is_guessed),
        ARCHIVE_TEST(no_pace_takes_more_than_twice_the_looks_of_halving),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
