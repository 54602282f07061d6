/* SPDX-License-Identifier: MIT */
/* Level-triggered on purpose: one read for each event, and a server that is faster than we are
 * finds us reading in larger pieces. */
#include "bench/crowd.h"

#include "bench/gauge.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>

enum { CROWD_EVENTS = 512, CROWD_PATIENCE_S = 10, CROWD_HELLO_MAX = 512, CROWD_AGAIN_US = 20000 };

static char crowd_space[CROWD_UNHEARD + CROWD_READ_BYTES];

int crowd_init(struct crowd *crowd, uint32_t n)
{
    int epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    struct peer *peers = calloc(n, sizeof(*peers));

    if (epoll_fd < 0 || peers == NULL) {
        free(peers);
        fd_close_slot(&epoll_fd);
        return peers == NULL ? -ENOMEM : -EMFILE;
    }
    for (uint32_t i = 0; i < n; i++) {
        peers[i] = (struct peer){ .fd = -1, .role.number = i };
    }
    crowd->n = n;
    crowd->peers = peers;
    crowd->epoll_fd = epoll_fd;
    return 0;
}

/* With a reset: no TIME_WAIT is left behind, and the next run finds its ports free. */
void crowd_fini(struct crowd *crowd)
{
    const struct linger at_once = { .l_onoff = 1, .l_linger = 0 };

    for (uint32_t i = 0; i < crowd->n; i++) {
        struct peer *peer = &crowd->peers[i];

        if (peer->fd >= 0) {
            (void)setsockopt(peer->fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
        }
        fd_close_slot(&peer->fd);
        free(peer->partial);
    }
    free(crowd->peers);
    fd_close_slot(&crowd->epoll_fd);
}

/* ---- entering ---- */

static int crowd_connect(struct crowd *crowd, struct peer *peer)
{
    struct sockaddr_in to = { .sin_family = AF_INET,
                              .sin_port = htons(crowd->port),
                              .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    struct epoll_event event = { .events = EPOLLIN, .data.ptr = peer };
    const int on = 1;
    char space[CROWD_HELLO_MAX];
    struct buf hello = buf_over(space, sizeof(space));

    peer->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (peer->fd < 0 || connect(peer->fd, (struct sockaddr *)&to, sizeof(to)) < 0 ||
        setsockopt(peer->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)) < 0 ||
        epoll_ctl(crowd->epoll_fd, EPOLL_CTL_ADD, peer->fd, &event) < 0) {
        return -errno;
    }
    crowd->dialect->hello(&peer->role, &hello);
    return hello.len > 0 ? crowd_write(peer, buf_text(&hello)) : 0;
}

/* A server that was started a moment ago may not listen yet. */
static int crowd_enter_first(struct crowd *crowd)
{
    uint64_t until_ns = gauge_now_ns() + CROWD_PATIENCE_S * 1000000000ULL;
    int r = crowd_connect(crowd, &crowd->peers[0]);

    while (r == -ECONNREFUSED && gauge_now_ns() < until_ns) {
        (void)usleep(CROWD_AGAIN_US);
        fd_close_slot(&crowd->peers[0].fd);
        r = crowd_connect(crowd, &crowd->peers[0]);
    }
    crowd->n_started = 1;
    return r;
}

int crowd_enter(struct crowd *crowd)
{
    uint32_t n_before = 0;
    uint64_t progress_ns;
    int r = crowd_enter_first(crowd);

    if (r < 0) {
        return r;
    }
    progress_ns = gauge_now_ns();

    while (crowd->n_ready < crowd->n) {
        while (r == 0 && crowd->n_started < crowd->n &&
               crowd->n_started - crowd->n_ready < crowd->n_at_once) {
            r = crowd_connect(crowd, &crowd->peers[crowd->n_started++]);
        }
        if (r == 0) {
            r = crowd_poll(crowd, 100000000);
        }
        if (r < 0) {
            return r;
        }
        r = 0;
        if (crowd->n_ready > n_before) {
            n_before = crowd->n_ready;
            progress_ns = crowd->now_ns;
        }
        if (crowd->now_ns > progress_ns + CROWD_PATIENCE_S * 1000000000ULL) {
            return -ETIMEDOUT;
        }
    }
    return 0;
}

/* ---- reading ---- */

static bool crowd_is_in(struct text line, struct text sign)
{
    return memmem(line.at, line.len, sign.at, sign.len) != NULL;
}

static int crowd_enter_room(const struct crowd *crowd, struct peer *peer)
{
    char space[CROWD_HELLO_MAX];
    struct buf words = buf_over(space, sizeof(space));

    crowd->dialect->enter(&peer->role, &words);
    return words.len > 0 ? crowd_write(peer, buf_text(&words)) : 0;
}

static int crowd_take_line(struct crowd *crowd, struct peer *peer, struct text line)
{
    if (peer->is_ready) {
        crowd->on_line(crowd, peer, line);
        return 0;
    }
    if (crowd_is_in(line, crowd->dialect->ready(&peer->role))) {
        peer->is_ready = true;
        crowd->n_ready++;
    } else if (crowd->dialect->enter != NULL && crowd_is_in(line, crowd->dialect->greeting)) {
        return crowd_enter_room(crowd, peer);
    }
    return 0;
}

static int crowd_keep_partial(struct peer *peer, struct text rest)
{
    char *partial;

    if (rest.len == 0) {
        free(peer->partial);
        peer->partial = NULL;
        peer->n_partial = 0;
        return 0;
    }
    if (rest.len > CROWD_UNHEARD) {
        return -EMSGSIZE;
    }
    partial = realloc(peer->partial, rest.len);
    if (partial == NULL) {
        return -ENOMEM;
    }
    memcpy(partial, rest.at, rest.len);
    peer->partial = partial;
    peer->n_partial = (uint32_t)rest.len;
    return 0;
}

/* All that is whole; `rest` then holds what is not. */
static int crowd_take(struct crowd *crowd, struct peer *peer, struct text *rest)
{
    struct text line;
    size_t len;
    int r = 0;

    while (r == 0 && (len = crowd->dialect->cut(*rest, &line)) > 0) {
        r = crowd_take_line(crowd, peer, line);
        rest->at += len;
        rest->len -= len;
    }
    return r;
}

static int crowd_read(struct crowd *crowd, struct peer *peer)
{
    size_t n_partial = peer->n_partial;
    struct text rest = { .at = crowd_space, .len = n_partial };
    int r;
    ssize_t n = recv(peer->fd, crowd_space + n_partial, CROWD_READ_BYTES, MSG_DONTWAIT);

    if (n < 0) {
        return errno == EAGAIN || errno == EINTR ? 0 : -errno;
    }
    if (n == 0) {
        return -ECONNRESET;
    }
    if (n_partial > 0) {
        memcpy(crowd_space, peer->partial, n_partial);
    }
    crowd->n_bytes += (uint64_t)n;
    rest.len += (size_t)n;
    r = crowd_take(crowd, peer, &rest);
    if (r < 0) {
        return r;
    }
    return crowd_keep_partial(peer, rest);
}

int crowd_put_to_sleep(struct crowd *crowd, struct peer *peer)
{
    return epoll_ctl(crowd->epoll_fd, EPOLL_CTL_DEL, peer->fd, NULL) < 0 ? -errno : 0;
}

int crowd_poll(struct crowd *crowd, int64_t timeout_ns)
{
    struct epoll_event events[CROWD_EVENTS];
    struct timespec timeout = { .tv_sec = timeout_ns / 1000000000,
                                .tv_nsec = timeout_ns % 1000000000 };
    int n =
        epoll_pwait2(crowd->epoll_fd, events, CROWD_EVENTS, timeout_ns < 0 ? NULL : &timeout, NULL);

    crowd->now_ns = gauge_now_ns();
    if (n < 0) {
        return errno == EINTR ? 0 : -errno;
    }
    for (int i = 0; i < n; i++) {
        int r = crowd_read(crowd, events[i].data.ptr);

        if (r < 0) {
            return r;
        }
    }
    return n;
}

int crowd_write(struct peer *peer, struct text bytes)
{
    ssize_t n = send(peer->fd, bytes.at, bytes.len, MSG_DONTWAIT | MSG_NOSIGNAL);

    if (n < 0) {
        return -errno;
    }
    return (size_t)n == bytes.len ? 0 : -EAGAIN;
}
