/* SPDX-License-Identifier: MIT */
/* lib/irc_format: formatting goes with all that belongs to it, text stays byte by byte. */
#include "lib/irc_format.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static const struct {
    const char *in, *out;
} rows[] = {
    { "", "" },
    { "plain text", "plain text" },
    { "\x02"
      "bold\x02 \x1D"
      "it\x1D \x1F"
      "un\x1F \x1E"
      "st\x1E \x11"
      "mo\x11 \x16"
      "re\x0F",
      "bold it un st mo re" },
    { "\x03"
      "4red",
      "red" },
    { "\x03"
      "04red",
      "red" },
    { "\x03"
      "123",
      "3" },
    { "\x03"
      "4,5both",
      "both" },
    { "\x03"
      "04,05both",
      "both" },
    { "\x03"
      "04,056",
      "6" },
    { "\x03"
      "4,x",
      ",x" },
    { "\x03"
      "4,",
      "," },
    { "\x03,5", ",5" },
    { "\x03", "" },
    { "\x03x", "x" },
    { "a\x03", "a" },
    { "\x03"
      "1\x03"
      "2x",
      "x" },
    { "\x04"
      "ff0000red",
      "red" },
    { "\x04"
      "FF0000,00ff00both",
      "both" },
    { "\x04"
      "ff00007",
      "7" },
    { "\x04"
      "ff0000,",
      "," },
    { "\x04"
      "12345x",
      "12345x" }, /* five digits are no colour */
    { "\x04", "" },
    { "\x04"
      "xyz",
      "xyz" },
    { "\x01"
      "VERSION\x01",
      "VERSION" },
    { "a\x7f"
      "b\tc\x1B[2Jd",
      "ab c[2Jd" },
    { "\xC3\xA4\xE2\x82\xAC", "\xC3\xA4\xE2\x82\xAC" },
    { "\x03"
      "1\xC2\xB2",
      "\xC2\xB2" },
};

static void codes_go_and_text_stays(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        char space[64];
        struct buf out = buf_over(space, sizeof(space));

        irc_format_strip(text_of(rows[i].in), &out);
        assert_int_equal(out.len, strlen(rows[i].out));
        assert_memory_equal(space, rows[i].out, out.len);
    }
}

/* The copies have no byte behind them: the address sanitizer sees one that is looked at. */
static void no_prefix_makes_it_look_behind_the_text(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        for (size_t len = 0; len <= strlen(rows[i].in); len++) {
            char in[64], space[64];
            struct buf out = buf_over(space, len);

            memcpy(in + sizeof(in) - len, rows[i].in, len);
            irc_format_strip((struct text){ in + sizeof(in) - len, len }, &out);
            assert_false(out.full); /* stripping never makes text longer */
        }
    }
}

static void stripping_twice_changes_nothing_more(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        char once_space[64], twice_space[64];
        struct buf once = buf_over(once_space, sizeof(once_space));
        struct buf twice = buf_over(twice_space, sizeof(twice_space));

        irc_format_strip(text_of(rows[i].in), &once);
        irc_format_strip(buf_text(&once), &twice);
        assert_true(text_equal(buf_text(&once), buf_text(&twice)));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(codes_go_and_text_stays),
        cmocka_unit_test(no_prefix_makes_it_look_behind_the_text),
        cmocka_unit_test(stripping_twice_changes_nothing_more),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
