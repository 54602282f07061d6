/* SPDX-License-Identifier: MIT */
/* The user's configuration file. Owns its names; libconfig does not leave this file. The settings
 * of /set are read through their own table, so a new one needs no line here. */
#include "preferences.h"

#include "folder.h"

#include <errno.h>
#include <libconfig.h>
#include <string.h>

enum { PREFERENCES_VALUE_MAX = 32 };

bool preferences_path(const char *config_home, const char *home, struct buf *out_path)
{
    if (!folder_of_user(config_home, home, ".config", out_path)) {
        return false;
    }
    buf_text_put(out_path, TEXT("/partyline/partyline.conf"));
    return !out_path->full;
}

static int preferences_fail(const char *path, const config_setting_t *setting, const char *what,
                            struct buf *why)
{
    buf_format(why, "%s:%u: %s: %s", path, config_setting_source_line(setting),
               config_setting_name(setting), what);
    return PREFERENCES_WRONG;
}

/* As the command line takes it, which says what is wrong with it. */
static int preferences_set_argument(const char *path, const config_setting_t *setting,
                                    enum arguments_which which, struct arguments *arguments,
                                    struct buf *why)
{
    const char *value = config_setting_get_string(setting);

    if (value == NULL) {
        return preferences_fail(path, setting, "a text in quotes is needed", why);
    }
    if (!arguments_set(arguments, which, value)) {
        return preferences_fail(path, setting, "this cannot be one", why);
    }
    return 0;
}

static int preferences_set_rooms(const char *path, const config_setting_t *setting,
                                 struct arguments *arguments, struct buf *why)
{
    if (config_setting_is_array(setting) != CONFIG_TRUE) {
        return preferences_fail(path, setting, "a list is needed: [ \"#lobby\", \"#tea\" ]", why);
    }
    for (int i = 0; i < config_setting_length(setting); i++) {
        const char *room = config_setting_get_string_elem(setting, i);

        if (room == NULL || !arguments_set(arguments, ARGUMENTS_ROOM, room)) {
            return preferences_fail(path, setting, "a room's name begins with '#'", why);
        }
    }
    return 0;
}

/* Numbers and on or off may stand without quotes. */
static bool preferences_value(const config_setting_t *setting, struct buf *out)
{
    switch (config_setting_type(setting)) {
    case CONFIG_TYPE_STRING: buf_format(out, "%s", config_setting_get_string(setting)); break;
    case CONFIG_TYPE_INT: buf_format(out, "%d", config_setting_get_int(setting)); break;
    case CONFIG_TYPE_BOOL:
        buf_format(out, "%s", config_setting_get_bool(setting) == CONFIG_TRUE ? "on" : "off");
        break;
    default: return false;
    }
    return !out->full;
}

static int preferences_set_setting(const char *path, const config_setting_t *setting,
                                   struct settings *settings, struct buf *why)
{
    char bytes[PREFERENCES_VALUE_MAX], what_bytes[128];
    struct buf value = buf_over(bytes, sizeof(bytes));
    struct buf what = buf_over(what_bytes, sizeof(what_bytes));

    if (!preferences_value(setting, &value)) {
        return preferences_fail(path, setting, "a text, a number, or true or false is needed", why);
    }
    if (settings_set(settings, text_of(config_setting_name(setting)), buf_text(&value), &what) !=
        0) {
        buf_format(why, "%s:%u: %.*s", path, config_setting_source_line(setting),
                   TEXT_ARG(buf_text(&what)));
        return PREFERENCES_WRONG;
    }
    return 0;
}

struct preferences_target {
    const char *path;
    const char *home; /* may be NULL */
    struct arguments *arguments;
    struct arguments given; /* as the command line left them */
    struct settings *settings;
};

/* Unlike on the command line no shell has seen to the '~' before. */
static int preferences_set_path(const struct preferences_target *t, const config_setting_t *setting,
                                enum access_which which, struct access *access, struct buf *why)
{
    char bytes[ACCESS_PATH_MAX];
    struct buf path = buf_over(bytes, sizeof(bytes));

    switch (folder_expand(text_of(config_setting_get_string(setting)), t->home, &path)) {
    case 0: break;
    case FOLDER_NO_HOME:
        return preferences_fail(t->path, setting, "HOME does not say where that is", why);
    default:
        return preferences_fail(t->path, setting,
                                "only ~/ and $HOME/ stand for a folder; ./~ is a file", why);
    }
    return access_set(access, which, buf_text(&path))
               ? 0
               : preferences_fail(t->path, setting, access_help(which), why);
}

static int preferences_set_access(const struct preferences_target *t,
                                  const config_setting_t *setting, enum access_which which,
                                  struct access *access, struct buf *why)
{
    const char *value = config_setting_get_string(setting);
    const char *path = t->path;

    if (access_is_switch(which)) {
        if (config_setting_type(setting) != CONFIG_TYPE_BOOL) {
            return preferences_fail(path, setting, "true or false is needed", why);
        }
        access_switch(access, which, config_setting_get_bool(setting) == CONFIG_TRUE);
        return 0;
    }
    if (value == NULL) {
        return preferences_fail(path, setting, "a text in quotes is needed", why);
    }
    if (access_is_path(which)) {
        return preferences_set_path(t, setting, which, access, why);
    }
    return access_set(access, which, text_of(value))
               ? 0
               : preferences_fail(path, setting, access_help(which), why);
}

static int preferences_take(const struct preferences_target *t, const config_setting_t *setting,
                            struct buf *why)
{
    const char *name = config_setting_name(setting);
    struct arguments ignored = { .n_rooms = 0 };
    enum access_which which;

    if (strcmp(name, "nick") == 0) {
        return preferences_set_argument(t->path, setting, ARGUMENTS_NICK,
                                        t->given.has_nick ? &ignored : t->arguments, why);
    }
    if (strcmp(name, "server") == 0) {
        return preferences_set_argument(t->path, setting, ARGUMENTS_SERVER,
                                        t->given.has_server ? &ignored : t->arguments, why);
    }
    if (strcmp(name, "rooms") == 0) {
        if (!t->given.has_rooms) {
            t->arguments->n_rooms = 0;
        }
        return preferences_set_rooms(t->path, setting, t->given.has_rooms ? &ignored : t->arguments,
                                     why);
    }
    if (access_find(text_of(name), &which)) { /* of the server in the file, and of no other */
        bool is_open = !t->given.has_server && access_leaves_open(&t->given.access, which);

        return preferences_set_access(t, setting, which,
                                      is_open ? &t->arguments->access : &ignored.access, why);
    }
    return preferences_set_setting(t->path, setting, t->settings, why);
}

static int preferences_take_all(const struct preferences_target *t, const config_t *config,
                                struct buf *why)
{
    const config_setting_t *root = config_root_setting(config);

    for (int i = 0; i < config_setting_length(root); i++) {
        int r = preferences_take(t, config_setting_get_elem(root, (unsigned)i), why);

        if (r != 0) {
            return r;
        }
    }
    return 0;
}

int preferences_read(const char *path, const char *home, struct arguments *arguments,
                     struct settings *settings, struct buf *out_why)
{
    const struct preferences_target target = { .path = path,
                                               .home = home,
                                               .arguments = arguments,
                                               .given = *arguments,
                                               .settings = settings };
    config_t config;
    int r = 0;

    if (access(path, F_OK) < 0) {
        return 0;
    }
    config_init(&config);
    errno = EISDIR; /* what libconfig finds out by itself, without setting it */
    if (config_read_file(&config, path) == CONFIG_TRUE) {
        r = preferences_take_all(&target, &config, out_why);
    } else if (config_error_type(&config) == CONFIG_ERR_PARSE) {
        buf_format(out_why, "%s:%d: %s", path, config_error_line(&config),
                   config_error_text(&config));
        r = PREFERENCES_WRONG;
    } else {
        buf_format(out_why, "%s: cannot be read: %s", path, strerror(errno));
        r = PREFERENCES_WRONG;
    }
    config_destroy(&config);
    return r;
}
