/* SPDX-License-Identifier: MIT */
/* The configuration as a whole: defaults, loading into a copy that replaces the old one only when
 * all of it is good, printing, reloading. Every loop here goes over the rows of config_table.c; no
 * key is named. */
#include "app/config.h"

#include "app/config_check.h"
#include "app/config_file.h"
#include "app/config_rooms.h"
#include "app/config_table.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

static_assert(sizeof(enum report_level) == sizeof(uint32_t), "config_row_swap() says so");
static_assert(sizeof(struct room_settings_list) <= sizeof(struct config_list), "so does this");

void config_list_fini(struct config_list *list)
{
    for (size_t i = 0; i < list->n; i++) {
        free(list->items[i]);
    }
    free(list->items);
    *list = (struct config_list){ 0 };
}

static int config_default_list(const struct config_row *row, struct config_list *list)
{
    list->items = calloc(CONFIG_LIST_DEFAULTS, sizeof(*list->items));
    if (list->items == NULL) {
        return -ENOMEM;
    }
    while (list->n < CONFIG_LIST_DEFAULTS && row->list[list->n] != NULL) {
        list->items[list->n] = strdup(row->list[list->n]);
        if (list->items[list->n] == NULL) {
            return -ENOMEM;
        }
        list->n++;
    }
    return 0;
}

static int config_default_row(const struct config_row *row, struct config *config)
{
    switch (row->kind) {
    case CONFIG_KIND_NUMBER:
    case CONFIG_KIND_BYTES:
    case CONFIG_KIND_SECONDS: *config_row_number(row, config) = row->number; return 0;
    case CONFIG_KIND_LEVEL:
        *config_row_level(row, config) = (enum report_level)row->number;
        return 0;
    case CONFIG_KIND_LIST: return config_default_list(row, config_row_list(row, config));
    case CONFIG_KIND_ROOMS: return 0; /* none */
    case CONFIG_KIND_TEXT:
        *config_row_text(row, config) = strdup(row->text);
        return *config_row_text(row, config) != NULL ? 0 : -ENOMEM;
    }
    return 0;
}

int config_defaults(struct config *config)
{
    memset(config, 0, sizeof(*config));
    for (size_t i = 0; i < CONFIG_KEYS; i++) {
        int r = config_default_row(&config_table[i], config);

        if (r < 0) {
            config_fini(config);
            return r;
        }
    }
    return 0;
}

void config_fini(struct config *config)
{
    for (size_t i = 0; i < CONFIG_KEYS; i++) {
        if (config_table[i].kind == CONFIG_KIND_TEXT) {
            free(*config_row_text(&config_table[i], config));
        } else if (config_table[i].kind == CONFIG_KIND_LIST) {
            config_list_fini(config_row_list(&config_table[i], config));
        } else if (config_table[i].kind == CONFIG_KIND_ROOMS) {
            config_rooms_fini(config_row_rooms(&config_table[i], config));
        }
    }
    memset(config, 0, sizeof(*config));
}

static int config_read_into(struct config *config, const char *path, struct config_error *out_error)
{
    unsigned lines[CONFIG_KEYS];
    int r = config_file_read(path, config, lines, out_error);

    return r == 0 ? config_check(config, lines, out_error) : r;
}

int config_load(struct config *config, const char *path, struct config_error *out_error)
{
    bool is_missing = path == NULL && access(PARTYLINE_CONFIG_PATH, F_OK) < 0 && errno == ENOENT;
    struct config_error error = { 0 };
    struct config fresh;
    int r = config_defaults(&fresh);

    if (r < 0) {
        return r;
    }
    if (!is_missing) {
        r = config_read_into(&fresh, path != NULL ? path : PARTYLINE_CONFIG_PATH, &error);
    }
    if (r != 0) {
        config_fini(&fresh);
        if (r == CONFIG_BAD) {
            *out_error = error;
        }
        return r;
    }
    config_fini(config);
    *config = fresh;
    return 0;
}

void config_error_print(const struct config_error *error, struct buf *out)
{
    buf_format(out, "%s:", error->file);
    if (error->line > 0) {
        buf_format(out, "%u:", error->line);
    }
    if (error->key[0] != '\0') {
        buf_format(out, " %s:", error->key);
    }
    buf_format(out, " %s", error->reason);
}

static void config_print_text(const char *string, FILE *stream)
{
    (void)fputc('"', stream);
    for (const char *c = string; *c != '\0'; c++) {
        if (*c == '"' || *c == '\\') {
            (void)fputc('\\', stream);
        }
        (void)fputc(*c, stream);
    }
    (void)fputc('"', stream);
}

static void config_print_list(const struct config_list *list, FILE *stream)
{
    (void)fputc('[', stream);
    for (size_t i = 0; i < list->n; i++) {
        (void)fputs(i > 0 ? ", " : " ", stream);
        config_print_text(list->items[i], stream);
    }
    (void)fputs(" ]", stream);
}

static void config_print_room(struct room_settings *room, FILE *stream)
{
    (void)fputs("{ name = ", stream);
    config_print_text(room->name, stream);
    for (size_t i = 0; i < CONFIG_ROOM_KEYS; i++) {
        uint32_t number = *config_room_number(&config_room_keys[i], room);

        if (number != ROOM_SETTING_OF_ALL) {
            (void)fprintf(stream, "; %s = %u", config_room_keys[i].key, number);
        }
    }
    (void)fputs("; }", stream);
}

static void config_print_rooms(const struct room_settings_list *list, FILE *stream)
{
    (void)fputc('(', stream);
    for (size_t i = 0; i < list->n; i++) {
        (void)fputs(i > 0 ? ",\n             " : " ", stream);
        config_print_room(&list->items[i], stream);
    }
    (void)fputs(" )", stream);
}

static void config_print_value(const struct config_row *row, struct config *config, FILE *stream)
{
    switch (row->kind) {
    case CONFIG_KIND_NUMBER:
    case CONFIG_KIND_BYTES:
    case CONFIG_KIND_SECONDS: (void)fprintf(stream, "%u", *config_row_number(row, config)); return;
    case CONFIG_KIND_TEXT: config_print_text(*config_row_text(row, config), stream); return;
    case CONFIG_KIND_LIST: config_print_list(config_row_list(row, config), stream); return;
    case CONFIG_KIND_ROOMS: config_print_rooms(config_row_rooms(row, config), stream); return;
    case CONFIG_KIND_LEVEL:
        config_print_text(config_level_word(*config_row_level(row, config)), stream);
        return;
    }
}

int config_print(const struct config *config, FILE *stream)
{
    struct config view = *config; /* borrows all of it; rows give fields that can be written */
    struct text group = TEXT_NONE;

    for (size_t i = 0; i < CONFIG_KEYS; i++) {
        struct text name = text_of(config_table[i].key);
        struct text row_group = text_cut(&name, '.');

        if (!text_equal(group, row_group)) {
            (void)fprintf(stream, "%s%.*s: {\n", i > 0 ? "};\n" : "", TEXT_ARG(row_group));
            group = row_group;
        }
        (void)fprintf(stream, "    %.*s = ", TEXT_ARG(name));
        config_print_value(&config_table[i], &view, stream);
        (void)fputs(";\n", stream);
    }
    (void)fputs("};\n", stream);
    return fflush(stream) == 0 && !ferror(stream) ? 0 : -EIO;
}

static bool config_list_is_equal(const struct config_list *a, const struct config_list *b)
{
    bool is_equal = a->n == b->n;

    for (size_t i = 0; is_equal && i < a->n; i++) {
        is_equal = strcmp(a->items[i], b->items[i]) == 0;
    }
    return is_equal;
}

static bool config_row_is_equal(const struct config_row *row, struct config *a, struct config *b)
{
    switch (row->kind) {
    case CONFIG_KIND_NUMBER:
    case CONFIG_KIND_BYTES:
    case CONFIG_KIND_SECONDS: return *config_row_number(row, a) == *config_row_number(row, b);
    case CONFIG_KIND_TEXT: return strcmp(*config_row_text(row, a), *config_row_text(row, b)) == 0;
    case CONFIG_KIND_LIST:
        return config_list_is_equal(config_row_list(row, a), config_row_list(row, b));
    case CONFIG_KIND_ROOMS:
        return config_rooms_are_equal(config_row_rooms(row, a), config_row_rooms(row, b));
    case CONFIG_KIND_LEVEL: return *config_row_level(row, a) == *config_row_level(row, b);
    }
    return true;
}

/* Swapping allocates nothing, so a reload cannot fail half way. */
static void config_row_swap(const struct config_row *row, struct config *a, struct config *b)
{
    size_t size = row->kind == CONFIG_KIND_TEXT    ? sizeof(char *)
                  : row->kind == CONFIG_KIND_LIST  ? sizeof(struct config_list)
                  : row->kind == CONFIG_KIND_ROOMS ? sizeof(struct room_settings_list)
                                                   : sizeof(uint32_t);
    unsigned char spare[sizeof(struct config_list)];
    unsigned char *x = (unsigned char *)a + row->at;
    unsigned char *y = (unsigned char *)b + row->at;

    memcpy(spare, x, size);
    memcpy(x, y, size);
    memcpy(y, spare, size);
}

void config_reload(struct config *now, struct config *next, struct config_changes *out_changes)
{
    *out_changes = (struct config_changes){ 0 };
    for (size_t i = 0; i < CONFIG_KEYS; i++) {
        const struct config_row *row = &config_table[i];

        if (config_row_is_equal(row, now, next)) {
            continue;
        }
        if (!row->can_reload) {
            out_changes->waiting[out_changes->n_waiting++] = row->key;
            continue;
        }
        config_row_swap(row, now, next);
        out_changes->applied[out_changes->n_applied++] = row->key;
    }
}
