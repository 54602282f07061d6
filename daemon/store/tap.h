/* SPDX-License-Identifier: MIT */
/* Reading the log from another thread than the loop's, record by record, in the order of their
 * numbers. A record is copied out, and counts only if it was not given up meanwhile; nothing but
 * the header's `visible` and `log.head` and the bytes of the log is looked at, never a table. */
#ifndef STORE_TAP_H
#define STORE_TAP_H

#include "state/log.h"

struct tap {
    const struct region_header *header; /* borrowed; NULL: no region yet */
    const char *log;                    /* borrowed */
    uint64_t pos;                       /* log position of the next record */
    _Alignas(8) char copy[RECORD_ROOM]; /* the largest record is smaller */
};

enum tap_outcome {
    TAP_RECORD = 1,
    TAP_END,       /* all that is committed was read */
    TAP_OVERTAKEN, /* the record at pos was given up */
    TAP_DAMAGED,   /* what lies at pos is no record */
};

/* The region outlives the tap. Starts at the oldest record kept. */
void tap_init(struct tap *tap, const struct state *state);

/* Goes to the oldest record that is kept now. */
void tap_rewind(struct tap *tap);
/* Goes to the first record whose number is above `number`, from pos on. An outcome. */
must_check int tap_seek(struct tap *tap, uint64_t number);

/* The next record, with the owner and the tenant of each link and the texts (state/log.h); a copy,
 * borrowed until the next call. An outcome. */
must_check int tap_next(struct tap *tap, const struct record **out);

/* The log up to here is committed. */
uint64_t tap_visible(const struct tap *tap);
/* Bytes of log between pos and there. */
uint64_t tap_lag(const struct tap *tap);

/* The links of a record of tap_next(). */
static inline const struct link *tap_links(const struct record *record)
{
    return (const struct link *)(const void *)(record + 1);
}

#endif
