/* SPDX-License-Identifier: MIT */
/* client/scrollback: what was said, forwards and backwards, within its limit. */
#include "scrollback.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct scrollback scrollback;

static int tear_down(void **state)
{
    (void)state;
    scrollback_fini(&scrollback);
    return 0;
}

static uint64_t add(const char *text)
{
    const struct scrollback_record record = {
        .kind = EVENT_MESSAGE, .at = 7, .flags = 2, .who = TEXT("ann"), .text = text_of(text)
    };

    return scrollback_add(&scrollback, &record);
}

static void add_numbers(size_t n)
{
    for (size_t i = 0; i < n; i++) {
        char text[32];

        (void)snprintf(text, sizeof(text), "line %zu", i);
        (void)add(text);
    }
}

static void records_come_back_as_they_went_in(void **state)
{
    struct scrollback_record record;
    uint64_t at;

    (void)state;
    assert_true(scrollback_last(&scrollback) == SCROLLBACK_NOWHERE);
    assert_true(scrollback_first(&scrollback) == SCROLLBACK_NOWHERE);
    at = add("hello");
    scrollback_get(&scrollback, at, &record);
    assert_int_equal(record.kind, EVENT_MESSAGE);
    assert_int_equal(record.at, 7);
    assert_int_equal(record.flags, 2);
    assert_true(text_equal(record.who, TEXT("ann")));
    assert_true(text_equal(record.text, TEXT("hello")));
    assert_true(scrollback_before(&scrollback, at) == SCROLLBACK_NOWHERE);
    assert_true(scrollback_after(&scrollback, at) == SCROLLBACK_NOWHERE);
}

static void all_records_are_met_both_ways(void **state)
{
    size_t n = 0;

    (void)state;
    scrollback.max_bytes = SIZE_MAX / 2;
    add_numbers(10000);
    for (uint64_t at = scrollback_first(&scrollback); at != SCROLLBACK_NOWHERE;
         at = scrollback_after(&scrollback, at)) {
        n++;
    }
    assert_int_equal(n, 10000);
    for (uint64_t at = scrollback_last(&scrollback); at != SCROLLBACK_NOWHERE;
         at = scrollback_before(&scrollback, at)) {
        n--;
    }
    assert_int_equal(n, 0);
}

static void the_oldest_go_when_the_limit_is_passed_and_are_told_from_the_others(void **state)
{
    uint64_t first;
    size_t n = 0;

    (void)state;
    scrollback.max_bytes = 3 * SCROLLBACK_BLOCK_BYTES;
    first = add("first");
    assert_true(scrollback_has(&scrollback, first));
    add_numbers(50000);
    assert_false(scrollback_has(&scrollback, first));
    assert_false(scrollback_has(&scrollback, SCROLLBACK_NOWHERE));
    assert_true(scrollback.n_bytes <= scrollback.max_bytes);
    for (uint64_t at = scrollback_last(&scrollback); at != SCROLLBACK_NOWHERE;
         at = scrollback_before(&scrollback, at)) {
        assert_true(scrollback_has(&scrollback, at));
        n++;
    }
    assert_true(n > 3000);
}

static void the_memory_for_a_line_is_near_its_text(void **state)
{
    size_t text = 0;

    (void)state;
    scrollback.max_bytes = SIZE_MAX / 2;
    for (size_t i = 0; i < 100000; i++) {
        (void)add("something that a person might say in a room, of a common length");
        text += 63 + 3;
    }
    assert_true(scrollback.n_bytes <
                text + (size_t)100000 * SCROLLBACK_RECORD_EXTRA + 3 * SCROLLBACK_BLOCK_BYTES);
}

static void a_text_of_any_length_is_taken(void **state)
{
    static char text[70000];
    struct scrollback_record record;

    (void)state;
    memset(text, 'x', sizeof(text) - 1);
    scrollback_get(&scrollback, add(text), &record);
    assert_true(record.text.len > 60000 && record.text.len < sizeof(text));
    scrollback_get(&scrollback, add("behind it"), &record);
    assert_true(text_equal(record.text, TEXT("behind it")));
}

static void the_search_goes_back_and_ends(void **state)
{
    uint64_t at;
    struct scrollback_record record;

    (void)state;
    scrollback.max_bytes = SIZE_MAX / 2;
    add_numbers(5000);
    at = scrollback_search(&scrollback, SCROLLBACK_NOWHERE, TEXT("LINE 77"));
    scrollback_get(&scrollback, at, &record);
    assert_true(text_equal(record.text, TEXT("line 779")));
    at = scrollback_search(&scrollback, at, TEXT("line 77"));
    scrollback_get(&scrollback, at, &record);
    assert_true(text_equal(record.text, TEXT("line 778")));
    assert_true(scrollback_search(&scrollback, at, TEXT("nothing")) == SCROLLBACK_NOWHERE);
    assert_true(scrollback_search(&scrollback, at, TEXT("")) == SCROLLBACK_NOWHERE);
    record.text = TEXT("\xC3\x84rger");
    at = scrollback_add(&scrollback, &record);
    assert_true(scrollback_search(&scrollback, SCROLLBACK_NOWHERE, TEXT("\xC3\xA4RG")) == at);
}

#define TEST(name) cmocka_unit_test_teardown(name, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(records_come_back_as_they_went_in),
        TEST(all_records_are_met_both_ways),
        TEST(the_oldest_go_when_the_limit_is_passed_and_are_told_from_the_others),
        TEST(the_memory_for_a_line_is_near_its_text),
        TEST(a_text_of_any_length_is_taken),
        TEST(the_search_goes_back_and_ends),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
