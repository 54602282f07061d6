/* SPDX-License-Identifier: MIT */
/* lib/json: any text becomes one string on one line, which every reader of JSON takes for it. */
#include "lib/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void expect(struct text t, const char *expected)
{
    char *written = NULL;
    size_t len = 0;
    FILE *to = open_memstream(&written, &len);

    assert_non_null(to);
    json_put_string(to, t);
    assert_int_equal(fclose(to), 0);
    assert_string_equal(written, expected);
    free(written);
}

static void text_is_quoted_and_escaped(void **state)
{
    (void)state;
    expect(TEXT_NONE, "\"\"");
    expect(TEXT("hello"), "\"hello\"");
    expect(TEXT("a \"b\" \\ c/d"), "\"a \\\"b\\\" \\\\ c/d\"");
    expect(TEXT("\x01\x02\x1f\x7f\n\t"), "\"\\u0001\\u0002\\u001f\\u007f\\u000a\\u0009\"");
    expect((struct text){ "a\0b", 3 }, "\"a\\u0000b\"");
    expect(TEXT("日本語 é 🎉"), "\"日本語 é 🎉\"");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_is_quoted_and_escaped),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
