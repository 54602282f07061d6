/* SPDX-License-Identifier: MIT */
/* Accepting. Nothing that accept4(2) can say ends more than one connection: what is wrong with a
 * connection is stepped over; what is wrong with us (no descriptors, no memory, anything
 * unforeseen) pauses the listener, and the connections wait in the kernel's queue. Invariant: a
 * paused listener is out of the loop's ready list but for new edges, which are remembered and cost
 * one call. */
#include "net/listener.h"

#include "lib/report.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/un.h>

enum listener_outcome { LISTENER_EMPTY = 1 };

static void listener_park(struct listener *listener, int reason)
{
    listener->is_paused = true;
    listener->n_pauses++;
    timer_set(&listener->retry, listener->clock->boot_ms + LISTENER_RETRY_MS);
    if (reason != listener->pause_reason) {
        report(REPORT_WARNING, "listener %s: accepting pauses: %s; connections wait in the queue",
               listener->name, strerror(reason));
    }
    listener->pause_reason = reason;
}

void listener_pause(struct listener *listener)
{
    if (listener->fd < 0) {
        return;
    }
    listener->is_paused = true;
    listener->n_pauses++;
    listener->pause_reason = 0;
    timer_clear(&listener->retry);
}

void listener_resume(struct listener *listener)
{
    if (!listener->is_paused) {
        return;
    }
    listener->is_paused = false;
    timer_clear(&listener->retry);
    watch_again(&listener->watch); /* the edge of those who wait may be long gone */
}

static void listener_on_retry(struct timer *timer)
{
    listener_resume(container_of(timer, struct listener, retry));
}

/* True for what is wrong with one connection and not with us: accept(2), "Error handling". */
static bool listener_is_passing(int error)
{
    static const int passing[] = {
        EINTR,  ECONNABORTED, ENETDOWN,   EPROTO,      ENOPROTOOPT, EHOSTDOWN,
        ENONET, EHOSTUNREACH, EOPNOTSUPP, ENETUNREACH, ETIMEDOUT,
    };

    for (size_t i = 0; i < ARRAY_SIZE(passing); i++) {
        if (error == passing[i]) {
            return true;
        }
    }
    return false;
}

/* One connection, or what stands in its place. 0: go on; LISTENER_EMPTY; -errno: cannot accept. */
static int listener_accept(struct listener *listener)
{
    struct address peer = { .len = sizeof(peer.storage) };
    int fd = accept4(listener->fd, (struct sockaddr *)&peer.storage, &peer.len,
                     SOCK_NONBLOCK | SOCK_CLOEXEC);

    if (fd < 0) {
        if (errno == EAGAIN) {
            return LISTENER_EMPTY;
        }
        return listener_is_passing(errno) ? 0 : -errno;
    }
    listener->n_accepted++;
    if (!listener->on_connection(listener, fd, &peer)) {
        listener_pause(listener);
    }
    return 0;
}

/* Linux drops what finds no place; whoever connects tries again after a second (tcp(7)). */
static void listener_report_full(const struct listener *listener, const struct kernel_queue *queue)
{
    uint64_t overflows = 0;

    (void)!kernel_listen_overflows(&overflows); /* of this network namespace, as far as we see it */
    report(REPORT_NOTICE,
           "listener %s: the queue is full, newcomers have to wait (%llu did so far): %u/%u",
           listener->name, (unsigned long long)overflows, queue->waiting, queue->limit);
}

int listener_look(struct listener *listener, struct kernel_queue *out)
{
    struct kernel_queue queue;
    int r = kernel_listen_queue(listener->fd, &queue);
    bool is_full;

    if (r < 0) {
        return r;
    }
    is_full = queue.waiting > queue.limit; /* full at limit + 1: net/kernel.h */
    if (is_full && !listener->was_full) {
        listener->n_full++;
        listener_report_full(listener, &queue);
    }
    listener->was_full = is_full;
    *out = queue;
    return 0;
}

static void listener_look_first(struct listener *listener)
{
    struct kernel_queue queue;

    if (listener->address.storage.ss_family == AF_UNIX) {
        return; /* the kernel has no counts for these */
    }
    if (listener_look(listener, &queue) < 0) {
        report(REPORT_DEBUG, "listener %s: no counts of its queue", listener->name);
    }
}

static void listener_on_ready(struct watch *watch)
{
    struct listener *listener = container_of(watch, struct listener, watch);

    if (listener->is_paused) {
        return;
    }
    listener_look_first(listener);
    for (int i = 0; i < LISTENER_ACCEPTS_PER_TURN; i++) {
        int r = listener_accept(listener);

        if (r < 0) {
            listener_park(listener, -r);
        }
        if (r == LISTENER_EMPTY) {
            watch_clear(watch, WATCH_READABLE);
            listener->pause_reason = 0; /* whatever was short: it is over */
            return;
        }
        if (listener->is_paused || listener->fd < 0) {
            return; /* the callee may have paused or stopped us as well */
        }
    }
    watch_again(watch);
}

static int listener_find_address(int fd, struct address *out)
{
    struct address found = { .len = sizeof(found.storage) };
    socklen_t len = sizeof(int);
    int only_ipv6 = 1;

    if (getsockname(fd, (struct sockaddr *)&found.storage, &found.len) < 0) {
        return -errno;
    }
    if (found.storage.ss_family == AF_INET6 &&
        getsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &only_ipv6, &len) < 0) {
        return -errno;
    }
    found.with_ipv4 = only_ipv6 == 0;
    *out = found;
    return 0;
}

static int listener_join(struct listener *listener, struct loop *loop, struct timers *timers)
{
    int r = listener_find_address(listener->fd, &listener->address);

    if (r < 0) {
        return r;
    }
    r = timer_add(&listener->retry, timers, listener_on_retry);
    if (r < 0) {
        return r;
    }
    return watch_start(&listener->watch, loop, listener->fd, WATCH_READABLE, listener_on_ready);
}

int listener_start(struct listener *listener, int fd, const struct listener_setup *setup)
{
    int r;

    *listener = (struct listener){
        .on_connection = setup->on_connection,
        .name = setup->name,
        .owner = setup->owner,
        .clock = setup->clock,
        .fd = fd,
    };
    r = listener_join(listener, setup->loop, setup->timers);
    if (r < 0) {
        (void)listener_stop(listener, false);
    }
    return r;
}

int listener_stop(struct listener *listener, bool keep_fd)
{
    int fd = listener->fd;

    if (listener->on_connection == NULL || fd < 0) {
        return -1; /* zeroed (descriptor 0 is not ours) or stopped */
    }
    watch_stop(&listener->watch);
    timer_remove(&listener->retry);
    listener->is_paused = false;
    listener->fd = -1;
    if (keep_fd) {
        return fd;
    }
    fd_close_slot(&fd);
    return -1;
}

struct listener_option {
    int level, name, value;
};

static int listener_set_options(int fd, const struct listener_option *options, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (setsockopt(fd, options[i].level, options[i].name, &options[i].value,
                       sizeof(options[i].value)) < 0) {
            return -errno;
        }
    }
    return 0;
}

/* What accepted connections inherit. A unix socket hands nothing down, and knows no TCP. */
static int listener_set_inherited(int fd, int family, int send_buffer)
{
    const struct listener_option options[] = {
        { IPPROTO_TCP, TCP_NODELAY, 1 },
        { SOL_SOCKET, SO_OOBINLINE, 1 }, /* else urgent bytes upset the counts: net/kernel.h */
        { SOL_SOCKET, SO_KEEPALIVE, 1 },
        { SOL_SOCKET, SO_SNDBUF, send_buffer },
    };

    if (family != AF_INET && family != AF_INET6) {
        return 0;
    }
    return listener_set_options(fd, options, ARRAY_SIZE(options) - (send_buffer > 0 ? 0 : 1));
}

static int listener_bind_ip(int fd, const struct address *address)
{
    const struct listener_option options[] = {
        { SOL_SOCKET, SO_REUSEADDR, 1 },
        { IPPROTO_IPV6, IPV6_V6ONLY, !address->with_ipv4 },
    };
    bool is_ipv6 = address->storage.ss_family == AF_INET6;
    int r = listener_set_options(fd, options, is_ipv6 ? 2 : 1);

    if (r < 0) {
        return r;
    }
    if (bind(fd, (const struct sockaddr *)&address->storage, address->len) < 0) {
        return -errno;
    }
    return 0;
}

/* True if the file is a socket that nobody serves. connect(2) alone does not tell: it refuses a
 * plain file in the same words. */
static bool listener_is_stale(const struct address *address, const char *path)
{
    owned_fd int probe = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    struct stat status;

    if (probe < 0 || lstat(path, &status) < 0 || !S_ISSOCK(status.st_mode)) {
        return false;
    }
    return connect(probe, (const struct sockaddr *)&address->storage, address->len) < 0 &&
           errno == ECONNREFUSED;
}

static int listener_bind_unix(int fd, const struct address *address)
{
    struct sockaddr_un un;
    int r;

    memcpy(&un, &address->storage, sizeof(un));
    r = bind(fd, (const struct sockaddr *)&address->storage, address->len);
    if (r < 0 && errno == EADDRINUSE) {
        if (!listener_is_stale(address, un.sun_path)) {
            return -EADDRINUSE;
        }
        if (unlink(un.sun_path) < 0) {
            return -errno;
        }
        r = bind(fd, (const struct sockaddr *)&address->storage, address->len);
    }
    return r < 0 ? -errno : 0;
}

static int listener_open_as(const struct address *address, int backlog, int send_buffer)
{
    int family = address->storage.ss_family;
    owned_fd int fd = socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    int r;

    if (fd < 0) {
        return -errno;
    }
    r = family == AF_UNIX ? listener_bind_unix(fd, address) : listener_bind_ip(fd, address);
    if (r < 0) {
        return r;
    }
    r = listener_set_inherited(fd, family, send_buffer);
    if (r < 0) {
        return r;
    }
    if (listen(fd, backlog) < 0) {
        return -errno;
    }
    return give_fd(&fd);
}

int listener_open(const struct address *address, int backlog, int send_buffer)
{
    int fd = listener_open_as(address, backlog, send_buffer);

    if (fd == -EAFNOSUPPORT && address->with_ipv4) { /* a kernel without IPv6 */
        struct address ipv4;

        address_only_ipv4(address, &ipv4);
        fd = listener_open_as(&ipv4, backlog, send_buffer);
    }
    return fd;
}

static int listener_get_option(int fd, int name, int *out)
{
    socklen_t len = sizeof(*out);

    return getsockopt(fd, SOL_SOCKET, name, out, &len) < 0 ? -errno : 0;
}

int listener_take(int fd, int send_buffer)
{
    int is_listening;
    int family;
    int flags;
    int r = listener_get_option(fd, SO_ACCEPTCONN, &is_listening);

    if (r < 0) {
        return r;
    }
    if (is_listening == 0) {
        return -EINVAL;
    }
    r = listener_get_option(fd, SO_DOMAIN, &family);
    if (r < 0) {
        return r;
    }
    flags = fcntl(fd, F_GETFL);
    if (flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) < 0 ||
        fcntl(fd, F_SETFD, FD_CLOEXEC) < 0) {
        return -errno;
    }
    return listener_set_inherited(fd, family, send_buffer);
}
