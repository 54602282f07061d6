/* SPDX-License-Identifier: MIT */
/* What to delete next; how much to keep of the rooms with settings of their own is a table of this
 * connection's, in memory, beside those of the database. */
#include "store/retention.h"

enum retention_statement {
    RETENTION_OLDEST,
    RETENTION_TOO_MUCH,
    RETENTION_OLDEST_OF_PLACE,
    RETENTION_OLD_IN_ROOM,
    RETENTION_DROP_PLACES,
    RETENTION_FORGET_ROOMS,
    RETENTION_ADD_ROOM,
    RETENTION_BEGIN,
    RETENTION_COMMIT,
};

static const char *const retention_sql[] = {
    [RETENTION_OLDEST] =
        ("SELECT number FROM (SELECT number, ms FROM records WHERE number > ?2 ORDER BY number "
         "LIMIT 1) WHERE ms < ?1 AND number < (SELECT max(number) FROM records)"),
    [RETENTION_TOO_MUCH] =
        ("SELECT p.id FROM places AS p LEFT JOIN own ON p.is_box = 0 AND own.folded = p.folded "
         "WHERE p.records > 1 AND (p.records > ifnull(own.records, ?1) "
         "OR p.bytes + 100 * p.records > ifnull(own.bytes, ?2)) LIMIT 1"),
    [RETENTION_OLDEST_OF_PLACE] =
        ("SELECT min(number), (SELECT p.records > 1 AND (p.records > ifnull(own.records, ?2) "
         "OR p.bytes + 100 * p.records > ifnull(own.bytes, ?3)) FROM places AS p "
         "LEFT JOIN own ON p.is_box = 0 AND own.folded = p.folded WHERE p.id = ?1) FROM "
         "(SELECT min(number) AS number FROM placements WHERE place = ?1 AND is_event = 0 "
         "UNION ALL SELECT min(number) FROM placements WHERE place = ?1 AND is_event = 1)"),
    /* Room by room, from the ?2-th on: the oldest of each place, if it is too old by now. ?3: none,
     * for ever. */
    [RETENTION_OLD_IN_ROOM] =
        ("SELECT number, oldest.place, room FROM (SELECT own.id AS room, p.id AS place, "
         "?1 - own.ms AS before_ms, min("
         "ifnull((SELECT min(number) FROM placements WHERE place = p.id AND is_event = 0), ?3), "
         "ifnull((SELECT min(number) FROM placements WHERE place = p.id AND is_event = 1), ?3)) "
         "AS number FROM own CROSS JOIN places AS p ON p.is_box = 0 AND p.folded = own.folded "
         "WHERE own.id >= ?2 AND own.ms < ?3 AND p.records > 0) AS oldest "
         "LEFT JOIN records USING(number) WHERE number < (SELECT max(number) FROM records) "
         "AND ifnull(ms < before_ms, 1) ORDER BY room LIMIT 1"),
    [RETENTION_DROP_PLACES] =
        "DELETE FROM places WHERE id IN (SELECT id FROM places WHERE records = 0 LIMIT 256)",
    [RETENTION_FORGET_ROOMS] = "DELETE FROM own",
    [RETENTION_ADD_ROOM] = "INSERT OR IGNORE INTO own VALUES(NULL, ?1, ?2, ?3, ?4)",
    [RETENTION_BEGIN] = "BEGIN IMMEDIATE",
    [RETENTION_COMMIT] = "COMMIT",
};

int retention_init(struct retention *retention, struct database *database)
{
    int r;

    *retention = (struct retention){ .database = database };
    r = removal_init(&retention->removal, database);
    return r < 0 ? r
                 : database_prepare_all(database, retention_sql, retention->statements,
                                        ARRAY_SIZE(retention_sql));
}

void retention_fini(struct retention *retention)
{
    removal_fini(&retention->removal);
    database_finalize(retention->statements, ARRAY_SIZE(retention_sql));
}

static int retention_run(struct retention *retention, enum retention_statement which)
{
    return database_run(retention->database, retention->statements[which]);
}

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

/* How much of a step is done. */
struct retention_done {
    uint64_t n_seen; /* RETENTION_BATCH at most */
    uint64_t n_deleted;
};

/* What stays in a room with settings of its own is passed by, and not looked at again. */
static int retention_by_age(struct retention *retention, uint64_t before_ms,
                            struct retention_done *done)
{
    sqlite3_stmt *oldest = retention->statements[RETENTION_OLDEST];
    uint64_t number = 0;
    bool is_due = true;
    int r = 0;

    while (r == 0 && done->n_seen < RETENTION_BATCH) {
        database_bind_u64(oldest, 1, before_ms);
        database_bind_u64(oldest, 2, retention->passed);
        r = retention_ask(retention, RETENTION_OLDEST, &number, &is_due);
        if (r < 0 || number == 0) {
            return r;
        }
        r = removal_drop(&retention->removal, number, 0, &done->n_deleted);
        retention->passed = number;
        done->n_seen++;
    }
    return r;
}

static int retention_by_age_of_rooms(struct retention *retention, uint64_t now_ms,
                                     struct retention_done *done)
{
    sqlite3_stmt *old = retention->statements[RETENTION_OLD_IN_ROOM];
    uint64_t number, place, room = 0;
    int r = 0;

    while (r == 0 && done->n_seen < RETENTION_BATCH) {
        database_bind_u64(old, 1, now_ms);
        database_bind_u64(old, 2, room); /* in those before it nothing is due any more */
        database_bind_u64(old, 3, INT64_MAX);
        r = database_next(retention->database, old);
        if (r != DATABASE_ROW) {
            return r;
        }
        number = database_u64(old, 0);
        place = database_u64(old, 1);
        room = database_u64(old, 2);
        (void)sqlite3_reset(old);
        r = removal_drop(&retention->removal, number, place, &done->n_deleted);
        done->n_seen++;
    }
    return r;
}

static uint64_t retention_limit(uint64_t limit)
{
    return limit > 0 ? limit : INT64_MAX;
}

static void retention_bind_limits(sqlite3_stmt *statement, int at, const struct archive_keep *keep)
{
    database_bind_u64(statement, at, retention_limit(keep->records));
    database_bind_u64(statement, at + 1, retention_limit(keep->bytes));
}

static int retention_by_size(struct retention *retention, const struct archive_keep *keep,
                             struct retention_done *done)
{
    sqlite3_stmt *oldest = retention->statements[RETENTION_OLDEST_OF_PLACE];
    uint64_t place, number;
    bool is_due = true;
    int r;

    retention_bind_limits(retention->statements[RETENTION_TOO_MUCH], 1, keep);
    r = retention_ask(retention, RETENTION_TOO_MUCH, &place, &is_due);
    while (r == 0 && place != 0 && done->n_seen < RETENTION_BATCH) {
        database_bind_u64(oldest, 1, place);
        retention_bind_limits(oldest, 2, keep);
        r = retention_ask(retention, RETENTION_OLDEST_OF_PLACE, &number, &is_due);
        if (r < 0 || number == 0 || !is_due) {
            return r;
        }
        r = removal_drop(&retention->removal, number, place, &done->n_deleted);
        done->n_seen++;
    }
    return r;
}

/* The newest record stays whatever its age, also if one place would lose it: by size a place keeps
 * its own newest. */
static int retention_work(struct retention *retention, uint64_t now_ms, struct retention_done *done)
{
    const struct archive_keep *keep = &retention->keeping->all;
    bool has_own = retention->removal.has_own;
    int r = retention_run(retention, RETENTION_BEGIN);

    if (r == 0 && keep->ms > 0 && now_ms > keep->ms) {
        r = retention_by_age(retention, now_ms - keep->ms, done);
    }
    if (r == 0 && has_own) {
        r = retention_by_age_of_rooms(retention, now_ms, done);
    }
    if (r == 0 && (keep->records > 0 || keep->bytes > 0 || has_own)) {
        r = retention_by_size(retention, keep, done);
    }
    if (r == 0 && done->n_deleted > 0) {
        r = retention_run(retention, RETENTION_DROP_PLACES);
    }
    return r < 0 ? r : retention_run(retention, RETENTION_COMMIT);
}

int retention_step(struct retention *retention, uint64_t now_ms, uint64_t *out_n)
{
    const struct keeping *keeping = retention->keeping;
    struct retention_done done = { 0 };
    int r;

    if (keeping->all.ms == 0 && keeping->all.records == 0 && keeping->all.bytes == 0 &&
        keeping->n_rooms == 0) {
        *out_n = 0;
        return 0;
    }
    r = retention_work(retention, now_ms, &done);
    if (r < 0) {
        database_roll_back(retention->database);
        retention->passed = 0; /* what was passed by may be back */
        return r;
    }
    *out_n = done.n_deleted;
    return done.n_seen > 0 ? RETENTION_MORE : 0;
}

/* ---- how much to keep ---- */

static int retention_add_room(struct retention *retention, const struct keeping_room *room)
{
    sqlite3_stmt *add = retention->statements[RETENTION_ADD_ROOM];

    database_bind_text(add, 1, text_of(room->folded));
    database_bind_u64(add, 2, retention_limit(room->keep.ms));
    retention_bind_limits(add, 3, &room->keep);
    return database_run(retention->database, add);
}

int retention_set(struct retention *retention, const struct keeping *keeping)
{
    int r = retention_run(retention, RETENTION_BEGIN);

    if (r == 0) {
        r = retention_run(retention, RETENTION_FORGET_ROOMS);
    }
    for (size_t i = 0; r == 0 && i < keeping->n_rooms; i++) {
        r = retention_add_room(retention, &keeping->rooms[i]);
    }
    if (r == 0) {
        r = retention_run(retention, RETENTION_COMMIT);
    }
    if (r < 0) {
        database_roll_back(retention->database);
        return r;
    }
    retention->keeping = keeping;
    retention->removal.has_own = keeping->n_rooms > 0;
    retention->passed = 0;
    return 0;
}
