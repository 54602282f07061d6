/* SPDX-License-Identifier: MIT */
/* Taking records out of the places where they stand, within the transaction of its caller: out of
 * one, or out of all but the rooms with settings of their own. Sums follow, and the
 * index is told what it lost. */
#ifndef STORE_REMOVAL_H
#define STORE_REMOVAL_H

#include "state/log.h"
#include "store/database.h"

struct removal {
    struct database *database; /* borrowed */
    sqlite3_stmt *statements[7];
    bool has_own; /* are there rooms in the table `own`? */
};

/* Compiles the statements, and makes the table `own`, of this connection alone, which the caller
 * fills. -errno; removal_fini() also after that. */
must_check int removal_init(struct removal *removal, struct database *database);
void removal_fini(struct removal *removal);

/* Takes the record of this number out of a place; 0: out of all that are not in `own`. *n counts
 * it, if it was in any. -errno. */
must_check int removal_drop(struct removal *removal, uint64_t number, uint64_t place, uint64_t *n);

#endif
