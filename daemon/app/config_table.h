/* SPDX-License-Identifier: MIT */
/* The one table of configuration keys: what each is called, means, may be, is by default, and
 * whether a reload can change it. The file, its example, the manual and --print-config are all
 * read with it or checked against it. Knows nothing of libconfig. */
#ifndef APP_CONFIG_TABLE_H
#define APP_CONFIG_TABLE_H

#include "app/config.h"

enum config_kind {
    CONFIG_KIND_NUMBER,
    CONFIG_KIND_BYTES,   /* a number, in bytes */
    CONFIG_KIND_SECONDS, /* a number, in seconds */
    CONFIG_KIND_TEXT,    /* min and max are its length in bytes */
    CONFIG_KIND_LIST,    /* of texts; min and max are how many */
    CONFIG_KIND_LEVEL,   /* a word of report_level */
    CONFIG_KIND_ROOMS,   /* of groups (config_rooms.h); min and max are how many */
};

enum { CONFIG_LIST_DEFAULTS = 2, CONFIG_TEXT_MAX = 1023 };

struct config_row {
    const char *key; /* "group.name" */
    size_t at;       /* offset of the field in struct config */
    enum config_kind kind;
    bool can_reload;
    uint32_t min, max;
    uint32_t number;                        /* default of a number and of a level */
    const char *text;                       /* default of a text */
    const char *list[CONFIG_LIST_DEFAULTS]; /* default of a list, NULL behind the last */
    const char *help;
};

extern const struct config_row config_table[CONFIG_KEYS];

/* NULL if there is none. */
const struct config_row *config_row_find(struct text key);
/* The key most like this one, or NULL if none is like it. */
const struct config_row *config_row_suggest(struct text key);
/* What its value may be, for people: "a whole number from 1 to 65535". */
void config_row_print_range(const struct config_row *row, struct buf *out);

uint32_t *config_row_number(const struct config_row *row, struct config *config);
char **config_row_text(const struct config_row *row, struct config *config);
struct config_list *config_row_list(const struct config_row *row, struct config *config);
struct room_settings_list *config_row_rooms(const struct config_row *row, struct config *config);
enum report_level *config_row_level(const struct config_row *row, struct config *config);

/* NULL if the number is no level. */
const char *config_level_word(uint32_t level);
/* False, and *out untouched, if it is no such word. */
must_check bool config_level_find(struct text word, enum report_level *out);

#endif
