/* SPDX-License-Identifier: MIT */
/* Writes the index: segment by segment, each of the next so many numbers, when they are all
 * archived; what is not in a segment is found by reading. A segment is one transaction, made of the
 * records that are in the database by then, so that it does not matter who dies when, and that the
 * index of an archive that had none, or another, is made afterwards, from the newest records back,
 * while it is used. What is removed is counted, and a segment that lost much is made anew: what was
 * said is in it no longer than it need be. */
#ifndef STORE_INDEXER_H
#define STORE_INDEXER_H

#include "store/database.h"

enum {
    INDEXER_LOST_MANY = 1024, /* records, after which a segment is made anew at once */
    INDEXER_TIDY_MAX = 16,    /* others that lost some, in each round of tidying */
};

struct indexer {
    struct database *database; /* borrowed */
    sqlite3_stmt *statements[12];
    uint32_t span;        /* numbers of a segment, POSTINGS_SPAN at most */
    bool is_known;        /* the next two are */
    uint64_t first, next; /* the first number of all segments, and behind them; 0: there is none */
    uint32_t n_tidied;    /* in this round */
};

/* Compiles the statements. -errno; indexer_fini() also after that. */
must_check int indexer_init(struct indexer *indexer, struct database *database, uint32_t span);
void indexer_fini(struct indexer *indexer);

enum { INDEXER_MORE = 1 };

/* Makes the next segment, if it is complete with this number, which is archived. INDEXER_MORE: it
 * did; 0; -errno. */
must_check int indexer_follow(struct indexer *indexer, uint64_t number);

/* Makes one segment anew that lost many of its records; when there is nothing else to do
 * (`is_idle`) also one of records older than all segments, or anew one that lost any. INDEXER_MORE:
 * there may be more; 0: not in this round; -errno. */
must_check int indexer_tidy(struct indexer *indexer, bool is_idle);

#endif
