/* SPDX-License-Identifier: MIT */
/* The rows of memberships, and the two lists each of them stands in. */
#include "chat/members.h"

uint32_t members_find(const struct hub *hub, uint32_t person, uint32_t room)
{
    for (uint32_t m = hub_person(hub, person)->first_membership; m != 0;
         m = hub_membership(hub, m)->own_next) {
        const struct membership *membership = hub_membership(hub, m);

        if (membership->room == room && membership->until == UNTIL_OPEN) {
            return m;
        }
    }
    return 0;
}

uint32_t members_count_of(const struct hub *hub, uint32_t person)
{
    uint32_t n = 0;

    for (uint32_t m = hub_person(hub, person)->first_membership; m != 0;
         m = hub_membership(hub, m)->own_next) {
        n += hub_membership(hub, m)->until == UNTIL_OPEN;
    }
    return n;
}

uint32_t members_rank(const struct hub *hub, uint32_t person, uint32_t room)
{
    uint32_t m = members_find(hub, person, room);

    return m == 0 ? 0 : hub_membership(hub, m)->flags;
}

bool members_share_room(const struct hub *hub, uint32_t a, uint32_t b)
{
    for (uint32_t m = hub_person(hub, a)->first_membership; m != 0;
         m = hub_membership(hub, m)->own_next) {
        if (hub_membership(hub, m)->until == UNTIL_OPEN &&
            members_find(hub, b, hub_membership(hub, m)->room) != 0) {
            return true;
        }
    }
    return false;
}

uint32_t members_next(const struct hub *hub, uint32_t membership)
{
    uint32_t m = hub_membership(hub, membership)->room_next;

    while (m != 0 && hub_membership(hub, m)->until != UNTIL_OPEN) {
        m = hub_membership(hub, m)->room_next;
    }
    return m;
}

uint32_t members_after(const struct hub *hub, uint32_t room, uint32_t after, uint32_t hint)
{
    uint32_t m = hub_room(hub, room)->first_member;

    if (hint != 0 && hub_membership(hub, hint)->room == room &&
        hub_membership(hub, hint)->serial == after) {
        return members_next(hub, hint);
    }
    while (m != 0 && (hub_membership(hub, m)->serial <= after ||
                      hub_membership(hub, m)->until != UNTIL_OPEN)) {
        m = hub_membership(hub, m)->room_next;
    }
    return m;
}

/* ---- the two lists a membership stands in ---- */

static void members_link(struct hub *hub, uint32_t m, struct membership *membership)
{
    struct room *room = state_edit_room(hub->state, membership->room);
    struct person *person = state_edit_person(hub->state, membership->person);

    membership->room_prev = room->last_member;
    membership->own_prev = person->last_membership;
    if (room->last_member != 0) {
        state_edit_membership(hub->state, room->last_member)->room_next = m;
    } else {
        room->first_member = m;
    }
    if (person->last_membership != 0) {
        state_edit_membership(hub->state, person->last_membership)->own_next = m;
    } else {
        person->first_membership = m;
    }
    room->last_member = m;
    person->last_membership = m;
    room->n_memberships++;
    person->n_memberships++;
}

static void members_unlink_from_room(struct hub *hub, const struct membership *membership)
{
    struct room *room = state_edit_room(hub->state, membership->room);

    if (membership->room_prev != 0) {
        state_edit_membership(hub->state, membership->room_prev)->room_next = membership->room_next;
    } else {
        room->first_member = membership->room_next;
    }
    if (membership->room_next != 0) {
        state_edit_membership(hub->state, membership->room_next)->room_prev = membership->room_prev;
    } else {
        room->last_member = membership->room_prev;
    }
    room->n_memberships--;
}

static void members_unlink_from_person(struct hub *hub, const struct membership *membership)
{
    struct person *person = state_edit_person(hub->state, membership->person);

    if (membership->own_prev != 0) {
        state_edit_membership(hub->state, membership->own_prev)->own_next = membership->own_next;
    } else {
        person->first_membership = membership->own_next;
    }
    if (membership->own_next != 0) {
        state_edit_membership(hub->state, membership->own_next)->own_prev = membership->own_prev;
    } else {
        person->last_membership = membership->own_prev;
    }
    person->n_memberships--;
}

/* ---- coming and going ---- */

int members_may_add(const struct hub *hub, uint32_t person)
{
    if (members_count_of(hub, person) >= hub->limits.rooms_per_person ||
        hub_person(hub, person)->n_memberships >= MEMBERSHIPS_PER_PERSON) {
        return CHAT_TOO_MANY_ROOMS;
    }
    return hub->state->free_memberships.n_free > 0 ? 0 : CHAT_FULL;
}

uint32_t members_add(struct hub *hub, uint32_t person, uint32_t row, struct cursor cursor)
{
    uint32_t m = state_take_membership(hub->state);
    struct membership *membership = state_edit_membership(hub->state, m);
    struct room *room = state_edit_room(hub->state, row);

    *membership = (struct membership){ .person = person,
                                       .room = row,
                                       .serial = room->next_serial++,
                                       .cursor = cursor,
                                       .until = UNTIL_OPEN,
                                       .joined = room->chain.end };
    room->n_members++;
    members_link(hub, m, membership);
    state_edit_person(hub->state, person)->current = m;
    return m;
}

void members_set_rank(struct hub *hub, uint32_t membership, uint32_t flag, bool is_on)
{
    struct membership *writable = state_edit_membership(hub->state, membership);

    writable->flags = is_on ? writable->flags | flag : writable->flags & ~flag;
}

/* Plain lines go to the room joined last of those that are left. */
static void members_choose_current(struct hub *hub, uint32_t person)
{
    uint32_t m = hub_person(hub, person)->last_membership;

    while (m != 0 && hub_membership(hub, m)->until != UNTIL_OPEN) {
        m = hub_membership(hub, m)->own_prev;
    }
    state_edit_person(hub->state, person)->current = m;
}

/* One fewer is in the room. With the last one it ends, and its name is free, though its row may
 * still have readers. */
static void members_count_down(struct hub *hub, uint32_t row)
{
    struct room *room = state_edit_room(hub->state, row);

    room->n_members--;
    if (hub_room_is_over(hub, row)) {
        index_remove(&hub->room_names, index_hash_nocase(&hub->room_names, text_of(room->name)),
                     row);
    }
}

static void members_close(struct hub *hub, uint32_t m)
{
    struct membership *membership = state_edit_membership(hub->state, m);
    membership->until = hub_room(hub, membership->room)->chain.end;
    members_count_down(hub, membership->room);
    hub_wake_person(hub, membership->person);
}

void members_end(struct hub *hub, uint32_t m)
{
    uint32_t person = hub_membership(hub, m)->person;

    members_close(hub, m);
    if (hub_person(hub, person)->current == m) {
        members_choose_current(hub, person);
    }
}

void members_end_all(struct hub *hub, uint32_t person)
{
    for (uint32_t m = hub_person(hub, person)->first_membership; m != 0;
         m = hub_membership(hub, m)->own_next) {
        if (hub_membership(hub, m)->until == UNTIL_OPEN) {
            members_close(hub, m);
        }
    }
    state_edit_person(hub->state, person)->current = 0;
}

void members_remove(struct hub *hub, uint32_t m)
{
    const struct membership *membership = hub_membership(hub, m);

    if (membership->until == UNTIL_OPEN) {
        members_count_down(hub, membership->room);
    }
    if (hub_person(hub, membership->person)->current == m) {
        state_edit_person(hub->state, membership->person)->current = 0;
    }
    members_unlink_from_room(hub, membership);
    members_unlink_from_person(hub, membership);
    state_free_membership(hub->state, m);
}
