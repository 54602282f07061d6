/* SPDX-License-Identifier: MIT */
/* All clients of the torture, and what they share. */
#ifndef TORTURE_CROWD_H
#define TORTURE_CROWD_H

#include "torture/client.h"

enum { CROWD_MAX = 256, CROWD_WRONG_SIZE = 1024, LEARNED_LINES = 32, LEARNED_LINE_SIZE = 128 };

/* A long answer, as the first one got it who came to each of its lines. */
struct learned {
    char lines[LEARNED_LINES][LEARNED_LINE_SIZE];
    uint32_t n;
};

struct crowd_counts {
    uint64_t n_lines, n_delivered, n_answers, n_lost_notices, n_lost, n_bytes;
    uint64_t n_lives, n_at_the_door, n_quit, n_half_closed, n_reset, n_unheard;
};

struct crowd {
    struct audit *audit; /* borrowed */
    struct dice dice;
    uint16_t ports[2]; /* by enum client_front */
    int epoll_fd;      /* owned */
    struct client clients[CROWD_MAX];
    uint32_t n;
    uint32_t patrons[CROWD_MAX]; /* clients that stay, and may be written to in private */
    uint32_t n_patrons;
    uint64_t now_us;
    bool is_ending;               /* nobody comes any more; nobody says anything new */
    bool is_visiting;             /* everybody comes and goes, and says little */
    bool may_lose;                /* the log is smaller than the run */
    struct learned help, welcome; /* answers that are always the same */
    struct crowd_counts counts;
    char wrong[CROWD_WRONG_SIZE]; /* the first contradiction; empty: none */
};

/* Notes what is wrong, with the client it was found at; returns false. */
bool crowd_fails(struct crowd *crowd, const struct client *client, const char *format, ...)
    format_like(3, 4);

/* n clients, a fixed mixture of kinds. -errno. */
must_check int crowd_init(struct crowd *crowd, struct audit *audit, uint64_t seed, uint32_t n);
void crowd_fini(struct crowd *crowd);

/* Waits up to timeout_us for the sockets, and lets everyone have a turn. False: something is wrong.
 */
bool crowd_turn(struct crowd *crowd, uint64_t timeout_us);

/* Nobody comes and nobody says anything new from now on. */
void crowd_finish(struct crowd *crowd);
/* Everything that was said is in the log. */
bool crowd_is_heard(const struct crowd *crowd);
/* Those who are left go, each in its way. */
void crowd_leave(struct crowd *crowd);
bool crowd_is_gone(const struct crowd *crowd);
/* When all have gone: is every line there, has everybody quit? False: something is wrong. */
bool crowd_reconcile(struct crowd *crowd);
/* Who is not done yet, in words. */
void crowd_describe(const struct crowd *crowd, struct buf *out);

#endif
