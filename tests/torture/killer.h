/* SPDX-License-Identifier: MIT */
/* Ends the daemon, again and again: at a moment that the dice choose, or at a named point inside
 * it; and starts it again, as the service manager would. */
#ifndef TORTURE_KILLER_H
#define TORTURE_KILLER_H

#include "support/manager.h"
#include "torture/audit.h"
#include "torture/points.h"

enum killer_means { KILLER_BOTH, KILLER_TIMED, KILLER_POINTS, KILLER_NEVER };

struct killer_options {
    enum killer_means means;
    const char *bug;  /* NULL: none */
    uint32_t most_us; /* timed kills come up to so long after a start */
    bool is_walking;  /* the region is walked over at each start */
};

struct killer {
    struct killer_options options;
    struct manager *manager; /* borrowed */
    struct audit *audit;     /* borrowed */
    struct dice dice;
    enum point point; /* of this run; POINTS: none */
    uint64_t kill_at; /* microseconds */
    bool is_calm;     /* this run may live until it has got over what it died of */
    bool is_patient;  /* timed kills count from when it is ready, and come later with each run: what
                         waits for the archive gets on, however busy the machine is */
    uint32_t n_patient; /* runs since then */
    bool has_struck;    /* by time */
    char crash[64], bug[64];
    uint64_t n_timed, n_unready, n_calm, n_at[POINTS];
    char wrong[256];
};

void killer_init(struct killer *killer, struct manager *manager, struct audit *audit, uint64_t seed,
                 const struct killer_options *options);
/* Starts it if it is dead, kills it if it is time. False: it died of something else. */
bool killer_turn(struct killer *killer, uint64_t now_us);
/* From now on it lives; starts it if it is dead, or if it would die of itself yet. */
bool killer_spare(struct killer *killer, uint64_t now_us);
/* Spared, and this run will not be killed any more: what it does now it does for good. */
bool killer_is_over(const struct killer *killer);
uint64_t killer_count(const struct killer *killer);

#endif
