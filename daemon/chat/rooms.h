/* SPDX-License-Identifier: MIT */
/* Rooms: joining, leaving, inviting, throwing out. See chat/hub.h for the rules of calling. A room
 * comes into being when somebody joins it, who is its operator then, and ends when the last one
 * leaves, unless the configuration made it permanent. Its row stays as long as somebody who was in
 * it has something to read there; whoever joins a room of that name meanwhile opens another one,
 * which knows nothing of what was said in this. */
#ifndef CHAT_ROOMS_H
#define CHAT_ROOMS_H

#include "chat/hub.h"

uint32_t rooms_find(const struct hub *hub, struct text name); /* 0: none; one that ended is none */
/* True if the row is still the room of this id. */
bool rooms_exists(const struct hub *hub, uint32_t room, uint32_t id);
/* The same with may_know_of(): a secret room that the person is not in is none. */
uint32_t rooms_find_known(const struct hub *hub, uint32_t person, struct text name);

/* Makes sure a permanent room exists. A topic is set if it has none, modes if it is new. */
must_check int rooms_add_permanent(struct hub *hub, struct text name, struct text topic,
                                   uint32_t modes, struct moment now);

enum { ROOMS_JOIN_QUIETLY = 0 }; /* history: none */
/* How many earlier messages those see who enter the room of this name. */
uint32_t rooms_history_on_join(const struct hub *hub, struct text name);

/* What a room that stays was before this region. */
struct rooms_past {
    struct text topic, topic_by, key;
    struct text lists[ROOM_LISTS]; /* as in cells: masks.h */
    uint64_t topic_ms;
    uint32_t modes, limit;
};

/* Gives all of it to a room that is there, in a transaction of its own. False: something is no such
 * thing, or finds no place; then nothing was changed. */
must_check bool rooms_restore(struct hub *hub, struct text name, const struct rooms_past *past);

struct joining {
    struct text name;
    struct text key;
    uint32_t history; /* messages that were said before and become due, at most */
};

/* Joins, if it may (chat/permissions.h); *out_room is the room, also with CHAT_ALREADY_MEMBER. */
must_check int rooms_join(struct hub *hub, uint32_t person, const struct joining *joining,
                          struct moment now, uint32_t *out_room);
must_check int rooms_leave(struct hub *hub, uint32_t person, uint32_t room, struct text reason,
                           struct moment now);

struct kick {
    uint32_t room, target; /* out of which, and whom */
    struct text reason;
};

/* Throws the target out: CHAT_NOT_MEMBER, CHAT_NOT_OPERATOR, CHAT_TARGET_ABSENT. */
must_check int rooms_kick(struct hub *hub, uint32_t person, const struct kick *kick,
                          struct moment now);

/* Tells the target; if an operator of the room does it, the target may enter once, whatever the
 * modes: CHAT_NOT_MEMBER, CHAT_NOT_OPERATOR, CHAT_TARGET_THERE, CHAT_FULL. */
must_check int rooms_invite(struct hub *hub, uint32_t person, uint32_t room, uint32_t target,
                            struct moment now);

/* Removes the row of a membership that is over (its cursor has reached `until`, or its reader is
 * gone); its room, if it was the last, waits for rooms_reap(). */
void rooms_forget_membership(struct hub *hub, uint32_t membership);
/* Takes one room away that nobody is in or reads any more, in a transaction of its own; call it
 * until it says false: there was none. */
must_check bool rooms_reap(struct hub *hub);

#endif
