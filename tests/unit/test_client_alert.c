/* SPDX-License-Identifier: MIT */
/* client/alert: what the desktop is told, how often, and that nobody can put more into it. */
#include "support/desk_rig.h"

#include "lib/utf8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define OUT  "\x1B[O"
#define IN   "\x1B[I"
#define SAID "\x1B\\"

static struct desk_rig rig;
static char sequence[ALERT_BYTES_MAX + 1];

static int set_up(void **state)
{
    (void)state;
    desk_rig_begin(&rig, 10, 60);
    desk_rig_enter(&rig);
    desk_rig_type(&rig, TEXT(OUT));
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    desk_rig_end(&rig);
    return 0;
}

static struct alert *alert(void)
{
    return &rig.desk.windows.alert;
}

static void hear(const char *line)
{
    desk_rig_hear(&rig, text_of(line));
}

static const char *put_at(const struct alert_place *place, enum settings_notify wish,
                          int64_t now_ms)
{
    struct buf b = buf_over(sequence, sizeof(sequence) - 1);

    alert_put(alert(), wish, place, now_ms, &b);
    assert_false(b.full);
    sequence[b.len] = '\0';
    return sequence;
}

static const char *put(enum settings_notify how, int64_t now_ms)
{
    const struct alert_place place = { .known = SETTINGS_NOTIFY_OFF };

    return put_at(&place, how, now_ms);
}

static void each_terminal_has_its_sequence(void **state)
{
    static const struct {
        enum settings_notify how;
        const char *line, *sequence;
    } rows[] = {
        { SETTINGS_NOTIFY_OFF, ":bob!b@h PRIVMSG ann :hi", "" },
        { SETTINGS_NOTIFY_OSC9, ":bob!b@h PRIVMSG ann :4;1;hi",
          "\x1B]9;partyline: bob: 4;1;hi" SAID },
        { SETTINGS_NOTIFY_OSC9, ":bob!b@h PRIVMSG #lobby :ann: hi",
          "\x1B]9;partyline: bob in #lobby: ann: hi" SAID },
        { SETTINGS_NOTIFY_OSC777, ":bob!b@h PRIVMSG #lobby :\001ACTION waves at ann\001",
          "\x1B]777;notify;bob in #lobby;* bob waves at ann" SAID },
        { SETTINGS_NOTIFY_OSC777, ":b;c!b@h PRIVMSG ann :x;y", "\x1B]777;notify;b,c;x;y" SAID },
        { SETTINGS_NOTIFY_OSC777, ":bob!b@h KICK #lobby ann :out",
          "\x1B]777;notify;#lobby;bob removes ann (out)" SAID },
        { SETTINGS_NOTIFY_OSC99, ":bob!b@h PRIVMSG ann :hi",
          "\x1B]99;i=partyline:d=0;bob" SAID "\x1B]99;i=partyline:p=body;hi" SAID },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        hear(rows[i].line);
        assert_string_equal(put(rows[i].how, 0), rows[i].sequence);
        assert_true(alert_due_ms(alert()) == INT64_MAX);
    }
}

static void nothing_but_what_speaks_to_one_who_looks_elsewhere_is_told(void **state)
{
    (void)state;
    hear(":bob!b@h PRIVMSG #lobby :hello everybody");
    hear(":ann!a@h PRIVMSG #lobby :I am ann");
    hear(":bob!b@h NOTICE ann :ann");
    assert_true(alert_due_ms(alert()) == INT64_MAX);
    hear(":bob!b@h PRIVMSG #lobby :ann?");
    assert_true(alert_due_ms(alert()) <= 0);
    desk_rig_type(&rig, TEXT(IN)); /* seen: it is not told any more */
    assert_true(alert_due_ms(alert()) == INT64_MAX);
    hear(":bob!b@h PRIVMSG ann :psst");
    assert_true(alert_due_ms(alert()) == INT64_MAX);
    desk_rig_type(&rig, TEXT(OUT));
    assert_true(alert_due_ms(alert()) == INT64_MAX);
}

static void what_comes_soon_after_waits_and_is_counted(void **state)
{
    (void)state;
    hear(":bob!b@h PRIVMSG ann :one");
    assert_string_equal(put(SETTINGS_NOTIFY_OSC9, 5000), "\x1B]9;partyline: bob: one" SAID);
    hear(":bob!b@h PRIVMSG ann :two");
    assert_true(alert_due_ms(alert()) == 5000 + ALERT_INTERVAL_MS);
    hear(":cat!b@h PRIVMSG ann :three");
    hear(":cat!b@h PRIVMSG ann :four");
    assert_true(alert_due_ms(alert()) == 5000 + ALERT_INTERVAL_MS);
    assert_string_equal(put(SETTINGS_NOTIFY_OSC9, 5000 + ALERT_INTERVAL_MS),
                        "\x1B]9;partyline: cat: four (and 2 more)" SAID);
}

/* Every byte, also as half of a character, in the text and in the nick: one sequence it stays. */
static void no_byte_of_the_network_ends_a_sequence(void **state)
{
    static const enum settings_notify hows[] = { SETTINGS_NOTIFY_OSC9, SETTINGS_NOTIFY_OSC777 };

    (void)state;
    for (unsigned byte = 1; byte <= 0xFF; byte++) {
        for (size_t i = 0; i < ARRAY_SIZE(hows); i++) {
            const char text[] = { (char)byte, 'a', '\xC2', (char)byte, '\\', '\0' };
            struct scrollback_record record = { .kind = EVENT_MESSAGE,
                                                .who = text_of(text),
                                                .text = text_of(text) };

            struct text inside;

            alert_add(alert(), text_of(text), &record);
            inside = text_of(put(hows[i], 0) + 1);
            assert_true(inside.len > 4);
            assert_string_equal(inside.at + inside.len - 2, SAID);
            inside.len -= 2;
            assert_true(utf8_is_clean(inside, UTF8_KEEP_NONE));
        }
    }
}

static void add_long(size_t len)
{
    static char text[2000];
    const struct scrollback_record record = { .kind = EVENT_MESSAGE,
                                              .who = { .at = text, .len = len },
                                              .text = { .at = text, .len = len } };

    memset(text, 'x', sizeof(text));
    alert_add(alert(), TEXT_NONE, &record);
}

static void what_is_too_long_is_cut_and_that_is_seen(void **state)
{
    static const struct {
        size_t len, title, body;
        bool is_cut;
    } rows[] = {
        { ALERT_TITLE_MAX, ALERT_TITLE_MAX, ALERT_TITLE_MAX, false },
        { ALERT_BODY_MAX, ALERT_TITLE_MAX, ALERT_BODY_MAX, false },
        { ALERT_BODY_MAX + 1, ALERT_TITLE_MAX, ALERT_BODY_MAX, true },
        { 2000, ALERT_TITLE_MAX, ALERT_BODY_MAX, true },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        add_long(rows[i].len);
        assert_int_equal(alert()->title_len, rows[i].title);
        assert_int_equal(alert()->body_len, rows[i].body);
        assert_int_equal(memcmp(alert()->body + rows[i].body - 3, "\xE2\x80\xA6", 3) == 0,
                         rows[i].is_cut);
        alert()->n = UINT32_MAX; /* as long as it gets */
        (void)put(SETTINGS_NOTIFY_OSC99, 0);
    }
}

static void what_is_longest_gets_through_tmux(void **state)
{
    const struct alert_place tmux = { .is_tmux = true };

    (void)state;
    add_long(ALERT_BODY_MAX + 1);
    alert()->n = UINT32_MAX;
    (void)put_at(&tmux, SETTINGS_NOTIFY_OSC99, 0);
}

/* "NAME=value" each. */
static const char *const *environment;

static const char *look(const char *name)
{
    for (const char *const *row = environment; *row != NULL; row++) {
        struct text value = text_of(*row);

        if (text_equal(text_cut(&value, '='), text_of(name))) {
            return value.at;
        }
    }
    return NULL;
}

static void the_environment_says_which_sequence(void **state)
{
    static const struct {
        const char *environment[4];
        enum settings_notify known;
        bool is_tmux;
    } rows[] = {
        { { "TERM=xterm-kitty" }, SETTINGS_NOTIFY_OSC99, false },
        { { "TERM=foot-extra" }, SETTINGS_NOTIFY_OSC777, false },
        { { "TERM=rxvt-unicode-256color", "TERM_PROGRAM=" }, SETTINGS_NOTIFY_OSC777, false },
        { { "TERM=xterm-256color", "TERM_PROGRAM=WezTerm" }, SETTINGS_NOTIFY_OSC777, false },
        { { "TERM=xterm-256color", "TERM_PROGRAM=iTerm.app" }, SETTINGS_NOTIFY_OSC9, false },
        { { "TERM=xterm-256color", "WEZTERM_PANE=0" }, SETTINGS_NOTIFY_OFF, false },
        { { "TERM=xterm-256color" }, SETTINGS_NOTIFY_OFF, false },
        { { "TERM=screen", "TERM_PROGRAM=iTerm.app" }, SETTINGS_NOTIFY_OFF, false },
        { { "TERM=linux", "TMUX=" }, SETTINGS_NOTIFY_OFF, false },
        { { NULL }, SETTINGS_NOTIFY_OFF, false },
        { { "TERM=screen", "TMUX=/tmp/x,1,0" }, SETTINGS_NOTIFY_OFF, true },
        { { "TERM=screen", "TMUX=/x", "KITTY_WINDOW_ID=1" }, SETTINGS_NOTIFY_OSC99, true },
        { { "TERM=xterm-kitty", "TMUX=/x" }, SETTINGS_NOTIFY_OFF, true },
        { { "TERM=tmux-256color", "WEZTERM_PANE=0" }, SETTINGS_NOTIFY_OSC777, true },
        { { "TERM=tmux-256color", "GHOSTTY_RESOURCES_DIR=/g" }, SETTINGS_NOTIFY_OSC777, true },
        { { "TERM=tmux-256color", "LC_TERMINAL=iTerm2" }, SETTINGS_NOTIFY_OSC9, true },
        { { "TERM=tmux-256color", "LC_TERMINAL=other" }, SETTINGS_NOTIFY_OFF, true },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct alert_place place;

        environment = rows[i].environment;
        place = alert_place(look);
        assert_int_equal(place.known, rows[i].known);
        assert_int_equal(place.is_tmux, rows[i].is_tmux);
    }
}

static void a_wish_goes_before_what_is_known(void **state)
{
    static const struct alert_place foot = { .known = SETTINGS_NOTIFY_OSC777 };
    static const struct {
        enum settings_notify wish;
        const char *sequence;
    } rows[] = {
        { SETTINGS_NOTIFY_AUTO, "\x1B]777;notify;bob;hi" SAID },
        { SETTINGS_NOTIFY_OSC9, "\x1B]9;partyline: bob: hi" SAID },
        { SETTINGS_NOTIFY_OFF, "" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        hear(":bob!b@h PRIVMSG ann :hi");
        assert_string_equal(put_at(&foot, rows[i].wish, 0), rows[i].sequence);
    }
    hear(":bob!b@h PRIVMSG ann :hi");
    assert_string_equal(put(SETTINGS_NOTIFY_AUTO, 0), "");
}

static void tmux_is_asked_to_pass_it_on(void **state)
{
    static const struct alert_place kitty = { .known = SETTINGS_NOTIFY_OSC99, .is_tmux = true };

    (void)state;
    hear(":bob!b@h PRIVMSG ann :hi\x1B\\there");
    assert_string_equal(put_at(&kitty, SETTINGS_NOTIFY_AUTO, 0),
                        "\x1BPtmux;"
                        "\x1B\x1B]99;i=partyline:d=0;bob\x1B\x1B\\"
                        "\x1B\x1B]99;i=partyline:p=body;hi\\there\x1B\x1B\\"
                        "\x1B\\");
    hear(":bob!b@h PRIVMSG ann :hi");
    assert_string_equal(put_at(&kitty, SETTINGS_NOTIFY_OFF, 0), "");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(each_terminal_has_its_sequence),
        TEST(nothing_but_what_speaks_to_one_who_looks_elsewhere_is_told),
        TEST(what_comes_soon_after_waits_and_is_counted),
        TEST(no_byte_of_the_network_ends_a_sequence),
        TEST(what_is_too_long_is_cut_and_that_is_seen),
        TEST(what_is_longest_gets_through_tmux),
        TEST(the_environment_says_which_sequence),
        TEST(a_wish_goes_before_what_is_known),
        TEST(tmux_is_asked_to_pass_it_on),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
