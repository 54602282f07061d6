/* SPDX-License-Identifier: MIT */
/* Who may do what, on every front end alike: one answer, in an outcome of the hub. Changes nothing.
 */
#ifndef CHAT_PERMISSIONS_H
#define CHAT_PERMISSIONS_H

#include "chat/hub.h"

/* An operator of the room, or of the server. */
bool may_run_room(const struct hub *hub, uint32_t person, uint32_t room);
/* 0, CHAT_INVITE_ONLY, CHAT_BANNED, CHAT_WRONG_KEY, CHAT_ROOM_FULL. An invitation opens the door
 * whatever the reason it is closed; operators of the server enter everywhere. */
must_check int may_enter(const struct hub *hub, uint32_t person, uint32_t room, struct text key);
/* 0, CHAT_NO_EXTERNAL, CHAT_MODERATED, CHAT_SILENCED. */
must_check int may_speak(const struct hub *hub, uint32_t person, uint32_t room);
/* 0, CHAT_NOT_MEMBER, CHAT_NOT_OPERATOR. */
must_check int may_set_topic(const struct hub *hub, uint32_t person, uint32_t room);
/* 0, CHAT_NOT_MEMBER, CHAT_NOT_OPERATOR: change modes, kick. */
must_check int may_change(const struct hub *hub, uint32_t person, uint32_t room);
/* 0, CHAT_NOT_MEMBER, CHAT_NOT_OPERATOR. Who is in a room may invite; where only the invited may
 * enter, its operators. */
must_check int may_invite(const struct hub *hub, uint32_t person, uint32_t room);

/* May this person know that the room exists, and who is in it? Not of a secret one that it is not
 * in, nor of one that is over. */
bool may_know_of(const struct hub *hub, uint32_t person, uint32_t room);
/* May it find the other without knowing the nick? Not who is invisible and in none of its rooms. */
bool may_find(const struct hub *hub, uint32_t person, uint32_t other);

#endif
