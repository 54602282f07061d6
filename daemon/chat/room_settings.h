/* SPDX-License-Identifier: MIT */
/* What the configuration says of single rooms, by their names. Pure. */
#ifndef CHAT_ROOM_SETTINGS_H
#define CHAT_ROOM_SETTINGS_H

#include "lib/text.h"

#define ROOM_SETTING_OF_ALL UINT32_MAX /* not given: that of all rooms counts */

struct room_settings {
    char *name;               /* owned by the configuration; no two are the same */
    uint32_t history_on_join; /* messages */
    uint32_t keep_days;       /* 0: for ever */
    uint32_t keep_bytes;      /* 0: no limit */
};

struct room_settings_list {
    struct room_settings *items;
    size_t n;
};

/* The settings of the room of this name, in any case; NULL: it has none of its own. */
const struct room_settings *room_settings_find(const struct room_settings_list *list,
                                               struct text name);

/* The room's own, or that of all. */
uint32_t room_setting(uint32_t own, uint32_t of_all);

#endif
