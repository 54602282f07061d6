/* SPDX-License-Identifier: MIT */
/* What may be a nickname or a room's name. The rules suit both worlds: every name is valid in IRC,
 * and none can be mistaken for a command or a guest. Pure. */
#ifndef CHAT_NAMES_H
#define CHAT_NAMES_H

#include "lib/text.h"

enum {
    NICK_MAX = 30,      /* bytes */
    ROOM_NAME_MAX = 50, /* bytes, with '#' */
};

/* A letter or one of _[]\`^{}| first, then letters, digits, those and '-' (RFC 2812, 2.3.1). */
bool name_is_nick(struct text t);
/* "guest" and digits, in any case: given by the daemon alone, so that guests never collide. */
bool name_is_guest(struct text t);
/* '#', then 1 or more bytes of clean UTF-8 without space, comma and U+FFFD (RFC 2812, 1.3). */
bool name_is_room(struct text t);
/* The guest name of a connection: unique, because the number is never used again. */
void name_guest(uint64_t connection_id, struct buf *out);

#endif
