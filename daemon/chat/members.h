/* SPDX-License-Identifier: MIT */
/* Memberships: who is in which room, from when to when, with what rank. A membership is an interval
 * of the room's records: it ends where its person left, but its row stays until everything up to
 * there was read. See chat/hub.h for the rules of calling. */
#ifndef CHAT_MEMBERS_H
#define CHAT_MEMBERS_H

#include "chat/hub.h"

/* The membership by which the person is present in the room; 0: is not. */
uint32_t members_find(const struct hub *hub, uint32_t person, uint32_t room);
/* Its flags; 0 also for who is not there. */
uint32_t members_rank(const struct hub *hub, uint32_t person, uint32_t room);
uint32_t members_count_of(const struct hub *hub, uint32_t person); /* rooms it is present in */
/* Are both in one room? */
bool members_share_room(const struct hub *hub, uint32_t a, uint32_t b);

/* Members who are present, in the order of joining: the first one with a serial above `after`.
 * Returns its membership or 0. `hint` may name the membership of that serial (or 0): then no walk.
 */
uint32_t members_after(const struct hub *hub, uint32_t room, uint32_t after, uint32_t hint);
/* The one who is present and came after the one of this membership, or 0. */
uint32_t members_next(const struct hub *hub, uint32_t membership);

/* CHAT_TOO_MANY_ROOMS, CHAT_FULL, or 0. */
must_check int members_may_add(const struct hub *hub, uint32_t person);
/* Present from now on; plain lines go to this room. The first due record is the cursor's. Returns
 * the membership. */
uint32_t members_add(struct hub *hub, uint32_t person, uint32_t room, struct cursor cursor);
void members_set_rank(struct hub *hub, uint32_t membership, uint32_t flag, bool is_on);
/* Present no longer: what is in the room so far is the last that is due. */
void members_end(struct hub *hub, uint32_t membership);
/* All memberships end here. */
void members_end_all(struct hub *hub, uint32_t person);
/* Takes the row of a membership away: its cursor has reached `until`, or its reader is gone.
 * rooms_forget_membership() is what others call. */
void members_remove(struct hub *hub, uint32_t membership);

#endif
