/* SPDX-License-Identifier: MIT */
/* The clock of waiting: it never goes back, and says nothing of the time of day. */
#ifndef CLIENT_CLOCK_H
#define CLIENT_CLOCK_H

#include <stdint.h>
#include <time.h>

static inline int64_t clock_now_ms(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now); /* cannot fail for this clock */
    return now.tv_sec * INT64_C(1000) + now.tv_nsec / 1000000;
}

#endif
