/* SPDX-License-Identifier: MIT */
/* The configuration: what a file may say, what is said about one that is wrong, printing and
 * reloading. Files are memfds. That example and manual agree with the table is test_config_docs. */
#include "app/config.h"
#include "app/config_table.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

struct rig {
    struct config config; /* holds the defaults before each test */
    struct config_error error;
    int fd;
    char path[64]; /* of the memfd */
};

static int rig_setup(void **state)
{
    struct rig *rig = calloc(1, sizeof(*rig));

    assert_non_null(rig);
    rig->fd = memfd_create("config", MFD_CLOEXEC);
    assert_true(rig->fd >= 0);
    snprintf(rig->path, sizeof(rig->path), "/proc/self/fd/%d", rig->fd);
    assert_int_equal(config_defaults(&rig->config), 0);
    *state = rig;
    return 0;
}

static int rig_teardown(void **state)
{
    struct rig *rig = *state;

    config_fini(&rig->config);
    (void)close(rig->fd);
    free(rig);
    return 0;
}

static int rig_load_bytes(struct rig *rig, const char *bytes, size_t len)
{
    assert_int_equal(ftruncate(rig->fd, 0), 0);
    assert_int_equal(pwrite(rig->fd, bytes, len, 0), len);
    memset(&rig->error, 0, sizeof(rig->error));
    return config_load(&rig->config, rig->path, &rig->error);
}

static int rig_load(struct rig *rig, const char *content)
{
    return rig_load_bytes(rig, content, strlen(content));
}

/* One key with one value; other keys give way where a sum would be in its way. */
static int rig_load_value(struct rig *rig, const struct config_row *row, const char *value)
{
    struct text name = text_of(row->key);
    struct text group = text_cut(&name, '.');
    char content[4096];
    const char *beside = "";

    if (strcmp(row->key, "limits.connections") == 0) {
        beside = "memberships = 1000000;";
    } else if (strcmp(row->key, "limits.memberships") == 0) {
        beside = "connections = 1;";
    }
    snprintf(content, sizeof(content), "%.*s: { %s %.*s = %s; };", TEXT_ARG(group), beside,
             TEXT_ARG(name), value);
    return rig_load(rig, content);
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

static void an_empty_file_gives_the_defaults(void **state)
{
    struct rig *rig = *state;

    assert_int_equal(rig_load(rig, ""), 0);
    assert_string_equal(rig->config.rooms.lobby, "#lobby");
    assert_int_equal(rig->config.limits.connections, 10000);
    assert_int_equal(rig->config.listen.line.n, 2);
    assert_string_equal(rig->config.listen.line.items[1], "[::1]:7777");
    assert_int_equal(rig->config.rooms.permanent.n, 0);
    assert_int_equal(rig->config.log.level, REPORT_INFO);
}

static void a_missing_file_is_an_error_only_when_it_was_named(void **state)
{
    struct rig *rig = *state;

    assert_int_equal(config_load(&rig->config, "/nonexistent/x.conf", &rig->error), CONFIG_BAD);
    assert_string_equal(rig->error.reason, "cannot be read: No such file or directory");
    if (access(PARTYLINE_CONFIG_PATH, F_OK) == 0) {
        skip(); /* it is installed here, so it cannot be missing */
    }
    assert_int_equal(config_load(&rig->config, NULL, &rig->error), 0);
}

static void each_number_is_taken_at_its_limits_and_refused_one_past_them(void **state)
{
    struct rig *rig = *state;

    for (size_t i = 0; i < CONFIG_KEYS; i++) {
        const struct config_row *row = &config_table[i];
        const long long good[] = { row->min, row->max };
        const long long bad[] = { (long long)row->min - 1, (long long)row->max + 1, 1LL << 40 };

        for (size_t j = 0; row->kind <= CONFIG_KIND_SECONDS && j < ARRAY_SIZE(good); j++) {
            char value[32];

            snprintf(value, sizeof(value), "%lld", good[j]);
            assert_int_equal(rig_load_value(rig, row, value), 0);
            assert_int_equal(*config_row_number(row, &rig->config), good[j]);
        }
        for (size_t j = 0; row->kind <= CONFIG_KIND_SECONDS && j < ARRAY_SIZE(bad); j++) {
            char value[32];

            snprintf(value, sizeof(value), "%lldL", bad[j]);
            assert_int_equal(rig_load_value(rig, row, value), CONFIG_BAD);
            assert_string_equal(rig->error.key, row->key);
            snprintf(value, sizeof(value), "from %u to %u", row->min, row->max);
            assert_non_null(strstr(rig->error.reason, value));
        }
    }
}

/* `n` letters in quotes, behind a beginning that the key wants. */
static void text_value(const char *begin, size_t n, char *out)
{
    size_t start = strlen(begin);

    out[0] = '"';
    memset(out + 1, 'a', n);
    memcpy(out + 1, begin, size_min(start, n));
    memcpy(out + 1 + n, "\"", 2);
}

static void each_text_is_taken_at_its_limits_and_refused_one_past_them(void **state)
{
    static const struct {
        const char *key, *begin;
    } cases[] = { { "server.name", "" }, { "server.motd_file", "/" }, { "rooms.lobby", "#" } };
    struct rig *rig = *state;
    char value[CONFIG_TEXT_MAX + 8];

    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        const struct config_row *row = config_row_find(text_of(cases[i].key));

        text_value(cases[i].begin, row->min, value);
        assert_int_equal(rig_load_value(rig, row, value), 0);
        text_value(cases[i].begin, row->max, value);
        assert_int_equal(rig_load_value(rig, row, value), 0);
        assert_int_equal(strlen(*config_row_text(row, &rig->config)), row->max);
        text_value(cases[i].begin, row->max + 1, value);
        assert_int_equal(rig_load_value(rig, row, value), CONFIG_BAD);
        if (row->min > 0) {
            text_value(cases[i].begin, row->min - 1, value);
            assert_int_equal(rig_load_value(rig, row, value), CONFIG_BAD);
        }
    }
}

static void list_value(const char *item, size_t n, char *out)
{
    *out++ = '[';
    for (size_t i = 0; i < n; i++) {
        out += sprintf(out, "%s\"%s\"", i > 0 ? "," : "", item);
    }
    memcpy(out, "]", 2);
}

static void each_list_is_taken_at_its_limits_and_refused_one_past_them(void **state)
{
    static const struct {
        const char *key, *item;
    } cases[] = { { "listen.line", "*:1" }, { "listen.irc", "*:1" }, { "rooms.permanent", "#r" } };
    struct rig *rig = *state;
    char value[8192];
    char content[8500];

    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        const struct config_row *row = config_row_find(text_of(cases[i].key));
        struct text name = text_of(row->key);
        struct text group = text_cut(&name, '.');

        for (size_t n = 0; n <= row->max + 1; n += n == 0 ? row->max : 1) {
            list_value(cases[i].item, n, value);
            snprintf(content, sizeof(content), "%.*s: { %.*s = %s; };", TEXT_ARG(group),
                     TEXT_ARG(name), value);
            assert_int_equal(rig_load(rig, content), n <= row->max ? 0 : CONFIG_BAD);
        }
        assert_int_equal(config_row_list(row, &rig->config)->n, row->max);
    }
}

static void what_is_wrong_is_said_with_line_key_and_reason(void **state)
{
    static const struct {
        const char *content;
        unsigned line;
        const char *key, *reason;
    } cases[] = {
        { "limits: {\n conections = 5; };", 2, "limits.conections",
          "unknown key; did you mean \"limits.connections\"?" },
        { "limit: {\n\n connections = 5; };", 3, "limit.connections",
          "unknown key; did you mean \"limits.connections\"?" },
        { "connections = 5;", 1, "connections",
          "unknown key; did you mean \"limits.connections\"?" },
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
    struct rig *rig = *state;

    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        assert_int_equal(rig_load(rig, cases[i].content), CONFIG_BAD);
        assert_string_equal(rig->error.file, rig->path);
        assert_int_equal(rig->error.line, cases[i].line);
        assert_string_equal(rig->error.key, cases[i].key);
        if (strstr(rig->error.reason, cases[i].reason) == NULL) {
            fail_msg("\"%s\" is not in \"%s\"", cases[i].reason, rig->error.reason);
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

static void what_is_printed_loads_as_the_same(void **state)
{
    struct rig *rig = *state;
    char *first, *second;

    assert_int_equal(
        rig_load(rig, "rooms: { permanent = ( \"#a say \\\"hi\\\"\", \"#b c:\\\\d # no comment\", "
                      "\"#caf\xc3\xa9\" ); lobby = \"#\\\\o\"; };\n"
                      "log: { level = \"debug\"; }; listen: { irc = []; line = [ \"*:1\" ]; };\n"
                      "limits: { log_bytes = 0x40000000; };"),
        0);
    first = print_alloc(&rig->config);
    assert_int_equal(rig_load(rig, first), 0);
    second = print_alloc(&rig->config);
    assert_string_equal(first, second);
    assert_string_equal(rig->config.rooms.permanent.items[1], "#b c:\\d # no comment");
    assert_string_equal(rig->config.rooms.lobby, "#\\o");
    assert_int_equal(rig->config.limits.log_bytes, 1 << 30);
    free(first);
    free(second);
}

static void a_reload_applies_what_may_change_and_lists_what_waits(void **state)
{
    struct rig *rig = *state;
    struct config_changes changes;
    struct config now;

    assert_int_equal(config_defaults(&now), 0);
    assert_int_equal(rig_load(rig, "server: { name = \"new\"; motd_file = \"/etc/motd\"; };\n"
                                   "listen: { line = [ \"*:7777\" ]; };\n"
                                   "timeouts: { ping = 30; }; log: { level = \"debug\"; };"),
                     0);
    config_reload(&now, &rig->config, &changes);
    assert_string_equal(now.server.motd_file, "/etc/motd");
    assert_int_equal(now.timeouts.ping_s, 30);
    assert_int_equal(now.log.level, REPORT_DEBUG);
    assert_int_equal(changes.n_applied, 3);
    assert_string_equal(changes.applied[1], "timeouts.ping");
    assert_string_equal(now.server.name, "partyline");
    assert_int_equal(now.listen.line.n, 2);
    assert_int_equal(changes.n_waiting, 2);
    assert_string_equal(changes.waiting[0], "server.name");
    assert_string_equal(changes.waiting[1], "listen.line");
    config_fini(&now);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define RIGGED(test) cmocka_unit_test_setup_teardown(test, rig_setup, rig_teardown)
        RIGGED(an_empty_file_gives_the_defaults),
        RIGGED(a_missing_file_is_an_error_only_when_it_was_named),
        RIGGED(each_number_is_taken_at_its_limits_and_refused_one_past_them),
        RIGGED(each_text_is_taken_at_its_limits_and_refused_one_past_them),
        RIGGED(each_list_is_taken_at_its_limits_and_refused_one_past_them),
        RIGGED(what_is_wrong_is_said_with_line_key_and_reason),
        RIGGED(an_error_is_printed_with_the_parts_it_has),
        RIGGED(what_is_no_ordinary_file_is_refused_and_nothing_hangs_or_exits),
        RIGGED(deep_nesting_is_refused_and_not_a_crash),
        RIGGED(a_refused_file_leaves_everything_as_it_was),
        RIGGED(what_is_printed_loads_as_the_same),
        RIGGED(a_reload_applies_what_may_change_and_lists_what_waits),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
