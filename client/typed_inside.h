/* SPDX-License-Identifier: MIT */
/* Between the files of typed. */
#ifndef CLIENT_TYPED_INSIDE_H
#define CLIENT_TYPED_INSIDE_H

#include "typed.h"

typedef void (*typed_handler)(struct model *, struct text, struct event *);

enum typed_group { TYPED_TALK, TYPED_ROOMS, TYPED_PAST, TYPED_CHARGE, TYPED_MORE };

struct typed_command {
    enum typed_group group;
    const char *name;
    const char *arguments;
    const char *help; /* NULL: another name of the row before */
    int n_needed;     /* words */
    bool is_local;    /* needs no server */
    typed_handler run;
};

/* NULL behind the last one. */
const struct typed_command *typed_row(size_t i);
/* NULL if there is none, or if several begin so. */
const struct typed_command *typed_find(struct text name);

/* The event says what is wrong. */
void typed_fail(struct model *m, struct event *event, const char *format, ...) format_like(3, 4);
/* The room that a command without a name means: the one that plain text goes to. */
struct text typed_room(const struct model *m);
/* False, and the event says so, if there is none. */
bool typed_has_room(struct model *m, struct event *event);
/* People leave the '#' out. The name with it, in `b`. */
struct text typed_room_name(struct text word, struct buf *b);

/* The command of typed_help.c. */
void typed_help(struct model *m, struct text rest, struct event *event);
/* The command of typed_set.c. */
void typed_set(struct model *m, struct text rest, struct event *event);

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
