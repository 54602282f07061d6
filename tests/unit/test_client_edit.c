/* SPDX-License-Identifier: MIT */
/* client/edit: keys in, text and cursor out. The cursor is written into the text: "fo|o". */
#include "edit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define LEFT  "\x1B[D"
#define RIGHT "\x1B[C"
#define UP    "\x1B[A"
#define DOWN  "\x1B[B"

#define FAMILY "\xF0\x9F\x91\xA8\xE2\x80\x8D\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x91\xA7"
#define FRANCE "\xF0\x9F\x87\xAB\xF0\x9F\x87\xB7"

static int set_up(void **state)
{
    static struct edit edit;

    edit_init(&edit);
    *state = &edit;
    return 0;
}

static int tear_down(void **state)
{
    edit_fini(*state);
    return 0;
}

/* Types all the keys; returns the last outcome that was not 0. */
static int type(struct edit *e, const char *keys)
{
    int outcome = 0;

    for (; *keys != '\0'; keys++) {
        int r = edit_feed(e, *keys);

        outcome = r == 0 ? outcome : r;
    }
    return outcome;
}

static void assert_line(const struct edit *e, const char *expected)
{
    char bytes[EDIT_LINE_MAX + 2];
    struct buf b = buf_over(bytes, sizeof(bytes) - 1);

    buf_put(&b, e->line, e->cursor);
    buf_char(&b, '|');
    buf_put(&b, e->line + e->cursor, e->len - e->cursor);
    bytes[b.len] = '\0';
    assert_string_equal(bytes, expected);
}

struct edit_case {
    const char *keys, *line;
};

static void check_cases(struct edit *e, const struct edit_case *cases, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        edit_fini(e);
        assert_int_equal(type(e, cases[i].keys), 0);
        assert_line(e, cases[i].line);
    }
}

static void words_are_moved_over_killed_and_put_back(void **state)
{
    static const struct edit_case rows[] = {
        { "one two, three\x1B"
          "b\x1B"
          "b",
          "one |two, three" },
        { "one two\x01\x1B"
          "f\x1B[1;3C",
          "one two|" },
        { "one two-three\x1B\x7F", "one two-|" },
        { "one two\x01\x1B"
          "d",
          "| two" },
        { "one two\x17\x17\x19", "one two|" },
        { "one\x15two\x15\x19\x1By", "one|" },
        { "one\x15two\x15\x19\x1By\x1By", "two|" },
        { "abc\x02\x14", "acb|" },
        { "abc\x14", "acb|" },
        { "a\x14", "a|" },
        { "one two\x1F", "one|" },
        { "one two\x1F\x1F", "|" },
        { "one two\x17\x1F", "one two|" },
        { "one" LEFT "\x0B\x01\x19\x1F\x1F", "on|e" },
        { "x" FAMILY LEFT, "x|" FAMILY },
        { "x" FAMILY "\x7F", "x|" },
        { FRANCE FRANCE LEFT, FRANCE "|" FRANCE },
    };

    check_cases(*state, rows, ARRAY_SIZE(rows));
}

static void keys_move_and_change_the_text(void **state)
{
    static const struct edit_case rows[] = {
        { "foo", "foo|" },
        { "foo" LEFT, "fo|o" },
        { "foo" LEFT LEFT LEFT LEFT, "|foo" },
        { "foo" LEFT RIGHT RIGHT, "foo|" },
        { "foo\x02\x02\x06", "fo|o" },
        { "foo\x01", "|foo" },
        { "foo\x1B[H", "|foo" },
        { "foo\x1BOH\x1BOF", "foo|" },
        { "foo\x1B[1~\x1B[4~", "foo|" },
        { "foo\x01x\x05y", "xfooy|" },
        { "foo\x7F", "fo|" },
        { "foo\x08\x08\x08\x08", "|" },
        { "foo" LEFT "\x7F", "f|o" },
        { "foo" LEFT "\x04", "fo|" },
        { "foo" LEFT "\x1B[3~", "fo|" },
        { "foo\x04", "foo|" },
        { "foobar" LEFT LEFT LEFT "\x0B", "foo|" },
        { "foobar" LEFT LEFT LEFT "\x15", "|bar" },
        { "one two\x17", "one |" },
        { "one two  \x17\x17", "|" },
        { "one two" LEFT "\x17", "one |o" },
        { "gr\xC3\xBC" LEFT, "gr|\xC3\xBC" },
        { "gr\xC3\xBC\x7F", "gr|" },
        { "\xE6\xBC\xA2\xE5\xAD\x97" LEFT, "\xE6\xBC\xA2|\xE5\xAD\x97" },
        { "ae\xCC\x81" LEFT, "a|e\xCC\x81" },
        { "ae\xCC\x81" LEFT LEFT RIGHT RIGHT, "ae\xCC\x81|" },
        { "ae\xCC\x81\x7F", "a|" },
        { "a\tb", "a b|" },
        { "a\x07\x1C"
          "b",
          "ab|" },
        { "a\xFF\xC3(b", "a(b|" },
        { "a\xC2\x9B"
          "b",
          "ab|" },
        { "a\x1B[1;5Cb", "ab|" },
        { "a\x1B[9999999999999999b", "a99b|" }, /* no key is longer than 16 bytes */
        { "a\x1Bxb", "ab|" },
        { "a\x1B" LEFT "b", "b|a" },
        { "a\x1B\x7F", "|" },
    };

    check_cases(*state, rows, ARRAY_SIZE(rows));
}

static void enter_hands_out_the_line_and_begins_a_new_one(void **state)
{
    struct edit *e = *state;

    assert_int_equal(type(e, "hello" LEFT "\r"), EDIT_LINE);
    assert_true(text_equal(edit_entered(e), TEXT("hello")));
    assert_line(e, "|");
    assert_int_equal(type(e, "\n"), EDIT_LINE);
    assert_int_equal(edit_entered(e).len, 0);
}

static void control_d_ends_on_an_empty_line_only_and_control_c_always(void **state)
{
    struct edit *e = *state;

    assert_int_equal(type(e, "\x04"), EDIT_END);
    assert_int_equal(type(e, "x\x04"), 0);
    assert_int_equal(type(e, "\x03"), EDIT_END);
    assert_int_equal(type(e, "\x1A"), EDIT_STOP);
    assert_int_equal(type(e, "\x1B\x03"), EDIT_END);
    assert_line(e, "x|");
}

static void history_is_walked_and_the_draft_comes_back(void **state)
{
    struct edit *e = *state;

    assert_int_equal(type(e, UP DOWN "one\rtwo\r\rdraft"), EDIT_LINE);
    assert_int_equal(type(e, UP), 0);
    assert_line(e, "two|");
    assert_int_equal(type(e, "\x10" UP), 0);
    assert_line(e, "one|");
    assert_int_equal(type(e, DOWN "\x0E" DOWN), 0);
    assert_line(e, "draft|");
    assert_int_equal(type(e, UP UP "\r"), EDIT_LINE);
    assert_true(text_equal(edit_entered(e), TEXT("one")));
    assert_int_equal(type(e, UP UP), 0);
    assert_line(e, "two|");
}

static void what_was_half_typed_comes_back_even_after_another_line(void **state)
{
    struct edit *e = *state;

    assert_int_equal(type(e, "one\rhalf a li" UP "\r"), EDIT_LINE);
    assert_line(e, "|");
    assert_int_equal(type(e, "\x1F"), 0);
    assert_line(e, "half a li|");
}

static void history_forgets_the_oldest_beyond_its_limit(void **state)
{
    struct edit *e = *state;

    for (int i = 0; i < EDIT_HISTORY_MAX + 1; i++) {
        assert_int_equal(type(e, i == 0 ? "first\r" : i == 1 ? "second\r" : "x\r"), EDIT_LINE);
    }
    for (int i = 0; i < EDIT_HISTORY_MAX + 1; i++) {
        assert_int_equal(type(e, UP), 0);
    }
    assert_line(e, "second|");
}

static void a_line_at_the_limit_takes_no_more(void **state)
{
    struct edit *e = *state;

    for (int i = 0; i < EDIT_LINE_MAX - 1; i++) {
        assert_int_equal(edit_feed(e, 'x'), 0);
    }
    assert_int_equal(type(e, "\xC3\xBC"), 0); /* one byte too long */
    assert_int_equal(e->len, EDIT_LINE_MAX - 1);
    assert_int_equal(type(e, "yz"), 0);
    assert_int_equal(e->len, EDIT_LINE_MAX);
    assert_int_equal(e->line[EDIT_LINE_MAX - 1], 'y');
    assert_int_equal(type(e, "\r"), EDIT_LINE);
    assert_int_equal(edit_entered(e).len, EDIT_LINE_MAX);
}

static void the_view_keeps_the_cursor_on_the_row(void **state)
{
    static const struct {
        const char *keys;
        size_t columns;
        const char *view;
        size_t cursor;
    } rows[] = {
        { "", 10, "", 0 },
        { "abc", 10, "abc", 3 },
        { "abcdefghi", 10, "abcdefghi", 9 },
        { "abcdefghij", 10, "defghij", 7 },
        { "abcdefghij\x01", 10, "abcdefghi", 0 },
        { "abcdefghijklmnop" LEFT LEFT LEFT LEFT, 9, "ghijklmn", 6 },
        { "\xE6\xBC\xA2\xE5\xAD\x97", 10, "\xE6\xBC\xA2\xE5\xAD\x97", 4 },
        { "\xE6\xBC\xA2\xE5\xAD\x97" LEFT, 10, "\xE6\xBC\xA2\xE5\xAD\x97", 2 },
        { "\xE6\xBC\xA2\xE5\xAD\x97", 4, "\xE5\xAD\x97", 2 },
        { "abc", 1, "", 0 },
    };

    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        size_t cursor;
        struct text view;

        edit_fini(*state);
        assert_int_equal(type(*state, rows[i].keys), 0);
        view = edit_view(*state, rows[i].columns, &cursor);
        assert_int_equal(view.len, strlen(rows[i].view));
        assert_memory_equal(view.at, rows[i].view, view.len);
        assert_int_equal(cursor, rows[i].cursor);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(keys_move_and_change_the_text),
        TEST(words_are_moved_over_killed_and_put_back),
        TEST(enter_hands_out_the_line_and_begins_a_new_one),
        TEST(control_d_ends_on_an_empty_line_only_and_control_c_always),
        TEST(history_is_walked_and_the_draft_comes_back),
        TEST(what_was_half_typed_comes_back_even_after_another_line),
        TEST(history_forgets_the_oldest_beyond_its_limit),
        TEST(a_line_at_the_limit_takes_no_more),
        TEST(the_view_keeps_the_cursor_on_the_row),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
