/* SPDX-License-Identifier: MIT */
/* Making one segment out of the records that are there; and which is to be made next: the one that
 * is complete, what is older than all, or one that lost records. */
#include "store/indexer.h"

#include "store/words.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum indexer_statement {
    INDEXER_BEGIN,
    INDEXER_COMMIT,
    INDEXER_BOUNDS,
    INDEXER_FIRST_FROM,
    INDEXER_LAST_BEFORE,
    INDEXER_RECORDS,
    INDEXER_ADD,
    INDEXER_ADD_LEAF,
    INDEXER_LOST,
    INDEXER_RENEWED,
    INDEXER_DROP,
    INDEXER_DROP_LEAVES,
};

static const char *const indexer_sql[] = {
    [INDEXER_BEGIN] = "BEGIN IMMEDIATE",
    [INDEXER_COMMIT] = "COMMIT",
    [INDEXER_BOUNDS] = "SELECT min(first), max(last) FROM segments",
    [INDEXER_FIRST_FROM] = "SELECT number FROM records WHERE number >= ?1 ORDER BY number LIMIT 1",
    [INDEXER_LAST_BEFORE] =
        "SELECT number FROM records WHERE number < ?1 AND number >= 0 ORDER BY number DESC LIMIT 1",
    [INDEXER_RECORDS] = ("SELECT number, kind, who, text, places FROM records "
                         "WHERE number >= ?1 AND number <= ?2 ORDER BY number"),
    [INDEXER_ADD] = "INSERT INTO segments VALUES(NULL, ?1, ?2, 0)",
    [INDEXER_ADD_LEAF] = "INSERT INTO postings VALUES(?1, ?2)",
    [INDEXER_LOST] = ("SELECT id, first, last, lost FROM segments WHERE lost > 0 "
                      "ORDER BY lost DESC LIMIT 1"),
    [INDEXER_RENEWED] = "UPDATE segments SET lost = 0 WHERE id = ?1",
    [INDEXER_DROP] = "DELETE FROM segments WHERE id = ?1",
    [INDEXER_DROP_LEAVES] = "DELETE FROM postings WHERE id >= ?1 AND id < ?2",
};

/* A segment in the making. */
struct segment {
    uint64_t id; /* 0: it is new */
    uint64_t first, last;
    struct postings postings; /* owned */
    uint32_t tokens[WORDS_TOKENS_MAX];
};

int indexer_init(struct indexer *indexer, struct database *database, uint32_t span)
{
    static_assert(ARRAY_SIZE(indexer_sql) <= ARRAY_SIZE(indexer->statements), "room for all");
    assert(span > 0 && span <= POSTINGS_SPAN);
    *indexer = (struct indexer){ .database = database, .span = span };
    return database_prepare_all(database, indexer_sql, indexer->statements,
                                ARRAY_SIZE(indexer_sql));
}

void indexer_fini(struct indexer *indexer)
{
    database_finalize(indexer->statements, ARRAY_SIZE(indexer_sql));
}

/* ---- statements ---- */

static int indexer_run(struct indexer *indexer, enum indexer_statement which)
{
    return database_run(indexer->database, indexer->statements[which]);
}

static int indexer_run_with(struct indexer *indexer, enum indexer_statement which, uint64_t value)
{
    database_bind_u64(indexer->statements[which], 1, value);
    return indexer_run(indexer, which);
}

/* DATABASE_ROW, 0: there is none. */
static int indexer_ask(struct indexer *indexer, enum indexer_statement which, uint64_t number,
                       uint64_t *out)
{
    sqlite3_stmt *ask = indexer->statements[which];
    int r;

    database_bind_u64(ask, 1, number);
    r = database_next(indexer->database, ask);
    if (r == DATABASE_ROW) {
        *out = database_u64(ask, 0);
        (void)sqlite3_reset(ask);
    }
    return r;
}

/* ---- one segment ---- */

static int segment_take(struct segment *segment, sqlite3_stmt *row)
{
    struct words words = { .who = database_text(row, 2),
                           .text = database_text(row, 3),
                           .places = database_text(row, 4) };
    uint32_t offset = (uint32_t)(database_u64(row, 0) - segment->first);

    if (!words_are_in(sqlite3_column_int(row, 1), words.text)) {
        return 0;
    }
    return postings_add(&segment->postings, offset, segment->tokens,
                        words_tokens(&words, segment->tokens))
               ? 0
               : -E2BIG;
}

/* -E2BIG: its records have too many tokens. */
static int segment_read(struct segment *segment, struct indexer *indexer, bool *out_is_empty)
{
    sqlite3_stmt *rows = indexer->statements[INDEXER_RECORDS];
    int r;

    *out_is_empty = true;
    segment->postings.n = 0;
    database_bind_u64(rows, 1, segment->first);
    database_bind_u64(rows, 2, segment->last);
    while ((r = database_next(indexer->database, rows)) == DATABASE_ROW) {
        *out_is_empty = false;
        r = segment_take(segment, rows);
        if (r < 0) {
            break;
        }
    }
    (void)sqlite3_reset(rows);
    return r;
}

static int segment_write_leaves(struct segment *segment, struct indexer *indexer)
{
    sqlite3_stmt *add = indexer->statements[INDEXER_ADD_LEAF];
    char space[POSTINGS_LEAF_SIZE];
    struct buf leaf = buf_over(space, sizeof(space));
    uint32_t token;
    int r = 0;

    postings_sort(&segment->postings);
    while (r == 0 && postings_next_leaf(&segment->postings, &leaf, &token)) {
        database_bind_u64(add, 1, postings_row(segment->id, token));
        (void)sqlite3_bind_blob(add, 2, leaf.at, (int)leaf.len, SQLITE_STATIC);
        r = database_run(indexer->database, add);
        leaf.len = 0;
    }
    return r;
}

static int segment_add(struct segment *segment, struct indexer *indexer)
{
    sqlite3_stmt *add = indexer->statements[INDEXER_ADD];
    int r;

    database_bind_u64(add, 1, segment->first);
    database_bind_u64(add, 2, segment->last);
    r = database_run(indexer->database, add);
    segment->id = (uint64_t)sqlite3_last_insert_rowid(indexer->database->db);
    return r;
}

static int segment_drop_leaves(const struct segment *segment, struct indexer *indexer)
{
    sqlite3_stmt *drop = indexer->statements[INDEXER_DROP_LEAVES];

    database_bind_u64(drop, 1, postings_row(segment->id, 0));
    database_bind_u64(drop, 2, postings_row(segment->id + 1, 0));
    return database_run(indexer->database, drop);
}

/* Its row, and no lists: there are some of one that is made anew, and where somebody deleted rows
 * by hand. */
static int segment_prepare(struct segment *segment, struct indexer *indexer)
{
    int r = segment->id == 0 ? segment_add(segment, indexer)
                             : indexer_run_with(indexer, INDEXER_RENEWED, segment->id);

    return r < 0 ? r : segment_drop_leaves(segment, indexer);
}

static int segment_drop(struct segment *segment, struct indexer *indexer)
{
    int r = segment_drop_leaves(segment, indexer);

    return r < 0 ? r : indexer_run_with(indexer, INDEXER_DROP, segment->id);
}

/* One that was there and has no records any more goes; as one does that somebody made too large by
 * hand: its records are read from now on. */
static int segment_make(struct segment *segment, struct indexer *indexer)
{
    bool is_empty;
    int r = segment_read(segment, indexer, &is_empty);

    if (segment->id != 0 && (is_empty || r == -E2BIG)) {
        return segment_drop(segment, indexer);
    }
    if (r == 0) {
        r = segment_prepare(segment, indexer);
    }
    return r < 0 ? r : segment_write_leaves(segment, indexer);
}

/* As much of it as there is room for, from its first number on or, with `keeps_end`, up to its
 * last. */
static int segment_fit(struct segment *segment, struct indexer *indexer, bool keeps_end)
{
    int r;

    while ((r = segment_make(segment, indexer)) == -E2BIG) {
        uint64_t half = (segment->last - segment->first) / 2;

        segment->first = keeps_end ? segment->last - half : segment->first;
        segment->last = segment->first + half;
    }
    return r;
}

static int segment_commit(struct segment *segment, struct indexer *indexer, bool keeps_end)
{
    int r = indexer_run(indexer, INDEXER_BEGIN);

    if (r == 0) {
        r = segment_fit(segment, indexer, keeps_end);
    }
    if (r == 0) {
        r = indexer_run(indexer, INDEXER_COMMIT);
    }
    if (r < 0) {
        database_roll_back(indexer->database);
    }
    indexer->is_known = false;
    return r;
}

static int indexer_make(struct indexer *indexer, const struct range *range, uint64_t id,
                        bool keeps_end)
{
    static const char no_memory[] = "no memory for the index";
    struct segment *segment = calloc(1, sizeof(*segment));
    int r = segment == NULL ? -ENOMEM : postings_init(&segment->postings);

    if (r < 0) {
        memcpy(indexer->database->why, no_memory, sizeof(no_memory));
    } else {
        segment->id = id;
        segment->first = range->low;
        segment->last = range->high - 1;
        r = segment_commit(segment, indexer, keeps_end);
    }
    if (segment != NULL) {
        postings_fini(&segment->postings);
    }
    free(segment);
    return r;
}

/* ---- which ones ---- */

static int indexer_look(struct indexer *indexer)
{
    sqlite3_stmt *bounds = indexer->statements[INDEXER_BOUNDS];
    int r;

    if (indexer->is_known) {
        return 0;
    }
    r = database_next(indexer->database, bounds);
    if (r != DATABASE_ROW) {
        return r;
    }
    indexer->first = database_u64(bounds, 0);
    indexer->next = sqlite3_column_type(bounds, 1) == SQLITE_NULL ? 0 : database_u64(bounds, 1) + 1;
    indexer->is_known = true;
    (void)sqlite3_reset(bounds);
    return 0;
}

/* The segment to be made of what is not in any, up to `number`. The first one of all has the newest
 * records: what is older follows from there back. INDEXER_MORE; 0: there are too few. */
static int indexer_ahead(struct indexer *indexer, uint64_t number, struct range *out)
{
    int r = indexer_look(indexer);

    if (r == 0) {
        r = indexer_ask(indexer, INDEXER_FIRST_FROM, indexer->next, &out->low);
    }
    if (r != DATABASE_ROW) {
        return r;
    }
    if (number < out->low || number - out->low < indexer->span - 1) {
        return 0;
    }
    if (indexer->next == 0) {
        out->low = number - (indexer->span - 1);
    }
    out->high = out->low + indexer->span;
    return INDEXER_MORE;
}

int indexer_follow(struct indexer *indexer, uint64_t number)
{
    struct range range;
    int r = indexer_ahead(indexer, number, &range);

    if (r == INDEXER_MORE) {
        r = indexer_make(indexer, &range, 0, false);
        r = r < 0 ? r : INDEXER_MORE;
    }
    return r;
}

/* What is complete comes first: nothing may have been said since the daemon was upgraded.
 * INDEXER_MORE: a segment was made. */
static int indexer_go_back(struct indexer *indexer)
{
    struct range range;
    uint64_t number = 0;
    int r = indexer_ask(indexer, INDEXER_LAST_BEFORE, INT64_MAX, &number);

    if (r == DATABASE_ROW) {
        r = indexer_follow(indexer, number);
    }
    if (r != 0) {
        return r;
    }
    r = indexer_look(indexer);
    if (r == 0 && indexer->first > 0) {
        r = indexer_ask(indexer, INDEXER_LAST_BEFORE, indexer->first, &number);
    }
    if (r != DATABASE_ROW) {
        return r;
    }
    range.high = number + 1;
    range.low = range.high - u64_min(range.high, indexer->span);
    r = indexer_make(indexer, &range, 0, true);
    return r < 0 ? r : INDEXER_MORE;
}

/* The one that lost most, if so many or more. INDEXER_MORE: there was one. */
static int indexer_renew(struct indexer *indexer, uint64_t least)
{
    sqlite3_stmt *lost = indexer->statements[INDEXER_LOST];
    struct range range;
    uint64_t id, n;
    int r = database_next(indexer->database, lost);

    if (r != DATABASE_ROW) {
        return r;
    }
    id = database_u64(lost, 0);
    range = (struct range){ .low = database_u64(lost, 1), .high = database_u64(lost, 2) + 1 };
    n = database_u64(lost, 3);
    (void)sqlite3_reset(lost);
    if (n < least) {
        return 0;
    }
    r = indexer_make(indexer, &range, id, false);
    return r < 0 ? r : INDEXER_MORE;
}

int indexer_tidy(struct indexer *indexer, bool is_idle)
{
    bool is_thorough = is_idle && indexer->n_tidied < INDEXER_TIDY_MAX;
    int r = indexer_renew(indexer, is_thorough ? 1 : INDEXER_LOST_MANY);

    indexer->n_tidied += is_thorough && r == INDEXER_MORE;
    if (r == 0 && is_idle) {
        r = indexer_go_back(indexer);
    }
    if (r == 0 && is_idle) {
        indexer->n_tidied = 0;
    }
    return r;
}
