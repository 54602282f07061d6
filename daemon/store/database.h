/* SPDX-License-Identifier: MIT */
/* A connection to the archive's SQLite database: opening and checking whose it is, creating and
 * migrating, and errors in words. Knows nothing of what the rows mean. One thread at a time.
 *
 * WAL with synchronous=NORMAL: a commit is in the kernel's hands before it returns, so the death of
 * the process costs nothing. Power loss may cost the last commits, back to the last checkpoint,
 * never consistency; the region, from which they came, is gone then as well. */
#ifndef STORE_DATABASE_H
#define STORE_DATABASE_H

#include "lib/text.h"

#include <sqlite3.h>

enum {
    DATABASE_VERSION = 4,       /* of the schema: PRAGMA user_version */
    DATABASE_MARK = 0x5054594c, /* "PTYL": PRAGMA application_id */
    DATABASE_WHY_SIZE = 320,    /* bytes, with NUL */
    DATABASE_BUSY_MS = 1000,    /* how long a lock of somebody else's is waited for */
};

enum database_mode { DATABASE_WRITES, DATABASE_READS };

struct database {
    sqlite3 *db;                 /* owned; NULL: closed */
    char why[DATABASE_WHY_SIZE]; /* what the last failure was, in words */
};

/* Opens the database; one that writes creates and migrates it. What is not ours, damaged, or of a
 * newer version is left as it is. -errno, and `why`: -ENOENT and -EACCES cannot be opened, -EROFS
 * cannot be written, -EBADMSG damaged or somebody else's, -EPROTO of another version, -ENOSPC,
 * -EBUSY, -ENOMEM, -EIO. */
must_check int database_open(struct database *database, const char *path, enum database_mode mode);
void database_close(struct database *database);

/* 0, or -ENOENT if the file was deleted or moved away meanwhile: what is written would be lost. */
must_check int database_look(struct database *database);

/* Compiles a statement that stays; the caller finalizes it before database_close(). */
must_check int database_prepare(struct database *database, const char *sql, sqlite3_stmt **out);
/* All of a module: sql[i] becomes out[i]; those that are there already on failure are the
 * caller's to finalize, as all are later: database_finalize() takes NULL entries. */
must_check int database_prepare_all(struct database *database, const char *const *sql,
                                    sqlite3_stmt **out, size_t n);
void database_finalize(sqlite3_stmt **statements, size_t n);

/* Runs a statement without results, or a text of several. -errno. */
must_check int database_run(struct database *database, sqlite3_stmt *statement);
must_check int database_exec(struct database *database, const char *sql);
enum { DATABASE_ROW = 1 };
/* The next row: DATABASE_ROW, 0 at the end (the statement is reset), -errno (the same). */
must_check int database_next(struct database *database, sqlite3_stmt *statement);
/* What the last call of SQLite failed of, as -errno; `why` says it. */
must_check int database_failed(struct database *database);
/* Ends a transaction that failed, if it is still open. */
void database_roll_back(struct database *database);

/* Borrowed until the statement is run, or stepped, and reset. */
void database_bind_text(sqlite3_stmt *statement, int at, struct text t);
/* What is beyond SQLite's numbers is taken as the largest of these: peers name any number. */
void database_bind_u64(sqlite3_stmt *statement, int at, uint64_t value);
/* Borrowed until the next step. */
struct text database_text(sqlite3_stmt *statement, int column);
uint64_t database_u64(sqlite3_stmt *statement, int column);

#endif
