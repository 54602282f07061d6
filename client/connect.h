/* SPDX-License-Identifier: MIT */
/* Getting a connected socket: every address of a name, in the order and with the delays of RFC 8305
 * (attempts.h), each with a time-out, and for each that fails a reason in words. Waits, so it is
 * for the start of the program. */
#ifndef CLIENT_CONNECT_H
#define CLIENT_CONNECT_H

#include "lib/text.h"

#include <netdb.h>

struct connect_target {
    const char *host; /* a name or an address, or the path of a unix socket */
    const char *port; /* digits; NULL for a unix socket */
    int timeout_ms;   /* for each address */
};

enum connect_outcome { CONNECT_FAILED = 1 };

/* Returns 0, a non-blocking CLOEXEC socket, and in `out_where` the address that answered; or
 * CONNECT_FAILED, with one line for each address in `out_where`, such as
 * "  [::1]:6667: refused: nothing listens there\n". */
must_check int connect_any(const struct connect_target *target, int *out_fd, struct buf *out_where);
/* The same for addresses that are known already, with their ports. */
must_check int connect_first(const struct addrinfo *list, int timeout_ms, int *out_fd,
                             struct buf *out_where);
/* True for a unix socket and for loopback: what goes there does not leave this machine. */
bool connect_is_local(const struct sockaddr *address);

#endif
