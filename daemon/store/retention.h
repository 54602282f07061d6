/* SPDX-License-Identifier: MIT */
/* Deleting what need not be kept: by age, and by number and size of each place; rooms may have
 * settings of their own. In small transactions of their own. Knows the tables, not the log. */
#ifndef STORE_RETENTION_H
#define STORE_RETENTION_H

#include "store/keeping.h"
#include "store/removal.h"

enum { RETENTION_BATCH = 256, RETENTION_RECORD_BYTES = 100 };

struct retention {
    struct database *database; /* borrowed */
    struct removal removal;
    sqlite3_stmt *statements[9];
    const struct keeping *keeping; /* borrowed; NULL: none is set since the database was opened */
    uint64_t passed; /* up to this number all is done that is too old by the general setting */
};

/* Compiles the statements. -errno; retention_fini() also after that. */
must_check int retention_init(struct retention *retention, struct database *database);
void retention_fini(struct retention *retention);

/* From now on this much is kept; stays the caller's, as long as it counts. -errno: the old ones do
 * not count any more either. */
must_check int retention_set(struct retention *retention, const struct keeping *keeping);

enum { RETENTION_MORE = 1 };

/* Looks at RETENTION_BATCH records or placements that may be due, at most, and deletes those that
 * are, in one transaction; *out_n says how many. RETENTION_MORE: there may be more; 0; -errno: none
 * was deleted. */
must_check int retention_step(struct retention *retention, uint64_t now_ms, uint64_t *out_n);

#endif
