/* SPDX-License-Identifier: MIT */
/* What reaches the sink: levels, fields, lines that nobody can break out of. */
#include "lib/report.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct {
    unsigned n_lines;
    enum report_level level;
    char line[4096];
    struct report_field fields[32];
    size_t n_fields;
} heard;

static void heard_sink(enum report_level level, const char *line, const struct report_field *fields,
                       size_t n)
{
    heard.n_lines++;
    heard.level = level;
    (void)snprintf(heard.line, sizeof(heard.line), "%s", line);
    heard.n_fields = n;
    if (n > 0) {
        memcpy(heard.fields, fields, n * sizeof(*fields));
    }
    errno = EIO; /* as a real sink may leave it */
}

static int setup(void **state)
{
    (void)state;
    memset(&heard, 0, sizeof(heard));
    report_set_sink(heard_sink);
    report_set_level(REPORT_INFO);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    report_set_sink(NULL);
    report_set_level(REPORT_INFO);
    return 0;
}

static void a_line_reaches_the_sink_formatted_and_with_its_level(void **state)
{
    (void)state;
    report(REPORT_WARNING, "%d of %s", 3, "four");
    assert_int_equal(heard.n_lines, 1);
    assert_int_equal(heard.level, REPORT_WARNING);
    assert_string_equal(heard.line, "3 of four");
    assert_int_equal(heard.n_fields, 0);
}

static void a_level_above_the_one_set_is_not_heard(void **state)
{
    (void)state;
    assert_false(report_is_on(REPORT_DEBUG));
    report(REPORT_DEBUG, "nothing");
    report_with(REPORT_DEBUG, NULL, 0, "nothing");
    assert_int_equal(heard.n_lines, 0);
    report_set_level(REPORT_DEBUG);
    assert_true(report_is_on(REPORT_DEBUG));
    report(REPORT_DEBUG, "something");
    assert_int_equal(heard.n_lines, 1);
}

static void fields_without_a_value_are_left_out(void **state)
{
    static const struct report_field fields[] = {
        { "ONE", "1" },
        { "NONE", NULL },
        { "TWO", "2" },
    };

    (void)state;
    report_with(REPORT_INFO, fields, ARRAY_SIZE(fields), "line");
    assert_int_equal(heard.n_fields, 2);
    assert_string_equal(heard.fields[0].name, "ONE");
    assert_string_equal(heard.fields[1].name, "TWO");
    assert_string_equal(heard.fields[1].value, "2");
}

static void control_bytes_cannot_begin_a_second_line(void **state)
{
    (void)state;
    report(REPORT_INFO, "name %s", "a\nb\r\x1b[2J\x7f\tc");
    assert_string_equal(heard.line, "name a?b??[2J??c");
}

static void a_line_too_long_is_cut_between_characters_and_says_so(void **state)
{
    char long_text[3000];
    char shifted[3000];

    (void)state;
    for (size_t i = 0; i < sizeof(long_text) - 1; i++) {
        long_text[i] = (i % 2 == 0) ? '\xC3' : '\xA9'; /* e with acute accent */
    }
    long_text[sizeof(long_text) - 2] = '\0';
    for (int shift = 0; shift < 2; shift++) {
        size_t len;

        (void)snprintf(shifted, sizeof(shifted), "%s%.2990s", shift == 0 ? "" : "x", long_text);
        report(REPORT_INFO, "%s", shifted);
        len = strlen(heard.line);
        assert_in_range(len, 1000, 1023);
        assert_string_equal(heard.line + len - 3, "...");
        assert_int_equal((unsigned char)heard.line[len - 4], 0xA9);
    }
}

static void a_line_of_just_the_limit_is_not_cut(void **state)
{
    char text[1024];

    (void)state;
    memset(text, 'x', sizeof(text) - 1);
    text[sizeof(text) - 1] = '\0';
    report(REPORT_INFO, "%s", text);
    assert_string_equal(heard.line, text);
    report(REPORT_INFO, "%sy", text);
    assert_int_equal(strlen(heard.line), 1023);
    assert_string_equal(heard.line + 1020, "...");
}

static void reporting_leaves_errno_alone(void **state)
{
    (void)state;
    errno = ENOENT;
    report(REPORT_INFO, "line");
    assert_int_equal(errno, ENOENT);
    report_with(REPORT_INFO, NULL, 0, "line");
    assert_int_equal(errno, ENOENT);
}

static void without_a_sink_one_line_goes_to_standard_error(void **state)
{
    char bytes[64] = "";
    int saved = dup(STDERR_FILENO);
    int ends[2];

    (void)state;
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(dup2(ends[1], STDERR_FILENO), STDERR_FILENO);
    report_set_sink(NULL);
    report(REPORT_ERROR, "cannot %s", "start");
    assert_int_equal(dup2(saved, STDERR_FILENO), STDERR_FILENO);
    close(saved);
    close(ends[1]);
    assert_int_equal(read(ends[0], bytes, sizeof(bytes) - 1), strlen("cannot start\n"));
    assert_string_equal(bytes, "cannot start\n");
    close(ends[0]);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_line_reaches_the_sink_formatted_and_with_its_level),
        TEST(a_level_above_the_one_set_is_not_heard),
        TEST(fields_without_a_value_are_left_out),
        TEST(control_bytes_cannot_begin_a_second_line),
        TEST(a_line_too_long_is_cut_between_characters_and_says_so),
        TEST(a_line_of_just_the_limit_is_not_cut),
        TEST(reporting_leaves_errno_alone),
        TEST(without_a_sink_one_line_goes_to_standard_error),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
