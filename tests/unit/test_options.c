/* SPDX-License-Identifier: MIT */
/* The daemon's command line, as a table of what people type. */
#include "app/options.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

enum { ARGUMENTS_MAX = 6 };

static int parse(const char *const *words, struct options *out, char *reason, size_t size)
{
    char copies[ARGUMENTS_MAX][64];
    char *argv[ARGUMENTS_MAX + 2] = { copies[0] };
    int argc = 1;

    snprintf(copies[0], sizeof(copies[0]), "partylined");
    for (size_t i = 0; words[i] != NULL; i++) {
        snprintf(copies[argc], sizeof(copies[0]), "%s", words[i]);
        argv[argc] = copies[argc];
        argc++;
    }
    return options_parse(argc, argv, out, reason, size);
}

static void each_form_of_the_usage_is_understood(void **state)
{
    static const struct {
        const char *words[ARGUMENTS_MAX];
        enum options_mode mode;
        bool has_path;
    } cases[] = {
        { { NULL }, OPTIONS_SERVE, false },
        { { "--config", "a.conf" }, OPTIONS_SERVE, true },
        { { "--config=a.conf" }, OPTIONS_SERVE, true },
        { { "-c", "a.conf" }, OPTIONS_SERVE, true },
        { { "--check-config" }, OPTIONS_CHECK_CONFIG, false },
        { { "--check-config", "a.conf" }, OPTIONS_CHECK_CONFIG, true },
        { { "--check-config", "-c", "a.conf" }, OPTIONS_CHECK_CONFIG, true },
        { { "--print-config", "--config", "a.conf" }, OPTIONS_PRINT_CONFIG, true },
        { { "--export", "#tea" }, OPTIONS_EXPORT, false },
        { { "--export=#tea", "--json", "-c", "a.conf" }, OPTIONS_EXPORT, true },
        { { "--version" }, OPTIONS_VERSION, false },
        { { "-h" }, OPTIONS_HELP, false },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        struct options options;
        char reason[128] = "";

        assert_int_equal(parse(cases[i].words, &options, reason, sizeof(reason)), 0);
        assert_int_equal(options.mode, cases[i].mode);
        assert_int_equal(options.config_path != NULL, cases[i].has_path);
    }
}

static void what_is_wrong_is_named(void **state)
{
    static const struct {
        const char *words[ARGUMENTS_MAX];
        const char *reason;
    } cases[] = {
        { { "--confg", "a.conf" }, "unknown option --confg" },
        { { "-x" }, "unknown option -x" },
        { { "--config" }, "--config needs the name of a file" },
        { { "a.conf" }, "unexpected argument a.conf" },
        { { "--print-config", "a.conf" }, "unexpected argument a.conf" },
        { { "--check-config", "a.conf", "b.conf" }, "unexpected argument b.conf" },
        { { "--check-config", "-c", "a.conf", "b.conf" }, "unexpected argument b.conf" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        struct options options;
        char reason[128] = "";

        assert_int_equal(parse(cases[i].words, &options, reason, sizeof(reason)), OPTIONS_BAD);
        assert_string_equal(reason, cases[i].reason);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_form_of_the_usage_is_understood),
        cmocka_unit_test(what_is_wrong_is_named),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
