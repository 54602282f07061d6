/* SPDX-License-Identifier: MIT */
/* The example and the manual say what the table says, key by key. The working directory is tests/.
 */
#include "app/config.h"
#include "app/config_table.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#define EXAMPLE "../conf/partylined.conf"
#define MANUAL  "../docs/partylined.conf.5"

static char *file_alloc(const char *path)
{
    FILE *stream = fopen(path, "re");
    char *content = calloc(1, 65536);

    assert_non_null(stream);
    assert_non_null(content);
    assert_true(fread(content, 1, 65535, stream) > 0);
    assert_int_equal(fclose(stream), 0);
    return content;
}

static char *print_alloc(const struct config *config)
{
    char *printed = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&printed, &size);

    assert_non_null(stream);
    assert_int_equal(config_print(config, stream), 0);
    assert_int_equal(fclose(stream), 0);
    return printed;
}

/* "name = value;" as --print-config has it. */
static struct text default_of(const struct config_row *row, const char *printed)
{
    struct text name = text_of(row->key);
    char begin[80];
    struct text rest;

    (void)text_cut(&name, '.');
    snprintf(begin, sizeof(begin), "    %.*s = ", TEXT_ARG(name));
    rest = text_of(strstr(printed, begin) + 4);
    return text_cut(&rest, '\n');
}

/* Replaces every `from`, in place, by the `to` that is not longer. */
static void replace_all(char *content, const char *from, const char *to)
{
    size_t n_from = strlen(from);
    size_t n_to = strlen(to);

    for (char *at = strstr(content, from); at != NULL; at = strstr(at + n_to, from)) {
        memcpy(at, to, n_to);
        memmove(at + n_to, at + n_from, strlen(at + n_from) + 1);
    }
}

static void assert_contains(const char *where, const char *content, const struct buf *wanted)
{
    assert_false(wanted->full);
    if (strstr(content, wanted->at) == NULL) {
        fail_msg("%s lacks:\n%s", where, wanted->at);
    }
}

/* "A whole number from 1 to 5." */
static void sentence_put(const struct config_row *row, struct buf *out)
{
    size_t start = out->len;

    config_row_print_range(row, out);
    out->at[start] = (char)(out->at[start] - 'a' + 'A');
}

static void the_example_equals_the_defaults(void **state)
{
    struct config example = { 0 };
    struct config defaults;
    struct config_error error;
    char *printed, *expected;

    (void)state;
    assert_int_equal(config_defaults(&defaults), 0);
    assert_int_equal(config_load(&example, EXAMPLE, &error), 0);
    printed = print_alloc(&example);
    expected = print_alloc(&defaults);
    assert_string_equal(printed, expected);
    free(printed);
    free(expected);
    config_fini(&example);
    config_fini(&defaults);
}

static void the_example_has_each_key_with_help_and_range_at_its_default(void **state)
{
    char *example = file_alloc(EXAMPLE);
    struct config defaults;
    char *printed;

    (void)state;
    assert_int_equal(config_defaults(&defaults), 0);
    printed = print_alloc(&defaults);
    replace_all(example, "\n    # ", " ");
    for (size_t i = 0; i < CONFIG_KEYS; i++) {
        char wanted[1024];
        struct buf out = buf_over(wanted, sizeof(wanted));

        buf_format(&out, " %s ", config_table[i].help);
        sentence_put(&config_table[i], &out);
        buf_format(&out, "%s.\n    %.*s", config_table[i].can_reload ? "" : "; restart",
                   TEXT_ARG(default_of(&config_table[i], printed)));
        buf_char(&out, '\0');
        assert_contains(EXAMPLE, example, &out);
    }
    free(printed);
    free(example);
    config_fini(&defaults);
}

static void the_manual_has_each_key_with_help_and_range_and_default(void **state)
{
    char *manual = file_alloc(MANUAL);
    struct config defaults;
    char *printed;

    (void)state;
    assert_int_equal(config_defaults(&defaults), 0);
    printed = print_alloc(&defaults);
    replace_all(manual, "\\(dq", "\"");
    replace_all(manual, "\n", " ");
    for (size_t i = 0; i < CONFIG_KEYS; i++) {
        struct text value = default_of(&config_table[i], printed);
        char wanted[1024];
        struct buf out = buf_over(wanted, sizeof(wanted));

        (void)text_cut(&value, '=');
        value.len--; /* the semicolon */
        buf_format(&out, ".It Ic %s No =%.*s %s ", config_table[i].key, TEXT_ARG(value),
                   config_table[i].help);
        sentence_put(&config_table[i], &out);
        buf_format(&out, ".%s .", config_table[i].can_reload ? "" : " Needs a restart.");
        buf_char(&out, '\0');
        assert_contains(MANUAL, manual, &out);
    }
    free(printed);
    free(manual);
    config_fini(&defaults);
}

static void no_two_groups_have_a_key_of_the_same_name(void **state)
{
    (void)state;
    for (size_t i = 0; i < CONFIG_KEYS; i++) {
        for (size_t j = 0; j < i; j++) {
            assert_string_not_equal(strchr(config_table[i].key, '.'),
                                    strchr(config_table[j].key, '.'));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_example_equals_the_defaults),
        cmocka_unit_test(the_example_has_each_key_with_help_and_range_at_its_default),
        cmocka_unit_test(the_manual_has_each_key_with_help_and_range_and_default),
        cmocka_unit_test(no_two_groups_have_a_key_of_the_same_name),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
