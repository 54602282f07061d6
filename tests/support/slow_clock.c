/* SPDX-License-Identifier: MIT */
/* In place of clock_gettime(2) where the linker is told to: integration.cmake. Other threads look
 * at it while it is set. */
#include "support/slow_clock.h"

#include <time.h>

enum { MS_PER_S = 1000, NS_PER_MS = 1000000, NS_PER_S = 1000000000 };

static uint64_t slow_clock_step_ms;  /* atomic */
static uint64_t slow_clock_ahead_ms; /* atomic */

int __real_clock_gettime(clockid_t clock, struct timespec *out);
int __wrap_clock_gettime(clockid_t clock, struct timespec *out);

void slow_clock_set(uint64_t ms_per_look)
{
    __atomic_store_n(&slow_clock_step_ms, ms_per_look, __ATOMIC_SEQ_CST);
}

int __wrap_clock_gettime(clockid_t clock, struct timespec *out)
{
    int r = __real_clock_gettime(clock, out);

    if (r == 0 && clock == CLOCK_MONOTONIC) {
        uint64_t ahead = __atomic_add_fetch(&slow_clock_ahead_ms,
                                            __atomic_load_n(&slow_clock_step_ms, __ATOMIC_SEQ_CST),
                                            __ATOMIC_SEQ_CST);
        uint64_t ns = (uint64_t)out->tv_nsec + ahead % MS_PER_S * NS_PER_MS;

        out->tv_sec += (time_t)(ahead / MS_PER_S + ns / NS_PER_S);
        out->tv_nsec = (long)(ns % NS_PER_S);
    }
    return r;
}
