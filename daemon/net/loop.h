/* SPDX-License-Identifier: MIT */
/* Edge-triggered epoll, one thread. Each descriptor is added once and deleted once, never modified
 * (epoll(7)): the watch remembers the kernel's edges, and whoever owns it clears one only when a
 * call said EAGAIN or end of file, or took less than it might have. The events of one wait are
 * merged into the watches first; then each ready watch gets one turn. Knows nothing of chat. */
#ifndef NET_LOOP_H
#define NET_LOOP_H

#include "lib/base.h"
#include "lib/list.h"

struct watch;
typedef void (*watch_fn)(struct watch *watch);

enum watch_edge {
    WATCH_READABLE = 1, /* EPOLLIN, EPOLLRDHUP, EPOLLHUP, EPOLLERR: reading tells which */
    WATCH_WRITABLE = 2, /* EPOLLOUT, EPOLLHUP, EPOLLERR */
    WATCH_SPECIAL = 4,  /* EPOLLRDHUP, EPOLLHUP, EPOLLERR, EPOLLPRI: there was more than bytes */
};

struct loop {
    int epoll_fd;
    struct list ready; /* watches that want a turn */
    uint32_t n_watches;
    uint64_t n_waits; /* epoll_wait calls so far */
};

struct watch {
    struct loop *loop; /* borrowed; NULL while stopped */
    watch_fn on_ready; /* called once per round while in the ready list */
    struct list ready;
    int fd;         /* not owned: the loop never closes it */
    uint32_t edges; /* of enum watch_edge, remembered */
};

/* Returns -errno of epoll_create1(2). */
must_check int loop_init(struct loop *loop);
/* Closes the epoll descriptor. Watches still started are forgotten, not stopped. */
void loop_fini(struct loop *loop);

/* Waits for events: not at all if a watch is ready, else at most timeout_ms (-1: for ever), and
 * merges them into their watches, which are ready then unless all that they hear is that they are
 * writable, and they knew. 0, also when a signal cut the wait short; -errno otherwise. */
must_check int loop_wait(struct loop *loop, int timeout_ms);
/* Gives each watch that is ready now one turn. Those that ask again have theirs the next time. */
void loop_dispatch(struct loop *loop);
bool loop_is_ready(const struct loop *loop);

/* Starts watching fd for everything (EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLPRI | EPOLLET). With
 * `edges` the caller says what to take as ready from the start, and one that may be read gets a
 * turn: a descriptor that was inherited is taken as readable and writable, since its edges may have
 * gone to a process that is no more; a new connection is writable. -errno of epoll_ctl(2); the
 * watch is stopped then. */
must_check int watch_start(struct watch *watch, struct loop *loop, int fd, uint32_t edges,
                           watch_fn on_ready);
/* EPOLL_CTL_DEL, out of the ready list. Before close(2), always: the open file may live on in the
 * service manager, and would go on firing. Does nothing to a stopped (or zeroed) watch. */
void watch_stop(struct watch *watch);
/* Another turn, in the next loop_dispatch() (budget spent, or something else is due). */
void watch_again(struct watch *watch);
/* EAGAIN or end of file was seen, or a call that did less than it was asked for. */
void watch_clear(struct watch *watch, uint32_t edges);
static inline bool watch_has(const struct watch *watch, uint32_t edge)
{
    return (watch->edges & edge) != 0;
}

#endif
