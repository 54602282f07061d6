/* SPDX-License-Identifier: MIT */
/* Two lists under one lock. A question is one look at the database as it is at one moment; when
 * something was wrong, the file is opened anew for the next. */
#include "store/worker.h"

#include "lib/thread.h"
#include "store/board.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>

/* ---- the thread's side ---- */

/* The next one; NULL: the end. */
static struct inquiry *worker_next(struct worker *worker)
{
    struct inquiry *inquiry;

    (void)pthread_mutex_lock(&worker->lock);
    while (worker->first == NULL && !worker->is_stopping) {
        (void)pthread_cond_wait(&worker->asked, &worker->lock);
    }
    inquiry = worker->is_stopping ? NULL : worker->first;
    if (inquiry != NULL) {
        worker->first = inquiry->next;
        worker->last = worker->first == NULL ? NULL : worker->last;
    }
    (void)pthread_mutex_unlock(&worker->lock);
    return inquiry;
}

static void worker_give_back(struct worker *worker, struct inquiry *inquiry)
{
    (void)pthread_mutex_lock(&worker->lock);
    inquiry->next = worker->done;
    worker->done = inquiry;
    (void)pthread_mutex_unlock(&worker->lock);
    (void)eventfd_write(worker->event_fd, 1);
}

static bool worker_can_read(struct worker *worker)
{
    if (worker->reader != NULL && archive_reader_is_stale(worker->reader)) {
        worker->reader = archive_reader_free(worker->reader);
    }
    if (worker->reader == NULL && archive_reader_new(worker->path, &worker->reader) < 0) {
        worker->reader = archive_reader_free(worker->reader);
    }
    return worker->reader != NULL;
}

static void worker_answer(struct worker *worker, struct inquiry *inquiry)
{
    inquiry->state = INQUIRY_FAILED;
    if (!board_wait_for(archive_board(worker->archive), inquiry->up_to, WORKER_PATIENCE_MS) ||
        !worker_can_read(worker)) {
        return;
    }
    inquiry_run(inquiry, worker->reader);
    if (inquiry->state == INQUIRY_FAILED) {
        worker->reader = archive_reader_free(worker->reader);
    }
}

static void *worker_run(void *context)
{
    struct worker *worker = context;
    struct inquiry *inquiry;

    while ((inquiry = worker_next(worker)) != NULL) {
        worker_answer(worker, inquiry);
        worker_give_back(worker, inquiry);
    }
    worker->reader = archive_reader_free(worker->reader);
    return NULL;
}

/* ---- the loop's side ---- */

void worker_ask(struct worker *worker, struct inquiry *inquiry)
{
    inquiry->next = NULL;
    (void)pthread_mutex_lock(&worker->lock);
    if (worker->first == NULL) {
        worker->first = inquiry;
    } else {
        worker->last->next = inquiry;
    }
    worker->last = inquiry;
    (void)pthread_cond_signal(&worker->asked);
    (void)pthread_mutex_unlock(&worker->lock);
}

struct inquiry *worker_take(struct worker *worker)
{
    struct inquiry *done;
    eventfd_t count;

    (void)eventfd_read(worker->event_fd, &count);
    (void)pthread_mutex_lock(&worker->lock);
    done = worker->done;
    worker->done = NULL;
    (void)pthread_mutex_unlock(&worker->lock);
    return done;
}

/* ---- its life ---- */

static void worker_close(struct worker *worker)
{
    fd_close_slot(&worker->event_fd);
    (void)pthread_cond_destroy(&worker->asked);
    (void)pthread_mutex_destroy(&worker->lock);
    free(worker->path);
    *worker = (struct worker){ .event_fd = -1 };
}

int worker_start(struct worker *worker, struct archive *archive, const char *path)
{
    int r;

    *worker = (struct worker){ .archive = archive,
                               .path = strdup(path),
                               .event_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK) };
    (void)pthread_mutex_init(&worker->lock, NULL);
    (void)pthread_cond_init(&worker->asked, NULL);
    r = worker->path == NULL   ? -ENOMEM
        : worker->event_fd < 0 ? -errno
                               : thread_start(&worker->thread, WORKER_STACK, worker_run, worker);
    if (r < 0) {
        worker_close(worker);
    }
    return r;
}

static void worker_free_list(struct inquiry *list)
{
    while (list != NULL) {
        struct inquiry *next = list->next;

        (void)inquiry_free(list);
        list = next;
    }
}

void worker_stop(struct worker *worker)
{
    (void)pthread_mutex_lock(&worker->lock);
    worker->is_stopping = true;
    (void)pthread_cond_signal(&worker->asked);
    (void)pthread_mutex_unlock(&worker->lock);
    board_end_waiting(archive_board(worker->archive));
    (void)pthread_join(worker->thread, NULL);
    worker_free_list(worker->first);
    worker_free_list(worker->done);
    worker_close(worker);
}
