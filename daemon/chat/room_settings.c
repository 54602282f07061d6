/* SPDX-License-Identifier: MIT */
/* A list is walked: it is short, and asked when somebody enters a room. */
#include "chat/room_settings.h"

const struct room_settings *room_settings_find(const struct room_settings_list *list,
                                               struct text name)
{
    for (size_t i = 0; i < list->n; i++) {
        if (text_equal_nocase(text_of(list->items[i].name), name)) {
            return &list->items[i];
        }
    }
    return NULL;
}

uint32_t room_setting(uint32_t own, uint32_t of_all)
{
    return own != ROOM_SETTING_OF_ALL ? own : of_all;
}
