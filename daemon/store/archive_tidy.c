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

/* ARCHIVE_MORE, 0, -errno. */
static int archive_tidy_index(struct archive *archive, bool is_idle)
{
    int r = indexer_tidy(&archive->indexer, is_idle);

    if (r == 0 && is_idle) {
        r = former_index_step(&archive->database);
    }
    return r < 0 ? r : r > 0 || !is_idle ? ARCHIVE_MORE : 0;
}

int archive_tidy(struct archive *archive, uint64_t now_ms)
{
    uint64_t n = 0;
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
        r = archive_tidy_index(archive, r != RETENTION_MORE);
    }
    return r < 0 ? archive_fail(archive, r) : r;
}
