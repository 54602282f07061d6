/* SPDX-License-Identifier: MIT */
/* Moments as text: as programs write them (IRCv3 server-time, ISO 8601), and as people type them.
 * Milliseconds of real time. Knows the time zone, no clock. */
#ifndef LIB_TIMESTAMP_H
#define LIB_TIMESTAMP_H

#include "lib/text.h"

/* "2026-11-22T10:00:00.000Z" */
void timestamp_put(uint64_t ms, struct buf *out);
/* The same; the fraction may have 1 to 9 digits, or be left out. False, and *out_ms untouched, if
 * it is none, or before 1970. */
must_check bool timestamp_read(struct text t, uint64_t *out_ms);

/* In the local time zone: "10:30" (the last one before now), "2026-11-22", "2026-11-22 10:30", or
 * so long ago: "45m", "2h", "3d". False as above. */
must_check bool timestamp_read_typed(struct text t, uint64_t now_ms, uint64_t *out_ms);
/* As people type it: "10:30" if that is the last one before now, else with the date. To the minute,
 * cut off. */
void timestamp_put_typed(uint64_t ms, uint64_t now_ms, struct buf *out);

#endif
