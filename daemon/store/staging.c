/* SPDX-License-Identifier: MIT */
/* Records lie behind each other as in the log, each with the text of its places behind it. */
#include "store/staging.h"

#include <string.h>

/* ---- values ---- */

enum staging_column {
    STAGING_NUMBER,
    STAGING_MS,
    STAGING_KIND,
    STAGING_FLAGS,
    STAGING_AUTHOR,
    STAGING_FIELDS, /* who, source, place, text: as enum record_field */
    STAGING_EXTRAS = STAGING_FIELDS + RECORD_FIELDS, /* as enum record_extra_kind */
    STAGING_PLACES = STAGING_EXTRAS + RECORD_EXTRAS_END - RECORD_TARGET,
};

static const char staging_record_columns[] =
    "number, ms, kind, flags, author, who, source, place, text, target, account, tags, places";

static const struct record *staging_record(const struct staging *staging, uint32_t row)
{
    return (const struct record *)(const void *)(staging->bytes + staging->record[row].at);
}

/* As database_bind_u64() and database_bind_text(). */
static void staging_put_u64(sqlite3_context *out, uint64_t value)
{
    sqlite3_result_int64(out, (sqlite3_int64)u64_min(value, INT64_MAX));
}

static void staging_put_text(sqlite3_context *out, struct text t)
{
    sqlite3_result_text(out, t.at, (int)t.len, SQLITE_STATIC);
}

/* NULL if the record has none. */
static void staging_put_extra(sqlite3_context *out, struct text t)
{
    if (t.len > 0) {
        staging_put_text(out, t);
    }
}

static void staging_record_value(const void *context, uint32_t row, int column,
                                 sqlite3_context *out)
{
    const struct staging *staging = context;
    const struct record *record = staging_record(staging, row);
    struct text places = { .at = (const char *)record + record->size,
                           .len = staging->record[row].places_len };

    switch (column) {
    case STAGING_NUMBER: staging_put_u64(out, record->number); return;
    case STAGING_MS: staging_put_u64(out, record->real_ms); return;
    case STAGING_KIND: staging_put_u64(out, record->kind); return;
    case STAGING_FLAGS: staging_put_u64(out, record->flags); return;
    case STAGING_AUTHOR: staging_put_u64(out, record->author_id); return;
    case STAGING_PLACES: staging_put_text(out, places); return;
    default: break;
    }
    if (column < STAGING_EXTRAS) {
        staging_put_text(out, record_field(record, (enum record_field)(column - STAGING_FIELDS)));
    } else {
        column += RECORD_TARGET - STAGING_EXTRAS;
        staging_put_extra(out, record_extra(record, (enum record_extra_kind)column));
    }
}

static const char staging_placement_columns[] = "place, is_event, number, kind, least";

static void staging_placement_value(const void *context, uint32_t row, int column,
                                    sqlite3_context *out)
{
    const struct placement *placement = &((const struct staging *)context)->placement[row];
    const uint64_t values[] = { placement->place, placement->is_event, placement->number,
                                placement->kind, placement->least };

    staging_put_u64(out, values[column]);
}

/* ---- from here into the database ---- */

static const char *const staging_sql[STAGING_STATEMENTS] = {
    [STAGING_PUT_RECORDS] = "INSERT INTO records SELECT * FROM staged_records",
    [STAGING_PUT_PLACEMENTS] = "INSERT OR IGNORE INTO placements SELECT * FROM staged_placements",
};

int staging_init(struct staging *staging, struct database *database)
{
    int r;

    staging->database = database;
    memset(staging->statements, 0, sizeof(staging->statements));
    staging->records = (struct rows){ .name = "staged_records",
                                      .columns = staging_record_columns,
                                      .context = staging,
                                      .value = staging_record_value };
    staging->placements = (struct rows){ .name = "staged_placements",
                                         .columns = staging_placement_columns,
                                         .context = staging,
                                         .value = staging_placement_value };
    staging_forget(staging);
    r = rows_declare(database, &staging->records);
    if (r == 0) {
        r = rows_declare(database, &staging->placements);
    }
    return r < 0 ? r
                 : database_prepare_all(database, staging_sql, staging->statements,
                                        STAGING_STATEMENTS);
}

void staging_fini(struct staging *staging)
{
    database_finalize(staging->statements, STAGING_STATEMENTS);
}

void staging_forget(struct staging *staging)
{
    staging->records.n = 0;
    staging->placements.n = 0;
    staging->n_bytes = 0;
}

int staging_write(struct staging *staging)
{
    int r = 0;

    for (size_t i = 0; i < STAGING_STATEMENTS && r == 0 && staging->records.n > 0; i++) {
        r = database_run(staging->database, staging->statements[i]);
    }
    if (r == 0) {
        staging_forget(staging);
    }
    return r;
}

/* ---- what is filed ---- */

void staging_place(struct staging *staging, const struct placement *placement)
{
    staging->placement[staging->placements.n++] = *placement;
}

/* Is there room for any record, and all its placements? */
static bool staging_has_room(const struct staging *staging)
{
    return staging->records.n < STAGING_RECORDS &&
           staging->placements.n <= STAGING_PLACEMENTS - LOG_LINKS_MAX &&
           staging->n_bytes <= STAGING_BYTES - RECORD_ROOM - PLACES_SIZE;
}

static size_t staging_round_up(size_t n)
{
    return (n + _Alignof(struct record) - 1) & ~(_Alignof(struct record) - 1);
}

int staging_add(struct staging *staging, const struct record *record, struct text places)
{
    uint32_t row = staging->records.n++;
    char *to = staging->bytes + staging->n_bytes;

    staging->record[row].at = (uint32_t)staging->n_bytes;
    staging->record[row].places_len = (uint16_t)places.len;
    memcpy(to, record, record->size);
    memcpy(to + record->size, places.at, places.len);
    staging->n_bytes += staging_round_up(record->size + places.len);
    return staging_has_room(staging) ? 0 : staging_write(staging);
}
