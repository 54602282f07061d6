/* SPDX-License-Identifier: MIT */
/* The socket to the server. Owns the descriptor and what waits on either side of it; no byte is
 * searched twice for the end of its line. Connecting is its neighbour's business (connect.c). */
#include "link.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>

void link_init(struct link *l, int fd, struct tls *tls)
{
    l->fd = fd;
    l->tls = tls;
    l->out = (struct bytes){ .at = NULL };
    l->in_start = 0;
    l->in_end = 0;
    l->in_scanned = 0;
    l->is_dropping = false;
    l->has_ended = false;
    l->is_shut = false;
    l->wants_shut = false;
}

void link_fini(struct link *l)
{
    l->tls = tls_free(l->tls);
    if (l->fd >= 0) {
        (void)close(l->fd);
    }
    l->fd = -1;
    bytes_fini(&l->out);
}

static void link_make_room(struct link *l)
{
    if (l->in_start > 0) {
        memmove(l->in, l->in + l->in_start, l->in_end - l->in_start);
        l->in_end -= l->in_start;
        l->in_start = 0;
    }
}

/* -EAGAIN: nothing is there; 0 bytes are the end. */
static int link_receive(struct link *l, char *at, size_t size, size_t *out_n)
{
    ssize_t n;

    if (l->tls == NULL) {
        n = recv(l->fd, at, size, MSG_DONTWAIT);
        *out_n = n < 0 ? 0 : (size_t)n;
        return n < 0 ? -errno : 0;
    }
    switch (tls_read(l->tls, at, size, out_n)) {
    case 0: return 0;
    case TLS_END: *out_n = 0; return 0;
    case TLS_AGAIN: return -EAGAIN;
    default: return -EPROTO;
    }
}

int link_read(struct link *l)
{
    size_t n = 0;
    int r;

    link_make_room(l);
    if (l->in_end == sizeof(l->in)) {
        return 0; /* link_next_line() will drop it */
    }
    r = link_receive(l, l->in + l->in_end, sizeof(l->in) - l->in_end, &n);
    if (r == -EAGAIN || r == -EINTR) {
        return 0;
    }
    if (r < 0) {
        return r;
    }
    l->has_ended = n == 0;
    l->in_end += n;
    return 0;
}

bool link_has_pending(const struct link *l)
{
    return l->tls != NULL && tls_has_pending(l->tls);
}

static struct text link_take(struct link *l, size_t len, size_t n_end)
{
    struct text line = { .at = l->in + l->in_start, .len = len };

    l->in_start += len + n_end;
    l->in_scanned = 0;
    if (line.len > 0 && line.at[line.len - 1] == '\r') {
        line.len--;
    }
    return line;
}

/* What the connection ends in the middle of is no line: nobody knows what is missing of it, and
 * whoever connects again is told the whole. */
static int link_no_end(struct link *l)
{
    size_t len = l->in_end - l->in_start;

    l->in_scanned = len;
    if (len == sizeof(l->in) || l->is_dropping) {
        l->is_dropping = true;
        (void)link_take(l, len, 0);
    }
    return LINK_AGAIN;
}

int link_next_line(struct link *l, struct text *out_line)
{
    char *from = l->in + l->in_start + l->in_scanned;
    size_t left = l->in_end - l->in_start - l->in_scanned;
    const char *end = memchr(from, '\n', left);
    struct text line;

    if (end == NULL) {
        return link_no_end(l);
    }
    line = link_take(l, (size_t)(end - l->in) - l->in_start, 1);
    if (l->is_dropping) {
        l->is_dropping = false;
        return LINK_TOO_LONG;
    }
    *out_line = line;
    return 0;
}

void link_put(struct link *l, struct text bytes)
{
    bytes_put(&l->out, bytes);
}

bool link_has_more(const struct link *l)
{
    return bytes_text(&l->out).len > 0;
}

void link_end(struct link *l)
{
    l->wants_shut = true;
}

short link_events(const struct link *l)
{
    bool wants_send = link_has_more(l) || (l->wants_shut && !l->is_shut);

    if (l->tls == NULL) {
        return (short)(link_has_more(l) ? POLLIN | POLLOUT : POLLIN);
    }
    return (short)(tls_read_events(l->tls) | (wants_send ? tls_write_events(l->tls) : 0));
}

bool link_is_ready(const struct link *l)
{
    return l->tls == NULL || tls_is_ready(l->tls);
}

const char *link_why(const struct link *l, int error)
{
    return l->tls != NULL && error == -EPROTO ? tls_why(l->tls) : strerror(-error);
}

/* -EAGAIN: the socket takes no more now. */
static int link_send(struct link *l, struct text t, size_t *out_n)
{
    ssize_t n;

    if (l->tls == NULL) {
        n = send(l->fd, t.at, t.len, MSG_NOSIGNAL | MSG_DONTWAIT);
        *out_n = n < 0 ? 0 : (size_t)n;
        return n < 0 ? -errno : 0;
    }
    switch (tls_write(l->tls, t, out_n)) {
    case 0: return 0;
    case TLS_AGAIN: return -EAGAIN;
    case TLS_END: return -EPIPE;
    default: return -EPROTO;
    }
}

/* Under TLS our word that nothing more comes goes before the FIN. */
static void link_shut(struct link *l)
{
    if (l->tls != NULL && tls_shut(l->tls) == TLS_AGAIN) {
        return;
    }
    l->is_shut = true;
    (void)shutdown(l->fd, SHUT_WR); /* fails only if the connection is gone already */
}

int link_flush(struct link *l)
{
    while (link_has_more(l)) {
        size_t n = 0;
        int r = link_send(l, bytes_text(&l->out), &n);

        if (r == -EINTR) {
            continue;
        }
        if (r < 0) {
            return r == -EAGAIN ? 0 : r;
        }
        bytes_drop(&l->out, n);
    }
    if (l->wants_shut && !l->is_shut) {
        link_shut(l);
    }
    return 0;
}
