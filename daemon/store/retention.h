/* SPDX-License-Identifier: MIT */
/* Deleting what need not be kept: by age, and by number and size of each place. In small
 * transactions of their own. Knows the tables, not the log. */
#ifndef STORE_RETENTION_H
#define STORE_RETENTION_H

#include "store/archive.h"
#include "store/words.h"

enum { RETENTION_BATCH = 256, RETENTION_RECORD_BYTES = 100 };

struct retention {
    struct database *database; /* borrowed */
    struct words_index words;
    sqlite3_stmt *statements[11];
};

/* Compiles the statements. -errno; retention_fini() also after that. */
must_check int retention_init(struct retention *retention, struct database *database);
void retention_fini(struct retention *retention);

/* Deletes at most RETENTION_BATCH records or placements, in one transaction; *out_n says how many.
 * -errno: none. */
must_check int retention_step(struct retention *retention, const struct archive_keep *keep,
                              uint64_t now_ms, uint64_t *out_n);

#endif
