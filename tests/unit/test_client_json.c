/* SPDX-License-Identifier: MIT */
/* client/json: events become one line each that any parser of JSON takes. */
#include "json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static char rendered[JSON_BYTES_MAX];

static const char *render(const struct event *event)
{
    struct buf out = buf_over(rendered, sizeof(rendered) - 1);

    json_render(event, &out);
    assert_false(out.full);
    rendered[out.len] = '\0';
    return rendered;
}

static void an_event_is_one_object(void **state)
{
    const struct event said = { .kind = EVENT_MESSAGE,
                                .at = 1795356120,
                                .who = TEXT("bob"),
                                .room = TEXT("#lobby"),
                                .text = TEXT("hi") };
    const struct event own = { .kind = EVENT_ACTION,
                               .is_own = true,
                               .is_past = true,
                               .who = TEXT("ann"),
                               .whom = TEXT("bob"),
                               .text = TEXT("waves") };
    const struct event away = { .kind = EVENT_AWAY, .who = TEXT("bob") };

    (void)state;
    assert_string_equal(render(&said),
                        "{\"kind\":\"message\",\"time\":\"2026-11-22T14:02:00Z\",\"own\":false,"
                        "\"room\":\"#lobby\",\"who\":\"bob\",\"text\":\"hi\"}\n");
    assert_string_equal(render(&own),
                        "{\"kind\":\"action\",\"time\":\"1970-01-01T00:00:00Z\",\"own\":true,"
                        "\"past\":true,\"who\":\"ann\",\"whom\":\"bob\",\"text\":\"waves\"}\n");
    assert_string_equal(render(&away), "");
}

static void nothing_in_a_text_ends_the_string_or_the_line(void **state)
{
    const struct event event = { .kind = EVENT_MESSAGE,
                                 .who = TEXT("b\"\\"),
                                 .text = TEXT("\x02\"quoted\"\x0F \\n\n\r\t\x1B[2J\xFF\xC3\xBC") };

    (void)state;
    assert_non_null(strstr(render(&event), "\"who\":\"b\\\"\\\\\",\"text\":\"\\\"quoted\\\" "
                                           "\\\\n [2J\xEF\xBF\xBD\xC3\xBC\"}\n"));
}

static void the_longest_line_fits(void **state)
{
    static char text[16 * 1024];
    struct event event = { .kind = EVENT_MESSAGE };

    (void)state;
    memset(text, '"', sizeof(text));
    event.text = (struct text){ .at = text, .len = sizeof(text) };
    event.who = event.text;
    event.room = event.text;
    assert_true(strlen(render(&event)) > 6 * sizeof(text));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_event_is_one_object),
        cmocka_unit_test(nothing_in_a_text_ends_the_string_or_the_line),
        cmocka_unit_test(the_longest_line_fits),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
