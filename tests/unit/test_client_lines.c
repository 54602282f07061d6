/* SPDX-License-Identifier: MIT */
/* client/lines: events become lines that no terminal can be harmed by. */
#include "lines.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define ANN  TEXT("ann")
#define BOB  TEXT("bob")
#define ROOM TEXT("#lobby")

static char rendered[LINES_BYTES];

static const char *render(struct event event, bool has_colour)
{
    struct lines_look look = { .has_colour = has_colour };
    struct buf out = buf_over(rendered, sizeof(rendered) - 1);

    event.at = 9 * 3600 + 5 * 60;
    lines_render(&event, &look, &out);
    assert_false(out.full);
    rendered[out.len] = '\0';
    return rendered;
}

static void every_kind_of_event_has_its_line(void **state)
{
    const struct {
        struct event event;
        const char *line;
    } rows[] = {
        { { .kind = EVENT_NONE }, "" },
        { { .kind = EVENT_MESSAGE, .who = ANN, .room = ROOM, .text = TEXT("hi") },
          "09:05 <ann> hi\n" },
        { { .kind = EVENT_MESSAGE,
            .who = ANN,
            .room = ROOM,
            .is_elsewhere = true,
            .text = TEXT("hi") },
          "09:05 #lobby <ann> hi\n" },
        { { .kind = EVENT_MESSAGE, .who = ANN, .room = ROOM, .is_past = true, .text = TEXT("hi") },
          "09:05 earlier <ann> hi\n" },
        { { .kind = EVENT_MESSAGE, .who = ANN, .whom = BOB, .text = TEXT("hi") },
          "09:05 [ann -> bob] hi\n" },
        { { .kind = EVENT_ACTION, .who = ANN, .room = ROOM, .text = TEXT("waves") },
          "09:05 * ann waves\n" },
        { { .kind = EVENT_ACTION, .who = ANN, .whom = BOB, .text = TEXT("waves") },
          "09:05 [ann -> bob] * waves\n" },
        { { .kind = EVENT_NOTICE, .who = TEXT("irc"), .whom = ANN, .text = TEXT("beep") },
          "09:05 -irc- beep\n" },
        { { .kind = EVENT_JOIN, .who = ANN, .room = ROOM }, "09:05 * ann has joined #lobby\n" },
        { { .kind = EVENT_LEAVE, .who = ANN, .room = ROOM, .text = TEXT("tea") },
          "09:05 * ann has left #lobby (tea)\n" },
        { { .kind = EVENT_QUIT, .who = ANN }, "09:05 * ann has quit\n" },
        { { .kind = EVENT_QUIT, .who = ANN, .text = TEXT("bye") }, "09:05 * ann has quit (bye)\n" },
        { { .kind = EVENT_KICK, .who = ANN, .whom = BOB, .room = ROOM, .text = TEXT("x") },
          "09:05 * ann removes bob from #lobby (x)\n" },
        { { .kind = EVENT_NICK, .who = ANN, .whom = BOB }, "09:05 * ann is now called bob\n" },
        { { .kind = EVENT_TOPIC, .who = ANN, .room = ROOM, .text = TEXT("tea") },
          "09:05 * ann sets the topic of #lobby: tea\n" },
        { { .kind = EVENT_TOPIC, .room = ROOM, .text = TEXT("tea") },
          "09:05 * topic of #lobby: tea\n" },
        { { .kind = EVENT_NAMES, .room = ROOM, .text = TEXT("@ann bob") },
          "09:05 * in #lobby: @ann bob\n" },
        { { .kind = EVENT_MODE, .who = ANN, .room = ROOM, .text = TEXT("+o bob") },
          "09:05 * ann sets in #lobby +o bob\n" },
        { { .kind = EVENT_AWAY, .who = ANN, .text = TEXT("tea") }, "" },
        { { .kind = EVENT_INFO, .text = TEXT("note") }, "09:05 * note\n" },
        { { .kind = EVENT_ERROR, .text = TEXT("wrong") }, "09:05 ! wrong\n" },
        { { .kind = EVENT_HELP, .text = TEXT("a\nb\n") }, "a\nb\n" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        assert_string_equal(render(rows[i].event, false), rows[i].line);
    }
}

static void formatting_and_controls_are_taken_out(void **state)
{
    static const struct {
        const char *in, *out;
    } rows[] = {
        { "plain", "plain" },
        { "\x02"
          "bold\x02 \x1D"
          "it\x1F"
          "ul\x1E\x11\x16\x0F",
          "bold itul" },
        { "\x03"
          "4red",
          "red" },
        { "\x03"
          "04,12red",
          "red" },
        { "\x03"
          "123",
          "3" },
        { "\x03"
          "4,x",
          ",x" },
        { "\x03"
          "4,",
          "," },
        { "\x03,4", ",4" },
        { "\x03", "" },
        { "a\x03"
          "1,23"
          "4b",
          "a4b" },
        { "\x04"
          "FF00aaX",
          "X" },
        { "\x04"
          "FF00aa,00ff00X",
          "X" },
        { "\x04"
          "FF00aa,00ff0X",
          ",00ff0X" },
        { "\x04"
          "FF00X",
          "FF00X" },
        { "\x1B[31mred\x1B]0;t\x07", "[31mred]0;t" },
        { "a\r\nb\x7F\xC2\x9B"
          "c",
          "abc" },
        { "\xFF", "\xEF\xBF\xBD" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        char bytes[64];
        struct buf out = buf_over(bytes, sizeof(bytes));

        lines_put_clean(text_of(rows[i].in), &out);
        assert_int_equal(out.len, strlen(rows[i].out));
        assert_memory_equal(bytes, rows[i].out, out.len);
    }
}

static void hostile_bytes_get_through_in_no_place(void **state)
{
    static const struct text evil = { .at = "e\x1B[2J\r\n\x07\x03"
                                            "4vil",
                                      .len = 13 };

    (void)state;
    for (int kind = EVENT_MESSAGE; kind <= EVENT_ERROR; kind++) {
        struct event event = {
            .kind = (enum event_kind)kind, .who = evil, .whom = evil, .room = evil, .text = evil
        };
        const char *line = render(event, false);

        assert_null(strpbrk(line, "\x1B\r\x07\x03"));
        assert_ptr_equal(strchr(line, '\n'), line + strlen(line) - 1);
    }
}

static void a_nick_has_one_colour_whatever_its_case(void **state)
{
    char first[256];
    struct event event = { .kind = EVENT_MESSAGE, .who = ANN, .room = ROOM };

    (void)state;
    assert_non_null(strstr(render(event, true), "mann\x1B[0m>"));
    (void)strncpy(first, rendered, sizeof(first) - 1);
    first[sizeof(first) - 1] = '\0';
    assert_string_equal(render(event, true), first);
    event.who = TEXT("ANN");
    (void)render(event, true);
    assert_memory_equal(rendered, first, (size_t)(strstr(first, "ann") - first));
}

static void without_colour_there_is_no_escape(void **state)
{
    (void)state;
    for (int kind = EVENT_NONE; kind <= EVENT_HELP; kind++) {
        struct event event = { .kind = (enum event_kind)kind, .who = ANN, .text = BOB };

        assert_null(strchr(render(event, false), '\x1B'));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_of_event_has_its_line),
        cmocka_unit_test(formatting_and_controls_are_taken_out),
        cmocka_unit_test(hostile_bytes_get_through_in_no_place),
        cmocka_unit_test(a_nick_has_one_colour_whatever_its_case),
        cmocka_unit_test(without_colour_there_is_no_escape),
    };

    (void)setenv("TZ", "UTC", 1);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
