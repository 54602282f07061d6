/* SPDX-License-Identifier: MIT */
/* A second copy of the region (all but its pages), kept by an observer: at each commit every
 * difference must have been announced, and what a rollback needs must be untouched. So a write that
 * forgot its journal entry is found at the commit behind it, and a rollback that is not complete at
 * the start behind it. Knows the layout, nothing of what it means. */
#ifndef SUPPORT_SHADOW_H
#define SUPPORT_SHADOW_H

#include "state/state.h"

enum { SHADOW_RANGES = 2048 };

struct shadow_range {
    size_t at, len; /* from the region's start, in bytes */
};

struct shadow {
    const struct state *state; /* borrowed */
    char *copy;                /* owned: header, tables, cells, log */
    size_t len;                /* of the copy */
    size_t log_at;             /* where the log begins in it */
    struct shadow_range saved[SHADOW_RANGES], fresh[SHADOW_RANGES], stored[SHADOW_RANGES];
    size_t n_saved, n_fresh, n_stored; /* of the open transaction */
    bool is_restarted;                 /* the next point compares what the rollback left */
    uint64_t n_commits;
    char wrong[256]; /* the first contradiction, in words; empty: none */
};

/* The state may be opened later: it is looked at when the first point is heard of. */
void shadow_init(struct shadow *shadow, const struct state *state);
void shadow_fini(struct shadow *shadow);

/* To be called by a tx_observer, before anything else. */
void shadow_on_point(struct shadow *shadow, enum tx_point point, const void *at, size_t len);
/* The process died: the next point is behind the rollback. */
void shadow_restart(struct shadow *shadow);
/* NULL, or the first thing that was wrong. */
const char *shadow_check(const struct shadow *shadow);

#endif
