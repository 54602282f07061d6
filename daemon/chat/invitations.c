/* SPDX-License-Identifier: MIT */
/* The ids lie in one cell, in the order of inviting. */
#include "chat/invitations.h"

#include <string.h>

struct invitations {
    uint32_t ids[INVITATIONS_MAX + 1];
    uint32_t n;
};

static struct invitations invitations_read(const struct hub *hub, uint32_t person)
{
    struct invitations list = { .n = 0 };
    char space[sizeof(list.ids)];
    struct buf bytes = buf_over(space, sizeof(space));

    state_get_text(hub->state, state_person_more(hub->state, person).invited, &bytes);
    memcpy(list.ids, space, bytes.len);
    list.n = (uint32_t)(bytes.len / sizeof(uint32_t));
    return list;
}

static void invitations_store(struct hub *hub, uint32_t person, const struct invitations *list)
{
    struct person_more more = state_person_more(hub->state, person);
    struct text bytes = { .at = (const char *)list->ids, .len = list->n * sizeof(uint32_t) };

    state_set_text(hub->state, &more.invited, bytes);
    state_set_person_more(hub->state, person, &more);
}

static void invitations_drop(struct invitations *list, uint32_t i)
{
    list->n--;
    memmove(&list->ids[i], &list->ids[i + 1], (list->n - i) * sizeof(uint32_t));
}

static uint32_t invitations_index(const struct invitations *list, uint32_t room_id)
{
    uint32_t i = 0;

    while (i < list->n && list->ids[i] != room_id) {
        i++;
    }
    return i;
}

bool invitations_has(const struct hub *hub, uint32_t person, uint32_t room_id)
{
    struct invitations list;

    if (hub_person(hub, person)->more == 0) {
        return false;
    }
    list = invitations_read(hub, person);
    return invitations_index(&list, room_id) < list.n;
}

static uint32_t invitations_row(const struct hub *hub, uint32_t room_id)
{
    for (uint32_t row = 1; row < hub->state->header->sizes.rooms; row++) {
        if (hub_room(hub, row)->id == room_id && !hub_room_is_over(hub, row)) {
            return row;
        }
    }
    return 0;
}

uint32_t invitations_room(const struct hub *hub, uint32_t person, uint32_t n)
{
    struct invitations list = invitations_read(hub, person);

    for (uint32_t i = 0; i < list.n; i++) {
        uint32_t row = invitations_row(hub, list.ids[i]);

        if (row != 0 && n-- == 0) {
            return row;
        }
    }
    return 0;
}

int invitations_add(struct hub *hub, uint32_t person, uint32_t room_id)
{
    struct invitations list = invitations_read(hub, person);
    uint32_t at = invitations_index(&list, room_id);

    if (!state_has_spare_cells(hub->state, sizeof(list.ids) + sizeof(struct person_more))) {
        return CHAT_FULL;
    }
    if (at < list.n) {
        invitations_drop(&list, at);
    } else if (list.n == INVITATIONS_MAX) {
        invitations_drop(&list, 0);
    }
    list.ids[list.n++] = room_id;
    invitations_store(hub, person, &list);
    return 0;
}

void invitations_remove(struct hub *hub, uint32_t person, uint32_t room_id)
{
    struct invitations list;
    uint32_t at;

    if (hub_person(hub, person)->more == 0) {
        return;
    }
    list = invitations_read(hub, person);
    at = invitations_index(&list, room_id);
    /* Rewriting takes a cell before it gives one back; without one it stays, and opens the door
     * once more, which is better than a transaction that fails. */
    if (at < list.n && state_has_cells(hub->state, sizeof(list.ids) + sizeof(struct person_more))) {
        invitations_drop(&list, at);
        invitations_store(hub, person, &list);
    }
}
