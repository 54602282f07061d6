/* SPDX-License-Identifier: MIT */
/* lib/format: what is put together without printf(3) is what printf(3) makes of it. */
#include "lib/text.h"

#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { BOTH_SIZE = 4096 };

format_like(1, 2) static void both_agree(const char *format, ...)
{
    static char ours[BOTH_SIZE], theirs[BOTH_SIZE];
    struct buf b = buf_over(ours, sizeof(ours));
    va_list arguments, again;
    int n;

    va_start(arguments, format);
    va_copy(again, arguments);
    n = vsnprintf(theirs, sizeof(theirs), format, again);
    buf_vformat(&b, format, arguments);
    va_end(again);
    va_end(arguments);
    assert_int_equal(b.len, n);
    assert_memory_equal(ours, theirs, b.len);
    assert_false(b.full);
}

static void numbers_of_all_sizes(void **state)
{
    (void)state;
    both_agree("%u %u %u", 0U, 9U, UINT_MAX);
    both_agree("%d %d %d %d", 0, -1, INT_MAX, INT_MIN);
    both_agree("%llu-%llu", 0ULL, ULLONG_MAX);
    both_agree("%zu%zu", (size_t)0, SIZE_MAX);
}

static void texts_end_at_a_nul_or_at_their_length(void **state)
{
    const char *volatile nowhere = NULL; /* so that the compiler does not know it */

    (void)state;
    both_agree("%s|%s", "", "two words");
    both_agree("%.*s|%.*s|%.*s", 3, "abcdef", 0, "x", 9, "short");
    both_agree("%.*s", -1, "a negative length is none");
    both_agree("%.*s%c", 4, "ab\0cd", 'e');
    both_agree("(%.*s)", 0, nowhere);
}

static void what_is_around_them_stays(void **state)
{
    (void)state;
    both_agree(":%s %03d %s :%s!%.*s\r\n", "irc.example", 1, "ann", "ann", 4, "~a@b");
    both_agree("100%% of %u%c", 3U, '.');
    both_agree("%%%%");
    both_agree("%c", '%');
}

/* The first directive is ours, a later one is not: all of it is printf's then. */
static void any_other_directive_is_printfs(void **state)
{
    (void)state;
    both_agree("%s %-13s|", "a", "b");
    both_agree("%u %02d %llu", 7U, 5, 12ULL);
    both_agree("%s %02llu %s", "a", 3ULL, "b");
    both_agree("%lu %ld %hhu %x %5.1f %.2s", 1UL, -2L, (unsigned char)3, 255U, 2.5, "xyz");
    both_agree("%s%*s", "x", 12, "right");
}

/* As long as the detour, and longer: in place. */
static void long_ones_are_whole(void **state)
{
    static char text[BOTH_SIZE / 2];

    (void)state;
    memset(text, 'x', sizeof(text) - 1);
    for (int len = 1020; len < 1030; len++) {
        both_agree("%.*s", len, text);
        both_agree("%.*s%u", len, text, 1234U);
    }
    both_agree("%s", text);
}

static void what_does_not_fit_leaves_no_trace(void **state)
{
    char bytes[16];

    (void)state;
    for (size_t size = 0; size < sizeof(bytes); size++) {
        struct buf b = buf_over(bytes, size);

        memset(bytes, '#', sizeof(bytes));
        buf_format(&b, "%s-%u%c", "room", 4711U, '!');
        assert_int_equal(b.full, size < 10);
        assert_int_equal(b.len, size < 10 ? 0 : 10);
        assert_int_equal(bytes[size < 10 ? 0 : 10], '#');
    }
    assert_memory_equal(bytes, "room-4711!", 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_of_all_sizes),
        cmocka_unit_test(texts_end_at_a_nul_or_at_their_length),
        cmocka_unit_test(what_is_around_them_stays),
        cmocka_unit_test(any_other_directive_is_printfs),
        cmocka_unit_test(long_ones_are_whole),
        cmocka_unit_test(what_does_not_fit_leaves_no_trace),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
