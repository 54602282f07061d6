/* SPDX-License-Identifier: MIT */
/* What was said in one window, oldest first, within a limit of bytes. Pure. Records lie one behind
 * the other in blocks, each as long as its text plus SCROLLBACK_RECORD_EXTRA; when the limit is
 * passed the oldest block goes. A position is a number that grows and is never used again, so one
 * that is gone can be told from one that is there. */
#ifndef CLIENT_SCROLLBACK_H
#define CLIENT_SCROLLBACK_H

#include "event.h"

enum {
    SCROLLBACK_RECORD_EXTRA = 28, /* bytes besides the texts */
    SCROLLBACK_BLOCK_BYTES = 64 * 1024,
    SCROLLBACK_BLOCK_FIRST = 4 * 1024, /* the first block: most windows stay small */
};

#define SCROLLBACK_NOWHERE UINT64_MAX /* the position of no record; behind all of them */

struct scrollback_block;

struct scrollback {                   /* all zero is empty, and keeps at least one block */
    struct scrollback_block **blocks; /* owned, oldest first */
    size_t n_blocks, size;            /* of the array */
    size_t n_dropped;                 /* blocks: the number of the first one there is */
    size_t n_bytes, max_bytes;        /* of all blocks */
};

enum scrollback_flag {
    SCROLLBACK_OWN = 1,
    SCROLLBACK_MENTION = 2, /* speaks to the user */
    SCROLLBACK_PAST = 4,    /* was said before, and is nothing new */
};

struct scrollback_record {
    enum event_kind kind;
    unsigned flags; /* of enum scrollback_flag */
    time_t at;
    struct text who, text; /* handed out: borrowed until the next add */
};

void scrollback_fini(struct scrollback *s);
/* Copies the texts, of which more than 64 KiB are cut. Ends the process when memory does. Returns
 * the record's position. */
uint64_t scrollback_add(struct scrollback *s, const struct scrollback_record *record);

/* SCROLLBACK_NOWHERE if there is none. */
uint64_t scrollback_first(const struct scrollback *s);
uint64_t scrollback_last(const struct scrollback *s);
uint64_t scrollback_before(const struct scrollback *s, uint64_t at);
uint64_t scrollback_after(const struct scrollback *s, uint64_t at);
/* `at` is the position of a record that is there. */
void scrollback_get(const struct scrollback *s, uint64_t at, struct scrollback_record *out_record);
/* False for one that has been dropped, and for SCROLLBACK_NOWHERE. */
bool scrollback_has(const struct scrollback *s, uint64_t at);

/* The next record before `from` (or before the end, for SCROLLBACK_NOWHERE) with `words` in its
 * texts, letters of ASCII without regard to case. */
uint64_t scrollback_search(const struct scrollback *s, uint64_t from, struct text words);

#endif
