/* SPDX-License-Identifier: MIT */
/* A new key of a room is a field of struct room_settings and a row here. */
#include "app/config_rooms.h"

#include <stdlib.h>
#include <string.h>

#define AT(field) offsetof(struct room_settings, field)

const struct config_room_key config_room_keys[CONFIG_ROOM_KEYS] = {
    { "history_on_join", "rooms.history_on_join", AT(history_on_join) },
    { "keep_days", "archive.keep_days", AT(keep_days) },
    { "keep_bytes", "archive.keep_bytes", AT(keep_bytes) },
};

const struct config_room_key *config_room_key_find(struct text key)
{
    for (size_t i = 0; i < CONFIG_ROOM_KEYS; i++) {
        if (text_equal(key, text_of(config_room_keys[i].key))) {
            return &config_room_keys[i];
        }
    }
    return NULL;
}

uint32_t *config_room_number(const struct config_room_key *key, struct room_settings *room)
{
    return (uint32_t *)(void *)((char *)room + key->at);
}

struct room_settings config_room_new(void)
{
    struct room_settings room = { .name = NULL };

    for (size_t i = 0; i < CONFIG_ROOM_KEYS; i++) {
        *config_room_number(&config_room_keys[i], &room) = ROOM_SETTING_OF_ALL;
    }
    return room;
}

void config_rooms_fini(struct room_settings_list *list)
{
    for (size_t i = 0; i < list->n; i++) {
        free(list->items[i].name);
    }
    free(list->items);
    *list = (struct room_settings_list){ 0 };
}

static bool config_room_is_equal(struct room_settings *a, struct room_settings *b)
{
    bool is_equal = strcmp(a->name, b->name) == 0;

    for (size_t i = 0; i < CONFIG_ROOM_KEYS; i++) {
        is_equal = is_equal && *config_room_number(&config_room_keys[i], a) ==
                                   *config_room_number(&config_room_keys[i], b);
    }
    return is_equal;
}

bool config_rooms_are_equal(const struct room_settings_list *a, const struct room_settings_list *b)
{
    bool is_equal = a->n == b->n;

    for (size_t i = 0; is_equal && i < a->n; i++) {
        is_equal = config_room_is_equal(&a->items[i], &b->items[i]);
    }
    return is_equal;
}
