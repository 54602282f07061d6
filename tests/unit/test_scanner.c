/* SPDX-License-Identifier: MIT */
/* front/scanner: where lines and telnet's commands end does not depend on how the stream is cut:
 * every case runs as a whole, byte by byte, cut in two everywhere, and starting over at each
 * consumption as a crash does. */
#include "support/stream.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char *stream_cut_at(struct stream *s, struct text bytes, size_t at)
{
    stream_feed(s, bytes.at, at);
    stream_feed(s, bytes.at + at, bytes.len - at);
    buf_char(&s->out, '\0');
    return s->found;
}

static const char *stream_byte_by_byte(struct stream *s, struct text bytes)
{
    for (size_t i = 0; i < bytes.len; i++) {
        stream_feed(s, bytes.at + i, 1);
    }
    buf_char(&s->out, '\0');
    return s->found;
}

static void assert_found(struct text bytes, bool is_telnet, const char *expected)
{
    static struct stream s;

    for (int forgets = 0; forgets < 2; forgets++) {
        for (size_t at = 0; at <= bytes.len; at++) {
            stream_begin(&s, is_telnet, forgets);
            assert_string_equal(stream_cut_at(&s, bytes, at), expected);
        }
        stream_begin(&s, is_telnet, forgets);
        assert_string_equal(stream_byte_by_byte(&s, bytes), expected);
    }
}

struct scanning {
    struct text bytes;
    const char *found;
};

static const struct scanning endings[] = {
    { TEXT(""), "" },
    { TEXT("abc"), "" },
    { TEXT("abc\n"), "abc;" },
    { TEXT("abc\r\n"), "abc;" },
    { TEXT("abc\r\0"), "abc;" },
    { TEXT("abc\r"), "abc;" },
    { TEXT("abc\rdef\r"), "abc;def;" },
    { TEXT("\n"), ";" },
    { TEXT("\r\n\r\n"), ";;" },
    { TEXT("\r\r\n"), ";;" },
    { TEXT("\n\r\n"), ";;" },
    { TEXT("\r\n\n"), ";;" },
    { TEXT("\r\0\n"), ";;" },
    { TEXT("a\0b\0\n"), "ab;" },
    { TEXT("\0\0a\n"), "a;" },
    { TEXT("a b \n c\n"), "a b ; c;" },
};

static void lines_end_with_lf_cr_lf_cr_nul_or_a_lone_cr(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(endings); i++) {
        assert_found(endings[i].bytes, true, endings[i].found);
        assert_found(endings[i].bytes, false, endings[i].found);
    }
}

static const struct scanning commands[] = {
    { TEXT("\xff\xf1"
           "a\n"),
      "<241.0>a;" },
    { TEXT("a\xff\xf6"
           "b\n"),
      "<246.0>ab;" },
    { TEXT("\xff\xfb\x01"
           "a\n"),
      "<251.1>a;" },
    { TEXT("a\xff\xfd\xff"
           "b\n"),
      "<253.255>ab;" },
    { TEXT("a\xff\xfe\n"
           "b\n"),
      "<254.10>ab;" },
    { TEXT("a\xff\xff"
           "b\n"),
      "a\xff"
      "b;" },
    { TEXT("\xff\xfa\x18 anything\n\r\0\xff\xff more\xff\xf0"
           "a\n"),
      "<250.0>a;" },
    { TEXT("a\xff\xfa\x18\xff\xf1x\n\xff\xf0"
           "b\n"),
      "<250.0>ab;" },
    { TEXT("\xff\n"), ";" },
    { TEXT("a\xff\r\nb\n"), "a;b;" },
    { TEXT("a\xff"
           "b\n"),
      "a\xff"
      "b;" },
    { TEXT("\xff\x80\n"), "\xff\x80;" },
    { TEXT("a\xff\0b\n"), "a\xff"
                          "b;" },
    { TEXT("ab\r\xff\xf1\nc\n"), "ab;<241.0>;c;" },
    { TEXT("\xff\xec"), "<236.0>" },
    { TEXT("\xff\xfc\x03\xff\xfb\x03"), "<252.3><251.3>" },
};

static void telnets_commands_are_told_apart_from_text(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(commands); i++) {
        assert_found(commands[i].bytes, true, commands[i].found);
    }
}

static void without_telnet_the_same_bytes_are_text(void **state)
{
    (void)state;
    assert_found(TEXT("a\xff\xf6"
                      "b\n"),
                 false,
                 "a\xff\xf6"
                 "b;");
    assert_found(TEXT("\xff\xff\n"), false, "\xff\xff;");
    assert_found(TEXT("ab\b\x7f\x15\n"), false, "ab\b\x7f\x15;");
}

static const struct scanning erasings[] = {
    { TEXT("ab\bc\n"), "ac;" },
    { TEXT("ab\x7f\x7f\x7f"
           "c\n"),
      "c;" },
    { TEXT("ab\x15"
           "c\n"),
      "c;" },
    { TEXT("\b\x15\n"), ";" },
    { TEXT("a\xC3\xA4\bc\n"), "ac;" },
    { TEXT("a\xE2\x82\xAC\bc\n"), "ac;" },
    { TEXT("a\x82\bc\n"), "ac;" },
    { TEXT("ab\xff\xf7"
           "c\n"),
      "<247.0>ac;" },
    { TEXT("ab\xff\xf8"
           "c\n"),
      "<248.0>c;" },
    { TEXT("a\xff\xff\bc\n"), "ac;" },
    { TEXT("a\xff\bc\n"), "ac;" },
};

static void erase_keys_take_back_characters_and_lines(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(erasings); i++) {
        assert_found(erasings[i].bytes, true, erasings[i].found);
    }
}

static const struct scanning longs[] = {
    { TEXT("12345678\n"), "12345678;" },
    { TEXT("12345678\r\n"), "12345678;" },
    { TEXT("123456789\nab\n"), "!ab;" },
    { TEXT("1234567890123456789012345\r\nab\n"), "!ab;" },
    { TEXT("123456789\rab\r"), "!ab;" },
    { TEXT("1\0"
           "2\0"
           "3\0"
           "4\0"
           "5\0"
           "6\0"
           "7\0"
           "8\0\n"),
      "12345678;" },
    { TEXT("123456789\n123456789\n"), "!!" },
    { TEXT("123456789\n\n"), "!;" },
};

static void a_line_at_the_limit_is_taken_and_one_byte_more_is_skipped_to_its_end(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(longs); i++) {
        assert_found(longs[i].bytes, true, longs[i].found);
        assert_found(longs[i].bytes, false, longs[i].found);
    }
    assert_found(TEXT("1234567\xff\xff\xff\xf1\n"), true, "<241.0>1234567\xff;");
    assert_found(TEXT("1234567\xff"
                      "8\nab\n"),
                 true, "!ab;");
    assert_found(TEXT("1234567\xff"
                      "89\nab\n"),
                 true, "!ab;");
    assert_found(TEXT("123456789\xff\xf6x\xff\xfb\x01\nab\n"), true, "!<246.0><251.1>ab;");
}

/* ---- a whole page that is no line ---- */

static void feed_page(struct stream *s, struct text pattern, size_t shift)
{
    static char bytes[PAGE_SIZE_BYTES];

    for (size_t i = 0; i < sizeof(bytes); i++) {
        bytes[i] = pattern.at[(shift + i) % pattern.len];
    }
    stream_feed(s, bytes, sizeof(bytes));
}

/* What no line may do: leave the page so full that nothing can be read into it. */
static void a_page_of_bytes_that_mean_nothing_is_consumed_and_the_next_line_heard(void **state)
{
    static const struct text patterns[] = {
        TEXT("\0"),
        TEXT("\0\xff\xf1"),
        TEXT("\xff\xf1"),
        TEXT("\0\0\0\xff\xfb\x01"),
    };
    static struct stream s;

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(patterns); i++) {
        for (size_t shift = 0; shift < patterns[i].len; shift++) {
            stream_begin(&s, true, true);
            stream_feed(&s, patterns[i].at, shift);
            s.out.len = 0;
            feed_page(&s, patterns[i], shift);
            assert_true(s.input.read - s.input.consumed < 3);
            assert_int_equal(text_find(buf_text(&s.out), '!'), s.out.len);
        }
    }
}

static void a_page_in_a_line_that_is_skipped_is_consumed(void **state)
{
    static const struct text patterns[] = { TEXT("x"), TEXT("x\xff"), TEXT("\xff\xf1"),
                                            TEXT("x\xff\xfb\x01") };
    static struct stream s;

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(patterns); i++) {
        for (size_t shift = 0; shift < patterns[i].len; shift++) {
            stream_begin(&s, true, true);
            stream_feed(&s, "123456789", 9);
            stream_feed(&s, patterns[i].at, shift);
            feed_page(&s, patterns[i], shift);
            assert_true(s.input.read - s.input.consumed < 3);
        }
    }
}

static void a_line_of_commands_as_long_as_the_page_is_too_long(void **state)
{
    static struct stream s;

    (void)state;
    stream_begin(&s, true, true);
    stream_feed(&s, "x", 1);
    s.out.len = 0;
    for (int i = 0; i < (PAGE_SIZE_BYTES - 1) / 2; i++) {
        stream_feed(&s, "\xff\xf1", 2);
        s.out.len = 0;
    }
    assert_true(s.input.read - s.input.consumed < PAGE_SIZE_BYTES);
    stream_feed(&s, "\xff", 1);
    assert_int_equal(s.found[0], '!');
    assert_int_equal(s.input.read - s.input.consumed, 0);
}

/* A full page in which the last byte ends a command: reading on must be possible. */
static void a_line_of_commands_that_fills_the_page_to_the_byte_is_too_long(void **state)
{
    static struct stream s;

    (void)state;
    stream_begin(&s, true, true);
    stream_feed(&s, "ab", 2);
    for (int i = 0; i < (PAGE_SIZE_BYTES - 2) / 2; i++) {
        s.out.len = 0;
        stream_feed(&s, "\xff\xf1", 2);
    }
    assert_true(s.input.read - s.input.consumed < PAGE_SIZE_BYTES);
    assert_int_equal(s.found[s.out.len - 1], '!');
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_end_with_lf_cr_lf_cr_nul_or_a_lone_cr),
        cmocka_unit_test(telnets_commands_are_told_apart_from_text),
        cmocka_unit_test(without_telnet_the_same_bytes_are_text),
        cmocka_unit_test(erase_keys_take_back_characters_and_lines),
        cmocka_unit_test(a_line_at_the_limit_is_taken_and_one_byte_more_is_skipped_to_its_end),
        cmocka_unit_test(a_page_of_bytes_that_mean_nothing_is_consumed_and_the_next_line_heard),
        cmocka_unit_test(a_page_in_a_line_that_is_skipped_is_consumed),
        cmocka_unit_test(a_line_of_commands_as_long_as_the_page_is_too_long),
        cmocka_unit_test(a_line_of_commands_that_fills_the_page_to_the_byte_is_too_long),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
