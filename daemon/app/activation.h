/* SPDX-License-Identifier: MIT */
/* Descriptors that the service manager hands us at start: listening sockets, by the name of their
 * socket unit, and whatever an earlier process left in the fd store. Says which is which; does not
 * touch the sockets. Source: sd_listen_fds_with_names(3). */
#ifndef APP_ACTIVATION_H
#define APP_ACTIVATION_H

#include "lib/base.h"

enum activation_kind {
    ACTIVATION_LINE,   /* a listening socket of the line front end */
    ACTIVATION_IRC,    /* a listening socket of the IRC front end */
    ACTIVATION_STORED, /* anything else: its name says what it is */
};

struct activation_fd {
    enum activation_kind kind;
    char *name; /* owned */
    int fd;     /* owned, close-on-exec; take it with give_fd() */
};

struct activation {
    struct activation_fd *fds; /* owned; in the manager's order, listeners first */
    size_t n;
};

/* Takes what $LISTEN_FDS announces, once: the variables are removed. A listener with a name we do
 * not know goes by its port (7777: line, 6667: irc), else it is `line`; that is reported. -errno,
 * with nothing to release. */
must_check int activation_init(struct activation *activation);
/* Closes what nobody took. */
void activation_fini(struct activation *activation);

#endif
