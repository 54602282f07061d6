/* SPDX-License-Identifier: MIT */
/* The thread. Going to sleep and being woken cross without loss, because each side writes its word
 * before it reads the other's: `is_asleep` here, `visible` there. */
#include "store/archivist.h"

#include "lib/thread.h"

#include <errno.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <time.h>

enum { MS_PER_S = 1000, NS_PER_MS = 1000000 };

static uint64_t archivist_clock(clockid_t clock)
{
    struct timespec now;

    (void)clock_gettime(clock, &now);
    return (uint64_t)now.tv_sec * MS_PER_S + (uint64_t)(now.tv_nsec / NS_PER_MS);
}

static bool archivist_is(const bool *word)
{
    return __atomic_load_n(word, __ATOMIC_SEQ_CST);
}

static void archivist_set(bool *word, bool value)
{
    __atomic_store_n(word, value, __ATOMIC_SEQ_CST);
}

/* ---- the thread's side ---- */

/* Until the time is over, or somebody writes. */
static void archivist_wait(struct archivist *archivist, int ms)
{
    struct pollfd ready = { .fd = archivist->event_fd, .events = POLLIN };
    eventfd_t count;

    if (poll(&ready, 1, ms) > 0) {
        (void)eventfd_read(archivist->event_fd, &count);
    }
}

/* Nothing is left: sleeps until something is, and a little longer, for what follows on it. */
static void archivist_sleep(struct archivist *archivist, int idle_ms)
{
    archivist_set(&archivist->is_asleep, true);
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
    if (!archive_is_behind(archivist->archive) && !archivist_is(&archivist->is_stopping)) {
        archivist_wait(archivist, idle_ms);
    }
    archivist_set(&archivist->is_asleep, false);
    if (archive_is_behind(archivist->archive) && !archivist_is(&archivist->is_hurried) &&
        !archivist_is(&archivist->is_stopping)) {
        archivist_wait(archivist, ARCHIVIST_LINGER_MS);
    }
    archivist_set(&archivist->is_hurried, false);
}

/* How long to sleep: until there may be something to delete again. */
static int archivist_tidy(struct archivist *archivist)
{
    uint64_t now = archivist_clock(CLOCK_MONOTONIC);

    if (archivist->tidied_ms != 0 && now - archivist->tidied_ms < ARCHIVIST_TIDY_MS) {
        return ARCHIVIST_IDLE_MS;
    }
    if (archive_tidy(archivist->archive, archivist_clock(CLOCK_REALTIME)) == ARCHIVE_MORE) {
        return 0;
    }
    archivist->tidied_ms = now;
    return ARCHIVIST_IDLE_MS;
}

/* Archives until nothing is left; -errno. Now and then something is deleted in between, lest those
 * who never stop talking fill the disk. */
static int archivist_work(struct archivist *archivist)
{
    int r;

    do {
        r = archive_step(archivist->archive);
        if (r == ARCHIVE_MORE) {
            (void)archivist_tidy(archivist);
        }
    } while (r == ARCHIVE_MORE && !archivist_is(&archivist->is_stopping));
    return r;
}

/* Where there are too few cores the loop goes first: what is said now is in the log, and can be
 * archived when there is less of it. When the log is full the loop waits, and this has the core. In
 * Linux the value is the thread's own (setpriority(2), BUGS). */
static void archivist_give_way(void)
{
    (void)setpriority(PRIO_PROCESS, 0, ARCHIVIST_NICE);
}

static void *archivist_run(void *context)
{
    struct archivist *archivist = context;
    int retry_ms = ARCHIVIST_RETRY_MS;

    archivist_give_way();

    while (!archivist_is(&archivist->is_stopping)) {
        if (archivist_work(archivist) < 0) {
            archivist_wait(archivist, retry_ms);
            retry_ms =
                retry_ms * 2 < ARCHIVIST_RETRY_MAX_MS ? retry_ms * 2 : ARCHIVIST_RETRY_MAX_MS;
        } else {
            retry_ms = ARCHIVIST_RETRY_MS;
            archivist_sleep(archivist, archivist_tidy(archivist));
        }
    }
    return NULL;
}

/* ---- the loop's side ---- */

void archivist_wake(struct archivist *archivist)
{
    if (__atomic_exchange_n(&archivist->is_asleep, false, __ATOMIC_SEQ_CST)) {
        (void)eventfd_write(archivist->event_fd, 1);
    }
}

void archivist_hurry(struct archivist *archivist)
{
    if (!__atomic_exchange_n(&archivist->is_hurried, true, __ATOMIC_SEQ_CST)) {
        (void)eventfd_write(archivist->event_fd, 1);
    }
}

int archivist_start(struct archivist *archivist, struct archive *archive)
{
    int r;

    *archivist = (struct archivist){ .archive = archive,
                                     .event_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK) };
    if (archivist->event_fd < 0) {
        return -errno;
    }
    r = thread_start(&archivist->thread, ARCHIVIST_STACK, archivist_run, archivist);
    if (r < 0) {
        fd_close_slot(&archivist->event_fd);
    }
    return r;
}

void archivist_stop(struct archivist *archivist, bool drain)
{
    archivist_set(&archivist->is_stopping, true);
    (void)eventfd_write(archivist->event_fd, 1);
    (void)pthread_join(archivist->thread, NULL);
    fd_close_slot(&archivist->event_fd);
    while (drain && archive_step(archivist->archive) == ARCHIVE_MORE) {
    }
}
