/* SPDX-License-Identifier: MIT */
/* A disk on which a write fails, or during which the process dies: SQLite's own file functions with
 * a count before each write. */
#ifndef SUPPORT_DISK_RIG_H
#define SUPPORT_DISK_RIG_H

#include "lib/base.h"

#include <stdlib.h>
#include <unistd.h>

#include <sqlite3.h>

static struct disk_rig {
    struct {
        sqlite3_io_methods methods;
        const sqlite3_io_methods *real;
    } kinds[4]; /* of files: SQLite has a table of functions for each */
    int (*write)(sqlite3_file *, const void *, int, sqlite3_int64);
    int (*open)(sqlite3_vfs *, const char *, sqlite3_file *, int, int *);
    long n_writes;
    long fails_at;   /* the write that is not made; 0: none */
    bool is_lasting; /* nor are those behind it */
    int code;        /* what it fails with; SQLITE_OK: the process dies */
} disk_rig;

static inline int disk_rig_write(sqlite3_file *file, const void *bytes, int n, sqlite3_int64 at)
{
    long number = ++disk_rig.n_writes;
    bool fails = disk_rig.fails_at != 0 && (number == disk_rig.fails_at ||
                                            (disk_rig.is_lasting && number > disk_rig.fails_at));

    if (fails && disk_rig.code == SQLITE_OK) {
        _exit(EXIT_SUCCESS); /* as kill -9: what was written before is in the kernel's hands */
    }
    return fails ? disk_rig.code : disk_rig.write(file, bytes, n, at);
}

static inline int disk_rig_open(sqlite3_vfs *vfs, const char *path, sqlite3_file *file, int flags,
                                int *out)
{
    int code = disk_rig.open(vfs, path, file, flags, out);

    for (size_t i = 0; code == SQLITE_OK && i < ARRAY_SIZE(disk_rig.kinds); i++) {
        if (disk_rig.kinds[i].real == NULL) {
            disk_rig.kinds[i].real = file->pMethods;
            disk_rig.kinds[i].methods = *file->pMethods;
            disk_rig.kinds[i].methods.xWrite = disk_rig_write;
            disk_rig.write = file->pMethods->xWrite;
        }
        if (disk_rig.kinds[i].real == file->pMethods) {
            file->pMethods = &disk_rig.kinds[i].methods;
            break;
        }
    }
    return code;
}

/* From now on files that SQLite opens are counted. */
static inline void disk_rig_install(void)
{
    sqlite3_vfs *vfs = sqlite3_vfs_find(NULL);

    if (disk_rig.open == NULL) {
        disk_rig.open = vfs->xOpen;
        vfs->xOpen = disk_rig_open;
    }
}

/* The n-th write from now on fails; 0: none does any more. */
static inline void disk_rig_fail(long n, int code, bool is_lasting)
{
    disk_rig.n_writes = 0;
    disk_rig.fails_at = n;
    disk_rig.code = code;
    disk_rig.is_lasting = is_lasting;
}

#endif
