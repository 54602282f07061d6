/* SPDX-License-Identifier: MIT */
/* Rooms come and go with their members. */
#include "chat/rooms.h"

#include "chat/history.h"
#include "chat/invitations.h"
#include "chat/masks.h"
#include "chat/members.h"
#include "chat/modes.h"
#include "chat/names.h"
#include "chat/people.h"
#include "chat/permissions.h"
#include "chat/records.h"
#include "chat/talk.h"

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

uint32_t rooms_find_known(const struct hub *hub, uint32_t person, struct text name)
{
    uint32_t row = rooms_find(hub, name);

    return row != 0 && may_know_of(hub, person, row) ? row : 0;
}

bool rooms_exists(const struct hub *hub, uint32_t room, uint32_t id)
{
    return room != 0 && id != 0 && hub_room(hub, room)->id == id;
}

uint32_t rooms_history_on_join(const struct hub *hub, struct text name)
{
    const struct room_settings *its = room_settings_find(&hub->limits.rooms, name);
    uint32_t of_all = hub->limits.history_on_join;

    return its != NULL ? room_setting(its->history_on_join, of_all) : of_all;
}

static uint32_t rooms_create(struct hub *hub, struct text name, uint32_t modes, struct moment now)
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
    room->modes = modes;
    index_add(&hub->room_names, index_hash_nocase(&hub->room_names, name), row);
    return row;
}

/* The last who read it is gone. Its lists may be long, and somebody may have been the last in many
 * rooms: each goes in a transaction of its own. */
static void rooms_note_if_empty(struct hub *hub, uint32_t row)
{
    if (hub_room_is_abandoned(hub, row)) {
        hub_note_abandoned(hub, row);
    }
}

bool rooms_reap(struct hub *hub)
{
    uint32_t row = hub_take_abandoned(hub);

    if (row == 0) {
        return false;
    }
    if (hub_room_is_abandoned(hub, row)) {
        state_free_room(hub->state, row);
    }
    return true;
}

int rooms_add_permanent(struct hub *hub, struct text name, struct text topic, uint32_t modes,
                        struct moment now)
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
        row = rooms_create(hub, name, modes, now);
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

static bool rooms_is_list(struct text list)
{
    struct mask_entry entry;
    int n = 0;

    if (list.len > MASKS_SIZE) {
        return false;
    }
    while (list.len > 0) {
        struct text before = list;

        if (!masks_next(&list, &entry) || list.len >= before.len || entry.mask.len == 0 ||
            entry.mask.len > MASK_MAX || ++n > MASKS_MAX) {
            return false;
        }
    }
    return true;
}

static bool rooms_is_past(const struct rooms_past *past)
{
    bool is_sound = past->topic.len <= TOPIC_MAX && past->topic_by.len < NAME_SIZE &&
                    past->key.len <= KEY_MAX && past->limit <= LIMIT_MAX;

    for (int i = 0; i < ROOM_LISTS; i++) {
        is_sound = is_sound && rooms_is_list(past->lists[i]);
    }
    return is_sound;
}

static bool rooms_has_place(const struct hub *hub, const struct rooms_past *past)
{
    size_t len = past->topic.len + past->topic_by.len + past->key.len;

    for (int i = 0; i < ROOM_LISTS; i++) {
        len += past->lists[i].len;
    }
    return state_has_spare_cells(hub->state, len + (3 + ROOM_LISTS) * (size_t)CELL_BYTES);
}

bool rooms_restore(struct hub *hub, struct text name, const struct rooms_past *past)
{
    uint32_t row = rooms_find(hub, name);
    struct state *state = hub->state;
    struct room *room;

    if (row == 0 || !rooms_is_past(past) || !rooms_has_place(hub, past)) {
        return false;
    }
    room = state_edit_room(state, row);
    if (past->topic_by.len > 0) { /* else it is the configuration's, as it was then */
        state_set_text(state, &room->topic, past->topic);
        state_set_text(state, &room->topic_by, past->topic_by);
        room->topic_ms = past->topic_ms;
    }
    state_set_text(state, &room->key, past->key);
    room->modes = past->modes;
    room->limit = past->limit;
    for (int i = 0; i < ROOM_LISTS; i++) {
        state_set_text(state, &room->lists[i], past->lists[i]);
    }
    return true;
}

/* ---- joining ---- */

/* Who comes, with the realname of now, and whether that one is away. */
static void rooms_record_coming(struct hub *hub, uint32_t person, uint32_t row, struct moment now)
{
    char real_space[REALNAME_MAX], space[AWAY_MAX];
    struct buf real = buf_over(real_space, sizeof(real_space));
    struct buf why = buf_over(space, sizeof(space));
    struct draft coming = { .kind = RECORD_JOINED }, away = { .kind = RECORD_AWAY };

    state_get_text(hub->state, hub_person(hub, person)->realname, &real);
    coming.text = buf_text(&real);
    record_in_room(hub, person, row, &coming, now);
    if (hub_person(hub, person)->flags & PERSON_AWAY) {
        state_get_text(hub->state, hub_person(hub, person)->away, &why);
        away.text = buf_text(&why);
        record_in_room(hub, person, row, &away, now);
    }
}

static void rooms_enter(struct hub *hub, uint32_t person, uint32_t row, uint32_t history,
                        struct moment now)
{
    struct history_query shown = { .asker = person, .owner = row, .kinds = HISTORY_SAID };
    bool is_first = hub_room_is_over(hub, row); /* it was opened just now */
    uint32_t m;

    invitations_remove(hub, person, hub_room(hub, row)->id);
    m = members_add(hub, person, row,
                    history_cursor(hub, &shown, hub_room(hub, row)->chain.end, history, NULL));
    if (is_first) {
        members_set_rank(hub, m, MEMBER_OPERATOR, true);
    }
    rooms_record_coming(hub, person, row, now);
}

int rooms_join(struct hub *hub, uint32_t person, const struct joining *joining, struct moment now,
               uint32_t *out_room)
{
    uint32_t row = rooms_find(hub, joining->name);
    int r;

    if (!name_is_room(joining->name)) {
        return CHAT_BAD_ROOM;
    }
    if (row != 0 && members_find(hub, person, row) != 0) {
        *out_room = row;
        return CHAT_ALREADY_MEMBER;
    }
    r = members_may_add(hub, person);
    if (r == 0 && row != 0) {
        r = may_enter(hub, person, row, joining->key);
    }
    if (r != 0) {
        return r;
    }
    if (row == 0) {
        row = rooms_create(hub, joining->name, hub->limits.new_room_modes, now);
    }
    if (row == 0) {
        return CHAT_FULL;
    }
    rooms_enter(hub, person, row, joining->history, now);
    *out_room = row;
    return 0;
}

/* ---- leaving ---- */

int rooms_leave(struct hub *hub, uint32_t person, uint32_t room, struct text reason,
                struct moment now)
{
    uint32_t m = members_find(hub, person, room);
    struct draft draft = { .kind = RECORD_LEFT, .text = reason };

    if (m == 0) {
        return CHAT_NOT_MEMBER;
    }
    record_in_room(hub, person, room, &draft, now);
    members_end(hub, m);
    return 0;
}

int rooms_kick(struct hub *hub, uint32_t person, const struct kick *kick, struct moment now)
{
    uint32_t m = members_find(hub, kick->target, kick->room);
    struct draft draft = { .kind = RECORD_KICKED, .text = kick->reason };
    int r = may_change(hub, person, kick->room);

    if (r != 0) {
        return r;
    }
    if (m == 0) {
        return CHAT_TARGET_ABSENT;
    }
    draft.target = text_of(hub_person(hub, kick->target)->nick);
    record_in_room(hub, person, kick->room, &draft, now);
    /* It is about the target: others are shown it in other words. */
    hub->spoke[kick->target] = hub->spoke[person];
    members_end(hub, m);
    return 0;
}

int rooms_invite(struct hub *hub, uint32_t person, uint32_t room, uint32_t target,
                 struct moment now)
{
    uint32_t owners[2] = { target | LINK_BOX, room };
    struct draft draft = { .kind = RECORD_INVITED, .real_ms = now.real_ms };
    int r = may_invite(hub, person, room);

    if (r != 0) {
        return r;
    }
    if (members_find(hub, target, room) != 0) {
        return CHAT_TARGET_THERE;
    }
    /* Who runs the room opens its door; others only say that one is welcome. */
    r = may_run_room(hub, person, room) ? invitations_add(hub, target, hub_room(hub, room)->id) : 0;
    if (r != 0) {
        return r;
    }
    draft.target = text_of(hub_person(hub, target)->nick);
    draft.where = text_of(hub_room(hub, room)->name);
    record_act(hub, person, &draft, owners, 2);
    return 0;
}

void rooms_forget_membership(struct hub *hub, uint32_t m)
{
    uint32_t row = hub_membership(hub, m)->room;

    members_remove(hub, m);
    rooms_note_if_empty(hub, row);
}
