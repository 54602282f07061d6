/* SPDX-License-Identifier: MIT */
/* What is said about a file of the configuration that is wrong, and that nothing comes of it. */
#include "support/config_rig.h"

#include <sys/stat.h>

static const struct {
    const char *content;
    unsigned line;
    const char *key, *reason;
} WRONG[] = {
    { "limits: {\n conections = 5; };", 2, "limits.conections",
      "unknown key; did you mean \"limits.connections\"?" },
    { "limit: {\n\n connections = 5; };", 3, "limit.connections",
      "unknown key; did you mean \"limits.connections\"?" },
    { "connections = 5;", 1, "connections", "unknown key; did you mean \"limits.connections\"?" },
    { "server: { lobby = \"#x\"; };", 1, "server.lobby",
      "unknown key; did you mean \"rooms.lobby\"?" },
    { "limits: { colour = 5; };", 1, "limits.colour", "unknown key; partylined.conf(5)" },
    { "colours: { };", 1, "colours", "unknown key" },
    { "limits = 5;", 1, "limits", "must be a group" },
    { "limits: { pages: { n = 1; }; };", 1, "limits.pages", "must be a whole number from 16" },
    { "limits: { pages = \"many\"; };", 1, "limits.pages", "must be a whole number from 16" },
    { "limits: { pages = 17.5; };", 1, "limits.pages", "must be a whole number from 16" },
    { "limits: { pages = true; };", 1, "limits.pages", "must be a whole number from 16" },
    { "limits: { log_bytes = 1; };", 1, "limits.log_bytes", "must be a number of bytes from" },
    { "timeouts: { ping = 4; };", 1, "timeouts.ping", "must be a number of seconds from 5" },
    { "server: { name = 5; };", 1, "server.name", "must be a text in quotes, 1 to 63 bytes" },
    { "server: { name = \"a b\"; };", 1, "server.name", "must be one word" },
    { "server: { name = \"a\\x01\"; };", 1, "server.name", "without control characters" },
    { "server: { motd_file = \"motd\"; };", 1, "server.motd_file", "absolute path" },
    { "server: { motd_file = \"/\xff\"; };", 1, "server.motd_file", "must be UTF-8" },
    { "listen: { line = \"*:7777\"; };", 1, "listen.line", "must be a list of 0 to 8 texts" },
    { "listen: { line = [ 1, 2 ]; };", 1, "listen.line", "must be a list" },
    { "listen: {\n irc = [ \"localhost\" ]; };", 2, "listen.irc",
      "\"localhost\" is no address to listen on" },
    { "rooms: { lobby = \"lobby\"; };", 1, "rooms.lobby", "is no name of a room" },
    { "rooms: { permanent = [ \"#a\", \"b c\" ]; };", 1, "rooms.permanent",
      "\"b\" is no name of a room" },
    { "rooms: { permanent = [ \"\" ]; };", 1, "rooms.permanent", "is no name of a room" },
    { "rooms: {\n new_modes = \"ntk\"; };", 2, "rooms.new_modes",
      "may have the letters i, m, n, s and t" },
    { "rooms: { permanent_modes = \"+n\"; };", 1, "rooms.permanent_modes", "may have" },
    { "server: { network = \"two words\"; };", 1, "server.network", "must be one word" },
    { "rooms: { each = \"#a\"; };", 1, "rooms.each", "must be a list of 0 to 1000 groups" },
    { "rooms: { each = { name = \"#a\"; }; };", 1, "rooms.each", "must be a list of 0 to" },
    { "rooms: { each = [ \"#a\" ]; };", 1, "rooms.each", "must be a group with a name" },
    { "rooms: { each = (\n \"#a\" ); };", 2, "rooms.each", "must be a group with a name" },
    { "rooms: { each = ( {\n keep_days = 1; } ); };", 1, "rooms.each",
      "must be a group with a name" },
    { "rooms: { each = ( { } ); };", 1, "rooms.each", "must be a group with a name" },
    { "rooms: { each = ( { name = 5; } ); };", 1, "rooms.each", "must be a group with a name" },
    { "rooms: { each = (\n{ keep_days = 1;\n name = \"tea\"; } ); };", 3, "rooms.each",
      "\"tea\" is no name of a room" },
    { "rooms: { each = ( { name = \"#a\\x01\"; } ); };", 1, "rooms.each",
      "without control characters" },
    { "rooms: { each = (\n{ name = \"#Tea\"; },\n{ name = \"#b\"; },\n{ name = \"#tEA\"; } ); };",
      4, "rooms.each", "\"#tEA\" has settings already" },
    { "rooms: { each = ( { name = \"#a\";\n keep_weeks = 1; } ); };", 2, "rooms.each",
      "\"keep_weeks\" is no setting of a room: there are name, history_on_join, keep_days and "
      "keep_bytes" },
    { "rooms: { each = ( { name = \"#a\";\n keep_days = \"1\"; } ); };", 2, "rooms.each",
      "keep_days must be a whole number from 0 to 36500" },
    { "rooms: { each = ( { name = \"#a\"; keep_days = 1;\n keep_days = 2; } ); };", 2, "",
      "duplicate setting name" },
    { "operators: {\n\n accounts = [ \"" ACCOUNT "\", \"ann *@* secret\" ]; };", 3,
      "operators.accounts", "text 2 of the list: HASH is no hash" },
    { "operators: { accounts = [ \"ann " HASH "\" ]; };", 1, "operators.accounts",
      "text 1 of the list: must be \"NAME MASK HASH\"" },
    { "operators: { accounts = [ \"" ACCOUNT " "
      "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\" ]; };",
      1, "operators.accounts", "HOST is too long" },
    { "limits: { memberships = 9999; };", 1, "limits.memberships",
      "9999 is less than limits.connections (10000)" },
    { "limits: { rooms = 1; };\nrooms: { permanent = [ \"#a\" ]; };", 1, "limits.rooms",
      "less than the lobby and 1 permanent" },
    { "log: { level = \"loud\"; };", 1, "log.level", "must be one of \"error\", \"warning\"" },
    { "log: { level = 3; };", 1, "log.level", "must be one of" },
    { "server: {\n name = \"a\"\n name = \"b\"; };", 3, "", "duplicate setting name" },
    { "server: {\n name == 5; };", 2, "", "syntax error" },
    { "limits: { pages = 99999999999999999999999; };", 1, "limits.pages", "must be" },
    { "server: { };\n  @include \"/etc/passwd\"\n", 2, "", "@include is not supported" },
};

static void what_is_wrong_is_said_with_line_key_and_reason(void **state)
{
    struct rig *rig = *state;

    for (size_t i = 0; i < ARRAY_SIZE(WRONG); i++) {
        assert_int_equal(rig_load(rig, WRONG[i].content), CONFIG_BAD);
        assert_string_equal(rig->error.file, rig->path);
        assert_int_equal(rig->error.line, WRONG[i].line);
        assert_string_equal(rig->error.key, WRONG[i].key);
        if (strstr(rig->error.reason, WRONG[i].reason) == NULL) {
            fail_msg("\"%s\" is not in \"%s\"", WRONG[i].reason, rig->error.reason);
        }
    }
}

static void an_error_is_printed_with_the_parts_it_has(void **state)
{
    static const struct config_error whole = { "a.conf", 7, "log.level", "must not" };
    static const struct config_error file = { .file = "a.conf", .reason = "cannot be read" };
    char printed[128];
    struct buf out = buf_over(printed, sizeof(printed));

    (void)state;
    config_error_print(&whole, &out);
    buf_char(&out, '\n');
    config_error_print(&file, &out);
    buf_char(&out, '\0');
    assert_string_equal(printed, "a.conf:7: log.level: must not\na.conf: cannot be read");
}

static void what_is_no_ordinary_file_is_refused_and_nothing_hangs_or_exits(void **state)
{
    static const char nul[] = "server: {\n\0name = 5; };";
    struct rig *rig = *state;
    char fifo[] = "/tmp/test_config.XXXXXX";

    assert_int_equal(config_load(&rig->config, "/", &rig->error), CONFIG_BAD);
    assert_string_equal(rig->error.reason, "cannot be read: not a regular file");
    assert_non_null(mkdtemp(fifo));
    assert_int_equal(rmdir(fifo), 0);
    assert_int_equal(mkfifo(fifo, 0600), 0);
    assert_int_equal(config_load(&rig->config, fifo, &rig->error), CONFIG_BAD);
    assert_int_equal(unlink(fifo), 0);
    assert_int_equal(rig_load_bytes(rig, nul, sizeof(nul) - 1), CONFIG_BAD);
    assert_int_equal(rig->error.line, 2);
    assert_int_equal(rig_load(rig, "# fine"), 0);
    assert_int_equal(ftruncate(rig->fd, CONFIG_FILE_MAX + 1), 0);
    assert_int_equal(config_load(&rig->config, rig->path, &rig->error), CONFIG_BAD);
    assert_non_null(strstr(rig->error.reason, "larger than"));
}

static void deep_nesting_is_refused_and_not_a_crash(void **state)
{
    struct rig *rig = *state;
    char *content = malloc(CONFIG_FILE_MAX);

    assert_non_null(content);
    memset(content, '(', CONFIG_FILE_MAX);
    memcpy(content, "a = ", 4);
    assert_int_equal(rig_load_bytes(rig, content, CONFIG_FILE_MAX), CONFIG_BAD);
    free(content);
}

static void a_refused_file_leaves_everything_as_it_was(void **state)
{
    struct rig *rig = *state;
    const char *name;

    assert_int_equal(rig_load(rig, "server: { name = \"old\"; };"), 0);
    name = rig->config.server.name;
    assert_int_equal(rig_load(rig, "server: { name = \"new\"; }; limits: { pages = 1; };"),
                     CONFIG_BAD);
    assert_ptr_equal(rig->config.server.name, name);
    assert_string_equal(name, "old");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define RIGGED(test) cmocka_unit_test_setup_teardown(test, rig_setup, rig_teardown)
        RIGGED(what_is_wrong_is_said_with_line_key_and_reason),
        RIGGED(an_error_is_printed_with_the_parts_it_has),
        RIGGED(what_is_no_ordinary_file_is_refused_and_nothing_hangs_or_exits),
        RIGGED(deep_nesting_is_refused_and_not_a_crash),
        RIGGED(a_refused_file_leaves_everything_as_it_was),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
