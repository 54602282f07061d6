/* SPDX-License-Identifier: MIT */
/* The archive: a reader of the log that writes every record to an SQLite database, exactly once
 * whatever dies when. The records and the number of the last of them are one transaction there, so
 * whoever starts next goes on behind it. It is stepped, without a thread of its own (that is
 * store/archivist.h), and may run on another thread than the loop: what that one may call meanwhile
 * says so.
 *
 * A disk that fails changes nothing but `position`, which stands still: the step is tried again
 * later, and nothing is left out. Only the ring can overtake the archive, if the loop lets it; what
 * was lost then stands in the database as a gap. */
#ifndef STORE_ARCHIVE_H
#define STORE_ARCHIVE_H

#include "state/log.h"

enum {
    ARCHIVE_WHY_SIZE = 320,
    ARCHIVE_BATCH_FIRST =
        64, /* the first one of a process: a daemon that dies soon gets that far */
    ARCHIVE_BATCH_RECORDS = 4096, /* in one transaction, at most */
    ARCHIVE_BATCH_BYTES = 1048576,
};

struct archive_keep { /* 0: for ever */
    uint64_t ms;      /* how long records are kept */
    uint64_t records; /* how many of each place, at most */
    uint64_t bytes;   /* of text and 100 for each record, of each place, at most */
};

/* What is kept of the rooms of one name, instead of what is kept of all places. */
struct archive_room_keep {
    struct text name;
    struct archive_keep keep;
};

struct archive_settings {
    const char *path;       /* copied */
    uint32_t batch_records; /* 0: ARCHIVE_BATCH_RECORDS */
    uint32_t batch_bytes;   /* 0: ARCHIVE_BATCH_BYTES */
    uint32_t segment_span;  /* numbers of a segment of the index; 0: POSTINGS_SPAN */
    struct archive_keep keep;
};

/* For operators. */
struct archive_status {
    bool is_failing;
    char why[ARCHIVE_WHY_SIZE]; /* it is failing; empty otherwise */
    uint64_t n_failures;        /* in a row */
    uint64_t last_number;       /* of what is archived */
    uint64_t lag_bytes;         /* of log that is not archived yet, when the last step ended */
    uint64_t n_archived;        /* records, since this start */
    uint64_t n_lost;            /* records that the ring took, since this start */
    uint64_t n_deleted;         /* records whose time was over, since this start */
};

struct archive;
struct board;
struct kept_rooms;

/* -ENOMEM. Nothing is opened yet. */
must_check int archive_new(const struct archive_settings *settings, struct archive **out);
struct archive *archive_free(struct archive *archive);
OWNED_DEFINE(struct archive *, archive_free)

/* Opens, creates or migrates the database; every step that finds it closed does it again. What is
 * damaged, somebody else's or of a newer version is left as it is. -errno; the status says why. */
must_check int archive_open(struct archive *archive);

/* Before the first step: the region to read, which outlives the archive. */
void archive_attach(struct archive *archive, const struct state *state);

/* The highest number that was ever archived, 0 if there is none: a new region counts on from there.
 * Valid once archive_open() succeeded; before the thread starts. */
uint64_t archive_last_number(const struct archive *archive);
/* What lasted of the rooms; the caller's. -errno. At the same time only. */
must_check int archive_read_rooms(struct archive *archive, struct kept_rooms **out);

enum { ARCHIVE_MORE = 1 };

/* Archives one batch, and indexes the next segment if that is complete. 0: nothing is left;
 * ARCHIVE_MORE; -errno: nothing was archived, or all is but the index failed; try again later (the
 * status says why). */
must_check int archive_step(struct archive *archive);

/* Deletes a small batch of what need not be kept at this (real) time; never the newest record, and
 * never the newest of a place because of its size. Then, a segment each time, the index follows.
 * 0: nothing is left to do, ARCHIVE_MORE, -errno. To be called when there is nothing to archive. */
must_check int archive_tidy(struct archive *archive, uint64_t now_ms);

/* ---- for any thread ---- */

/* The log before this position is archived, or lost: its bytes may be given up. */
uint64_t archive_position(const struct archive *archive);
/* May `bytes` more be appended to the attached log without taking what is not archived? For the
 * loop, which otherwise reads no input until a step made room. */
bool archive_has_room(const struct archive *archive, const struct state *state, uint64_t bytes);
/* Is there so much to archive that more would not go into the same batch? */
bool archive_has_batch(const struct archive *archive, const struct state *state);
/* Is anything committed that is not archived? */
bool archive_is_behind(const struct archive *archive);
bool archive_is_failing(const struct archive *archive);
void archive_get_status(struct archive *archive, struct archive_status *out);

/* Where it is waited for (store/board.h). Borrowed. */
struct board *archive_board(struct archive *archive);

/* The rooms that stay (of the configuration): those of one name are one room for all time, across
 * regions. Copied. -ENOMEM, the old ones are kept then. */
must_check int archive_set_permanent(struct archive *archive, const struct text *names, size_t n);
/* From now on this much is kept: of all places, but of these rooms what stands with them. In one
 * piece, lest a room lose what only its own setting keeps. Copied. -ENOMEM, the old ones are kept
 * then. */
must_check int archive_set_keep(struct archive *archive, const struct archive_keep *keep,
                                const struct archive_room_keep *rooms, size_t n_rooms);

#endif
