/* SPDX-License-Identifier: MIT */
/* What one reader was shown of a room in this round, kept so that the others who stand at the same
 * place of it are given the same bytes at once: a run of records, without any of the reader's own,
 * as one view shows them. Ordinary memory; forgotten when the round ends. */
#ifndef FRONT_RUNS_H
#define FRONT_RUNS_H

#include "lib/text.h"
#include "state/layout.h"

#include <assert.h>

enum {
    RUNS = 8,
    RUN_RECORDS = 1024,
    RUN_BYTES = PAGE_SIZE_BYTES,
};

struct run {
    uint32_t room;
    uint32_t view;        /* of struct front */
    uint64_t first;       /* ordinal of the first record */
    uint64_t number;      /* of the first record */
    uint64_t real_ms;     /* of the last record */
    struct cursor behind; /* behind the last record */
    uint32_t n_bytes;
    uint16_t ends[RUN_RECORDS]; /* by record: where its bytes end */
    char bytes[RUN_BYTES];
};

static_assert(RUN_BYTES <= UINT16_MAX, "ends");

struct runs {
    struct run *runs; /* owned */
    uint32_t n;       /* in use; the oldest is overwritten when all are */
    uint32_t newest;
};

must_check int runs_init(struct runs *runs); /* -ENOMEM */
void runs_fini(struct runs *runs);
void runs_reset(struct runs *runs);

/* The run that has the record `due` in it, or NULL. */
struct run *runs_find(const struct runs *runs, uint32_t room, uint32_t view, uint64_t due);
/* It has the record `due` of this room, as this view shows it. */
static inline bool run_has(const struct run *run, uint32_t room, uint32_t view, uint64_t due)
{
    return run->room == room && run->view == view && due >= run->first && due < run->behind.due;
}

/* Where the bytes of that record begin. */
static inline uint32_t run_start(const struct run *run, uint64_t due)
{
    return due == run->first ? 0 : run->ends[due - run->first - 1];
}

/* Its bytes from that record on. */
struct text run_from(const struct run *run, uint64_t due);

/* An empty run that begins at `due`; valid until RUNS more were begun. */
struct run *runs_begin(struct runs *runs, uint32_t room, uint32_t view, uint64_t due);
/* Adds the next record, which lies at `pos` and is shown as `bytes` (none: hidden). False: full. */
must_check bool run_add(struct run *run, const struct record *record, uint64_t pos,
                        struct text bytes);

#endif
