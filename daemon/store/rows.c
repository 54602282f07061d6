/* SPDX-License-Identifier: MIT */
/* The least that SQLite asks of a virtual table: it can be read from the beginning to the end. */
#include "store/rows.h"

#include <stdio.h>
#include <stdlib.h>

struct rows_table {
    sqlite3_vtab base; /* first: SQLite knows only this */
    const struct rows *rows;
};

struct rows_cursor {
    sqlite3_vtab_cursor base; /* first, too */
    uint32_t at;
};

static const struct rows *rows_of(const sqlite3_vtab *table)
{
    return ((const struct rows_table *)table)->rows;
}

static struct rows_cursor *rows_cursor(sqlite3_vtab_cursor *cursor)
{
    return (struct rows_cursor *)cursor;
}

/* ---- the table ---- */

static int rows_connect(sqlite3 *db, void *context, int argc, const char *const *argv,
                        sqlite3_vtab **out, char **why)
{
    const struct rows *rows = context;
    struct rows_table *table = calloc(1, sizeof(*table));
    char sql[256];
    int code = SQLITE_NOMEM;

    (void)argc;
    (void)argv;
    (void)why;
    if (table != NULL) {
        table->rows = rows;
        (void)snprintf(sql, sizeof(sql), "CREATE TABLE %s(%s)", rows->name, rows->columns);
        code = sqlite3_declare_vtab(db, sql);
    }
    if (code != SQLITE_OK) {
        free(table);
        return code;
    }
    *out = &table->base;
    return SQLITE_OK;
}

static int rows_disconnect(sqlite3_vtab *table)
{
    free(table);
    return SQLITE_OK;
}

static int rows_best_index(sqlite3_vtab *table, sqlite3_index_info *info)
{
    (void)table;
    (void)info; /* there is one way, and no WHERE */
    return SQLITE_OK;
}

/* ---- reading it ---- */

static int rows_open(sqlite3_vtab *table, sqlite3_vtab_cursor **out)
{
    struct rows_cursor *cursor = calloc(1, sizeof(*cursor));

    (void)table;
    if (cursor == NULL) {
        return SQLITE_NOMEM;
    }
    *out = &cursor->base;
    return SQLITE_OK;
}

static int rows_close(sqlite3_vtab_cursor *cursor)
{
    free(cursor);
    return SQLITE_OK;
}

static int rows_first(sqlite3_vtab_cursor *cursor, int number, const char *name, int argc,
                      sqlite3_value **argv)
{
    (void)number;
    (void)name;
    (void)argc;
    (void)argv;
    rows_cursor(cursor)->at = 0;
    return SQLITE_OK;
}

static int rows_next(sqlite3_vtab_cursor *cursor)
{
    rows_cursor(cursor)->at++;
    return SQLITE_OK;
}

static int rows_is_at_end(sqlite3_vtab_cursor *cursor)
{
    return rows_cursor(cursor)->at >= rows_of(cursor->pVtab)->n;
}

static int rows_value(sqlite3_vtab_cursor *cursor, sqlite3_context *out, int column)
{
    const struct rows *rows = rows_of(cursor->pVtab);

    rows->value(rows->context, rows_cursor(cursor)->at, column, out);
    return SQLITE_OK;
}

static int rows_id(sqlite3_vtab_cursor *cursor, sqlite3_int64 *out)
{
    *out = rows_cursor(cursor)->at;
    return SQLITE_OK;
}

int rows_declare(struct database *database, struct rows *rows)
{
    static const sqlite3_module module = {
        .iVersion = 1, /* without xCreate: nobody makes another of the kind */
        .xConnect = rows_connect,
        .xBestIndex = rows_best_index,
        .xDisconnect = rows_disconnect,
        .xOpen = rows_open,
        .xClose = rows_close,
        .xFilter = rows_first,
        .xNext = rows_next,
        .xEof = rows_is_at_end,
        .xColumn = rows_value,
        .xRowid = rows_id,
    };

    return sqlite3_create_module(database->db, rows->name, &module, rows) == SQLITE_OK
               ? 0
               : database_failed(database);
}
