/* SPDX-License-Identifier: MIT */
/* Counting, cutting, dying. The wrapped calls have no argument that leads to the crash that is
 * armed, hence one pointer of the file; it is set only while server code runs. */
#include "support/crash.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/ioctl.h>

static _Thread_local struct crash *crash_armed; /* other threads do not die for it */

static const char *const CRASH_POINT_NAMES[] = {
    [TX_SAVED] = "saved",         [TX_FRESH] = "fresh",   [TX_COMMITTING] = "before a commit",
    [TX_COMMITTED] = "committed", [TX_STORED] = "stored",
};

static void crash_die(struct crash *crash, const char *where)
{
    crash->n_crashes++;
    crash->last = where;
    crash_disarm(crash);
    longjmp(crash->to, 1);
}

static void crash_point(struct crash *crash, const char *where)
{
    const struct crash_plan *plan = &crash->plan;

    if (!crash->is_wanted) {
        return;
    }
    crash->n_points++;
    if (plan->at_point == 0 || crash->n_points < plan->at_point) {
        return;
    }
    if (crash->n_points == plan->at_point ||
        (plan->again_after > 0 && crash->n_points == plan->at_point + plan->again_after)) {
        crash_die(crash, where);
    }
}

static void crash_on_point(struct tx_observer *observer, enum tx_point point, const void *at,
                           size_t len)
{
    struct crash *crash = container_of(observer, struct crash, observer);

    shadow_on_point(&crash->shadow, point, at, len);
    if (crash->is_armed && point != TX_FRESH) {
        crash_point(crash, CRASH_POINT_NAMES[point]);
    }
}

void crash_init(struct crash *crash, const struct state *state)
{
    *crash = (struct crash){ .observer = { .on_point = crash_on_point },
                             .last = "nothing",
                             .accepted_fd = -1 };
    shadow_init(&crash->shadow, state);
}

void crash_fini(struct crash *crash)
{
    crash_disarm(crash);
    shadow_fini(&crash->shadow);
}

void crash_arm(struct crash *crash)
{
    crash->is_armed = true;
    crash_armed = crash;
}

void crash_disarm(struct crash *crash)
{
    crash->is_armed = false;
    crash_armed = NULL;
}

/* ---- cutting ---- */

static bool crash_is_cut_now(struct crash *crash)
{
    const struct crash_plan *plan = &crash->plan;

    if (!crash->is_wanted) {
        return false;
    }
    crash->n_calls++;
    crash->random = crash->random * 6364136223846793005U + 1442695040888963407U;
    return crash->n_calls == plan->cut_call ||
           (plan->cut_each > 0 && (crash->random >> 33) % plan->cut_each == 0);
}

/* How much of `len` the kernel is asked for; 0: it is not asked at all. */
static size_t crash_cut_len(const struct crash *crash, size_t len)
{
    switch (crash->plan.cut) {
    case CUT_NOTHING: return 0;
    case CUT_ONE: return size_min(len, 1);
    case CUT_HALF: return size_min(len, len / 2 + 1);
    case CUT_ALL: break;
    }
    return len;
}

static size_t crash_waiting(int fd)
{
    int n = 0;

    return ioctl(fd, FIONREAD, &n) < 0 || n < 0 ? 0 : (size_t)n;
}

static void crash_after_cut(struct crash *crash, const char *where)
{
    int error = errno;

    crash->n_cuts++;
    if (crash->plan.kills_after_cut && crash->n_calls >= crash->plan.cut_call) {
        crash_die(crash, where);
    }
    errno = error;
}

static void crash_point_keeping_errno(struct crash *crash, const char *where)
{
    int error = errno;

    crash_point(crash, where);
    errno = error;
}

/* ---- the calls ---- */

ssize_t __real_recv(int fd, void *bytes, size_t len, int flags);
ssize_t __wrap_recv(int fd, void *bytes, size_t len, int flags);
ssize_t __real_send(int fd, const void *bytes, size_t len, int flags);
ssize_t __wrap_send(int fd, const void *bytes, size_t len, int flags);
int __real_accept4(int fd, struct sockaddr *address, socklen_t *len, int flags);
int __wrap_accept4(int fd, struct sockaddr *address, socklen_t *len, int flags);
int __real_shutdown(int fd, int how);
int __wrap_shutdown(int fd, int how);
int __real_close(int fd);
int __wrap_close(int fd);

static ssize_t crash_cut_recv(struct crash *crash, int fd, void *bytes, size_t len, int flags)
{
    size_t waiting = crash_waiting(fd);
    size_t n = crash_cut_len(crash, size_min(len, waiting));
    ssize_t r = -1;

    if (waiting == 0) {
        return __real_recv(fd, bytes, len, flags); /* FIN, error, EAGAIN: nothing to cut */
    }
    errno = EAGAIN;
    if (n > 0) {
        r = __real_recv(fd, bytes, n, flags);
    }
    crash_after_cut(crash, "a cut recv");
    return r;
}

ssize_t __wrap_recv(int fd, void *bytes, size_t len, int flags)
{
    struct crash *crash = crash_armed;
    ssize_t r;

    if (crash == NULL) {
        return __real_recv(fd, bytes, len, flags);
    }
    crash_point(crash, "before recv");
    r = crash_is_cut_now(crash) ? crash_cut_recv(crash, fd, bytes, len, flags)
                                : __real_recv(fd, bytes, len, flags);
    crash_point_keeping_errno(crash, "after recv");
    return r;
}

static ssize_t crash_cut_send(struct crash *crash, int fd, const void *bytes, size_t len, int flags)
{
    size_t n = crash_cut_len(crash, len);
    ssize_t r = -1;

    errno = EAGAIN;
    if (n > 0) {
        r = __real_send(fd, bytes, n, flags);
    }
    crash_after_cut(crash, "a cut send");
    return r;
}

ssize_t __wrap_send(int fd, const void *bytes, size_t len, int flags)
{
    struct crash *crash = crash_armed;
    ssize_t r;

    if (crash == NULL) {
        return __real_send(fd, bytes, len, flags);
    }
    if (fd == crash->plan.full_fd) {
        errno = EAGAIN;
        return -1;
    }
    crash_point(crash, "before send");
    r = crash_is_cut_now(crash) ? crash_cut_send(crash, fd, bytes, len, flags)
                                : __real_send(fd, bytes, len, flags);
    crash_point_keeping_errno(crash, "after send");
    return r;
}

int __wrap_accept4(int fd, struct sockaddr *address, socklen_t *len, int flags)
{
    struct crash *crash = crash_armed;
    int r;

    if (crash == NULL) {
        return __real_accept4(fd, address, len, flags);
    }
    crash_point(crash, "before accept4");
    r = __real_accept4(fd, address, len, flags);
    crash->accepted_fd = r;
    crash_point_keeping_errno(crash, "after accept4");
    return r;
}

int __wrap_shutdown(int fd, int how)
{
    struct crash *crash = crash_armed;
    int r;

    if (crash == NULL) {
        return __real_shutdown(fd, how);
    }
    crash_point(crash, "before shutdown");
    r = __real_shutdown(fd, how);
    crash_point_keeping_errno(crash, "after shutdown");
    return r;
}

int __wrap_close(int fd)
{
    struct crash *crash = crash_armed;
    int r;

    if (crash == NULL) {
        return __real_close(fd);
    }
    crash_point(crash, "before close");
    r = __real_close(fd);
    if (fd == crash->accepted_fd) {
        crash->accepted_fd = -1;
    }
    crash_point_keeping_errno(crash, "after close");
    return r;
}
