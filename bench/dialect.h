/* SPDX-License-Identifier: MIT */
/* How one talks to the servers that are compared: the daemon's two front ends, the reference
 * servers, which pass lines on as they are, and others. Most say lines; a packet counts as one. */
#ifndef BENCH_DIALECT_H
#define BENCH_DIALECT_H

#include "lib/text.h"

/* Whom a connection plays. */
struct role {
    uint32_t number; /* of the connection */
    uint32_t room;
    bool has_room; /* else it is where everyone is at first; an IRC user then joins nothing */
    bool is_lobby; /* the common room, by name */
    bool speaks;
};

struct dialect {
    const char *name;
    /* The first line of what a server said, without its end, or the first packet, whole: how many
     * bytes it took. 0, and `out_line` untouched: there is more to come. */
    size_t (*cut)(struct text said, struct text *out_line);
    /* What it says first. */
    void (*hello)(const struct role *role, struct buf *out);
    void (*say)(const struct role *role, struct text payload, struct buf *out);
    /* In the line that shows that the hello has taken effect. */
    struct text (*ready)(const struct role *role);
    /* In the line before which nothing else is heard, and what it says then; often there is none.
     */
    struct text greeting;
    void (*enter)(const struct role *role, struct buf *out);
};

/* NULL: there is none of that name. */
const struct dialect *dialect_find(const char *name);

#endif
