/* SPDX-License-Identifier: MIT */
/* The socket to the server. Owns the descriptor and what waits on either side of it; no byte is
 * searched twice for the end of its line. Connecting is its neighbour's business (connect.c). */
#include "link.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

void link_init(struct link *l, int fd)
{
    l->fd = fd;
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

int link_read(struct link *l)
{
    ssize_t n;

    link_make_room(l);
    if (l->in_end == sizeof(l->in)) {
        return 0; /* link_next_line() will drop it */
    }
    n = recv(l->fd, l->in + l->in_end, sizeof(l->in) - l->in_end, MSG_DONTWAIT);
    if (n < 0 && (errno == EAGAIN || errno == EINTR)) {
        return 0;
    }
    if (n < 0) {
        return -errno;
    }
    l->has_ended = n == 0;
    l->in_end += (size_t)n;
    return 0;
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

static int link_no_end(struct link *l, struct text *out_line)
{
    size_t len = l->in_end - l->in_start;

    l->in_scanned = len;
    if (l->has_ended && len > 0 && !l->is_dropping) {
        *out_line = link_take(l, len, 0);
        return 0;
    }
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
        return link_no_end(l, out_line);
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

int link_flush(struct link *l)
{
    while (link_has_more(l)) {
        struct text t = bytes_text(&l->out);
        ssize_t n = send(l->fd, t.at, t.len, MSG_NOSIGNAL | MSG_DONTWAIT);

        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n < 0) {
            return errno == EAGAIN ? 0 : -errno;
        }
        bytes_drop(&l->out, (size_t)n);
    }
    if (l->wants_shut && !l->is_shut) {
        l->is_shut = true;
        (void)shutdown(l->fd, SHUT_WR); /* fails only if the connection is gone already */
    }
    return 0;
}
