/* SPDX-License-Identifier: MIT */
/* What the hub keeps outside the region: two indexes and the lists of the woken. */
#include "chat/hub.h"

#include <errno.h>
#include <stdlib.h>

enum { HUB_ROOM_WOKEN = 1, HUB_PERSON_WOKEN = 2 };

static void hub_index_all(struct hub *hub)
{
    const struct region_sizes *sizes = &hub->state->header->sizes;

    for (uint32_t row = 1; row < sizes->wires; row++) {
        const struct person *person = hub_person(hub, row);

        if (person->nick[0] != '\0' && !(person->flags & PERSON_GONE)) {
            index_add(&hub->nicks, index_hash_nocase(&hub->nicks, text_of(person->nick)), row);
        }
    }
    for (uint32_t row = 1; row < sizes->rooms; row++) {
        const struct room *room = hub_room(hub, row);

        if (room->id != 0) {
            index_add(&hub->room_names, index_hash_nocase(&hub->room_names, text_of(room->name)),
                      row);
        }
    }
}

int hub_init(struct hub *hub, struct state *state, const struct hub_limits *limits)
{
    const struct region_sizes *sizes = &state->header->sizes;
    uint32_t n_flags = sizes->wires > sizes->rooms ? sizes->wires : sizes->rooms;
    int r;

    *hub = (struct hub){ .state = state, .limits = *limits };
    hub->woken_rooms = calloc(sizes->rooms, sizeof(uint32_t));
    hub->woken_people = calloc(sizes->wires, sizeof(uint32_t));
    hub->is_woken = calloc(n_flags, 1);
    r = index_init(&hub->nicks, sizes->wires);
    if (r == 0) {
        r = index_init(&hub->room_names, sizes->rooms);
    }
    if (r < 0 || hub->woken_rooms == NULL || hub->woken_people == NULL || hub->is_woken == NULL) {
        hub_fini(hub);
        return -ENOMEM;
    }
    hub_index_all(hub);
    return 0;
}

void hub_fini(struct hub *hub)
{
    index_fini(&hub->nicks);
    index_fini(&hub->room_names);
    free(hub->woken_rooms);
    free(hub->woken_people);
    free(hub->is_woken);
    *hub = (struct hub){ 0 };
}

void hub_wake_room(struct hub *hub, uint32_t room)
{
    if (!(hub->is_woken[room] & HUB_ROOM_WOKEN)) {
        hub->is_woken[room] |= HUB_ROOM_WOKEN;
        hub->woken_rooms[hub->n_woken_rooms++] = room;
    }
}

void hub_wake_person(struct hub *hub, uint32_t person)
{
    if (!(hub->is_woken[person] & HUB_PERSON_WOKEN)) {
        hub->is_woken[person] |= HUB_PERSON_WOKEN;
        hub->woken_people[hub->n_woken_people++] = person;
    }
}

uint32_t hub_take_woken_room(struct hub *hub)
{
    uint32_t room;

    if (hub->n_woken_rooms == 0) {
        return 0;
    }
    room = hub->woken_rooms[--hub->n_woken_rooms];
    hub->is_woken[room] &= (uint8_t)~HUB_ROOM_WOKEN;
    return room;
}

uint32_t hub_take_woken_person(struct hub *hub)
{
    uint32_t person;

    if (hub->n_woken_people == 0) {
        return 0;
    }
    person = hub->woken_people[--hub->n_woken_people];
    hub->is_woken[person] &= (uint8_t)~HUB_PERSON_WOKEN;
    return person;
}
