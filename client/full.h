/* SPDX-License-Identifier: MIT */
/* The full screen: a desk on a screen. */
#ifndef CLIENT_FULL_H
#define CLIENT_FULL_H

#include "desk.h"
#include "face.h"
#include "screen.h"

struct full {
    struct face face;
    struct desk desk;
    struct screen *screen; /* owned */
    struct bytes input;    /* read, and not yet looked at */
    bool is_awaited;       /* somebody has typed, or wants to be let in, since it was drawn */
    int64_t drawn_ms;      /* all on the monotonic clock */
    int64_t read_ms;
    struct alert_place place;
};

struct full_config {
    struct model *model;             /* borrowed */
    const struct settings *settings; /* copied */
    const char *type;                /* of the terminal: $TERM */
    struct alert_place place;        /* the same, for notifications */
    bool wants_colour;               /* the terminal has to be able to, as well */
};

/* Returns 0, SCREEN_UNABLE, or -errno; full_fini() only if it is 0. */
must_check int full_init(struct full *f, const struct full_config *config);
void full_fini(struct full *f);

#endif
