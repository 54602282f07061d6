/* SPDX-License-Identifier: MIT */
/* What is filed, but not in the database yet: records and placements wait here until a statement
 * takes hundreds of them at once (store/rows). */
#ifndef STORE_STAGING_H
#define STORE_STAGING_H

#include "store/rows.h"
#include "store/schema.h"

enum {
    STAGING_RECORDS = 512,
    STAGING_PLACEMENTS = STAGING_RECORDS + LOG_LINKS_MAX,
    STAGING_BYTES = 131072,
};

enum { STAGING_PUT_RECORDS, STAGING_PUT_PLACEMENTS, STAGING_STATEMENTS };

/* A row of that table. */
struct placement {
    uint64_t place, number;
    uint8_t is_event, kind, least;
};

struct staging {
    struct database *database; /* borrowed */
    sqlite3_stmt *statements[STAGING_STATEMENTS];
    struct rows records, placements;
    size_t n_bytes;
    struct {
        uint32_t at; /* in `bytes` */
        uint16_t places_len;
    } record[STAGING_RECORDS]; /* the ids of its places lie behind it */
    struct placement placement[STAGING_PLACEMENTS];
    _Alignas(struct record) char bytes[STAGING_BYTES];
};

/* -errno; staging_fini() also after that. The database stays open until then, and nothing else of
 * it uses the tables `staged_records` and `staged_placements`. */
must_check int staging_init(struct staging *staging, struct database *database);
void staging_fini(struct staging *staging);

/* Copies a record that tap_next() gave, with the ids of its places, at most PLACES_SIZE
 * bytes. If there is no room for any other then, all is written: -errno, as staging_write(). */
must_check int staging_add(struct staging *staging, const struct record *record,
                           struct text places);
/* Before its record, at most LOG_LINKS_MAX of each. */
void staging_place(struct staging *staging, const struct placement *placement);

/* Writes all that is here into the database, within the caller's transaction, and is empty then.
 * -EEXIST: there is a record of such a number. -errno; that transaction is to be rolled back, and
 * staging_forget() called. */
must_check int staging_write(struct staging *staging);
void staging_forget(struct staging *staging);

#endif
