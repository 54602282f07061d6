/* SPDX-License-Identifier: MIT */
/* client/preferences: the configuration file gives way to the command line and says where it is
 * wrong. */
#include "preferences.h"

#include "support/temp_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static char path[] = "/tmp/partyline-preferences-XXXXXX";
static struct arguments arguments;
static struct settings settings;
static char why[1024];
static const char *home;

static int set_up(void **state)
{
    (void)state;
    home = "/home/ann";
    return temp_file_make(path);
}

static int tear_down(void **state)
{
    (void)state;
    return unlink(path);
}

static int read_with(const char *file_text, char *const argv[], int argc)
{
    FILE *file = fopen(path, "we");
    char unused[256];
    struct buf b = buf_over(unused, sizeof(unused));
    struct buf out = buf_over(why, sizeof(why) - 1);
    int r;

    assert_non_null(file);
    assert_true(fputs(file_text, file) >= 0);
    assert_int_equal(fclose(file), 0);
    settings_init(&settings);
    assert_int_equal(arguments_parse(argc, argv, "ann", &arguments, &b), 0);
    r = preferences_read(path, home, &arguments, &settings, &out);
    why[out.len] = '\0';
    return r;
}

static int read_plain(const char *file_text)
{
    static char name[] = "partyline";
    static char *const argv[] = { name, NULL };

    return read_with(file_text, argv, 1);
}

static void every_setting_is_taken(void **state)
{
    (void)state;
    assert_int_equal(
        read_plain("nick = \"carl\"; server = \"chat.example:6668\";\n"
                   "rooms = [ \"#one\", \"#two\" ];\n"
                   "bell = \"off\"; notify = \"osc777\"; members = false; comings = \"off\";\n"
                   "history = 100;\n"
                   "scrollback = 8;\n"),
        0);
    assert_string_equal(arguments.nick, "carl");
    assert_string_equal(arguments.host, "chat.example");
    assert_string_equal(arguments.port, "6668");
    assert_int_equal(arguments.n_rooms, 2);
    assert_string_equal(arguments.rooms[1], "#two");
    assert_int_equal(settings.bell, SETTINGS_BELL_OFF);
    assert_int_equal(settings.notify, SETTINGS_NOTIFY_OSC777);
    assert_false(settings.shows_members || settings.shows_comings);
    assert_int_equal(settings.n_history, 100);
    assert_int_equal(settings.scrollback_mib, 8);
}

static void the_command_line_goes_before_it(void **state)
{
    static char words[][16] = { "partyline", "-n", "dora", "-j", "#mine", "localhost" };
    char *argv[] = { words[0], words[1], words[2], words[3], words[4], words[5], NULL };

    (void)state;
    assert_int_equal(read_with("nick = \"carl\"; server = \"x:1\"; rooms = [ \"#one\" ];", argv, 6),
                     0);
    assert_string_equal(arguments.nick, "dora");
    assert_string_equal(arguments.host, "localhost");
    assert_int_equal(arguments.n_rooms, 1);
    assert_string_equal(arguments.rooms[0], "#mine");
}

static void what_is_wrong_is_told_with_its_line(void **state)
{
    static const struct {
        const char *file, *why;
    } rows[] = {
        { "\nnick = \"a b\";", ":2: nick: this cannot be one" },
        { "nick = 7;", ":1: nick: a text in quotes is needed" },
        { "server = \"a:b:c\";", NULL },
        { "server = \"a:99999\";", ":1: server: this cannot be one" },
        { "rooms = \"#a\";", ":1: rooms: a list is needed: [ \"#lobby\", \"#tea\" ]" },
        { "rooms = [ \"a\" ];", ":1: rooms: a room's name begins with '#'" },
        { "bell = \"loud\";", ":1: bell can be off, private, mentions or all" },
        { "history = 101;", ":1: history can be a number from 0 to 100" },
        { "scrollback = 0;", ":1: scrollback can be a number from 1 to 4096" },
        { "scrollback = 1.5;", ":1: scrollback: a text, a number, or true or false is needed" },
        { "tls = 1;", ":1: tls: true or false is needed" },
        { "tls_ca = true;", ":1: tls_ca: a text in quotes is needed" },
        { "account = \"\";", ":1: account: not the name of an account: 1 to 255 bytes" },
        { "password = \"x\";", ":1: there is no setting password; /set lists them all" },
        { "beep = 1;", ":1: there is no setting beep; /set lists them all" },
        { "nick = ", ":1: syntax error" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        int r = read_plain(rows[i].file);

        assert_int_equal(r, rows[i].why == NULL ? 0 : PREFERENCES_WRONG);
        if (rows[i].why != NULL) {
            assert_memory_equal(why, path, strlen(path));
            assert_string_equal(why + strlen(path), rows[i].why);
        }
    }
}

static void a_path_may_begin_at_home(void **state)
{
    static const struct {
        const char *file, *home, *expected;
    } rows[] = {
        { "~/secret", "/home/ann", "/home/ann/secret" },
        { "$HOME/a b/$HOME", "/home/ann", "/home/ann/a b/$HOME" },
        { "${HOME}/secret", "/home/ann", "/home/ann/secret" },
        { "~", "/home/ann", "/home/ann" },
        { "./~/secret", "/home/ann", "./~/secret" },
        { "/a/~/secret", NULL, "/a/~/secret" },
    };
    char text[256];

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        home = rows[i].home;
        (void)snprintf(text, sizeof(text),
                       "account = \"a\"; password_file = \"%s\"; tls_ca = \"%s\";", rows[i].file,
                       rows[i].file);
        assert_int_equal(read_plain(text), 0);
        assert_string_equal(arguments.access.password_file, rows[i].expected);
        assert_string_equal(arguments.access.ca_file, rows[i].expected);
    }
}

static void homes_that_are_not_known_are_told(void **state)
{
    static const struct {
        const char *file, *home, *words;
    } rows[] = {
        { "~bob/secret", "/home/ann", "only ~/ and $HOME/" },
        { "~~/secret", "/home/ann", "only ~/ and $HOME/" },
        { "$HOMER/secret", "/home/ann", "only ~/ and $HOME/" },
        { "${HOME/secret", "/home/ann", "only ~/ and $HOME/" },
        { "$", "/home/ann", "only ~/ and $HOME/" },
        { "~/secret", NULL, "HOME does not say" },
        { "~/secret", "", "HOME does not say" },
        { "$HOME", "ann", "HOME does not say" },
    };
    char text[256];

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        home = rows[i].home;
        (void)snprintf(text, sizeof(text), "\ntls_ca = \"%s\";", rows[i].file);
        assert_int_equal(read_plain(text), PREFERENCES_WRONG);
        assert_non_null(strstr(why, ":2: tls_ca: "));
        assert_non_null(strstr(why, rows[i].words));
    }
}

/* With the home that it begins with. */
static void a_path_has_a_limit(void **state)
{
    char text[ACCESS_PATH_MAX + 64];

    (void)state;
    for (int over = 0; over < 2; over++) {
        int n = ACCESS_PATH_MAX - (int)strlen("/home/ann/") + over;

        (void)snprintf(text, sizeof(text), "tls_ca = \"~/%0*d\";", n, 0);
        assert_int_equal(read_plain(text), over == 0 ? 0 : PREFERENCES_WRONG);
    }
    assert_non_null(strstr(why, "not the path of a file"));
}

static const char of_a_server[] = "server = \"irc.example\"; tls = true; tls_ca = \"/ca\";\n"
                                  "account = \"ann\"; password_command = \"pass irc\";\n";

/* Parses `file_text` with the words on the command line, which a NULL ends. */
static void read_words(const char *file_text, const char *const *words)
{
    static char copies[6][64];
    char *argv[7] = { copies[0] };
    int argc = 1;

    (void)strcpy(copies[0], "partyline");
    for (; *words != NULL; words++, argc++) {
        (void)strncpy(copies[argc], *words, sizeof(copies[0]) - 1);
        argv[argc] = copies[argc];
    }
    assert_int_equal(read_with(file_text, argv, argc), 0);
}

#define READ_WORDS(...) read_words(of_a_server, (const char *const[]){ __VA_ARGS__, NULL })

static void a_server_of_the_file_has_its_protection_and_account(void **state)
{
    (void)state;
    assert_int_equal(read_plain(of_a_server), 0);
    assert_true(arguments.access.is_tls);
    assert_string_equal(arguments.access.ca_file, "/ca");
    assert_string_equal(arguments.access.account, "ann");
    assert_string_equal(arguments.access.password_command, "pass irc");
    assert_int_equal(read_plain("tls = false; password_file = \"/p\"; cleartext_password = true;"),
                     0);
    assert_false(arguments.access.is_tls);
    assert_string_equal(arguments.access.password_file, "/p");
    assert_true(arguments.access.is_cleartext);
}

/* Above all its password. */
static void another_server_gets_nothing_of_it(void **state)
{
    (void)state;
    READ_WORDS("other.example");
    assert_string_equal(arguments.host, "other.example");
    assert_false(arguments.access.is_tls);
    assert_string_equal(arguments.access.ca_file, "");
    assert_string_equal(arguments.access.account, "");
    assert_string_equal(arguments.access.password_command, "");
}

static void another_account_does_not_get_its_password(void **state)
{
    (void)state;
    READ_WORDS("--account", "bob");
    assert_true(arguments.access.is_tls);
    assert_string_equal(arguments.access.account, "bob");
    assert_string_equal(arguments.access.password_command, "");
    READ_WORDS("--password-file", "/p");
    assert_string_equal(arguments.access.account, "ann");
    assert_string_equal(arguments.access.password_file, "/p");
    assert_string_equal(arguments.access.password_command, "");
}

static void a_folder_in_its_place_is_told(void **state)
{
    struct buf b = buf_over(why, sizeof(why) - 1);

    (void)state;
    assert_int_equal(preferences_read("/", home, &arguments, &settings, &b), PREFERENCES_WRONG);
    why[b.len] = '\0';
    assert_string_equal(why, "/: cannot be read: Is a directory");
}

static void a_file_that_is_not_there_is_fine(void **state)
{
    struct buf b = buf_over(why, sizeof(why));

    (void)state;
    assert_int_equal(preferences_read("/nonexistent/x", home, &arguments, &settings, &b), 0);
}

static void it_lies_where_the_environment_says(void **state)
{
    static const struct {
        const char *config_home, *home, *path;
    } rows[] = {
        { "/c", "/h", "/c/partyline/partyline.conf" },
        { "", "/h", "/h/.config/partyline/partyline.conf" },
        { "relative", "/h", "/h/.config/partyline/partyline.conf" },
        { NULL, "/h", "/h/.config/partyline/partyline.conf" },
        { NULL, NULL, NULL },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct buf b = buf_over(why, sizeof(why));

        assert_int_equal(preferences_path(rows[i].config_home, rows[i].home, &b),
                         rows[i].path != NULL);
        assert_true(text_equal(buf_text(&b), text_of(rows[i].path)));
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_setting_is_taken),
        TEST(the_command_line_goes_before_it),
        TEST(a_server_of_the_file_has_its_protection_and_account),
        TEST(another_server_gets_nothing_of_it),
        TEST(another_account_does_not_get_its_password),
        TEST(what_is_wrong_is_told_with_its_line),
        TEST(a_path_may_begin_at_home),
        TEST(homes_that_are_not_known_are_told),
        TEST(a_path_has_a_limit),
        TEST(a_folder_in_its_place_is_told),
        TEST(a_file_that_is_not_there_is_fine),
        TEST(it_lies_where_the_environment_says),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
