/* SPDX-License-Identifier: MIT */
/* Which address of a name to try next, and when: RFC 8305 ("Happy Eyeballs"), sections 4 and 5.
 * Pure: time is an argument, the sockets are the caller's. */
#ifndef CLIENT_ATTEMPTS_H
#define CLIENT_ATTEMPTS_H

#include "lib/base.h"

enum {
    ATTEMPTS_MAX = 32,       /* addresses of a name; the caller tries no more than these */
    ATTEMPTS_DELAY_MS = 250, /* Connection Attempt Delay (RFC 8305, 8) */
};

struct attempt {
    bool is_running;
    int64_t deadline_ms;
};

struct attempts {
    size_t n, n_begun; /* they are begun in their order */
    int64_t next_ms;   /* when the next one is due, whatever becomes of those before it */
    int timeout_ms;    /* for each */
    struct attempt each[ATTEMPTS_MAX];
};

/* Sorts what getaddrinfo(3) has sorted by preference (RFC 6724): the families take turns, that of
 * the first address going first. `out_order` gets n indexes; a family is any number. */
void attempts_order(const int families[], size_t n, size_t out_order[]);

/* n is at most ATTEMPTS_MAX. The first attempt is due at once. */
void attempts_init(struct attempts *a, size_t n, int timeout_ms, int64_t now_ms);
/* Begins the next attempt if it is due; false if none is. */
bool attempts_begin(struct attempts *a, int64_t now_ms, size_t *out_i);
/* It has failed: the next one is due at once. */
void attempts_fail(struct attempts *a, size_t i, int64_t now_ms);
/* One whose time is over, and which still runs; false if there is none. */
bool attempts_find_expired(const struct attempts *a, int64_t now_ms, size_t *out_i);
/* True if all have failed. */
bool attempts_are_over(const struct attempts *a);
/* Until one is due or its time is over, while they are not over. */
int attempts_wait_ms(const struct attempts *a, int64_t now_ms);

#endif
