/* SPDX-License-Identifier: MIT */
/* What is said, kept in files: $XDG_STATE_HOME/partyline/logs/SERVER/ROOM.log, or below
 * ~/.local/state; a person's name stands for the conversation with them. A line for each message:
 *
 *     2026-11-22 14:02:07 <bob> hello everybody
 *
 * Files are opened when there is something to write, appended to, and never read but for their last
 * byte. Whatever goes wrong costs lines of the log and nothing else. */
#ifndef CLIENT_LOGBOOK_H
#define CLIENT_LOGBOOK_H

#include "event.h"

#include <limits.h>

enum {
    LOGBOOK_FILES_MAX = 16, /* open at once; the one that was used longest ago is closed */
    LOGBOOK_NAME_MAX = 200, /* bytes of a file's name, without ".log": NAME_MAX is 255 */
    LOGBOOK_NAME_SIZE = LOGBOOK_NAME_MAX + sizeof("~0123456789abcdef")
};

enum logbook_outcome { LOGBOOK_FAILED = 1 /* for the first time; out_why says why */ };

struct logbook_file {
    char name[LOGBOOK_NAME_SIZE];
    int fd; /* owned */
    uint64_t used;
};

struct logbook {
    char folder[PATH_MAX]; /* of the server; empty: nobody knows where */
    struct logbook_file files[LOGBOOK_FILES_MAX];
    size_t n;
    uint64_t n_uses;
    bool has_failed;
};

/* Appends a name that is safe in a folder and different for different names, but for the case of
 * ASCII letters: what is not safe becomes %XX, and of what is too long the end becomes a hash. At
 * most LOGBOOK_NAME_SIZE - 1 bytes. */
void logbook_put_name(struct text name, struct buf *out);

/* Looks at no file yet. `state_home` and `home` are of the environment, and may be NULL. */
void logbook_init(struct logbook *l, const char *state_home, const char *home, struct text server);
void logbook_fini(struct logbook *l);

/* Keeps the event if it is something said that is new. Not kept is what the user says to services
 * such as NickServ: it may be a password. Returns 0 or an outcome. */
must_check int logbook_take(struct logbook *l, const struct event *event, struct buf *out_why);

#endif
