/* SPDX-License-Identifier: MIT */
/* What a conversation looks like from the outside: where events are shown and lines come from. Two
 * make one: line mode (face_line.h) and the full screen (full.h). */
#ifndef CLIENT_FACE_H
#define CLIENT_FACE_H

#include "event.h"

enum face_outcome {
    FACE_LINE = 1,
    FACE_AGAIN, /* no whole line yet */
    FACE_END,   /* ^C, ^D, or the end of the input */
    FACE_STOP   /* ^Z */
};

struct face;

struct face_ops {
    void (*show)(struct face *, const struct event *);
    int (*read)(struct face *); /* once, when there is something; 0 or -errno */
    /* Borrowed until the next call. Returns an outcome. */
    int (*next_line)(struct face *, struct text *out_line);
    /* Everything that happened in this turn has been shown. */
    void (*settle)(struct face *, struct text connection);
    int (*timeout_ms)(struct face *); /* until settle() is wanted again; -1: only if more happens */
    void (*resize)(struct face *);    /* SIGWINCH */
    void (*pause)(struct face *);     /* gives the terminal back; may be called twice */
    void (*resume)(struct face *);
};

struct face {
    const struct face_ops *ops;
    int in;           /* the descriptor input comes from; borrowed */
    bool is_terminal; /* a person types, rather than a program */
    bool is_editing;  /* keys come one by one, so the input's end is a key */
    bool is_full;     /* has windows */
    bool has_ended;   /* the input */
    bool is_broken;   /* the output: nothing more is written */
};

#endif
