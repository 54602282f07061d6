/* SPDX-License-Identifier: MIT */
/* The index that archives of version 3 and older have, an FTS5 table: nobody asks it any more, and
 * it goes, bit by bit, since dropping a large one takes seconds. */
#ifndef STORE_FORMER_INDEX_H
#define STORE_FORMER_INDEX_H

#include "store/database.h"

enum { FORMER_INDEX_ROWS = 256 }; /* of about 4 KB, in one step */
enum { FORMER_INDEX_MORE = 1 };

/* Deletes a bit of it. FORMER_INDEX_MORE; 0: it is gone; -errno. */
must_check int former_index_step(struct database *database);

#endif
