/* SPDX-License-Identifier: MIT */
/* The rules of RFC 2811, 4, as servers of today have them. */
#include "chat/permissions.h"

#include "chat/invitations.h"
#include "chat/masks.h"
#include "chat/members.h"

static bool is_server_operator(const struct hub *hub, uint32_t person)
{
    return (hub_person(hub, person)->flags & PERSON_OPERATOR) != 0;
}

bool may_run_room(const struct hub *hub, uint32_t person, uint32_t room)
{
    return is_server_operator(hub, person) ||
           (members_rank(hub, person, room) & MEMBER_OPERATOR) != 0;
}

/* Banned, and not excepted. */
static bool is_banned(const struct hub *hub, uint32_t person, uint32_t room)
{
    return masks_hit(hub, room, ROOM_BANS, person) &&
           !masks_hit(hub, room, ROOM_EXCEPTIONS, person);
}

static bool has_key(const struct hub *hub, uint32_t room, struct text key)
{
    char space[NAME_SIZE];
    struct buf wanted = buf_over(space, sizeof(space));

    state_get_text(hub->state, hub_room(hub, room)->key, &wanted);
    return text_equal(buf_text(&wanted), key);
}

int may_enter(const struct hub *hub, uint32_t person, uint32_t row, struct text key)
{
    const struct room *room = hub_room(hub, row);

    if (is_server_operator(hub, person) || invitations_has(hub, person, room->id)) {
        return 0;
    }
    if (is_banned(hub, person, row)) {
        return CHAT_BANNED;
    }
    if ((room->modes & ROOM_INVITE_ONLY) && !masks_hit(hub, row, ROOM_INVITATIONS, person)) {
        return CHAT_INVITE_ONLY;
    }
    if (room->key != 0 && !has_key(hub, row, key)) {
        return CHAT_WRONG_KEY;
    }
    return room->limit != 0 && room->n_members >= room->limit ? CHAT_ROOM_FULL : 0;
}

int may_speak(const struct hub *hub, uint32_t person, uint32_t row)
{
    const struct room *room = hub_room(hub, row);
    uint32_t m = members_find(hub, person, row);

    if (m != 0 && hub_membership(hub, m)->flags != 0) {
        return 0; /* operators and who has voice */
    }
    if (is_server_operator(hub, person)) {
        return 0;
    }
    if (m == 0 && (room->modes & ROOM_NO_EXTERNAL)) {
        return CHAT_NO_EXTERNAL;
    }
    if (room->modes & ROOM_MODERATED) {
        return CHAT_MODERATED;
    }
    return is_banned(hub, person, row) ? CHAT_SILENCED : 0;
}

int may_change(const struct hub *hub, uint32_t person, uint32_t room)
{
    if (may_run_room(hub, person, room)) {
        return 0;
    }
    return members_find(hub, person, room) == 0 ? CHAT_NOT_MEMBER : CHAT_NOT_OPERATOR;
}

int may_set_topic(const struct hub *hub, uint32_t person, uint32_t room)
{
    if (hub_room(hub, room)->modes & ROOM_TOPIC_LOCKED) {
        return may_change(hub, person, room);
    }
    return members_find(hub, person, room) == 0 && !is_server_operator(hub, person)
               ? CHAT_NOT_MEMBER
               : 0;
}

int may_invite(const struct hub *hub, uint32_t person, uint32_t room)
{
    if (hub_room(hub, room)->modes & ROOM_INVITE_ONLY) {
        return may_change(hub, person, room);
    }
    return members_find(hub, person, room) == 0 && !is_server_operator(hub, person)
               ? CHAT_NOT_MEMBER
               : 0;
}

bool may_know_of(const struct hub *hub, uint32_t person, uint32_t room)
{
    if (hub_room_is_over(hub, room)) {
        return false;
    }
    return !(hub_room(hub, room)->modes & ROOM_SECRET) || is_server_operator(hub, person) ||
           members_find(hub, person, room) != 0;
}

bool may_find(const struct hub *hub, uint32_t person, uint32_t other)
{
    return person == other || !(hub_person(hub, other)->flags & PERSON_INVISIBLE) ||
           is_server_operator(hub, person) || members_share_room(hub, person, other);
}
