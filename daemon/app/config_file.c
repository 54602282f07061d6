/* SPDX-License-Identifier: MIT */
/* Value by value: each finds its row in the table, and the row says what it may be. */
#include "app/config_file.h"

#include "app/config_content.h"
#include "app/config_rooms.h"
#include "chat/names.h"
#include "lib/utf8.h"

#include <errno.h>
#include <libconfig.h>
#include <stdlib.h>
#include <string.h>

struct config_reader {
    config_t file;
    struct config *config;      /* borrowed */
    unsigned *lines;            /* borrowed */
    struct config_error *error; /* borrowed */
};

int config_refuse(struct config_error *out_error, const char *key, unsigned line,
                  const char *format, ...)
{
    va_list arguments;

    (void)snprintf(out_error->key, sizeof(out_error->key), "%s", key != NULL ? key : "");
    out_error->line = line;
    va_start(arguments, format);
    (void)vsnprintf(out_error->reason, sizeof(out_error->reason), format, arguments);
    va_end(arguments);
    return CONFIG_BAD;
}

static int config_refuse_value(struct config_reader *reader, const struct config_row *row,
                               const config_setting_t *value)
{
    char range[128];
    struct buf out = buf_over(range, sizeof(range));

    config_row_print_range(row, &out);
    return config_refuse(reader->error, row->key, config_setting_source_line(value), "must be %.*s",
                         TEXT_ARG(buf_text(&out)));
}

/* False, and *out untouched: the row does not allow it. */
static bool config_is_number(const struct config_row *row, const config_setting_t *value,
                             uint32_t *out)
{
    int type = config_setting_type(value);
    long long number = config_setting_get_int64(value);

    if ((type != CONFIG_TYPE_INT && type != CONFIG_TYPE_INT64) || number < row->min ||
        number > row->max) {
        return false;
    }
    *out = (uint32_t)number;
    return true;
}

static int config_take_number(struct config_reader *reader, const struct config_row *row,
                              const config_setting_t *value)
{
    return config_is_number(row, value, config_row_number(row, reader->config))
               ? 0
               : config_refuse_value(reader, row, value);
}

static int config_take_level(struct config_reader *reader, const struct config_row *row,
                             const config_setting_t *value)
{
    if (config_setting_type(value) != CONFIG_TYPE_STRING ||
        !config_level_find(text_of(config_setting_get_string(value)),
                           config_row_level(row, reader->config))) {
        return config_refuse_value(reader, row, value);
    }
    return 0;
}

/* A copy of a text that may stand in the configuration at all. */
static int config_copy_text(struct config_reader *reader, const struct config_row *row,
                            const config_setting_t *value, char **out)
{
    const char *string = config_setting_get_string(value);

    if (string == NULL) {
        return config_refuse_value(reader, row, value);
    }
    if (!utf8_is_clean(text_of(string), UTF8_KEEP_NONE)) {
        return config_refuse(reader->error, row->key, config_setting_source_line(value),
                             "must be UTF-8 text without control characters");
    }
    if (strlen(string) > CONFIG_TEXT_MAX) {
        return config_refuse(reader->error, row->key, config_setting_source_line(value),
                             "a text may be %d bytes long", CONFIG_TEXT_MAX);
    }
    *out = strdup(string);
    return *out != NULL ? 0 : -ENOMEM;
}

static int config_take_text(struct config_reader *reader, const struct config_row *row,
                            const config_setting_t *value)
{
    char **field = config_row_text(row, reader->config);
    const char *string = config_setting_get_string(value);
    char *copy = NULL;
    int r;

    if (string == NULL || strlen(string) < row->min || strlen(string) > row->max) {
        return config_refuse_value(reader, row, value);
    }
    r = config_copy_text(reader, row, value, &copy);
    if (r != 0) {
        return r;
    }
    free(*field);
    *field = copy;
    return 0;
}

static int config_take_list(struct config_reader *reader, const struct config_row *row,
                            const config_setting_t *value)
{
    struct config_list *list = config_row_list(row, reader->config);
    int type = config_setting_type(value);
    int n = config_setting_length(value);

    if ((type != CONFIG_TYPE_ARRAY && type != CONFIG_TYPE_LIST) || n < (int)row->min ||
        n > (int)row->max) {
        return config_refuse_value(reader, row, value);
    }
    config_list_fini(list);
    list->items = calloc((size_t)n + 1, sizeof(*list->items)); /* never of nothing: may be NULL */
    if (list->items == NULL) {
        return -ENOMEM;
    }
    for (int i = 0; i < n; i++) {
        int r = config_copy_text(reader, row, config_setting_get_elem(value, (unsigned)i),
                                 &list->items[i]);
        if (r != 0) {
            return r;
        }
        list->n++;
    }
    return 0;
}

/* ---- rooms ---- */

static int config_refuse_room(struct config_reader *reader, const struct config_row *row,
                              const config_setting_t *where, const char *what, struct text name)
{
    return config_refuse(reader->error, row->key, config_setting_source_line(where), "\"%.*s\" %s",
                         TEXT_ARG(name), what);
}

static int config_take_room_number(struct config_reader *reader, const struct config_row *row,
                                   const config_setting_t *value, struct room_settings *room)
{
    struct text name = text_of(config_setting_name(value));
    const struct config_room_key *key = config_room_key_find(name);
    const struct config_row *of_all;
    char range[128];
    struct buf out = buf_over(range, sizeof(range));

    if (key == NULL) {
        return config_refuse_room(reader, row, value,
                                  "is no setting of a room: there are name, history_on_join, "
                                  "keep_days and keep_bytes",
                                  name);
    }
    of_all = config_row_find(text_of(key->of_all));
    if (config_is_number(of_all, value, config_room_number(key, room))) {
        return 0;
    }
    config_row_print_range(of_all, &out);
    return config_refuse(reader->error, row->key, config_setting_source_line(value),
                         "%s must be %.*s", key->key, TEXT_ARG(buf_text(&out)));
}

/* What is checked of texts elsewhere, when all is read (config_check.c), is checked of this one
 * here, where its line is known. `room` is behind the end of the list, and in it from here on. */
static int config_take_room_name(struct config_reader *reader, const struct config_row *row,
                                 const config_setting_t *value, struct room_settings *room)
{
    struct room_settings_list *list = config_row_rooms(row, reader->config);
    const struct room_settings_list others = *list;
    int r = config_copy_text(reader, row, value, &room->name);

    if (r != 0) {
        return r;
    }
    list->n++;
    if (!name_is_room(text_of(room->name))) {
        return config_refuse_room(reader, row, value, "is no name of a room", text_of(room->name));
    }
    if (room_settings_find(&others, text_of(room->name)) != NULL) {
        return config_refuse_room(reader, row, value, "has settings already", text_of(room->name));
    }
    return 0;
}

static int config_take_room(struct config_reader *reader, const struct config_row *row,
                            const config_setting_t *group, struct room_settings *room)
{
    bool is_group = config_setting_type(group) == CONFIG_TYPE_GROUP;
    const config_setting_t *name = is_group ? config_setting_get_member(group, "name") : NULL;
    int n = config_setting_length(group);
    int r;

    if (name == NULL || config_setting_get_string(name) == NULL) {
        return config_refuse(reader->error, row->key, config_setting_source_line(group),
                             "each must be a group with a name: { name = \"#room\"; ... }");
    }
    *room = config_room_new();
    r = config_take_room_name(reader, row, name, room);
    for (int i = 0; r == 0 && i < n; i++) {
        const config_setting_t *value = config_setting_get_elem(group, (unsigned)i);

        if (value != name) {
            r = config_take_room_number(reader, row, value, room);
        }
    }
    return r;
}

static int config_take_rooms(struct config_reader *reader, const struct config_row *row,
                             const config_setting_t *value)
{
    struct room_settings_list *list = config_row_rooms(row, reader->config);
    int type = config_setting_type(value);
    int n = config_setting_length(value);
    int r = 0;

    if ((type != CONFIG_TYPE_ARRAY && type != CONFIG_TYPE_LIST) || n < (int)row->min ||
        n > (int)row->max) {
        return config_refuse_value(reader, row, value);
    }
    config_rooms_fini(list);
    list->items = calloc((size_t)n + 1, sizeof(*list->items)); /* never of nothing: may be NULL */
    if (list->items == NULL) {
        return -ENOMEM;
    }
    for (int i = 0; r == 0 && i < n; i++) {
        r = config_take_room(reader, row, config_setting_get_elem(value, (unsigned)i),
                             &list->items[i]);
    }
    return r;
}

static int config_take_value(struct config_reader *reader, const struct config_row *row,
                             const config_setting_t *value)
{
    reader->lines[row - config_table] = config_setting_source_line(value);
    switch (row->kind) {
    case CONFIG_KIND_NUMBER:
    case CONFIG_KIND_BYTES:
    case CONFIG_KIND_SECONDS: return config_take_number(reader, row, value);
    case CONFIG_KIND_TEXT: return config_take_text(reader, row, value);
    case CONFIG_KIND_LIST: return config_take_list(reader, row, value);
    case CONFIG_KIND_ROOMS: return config_take_rooms(reader, row, value);
    case CONFIG_KIND_LEVEL: return config_take_level(reader, row, value);
    }
    return 0;
}

static int config_refuse_unknown(struct config_reader *reader, const char *key, unsigned line)
{
    const struct config_row *like = config_row_suggest(text_of(key));

    if (like == NULL) {
        return config_refuse(reader->error, key, line,
                             "unknown key; partylined.conf(5) lists those there are");
    }
    return config_refuse(reader->error, key, line, "unknown key; did you mean \"%s\"?", like->key);
}

static int config_take_member(struct config_reader *reader, const config_setting_t *group,
                              const config_setting_t *value)
{
    const struct config_row *row;
    char key[128];

    (void)snprintf(key, sizeof(key), "%s.%s", config_setting_name(group),
                   config_setting_name(value));
    row = config_row_find(text_of(key));
    if (row == NULL) {
        return config_refuse_unknown(reader, key, config_setting_source_line(value));
    }
    return config_take_value(reader, row, value);
}

static bool config_is_group_name(const char *name)
{
    for (size_t i = 0; i < CONFIG_KEYS; i++) {
        struct text rest = text_of(config_table[i].key);

        if (text_equal(text_cut(&rest, '.'), text_of(name))) {
            return true;
        }
    }
    return false;
}

static int config_take_group(struct config_reader *reader, const config_setting_t *group)
{
    const char *name = config_setting_name(group);
    unsigned line = config_setting_source_line(group);
    bool is_group = config_setting_type(group) == CONFIG_TYPE_GROUP;
    int n = is_group ? config_setting_length(group) : 0;

    if (!is_group && config_is_group_name(name)) {
        return config_refuse(reader->error, name, line, "must be a group: %s: { ... };", name);
    }
    if (n == 0 && !config_is_group_name(name)) {
        return config_refuse_unknown(reader, name, line);
    }
    for (int i = 0; i < n; i++) {
        int r = config_take_member(reader, group, config_setting_get_elem(group, (unsigned)i));

        if (r != 0) {
            return r;
        }
    }
    return 0;
}

static int config_parse(struct config_reader *reader, const char *content)
{
    const config_setting_t *root;

    if (config_read_string(&reader->file, content) != CONFIG_TRUE) {
        const char *reason = config_error_text(&reader->file);

        return config_refuse(reader->error, NULL, (unsigned)config_error_line(&reader->file), "%s",
                             reason != NULL ? reason : "not in libconfig syntax");
    }
    root = config_root_setting(&reader->file);
    for (int i = 0; i < config_setting_length(root); i++) {
        int r = config_take_group(reader, config_setting_get_elem(root, (unsigned)i));

        if (r != 0) {
            return r;
        }
    }
    return 0;
}

int config_file_read(const char *path, struct config *config, unsigned out_lines[CONFIG_KEYS],
                     struct config_error *out_error)
{
    struct config_reader reader = { .config = config, .lines = out_lines, .error = out_error };
    owned(config_content_free) char *content = NULL;
    int r;

    memset(out_lines, 0, CONFIG_KEYS * sizeof(*out_lines));
    (void)snprintf(out_error->file, sizeof(out_error->file), "%s", path);
    r = config_content_read(path, &content, out_error);
    if (r != 0) {
        return r;
    }
    config_init(&reader.file); /* libconfig's */
    r = config_parse(&reader, content);
    config_destroy(&reader.file);
    return r;
}
