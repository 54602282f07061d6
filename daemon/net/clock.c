/* SPDX-License-Identifier: MIT */
/* Reading the clock of the system, once per round. Boot time and not monotonic time: deadlines go
 * on while the machine sleeps, as they do for the peer. A clock that is set by hand is left
 * alone. */
#include "net/clock.h"

#include <time.h>

enum { CLOCK_MS_PER_S = 1000, CLOCK_NS_PER_MS = 1000000 };

static uint64_t clock_read_ms(clockid_t id)
{
    struct timespec now = { 0 };

    (void)clock_gettime(id, &now); /* cannot fail for the two below: clock_gettime(2) */
    return (uint64_t)now.tv_sec * CLOCK_MS_PER_S + (uint64_t)now.tv_nsec / CLOCK_NS_PER_MS;
}

void clock_tick(struct clock *clock)
{
    uint64_t boot_ms;

    if (clock->by_hand) {
        return;
    }
    boot_ms = clock_read_ms(CLOCK_BOOTTIME);
    if (boot_ms != clock->boot_ms) { /* many rounds are shorter */
        clock->boot_ms = boot_ms;
        clock->real_ms = clock_read_ms(CLOCK_REALTIME);
    }
}
