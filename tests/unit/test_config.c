/* SPDX-License-Identifier: MIT */
/* The configuration: what a file may say, printing and reloading. What is refused,
 * test_config_wrong knows; that example and manual agree with the table, test_config_docs. */
#include "app/config_rooms.h"
#include "support/config_rig.h"

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
    } cases[] = { { "server.name", "" },
                  { "server.network", "" },
                  { "server.motd_file", "/" },
                  { "rooms.lobby", "#" },
                  { "rooms.permanent_modes", "intsm" },
                  { "rooms.new_modes", "intsm" } };
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
    } cases[] = { { "server.admin", "" },
                  { "listen.line", "*:1" },
                  { "listen.irc", "*:1" },
                  { "rooms.permanent", "#r" },
                  { "operators.accounts", ACCOUNT } };
    struct rig *rig = *state;
    char value[16384];
    char content[17000];

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

static void a_room_has_what_is_given_and_else_what_all_have(void **state)
{
    struct rig *rig = *state;
    const struct room_settings_list *each = &rig->config.rooms.each;
    const struct room_settings *tea;

    assert_int_equal(rig_load(rig, "rooms: { each = ( { keep_bytes = 9; name = \"#Tea\"; },\n"
                                   "{ name = \"#b\"; history_on_join = 0; keep_days = 3; } ); };"),
                     0);
    assert_int_equal(each->n, 2);
    tea = room_settings_find(each, TEXT("#tEA"));
    assert_ptr_equal(tea, &each->items[0]);
    assert_int_equal(tea->keep_bytes, 9);
    assert_int_equal(room_setting(tea->keep_bytes, 7), 9);
    assert_int_equal(room_setting(tea->history_on_join, 7), 7);
    assert_int_equal(room_setting(tea->keep_days, 0), 0);
    assert_int_equal(room_setting(each->items[1].history_on_join, 7), 0);
    assert_int_equal(room_setting(each->items[1].keep_days, 7), 3);
    assert_null(room_settings_find(each, TEXT("#te")));
}

static void a_number_of_a_room_has_the_limits_of_all_rooms(void **state)
{
    struct rig *rig = *state;
    char content[128], range[64];

    for (size_t i = 0; i < CONFIG_ROOM_KEYS; i++) {
        const struct config_room_key *key = &config_room_keys[i];
        const struct config_row *row = config_row_find(text_of(key->of_all));
        const long long values[] = { row->min, row->max, (long long)row->min - 1,
                                     (long long)row->max + 1, UINT32_MAX };

        snprintf(range, sizeof(range), "from %u to %u", row->min, row->max);
        for (size_t j = 0; j < ARRAY_SIZE(values); j++) {
            snprintf(content, sizeof(content),
                     "rooms: { each = ( { name = \"#a\"; %s = %lldL; } ); };", key->key, values[j]);
            assert_int_equal(rig_load(rig, content), j < 2 ? 0 : CONFIG_BAD);
            assert_int_equal(*config_room_number(key, &rig->config.rooms.each.items[0]),
                             values[j < 2 ? j : 1]);
            assert_true(j < 2 || strstr(rig->error.reason, range) != NULL);
        }
    }
}

static void so_many_rooms_have_settings_and_one_more_is_refused(void **state)
{
    struct rig *rig = *state;
    const struct config_row *row = config_row_find(TEXT("rooms.each"));
    char *content = calloc(1, 65536);

    assert_non_null(content);
    for (uint32_t n = row->max; n <= row->max + 1; n++) {
        char *out = content + sprintf(content, "rooms: { each = (");

        for (uint32_t i = 0; i < n; i++) {
            out += sprintf(out, "%s{ name = \"#%u\"; }", i > 0 ? "," : "", i);
        }
        (void)sprintf(out, "); };");
        assert_int_equal(rig_load(rig, content), n <= row->max ? 0 : CONFIG_BAD);
        assert_int_equal(rig->config.rooms.each.n, row->max);
    }
    free(content);
}

static void what_is_printed_loads_as_the_same(void **state)
{
    struct rig *rig = *state;
    char *first, *second;

    assert_int_equal(
        rig_load(rig, "rooms: { permanent = ( \"#a say \\\"hi\\\"\", \"#b c:\\\\d # no comment\", "
                      "\"#caf\xc3\xa9\" ); lobby = \"#\\\\o\";\n"
                      "each = ( { name = \"#a\\\"\"; keep_days = 0; }, { name = \"#b\"; keep_bytes "
                      "= 1; history_on_join = 2; } ); };\n"
                      "log: { level = \"debug\"; }; listen: { irc = []; line = [ \"*:1\" ]; };\n"
                      "limits: { log_bytes = 0x40000000; };\n"
                      "operators: { accounts = [ \"" ACCOUNT " h\" ]; };"),
        0);
    assert_int_equal(rig->config.rooms.each.n, 2);
    first = print_alloc(&rig->config);
    assert_int_equal(rig_load(rig, first), 0);
    second = print_alloc(&rig->config);
    assert_string_equal(first, second);
    assert_string_equal(rig->config.rooms.permanent.items[1], "#b c:\\d # no comment");
    assert_string_equal(rig->config.rooms.lobby, "#\\o");
    assert_string_equal(rig->config.operators.accounts.items[0], ACCOUNT " h");
    assert_int_equal(rig->config.limits.log_bytes, 1 << 30);
    assert_int_equal(rig->config.rooms.each.n, 2);
    assert_string_equal(rig->config.rooms.each.items[0].name, "#a\"");
    assert_int_equal(rig->config.rooms.each.items[1].history_on_join, 2);
    assert_int_equal(rig->config.rooms.each.items[1].keep_days, ROOM_SETTING_OF_ALL);
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
                                   "timeouts: { ping = 30; }; log: { level = \"debug\"; };\n"
                                   "operators: { accounts = [ \"" ACCOUNT "\" ]; };"),
                     0);
    config_reload(&now, &rig->config, &changes);
    assert_string_equal(now.server.motd_file, "/etc/motd");
    assert_int_equal(now.timeouts.ping_s, 30);
    assert_int_equal(now.log.level, REPORT_DEBUG);
    assert_int_equal(now.operators.accounts.n, 1);
    assert_int_equal(changes.n_applied, 4);
    assert_string_equal(changes.applied[1], "timeouts.ping");
    assert_string_equal(now.server.name, "partyline");
    assert_int_equal(now.listen.line.n, 2);
    assert_int_equal(changes.n_waiting, 2);
    assert_string_equal(changes.waiting[0], "server.name");
    assert_string_equal(changes.waiting[1], "listen.line");
    config_fini(&now);
}

static void a_reload_takes_the_settings_of_rooms_when_they_differ(void **state)
{
    static const char *const contents[] = {
        "rooms: { each = ( { name = \"#a\"; keep_days = 1; } ); };",
        "rooms: { each = ( { name = \"#b\"; keep_days = 1; } ); };",
        "rooms: { each = ( { name = \"#b\"; keep_days = 2; } ); };",
        "rooms: { each = ( { name = \"#b\"; keep_days = 2; history_on_join = 10; } ); };",
        "",
    };
    struct rig *rig = *state;
    struct config_changes changes;
    struct config now;

    assert_int_equal(config_defaults(&now), 0);
    for (size_t i = 0; i < ARRAY_SIZE(contents); i++) {
        for (size_t n_changes = 2; n_changes-- > 0;) { /* the second time nothing is new */
            assert_int_equal(rig_load(rig, contents[i]), 0);
            config_reload(&now, &rig->config, &changes);
            assert_int_equal(changes.n_applied, n_changes);
            assert_int_equal(changes.n_waiting, 0);
        }
        assert_int_equal(now.rooms.each.n, contents[i][0] != '\0');
    }
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
        RIGGED(a_room_has_what_is_given_and_else_what_all_have),
        RIGGED(a_number_of_a_room_has_the_limits_of_all_rooms),
        RIGGED(so_many_rooms_have_settings_and_one_more_is_refused),
        RIGGED(what_is_printed_loads_as_the_same),
        RIGGED(a_reload_applies_what_may_change_and_lists_what_waits),
        RIGGED(a_reload_takes_the_settings_of_rooms_when_they_differ),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
