/* SPDX-License-Identifier: MIT */
/* A row for each room. */
#include "store/kept_rooms.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct kept_rooms *kept_rooms_new(uint32_t n)
{
    struct kept_rooms *kept = calloc(1, sizeof(*kept) + n * sizeof(kept->rooms[0]));

    if (kept != NULL) {
        kept->n = n;
    }
    return kept;
}

struct kept_rooms *kept_rooms_free(struct kept_rooms *kept)
{
    for (uint32_t i = 0; kept != NULL && i < kept->n; i++) {
        for (int t = 0; t < KEPT_TEXTS; t++) {
            free(kept->rooms[i].texts[t]);
        }
    }
    free(kept);
    return NULL;
}

int kept_room_set(struct kept_room *room, enum kept_text which, struct text t)
{
    free(room->texts[which]);
    room->texts[which] = t.len == 0 ? NULL : strndup(t.at, t.len);
    return t.len > 0 && room->texts[which] == NULL ? -ENOMEM : 0;
}

struct text kept_room_text(const struct kept_room *room, enum kept_text which)
{
    return room->texts[which] == NULL ? TEXT_NONE : text_of(room->texts[which]);
}

static bool kept_room_is_equal(const struct kept_room *a, const struct kept_room *b)
{
    for (int t = 0; t < KEPT_TEXTS; t++) {
        if (!text_equal(kept_room_text(a, (enum kept_text)t),
                        kept_room_text(b, (enum kept_text)t))) {
            return false;
        }
    }
    return a->topic_ms == b->topic_ms && a->limit == b->limit;
}

bool kept_rooms_are_equal(const struct kept_rooms *a, const struct kept_rooms *b)
{
    bool is_equal = a->n == b->n;

    for (uint32_t i = 0; is_equal && i < a->n; i++) {
        is_equal = kept_room_is_equal(&a->rooms[i], &b->rooms[i]);
    }
    return is_equal;
}

/* ---- the table ---- */

enum { KEPT_AT_TOPIC_MS = KEPT_TEXTS, KEPT_AT_LIMIT };

static int kept_rooms_insert(struct database *database, const struct kept_rooms *kept)
{
    sqlite3_stmt *insert = NULL;
    int r = database_prepare(
        database, "INSERT OR REPLACE INTO rooms VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10)", &insert);

    for (uint32_t i = 0; i < kept->n && r == 0; i++) {
        const struct kept_room *room = &kept->rooms[i];

        for (int t = 0; t < KEPT_TEXTS; t++) {
            struct text text = kept_room_text(room, (enum kept_text)t);

            database_bind_text(insert, 1 + t, text.len > 0 ? text : TEXT(""));
        }
        database_bind_u64(insert, 1 + KEPT_AT_TOPIC_MS, room->topic_ms);
        database_bind_u64(insert, 1 + KEPT_AT_LIMIT, room->limit);
        r = database_run(database, insert);
    }
    database_finalize(&insert, 1);
    return r;
}

int kept_rooms_write(struct database *database, const struct kept_rooms *kept)
{
    int r = database_exec(database, "BEGIN IMMEDIATE; DELETE FROM rooms");

    if (r == 0) {
        r = kept_rooms_insert(database, kept);
    }
    if (r == 0) {
        r = database_exec(database, "COMMIT");
    }
    database_roll_back(database); /* if it is still open */
    return r;
}

static int kept_room_read(sqlite3_stmt *row, struct kept_room *room)
{
    int r = 0;

    for (int t = 0; t < KEPT_TEXTS && r == 0; t++) {
        r = kept_room_set(room, (enum kept_text)t, database_text(row, t));
    }
    room->topic_ms = database_u64(row, KEPT_AT_TOPIC_MS);
    room->limit = (uint32_t)database_u64(row, KEPT_AT_LIMIT);
    return r;
}

static int kept_rooms_count(struct database *database, uint32_t *out)
{
    sqlite3_stmt *count = NULL;
    int r = database_prepare(database, "SELECT count(*) FROM rooms", &count);

    r = r < 0 ? r : database_next(database, count);
    if (r == DATABASE_ROW) {
        *out = (uint32_t)database_u64(count, 0);
        r = 0;
    }
    database_finalize(&count, 1);
    return r;
}

int kept_rooms_read(struct database *database, struct kept_rooms **out)
{
    owned(kept_rooms_free) struct kept_rooms *kept = NULL;
    sqlite3_stmt *rows = NULL;
    uint32_t n = 0;
    int r = kept_rooms_count(database, &n);

    kept = r < 0 ? NULL : kept_rooms_new(n);
    if (kept == NULL) {
        return r < 0 ? r : -ENOMEM;
    }
    r = database_prepare(database, "SELECT * FROM rooms ORDER BY name", &rows);
    n = 0;
    while (r >= 0 && n < kept->n && (r = database_next(database, rows)) == DATABASE_ROW) {
        r = kept_room_read(rows, &kept->rooms[n++]);
    }
    database_finalize(&rows, 1);
    *out = give(kept);
    return r < 0 ? r : 0;
}
