/* SPDX-License-Identifier: MIT */
/* Each record is rendered once per flavour and round, however many readers it has: here the bytes
 * are kept for the round, in ordinary memory. A flavour is a number that says everything the bytes
 * depend on besides the record. */
#ifndef FRONT_RENDERINGS_H
#define FRONT_RENDERINGS_H

#include "front/runs.h"

enum {
    RENDERING_MAX = 8192,    /* bytes of one record in any flavour */
    RENDERINGS_SLOTS = 4096, /* a power of two */
    RENDERINGS_BYTES = 1024 * 1024,
};

struct rendering {
    uint64_t pos;
    uint32_t flavour;
    uint32_t epoch; /* valid if it is the table's */
    uint32_t at, len;
};

struct renderings {
    struct rendering *slots; /* owned */
    char *bytes;             /* owned */
    size_t n_bytes;
    uint32_t n_used;
    uint32_t epoch;
    uint64_t first_pos;            /* of the first in this epoch */
    uint64_t n_rendered, n_reused; /* so far */
    struct runs runs;
};

must_check int renderings_init(struct renderings *renderings); /* -ENOMEM */
void renderings_fini(struct renderings *renderings);

/* Forgets all: the round is over. */
void renderings_reset(struct renderings *renderings);

/* The kept rendering, or NULL. */
const struct rendering *renderings_find(struct renderings *renderings, uint64_t pos,
                                        uint32_t flavour);
/* Room for a new one of at most RENDERING_MAX bytes; forgets older ones if it must. */
struct buf renderings_begin(struct renderings *renderings);
/* Keeps what was written. The result is valid until the next begin or reset. */
struct text renderings_end(struct renderings *renderings, uint64_t pos, uint32_t flavour,
                           const struct buf *written);

static inline struct text rendering_text(const struct renderings *renderings,
                                         const struct rendering *rendering)
{
    return (struct text){ .at = renderings->bytes + rendering->at, .len = rendering->len };
}

#endif
