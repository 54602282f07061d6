/* SPDX-License-Identifier: MIT */
/* Each group of keys has a function here; a value that its row of the table allows may still mean
 * nothing. */
#include "app/config_check.h"

#include "app/config_file.h"
#include "app/config_table.h"
#include "chat/modes.h"
#include "chat/names.h"
#include "front/operators.h"
#include "net/address.h"

#include <string.h>

/* Where a key stands in the file, for what only shows when all of it is read. */
struct config_checker {
    const struct config *config;
    const unsigned *lines;
    struct config_error *error;
};

static unsigned config_check_line(const struct config_checker *check, const char *key)
{
    return check->lines[config_row_find(text_of(key)) - config_table];
}

static int config_check_name(const struct config_checker *check, const char *key, const char *name)
{
    for (const char *c = name; *c != '\0'; c++) {
        if (*c <= ' ' || *c > '~' || strchr("!@:,*?", *c) != NULL) {
            return config_refuse(check->error, key, config_check_line(check, key),
                                 "must be one word of letters, digits, '.', '-' or '_'");
        }
    }
    return 0;
}

static int config_check_names(const struct config_checker *check)
{
    int r = config_check_name(check, "server.name", check->config->server.name);

    return r == 0 ? config_check_name(check, "server.network", check->config->server.network) : r;
}

static int config_check_motd(const struct config_checker *check)
{
    const char *path = check->config->server.motd_file;

    if (path[0] != '\0' && path[0] != '/') {
        return config_refuse(check->error, "server.motd_file",
                             config_check_line(check, "server.motd_file"),
                             "must be an absolute path, or empty");
    }
    return 0;
}

static int config_check_addresses(const struct config_checker *check, const char *key,
                                  const struct config_list *list)
{
    for (size_t i = 0; i < list->n; i++) {
        struct address address;

        if (address_parse(text_of(list->items[i]), &address) != 0) {
            return config_refuse(check->error, key, config_check_line(check, key),
                                 "\"%s\" is no address to listen on; write \"127.0.0.1:7777\", "
                                 "\"[::1]:7777\", \"*:7777\" or \"unix:/path\"",
                                 list->items[i]);
        }
    }
    return 0;
}

static int config_check_listen(const struct config_checker *check)
{
    int r = config_check_addresses(check, "listen.line", &check->config->listen.line);

    return r == 0 ? config_check_addresses(check, "listen.irc", &check->config->listen.irc) : r;
}

static int config_check_room(const struct config_checker *check, const char *key, struct text name)
{
    if (!name_is_room(name)) {
        return config_refuse(check->error, key, config_check_line(check, key),
                             "\"%.*s\" is no name of a room: '#', then up to %d bytes without "
                             "space or comma",
                             TEXT_ARG(name), ROOM_NAME_MAX - 1);
    }
    return 0;
}

static int config_check_rooms(const struct config_checker *check)
{
    const struct config_list *permanent = &check->config->rooms.permanent;
    int r = config_check_room(check, "rooms.lobby", text_of(check->config->rooms.lobby));

    for (size_t i = 0; r == 0 && i < permanent->n; i++) {
        struct text rest = text_of(permanent->items[i]);

        r = config_check_room(check, "rooms.permanent", text_cut_word(&rest));
    }
    return r;
}

static int config_check_letters(const struct config_checker *check, const char *key,
                                const char *letters)
{
    uint32_t modes;

    if (!modes_from_letters(text_of(letters), &modes)) {
        return config_refuse(check->error, key, config_check_line(check, key),
                             "may have the letters i, m, n, s and t, which are modes of a room");
    }
    return 0;
}

static int config_check_modes(const struct config_checker *check)
{
    const struct config *config = check->config;
    int r = config_check_letters(check, "rooms.permanent_modes", config->rooms.permanent_modes);

    return r == 0 ? config_check_letters(check, "rooms.new_modes", config->rooms.new_modes) : r;
}

/* An entry is named by its place: nothing of the hash is shown. */
static int config_check_operators(const struct config_checker *check)
{
    const struct config_list *accounts = &check->config->operators.accounts;

    for (size_t i = 0; i < accounts->n; i++) {
        struct operator_account account;
        const char *wrong = operator_parse(text_of(accounts->items[i]), &account);

        if (wrong != NULL) {
            return config_refuse(check->error, "operators.accounts",
                                 config_check_line(check, "operators.accounts"),
                                 "text %zu of the list: %s", i + 1, wrong);
        }
    }
    return 0;
}

static int config_check_archive(const struct config_checker *check)
{
    struct text policy = text_of(check->config->archive.on_failure);

    if (!text_equal(policy, TEXT("go-on")) && !text_equal(policy, TEXT("wait"))) {
        return config_refuse(check->error, "archive.on_failure",
                             config_check_line(check, "archive.on_failure"),
                             "must be \"go-on\" or \"wait\"");
    }
    return 0;
}

static int config_check_sums(const struct config_checker *check)
{
    const struct config *config = check->config;

    if (config->limits.memberships < config->limits.connections) {
        return config_refuse(check->error, "limits.memberships",
                             config_check_line(check, "limits.memberships"),
                             "%u is less than limits.connections (%u): not everyone could enter "
                             "the lobby",
                             config->limits.memberships, config->limits.connections);
    }
    if (config->limits.rooms < config->rooms.permanent.n + 1) {
        return config_refuse(check->error, "limits.rooms", config_check_line(check, "limits.rooms"),
                             "%u is less than the lobby and %zu permanent rooms",
                             config->limits.rooms, config->rooms.permanent.n);
    }
    return 0;
}

int config_check(const struct config *config, const unsigned lines[CONFIG_KEYS],
                 struct config_error *out_error)
{
    const struct config_checker checker = { .config = config, .lines = lines, .error = out_error };
    static int (*const checks[])(const struct config_checker *check) = {
        config_check_names, config_check_motd,      config_check_listen,  config_check_rooms,
        config_check_modes, config_check_operators, config_check_archive, config_check_sums,
    };
    int r = 0;

    for (size_t i = 0; r == 0 && i < ARRAY_SIZE(checks); i++) {
        r = checks[i](&checker);
    }
    return r;
}
