/* SPDX-License-Identifier: MIT */
/* The list of groups that says of single rooms what another row of the table says of all: what
 * stands in a group, and what the configuration does with any of its values. Knows nothing of
 * libconfig. */
#ifndef APP_CONFIG_ROOMS_H
#define APP_CONFIG_ROOMS_H

#include "app/config_table.h"

/* A number in a group, beside `name`. */
struct config_room_key {
    const char *key;
    const char *of_all; /* the row of what all rooms have: the range is the same */
    size_t at;          /* offset in struct room_settings */
};

enum { CONFIG_ROOM_KEYS = 3 };

extern const struct config_room_key config_room_keys[CONFIG_ROOM_KEYS];

/* NULL if there is none. */
const struct config_room_key *config_room_key_find(struct text key);
uint32_t *config_room_number(const struct config_room_key *key, struct room_settings *room);
/* A room that has nothing of its own, and no name yet. */
struct room_settings config_room_new(void);

/* Empties the list; takes a zeroed one. */
void config_rooms_fini(struct room_settings_list *list);
bool config_rooms_are_equal(const struct room_settings_list *a, const struct room_settings_list *b);

#endif
