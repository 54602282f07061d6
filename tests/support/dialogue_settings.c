/* SPDX-License-Identifier: MIT */
/* The settings that a dialogue asks for. */
#include "support/dialogue.h"

#include "app/config_rooms.h"
#include "support/slow_clock.h"

#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static bool dialogue_set_number(struct config *config, struct text key, uint64_t value)
{
    const struct config_row *row = config_row_find(key);

    if (row == NULL || row->kind > CONFIG_KIND_SECONDS) {
        return false;
    }
    *config_row_number(row, config) = (uint32_t)value;
    return true;
}

/* One more text of a list, which begins empty: the settings that come with a rig have none. */
static void dialogue_add_text(struct config_list *list, struct text value)
{
    char **items = realloc(list->items, (list->n + 1) * sizeof(*items));

    assert_non_null(items);
    items[list->n++] = strndup(value.at, value.len);
    list->items = items;
}

/* "#name KEY NUMBER KEY NUMBER": what a room had before is gone. */
static bool dialogue_set_room(struct room_settings_list *list, struct text rest)
{
    struct text name = text_cut_word(&rest);
    const struct room_settings *found = room_settings_find(list, name);
    struct room_settings *room;

    if (found != NULL) {
        room = &list->items[found - list->items];
    } else {
        list->items = realloc(list->items, (list->n + 1) * sizeof(*list->items));
        assert_non_null(list->items);
        room = &list->items[list->n++];
        room->name = NULL;
    }
    free(room->name);
    *room = config_room_new();
    room->name = strndup(name.at, name.len);
    while (rest.len > 0) {
        const struct config_room_key *key = config_room_key_find(text_cut_word(&rest));
        uint64_t value;

        if (key == NULL || !text_number(text_cut_word(&rest), UINT32_MAX, &value)) {
            return false;
        }
        *config_room_number(key, room) = (uint32_t)value;
    }
    return true;
}

bool dialogue_set(struct config *config, struct text rest)
{
    struct text key = text_cut_word(&rest);
    const struct config_row *row = config_row_find(key);
    uint64_t value;

    if (text_number(rest, UINT32_MAX, &value)) {
        return dialogue_set_number(config, key, value);
    }
    if (row != NULL && row->kind == CONFIG_KIND_LIST) {
        dialogue_add_text(config_row_list(row, config), rest);
        return true;
    }
    if (row != NULL && row->kind == CONFIG_KIND_ROOMS) {
        return dialogue_set_room(config_row_rooms(row, config), rest);
    }
    if (row == NULL || row->kind != CONFIG_KIND_TEXT) {
        return false;
    }
    free(*config_row_text(row, config));
    *config_row_text(row, config) = strndup(rest.at, rest.len);
    return true;
}

enum { DIALOGUE_SLOW_MS = 1000 };

static bool dialogue_reload(struct rig *rig, struct text line)
{
    if (!dialogue_cut(&line, "reload ") || !dialogue_set(&rig->config, line)) {
        return false;
    }
    server_apply_config(&rig->server);
    rig_settle(rig);
    return true;
}

bool dialogue_change(struct rig *rig, struct text line)
{
    if (text_equal(line, TEXT("searching takes long"))) {
        slow_clock_set(DIALOGUE_SLOW_MS);
        return true;
    }
    if (text_equal(line, TEXT("searching is quick again"))) {
        slow_clock_set(0);
        return true;
    }
    return dialogue_reload(rig, line);
}
