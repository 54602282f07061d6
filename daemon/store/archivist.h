/* SPDX-License-Identifier: MIT */
/* The thread that steps the archive: until nothing is left, then waits to be woken. After a failure
 * it tries again, ever later. It blocks all signals, reports nothing and touches nothing but the
 * archive. */
#ifndef STORE_ARCHIVIST_H
#define STORE_ARCHIVIST_H

#include "store/archive.h"

#include <pthread.h>

enum {
    ARCHIVIST_LINGER_MS = 500, /* more may follow: records are written together */
    ARCHIVIST_IDLE_MS = 10000, /* looks by itself this often */
    ARCHIVIST_RETRY_MS = 100,  /* after a failure; twice as much after the next ... */
    ARCHIVIST_RETRY_MAX_MS = 10000,
    ARCHIVIST_TIDY_MS = 60000, /* looks this often for what need not be kept */
    ARCHIVIST_NICE = 5,        /* beside a loop that never sleeps: a quarter of its core */
    ARCHIVIST_STACK = 524288,  /* bytes */
};

struct archivist {
    struct archive *archive; /* borrowed */
    int event_fd;            /* owned */
    pthread_t thread;
    bool is_asleep, is_hurried, is_stopping; /* atomic */
    uint64_t tidied_ms;                      /* the thread's: when nothing was left to delete */
};

/* From here to archivist_stop() the archive is stepped by the thread alone. -errno. */
must_check int archivist_start(struct archivist *archivist, struct archive *archive);

/* Something was committed: to be called once after a round in which the log grew. Never blocks; one
 * system call if the thread sleeps, none otherwise. */
void archivist_wake(struct archivist *archivist);
/* The same, when somebody waits for archive_position() to move, or a batch is full: the thread does
 * not linger. */
void archivist_hurry(struct archivist *archivist);

/* Ends the thread, which finishes its batch. With `drain` it first archives all there is, unless
 * that fails: for an end after which there is no region any more. */
void archivist_stop(struct archivist *archivist, bool drain);

#endif
