/* SPDX-License-Identifier: MIT */
/* The way to the server. Owns the decision whether it is fit for a password. */
#include "route.h"

#include "clock.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>

static bool route_is_local(int fd)
{
    struct sockaddr_storage peer = { .ss_family = AF_UNSPEC };
    socklen_t len = sizeof(peer);

    return getpeername(fd, (struct sockaddr *)&peer, &len) == 0 &&
           connect_is_local((struct sockaddr *)&peer);
}

int route_secure(const struct route *r, int fd, struct tls **out_tls, struct buf *out_why)
{
    struct tls *tls = NULL;

    if (r->tls == NULL && r->has_secrets && !route_is_local(fd)) {
        buf_text_put(out_why, TEXT("the password is not sent there without TLS, since others could "
                                   "read it on the way: use --tls, or --cleartext-password if that "
                                   "is all right"));
        return ROUTE_FAILED;
    }
    if (r->tls != NULL && tls_new(r->tls, fd, out_why, &tls) != 0) {
        return ROUTE_FAILED;
    }
    *out_tls = tls;
    return 0;
}

/* Returns 0 or ROUTE_FAILED with a reason. */
static int route_shake(struct tls *tls, int fd, int timeout_ms, struct buf *out_why)
{
    int64_t deadline = clock_now_ms() + timeout_ms;

    for (;;) {
        struct pollfd p = { .fd = fd };
        int64_t left;
        int r = tls_handshake(tls);

        if (r == 0) {
            return 0;
        }
        if (r != TLS_AGAIN) {
            buf_text_put(out_why, text_of(tls_why(tls)));
            return ROUTE_FAILED;
        }
        left = deadline - clock_now_ms();
        if (left <= 0) {
            buf_format(out_why,
                       "timed out after %g s, during the handshake of TLS. Is there TLS at "
                       "this port?",
                       timeout_ms / 1000.0);
            return ROUTE_FAILED;
        }
        p.events = tls_read_events(tls);
        if (poll(&p, 1, (int)left) < 0 && errno != EINTR) {
            buf_text_put(out_why, text_of(strerror(errno)));
            return ROUTE_FAILED;
        }
    }
}

int route_open(const struct route *r, int *out_fd, struct tls **out_tls, struct buf *out_where)
{
    owned(tls_free) struct tls *tls = NULL;
    char why_bytes[TLS_WHY_MAX];
    struct buf why = buf_over(why_bytes, sizeof(why_bytes));
    owned_fd int fd = -1;

    if (connect_any(&r->target, &fd, out_where) != 0) {
        return ROUTE_FAILED;
    }
    if (route_secure(r, fd, &tls, &why) != 0 ||
        (tls != NULL && route_shake(tls, fd, r->target.timeout_ms, &why) != 0)) {
        char where_bytes[256];
        struct buf where = buf_over(where_bytes, sizeof(where_bytes));

        buf_text_put(&where, buf_text(out_where));
        out_where->len = 0;
        buf_format(out_where, "  %.*s: %.*s\n", TEXT_ARG(buf_text(&where)),
                   TEXT_ARG(buf_text(&why)));
        return ROUTE_FAILED;
    }
    *out_fd = give_fd(&fd);
    *out_tls = give(tls);
    return 0;
}
