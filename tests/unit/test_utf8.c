/* SPDX-License-Identifier: MIT */
/* lib/utf8: what is let through, what is replaced, what is left out, and where text may be cut. */
#include "lib/utf8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define BAD "\xEF\xBF\xBD"

struct cleaning {
    struct text in;
    struct text none;   /* with UTF8_KEEP_NONE */
    struct text format; /* with UTF8_KEEP_FORMAT */
};

#define SAME(literal)                                                                              \
    {                                                                                              \
        TEXT(literal), TEXT(literal), TEXT(literal)                                                \
    }
#define BECOMES(literal, cleaned)                                                                  \
    {                                                                                              \
        TEXT(literal), TEXT(cleaned), TEXT(cleaned)                                                \
    }

static const struct cleaning cleanings[] = {
    SAME(""),
    SAME("plain ASCII from 20 ( ) to 7E (~), long enough for the fast path"),
    SAME("gr\xC3\xBC\xC3\x9F \xE2\x82\xAC \xF0\x9F\x98\x80 \xE6\xBC\xA2"),
    SAME(BAD),
    SAME("\xC2\xA0 \xF4\x8F\xBF\xBD"),
    BECOMES("a\tb", "a b"),
    BECOMES("a\0b\r\n\x1B[31mred\x7F\a\b", "ab[31mred"),
    BECOMES("12345678\x7F"
            "12345678",
            "1234567812345678"),
    BECOMES("\xC2\x80\xC2\x9B\xC2\x9F|", "|"),
    BECOMES("a\xE2\x80\xA8\xE2\x80\xA9z", "az"),
    BECOMES("\xE2\x80\xAA\xE2\x80\xAB\xE2\x80\xAC\xE2\x80\xAD\xE2\x80\xAE|", "|"),
    BECOMES("\xE2\x81\xA6\xE2\x81\xA7\xE2\x81\xA8\xE2\x81\xA9|", "|"),
    SAME("\xE2\x80\xA7\xE2\x80\xAF\xE2\x81\xA5\xE2\x81\xAA"),
    BECOMES("\x80", BAD),
    BECOMES("\xFF\xFE", BAD BAD),
    BECOMES("a\xC3", "a" BAD),
    BECOMES("\xC3(", BAD "("),
    BECOMES("\xE2\x82", BAD BAD),
    BECOMES("\xF0\x9F\x98", BAD BAD BAD),
    BECOMES("\xC0\x80", BAD BAD),                 /* overlong */
    BECOMES("\xE0\x80\xAF", BAD BAD BAD),         /* overlong */
    BECOMES("\xED\xA0\x80", BAD BAD BAD),         /* a surrogate */
    BECOMES("\xF4\x90\x80\x80", BAD BAD BAD BAD), /* past U+10FFFF */
};

static const struct cleaning formats[] = {
    { TEXT("\x02"
           "bold\x0F"),
      TEXT("bold"),
      TEXT("\x02"
           "bold\x0F") },
    { TEXT("\x01\x02\x03\x04\x0F\x11\x16\x1D\x1E\x1F"), TEXT(""),
      TEXT("\x01\x02\x03\x04\x0F\x11\x16\x1D\x1E\x1F") },
    { TEXT("\x05\x06\x07\x08\x0A\x0B\x0C\x0D\x0E\x10\x12\x13\x14\x15\x17\x18\x19\x1A\x1B\x1C"),
      TEXT(""), TEXT("") },
};

static void check_cleaning(struct text in, enum utf8_keep keep, struct text expected)
{
    char bytes[512];
    struct buf out = buf_over(bytes, in.len * UTF8_REPLACEMENT_BYTES);

    utf8_clean(in, keep, &out);
    assert_false(out.full);
    assert_int_equal(out.len, expected.len);
    assert_memory_equal(bytes, expected.at, expected.len);
    assert_int_equal(utf8_is_clean(in, keep), text_equal(in, expected));
    assert_true(utf8_is_clean(buf_text(&out), keep));
}

static void clean_text_holds_no_controls_and_only_utf8(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cleanings); i++) {
        check_cleaning(cleanings[i].in, UTF8_KEEP_NONE, cleanings[i].none);
    }
}

static void formatting_survives_where_it_is_kept(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cleanings); i++) {
        check_cleaning(cleanings[i].in, UTF8_KEEP_FORMAT, cleanings[i].format);
    }
    for (size_t i = 0; i < ARRAY_SIZE(formats); i++) {
        check_cleaning(formats[i].in, UTF8_KEEP_NONE, formats[i].none);
        check_cleaning(formats[i].in, UTF8_KEEP_FORMAT, formats[i].format);
    }
}

static void a_tab_is_a_part_of_text(void **state)
{
    (void)state;
    check_cleaning(TEXT("a\tb\x02\x07"), UTF8_KEEP_TEXT, TEXT("a\tb\x02"));
    check_cleaning(TEXT("a\tb\x02\x07"), UTF8_KEEP_FORMAT, TEXT("a b\x02"));
    check_cleaning(TEXT("a\tb\x02\x07"), UTF8_KEEP_NONE, TEXT("a b"));
}

/* A name cannot become another one by what is left out of it. */
static void whatever_cannot_stay_is_marked(void **state)
{
    (void)state;
    check_cleaning(TEXT("#a\tb\x02\x07\xFF\x7F"), UTF8_MARK_ALL,
                   TEXT("#a" BAD "b" BAD BAD BAD BAD));
    check_cleaning(TEXT("#\xE2\x80\xAE\xC2\x85"), UTF8_MARK_ALL, TEXT("#" BAD BAD));
    check_cleaning(TEXT("#gr\xC3\xBC\xC3\x9F"), UTF8_MARK_ALL, TEXT("#gr\xC3\xBC\xC3\x9F"));
}

static void text_is_utf8_whatever_characters_it_has(void **state)
{
    (void)state;
    assert_true(utf8_is_valid(TEXT("")));
    assert_true(utf8_is_valid(TEXT("a\t\x07 \xC3\xBC \xE2\x80\xAE" BAD)));
    assert_false(utf8_is_valid(TEXT("caf\xE9")));
    assert_false(utf8_is_valid(TEXT("12345678\xC3")));
}

/* Each byte at each place in a word: the fast path must see what the slow one sees. */
static void every_byte_is_judged_alike_at_every_offset(void **state)
{
    (void)state;
    for (int byte = 0; byte < 256; byte++) {
        for (size_t at = 0; at < 17; at++) {
            char line[17];

            memset(line, 'x', sizeof(line));
            line[at] = (char)byte;
            assert_int_equal(
                utf8_is_clean((struct text){ .at = line, .len = sizeof(line) }, UTF8_KEEP_NONE),
                byte >= 0x20 && byte <= 0x7E);
        }
    }
}

static void output_stops_whole_characters_before_the_limit(void **state)
{
    static const struct text in = { .at = "abcdefghij\xE2\x82\xAC!", .len = 14 };

    (void)state;
    for (size_t size = 0; size <= in.len; size++) {
        char bytes[16];
        struct buf out = buf_over(bytes, size);

        memset(bytes, '#', sizeof(bytes));
        utf8_clean(in, UTF8_KEEP_NONE, &out);
        assert_int_equal(out.full, size < in.len);
        assert_int_equal(out.len, utf8_fit(in, size));
        assert_memory_equal(bytes, in.at, out.len);
        assert_int_equal(bytes[size], '#');
    }
}

static void the_last_character_is_measured(void **state)
{
    static const struct {
        struct text t;
        size_t len;
    } rows[] = {
        { TEXT(""), 0 },
        { TEXT("a"), 1 },
        { TEXT("ab"), 1 },
        { TEXT("a\xC3\xA9"), 2 },
        { TEXT("\xE2\x82\xAC"), 3 },
        { TEXT("x\xF0\x9F\x98\x80"), 4 },
        { TEXT("\xF0\x9F\x98"), 1 },
        { TEXT("\xC3\xA9\xA9"), 1 },
        { TEXT("\xC3"), 1 },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        assert_int_equal(utf8_last_len(rows[i].t), rows[i].len);
    }
}

static void the_first_characters_are_measured(void **state)
{
    static const struct text in = { .at = "a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80\xFFz", .len = 12 };
    static const size_t spans[] = { 0, 1, 3, 6, 10, 11, 12, 12 };

    (void)state;
    for (size_t n = 0; n < ARRAY_SIZE(spans); n++) {
        assert_int_equal(utf8_span(in, n), spans[n]);
    }
    assert_int_equal(utf8_span(TEXT(""), 1), 0);
}

static void a_cut_never_splits_a_character(void **state)
{
    static const struct text in = { .at = "a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80z", .len = 11 };
    static const size_t fits[] = { 0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10, 11, 11 };

    (void)state;
    for (size_t max = 0; max < ARRAY_SIZE(fits); max++) {
        assert_int_equal(utf8_fit(in, max), fits[max]);
    }
    assert_int_equal(utf8_fit(TEXT("\x80\x80\x80\x80"), 3), 3);
}

static void a_part_is_found_in_any_case(void **state)
{
    static const struct {
        struct text t, part;
        bool is_there;
    } rows[] = {
        { TEXT(""), TEXT(""), true },
        { TEXT("abc"), TEXT(""), true },
        { TEXT(""), TEXT("a"), false },
        { TEXT("The Build"), TEXT("e bUi"), true },
        { TEXT("abc"), TEXT("abcd"), false },
        { TEXT("aab"), TEXT("ab"), true },
        { TEXT("[]"), TEXT("{}"), false }, /* text is no nick */
        { TEXT("viel \xC3\x84RGER"), TEXT("\xC3\xA4rger"), true },
        { TEXT("\xC3\xA4rger"), TEXT("\xC3\x84RG"), true },
        { TEXT("arger"), TEXT("\xC3\xA4rger"), false },
        { TEXT("\xD0\x9C\xD0\x9E\xD0\xA1\xD0\x9A\xD0\x92\xD0\x90"), /* Cyrillic */
          TEXT("\xD0\xBE\xD1\x81\xD0\xBA"), true },
        { TEXT("\xCF\x83\xCE\xBF\xCF\x86\xCF\x8C\xCF\x82"), /* ends in a final sigma */
          TEXT("\xCE\x9F\xCE\xA6\xCE\x8C\xCE\xA3"), true },
        { TEXT("\xE4\xBB\x8A\xE6\x97\xA5"), TEXT("\xE6\x97\xA5"), true },
        { TEXT("\xE4\xBB\x8A\xE6\x97\xA5"), TEXT("\xE6\x97\xA6"), false },
        { TEXT("300 \xE2\x84\xAA"), TEXT("300 k"), true }, /* the sign of kelvins */
        { TEXT("stra\xC3\x9F\x65"), TEXT("STRASSE"), false },
        { TEXT("x\xFFy"), TEXT("X\xFFY"), true },
        { TEXT("x\xFFy"), TEXT("x\xFEy"), false },
        { TEXT("x\xC3"), TEXT("x\xC3"), true },
        { TEXT("\xC3\xA9"), TEXT("\xA9"), false }, /* half a character is none of its text */
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        assert_int_equal(utf8_has_nocase(rows[i].t, rows[i].part), rows[i].is_there);
    }
}

static void columns_are_counted_as_a_terminal_does(void **state)
{
    (void)state;
    assert_int_equal(utf8_columns(TEXT("")), 0);
    assert_int_equal(utf8_columns(TEXT("abc")), 3);
    assert_int_equal(utf8_columns(TEXT("\xC3\xA9")), 1);
    assert_int_equal(utf8_columns(TEXT("e\xCC\x81")), 1);    /* a combining accent */
    assert_int_equal(utf8_columns(TEXT("\xE6\xBC\xA2")), 2); /* a wide character */
    assert_int_equal(utf8_columns(TEXT("\xF0\x9F\x98\x80")), 2);
    assert_int_equal(utf8_columns(TEXT("\xFFx\x07")), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(clean_text_holds_no_controls_and_only_utf8),
        cmocka_unit_test(formatting_survives_where_it_is_kept),
        cmocka_unit_test(a_tab_is_a_part_of_text),
        cmocka_unit_test(whatever_cannot_stay_is_marked),
        cmocka_unit_test(text_is_utf8_whatever_characters_it_has),
        cmocka_unit_test(every_byte_is_judged_alike_at_every_offset),
        cmocka_unit_test(output_stops_whole_characters_before_the_limit),
        cmocka_unit_test(the_last_character_is_measured),
        cmocka_unit_test(the_first_characters_are_measured),
        cmocka_unit_test(a_cut_never_splits_a_character),
        cmocka_unit_test(a_part_is_found_in_any_case),
        cmocka_unit_test(columns_are_counted_as_a_terminal_does),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
