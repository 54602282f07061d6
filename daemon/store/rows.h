/* SPDX-License-Identifier: MIT */
/* Rows in memory of ours as a table of SQLite's, from which an INSERT ... SELECT takes them: one
 * statement for hundreds of them. A statement for each costs half as much again: its parameters are
 * bound, its cursors opened and placed anew (sqlite.org/vtab.html, 1.1.3: eponymous-only). */
#ifndef STORE_ROWS_H
#define STORE_ROWS_H

#include "store/database.h"

struct rows {
    const char *name;    /* of the table */
    const char *columns; /* their names, as in CREATE TABLE */
    uint32_t n;
    const void *context;
    /* Gives a value of row `row`, below n, by one of sqlite3_result_int64() and the like; without,
     * it is NULL. What it points to stays until the statement has run. */
    void (*value)(const void *context, uint32_t row, int column, sqlite3_context *out);
};

/* Makes the table known to the connection, which borrows `rows` until it is closed. n and what the
 * context points to may change between two statements. -ENOMEM. */
must_check int rows_declare(struct database *database, struct rows *rows);

#endif
