/* SPDX-License-Identifier: MIT */
/* The way to the server that was meant: a socket, and TLS on it if that was asked for. A password
 * goes no way on which others can read it, unless that was asked for as well; this is decided for
 * each connection, by the address that it leads to. */
#ifndef CLIENT_ROUTE_H
#define CLIENT_ROUTE_H

#include "connect.h"
#include "tls.h"

struct route {
    struct connect_target target;
    const struct tls_config *tls; /* borrowed; NULL: none */
    bool has_secrets;             /* a password will go this way, and others must not read it */
};

enum route_outcome { ROUTE_FAILED = 1 };

/* Connects and does the handshake, for each of which there is target.timeout_ms. Returns 0, a
 * socket, TLS or NULL, and in `out_where` the address; or ROUTE_FAILED with a line or more of
 * reasons. SIGPIPE is ignored by the caller. */
must_check int route_open(const struct route *r, int *out_fd, struct tls **out_tls,
                          struct buf *out_where);
/* For a socket that is connected already: begins TLS, and waits for nothing. Returns 0, or
 * ROUTE_FAILED with a reason. */
must_check int route_secure(const struct route *r, int fd, struct tls **out_tls,
                            struct buf *out_why);

#endif
