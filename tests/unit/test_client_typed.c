/* SPDX-License-Identifier: MIT */
/* client/typed: what the user types becomes lines of IRC, or an answer that helps. */
#include "typed.h"

#include "heard.h"
#include "settings.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static struct model model;
static struct event event;
static char sent_bytes[4096];

static void begin(bool has_room)
{
    static const char *const rooms[] = { "#lobby" };
    const struct model_config config = {
        .nick = TEXT("ann"), .rooms = rooms, .n_rooms = 1, .shows_own = true
    };

    model_fini(&model);
    model_init(&model, &config);
    heard_line(&model, TEXT(":s 001 ann :hi"), 0, &event);
    if (has_room) {
        heard_line(&model, TEXT(":ann!a@h JOIN #two"), 0, &event);
        heard_line(&model, TEXT(":ann!a@h JOIN #lobby"), 0, &event);
        model.current = 1;
    }
    heard_line(&model, TEXT(":s PONG s :partyline-1"), 0, &event);
    bytes_fini(&model.out);
}

static int tear_down(void **state)
{
    (void)state;
    model_fini(&model);
    return 0;
}

static const char *type(const char *line)
{
    struct buf b = buf_over(sent_bytes, sizeof(sent_bytes) - 1);

    typed_line(&model, text_of(line), 0, &event);
    buf_text_put(&b, bytes_text(&model.out));
    sent_bytes[b.len] = '\0';
    bytes_fini(&model.out);
    return sent_bytes;
}

static void lines_become_irc(void **state)
{
    static const struct {
        const char *typed, *sent;
    } rows[] = {
        { "hi there", "PRIVMSG #lobby :hi there\r\n" },
        { " spaced ", "PRIVMSG #lobby : spaced \r\n" },
        { "//usr/bin", "PRIVMSG #lobby :/usr/bin\r\n" },
        { "//", "PRIVMSG #lobby :/\r\n" },
        { "", "" },
        { "/me waves", "PRIVMSG #lobby :\001ACTION waves\001\r\n" },
        { "/ME waves", "PRIVMSG #lobby :\001ACTION waves\001\r\n" },
        { "/msg bob psst you", "PRIVMSG bob :psst you\r\n" },
        { "/msg #two hello", "PRIVMSG #two :hello\r\n" },
        { "/nick anna", "NICK anna\r\n" },
        { "/join other", "JOIN #other\r\nPING :partyline-2\r\n" },
        { "/join #other key", "JOIN #other key\r\nPING :partyline-2\r\n" },
        { "/join #two", "" },
        { "/leave", "PART #lobby\r\n" },
        { "/part tea time", "PART #lobby :tea time\r\n" },
        { "/leave #two tea", "PART #two :tea\r\n" },
        { "/leave two tea", "PART #two :tea\r\n" },
        { "/leave #nine", "PART #nine\r\n" },
        { "/join two", "" },
        { "/rooms", "LIST\r\n" },
        { "/list #t*", "LIST #t*\r\n" },
        { "/who", "NAMES #lobby\r\n" },
        { "/names #two", "NAMES #two\r\n" },
        { "/topic", "TOPIC #lobby\r\n" },
        { "/topic tea time", "TOPIC #lobby :tea time\r\n" },
        { "/raw  WHOIS bob", "WHOIS bob\r\n" },
        { "/ban bob", "MODE #lobby +b bob!*@*\r\n" },
        { "/ban *!*@host", "MODE #lobby +b *!*@host\r\n" },
        { "/ban bob!b", "MODE #lobby +b bob!b\r\n" },
        { "/unban bob", "MODE #lobby -b bob!*@*\r\n" },
        { "/op bob eve", "MODE #lobby +o bob\r\nMODE #lobby +o eve\r\n" },
        { "/deop bob", "MODE #lobby -o bob\r\n" },
        { "/voice bob", "MODE #lobby +v bob\r\n" },
        { "/devoice bob", "MODE #lobby -v bob\r\n" },
        { "/quit", "PING :partyline-2\r\n" },
        { "/help", "" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        begin(true);
        assert_string_equal(type(rows[i].typed), rows[i].sent);
        assert_int_not_equal(event.kind, EVENT_ERROR);
    }
}

static void mistakes_are_answered_and_not_sent(void **state)
{
    static const struct {
        bool has_room;
        const char *typed, *answer;
    } rows[] = {
        { true, "/bogus x", "there is no command /bogus; /help lists them all" },
        { true, "/", "there is no command /; /help lists them all" },
        { true, "/nick", "usage: /nick NAME" },
        { true, "/msg bob", "usage: /msg WHO TEXT" },
        { true, "/msg bob  ", "usage: /msg WHO TEXT" },
        { true, "/me", "usage: /me TEXT" },
        { true, "/history", "this server does not tell what was said" },
        { true, "/history 0", "usage: /history [N], N is at most 100" },
        { true, "/history 101", "usage: /history [N], N is at most 100" },
        { true, "/history 100", "this server does not tell what was said" },
        { true, "/again", "all that you said was heard, as far as is known" },
        { false, "/op bob", "you are in no room: /join #lobby" },
        { false, "/ban bob", "you are in no room: /join #lobby" },
        { false, "hello", "you are in no room: /join #lobby" },
        { false, "/me x", "you are in no room: /join #lobby" },
        { false, "/leave", "you are in no room: /join #lobby" },
        { false, "/topic", "you are in no room: /join #lobby" },
        { false, "/who", "you are in no room: /join #lobby" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        begin(rows[i].has_room);
        assert_string_equal(type(rows[i].typed), "");
        assert_int_equal(event.kind, EVENT_ERROR);
        assert_int_equal(event.text.len, strlen(rows[i].answer));
        assert_memory_equal(event.text.at, rows[i].answer, event.text.len);
    }
}

static void own_words_are_shown_unless_the_server_echoes_them(void **state)
{
    (void)state;
    begin(true);
    (void)type("/msg #two hi");
    assert_int_equal(event.kind, EVENT_MESSAGE);
    assert_true(event.is_own && event.is_elsewhere);
    (void)type("/msg bob hi");
    assert_true(text_equal(event.whom, TEXT("bob")));
    model.has_echo = true;
    (void)type("hi");
    assert_int_equal(event.kind, EVENT_NONE);
}

/* What "/help" with this behind it answers. */
static const char *help(const char *about)
{
    static char bytes[MODEL_SCRATCH_BYTES + 1];
    char line[64] = "/help ";

    (void)strcat(line, about);
    assert_string_equal(type(line), "");
    memcpy(bytes, event.text.at, event.text.len);
    bytes[event.text.len] = '\0';
    return bytes;
}

static size_t count(const char *in, const char *what)
{
    size_t n = 0;

    for (const char *at = strstr(in, what); at != NULL; at = strstr(at + 1, what)) {
        n += at[strlen(what)] == ' ' || at[strlen(what)] == '\n' ? 1 : 0;
    }
    return n;
}

static void help_is_short_and_names_every_command_once(void **state)
{
    static const char *const rare[] = { "part", "list", "names", "help", "set", "raw", "quit" };
    char name[32];

    (void)state;
    begin(true);
    assert_true(count(help(""), "\n") == 0 && strlen(help("")) < 600);
    assert_int_equal(event.kind, EVENT_HELP);
    for (size_t i = 0; typed_name(i) != NULL; i++) {
        size_t n = 1;

        for (size_t j = 0; j < ARRAY_SIZE(rare); j++) {
            n = strcmp(typed_name(i), rare[j]) == 0 ? 0 : n;
        }
        (void)strcpy(name, " /");
        (void)strcat(name, typed_name(i));
        if (n == 1) {
            assert_int_equal(count(help(""), name), 1);
        }
    }
    assert_null(strstr(help(""), "/part"));
}

static void help_tells_more_when_it_is_asked(void **state)
{
    (void)state;
    begin(true);
    assert_string_equal(help("kick"), "/kick    WHO [WHY]     put somebody out of this room\n");
    assert_string_equal(help("/ki"), help("KICK"));
    assert_string_equal(help("part"), "/leave   [ROOM] [WHY]  leave this room, or another one\n");
    for (size_t i = 0; typed_name(i) != NULL; i++) {
        (void)help(typed_name(i));
        assert_int_equal(event.kind, EVENT_HELP);
    }
    assert_non_null(strstr(help("all"), "\n/devoice WHO... "));
    assert_non_null(strstr(help("all"), "\n//TEXT "));
    assert_null(strstr(help("all"), "/part"));
    assert_non_null(strstr(help("keys"), "^_ undoes"));
    assert_string_equal(help("bogus"), "there is no command /bogus; /help lists them all");
    assert_int_equal(event.kind, EVENT_ERROR);
}

static void some_commands_need_no_server(void **state)
{
    (void)state;
    assert_true(typed_is_local(TEXT("/quit bye")));
    assert_true(typed_is_local(TEXT("/help")));
    assert_true(typed_is_local(TEXT("/bogus")));
    assert_false(typed_is_local(TEXT("/join x")));
    assert_false(typed_is_local(TEXT("//quit")));
    assert_false(typed_is_local(TEXT("quit")));
    assert_false(typed_is_local(TEXT_NONE));
}

static struct settings settings;

static void begin_with_settings(bool has_screen)
{
    begin(true);
    settings_init(&settings);
    model.config.settings = &settings;
    model.config.keeps_state = has_screen;
    model.config.n_history = 20;
}

static void assert_answer(const char *line, enum event_kind kind, const char *expected)
{
    assert_string_equal(type(line), "");
    assert_int_equal(event.kind, kind);
    if (kind != EVENT_NONE) {
        assert_int_equal(event.text.len, strlen(expected));
        assert_memory_equal(event.text.at, expected, event.text.len);
    }
}

static void settings_that_mean_something_without_a_screen_are_set(void **state)
{
    (void)state;
    begin_with_settings(false);
    assert_answer("/set", EVENT_HELP,
                  "comings    on       show who comes, goes and is renamed: off, on\n"
                  "log        off      keep what is said in files: off, on\n"
                  "history    20       messages shown on entering a room: 0 to 100\n");
    assert_answer("/set comings OFF", EVENT_NONE, NULL);
    assert_false(settings.shows_comings);
    assert_answer("/se  history   100 ", EVENT_NONE, NULL);
    assert_int_equal(model.config.n_history, 100);
    assert_answer("/set log on", EVENT_NONE, NULL);
    assert_true(model.config.is_logged);
    assert_answer("/set log off", EVENT_NONE, NULL);
    assert_false(model.config.is_logged);
    assert_answer("/set history 101", EVENT_ERROR, "history can be a number from 0 to 100");
    assert_answer("/set log maybe", EVENT_ERROR, "log can be off or on");
    assert_answer("/set LOG", EVENT_HELP,
                  "log        off      keep what is said in files: off, on\n");
    assert_answer("/set loud", EVENT_ERROR, "there is no setting loud; /set lists them all");
    assert_answer("/set loud 1", EVENT_ERROR, "there is no setting loud; /set lists them all");
    assert_answer("/set Bell off", EVENT_ERROR, "Bell is for the full screen");
    assert_int_equal(settings.bell, SETTINGS_BELL_MENTIONS);
    assert_int_equal(model.config.n_history, 100);
}

static void with_a_screen_all_are_set(void **state)
{
    (void)state;
    begin_with_settings(true);
    assert_answer("/set bell off", EVENT_NONE, NULL);
    assert_int_equal(settings.bell, SETTINGS_BELL_OFF);
    (void)type("/set");
    assert_non_null(memmem(event.text.at, event.text.len, "scrollback", 10));
}

/* --log with --plain keeps files though the setting does not say so. */
static void another_setting_leaves_logging_as_it_is(void **state)
{
    (void)state;
    begin_with_settings(false);
    model.config.is_logged = true;
    assert_answer("/set comings off", EVENT_NONE, NULL);
    assert_true(model.config.is_logged);
}

static void a_program_can_set_nothing(void **state)
{
    (void)state;
    begin(true);
    assert_answer("/set log on", EVENT_ERROR, "only a person at a terminal can /set something");
    assert_true(model.has_refused);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(lines_become_irc, tear_down),
        cmocka_unit_test_teardown(mistakes_are_answered_and_not_sent, tear_down),
        cmocka_unit_test_teardown(own_words_are_shown_unless_the_server_echoes_them, tear_down),
        cmocka_unit_test_teardown(settings_that_mean_something_without_a_screen_are_set, tear_down),
        cmocka_unit_test_teardown(with_a_screen_all_are_set, tear_down),
        cmocka_unit_test_teardown(another_setting_leaves_logging_as_it_is, tear_down),
        cmocka_unit_test_teardown(a_program_can_set_nothing, tear_down),
        cmocka_unit_test_teardown(help_is_short_and_names_every_command_once, tear_down),
        cmocka_unit_test_teardown(help_tells_more_when_it_is_asked, tear_down),
        cmocka_unit_test(some_commands_need_no_server),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
