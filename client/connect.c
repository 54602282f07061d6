/* SPDX-License-Identifier: MIT */
/* Getting a connected socket. Owns the words in which a failure is told: a person has to learn from
 * them whether to start a server, to wait, or to look at the network. Leaves no descriptor behind
 * but the one that is connected. */
#include "connect.h"

#include "attempts.h"
#include "clock.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

enum {
    CONNECT_KEEP_IDLE_S = 60, /* a server that is gone for good is noticed after 2 minutes */
    CONNECT_KEEP_INTERVAL_S = 15,
    CONNECT_KEEP_PROBES = 4,
};

/* The kernel asks whether the other machine is still there; a daemon that only restarts leaves its
 * connections to the kernel, which answers. */
static void connect_keep_alive(int fd)
{
    static const struct {
        int level, option, value;
    } rows[] = {
        { SOL_SOCKET, SO_KEEPALIVE, 1 },
        { IPPROTO_TCP, TCP_KEEPIDLE, CONNECT_KEEP_IDLE_S },
        { IPPROTO_TCP, TCP_KEEPINTVL, CONNECT_KEEP_INTERVAL_S },
        { IPPROTO_TCP, TCP_KEEPCNT, CONNECT_KEEP_PROBES },
        { IPPROTO_TCP, TCP_NODELAY, 1 },
    };

    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        (void)setsockopt(fd, rows[i].level, rows[i].option, &rows[i].value, sizeof(int));
    }
}

/* Returns 0 if it stands at once, -EINPROGRESS, or what went wrong; with a socket but for the last.
 */
static int connect_begin(const struct addrinfo *address, int *out_fd)
{
    owned_fd int fd = -1;
    int r;

    fd = socket(address->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) {
        return -errno;
    }
    r = connect(fd, address->ai_addr, address->ai_addrlen) == 0 ? 0 : -errno;
    if (r == 0 || r == -EINPROGRESS) {
        *out_fd = give_fd(&fd);
    }
    return r;
}

/* A full listen queue makes a non-blocking connect() fail at once with EAGAIN and no way to wait;
 * a blocking one waits as long as SO_SNDTIMEO allows (unix(7), socket(7)). */
static int connect_unix(const char *path, int timeout_ms, int *out_fd)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    struct timeval limit = { .tv_sec = timeout_ms / 1000, .tv_usec = timeout_ms % 1000 * 1000L };
    owned_fd int fd = -1;

    if (strlen(path) >= sizeof(address.sun_path)) {
        return -ENAMETOOLONG;
    }
    memcpy(address.sun_path, path, strlen(path));
    fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit)) < 0) {
        return -errno;
    }
    if (connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0) {
        return errno == EAGAIN || errno == EINPROGRESS ? -ETIMEDOUT : -errno;
    }
    if (fcntl(fd, F_SETFL, O_NONBLOCK) < 0) {
        return -errno;
    }
    *out_fd = give_fd(&fd);
    return 0;
}

bool connect_is_local(const struct sockaddr *address)
{
    if (address->sa_family == AF_INET) {
        struct sockaddr_in in;

        memcpy(&in, address, sizeof(in));
        return ntohl(in.sin_addr.s_addr) >> 24 == 127;
    }
    if (address->sa_family == AF_INET6) {
        struct sockaddr_in6 in6;

        memcpy(&in6, address, sizeof(in6));
        return IN6_IS_ADDR_LOOPBACK(&in6.sin6_addr);
    }
    return address->sa_family == AF_UNIX;
}

static void connect_put_time_out(int timeout_ms, bool is_local, struct buf *out)
{
    buf_format(out, "timed out after %g s: ", timeout_ms / 1000.0);
    buf_text_put(out, is_local ? TEXT("nobody accepts there, the listen queue is full")
                               : TEXT("nobody accepts there (the listen queue is full, the machine "
                                      "is off, or a firewall is in between)"));
}

static void connect_put_reason(int r, int timeout_ms, bool is_local, struct buf *out)
{
    switch (-r) {
    case ECONNREFUSED: buf_text_put(out, TEXT("refused: nothing listens there")); return;
    case ENOENT: buf_text_put(out, TEXT("refused: there is no such socket")); return;
    case ETIMEDOUT: connect_put_time_out(timeout_ms, is_local, out); return;
    case EHOSTUNREACH:
    case ENETUNREACH:
    case EADDRNOTAVAIL: buf_format(out, "unreachable: %s", strerror(-r)); return;
    default: buf_text_put(out, text_of(strerror(-r))); return;
    }
}

static void connect_put_address(const struct addrinfo *address, struct buf *out)
{
    char host[NI_MAXHOST] = "?", port[NI_MAXSERV] = "?";

    (void)getnameinfo(address->ai_addr, address->ai_addrlen, host, sizeof(host), port, sizeof(port),
                      NI_NUMERICHOST | NI_NUMERICSERV);
    buf_format(out, address->ai_family == AF_INET6 ? "[%s]:%s" : "%s:%s", host, port);
}

static int connect_path(const struct connect_target *target, int *out_fd, struct buf *out_where)
{
    int r = connect_unix(target->host, target->timeout_ms, out_fd);

    buf_format(out_where, r < 0 ? "  unix:%s: " : "unix:%s", target->host);
    if (r < 0) {
        connect_put_reason(r, target->timeout_ms, true, out_where);
        buf_char(out_where, '\n');
        return CONNECT_FAILED;
    }
    return 0;
}

/* Several attempts at once, of which the first that stands wins. */
struct connect_race {
    const struct addrinfo *addresses[ATTEMPTS_MAX]; /* borrowed, in the order of the attempts */
    int fds[ATTEMPTS_MAX];                          /* owned; -1: not begun, or failed */
    int errors[ATTEMPTS_MAX];
    struct attempts attempts;
};

static void connect_race_init(struct connect_race *race, const struct addrinfo *list,
                              int timeout_ms)
{
    const struct addrinfo *given[ATTEMPTS_MAX];
    int families[ATTEMPTS_MAX] = { 0 };
    size_t order[ATTEMPTS_MAX];
    size_t n = 0;

    for (; list != NULL && n < ATTEMPTS_MAX; list = list->ai_next) {
        given[n] = list;
        families[n++] = list->ai_family;
    }
    attempts_order(families, n, order);
    for (size_t i = 0; i < n; i++) {
        race->addresses[i] = given[order[i]];
        race->fds[i] = -1;
        race->errors[i] = 0;
    }
    attempts_init(&race->attempts, n, timeout_ms, clock_now_ms());
}

static void connect_race_fini(struct connect_race *race)
{
    for (size_t i = 0; i < race->attempts.n; i++) {
        fd_close_slot(&race->fds[i]);
    }
}

static void connect_race_fail(struct connect_race *race, size_t i, int error)
{
    fd_close_slot(&race->fds[i]);
    race->fds[i] = -1;
    race->errors[i] = error;
    attempts_fail(&race->attempts, i, clock_now_ms());
}

/* Gives up what takes too long and begins what is due. True if one stands at once. */
static bool connect_race_step(struct connect_race *race, size_t *out_winner)
{
    size_t i;

    while (attempts_find_expired(&race->attempts, clock_now_ms(), &i)) {
        connect_race_fail(race, i, -ETIMEDOUT);
    }
    while (attempts_begin(&race->attempts, clock_now_ms(), &i)) {
        int r = connect_begin(race->addresses[i], &race->fds[i]);

        if (r == 0) {
            *out_winner = i;
            return true;
        }
        if (r != -EINPROGRESS) {
            connect_race_fail(race, i, r);
        }
    }
    return false;
}

/* Of an attempt of which poll(2) says that something has become of it. */
static int connect_result(int fd)
{
    int error = 0;
    socklen_t len = sizeof(error);

    return getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len) < 0 ? -errno : -error;
}

/* Waits until something happens. True if one stands. */
static bool connect_race_wait(struct connect_race *race, size_t *out_winner)
{
    struct pollfd fds[ATTEMPTS_MAX];
    size_t n = race->attempts.n;
    int error = 0;

    for (size_t i = 0; i < n; i++) {
        fds[i] = (struct pollfd){ .fd = race->fds[i], .events = POLLOUT };
    }
    if (poll(fds, n, attempts_wait_ms(&race->attempts, clock_now_ms())) < 0) {
        error = -errno;
    }
    for (size_t i = 0; i < n && error != -EINTR; i++) {
        int r = error < 0 ? error : fds[i].revents != 0 ? connect_result(fds[i].fd) : -EINPROGRESS;

        if (race->fds[i] < 0 || r == -EINPROGRESS) {
            continue;
        }
        if (r == 0) {
            *out_winner = i;
            return true;
        }
        connect_race_fail(race, i, r);
    }
    return false;
}

static void connect_put_failures(const struct connect_race *race, struct buf *out)
{
    for (size_t i = 0; i < race->attempts.n; i++) {
        buf_text_put(out, TEXT("  "));
        connect_put_address(race->addresses[i], out);
        buf_text_put(out, TEXT(": "));
        connect_put_reason(race->errors[i], race->attempts.timeout_ms,
                           connect_is_local(race->addresses[i]->ai_addr), out);
        buf_char(out, '\n');
    }
}

int connect_first(const struct addrinfo *list, int timeout_ms, int *out_fd, struct buf *out_where)
{
    struct connect_race race;
    bool has_won = false;
    size_t winner = 0;

    connect_race_init(&race, list, timeout_ms);
    while (!has_won) {
        has_won = connect_race_step(&race, &winner);
        if (!has_won && attempts_are_over(&race.attempts)) {
            connect_put_failures(&race, out_where);
            return CONNECT_FAILED; /* which has closed its socket, each of them */
        }
        has_won = has_won || connect_race_wait(&race, &winner);
    }
    connect_keep_alive(race.fds[winner]);
    connect_put_address(race.addresses[winner], out_where);
    *out_fd = give_fd(&race.fds[winner]);
    connect_race_fini(&race);
    return 0;
}

int connect_any(const struct connect_target *target, int *out_fd, struct buf *out_where)
{
    struct addrinfo hints = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICSERV };
    struct addrinfo *list = NULL;
    int r;

    if (target->port == NULL) {
        return connect_path(target, out_fd, out_where);
    }
    r = getaddrinfo(target->host, target->port, &hints, &list);
    if (r != 0) {
        buf_format(out_where, "  %s: no such host: %s\n", target->host,
                   r == EAI_SYSTEM ? strerror(errno) : gai_strerror(r));
        return CONNECT_FAILED;
    }
    r = connect_first(list, target->timeout_ms, out_fd, out_where);
    freeaddrinfo(list);
    return r;
}
