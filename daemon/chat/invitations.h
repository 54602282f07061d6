/* SPDX-License-Identifier: MIT */
/* Rooms a person was invited to and has not entered since: ids of rooms, so that one of a room that
 * is gone opens no other. See chat/hub.h for the rules of calling. */
#ifndef CHAT_INVITATIONS_H
#define CHAT_INVITATIONS_H

#include "chat/hub.h"

enum { INVITATIONS_MAX = 14 }; /* of a person; a new one takes the place of the oldest. One cell */

bool invitations_has(const struct hub *hub, uint32_t person, uint32_t room_id);
/* The n-th (from 0) as the row of a room that still exists; 0: no more. */
uint32_t invitations_room(const struct hub *hub, uint32_t person, uint32_t n);
/* In a transaction. CHAT_FULL if there is no cell. */
must_check int invitations_add(struct hub *hub, uint32_t person, uint32_t room_id);
void invitations_remove(struct hub *hub, uint32_t person, uint32_t room_id);

#endif
