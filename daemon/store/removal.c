/* SPDX-License-Identifier: MIT */
/* A record goes from one place after the other; with the last placement it goes itself. */
#include "store/removal.h"

#include "store/schema.h"
#include "store/words.h"

#include <string.h>

enum removal_statement {
    REMOVAL_HAS_OWN,
    REMOVAL_RECORD,
    REMOVAL_DROP_PLACEMENT,
    REMOVAL_LESS,
    REMOVAL_DROP_RECORD,
    REMOVAL_KEEP_PLACES,
    REMOVAL_LOST,
};

static const char *const removal_sql[] = {
    [REMOVAL_HAS_OWN] =
        "SELECT 1 FROM places JOIN own USING(folded) WHERE places.id = ?1 AND is_box = 0",
    [REMOVAL_RECORD] = "SELECT kind, text, places FROM records WHERE number = ?1",
    [REMOVAL_DROP_PLACEMENT] =
        "DELETE FROM placements WHERE place = ?1 AND is_event = ?2 AND number = ?3",
    [REMOVAL_LESS] = "UPDATE places SET records = records - 1, bytes = bytes - ?2 WHERE id = ?1",
    [REMOVAL_DROP_RECORD] = "DELETE FROM records WHERE number = ?1",
    [REMOVAL_KEEP_PLACES] = "UPDATE records SET places = ?2 WHERE number = ?1",
    [REMOVAL_LOST] = ("UPDATE segments SET lost = lost + 1 WHERE id = (SELECT id FROM segments "
                      "WHERE first <= ?1 ORDER BY first DESC LIMIT 1) AND last >= ?1"),
};

struct removed {
    uint64_t number; /* 0: there is no such record */
    int kind;
    size_t text_len;
    struct text places; /* a copy */
    char bytes[RECORD_ROOM];
};

int removal_init(struct removal *removal, struct database *database)
{
    int r;

    *removal = (struct removal){ .database = database };
    r = database_exec(database, "CREATE TEMP TABLE IF NOT EXISTS own("
                                "id INTEGER PRIMARY KEY, folded TEXT NOT NULL UNIQUE, "
                                "ms INTEGER NOT NULL, records INTEGER NOT NULL, "
                                "bytes INTEGER NOT NULL) STRICT");
    return r < 0 ? r
                 : database_prepare_all(database, removal_sql, removal->statements,
                                        ARRAY_SIZE(removal_sql));
}

void removal_fini(struct removal *removal)
{
    database_finalize(removal->statements, ARRAY_SIZE(removal_sql));
}

static int removal_get(struct removal *removal, uint64_t number, struct removed *out)
{
    sqlite3_stmt *get = removal->statements[REMOVAL_RECORD];
    struct buf places = buf_over(out->bytes, sizeof(out->bytes));
    struct text t;
    int r;

    out->number = 0;
    out->places = TEXT_NONE;
    database_bind_u64(get, 1, number);
    r = database_next(removal->database, get);
    if (r != DATABASE_ROW) {
        return r;
    }
    t = database_text(get, 1);
    out->number = number;
    out->kind = sqlite3_column_int(get, 0);
    out->text_len = t.len;
    buf_text_put(&places, database_text(get, 2));
    out->places = buf_text(&places);
    (void)sqlite3_reset(get);
    return 0;
}

static int removal_run(struct removal *removal, enum removal_statement which, uint64_t first,
                       uint64_t second, uint64_t third)
{
    sqlite3_stmt *statement = removal->statements[which];

    database_bind_u64(statement, 1, first);
    (void)sqlite3_bind_int64(statement, 2, (sqlite3_int64)second);
    (void)sqlite3_bind_int64(statement, 3, (sqlite3_int64)third);
    return database_run(removal->database, statement);
}

static int removal_displace(struct removal *removal, const struct removed *it, uint64_t place)
{
    int r =
        removal_run(removal, REMOVAL_DROP_PLACEMENT, place, !words_are_said(it->kind), it->number);

    if (r == 0) {
        r = removal_run(removal, REMOVAL_LESS, place, it->text_len, 0);
    }
    return r;
}

static void removal_leave(struct buf *left, uint64_t place)
{
    if (left->len > 0) {
        buf_char(left, ' ');
    }
    buf_number(left, place);
}

enum { REMOVAL_STAYS = 1 };

/* Does the record stay in place `id` when it goes from `place` (0: from all without settings of
 * their own)? REMOVAL_STAYS, 0, -errno. */
static int removal_look(struct removal *removal, uint64_t id, uint64_t place)
{
    sqlite3_stmt *has_own = removal->statements[REMOVAL_HAS_OWN];
    int r;

    if (place != 0 || !removal->has_own) {
        return place != 0 && place != id ? REMOVAL_STAYS : 0;
    }
    database_bind_u64(has_own, 1, id);
    r = database_next(removal->database, has_own);
    if (r == DATABASE_ROW) {
        (void)sqlite3_reset(has_own);
    }
    return r == DATABASE_ROW ? REMOVAL_STAYS : r;
}

/* `left` is what is left of the list of places, once `place` (0: all without settings of their own)
 * is out of it. */
static int removal_displace_all(struct removal *removal, const struct removed *it, uint64_t place,
                                struct buf *left)
{
    struct text rest = it->places;
    uint64_t id = 0;
    int r = 0;

    while (rest.len > 0 && r == 0) {
        if (!text_number(text_cut_word(&rest), INT64_MAX, &id)) {
            continue;
        }
        r = removal_look(removal, id, place);
        if (r == REMOVAL_STAYS) {
            removal_leave(left, id);
            r = 0;
        } else if (r == 0) {
            r = removal_displace(removal, it, id);
        }
    }
    return r;
}

/* What is left of the record. */
static int removal_shrink(struct removal *removal, const struct removed *it, struct text left)
{
    sqlite3_stmt *keep = removal->statements[REMOVAL_KEEP_PLACES];

    if (left.len == 0) {
        return removal_run(removal, REMOVAL_DROP_RECORD, it->number, 0, 0);
    }
    database_bind_u64(keep, 1, it->number);
    database_bind_text(keep, 2, left);
    return database_run(removal->database, keep);
}

/* A placement of no record, or of one that does not know of it: somebody changed that by hand. */
static int removal_drop_stray(struct removal *removal, uint64_t number, uint64_t place)
{
    int r = removal_run(removal, REMOVAL_DROP_PLACEMENT, place, 0, number);

    if (r == 0) {
        r = removal_run(removal, REMOVAL_DROP_PLACEMENT, place, 1, number);
    }
    return r < 0 ? r : removal_run(removal, REMOVAL_LESS, place, 0, 0);
}

int removal_drop(struct removal *removal, uint64_t number, uint64_t place, uint64_t *n)
{
    struct removed it;
    char space[PLACES_SIZE];
    struct buf left = buf_over(space, sizeof(space));
    bool stays;
    int r = removal_get(removal, number, &it);

    if (r == 0 && it.number != 0) {
        r = removal_displace_all(removal, &it, place, &left);
    }
    if (r < 0) {
        return r;
    }
    stays = text_equal(buf_text(&left), it.places);
    if (stays && left.len > 0 && place == 0) {
        return 0;
    }
    *n += 1;
    if (it.number == 0 || (stays && place != 0)) {
        return removal_drop_stray(removal, number, place);
    }
    r = removal_shrink(removal, &it, buf_text(&left));
    return r < 0 ? r : removal_run(removal, REMOVAL_LOST, number, 0, 0);
}
