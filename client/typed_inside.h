/* SPDX-License-Identifier: MIT */
/* Between the files of typed. */
#ifndef CLIENT_TYPED_INSIDE_H
#define CLIENT_TYPED_INSIDE_H

#include "typed.h"

/* The event says what is wrong. */
void typed_fail(struct model *m, struct event *event, const char *format, ...) format_like(3, 4);
/* The room that a command without a name means: the one that plain text goes to. */
struct text typed_room(const struct model *m);
/* False, and the event says so, if there is none. */
bool typed_has_room(struct model *m, struct event *event);
/* People leave the '#' out. The name with it, in `b`. */
struct text typed_room_name(struct text word, struct buf *b);

/* Commands of typed_moderate.c: what follows the name, and what the user is told. */
void typed_kick(struct model *m, struct text rest, struct event *event);
void typed_ban(struct model *m, struct text rest, struct event *event);
void typed_unban(struct model *m, struct text rest, struct event *event);
void typed_op(struct model *m, struct text rest, struct event *event);
void typed_deop(struct model *m, struct text rest, struct event *event);
void typed_voice(struct model *m, struct text rest, struct event *event);
void typed_devoice(struct model *m, struct text rest, struct event *event);
void typed_mode(struct model *m, struct text rest, struct event *event);
void typed_invite(struct model *m, struct text rest, struct event *event);

#endif
