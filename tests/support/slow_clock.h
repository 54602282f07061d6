/* SPDX-License-Identifier: MIT */
/* The monotonic clock, by which the archive's threads see how long they have been at something: a
 * test lets each look at it take as long as it likes. */
#ifndef SUPPORT_SLOW_CLOCK_H
#define SUPPORT_SLOW_CLOCK_H

#include "lib/base.h"

/* From now on each look finds it this much further on; 0: as it is, and never back. */
void slow_clock_set(uint64_t ms_per_look);

#endif
