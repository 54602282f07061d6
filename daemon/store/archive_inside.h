/* SPDX-License-Identifier: MIT */
/* What the files of the archive share. */
#ifndef STORE_ARCHIVE_INSIDE_H
#define STORE_ARCHIVE_INSIDE_H

#include "store/board.h"
#include "store/filing.h"
#include "store/indexer.h"
#include "store/retention.h"
#include "store/tap.h"

enum archive_statement {
    ARCHIVE_BEGIN,
    ARCHIVE_COMMIT,
    ARCHIVE_MOVE,
    ARCHIVE_GAP,
    ARCHIVE_STATEMENTS,
};

struct archive {
    char *path; /* owned */
    uint32_t batch_records, batch_bytes;
    uint32_t segment_span;
    uint32_t batch_now;       /* records of the next one, at most: grows to batch_records */
    struct database database; /* owned, with the statements of the next three */
    sqlite3_stmt *statements[ARCHIVE_STATEMENTS];
    struct filing filing;
    struct retention retention;
    struct indexer indexer;
    struct tap tap;
    uint64_t conversation;    /* counters.started_ms */
    bool is_placed;           /* the tap stands behind what is archived */
    uint64_t last_number;     /* of this conversation; 0: none is archived */
    uint64_t position;        /* atomic */
    char *permanent;          /* owned, as filing.permanent */
    struct keeping *keeping;  /* owned */
    struct kept_rooms *rooms; /* owned: to be written; NULL: they are */
    struct board board;       /* for any thread */
};

/* Says of what it failed, and passes that on. What may be wrong with the file, and not with the
 * moment, is looked at anew: the next step opens it again. */
int archive_fail(struct archive *archive, int r);

#endif
