/* SPDX-License-Identifier: MIT */
/* Deadlines. A timer is embedded in what it times and costs no allocation of its own when set
 * (the heap's array grows when timers are added; room for each is reserved then). Times are
 * milliseconds of the loop's clock (boot time). */
#ifndef NET_TIMER_H
#define NET_TIMER_H

#include "lib/base.h"

struct timer;
typedef void (*timer_fn)(struct timer *timer);

struct timers { /* a binary heap, earliest first */
    struct timer **heap;
    struct timer *taken; /* out of the heap, their calls are next; a list */
    size_t n, size;
    size_t n_reserved; /* timers added and not removed */
};

struct timer {
    struct timers *timers; /* borrowed; NULL while not added */
    timer_fn on_due;
    uint64_t due_ms;
    struct timer *next_taken; /* of those whose call is next in the timers_run() that goes on */
    uint32_t at;              /* place in the heap; UINT32_MAX: not set */
};

void timers_init(struct timers *timers);
void timers_fini(struct timers *timers);

/* Reserves a place, so that timer_set() cannot fail. -ENOMEM. */
must_check int timer_add(struct timer *timer, struct timers *timers, timer_fn on_due);
/* Gives the place back; an added or a zeroed timer. */
void timer_remove(struct timer *timer);

void timer_set(struct timer *timer, uint64_t due_ms); /* replaces what was set */
void timer_clear(struct timer *timer);
static inline bool timer_is_set(const struct timer *timer)
{
    return timer->timers != NULL && timer->at != UINT32_MAX;
}

/* Calls on_due of each timer that is due at now_ms, at most `budget` of them; each is cleared
 * before its call, and may be set again in it (a timer set again for a time already past waits for
 * the next call). */
void timers_run(struct timers *timers, uint64_t now_ms, unsigned budget);
/* Milliseconds until the next is due: 0 if one is, -1 if none is set, at most INT_MAX. */
int timers_wait_ms(const struct timers *timers, uint64_t now_ms);

#endif
