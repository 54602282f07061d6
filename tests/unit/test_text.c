/* SPDX-License-Identifier: MIT */
/* lib/text: borrowed text is cut without copying, and a buffer never takes half an append. */
#include "lib/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static void assert_text(struct text t, const char *expected)
{
    assert_int_equal(t.len, strlen(expected));
    assert_memory_equal(t.at, expected, t.len);
}

static void text_of_null_is_empty(void **state)
{
    (void)state;
    assert_int_equal(text_of(NULL).len, 0);
    assert_text(text_of("abc"), "abc");
}

static void equality_ignores_the_case_of_ascii_letters_alone(void **state)
{
    static const struct {
        const char *a, *b;
        bool same, same_nocase;
    } rows[] = {
        { "", "", true, true },         { "ann", "ann", true, true },
        { "Ann", "aNN", false, true },  { "ann", "anne", false, false },
        { "[x]", "{x}", false, false }, { "\xC3\x84", "\xC3\xA4", false, false },
        { "@", "`", false, false },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        assert_int_equal(text_equal(text_of(rows[i].a), text_of(rows[i].b)), rows[i].same);
        assert_int_equal(text_equal_nocase(text_of(rows[i].a), text_of(rows[i].b)),
                         rows[i].same_nocase);
    }
}

static void prefix_and_position_are_found(void **state)
{
    (void)state;
    assert_true(text_starts_with(TEXT("hello"), TEXT("hell")));
    assert_true(text_starts_with(TEXT("hello"), TEXT_NONE));
    assert_false(text_starts_with(TEXT("he"), TEXT("hello")));
    assert_int_equal(text_find(TEXT("a:b"), ':'), 1);
    assert_int_equal(text_find(TEXT("ab"), ':'), 2);
    assert_int_equal(text_find(TEXT_NONE, ':'), 0);
}

static void a_prefix_is_cut_or_nothing_is(void **state)
{
    struct text t = TEXT("from:ann");

    (void)state;
    assert_false(text_cut_prefix(&t, TEXT("form:")));
    assert_text(t, "from:ann");
    assert_true(text_cut_prefix(&t, TEXT("from:")));
    assert_text(t, "ann");
    assert_true(text_cut_prefix(&t, TEXT("ann")));
    assert_text(t, "");
    assert_false(text_cut_prefix(&t, TEXT("a")));
}

static void trim_removes_spaces_at_both_ends_only(void **state)
{
    (void)state;
    assert_text(text_trim(TEXT("  a b ")), "a b");
    assert_text(text_trim(TEXT("   ")), "");
    assert_text(text_trim(TEXT("\ta")), "\ta");
}

static void words_are_cut_until_none_is_left(void **state)
{
    struct text rest = TEXT("  one two   three  ");

    (void)state;
    assert_text(text_cut_word(&rest), "one");
    assert_text(rest, "two   three  ");
    assert_text(text_cut_word(&rest), "two");
    assert_text(text_cut_word(&rest), "three");
    assert_text(rest, "");
    assert_text(text_cut_word(&rest), "");
}

static void cut_divides_at_the_first_separator(void **state)
{
    struct text rest = TEXT("a,,b");

    (void)state;
    assert_text(text_cut(&rest, ','), "a");
    assert_text(text_cut(&rest, ','), "");
    assert_text(text_cut(&rest, ','), "b");
    assert_text(text_cut(&rest, ','), "");
    assert_text(rest, "");
}

static void numbers_are_digits_up_to_the_limit(void **state)
{
    static const struct {
        const char *digits;
        uint64_t max;
        bool is_number;
        uint64_t value;
    } rows[] = {
        { "0", 0, true, 0 },
        { "1", 0, false, 0 },
        { "65535", 65535, true, 65535 },
        { "65536", 65535, false, 0 },
        { "99999", 65535, false, 0 },
        { "007", 9, true, 7 },
        { "5", 3, false, 0 },
        { "", 9, false, 0 },
        { "-1", 9, false, 0 },
        { "+1", 9, false, 0 },
        { " 1", 9, false, 0 },
        { "1x", 99, false, 0 },
        { "\xB1", 99, false, 0 },
        { "18446744073709551615", UINT64_MAX, true, UINT64_MAX },
        { "18446744073709551616", UINT64_MAX, false, 0 },
        { "184467440737095516150", UINT64_MAX, false, 0 },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        uint64_t value = 77;

        assert_int_equal(text_number(text_of(rows[i].digits), rows[i].max, &value),
                         rows[i].is_number);
        assert_int_equal(value, rows[i].is_number ? rows[i].value : 77);
    }
}

static void put_at_the_limit_fits_and_one_past_it_leaves_the_buffer_unchanged(void **state)
{
    char bytes[5] = "....#";
    struct buf b = buf_over(bytes, 4);

    (void)state;
    buf_text_put(&b, TEXT("abc"));
    buf_text_put(&b, TEXT("de"));
    assert_true(b.full);
    assert_text(buf_text(&b), "abc");
    buf_char(&b, 'd');
    assert_text(buf_text(&b), "abcd");
    buf_char(&b, 'e');
    buf_put(&b, NULL, 0);
    assert_text(buf_text(&b), "abcd");
    assert_true(b.full);
    assert_int_equal(bytes[4], '#');
}

static void nothing_put_into_nothing_is_not_full(void **state)
{
    struct buf b = buf_over(NULL, 0);

    (void)state;
    buf_put(&b, "", 0);
    buf_format(&b, "%s", "");
    assert_false(b.full);
    buf_number(&b, 0);
    assert_true(b.full);
}

static void numbers_are_printed_whole_or_not_at_all(void **state)
{
    char bytes[24];
    struct buf b = buf_over(bytes, 20);

    (void)state;
    buf_number(&b, UINT64_MAX);
    assert_text(buf_text(&b), "18446744073709551615");
    assert_false(b.full);
    b = buf_over(bytes, 19);
    buf_number(&b, UINT64_MAX);
    assert_int_equal(b.len, 0);
    assert_true(b.full);
}

static void format_fits_into_its_exact_length(void **state)
{
    char bytes[32];

    (void)state;
    memset(bytes, '#', sizeof(bytes));
    for (size_t size = 0; size < 12; size++) {
        struct buf b = buf_over(bytes, size);

        buf_format(&b, "%s-%d", "room", 4711);
        assert_int_equal(b.full, size < 9);
        assert_int_equal(b.len, size < 9 ? 0 : 9);
        assert_int_equal(bytes[size < 9 ? 0 : 9], '#');
    }
    assert_memory_equal(bytes, "room-4711", 9);
}

static void a_very_long_format_is_written_in_place(void **state)
{
    static char bytes[4096];
    struct buf b = buf_over(bytes, sizeof(bytes));

    (void)state;
    buf_format(&b, "%*s", 4000, "x");
    assert_int_equal(b.len, 4000);
    assert_int_equal(bytes[3999], 'x');
    buf_format(&b, "%*s", 1500, "x");
    assert_true(b.full);
    assert_int_equal(b.len, 4000);
}

/* Each byte at each place among plain ones of both sorts. */
static void plain_bytes_are_counted_up_to_the_first_other(void **state)
{
    (void)state;
    for (unsigned byte = 0; byte < 256; byte++) {
        bool is_plain = byte >= 0x20 && byte != 0x7f && byte != 0xff;
        bool is_ascii = byte >= 0x20 && byte < 0x7f;

        for (size_t at = 0; at < 20; at++) {
            char bytes[20];

            memset(bytes, byte % 2 == 0 ? ' ' : 0xfe, sizeof(bytes));
            bytes[at] = (char)byte;
            for (size_t len = 0; len <= sizeof(bytes); len++) {
                assert_int_equal(text_plain_len((struct text){ bytes, len }),
                                 is_plain || len <= at ? len : at);
                memset(bytes, '~', sizeof(bytes));
                bytes[at] = (char)byte;
                assert_int_equal(text_ascii_len((struct text){ bytes, len }),
                                 is_ascii || len <= at ? len : at);
                memset(bytes, byte % 2 == 0 ? ' ' : 0xfe, sizeof(bytes));
                bytes[at] = (char)byte;
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_of_null_is_empty),
        cmocka_unit_test(equality_ignores_the_case_of_ascii_letters_alone),
        cmocka_unit_test(prefix_and_position_are_found),
        cmocka_unit_test(a_prefix_is_cut_or_nothing_is),
        cmocka_unit_test(trim_removes_spaces_at_both_ends_only),
        cmocka_unit_test(words_are_cut_until_none_is_left),
        cmocka_unit_test(cut_divides_at_the_first_separator),
        cmocka_unit_test(numbers_are_digits_up_to_the_limit),
        cmocka_unit_test(put_at_the_limit_fits_and_one_past_it_leaves_the_buffer_unchanged),
        cmocka_unit_test(nothing_put_into_nothing_is_not_full),
        cmocka_unit_test(numbers_are_printed_whole_or_not_at_all),
        cmocka_unit_test(format_fits_into_its_exact_length),
        cmocka_unit_test(a_very_long_format_is_written_in_place),
        cmocka_unit_test(plain_bytes_are_counted_up_to_the_first_other),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
