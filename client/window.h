/* SPDX-License-Identifier: MIT */
/* One conversation as a person sees it: a room, somebody in private, or the server itself. Pure.
 * Knows what was said and how much of it is new; not what it looks like. */
#ifndef CLIENT_WINDOW_H
#define CLIENT_WINDOW_H

#include "model.h"
#include "roster.h"
#include "scrollback.h"

enum window_kind {
    WINDOW_SERVER, /* what the server says, and what belongs nowhere else */
    WINDOW_ROOM,
    WINDOW_QUERY /* with one person */
};

enum { WINDOW_TOPIC_MAX = 1024 };

/* Where the bottom of the screen is: `skip` rows of the record at `at` are below it. At
 * SCROLLBACK_NOWHERE the screen follows what is new. */
struct window_scroll {
    uint64_t at;
    unsigned skip;
};

struct window {
    enum window_kind kind;
    struct model_name name;
    struct scrollback scrollback;
    struct roster members;
    char topic[WINDOW_TOPIC_MAX]; /* clean, with formatting codes */
    size_t topic_len;
    bool is_in; /* a room that we are in */
    unsigned n_unread, n_mentions;
    uint64_t first_unread; /* SCROLLBACK_NOWHERE: none. The unread line is drawn above it */
    struct window_scroll scroll;
    uint64_t found; /* by the search; SCROLLBACK_NOWHERE: nothing */
};

/* Owned by the caller; ends the process when memory does. */
struct window *window_new(enum window_kind kind, struct text name, size_t max_bytes);
struct window *window_free(struct window *w);

struct text window_name(const struct window *w);
struct text window_topic(const struct window *w);
void window_set_topic(struct window *w, struct text topic);
/* The texts are cleaned; formatting codes stay. Returns the record's position. */
uint64_t window_add(struct window *w, const struct scrollback_record *record);
/* Everything so far has been seen. */
void window_seen(struct window *w);

#endif
