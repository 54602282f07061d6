/* SPDX-License-Identifier: MIT */
/* A binary heap of deadlines that knows where each timer stands in it, so that clearing one costs
 * no search. Invariants: heap[i]->at == i; no timer is due before its parent; n <= n_reserved <=
 * size, which is why setting cannot fail. */
#include "net/timer.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>

enum { TIMERS_FIRST_SIZE = 16 };

#define TIMER_UNSET UINT32_MAX
#define TIMER_TAKEN (UINT32_MAX - 1) /* out of the heap: its call is next in this timers_run() */

void timers_init(struct timers *timers)
{
    *timers = (struct timers){ 0 };
}

void timers_fini(struct timers *timers)
{
    free(timers->heap);
    timers_init(timers);
}

static void timers_put(struct timers *timers, size_t at, struct timer *timer)
{
    timers->heap[at] = timer;
    timer->at = (uint32_t)at;
}

/* Moves the hole at `at` towards the root until `timer` may stand in it. */
static void timers_rise(struct timers *timers, size_t at, struct timer *timer)
{
    while (at > 0 && timers->heap[(at - 1) / 2]->due_ms > timer->due_ms) {
        timers_put(timers, at, timers->heap[(at - 1) / 2]);
        at = (at - 1) / 2;
    }
    timers_put(timers, at, timer);
}

static void timers_sink(struct timers *timers, size_t at, struct timer *timer)
{
    for (;;) {
        size_t child = 2 * at + 1;

        if (child + 1 < timers->n &&
            timers->heap[child + 1]->due_ms < timers->heap[child]->due_ms) {
            child++;
        }
        if (child >= timers->n || timers->heap[child]->due_ms >= timer->due_ms) {
            break;
        }
        timers_put(timers, at, timers->heap[child]);
        at = child;
    }
    timers_put(timers, at, timer);
}

static void timers_take_out(struct timers *timers, size_t at)
{
    struct timer *last = timers->heap[--timers->n];

    if (at == timers->n) {
        return;
    }
    /* the last one may belong above the gap (another branch) or below it */
    if (at > 0 && timers->heap[(at - 1) / 2]->due_ms > last->due_ms) {
        timers_rise(timers, at, last);
    } else {
        timers_sink(timers, at, last);
    }
}

static int timers_reserve(struct timers *timers)
{
    size_t size = timers->size == 0 ? TIMERS_FIRST_SIZE : timers->size * 2;
    struct timer **heap;

    if (timers->n_reserved < timers->size) {
        return 0;
    }
    heap = reallocarray(timers->heap, size, sizeof(struct timer *));
    if (heap == NULL) {
        return -ENOMEM;
    }
    timers->heap = heap;
    timers->size = size;
    return 0;
}

int timer_add(struct timer *timer, struct timers *timers, timer_fn on_due)
{
    int r = timers_reserve(timers);

    *timer = (struct timer){ .on_due = on_due, .at = TIMER_UNSET };
    if (r < 0) {
        return r;
    }
    timer->timers = timers;
    timers->n_reserved++;
    return 0;
}

void timer_remove(struct timer *timer)
{
    if (timer->timers == NULL) {
        return;
    }
    timer_clear(timer);
    timer->timers->n_reserved--;
    timer->timers = NULL;
}

void timer_set(struct timer *timer, uint64_t due_ms)
{
    struct timers *timers = timer->timers;

    timer_clear(timer);
    timer->due_ms = due_ms;
    timers_rise(timers, timers->n++, timer);
}

/* Rare, and there are never more than a run's budget. */
static void timers_drop_taken(struct timers *timers, const struct timer *timer)
{
    struct timer **link = &timers->taken;

    while (*link != timer) {
        link = &(*link)->next_taken;
    }
    *link = timer->next_taken;
}

void timer_clear(struct timer *timer)
{
    if (!timer_is_set(timer)) {
        return;
    }
    if (timer->at == TIMER_TAKEN) {
        timers_drop_taken(timer->timers, timer);
    } else {
        timers_take_out(timer->timers, timer->at);
    }
    timer->at = TIMER_UNSET;
}

void timers_run(struct timers *timers, uint64_t now_ms, unsigned budget)
{
    struct timer **last = &timers->taken;

    /* Taken out first, so that what is set in a call cannot be due again in this run. */
    for (; budget > 0 && timers->n > 0 && timers->heap[0]->due_ms <= now_ms; budget--) {
        struct timer *timer = timers->heap[0];

        timers_take_out(timers, 0);
        timer->at = TIMER_TAKEN;
        timer->next_taken = NULL;
        *last = timer;
        last = &timer->next_taken;
    }
    while (timers->taken != NULL) {
        struct timer *timer = timers->taken;

        timers->taken = timer->next_taken;
        timer->at = TIMER_UNSET;
        timer->on_due(timer); /* may free it */
    }
}

int timers_wait_ms(const struct timers *timers, uint64_t now_ms)
{
    if (timers->n == 0) {
        return -1;
    }
    if (timers->heap[0]->due_ms <= now_ms) {
        return 0;
    }
    return (int)u64_min(timers->heap[0]->due_ms - now_ms, INT_MAX);
}
