/* SPDX-License-Identifier: MIT */
/* lib/timestamp: moments as programs write them and as people type them. */
#include "lib/timestamp.h"

#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { SUNDAY_NOON = 1772366400 }; /* 2026-03-01 12:00 UTC */

#define NOW_MS (SUNDAY_NOON * UINT64_C(1000))

static int use_utc(void **state)
{
    (void)state;
    return setenv("TZ", "UTC", 1);
}

static void what_is_written_is_read_again(void **state)
{
    static const uint64_t moments[] = {
        0, 1, 999, NOW_MS, NOW_MS + 678, UINT64_C(253402300799999)
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(moments); i++) {
        char space[64];
        struct buf text = buf_over(space, sizeof(space));
        uint64_t ms = 1;

        timestamp_put(moments[i], &text);
        assert_true(timestamp_read(buf_text(&text), &ms));
        assert_int_equal(ms, moments[i]);
    }
}

static void a_fraction_has_any_precision(void **state)
{
    static const struct {
        const char *text;
        uint64_t ms;
    } rows[] = {
        { "2026-03-01T12:00:00Z", NOW_MS },
        { "2026-03-01T12:00:00.5Z", NOW_MS + 500 },
        { "2026-03-01T12:00:00.05Z", NOW_MS + 50 },
        { "2026-03-01T12:00:00.123456789Z", NOW_MS + 123 },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        uint64_t ms = 0;

        assert_true(timestamp_read(text_of(rows[i].text), &ms));
        assert_int_equal(ms, rows[i].ms);
    }
}

static void what_is_no_timestamp_is_refused_and_changes_nothing(void **state)
{
    static const char *const texts[] = {
        "",
        "Z",
        "2026",
        "2026-03-01",
        "2026-03-01T12:00Z",
        "2026-03-01T12:00:00",
        "2026-03-01 12:00:00Z",
        "2026-03-01T12:00:00.Z",
        "2026-03-01T12:00:00.1234567890Z",
        "2026-03-01T12:00:00.12a Z",
        "2026-03-01T12:00:00,123Z",
        "2026-03-01T24:00:00Z",
        "2026-03-01T12:60:00Z",
        "2026-03-01T12:00:61Z",
        "2026-13-01T12:00:00Z",
        "2026-00-01T12:00:00Z",
        "2026-03-32T12:00:00Z",
        "2026-02-29T12:00:00Z",
        "2100-02-29T12:00:00Z",
        "2024-02-30T12:00:00Z",
        "2026-04-31T12:00:00Z",
        "2026-06-31T12:00:00Z",
        "2026-09-31T12:00:00Z",
        "2026-11-31T12:00:00Z",
        "1969-12-31T23:59:59Z",
        "+026-03-01T12:00:00Z",
        "2026-03-01T12:00:00Zx",
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
        uint64_t ms = 7;

        assert_false(timestamp_read(text_of(texts[i]), &ms));
        assert_int_equal(ms, 7);
    }
}

static void months_have_as_many_days_as_they_have(void **state)
{
    static const char *const last_days[] = { "01-31", "03-31", "04-30", "05-31", "06-30", "07-31",
                                             "08-31", "09-30", "10-31", "11-30", "12-31" };
    uint64_t ms;

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(last_days); i++) {
        char space[32];
        struct buf text = buf_over(space, sizeof(space));

        buf_format(&text, "2026-%sT00:00:00Z", last_days[i]);
        assert_true(timestamp_read(buf_text(&text), &ms));
    }
    assert_true(timestamp_read(TEXT("2026-02-28T00:00:00Z"), &ms));
    assert_true(timestamp_read(TEXT("2024-02-29T00:00:00Z"), &ms));
    assert_true(timestamp_read(TEXT("2000-02-29T00:00:00Z"), &ms));
}

static void people_type_times_dates_and_how_long_ago(void **state)
{
    static const struct {
        const char *text;
        uint64_t seconds;
    } rows[] = {
        { "12:00", SUNDAY_NOON },
        { "11:59", SUNDAY_NOON - 60 },
        { "00:00", SUNDAY_NOON - 12 * 3600 },
        { "9:00", SUNDAY_NOON - 3 * 3600 },
        { "12:01", SUNDAY_NOON + 60 - 86400 }, /* is still to come today */
        { "2026-03-01", SUNDAY_NOON - 12 * 3600 },
        { "2026-02-28 23:30", SUNDAY_NOON - 12 * 3600 - 1800 },
        { "2026-03-01  12:00", SUNDAY_NOON },
        { "45m", SUNDAY_NOON - 45 * 60 },
        { "2h", SUNDAY_NOON - 7200 },
        { "3D", SUNDAY_NOON - 3 * 86400 },
        { "4000000000d", 0 },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        uint64_t ms = 1;

        assert_true(timestamp_read_typed(text_of(rows[i].text), NOW_MS, &ms));
        assert_int_equal(ms, rows[i].seconds * 1000);
    }
}

static void what_people_mistype_is_refused(void **state)
{
    static const char *const texts[] = {
        "",      "x",      "h",    "2",        "2y",          "-2h",          "24:00",
        "12:60", "12:00x", "1200", "2026-3-1", "2026-02-30x", "2026-03-01 9", "26-03-01"
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
        uint64_t ms = 7;

        assert_false(timestamp_read_typed(text_of(texts[i]), NOW_MS, &ms));
        assert_int_equal(ms, 7);
    }
}

static void what_is_put_for_people_means_the_same_minute_when_typed(void **state)
{
    static const struct {
        uint64_t ms;
        const char *text;
    } rows[] = {
        { NOW_MS, "12:00" },
        { NOW_MS - 1, "11:59" },
        { NOW_MS - 86400000 + 60000, "12:01" },
        { NOW_MS - 86400000, "2026-02-28 12:00" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        char space[64];
        struct buf text = buf_over(space, sizeof(space));
        uint64_t ms = 1;

        timestamp_put_typed(rows[i].ms, NOW_MS, &text);
        assert_int_equal(text.len, strlen(rows[i].text));
        assert_memory_equal(space, rows[i].text, text.len);
        assert_true(timestamp_read_typed(buf_text(&text), NOW_MS, &ms));
        assert_int_equal(ms, rows[i].ms / 60000 * 60000);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_is_read_again),
        cmocka_unit_test(a_fraction_has_any_precision),
        cmocka_unit_test(what_is_no_timestamp_is_refused_and_changes_nothing),
        cmocka_unit_test(people_type_times_dates_and_how_long_ago),
        cmocka_unit_test(months_have_as_many_days_as_they_have),
        cmocka_unit_test(what_people_mistype_is_refused),
        cmocka_unit_test(what_is_put_for_people_means_the_same_minute_when_typed),
    };

    return cmocka_run_group_tests(tests, use_utc, NULL);
}
