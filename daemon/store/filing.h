/* SPDX-License-Identifier: MIT */
/* Filing records of the log into the database, within the transaction of the caller: the record and
 * its places. Places are found through a small cache, which also sums up what the batch adds to
 * each; records and placements go in hundreds at a time. */
#ifndef STORE_FILING_H
#define STORE_FILING_H

#include "store/staging.h"

enum { FILING_SLOT_BITS = 11, FILING_SLOTS = 1 << FILING_SLOT_BITS };

/* A place of this conversation. The name is that of the other end in a box, else empty. */
struct filing_key {
    bool is_box;
    uint64_t owner; /* room.id, or the connection's whole id */
    char folded[ROOM_NAME_SIZE];
};

struct filing_slot {
    struct filing_key key;
    uint64_t id;                 /* 0: the slot is empty */
    uint64_t n_records, n_bytes; /* by this batch */
    bool is_named;
};

struct filing {
    struct database *database; /* borrowed */
    sqlite3_stmt *statements[4];
    uint64_t conversation;
    const char *permanent; /* borrowed: folded names, each with a newline before and behind */
    struct filing_slot slots[FILING_SLOTS];
    struct staging staging;
};

/* Compiles the statements. -errno; filing_fini() also after that. */
must_check int filing_init(struct filing *filing, struct database *database);
void filing_fini(struct filing *filing);

/* Files a record that tap_next() gave. -EEXIST: there is one of the number of this or of one before
 * it. -errno; the transaction is to be rolled back then, and filing_forget() called. */
must_check int filing_add(struct filing *filing, const struct record *record);
/* Writes what is left, and the sums, before the commit. -errno, as filing_add(). */
must_check int filing_settle(struct filing *filing);
/* Empties the cache: what it knows may not be so any more. What is not written is forgotten too. */
void filing_forget(struct filing *filing);

/* Names are compared in lower case (ASCII): appends it. */
void filing_fold(struct buf *out, struct text name);

#endif
