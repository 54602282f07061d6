/* SPDX-License-Identifier: MIT */
/* What the hub keeps outside the region: two indexes and the lists of the woken. */
#include "chat/hub.h"

#include <errno.h>
#include <stdlib.h>

enum { HUB_ROOM_WOKEN = 1, HUB_PERSON_WOKEN = 2, HUB_CROWD_NOTED = 4, HUB_ROOM_ABANDONED = 8 };

/* Adds (or, with -1, takes away) what somebody with these flags counts for. */
static void hub_count_head(struct head_count *heads, uint32_t flags, uint32_t by)
{
    if (flags & PERSON_GONE) {
        heads->gone += by;
    } else if (flags & PERSON_REGISTERED) {
        heads->people += by;
        heads->invisible += flags & PERSON_INVISIBLE ? by : 0;
        heads->operators += flags & PERSON_OPERATOR ? by : 0;
    }
}

void hub_count_heads(struct hub *hub, uint32_t was, uint32_t is)
{
    hub_count_head(&hub->heads, was, UINT32_MAX);
    hub_count_head(&hub->heads, is, 1);
    if (hub->heads.most < hub->heads.people) {
        hub->heads.most = hub->heads.people;
    }
}

static void hub_index_all(struct hub *hub)
{
    const struct region_sizes *written = &hub->state->written;

    for (uint32_t row = 1; row < written->wires; row++) {
        const struct person *person = hub_person(hub, row);

        hub_count_heads(hub, 0, person->flags);
        hub->spoke[row] = hub->state->header->log.next_number; /* any of what is kept may be its */
        if (person->nick[0] != '\0' && !(person->flags & PERSON_GONE)) {
            index_add(&hub->nicks, index_hash_nocase(&hub->nicks, text_of(person->nick)), row);
        }
    }
    for (uint32_t row = 1; row < written->rooms; row++) {
        const struct room *room = hub_room(hub, row);

        if (room->id != 0 && !hub_room_is_over(hub, row)) {
            index_add(&hub->room_names, index_hash_nocase(&hub->room_names, text_of(room->name)),
                      row);
        }
        if (hub_room_is_abandoned(hub, row)) {
            hub_note_abandoned(hub, row);
        }
    }
}

int hub_init(struct hub *hub, struct state *state, const struct hub_limits *limits)
{
    const struct region_sizes *sizes = &state->header->sizes;
    uint32_t n_flags = sizes->wires > sizes->rooms ? sizes->wires : sizes->rooms;
    int r;

    *hub = (struct hub){ .state = state, .limits = *limits };
    hub->spoke = calloc(sizes->wires, sizeof(uint64_t));
    hub->woken_rooms = calloc(sizes->rooms, sizeof(uint32_t));
    hub->woken_people = calloc(sizes->wires, sizeof(uint32_t));
    hub->crowds = calloc(sizes->rooms, sizeof(uint32_t));
    hub->abandoned = calloc(sizes->rooms, sizeof(uint32_t));
    hub->is_woken = calloc(n_flags, 1);
    r = index_init(&hub->nicks, sizes->wires);
    if (r == 0) {
        r = index_init(&hub->room_names, sizes->rooms);
    }
    if (r < 0 || hub->spoke == NULL || hub->woken_rooms == NULL || hub->woken_people == NULL ||
        hub->crowds == NULL || hub->abandoned == NULL || hub->is_woken == NULL) {
        hub_fini(hub);
        return -ENOMEM;
    }
    hub_index_all(hub);
    r = watchers_init(hub);
    if (r < 0) {
        hub_fini(hub);
    }
    return r;
}

void hub_fini(struct hub *hub)
{
    index_fini(&hub->nicks);
    index_fini(&hub->room_names);
    watchers_fini(hub);
    free(hub->spoke);
    free(hub->woken_rooms);
    free(hub->woken_people);
    free(hub->crowds);
    free(hub->abandoned);
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

void hub_wake_room_for(struct hub *hub, uint32_t room, enum record_kind kind)
{
    bool is_passing = kind == RECORD_JOINED || kind == RECORD_LEFT || kind == RECORD_QUIT ||
                      kind == RECORD_AWAY || kind == RECORD_REALNAME || kind == RECORD_HOST ||
                      kind == RECORD_ACCOUNT;

    if (!is_passing || hub_room(hub, room)->n_members <= HUB_CROWD) {
        hub_wake_room(hub, room);
    } else if (!(hub->is_woken[room] & HUB_CROWD_NOTED)) {
        hub->is_woken[room] |= HUB_CROWD_NOTED;
        hub->crowds[hub->n_crowds++] = room;
    }
}

void hub_wake_crowds(struct hub *hub)
{
    while (hub->n_crowds > 0) {
        uint32_t room = hub->crowds[--hub->n_crowds];

        hub->is_woken[room] &= (uint8_t)~HUB_CROWD_NOTED;
        hub_wake_room(hub, room);
    }
}

void hub_wake_person(struct hub *hub, uint32_t person)
{
    if (!(hub->is_woken[person] & HUB_PERSON_WOKEN)) {
        hub->is_woken[person] |= HUB_PERSON_WOKEN;
        hub->woken_people[hub->n_woken_people++] = person;
    }
}

void hub_note_abandoned(struct hub *hub, uint32_t room)
{
    if (!(hub->is_woken[room] & HUB_ROOM_ABANDONED)) {
        hub->is_woken[room] |= HUB_ROOM_ABANDONED;
        hub->abandoned[hub->n_abandoned++] = room;
    }
}

uint32_t hub_take_abandoned(struct hub *hub)
{
    uint32_t room;

    if (hub->n_abandoned == 0) {
        return 0;
    }
    room = hub->abandoned[--hub->n_abandoned];
    hub->is_woken[room] &= (uint8_t)~HUB_ROOM_ABANDONED;
    return room;
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
