/* SPDX-License-Identifier: MIT */
/* The one clock. Read once per round of the loop, so that all that happens in a round happens at
 * the same time; tests set it by hand. */
#ifndef NET_CLOCK_H
#define NET_CLOCK_H

#include "lib/base.h"

struct clock {
    uint64_t boot_ms; /* CLOCK_BOOTTIME: for deadlines; outlives the process */
    uint64_t real_ms; /* CLOCK_REALTIME: for people */
    bool by_hand;     /* clock_tick() leaves the two alone */
};

void clock_tick(struct clock *clock);

#endif
