/* SPDX-License-Identifier: MIT */
/* Linked into the torture build of the daemon alone: makes it die where it is told to, and walks
 * over the region at each start. */
#include "torture/points.h"

#include "torture/wraps.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static enum point points_wanted(uint64_t *out_left)
{
    const char *variable = getenv(POINTS_VARIABLE);
    struct text count = text_of(variable);
    struct text name = text_cut(&count, ':');

    *out_left = 0;
    for (int i = 0; i < POINTS; i++) {
        if (text_equal(name, text_of(POINT_NAMES[i])) && text_number(count, UINT64_MAX, out_left)) {
            return (enum point)i;
        }
    }
    return POINTS;
}

void point(enum point at)
{
    static bool is_asked;
    static enum point wanted;
    static uint64_t n_left;

    if (!is_asked) {
        is_asked = true;
        wanted = points_wanted(&n_left);
    }
    if (at == wanted && n_left > 0 && --n_left == 0) {
        (void)kill(getpid(), SIGKILL);
    }
}

/* ---- the state ---- */

static void points_on_tx(struct tx_observer *observer, enum tx_point at, const void *object,
                         size_t len)
{
    static const enum point points[] = {
        [TX_SAVED] = POINT_SAVED,           [TX_FRESH] = POINT_FRESH,
        [TX_COMMITTING] = POINT_COMMITTING, [TX_COMMITTED] = POINT_COMMITTED,
        [TX_STORED] = POINT_STORED,
    };

    (void)observer;
    (void)object;
    (void)len;
    point(points[at]);
}

int __wrap_state_open(struct state *state, struct region *region, struct tx_observer *observer)
{
    static struct tx_observer points = { .on_point = points_on_tx };
    int r = __real_state_open(state, region, observer != NULL ? observer : &points);
    const char *wrong;

    if (r == 0 && getenv(POINTS_WALK_VARIABLE) != NULL) {
        wrong = state_check(state);
        if (wrong != NULL) {
            (void)fprintf(stderr, "the walk over the region: %s\n", wrong);
            abort();
        }
    }
    return r;
}

/* ---- system calls ---- */

int __wrap_accept4(int fd, struct sockaddr *address, socklen_t *len, int flags)
{
    int r = __real_accept4(fd, address, len, flags);

    if (r >= 0) {
        point(POINT_ACCEPTED);
    }
    return r;
}

ssize_t __wrap_recv(int fd, void *bytes, size_t len, int flags)
{
    ssize_t n;

    point(POINT_BEFORE_RECV);
    n = __real_recv(fd, bytes, len, flags);
    point(POINT_AFTER_RECV);
    return n;
}

ssize_t __wrap_send(int fd, const void *bytes, size_t len, int flags)
{
    ssize_t n;

    point(POINT_BEFORE_SEND);
    n = __real_send(fd, bytes, len, flags);
    point(POINT_AFTER_SEND);
    bugs_after_send();
    return n;
}

int __wrap_shutdown(int fd, int how)
{
    int r;

    point(POINT_BEFORE_SHUTDOWN);
    r = __real_shutdown(fd, how);
    point(POINT_AFTER_SHUTDOWN);
    return r;
}

/* ---- the manager ---- */

int __wrap_rights_receive(int socket, void *bytes, size_t len, int flags, int *out_fd)
{
    int r = __real_rights_receive(socket, bytes, len, flags, out_fd);

    point(POINT_PEEKED);
    return r;
}

int __wrap_rights_send(int socket, const void *bytes, size_t len, int fd, int flags)
{
    int r;

    point(POINT_BEFORE_BOX);
    r = bugs_rights_send(socket, bytes, len, fd);
    if (r != 0) {
        r = __real_rights_send(socket, bytes, len, fd, flags);
    }
    point(POINT_AFTER_BOX);
    return r;
}

int __wrap_notify_store(struct notify *notify, const char *name, int fd, bool is_polled)
{
    int r;

    point(POINT_BEFORE_STORE);
    r = __real_notify_store(notify, name, fd, is_polled);
    point(POINT_AFTER_STORE);
    return r;
}

int __wrap_notify_unstore(struct notify *notify, const char *name)
{
    int r;

    point(POINT_BEFORE_UNSTORE);
    r = __real_notify_unstore(notify, name);
    point(POINT_AFTER_UNSTORE);
    bugs_after_unstore();
    return r;
}
