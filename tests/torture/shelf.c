/* SPDX-License-Identifier: MIT */
/* Reads the database as anybody can, with SQLite and nothing of ours. */
#include "torture/shelf.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct shelf {
    sqlite3 *database;
    sqlite3_stmt *statement;
};

static bool shelf_open(struct shelf *shelf, const char *path, const char *sql)
{
    *shelf = (struct shelf){ 0 };
    return sqlite3_open_v2(path, &shelf->database, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK &&
           sqlite3_busy_timeout(shelf->database, 5000) == SQLITE_OK &&
           sqlite3_prepare_v2(shelf->database, sql, -1, &shelf->statement, NULL) == SQLITE_OK;
}

static void shelf_close(struct shelf *shelf)
{
    (void)sqlite3_finalize(shelf->statement);
    (void)sqlite3_close(shelf->database);
}

bool shelf_is_full(const char *path, const struct audit *audit)
{
    struct shelf shelf;
    bool is_full = audit->n == 0;

    if (shelf_open(&shelf, path, "SELECT max(number) FROM records") &&
        sqlite3_step(shelf.statement) == SQLITE_ROW) {
        is_full = (uint64_t)sqlite3_column_int64(shelf.statement, 0) >=
                  audit->events[audit->n - 1].number;
    }
    shelf_close(&shelf);
    return is_full;
}

static bool shelf_has_text(const struct shelf *shelf, int column, struct text text)
{
    const void *bytes = sqlite3_column_text(shelf->statement, column);
    size_t len = (size_t)sqlite3_column_bytes(shelf->statement, column);

    return len == text.len && (len == 0 || memcmp(bytes, text.at, len) == 0);
}

static bool shelf_is_event(const struct shelf *shelf, const struct event *event)
{
    sqlite3_stmt *row = shelf->statement;

    return (uint64_t)sqlite3_column_int64(row, 0) == event->number &&
           (uint64_t)sqlite3_column_int64(row, 1) == event->real_ms &&
           sqlite3_column_int(row, 2) == (int)event->kind &&
           (uint64_t)sqlite3_column_int64(row, 3) == event->author &&
           shelf_has_text(shelf, 4, event->who) && shelf_has_text(shelf, 5, event->source) &&
           shelf_has_text(shelf, 6, event->where) && shelf_has_text(shelf, 7, event->text);
}

bool shelf_check(const char *path, const struct audit *audit, char *wrong, size_t size)
{
    struct shelf shelf;
    uint32_t n = 0;
    bool is_good = shelf_open(&shelf, path,
                              "SELECT number, ms, kind, author, who, source, place, text "
                              "FROM records ORDER BY number");

    while (is_good && sqlite3_step(shelf.statement) == SQLITE_ROW) {
        is_good = n < audit->n && shelf_is_event(&shelf, &audit->events[n]);
        n += is_good;
    }
    if (!is_good || n != audit->n) {
        (void)snprintf(wrong, size, "the archive: record %u of %u is not what happened (%s)", n,
                       audit->n, sqlite3_errmsg(shelf.database));
        is_good = false;
    }
    shelf_close(&shelf);
    return is_good;
}
