/* SPDX-License-Identifier: MIT */
/* Who was here: the last PAST_ROWS who left or took another nick, for WHOWAS. See chat/hub.h for
 * the rules of calling. */
#ifndef CHAT_PAST_H
#define CHAT_PAST_H

#include "chat/hub.h"

/* In a transaction: the person as it is now, before it goes. */
void past_add(struct hub *hub, uint32_t person, struct moment now);
/* The n-th (from 0, the latest first) who had this nick; NULL: no more. */
const struct past *past_find(const struct hub *hub, struct text nick, uint32_t n);

#endif
