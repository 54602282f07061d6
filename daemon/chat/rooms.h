/* SPDX-License-Identifier: MIT */
/* Rooms: joining, leaving, saying, topics, who is there. See chat/hub.h for the rules of calling. A
 * room comes into being when somebody joins it, and goes with the last membership unless the
 * configuration made it permanent. */
#ifndef CHAT_ROOMS_H
#define CHAT_ROOMS_H

#include "chat/hub.h"

enum {
    RECORD_SOURCE_SIZE = 128, /* "user@host": 64 + 1 + 46 bytes */
    TOPIC_MAX = 350,          /* bytes: fits an IRC line with everything before it */
    USER_MAX = 20,            /* bytes */
    REALNAME_MAX = 116,       /* bytes */
};

uint32_t rooms_find(const struct hub *hub, struct text name); /* 0: none */

/* Makes sure a permanent room exists, with this topic if it has none. */
must_check int rooms_add_permanent(struct hub *hub, struct text name, struct text topic,
                                   struct moment now);

enum { ROOMS_JOIN_QUIETLY = 0 }; /* history: none */

/* Joins; *out_room is the room, also with CHAT_ALREADY_MEMBER. Of what was said before, up to
 * `history` messages become due. */
must_check int rooms_join(struct hub *hub, uint32_t person, struct text name, uint32_t history,
                          struct moment now, uint32_t *out_room);
must_check int rooms_leave(struct hub *hub, uint32_t person, uint32_t room, struct text reason,
                           struct moment now);
/* The cursor from which at most `n` messages that were said in the room are due; found by walking
 * back. */
struct cursor rooms_history_cursor(const struct hub *hub, uint32_t room, uint32_t n);
/* All memberships end here, without a record of their own (a quit has its own). */
void rooms_leave_all(struct hub *hub, uint32_t person);
/* Removes the row of a membership that is over (its cursor has reached `until`, or its reader is
 * gone), and its room if it was the last. */
void rooms_forget_membership(struct hub *hub, uint32_t membership);

/* kind: RECORD_SAID, RECORD_ACTION or RECORD_NOTICE. */
must_check int rooms_say(struct hub *hub, uint32_t person, uint32_t room, enum record_kind kind,
                         struct text text, struct moment now);
/* An empty topic clears it. CHAT_TEXT_TOO_LONG past TOPIC_MAX. */
must_check int rooms_set_topic(struct hub *hub, uint32_t person, uint32_t room, struct text topic,
                               struct moment now);

/* The membership by which the person is present in the room; 0: is not. */
uint32_t rooms_membership(const struct hub *hub, uint32_t person, uint32_t room);
uint32_t rooms_count_of(const struct hub *hub, uint32_t person); /* present in */

/* Members who are present, in the order of joining: the first one with a serial above `after`.
 * Returns its membership or 0. `hint` may name the membership of that serial (or 0): then no walk.
 */
uint32_t rooms_member_after(const struct hub *hub, uint32_t room, uint32_t after, uint32_t hint);
/* True if the room keeps messages. */
bool rooms_exists(const struct hub *hub, uint32_t room, uint32_t id);

#endif
