/* SPDX-License-Identifier: MIT */
/* The edge-triggered loop. Waiting only merges edges into watches; turns are given afterwards, from
 * a list of their own, so no event of a batch can reach a watch that was stopped meanwhile.
 * Invariant: a watch is in the ready list if and only if it is to have a turn in the next dispatch.
 */
#include "net/loop.h"

#include <assert.h>
#include <errno.h>
#include <sys/epoll.h>

enum { LOOP_EVENTS_PER_WAIT = 512 };

int loop_init(struct loop *loop)
{
    int fd = epoll_create1(EPOLL_CLOEXEC);

    if (fd < 0) {
        return -errno;
    }
    *loop = (struct loop){ .epoll_fd = fd };
    list_init(&loop->ready);
    return 0;
}

void loop_fini(struct loop *loop)
{
    while (list_pop_front(&loop->ready) != NULL) {
        /* emptied, so that no forgotten watch points at the head */
    }
    fd_close_slot(&loop->epoll_fd);
    loop->epoll_fd = -1;
}

bool loop_is_ready(const struct loop *loop)
{
    return !list_is_empty(&loop->ready);
}

static uint32_t watch_edges_of(uint32_t events)
{
    uint32_t edges = 0;

    if ((events & (EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0) {
        edges |= WATCH_READABLE;
    }
    if ((events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR | EPOLLPRI)) != 0) {
        edges |= WATCH_SPECIAL;
    }
    if ((events & (EPOLLOUT | EPOLLHUP | EPOLLERR)) != 0) {
        edges |= WATCH_WRITABLE;
    }
    return edges;
}

/* That it can still be written is no news: the kernel says so once for each descriptor that comes.
 */
static void watch_note(struct watch *watch, uint32_t edges)
{
    bool is_news = (edges & ~(watch->edges & WATCH_WRITABLE)) != 0;

    watch->edges |= edges;
    if (is_news) {
        watch_again(watch);
    }
}

int loop_wait(struct loop *loop, int timeout_ms)
{
    struct epoll_event events[LOOP_EVENTS_PER_WAIT];
    int n = epoll_wait(loop->epoll_fd, events, LOOP_EVENTS_PER_WAIT,
                       loop_is_ready(loop) ? 0 : timeout_ms);

    loop->n_waits++;
    if (n < 0) {
        return errno == EINTR ? 0 : -errno;
    }
    for (int i = 0; i < n; i++) {
        watch_note(events[i].data.ptr, watch_edges_of(events[i].events));
    }
    return 0;
}

void loop_dispatch(struct loop *loop)
{
    struct list turns;
    struct list *node;

    /* Aside first: who asks again lands in loop->ready, behind everybody who is ready now. Who is
     * stopped meanwhile unlinks itself from whichever of the two lists it is in. */
    list_init(&turns);
    list_splice_back(&turns, &loop->ready);
    while ((node = list_pop_front(&turns)) != NULL) {
        struct watch *watch = container_of(node, struct watch, ready);

        watch->on_ready(watch); /* may free it */
    }
}

int watch_start(struct watch *watch, struct loop *loop, int fd, uint32_t edges, watch_fn on_ready)
{
    struct epoll_event event = {
        .events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLPRI | EPOLLET,
        .data.ptr = watch,
    };

    *watch = (struct watch){ .on_ready = on_ready, .fd = fd, .edges = edges };
    list_init(&watch->ready);
    if (epoll_ctl(loop->epoll_fd, EPOLL_CTL_ADD, fd, &event) < 0) {
        return -errno;
    }
    watch->loop = loop;
    loop->n_watches++;
    if ((edges & WATCH_READABLE) != 0) {
        watch_again(watch);
    }
    return 0;
}

void watch_stop(struct watch *watch)
{
    int r;

    if (watch->loop == NULL) {
        return;
    }
    r = epoll_ctl(watch->loop->epoll_fd, EPOLL_CTL_DEL, watch->fd, NULL);
    assert(r == 0); /* else somebody closed it first, and it may fire into freed memory */
    (void)r;
    watch->loop->n_watches--;
    watch->loop = NULL;
    watch->edges = 0;
    list_remove(&watch->ready);
}

void watch_again(struct watch *watch)
{
    if (watch->loop == NULL || list_has_node(&watch->ready)) {
        return;
    }
    list_push_back(&watch->loop->ready, &watch->ready);
}

void watch_clear(struct watch *watch, uint32_t edges)
{
    watch->edges &= ~edges;
}
