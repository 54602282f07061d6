/* SPDX-License-Identifier: MIT */
/* A loop and three watched ends of socket pairs, whose peers the tests hold. Each end counts its
 * turns and does in them what it was told to. */
#ifndef SUPPORT_LOOP_RIG_H
#define SUPPORT_LOOP_RIG_H

#include "net/loop.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/socket.h>

#include <cmocka.h>

enum { RIG_PAIRS = 3 };

struct end {
    struct watch watch;
    int peer_fd;
    unsigned n_turns;
    uint32_t edges; /* at the last turn */
    struct watch *stops;
    bool asks_again;
};

struct rig {
    struct loop loop;
    struct end ends[RIG_PAIRS];
};

static inline void end_on_ready(struct watch *watch)
{
    struct end *end = container_of(watch, struct end, watch);

    end->n_turns++;
    end->edges = watch->edges;
    if (end->asks_again) {
        watch_again(watch);
    }
    if (end->stops != NULL) {
        watch_stop(end->stops);
    }
}

static inline void rig_step(struct rig *rig)
{
    assert_int_equal(loop_wait(&rig->loop, 0), 0);
    loop_dispatch(&rig->loop);
}

/* Starts with the edge that every new descriptor brings taken and forgotten: nothing is ready. */
static inline int setup(void **state)
{
    struct rig *rig = calloc(1, sizeof(*rig));

    if (rig == NULL || loop_init(&rig->loop) < 0) {
        return -1;
    }
    for (size_t i = 0; i < RIG_PAIRS; i++) {
        int pair[2];

        if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, pair) < 0) {
            return -1;
        }
        rig->ends[i].peer_fd = pair[1];
        if (watch_start(&rig->ends[i].watch, &rig->loop, pair[0], 0, end_on_ready) < 0) {
            return -1;
        }
    }
    rig_step(rig);
    for (size_t i = 0; i < RIG_PAIRS; i++) {
        rig->ends[i].n_turns = 0;
        rig->ends[i].watch.edges = 0;
    }
    *state = rig;
    return 0;
}

static inline int teardown(void **state)
{
    struct rig *rig = *state;

    for (size_t i = 0; i < RIG_PAIRS; i++) {
        watch_stop(&rig->ends[i].watch);
        close(rig->ends[i].watch.fd);
        if (rig->ends[i].peer_fd >= 0) {
            close(rig->ends[i].peer_fd);
        }
    }
    loop_fini(&rig->loop);
    free(rig);
    return 0;
}

static inline void end_send(struct end *end, size_t n)
{
    static const char bytes[64];

    assert_int_equal(send(end->peer_fd, bytes, n, MSG_NOSIGNAL), n);
}

static inline void end_hang_up(struct end *end)
{
    close(end->peer_fd);
    end->peer_fd = -1;
}

#endif
