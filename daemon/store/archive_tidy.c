/* SPDX-License-Identifier: MIT */
/* What the archive does when there is nothing to archive: deleting what need not be kept, and its
 * index. */
#include "store/archive.h"
#include "store/archive_inside.h"

#include "store/former_index.h"

/* Takes over how much is kept, if that was set, or the database was opened anew. */
static int archive_take_keeping(struct archive *archive)
{
    struct keeping *keeping = board_take_keeping(&archive->board);

    if (keeping != NULL) {
        archive->retention.keeping = NULL;
        (void)keeping_free(archive->keeping);
        archive->keeping = keeping;
    }
    return archive->retention.keeping != NULL
               ? 0
               : retention_set(&archive->retention, archive->keeping);
}

/* *more: is there other work? Then: was there any? */
static int archive_tidy_index(struct archive *archive, bool *more)
{
    int r = indexer_tidy(&archive->indexer, !*more);

    if (r == 0 && !*more) {
        r = former_index_step(&archive->database);
    }
    *more = *more || r > 0;
    return r;
}

int archive_tidy(struct archive *archive, uint64_t now_ms)
{
    uint64_t n = 0;
    bool more = false;
    int r = archive_open(archive);

    if (r < 0) {
        return r;
    }
    r = archive_take_keeping(archive);
    if (r == 0) {
        r = retention_step(&archive->retention, now_ms, &n);
    }
    if (n > 0) {
        filing_forget(&archive->filing); /* places may be gone */
        board_add_deleted(&archive->board, n);
    }
    if (r >= 0) {
        more = r == RETENTION_MORE;
        r = archive_tidy_index(archive, &more);
    }
    if (r < 0) {
        return archive_fail(archive, r);
    }
    return more ? ARCHIVE_MORE : 0;
}
