/* SPDX-License-Identifier: MIT */
/* Rooms and memberships. A membership is an interval of the room's records: it ends where its
 * person left, but its row stays until everything up to there was read. */
#include "chat/rooms.h"

#include "chat/names.h"
#include "chat/people.h"

#include <string.h>

uint32_t rooms_find(const struct hub *hub, struct text name)
{
    uint32_t hash = index_hash_nocase(&hub->room_names, name);

    for (uint32_t row = index_first(&hub->room_names, hash); row != 0;
         row = index_next(&hub->room_names, row)) {
        if (text_equal_nocase(text_of(hub_room(hub, row)->name), name)) {
            return row;
        }
    }
    return 0;
}

bool rooms_exists(const struct hub *hub, uint32_t room, uint32_t id)
{
    return room != 0 && id != 0 && hub_room(hub, room)->id == id;
}

static uint32_t rooms_create(struct hub *hub, struct text name, struct moment now)
{
    uint32_t row = state_take_room(hub->state);
    struct room *room;

    if (row == 0) {
        return 0;
    }
    room = state_edit_room(hub->state, row);
    memcpy(room->name, name.at, name.len); /* name_is_room() bounds it; the row was zero */
    room->born_ms = now.real_ms;
    room->next_serial = 1;
    index_add(&hub->room_names, index_hash_nocase(&hub->room_names, name), row);
    return row;
}

static void rooms_remove_if_empty(struct hub *hub, uint32_t row)
{
    const struct room *room = hub_room(hub, row);

    if (room->n_memberships > 0 || (room->flags & ROOM_PERMANENT)) {
        return;
    }
    index_remove(&hub->room_names, index_hash_nocase(&hub->room_names, text_of(room->name)), row);
    state_free_room(hub->state, row);
}

int rooms_add_permanent(struct hub *hub, struct text name, struct text topic, struct moment now)
{
    uint32_t row = rooms_find(hub, name);
    struct room *room;

    if (!name_is_room(name)) {
        return CHAT_BAD_ROOM;
    }
    if (topic.len > TOPIC_MAX) {
        return CHAT_TEXT_TOO_LONG;
    }
    if (!state_has_cells(hub->state, topic.len)) {
        return CHAT_FULL;
    }
    if (row == 0) {
        row = rooms_create(hub, name, now);
    }
    if (row == 0) {
        return CHAT_FULL;
    }
    room = state_edit_room(hub->state, row);
    room->flags |= ROOM_PERMANENT;
    if (room->topic == 0 && topic.len > 0) {
        state_set_text(hub->state, &room->topic, topic);
        room->topic_ms = now.real_ms;
    }
    return 0;
}

uint32_t rooms_membership(const struct hub *hub, uint32_t person, uint32_t room)
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

uint32_t rooms_count_of(const struct hub *hub, uint32_t person)
{
    uint32_t n = 0;

    for (uint32_t m = hub_person(hub, person)->first_membership; m != 0;
         m = hub_membership(hub, m)->own_next) {
        n += hub_membership(hub, m)->until == UNTIL_OPEN;
    }
    return n;
}

/* ---- the two lists a membership stands in ---- */

static void rooms_link_member(struct hub *hub, uint32_t m, struct membership *membership)
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

static void rooms_unlink_from_room(struct hub *hub, const struct membership *membership)
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

static void rooms_unlink_from_person(struct hub *hub, const struct membership *membership)
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

/* ---- joining ---- */

static bool rooms_is_message(const struct record *record)
{
    return record->kind == RECORD_SAID || record->kind == RECORD_ACTION ||
           record->kind == RECORD_NOTICE;
}

struct cursor rooms_history_cursor(const struct hub *hub, uint32_t room, uint32_t n)
{
    const struct chain *chain = &hub_room(hub, room)->chain;
    struct cursor cursor = cursor_at_end(chain);

    while (n > 0 && cursor.due > chain->first) {
        const struct record *record = log_record(hub->state, cursor.pos);

        n -= rooms_is_message(record);
        cursor.pos = record_link(record, room)->prev;
        cursor.due--;
    }
    return cursor;
}

static void rooms_record(struct hub *hub, uint32_t person, uint32_t room, enum record_kind kind,
                         struct text text, struct moment now)
{
    char space[RECORD_SOURCE_SIZE];
    struct buf source = buf_over(space, sizeof(space));
    struct draft draft = people_draft(hub, person, kind, &source, now);

    draft.where = text_of(hub_room(hub, room)->name);
    draft.text = text;
    hub->spoke[person] = log_append(hub->state, &draft, &room, 1);
    hub_wake_room_for(hub, room, kind);
}

static int rooms_may_join(const struct hub *hub, uint32_t person)
{
    if (rooms_count_of(hub, person) >= hub->limits.rooms_per_person ||
        hub_person(hub, person)->n_memberships >= MEMBERSHIPS_PER_PERSON) {
        return CHAT_TOO_MANY_ROOMS;
    }
    return hub->state->free_memberships.n_free > 0 ? 0 : CHAT_FULL;
}

/* Who comes, with the realname of now, and whether that one is away. */
static void rooms_record_coming(struct hub *hub, uint32_t person, uint32_t row, struct moment now)
{
    char real_space[REALNAME_MAX], space[AWAY_MAX];
    struct buf real = buf_over(real_space, sizeof(real_space));
    struct buf why = buf_over(space, sizeof(space));

    state_get_text(hub->state, hub_person(hub, person)->realname, &real);
    rooms_record(hub, person, row, RECORD_JOINED, buf_text(&real), now);
    if (hub_person(hub, person)->flags & PERSON_AWAY) {
        state_get_text(hub->state, hub_person(hub, person)->away, &why);
        rooms_record(hub, person, row, RECORD_AWAY, buf_text(&why), now);
    }
}

static void rooms_enter(struct hub *hub, uint32_t person, uint32_t row, uint32_t history,
                        struct moment now)
{
    uint32_t m = state_take_membership(hub->state);
    struct membership *membership = state_edit_membership(hub->state, m);
    struct room *room = state_edit_room(hub->state, row);

    *membership = (struct membership){ .person = person,
                                       .room = row,
                                       .serial = room->next_serial++,
                                       .cursor = rooms_history_cursor(hub, row, history),
                                       .until = UNTIL_OPEN,
                                       .joined = room->chain.end };
    room->n_members++;
    rooms_link_member(hub, m, membership);
    state_edit_person(hub->state, person)->current = m;
    rooms_record_coming(hub, person, row, now);
}

int rooms_join(struct hub *hub, uint32_t person, struct text name, uint32_t history,
               struct moment now, uint32_t *out_room)
{
    uint32_t row = rooms_find(hub, name);
    int r;

    if (!name_is_room(name)) {
        return CHAT_BAD_ROOM;
    }
    if (row != 0 && rooms_membership(hub, person, row) != 0) {
        *out_room = row;
        return CHAT_ALREADY_MEMBER;
    }
    r = rooms_may_join(hub, person);
    if (r != 0) {
        return r;
    }
    if (row == 0) {
        row = rooms_create(hub, name, now);
    }
    if (row == 0) {
        return CHAT_FULL;
    }
    rooms_enter(hub, person, row, history, now);
    *out_room = row;
    return 0;
}

/* ---- leaving ---- */

/* Plain lines go to the room joined last of those that are left. */
static void rooms_choose_current(struct hub *hub, uint32_t person)
{
    uint32_t m = hub_person(hub, person)->last_membership;

    while (m != 0 && hub_membership(hub, m)->until != UNTIL_OPEN) {
        m = hub_membership(hub, m)->own_prev;
    }
    state_edit_person(hub->state, person)->current = m;
}

static void rooms_end_membership(struct hub *hub, uint32_t m)
{
    struct membership *membership = state_edit_membership(hub->state, m);
    struct room *room = state_edit_room(hub->state, membership->room);

    membership->until = room->chain.end;
    room->n_members--;
    hub_wake_person(hub, membership->person);
}

int rooms_leave(struct hub *hub, uint32_t person, uint32_t room, struct text reason,
                struct moment now)
{
    uint32_t m = rooms_membership(hub, person, room);

    if (m == 0) {
        return CHAT_NOT_MEMBER;
    }
    rooms_record(hub, person, room, RECORD_LEFT, reason, now);
    rooms_end_membership(hub, m);
    if (hub_person(hub, person)->current == m) {
        rooms_choose_current(hub, person);
    }
    return 0;
}

void rooms_leave_all(struct hub *hub, uint32_t person)
{
    for (uint32_t m = hub_person(hub, person)->first_membership; m != 0;
         m = hub_membership(hub, m)->own_next) {
        if (hub_membership(hub, m)->until == UNTIL_OPEN) {
            rooms_end_membership(hub, m);
        }
    }
    state_edit_person(hub->state, person)->current = 0;
}

void rooms_forget_membership(struct hub *hub, uint32_t m)
{
    const struct membership *membership = hub_membership(hub, m);
    uint32_t row = membership->room;

    if (membership->until == UNTIL_OPEN) {
        state_edit_room(hub->state, row)->n_members--;
    }
    if (hub_person(hub, membership->person)->current == m) {
        state_edit_person(hub->state, membership->person)->current = 0;
    }
    rooms_unlink_from_room(hub, membership);
    rooms_unlink_from_person(hub, membership);
    state_free_membership(hub->state, m);
    rooms_remove_if_empty(hub, row);
}

/* ---- talking ---- */

int rooms_say(struct hub *hub, uint32_t person, uint32_t room, enum record_kind kind,
              struct text text, struct moment now)
{
    if (rooms_membership(hub, person, room) == 0) {
        return CHAT_NOT_MEMBER;
    }
    if (text.len == 0) {
        return CHAT_NO_TEXT;
    }
    if (text.len > RECORD_TEXT_MAX) {
        return CHAT_TEXT_TOO_LONG;
    }
    rooms_record(hub, person, room, kind, text, now);
    people_spoke(hub, person, now);
    return 0;
}

int rooms_set_topic(struct hub *hub, uint32_t person, uint32_t room, struct text topic,
                    struct moment now)
{
    struct room *writable;

    if (rooms_membership(hub, person, room) == 0) {
        return CHAT_NOT_MEMBER;
    }
    if (topic.len > TOPIC_MAX) {
        return CHAT_TEXT_TOO_LONG;
    }
    if (!state_has_cells(hub->state, topic.len + CELL_BYTES + NICK_MAX)) {
        return CHAT_FULL;
    }
    writable = state_edit_room(hub->state, room);
    state_set_text(hub->state, &writable->topic, topic);
    state_set_text(hub->state, &writable->topic_by, text_of(hub_person(hub, person)->nick));
    writable->topic_ms = now.real_ms;
    rooms_record(hub, person, room, RECORD_TOPIC, topic, now);
    return 0;
}

uint32_t rooms_member_after(const struct hub *hub, uint32_t room, uint32_t after, uint32_t hint)
{
    uint32_t m = hub_room(hub, room)->first_member;

    if (hint != 0 && hub_membership(hub, hint)->room == room &&
        hub_membership(hub, hint)->serial == after) {
        m = hub_membership(hub, hint)->room_next;
    }
    while (m != 0 && (hub_membership(hub, m)->serial <= after ||
                      hub_membership(hub, m)->until != UNTIL_OPEN)) {
        m = hub_membership(hub, m)->room_next;
    }
    return m;
}
