/* SPDX-License-Identifier: MIT */
/* Sockets of the people in a rig, and what they expect to read. */
#include "support/peer.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#include <cmocka.h>

enum { PEER_READ_BYTES = 65536 };

typedef int peer_name_call(int fd, struct sockaddr *name, socklen_t *len);

/* 0: not TCP over IPv4, or no longer connected. */
static in_port_t peer_port(int fd, peer_name_call *name)
{
    struct sockaddr_storage found = { 0 };
    socklen_t len = sizeof(found);
    struct sockaddr_in in;

    if (name(fd, (struct sockaddr *)&found, &len) < 0 || found.ss_family != AF_INET) {
        return 0;
    }
    memcpy(&in, &found, sizeof(in));
    return in.sin_port;
}

struct peer_ports peer_ports_of(int fd, bool is_at_door)
{
    in_port_t here = peer_port(fd, getsockname), there = peer_port(fd, getpeername);

    return is_at_door ? (struct peer_ports){ .person = there, .door = here }
                      : (struct peer_ports){ .person = here, .door = there };
}

bool peer_is_tcp(const struct peer *peer)
{
    return peer->ports.person != 0;
}

struct peer *peer_new(const char *name, const struct address *address, const char *line_end,
                      int receive_buffer)
{
    struct peer *peer = calloc(1, sizeof(*peer));

    assert_non_null(peer);
    (void)snprintf(peer->name, sizeof(peer->name), "%s", name);
    peer->line_end = line_end;
    peer->fd = socket(address->storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(peer->fd >= 0);
    if (receive_buffer > 0) {
        assert_int_equal(
            setsockopt(peer->fd, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof(receive_buffer)),
            0);
    }
    assert_int_equal(connect(peer->fd, (const struct sockaddr *)&address->storage, address->len),
                     0);
    assert_int_equal(fcntl(peer->fd, F_SETFL, O_NONBLOCK), 0);
    if (address->storage.ss_family == AF_INET) {
        int on = 1;

        assert_int_equal(setsockopt(peer->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)), 0);
    }
    peer->ports = peer_ports_of(peer->fd, false);
    return peer;
}

struct peer *peer_free(struct peer *peer)
{
    if (peer != NULL) {
        fd_close_slot(&peer->fd);
        free(peer->unsent);
        free(peer->got);
        free(peer);
    }
    return NULL;
}

/* ---- sending ---- */

static bool peer_push(struct peer *peer)
{
    ssize_t n;

    if (peer->n_unsent == 0 || peer->fd < 0) {
        return false;
    }
    n = send(peer->fd, peer->unsent, peer->n_unsent, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (n < 0) {
        peer->n_unsent = errno == EAGAIN ? peer->n_unsent : 0;
        return false;
    }
    peer->n_unsent -= (size_t)n;
    memmove(peer->unsent, peer->unsent + n, peer->n_unsent);
    peer->n_sent += (uint64_t)n;
    return true;
}

void peer_send(struct peer *peer, const void *bytes, size_t len)
{
    char *unsent = realloc(peer->unsent, peer->n_unsent + len + 1);

    assert_non_null(unsent);
    memcpy(unsent + peer->n_unsent, bytes, len);
    peer->unsent = unsent;
    peer->n_unsent += len;
    (void)peer_push(peer);
}

void peer_say(struct peer *peer, const char *format, ...)
{
    char line[16384];
    va_list arguments;
    int n;

    va_start(arguments, format);
    n = vsnprintf(line, sizeof(line) - 2, format, arguments);
    va_end(arguments);
    assert_true(n >= 0 && n < (int)sizeof(line) - 2);
    (void)strcat(line, peer->line_end);
    peer_send(peer, line, strlen(line));
}

void peer_half_close(struct peer *peer)
{
    assert_int_equal(peer->n_unsent, 0);
    assert_int_equal(shutdown(peer->fd, SHUT_WR), 0);
    peer->has_shut_down = true;
}

void peer_close(struct peer *peer)
{
    fd_close_slot(&peer->fd);
    peer->fd = -1;
    peer->has_shut_down = true;
}

void peer_reset(struct peer *peer)
{
    struct linger linger = { .l_onoff = 1, .l_linger = 0 };

    assert_int_equal(setsockopt(peer->fd, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger)), 0);
    peer_close(peer);
}

/* ---- receiving ---- */

static void peer_make_room(struct peer *peer)
{
    if (peer->got_size - peer->n_got < PEER_READ_BYTES) {
        peer->got_size = 2 * peer->got_size + PEER_READ_BYTES;
        peer->got = realloc(peer->got, peer->got_size);
        assert_non_null(peer->got);
    }
}

static bool peer_pull(struct peer *peer)
{
    ssize_t n;

    if (peer->fd < 0 || peer->is_stopped || peer->is_eof || peer->is_reset) {
        return false;
    }
    peer_make_room(peer);
    n = recv(peer->fd, peer->got + peer->n_got, PEER_READ_BYTES, MSG_DONTWAIT);
    if (n > 0) {
        peer->n_got += (size_t)n;
        return true;
    }
    if (n == 0) {
        peer->is_eof = true;
        return true;
    }
    peer->is_reset = errno != EAGAIN;
    return peer->is_reset;
}

bool peer_move(struct peer *peer)
{
    bool has_moved = peer_push(peer);

    while (peer_pull(peer)) {
        has_moved = true;
    }
    return has_moved;
}

size_t peer_waiting(const struct peer *peer)
{
    int n = 0;

    return peer->fd < 0 || ioctl(peer->fd, FIONREAD, &n) < 0 ? 0 : (size_t)n;
}

/* ---- looking ---- */

struct text peer_unseen(const struct peer *peer)
{
    if (peer->got == NULL) {
        return TEXT_NONE;
    }
    return (struct text){ peer->got + peer->n_seen, peer->n_got - peer->n_seen };
}

bool peer_next_line(struct peer *peer, struct text *out)
{
    struct text unseen = peer_unseen(peer);
    size_t end = text_find(unseen, '\n');

    if (end == unseen.len) {
        return false;
    }
    peer->n_seen += end + 1;
    *out = (struct text){ unseen.at, end > 0 && unseen.at[end - 1] == '\r' ? end - 1 : end };
    return true;
}

void peer_skip(struct peer *peer)
{
    peer->n_seen = peer->n_got;
}

bool peer_matches(struct text line, struct text pattern)
{
    size_t at = 0, p = 0, star = SIZE_MAX, mark = 0;

    while (at < line.len) {
        if (p < pattern.len && pattern.at[p] == '*') {
            star = p++;
            mark = at;
        } else if (p < pattern.len && pattern.at[p] == line.at[at]) {
            p++;
            at++;
        } else if (star != SIZE_MAX) { /* the last star takes one byte more */
            p = star + 1;
            at = ++mark;
        } else {
            return false;
        }
    }
    while (p < pattern.len && pattern.at[p] == '*') {
        p++;
    }
    return p == pattern.len;
}

void peer_expect_line(struct peer *peer, const char *pattern)
{
    struct text line;

    if (!peer_next_line(peer, &line)) {
        fail_msg("%s hears nothing, expected: %s", peer->name, pattern);
    }
    if (!peer_matches(line, text_of(pattern))) {
        fail_msg("%s hears:  %.*s\n     expected: %s", peer->name, TEXT_ARG(line), pattern);
    }
}

void peer_expect_nothing(const struct peer *peer)
{
    struct text unseen = peer_unseen(peer);

    if (unseen.len > 0) {
        fail_msg("%s should hear nothing, but hears: %.*s", peer->name, TEXT_ARG(unseen));
    }
}

void peer_expect_eof(const struct peer *peer)
{
    peer_expect_nothing(peer);
    if (!peer->is_eof) {
        fail_msg("%s is %s, not at a clean end", peer->name,
                 peer->is_reset ? "reset" : "still connected");
    }
}

static bool peer_contains(struct text line, struct text part)
{
    for (size_t i = 0; i + part.len <= line.len; i++) {
        if (memcmp(line.at + i, part.at, part.len) == 0) {
            return true;
        }
    }
    return false;
}

size_t peer_count_lines(struct peer *peer, const char *part)
{
    struct text line;
    size_t n = 0;

    while (peer_next_line(peer, &line)) {
        n += peer_contains(line, text_of(part));
    }
    return n;
}
