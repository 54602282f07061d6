/* SPDX-License-Identifier: MIT */
/* The archive as the server has it: opened before the region, so that a new one counts on behind
 * it; read by its own thread; never waited for, but when the log would otherwise take what it has
 * not got yet. */
#ifndef APP_ARCHIVING_H
#define APP_ARCHIVING_H

#include "app/config.h"
#include "store/archivist.h"
#include "store/export.h"

struct archiving {
    const struct config *config; /* borrowed */
    struct archive *archive;     /* owned; NULL: there is none */
    struct archivist archivist;
    bool is_running;   /* the thread is */
    bool was_failing;  /* as reported last */
    uint64_t n_lost;   /* the same */
    uint64_t woken_at; /* log.tail when the thread was woken last */
};

/* The path of the archive by this configuration: false, and an empty text, if there is to be none.
 * A relative one is in $STATE_DIRECTORY. The result fits ARCHIVING_PATH_MAX with its NUL. */
enum { ARCHIVING_PATH_MAX = 4096 };
must_check bool archiving_path(const struct config *config, struct buf *out);

/* Opens what the configuration names; a failure is reported and tried again by the thread. -ENOMEM.
 */
must_check int archiving_open(struct archiving *archiving, const struct config *config);
/* The first number that a new region may give. */
uint64_t archiving_next_number(const struct archiving *archiving, uint64_t wanted);
/* Starts reading the region. -errno. */
must_check int archiving_start(struct archiving *archiving, const struct state *state);
/* Ends the thread. With `is_end` there will be no region any more: what is in it is archived first,
 * if that works. Takes a zeroed one. */
void archiving_stop(struct archiving *archiving, bool is_end);

/* Can it be asked, as far as is known? */
bool archiving_is_there(const struct archiving *archiving);
/* May the loop handle what people say? Not while the log has hardly room for what is not archived,
 * unless the archive fails and the configuration says to go on. */
bool archiving_keeps_up(struct archiving *archiving, const struct state *state);
/* A round has ended. `is_waited_for`: somebody is held until archiving_keeps_up(). */
void archiving_wake(struct archiving *archiving, const struct state *state, bool is_waited_for);
/* Reports what has changed; to be called about once a second. */
void archiving_look(struct archiving *archiving);
/* For the status: nothing, or "; the archive fails: ...". */
void archiving_describe(struct archiving *archiving, struct buf *out);
/* Writes what there is of a room to standard output, what is wrong to standard error. -errno,
 * EXPORT_NOTHING. */
must_check int archiving_export(const struct config *config, const char *room, bool is_json);
/* What lasts of the rooms; the archive's from now on. */
void archiving_keep_rooms(struct archiving *archiving, struct kept_rooms *rooms);
/* Takes over what a reload changed. */
void archiving_apply(struct archiving *archiving);

#endif
