/* SPDX-License-Identifier: MIT */
/* The thread that asks the archive, so that the loop never waits for the disk: inquiries go in, in
 * order, and come back answered; a descriptor says that some have. It reads on a connection of its
 * own, and waits for the archive's writer only where what was said a moment ago belongs to the
 * answer. */
#ifndef STORE_WORKER_H
#define STORE_WORKER_H

#include "store/archive.h"
#include "store/inquiry.h"

#include <pthread.h>

enum {
    WORKER_STACK = 524288,      /* bytes */
    WORKER_PATIENCE_MS = 10000, /* for the archive to get as far as is asked for; its thread stands
                                   back where cores are few */
};

struct worker {
    struct archive *archive; /* borrowed: how far it is */
    char *path;              /* owned */
    int event_fd;            /* owned; readable: something is to be taken */
    pthread_t thread;
    struct archive_reader *reader; /* owned; the thread's; NULL: to be opened */
    pthread_mutex_t lock;          /* guards what follows */
    pthread_cond_t asked;
    struct inquiry *first, *last; /* to be answered, oldest first */
    struct inquiry *done;         /* newest first */
    bool is_stopping;
};

/* -errno. `archive` outlives the worker; `path` is copied. */
must_check int worker_start(struct worker *worker, struct archive *archive, const char *path);
/* Ends the thread; what it has not answered is freed. */
void worker_stop(struct worker *worker);

/* The inquiry is the worker's now. */
void worker_ask(struct worker *worker, struct inquiry *inquiry);
/* All that came back, a list by `next`; the caller's. */
struct inquiry *worker_take(struct worker *worker);

#endif
