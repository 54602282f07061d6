/* SPDX-License-Identifier: MIT */
/* What the service manager is told: sd_notify(3), by a socket of our own that is opened once.
 * libsystemd opens one for each message and waits without limit: with no descriptor left, or with a
 * manager that is busy, the watchdog would end a healthy daemon. Without $NOTIFY_SOCKET all of this
 * does nothing. */
#ifndef APP_NOTIFY_H
#define APP_NOTIFY_H

#include "lib/base.h"

#include <sys/socket.h>
#include <sys/un.h>

enum {
    NOTIFY_WAIT_MS = 500,     /* the longest that a change of state waits for the manager */
    NOTIFY_MESSAGE_MAX = 512, /* bytes; a longer status text is cut */
};

struct notify {
    int fd; /* owned; -1: nobody to tell */
    struct sockaddr_un manager;
    socklen_t manager_len;
    uint32_t ping_ms; /* how often notify_ping() is due: half the watchdog's time; 0: no watchdog */
};

/* From $NOTIFY_SOCKET, $WATCHDOG_USEC, $WATCHDOG_PID. -errno, with `notify` usable as one that does
 * nothing. */
must_check int notify_init(struct notify *notify);
void notify_fini(struct notify *notify);

/* Changes of state. Wait up to NOTIFY_WAIT_MS. -errno; -EAGAIN when the manager is behind. */
must_check int notify_ready(struct notify *notify);     /* also: reloading is done */
must_check int notify_reloading(struct notify *notify); /* with MONOTONIC_USEC */
must_check int notify_stopping(struct notify *notify);
/* No pings follow: what is left of stopping waits for the disk, for as long as TimeoutStopSec= says
 * (sd_notify(3), WATCHDOG_USEC=; the next start has its watchdog again). Only when the manager
 * knows that we stop: nothing else would end one that hangs then. */
must_check int notify_unwatch(struct notify *notify);

/* The fd store (sd_notify(3), FDSTORE=1): the manager keeps a duplicate of fd under `name`, 1 to
 * 255 characters without ':', and hands it to the next start. With `is_polled` it drops the
 * duplicate by itself when the peer is gone. Waits up to NOTIFY_WAIT_MS. -errno; -ENOTCONN without
 * a manager. */
must_check int notify_store(struct notify *notify, const char *name, int fd, bool is_polled);
/* Everything of that name goes. */
must_check int notify_unstore(struct notify *notify, const char *name);

/* Never wait. -errno; after -EAGAIN the next one, a moment later, does as well. */
must_check int notify_ping(struct notify *notify);
/* One line for `systemctl status`. */
must_check int notify_status(struct notify *notify, const char *format, ...) format_like(2, 3);

#endif
