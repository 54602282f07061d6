/* SPDX-License-Identifier: MIT */
/* The step: one batch from the log into one transaction. Whatever fails, the next step looks up in
 * the database how far it came, and does the same again. */
#include "store/archive_inside.h"

#include "store/postings.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const char *const archive_sql[ARCHIVE_STATEMENTS] = {
    [ARCHIVE_BEGIN] = "BEGIN IMMEDIATE",
    [ARCHIVE_COMMIT] = "COMMIT",
    [ARCHIVE_MOVE] = ("INSERT INTO cursors VALUES(?1, ?2) "
                      "ON CONFLICT DO UPDATE SET number = excluded.number"),
    [ARCHIVE_GAP] = "INSERT OR IGNORE INTO gaps VALUES(?1, ?2)",
};

/* What a step has done so far. */
struct batch {
    uint32_t n_records;
    uint64_t n_bytes;
    uint64_t n_lost;
};

static uint32_t u32_min(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

int archive_new(const struct archive_settings *settings, struct archive **out)
{
    owned(archive_free) struct archive *archive = calloc(1, sizeof(*archive));

    if (archive == NULL) {
        return -ENOMEM;
    }
    board_init(&archive->board);
    archive->path = strdup(settings->path);
    archive->permanent = strdup("");
    archive->keeping = keeping_new(&settings->keep, NULL, 0);
    if (archive->path == NULL || archive->permanent == NULL || archive->keeping == NULL) {
        return -ENOMEM;
    }
    archive->batch_records =
        settings->batch_records > 0 ? settings->batch_records : ARCHIVE_BATCH_RECORDS;
    archive->batch_now = u32_min(archive->batch_records, ARCHIVE_BATCH_FIRST);
    archive->batch_bytes = settings->batch_bytes > 0 ? settings->batch_bytes : ARCHIVE_BATCH_BYTES;
    archive->segment_span = settings->segment_span > 0 ? settings->segment_span : POSTINGS_SPAN;
    *out = give(archive);
    return 0;
}

static void archive_close(struct archive *archive)
{
    database_finalize(archive->statements, ARCHIVE_STATEMENTS);
    filing_fini(&archive->filing);
    retention_fini(&archive->retention);
    indexer_fini(&archive->indexer);
    database_close(&archive->database);
}

struct archive *archive_free(struct archive *archive)
{
    if (archive != NULL) {
        archive_close(archive);
        board_fini(&archive->board);
        free(archive->path);
        free(archive->permanent);
        (void)keeping_free(archive->keeping);
        (void)kept_rooms_free(archive->rooms);
        free(archive);
    }
    return NULL;
}

int archive_fail(struct archive *archive, int r)
{
    board_fail(&archive->board, archive->database.why);
    if (r != -EBUSY && r != -ENOSPC) {
        archive_close(archive);
    }
    return r;
}

/* ---- opening ---- */

/* The value of a query for one number; 0 if there is no row. */
static int archive_ask(struct archive *archive, const char *sql, uint64_t argument, uint64_t *out)
{
    sqlite3_stmt *ask = NULL;
    int r = database_prepare(&archive->database, sql, &ask);

    *out = 0;
    if (r == 0) {
        (void)sqlite3_bind_int64(ask, 1, (sqlite3_int64)argument); /* if it has one */
        r = database_next(&archive->database, ask);
    }
    if (r == DATABASE_ROW) {
        *out = database_u64(ask, 0);
        r = 0;
    }
    (void)sqlite3_finalize(ask);
    return r;
}

static int archive_prepare(struct archive *archive)
{
    uint64_t highest = 0;
    int r = filing_init(&archive->filing, &archive->database);

    archive->filing.permanent = archive->permanent;
    archive->filing.conversation = archive->conversation;
    if (r == 0) {
        r = retention_init(&archive->retention, &archive->database);
    }
    if (r == 0) {
        r = indexer_init(&archive->indexer, &archive->database, archive->segment_span);
    }
    if (r == 0) {
        r = database_prepare_all(&archive->database, archive_sql, archive->statements,
                                 ARCHIVE_STATEMENTS);
    }
    if (r == 0) {
        r = archive_ask(archive, "SELECT max(number) FROM cursors", 0, &highest);
    }
    if (r == 0) {
        board_set_last_number(&archive->board, highest);
    }
    return r;
}

int archive_open(struct archive *archive)
{
    int r;

    if (archive->database.db != NULL) {
        return 0;
    }
    archive->is_placed = false;
    r = database_open(&archive->database, archive->path, DATABASE_WRITES);
    if (r == 0) {
        r = archive_prepare(archive);
    }
    return r < 0 ? archive_fail(archive, r) : 0;
}

void archive_attach(struct archive *archive, const struct state *state)
{
    tap_init(&archive->tap, state);
    archive->is_placed = false;
    filing_forget(&archive->filing);
    archive->conversation = state->header->counters.started_ms;
    archive->filing.conversation = archive->conversation;
    archive->position = archive->tap.pos;
}

uint64_t archive_last_number(const struct archive *archive)
{
    return archive->board.status.last_number;
}

int archive_read_rooms(struct archive *archive, struct kept_rooms **out)
{
    return archive->database.db == NULL ? -ENOENT : kept_rooms_read(&archive->database, out);
}

static int archive_log_is_damaged(struct archive *archive)
{
    static const char why[] = "the log is damaged: what comes next is no record";

    memcpy(archive->database.why, why, sizeof(why));
    return -EBADMSG;
}

/* Finds the first record that is not archived, by walking from the oldest one. Only the database
 * knows which that is: this happens at the start and after each failure. */
static int archive_place(struct archive *archive)
{
    int r = archive_ask(archive, "SELECT number FROM cursors WHERE conversation = ?1",
                        archive->conversation, &archive->last_number);

    if (r < 0) {
        return r;
    }
    do {
        tap_rewind(&archive->tap);
        r = tap_seek(&archive->tap, archive->last_number);
    } while (r == TAP_OVERTAKEN);
    archive->is_placed = r != TAP_DAMAGED;
    return archive->is_placed ? 0 : archive_log_is_damaged(archive);
}

/* ---- the step ---- */

static int archive_bind_run(struct archive *archive, enum archive_statement which, uint64_t first,
                            uint64_t second)
{
    sqlite3_stmt *statement = archive->statements[which];

    (void)sqlite3_bind_int64(statement, 1, (sqlite3_int64)first);
    (void)sqlite3_bind_int64(statement, 2, (sqlite3_int64)second);
    return database_run(&archive->database, statement);
}

/* Within a conversation numbers have no holes: what is between the last and this one is lost. */
static int archive_note_gap(struct archive *archive, uint64_t number, struct batch *batch)
{
    uint64_t first = archive->last_number + 1;

    if (archive->last_number == 0 || number <= first) {
        return 0;
    }
    batch->n_lost += number - first;
    return archive_bind_run(archive, ARCHIVE_GAP, first, number - 1);
}

static int archive_fill(struct archive *archive, struct batch *batch)
{
    const struct record *record;
    int r = 0;

    while (r == 0 && batch->n_records < archive->batch_now &&
           batch->n_bytes < archive->batch_bytes) {
        int outcome = tap_next(&archive->tap, &record);

        if (outcome == TAP_END) {
            break;
        }
        if (outcome == TAP_OVERTAKEN) {
            tap_rewind(&archive->tap);
            continue;
        }
        if (outcome == TAP_DAMAGED) {
            return archive_log_is_damaged(archive);
        }
        r = archive_note_gap(archive, record->number, batch);
        if (r == 0) {
            r = filing_add(&archive->filing, record);
        }
        archive->last_number = record->number;
        batch->n_records++;
        batch->n_bytes += record->size;
    }
    return r;
}

static int archive_batch(struct archive *archive, struct batch *batch)
{
    int r = archive_bind_run(archive, ARCHIVE_BEGIN, 0, 0);

    if (r == 0) {
        r = archive_fill(archive, batch);
    }
    if (r == 0) {
        r = filing_settle(&archive->filing);
    }
    if (r == 0 && batch->n_records > 0) {
        r = archive_bind_run(archive, ARCHIVE_MOVE, archive->conversation, archive->last_number);
    }
    return r < 0 ? r : archive_bind_run(archive, ARCHIVE_COMMIT, 0, 0);
}

/* Takes over which rooms are permanent, if that was set. */
static void archive_take_permanent(struct archive *archive)
{
    char *permanent = board_take_permanent(&archive->board);

    if (permanent != NULL) {
        free(archive->permanent);
        archive->permanent = permanent;
        archive->filing.permanent = permanent;
        filing_forget(&archive->filing);
    }
}

static void archive_publish(struct archive *archive, const struct batch *batch)
{
    struct archive_status status = { .last_number = archive->last_number,
                                     .lag_bytes = tap_lag(&archive->tap),
                                     .n_archived = batch->n_records,
                                     .n_lost = batch->n_lost };

    __atomic_store_n(&archive->position, archive->tap.pos, __ATOMIC_RELEASE);
    board_advance(&archive->board, &status);
}

/* What lasts of the rooms, if that was set. */
static int archive_write_rooms(struct archive *archive)
{
    struct kept_rooms *rooms = board_take_rooms(&archive->board);
    int r = 0;

    if (rooms != NULL) {
        (void)kept_rooms_free(archive->rooms);
        archive->rooms = rooms;
    }
    if (archive->rooms != NULL) {
        r = kept_rooms_write(&archive->database, archive->rooms);
    }
    if (r == 0) {
        archive->rooms = kept_rooms_free(archive->rooms);
    }
    return r;
}

/* All of a step but opening and telling. */
static int archive_try(struct archive *archive, struct batch *batch)
{
    int r = archive->is_placed ? 0 : archive_place(archive);

    r = r < 0 ? r : archive_write_rooms(archive);

    if (r == 0 && tap_lag(&archive->tap) > 0) {
        r = archive_batch(archive, batch);
    }
    return r;
}

/* What cannot be indexed now is archived all the same, and found by reading. */
static int archive_index(struct archive *archive)
{
    int r = indexer_follow(&archive->indexer, archive->last_number);

    if (r < 0) {
        return archive_fail(archive, r);
    }
    return r == INDEXER_MORE ? ARCHIVE_MORE : 0;
}

int archive_step(struct archive *archive)
{
    struct batch batch = { 0 };
    int r = archive_open(archive);

    if (r < 0) {
        return r;
    }
    archive_take_permanent(archive);
    r = database_look(&archive->database);
    r = r < 0 ? r : archive_try(archive, &batch);
    if (r < 0) {
        r = archive_fail(archive, r);
        database_roll_back(&archive->database);
        filing_forget(&archive->filing);
        archive->is_placed = false; /* a commit that failed may have been one: look it up */
        return r;
    }
    if (batch.n_records == archive->batch_now) {
        archive->batch_now = u32_min(archive->batch_now * 2, archive->batch_records);
    }
    archive_publish(archive, &batch);
    r = archive_index(archive);
    return tap_lag(&archive->tap) > 0 ? ARCHIVE_MORE : r;
}
