/* SPDX-License-Identifier: MIT */
/* Opening with care: nothing is written before it is known that the file is ours, or empty. */
#include "store/database.h"

#include "store/schema.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

/* ---- failures ---- */

static int database_errno(int code)
{
    switch (code & 0xff) { /* the rest says more than we act upon */
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return -EBUSY;
    case SQLITE_FULL: return -ENOSPC;
    case SQLITE_NOMEM: return -ENOMEM;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: return -EBADMSG;
    case SQLITE_READONLY: return -EROFS;
    case SQLITE_PERM:
    case SQLITE_AUTH: return -EACCES;
    case SQLITE_CANTOPEN: return -ENOENT;
    case SQLITE_CONSTRAINT: return -EEXIST;
    default: return -EIO;
    }
}

int database_failed(struct database *database)
{
    int code = database->db == NULL ? SQLITE_NOMEM : sqlite3_extended_errcode(database->db);
    int number = database->db == NULL ? 0 : sqlite3_system_errno(database->db);
    struct buf why = buf_over(database->why, sizeof(database->why) - 1);

    if ((code & 0xff) == SQLITE_CORRUPT) {
        buf_text_put(&why, TEXT("the database is damaged: "));
    }
    buf_text_put(&why,
                 text_of(database->db == NULL ? "out of memory" : sqlite3_errmsg(database->db)));
    if (number != 0 && ((code & 0xff) == SQLITE_IOERR || (code & 0xff) == SQLITE_CANTOPEN)) {
        char space[64];

        buf_format(&why, " (%s)", strerror_r(number, space, sizeof(space)));
    }
    why.at[why.len] = '\0';
    return database_errno(code);
}

static int database_refuse(struct database *database, int r, const char *why)
{
    (void)snprintf(database->why, sizeof(database->why), "%s", why);
    return r;
}

void database_roll_back(struct database *database)
{
    if (database->db != NULL && !sqlite3_get_autocommit(database->db)) {
        (void)sqlite3_exec(database->db, "ROLLBACK", NULL, NULL, NULL);
    }
}

/* ---- statements ---- */

int database_prepare(struct database *database, const char *sql, sqlite3_stmt **out)
{
    if (sqlite3_prepare_v3(database->db, sql, -1, SQLITE_PREPARE_PERSISTENT, out, NULL) !=
        SQLITE_OK) {
        return database_failed(database);
    }
    return 0;
}

int database_prepare_all(struct database *database, const char *const *sql, sqlite3_stmt **out,
                         size_t n)
{
    int r = 0;

    for (size_t i = 0; i < n && r == 0; i++) {
        r = database_prepare(database, sql[i], &out[i]);
    }
    return r;
}

void database_finalize(sqlite3_stmt **statements, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        (void)sqlite3_finalize(statements[i]);
        statements[i] = NULL;
    }
}

int database_next(struct database *database, sqlite3_stmt *statement)
{
    int code = sqlite3_step(statement), r = 0;

    if (code == SQLITE_ROW) {
        return DATABASE_ROW;
    }
    if (code != SQLITE_DONE) {
        r = database_failed(database);
    }
    (void)sqlite3_reset(statement);
    return r;
}

int database_run(struct database *database, sqlite3_stmt *statement)
{
    int r;

    do {
        r = database_next(database, statement);
    } while (r == DATABASE_ROW);
    return r;
}

int database_exec(struct database *database, const char *sql)
{
    return sqlite3_exec(database->db, sql, NULL, NULL, NULL) == SQLITE_OK
               ? 0
               : database_failed(database);
}

void database_bind_text(sqlite3_stmt *statement, int at, struct text t)
{
    (void)sqlite3_bind_text(statement, at, t.at, (int)t.len, SQLITE_STATIC);
}

void database_bind_u64(sqlite3_stmt *statement, int at, uint64_t value)
{
    (void)sqlite3_bind_int64(statement, at, (sqlite3_int64)u64_min(value, INT64_MAX));
}

struct text database_text(sqlite3_stmt *statement, int column)
{
    const char *at = (const char *)sqlite3_column_text(statement, column);

    if (at == NULL) {
        return TEXT_NONE;
    }
    return (struct text){ .at = at, .len = (size_t)sqlite3_column_bytes(statement, column) };
}

uint64_t database_u64(sqlite3_stmt *statement, int column)
{
    return (uint64_t)sqlite3_column_int64(statement, column);
}

/* ---- opening ---- */

/* The first number that a query gives. */
static int database_ask(struct database *database, const char *sql, int *out)
{
    sqlite3_stmt *statement = NULL;
    int r = database_prepare(database, sql, &statement);

    if (r == 0) {
        r = database_next(database, statement);
    }
    if (r == DATABASE_ROW) {
        *out = sqlite3_column_int(statement, 0);
        r = 0;
    }
    (void)sqlite3_finalize(statement);
    return r;
}

/* 0: it is ours, or empty; *out_version is that of its schema. */
static int database_check_owner(struct database *database, int *out_version)
{
    int mark = 0, tables = 0;
    int r = database_ask(database, "PRAGMA application_id", &mark);

    if (r == 0) {
        r = database_ask(database, "PRAGMA user_version", out_version);
    }
    if (r == 0) {
        r = database_ask(database, "SELECT count(*) FROM sqlite_schema", &tables);
    }
    if (r < 0) {
        return r;
    }
    if (mark != DATABASE_MARK && (mark != 0 || *out_version != 0 || tables > 0)) {
        return database_refuse(database, -EBADMSG, "the database is not one of Partyline's");
    }
    if (*out_version > DATABASE_VERSION) {
        return database_refuse(database, -EPROTO, "the database is of a newer Partyline");
    }
    return 0;
}

static int database_use_wal(struct database *database)
{
    sqlite3_stmt *statement = NULL;
    int r = database_prepare(database, "PRAGMA journal_mode = WAL", &statement);

    if (r == 0) {
        r = database_next(database, statement);
    }
    if (r == DATABASE_ROW) {
        r = text_equal(database_text(statement, 0), TEXT("wal"))
                ? 0
                : database_refuse(database, -EROFS, "the database cannot be used with a WAL");
    }
    (void)sqlite3_finalize(statement);
    return r;
}

/* One step of the schema, whole or not at all. Somebody else may have done it meanwhile. */
static int database_migrate_one(struct database *database, int *version)
{
    int r = database_exec(database, "BEGIN IMMEDIATE");

    if (r == 0) {
        r = database_check_owner(database, version);
    }
    if (r == 0 && *version < DATABASE_VERSION) {
        r = database_exec(database, schema_step(*version + 1));
    }
    if (r == 0) {
        r = database_exec(database, "PRAGMA application_id = 0x5054594c; COMMIT");
    }
    if (r < 0) {
        char why[DATABASE_WHY_SIZE];

        (void)snprintf(why, sizeof(why), "%s", database->why);
        database_roll_back(database);
        return database_refuse(database, r, why);
    }
    *version += *version < DATABASE_VERSION;
    return 0;
}

static int database_set_up_writer(struct database *database, int version)
{
    int r = 0;

    if (sqlite3_db_readonly(database->db, "main") == 1) {
        return database_refuse(database, -EROFS, "the database cannot be written");
    }
    r = database_use_wal(database);
    if (r == 0) {
        r = database_exec(database, "PRAGMA synchronous = NORMAL; PRAGMA cache_size = -8192;"
                                    "PRAGMA temp_store = MEMORY; PRAGMA trusted_schema = OFF;"
                                    "PRAGMA wal_autocheckpoint = 2000;"
                                    "PRAGMA journal_size_limit = 33554432");
    }
    while (r == 0 && version < DATABASE_VERSION) {
        r = database_migrate_one(database, &version);
    }
    return r;
}

static int database_set_up(struct database *database, enum database_mode mode)
{
    int version = 0;
    int r = database_check_owner(database, &version);

    if (r < 0) {
        return r;
    }
    if (mode == DATABASE_WRITES) {
        return database_set_up_writer(database, version);
    }
    if (version != DATABASE_VERSION) {
        return database_refuse(database, -EPROTO,
                               "the database is of an older Partyline, or empty");
    }
    return database_exec(database, "PRAGMA query_only = ON; PRAGMA temp_store = MEMORY;"
                                   "PRAGMA cache_size = -8192; PRAGMA trusted_schema = OFF");
}

/* What was said to one person is for nobody else: only the owner of the file may read it. One that
 * is there is not opened: closing it would drop the locks that SQLite has on it (fcntl(2)). */
static int database_create_file(struct database *database, const char *path)
{
    owned_fd int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    int r = fd < 0 ? -errno : 0;
    char space[64];

    if (r < 0 && r != -EEXIST) {
        return database_refuse(database, r, strerror_r(-r, space, sizeof(space)));
    }
    return 0;
}

/* Nobody asks how much memory SQLite has, and counting it takes a lock around every malloc(), a
 * hundred times for each record (sqlite3_config(3), SQLITE_CONFIG_MEMSTATUS). Before all else,
 * once: each of our threads opens a database of its own. */
static void database_configure(void)
{
    (void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

int database_open(struct database *database, const char *path, enum database_mode mode)
{
    static pthread_once_t is_configured = PTHREAD_ONCE_INIT;
    int flags = mode == DATABASE_WRITES ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY;
    int r = 0;

    (void)pthread_once(&is_configured, database_configure);
    *database = (struct database){ 0 };
    if (mode == DATABASE_WRITES) {
        r = database_create_file(database, path);
    }
    if (r < 0) {
        return r;
    }
    if (sqlite3_open_v2(path, &database->db, flags | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK) {
        r = database_failed(database);
    } else {
        (void)sqlite3_extended_result_codes(database->db, 1);
        (void)sqlite3_busy_timeout(database->db, DATABASE_BUSY_MS);
        r = database_set_up(database, mode);
    }
    if (r < 0) {
        database_close(database);
    }
    return r;
}

int database_look(struct database *database)
{
    int has_moved = 0;

    if (sqlite3_file_control(database->db, "main", SQLITE_FCNTL_HAS_MOVED, &has_moved) !=
            SQLITE_OK ||
        !has_moved) {
        return 0;
    }
    (void)snprintf(database->why, sizeof(database->why), "its file was deleted or moved away");
    return -ENOENT;
}

void database_close(struct database *database)
{
    (void)sqlite3_close(database->db); /* statements are finalized: it cannot be refused */
    database->db = NULL;
}
