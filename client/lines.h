/* SPDX-License-Identifier: MIT */
/* Events as lines of text, for a terminal or a pipe. Pure. All that comes from the network is
 * cleaned here: no control character of it gets through, and IRC's own formatting is taken out. */
#ifndef CLIENT_LINES_H
#define CLIENT_LINES_H

#include "event.h"

enum {
    LINES_BYTES = 64 * 1024 /* enough for the longest line a link hands out, all of it replaced */
};

struct lines_look {
    bool has_colour; /* else not one escape sequence is written */
};

/* Appends the event as whole lines, each with its '\n'; nothing for EVENT_NONE. Times are local. */
void lines_render(const struct event *event, const struct lines_look *look, struct buf *out);

/* Appends t without IRC's bold, colours and so on, and without anything a terminal would obey. */
void lines_put_clean(struct text t, struct buf *out);

#endif
