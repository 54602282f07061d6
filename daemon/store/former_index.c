/* SPDX-License-Identifier: MIT */
/* What an FTS5 table has is in an ordinary one beside it, `_data`; all but its rows up to number
 * 10, without which the table cannot be opened, even to be dropped. */
#include "store/former_index.h"

/* DATABASE_ROW: it is there; 0; -errno. */
static int former_index_look(struct database *database)
{
    sqlite3_stmt *look = NULL;
    int r =
        database_prepare(database, "SELECT 1 FROM sqlite_schema WHERE name = 'words_data'", &look);

    if (r == 0) {
        r = database_next(database, look);
    }
    (void)sqlite3_finalize(look);
    return r;
}

static int former_index_delete_some(struct database *database)
{
    sqlite3_stmt *some = NULL;
    int r = database_prepare(
        database,
        "DELETE FROM words_data WHERE id IN (SELECT id FROM words_data WHERE id > 10 LIMIT ?1)",
        &some);

    if (r == 0) {
        database_bind_u64(some, 1, FORMER_INDEX_ROWS);
        r = database_run(database, some);
    }
    (void)sqlite3_finalize(some);
    return r < 0 ? r : sqlite3_changes(database->db) > 0;
}

int former_index_step(struct database *database)
{
    int r = former_index_look(database);

    if (r != DATABASE_ROW) {
        return r;
    }
    r = former_index_delete_some(database);
    if (r == 0) {
        return database_exec(database,
                             "DROP TABLE IF EXISTS words; DROP TABLE IF EXISTS words_data");
    }
    return r < 0 ? r : FORMER_INDEX_MORE;
}
