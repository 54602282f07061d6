/* SPDX-License-Identifier: MIT */
/* A record goes from one place after the other; with the last placement it goes itself. */
#include "store/retention.h"

#include <string.h>

enum retention_statement {
    RETENTION_OLDEST,
    RETENTION_TOO_MUCH,
    RETENTION_OLDEST_OF_PLACE,
    RETENTION_RECORD,
    RETENTION_DROP_PLACEMENT,
    RETENTION_LESS,
    RETENTION_DROP_RECORD,
    RETENTION_KEEP_PLACES,
    RETENTION_DROP_PLACES,
    RETENTION_BEGIN,
    RETENTION_COMMIT,
};

static const char *const retention_sql[] = {
    [RETENTION_OLDEST] = ("SELECT number FROM (SELECT number, ms FROM records ORDER BY number "
                          "LIMIT 1) WHERE ms < ?1 AND number < (SELECT max(number) FROM records)"),
    [RETENTION_TOO_MUCH] = ("SELECT id FROM places WHERE records > 1 "
                            "AND (records > ?1 OR bytes + 100 * records > ?2) LIMIT 1"),
    [RETENTION_OLDEST_OF_PLACE] =
        ("SELECT min(number), (SELECT records > 1 AND (records > ?2 OR bytes + 100 * records > ?3) "
         "FROM places WHERE id = ?1) FROM "
         "(SELECT min(number) AS number FROM placements WHERE place = ?1 AND is_event = 0 "
         "UNION ALL SELECT min(number) FROM placements WHERE place = ?1 AND is_event = 1)"),
    [RETENTION_RECORD] = "SELECT kind, who, text, places FROM records WHERE number = ?1",
    [RETENTION_DROP_PLACEMENT] =
        "DELETE FROM placements WHERE place = ?1 AND is_event = ?2 AND number = ?3",
    [RETENTION_LESS] = "UPDATE places SET records = records - 1, bytes = bytes - ?2 WHERE id = ?1",
    [RETENTION_DROP_RECORD] = "DELETE FROM records WHERE number = ?1",
    [RETENTION_KEEP_PLACES] = "UPDATE records SET places = ?2 WHERE number = ?1",
    [RETENTION_DROP_PLACES] =
        "DELETE FROM places WHERE id IN (SELECT id FROM places WHERE records = 0 LIMIT 256)",
    [RETENTION_BEGIN] = "BEGIN IMMEDIATE",
    [RETENTION_COMMIT] = "COMMIT",
};

/* A record as the index knows it; the texts are copies. */
struct retained {
    struct words words;
    int kind;
    char bytes[RECORD_ROOM];
};

int retention_init(struct retention *retention, struct database *database)
{
    int r;

    *retention = (struct retention){ .database = database };
    r = words_init(&retention->words, database);
    return r < 0 ? r
                 : database_prepare_all(database, retention_sql, retention->statements,
                                        ARRAY_SIZE(retention_sql));
}

void retention_fini(struct retention *retention)
{
    words_fini(&retention->words);
    database_finalize(retention->statements, ARRAY_SIZE(retention_sql));
}

static struct text retention_copy(struct buf *bytes, struct text t)
{
    size_t at = bytes->len;

    buf_text_put(bytes, t);
    return (struct text){ .at = bytes->at + at, .len = bytes->len - at };
}

/* 0 with words.number 0: there is no such record. */
static int retention_get(struct retention *retention, uint64_t number, struct retained *out)
{
    sqlite3_stmt *get = retention->statements[RETENTION_RECORD];
    struct buf bytes = buf_over(out->bytes, sizeof(out->bytes));
    int r;

    out->words = (struct words){ 0 };
    database_bind_u64(get, 1, number);
    r = database_next(retention->database, get);
    if (r != DATABASE_ROW) {
        return r;
    }
    out->kind = sqlite3_column_int(get, 0);
    out->words.number = number;
    out->words.who = retention_copy(&bytes, database_text(get, 1));
    out->words.text = retention_copy(&bytes, database_text(get, 2));
    out->words.places = retention_copy(&bytes, database_text(get, 3));
    (void)sqlite3_reset(get);
    return 0;
}

static int retention_run(struct retention *retention, enum retention_statement which,
                         uint64_t first, uint64_t second, uint64_t third)
{
    sqlite3_stmt *statement = retention->statements[which];

    database_bind_u64(statement, 1, first);
    (void)sqlite3_bind_int64(statement, 2, (sqlite3_int64)second);
    (void)sqlite3_bind_int64(statement, 3, (sqlite3_int64)third);
    return database_run(retention->database, statement);
}

static int retention_displace(struct retention *retention, const struct retained *it,
                              uint64_t place)
{
    int r = retention_run(retention, RETENTION_DROP_PLACEMENT, place, !words_are_said(it->kind),
                          it->words.number);

    if (r == 0) {
        r = retention_run(retention, RETENTION_LESS, place, it->words.text.len, 0);
    }
    return r;
}

static void retention_leave(struct buf *left, uint64_t place)
{
    if (left->len > 0) {
        buf_char(left, ' ');
    }
    buf_number(left, place);
}

/* `left` is what is left of the list of places, once `place` (0: all) is out of it. */
static int retention_displace_all(struct retention *retention, const struct retained *it,
                                  uint64_t place, struct buf *left)
{
    struct text rest = it->words.places;
    uint64_t id = 0;
    int r = 0;

    while (rest.len > 0 && r == 0) {
        bool is_id = text_number(text_cut_word(&rest), INT64_MAX, &id);

        if (is_id && place != 0 && place != id) {
            retention_leave(left, id);
        } else if (is_id) {
            r = retention_displace(retention, it, id);
        }
    }
    return r;
}

static int retention_shrink(struct retention *retention, struct retained *it, struct text left)
{
    sqlite3_stmt *keep = retention->statements[RETENTION_KEEP_PLACES];
    int r;

    if (left.len == 0) {
        return retention_run(retention, RETENTION_DROP_RECORD, it->words.number, 0, 0);
    }
    database_bind_u64(keep, 1, it->words.number);
    database_bind_text(keep, 2, left);
    r = database_run(retention->database, keep);
    if (r == 0 && words_are_in(it->kind, it->words.text)) {
        it->words.places = left;
        r = words_add(&retention->words, &it->words);
    }
    return r;
}

/* A placement of no record: somebody deleted that by hand. */
static int retention_drop_stray(struct retention *retention, uint64_t number, uint64_t place)
{
    int r = retention_run(retention, RETENTION_DROP_PLACEMENT, place, 0, number);

    if (r == 0) {
        r = retention_run(retention, RETENTION_DROP_PLACEMENT, place, 1, number);
    }
    return r < 0 ? r : retention_run(retention, RETENTION_LESS, place, 0, 0);
}

/* Takes the record out of a place; 0: out of all. */
static int retention_drop(struct retention *retention, uint64_t number, uint64_t place)
{
    struct retained it;
    char space[LOG_LINKS_MAX * 21];
    struct buf left = buf_over(space, sizeof(space));
    int r = retention_get(retention, number, &it);

    if (r < 0 || it.words.number == 0) {
        return r < 0 ? r : retention_drop_stray(retention, number, place);
    }
    if (words_are_in(it.kind, it.words.text)) {
        r = words_remove(&retention->words, &it.words);
    }
    if (r == 0) {
        r = retention_displace_all(retention, &it, place, &left);
    }
    return r < 0 ? r : retention_shrink(retention, &it, buf_text(&left));
}

/* ---- what to delete ---- */

/* The first value of a row of numbers; *out is 0 if there is none. */
static int retention_ask(struct retention *retention, enum retention_statement which, uint64_t *out,
                         bool *out_second)
{
    sqlite3_stmt *ask = retention->statements[which];
    int r = database_next(retention->database, ask);

    *out = 0;
    if (r != DATABASE_ROW) {
        return r;
    }
    *out = database_u64(ask, 0);
    *out_second = sqlite3_column_count(ask) < 2 || sqlite3_column_int(ask, 1) != 0;
    (void)sqlite3_reset(ask);
    return 0;
}

static int retention_by_age(struct retention *retention, uint64_t before_ms, uint64_t *n)
{
    uint64_t number = 0;
    bool is_due = true;
    int r = 0;

    while (r == 0 && *n < RETENTION_BATCH) {
        database_bind_u64(retention->statements[RETENTION_OLDEST], 1, before_ms);
        r = retention_ask(retention, RETENTION_OLDEST, &number, &is_due);
        if (r < 0 || number == 0) {
            return r;
        }
        r = retention_drop(retention, number, 0);
        *n += 1;
    }
    return r;
}

static void retention_bind_limits(sqlite3_stmt *statement, int at, const struct archive_keep *keep)
{
    database_bind_u64(statement, at, keep->records > 0 ? keep->records : INT64_MAX);
    database_bind_u64(statement, at + 1, keep->bytes > 0 ? keep->bytes : INT64_MAX);
}

static int retention_by_size(struct retention *retention, const struct archive_keep *keep,
                             uint64_t *n)
{
    sqlite3_stmt *oldest = retention->statements[RETENTION_OLDEST_OF_PLACE];
    uint64_t place, number;
    bool is_due = true;
    int r;

    retention_bind_limits(retention->statements[RETENTION_TOO_MUCH], 1, keep);
    r = retention_ask(retention, RETENTION_TOO_MUCH, &place, &is_due);
    while (r == 0 && place != 0 && *n < RETENTION_BATCH) {
        database_bind_u64(oldest, 1, place);
        retention_bind_limits(oldest, 2, keep);
        r = retention_ask(retention, RETENTION_OLDEST_OF_PLACE, &number, &is_due);
        if (r < 0 || number == 0 || !is_due) {
            return r;
        }
        r = retention_drop(retention, number, place);
        *n += 1;
    }
    return r;
}

/* The newest record stays whatever its age, also if one place would lose it: by size a place keeps
 * its own newest. */
static int retention_work(struct retention *retention, const struct archive_keep *keep,
                          uint64_t now_ms, uint64_t *n)
{
    int r = retention_run(retention, RETENTION_BEGIN, 0, 0, 0);

    if (r == 0 && keep->ms > 0 && now_ms > keep->ms) {
        r = retention_by_age(retention, now_ms - keep->ms, n);
    }
    if (r == 0 && (keep->records > 0 || keep->bytes > 0)) {
        r = retention_by_size(retention, keep, n);
    }
    if (r == 0 && *n > 0) {
        r = retention_run(retention, RETENTION_DROP_PLACES, 0, 0, 0);
    }
    return r < 0 ? r : retention_run(retention, RETENTION_COMMIT, 0, 0, 0);
}

int retention_step(struct retention *retention, const struct archive_keep *keep, uint64_t now_ms,
                   uint64_t *out_n)
{
    uint64_t n = 0;
    int r;

    if (keep->ms == 0 && keep->records == 0 && keep->bytes == 0) {
        *out_n = 0;
        return 0;
    }
    r = retention_work(retention, keep, now_ms, &n);
    if (r < 0) {
        database_roll_back(retention->database);
        return r;
    }
    *out_n = n;
    return 0;
}
