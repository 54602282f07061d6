/* SPDX-License-Identifier: MIT */
/* One part of a torture: a fresh region, a crowd that talks, a daemon that is killed all the time;
 * then everyone leaves, and all is reconciled. */
#ifndef TORTURE_PART_H
#define TORTURE_PART_H

#include "torture/crowd.h"
#include "torture/killer.h"

struct part_options {
    const char *daemon;
    uint64_t seed;
    uint32_t seconds;
    uint32_t n_clients;
    bool is_small;    /* the log is small: slow readers lose, and are told how much */
    bool is_visiting; /* a day of coming and going: short visits, few pages */
    struct killer_options killer;
};

struct part_result {
    uint64_t n_kills, n_timed, n_unready, n_calm, n_starts, n_at[POINTS];
    struct crowd_counts counts;
    uint32_t n_events, n_boxes;         /* boxes: the most that were stored */
    uint32_t talked_s;                  /* rounded up */
    double seconds;                     /* until something was wrong, or all was done */
    char wrong[CROWD_WRONG_SIZE + 256]; /* empty: all was well */
    char log[64];                       /* what the daemon reported */
};

/* Runs it. What is wrong is in the result. */
void part_run(const struct part_options *options, struct part_result *out);

#endif
