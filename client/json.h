/* SPDX-License-Identifier: MIT */
/* Events as JSON (RFC 8259), one object a line, for programs. Pure.
 *
 *     {"kind":"message","time":"2026-11-22T14:02:00Z","own":false,"room":"#lobby","who":"bob",
 *      "text":"hi"}
 *
 * kind: message, action, notice, join, leave, quit, kick, nick, topic, names, mode, info, error,
 * help. Texts that an event does not have are left out. They are UTF-8; IRC's formatting codes are
 * left out as well. */
#ifndef CLIENT_JSON_H
#define CLIENT_JSON_H

#include "event.h"

/* Appends the event with its '\n'; nothing for EVENT_NONE and EVENT_AWAY. Needs at most
 * JSON_BYTES_MAX for what a link hands out. */
enum { JSON_BYTES_MAX = 256 * 1024 };
void json_render(const struct event *event, struct buf *out);

#endif
