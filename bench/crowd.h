/* SPDX-License-Identifier: MIT */
/* Many connections of one thread: connecting, introducing themselves, reading lines, writing. What
 * the lines mean is the caller's affair. A connection that the server ends is an error: there is
 * nothing to measure any more. */
#ifndef BENCH_CROWD_H
#define BENCH_CROWD_H

#include "bench/dialect.h"

enum {
    CROWD_READ_BYTES = 262144,
    CROWD_UNHEARD = 65536, /* longest line without an end */
};

struct peer {
    struct role role;
    int fd; /* owned; -1: not connected */
    bool is_ready;
    uint32_t n_partial;
    char *partial; /* owned; the beginning of a line, NULL if there is none */
};

struct crowd;
typedef void (*crowd_line_fn)(struct crowd *crowd, struct peer *peer, struct text line);

struct crowd {
    const struct dialect *dialect;
    uint16_t port;
    uint32_t n;
    struct peer *peers; /* owned */
    int epoll_fd;       /* owned */
    uint32_t n_at_once; /* connections that are being made or registered at the same time */
    uint32_t n_started, n_ready;
    uint64_t n_bytes;      /* read so far */
    uint64_t now_ns;       /* when the batch of events was taken */
    crowd_line_fn on_line; /* of peers that are ready */
    void *owner;           /* borrowed */
};

/* Room for n peers, whose roles are the caller's to set. -errno. */
must_check int crowd_init(struct crowd *crowd, uint32_t n);
void crowd_fini(struct crowd *crowd);

/* Brings all of them in, in order. -errno; -ETIMEDOUT when nobody got on for some seconds. */
must_check int crowd_enter(struct crowd *crowd);
/* It never reads again. -errno. */
must_check int crowd_put_to_sleep(struct crowd *crowd, struct peer *peer);
/* Takes what arrives within timeout_ns (-1: for ever). Returns the number of events or -errno. */
must_check int crowd_poll(struct crowd *crowd, int64_t timeout_ns);
/* All or -errno: what is said fits the socket's buffer unless the server has stopped reading. */
must_check int crowd_write(struct peer *peer, struct text bytes);

#endif
