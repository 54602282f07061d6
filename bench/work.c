/* SPDX-License-Identifier: MIT */
/* Readers come first in each room, senders behind them. A sender with a window goes on when its
 * pacemaker, one of the readers, has heard it: not every server echoes, and this is the same for
 * all. What is measured begins after a warm-up, half as long. */
#include "bench/work.h"

#include "bench/gauge.h"
#include "bench/trace.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    WORK_SETTLE_MS = 700,  /* after coming in, until nothing arrives any more */
    WORK_DRAIN_MS = 10000, /* for what is under way at the end */
    WORK_SAY_BYTES = 65536,
};

#define NS_PER_MS 1000000ULL
#define NS_PER_S  1000000000ULL

static bool work_talks(const struct work *work)
{
    return work->mode != WORK_CONNECT && work->mode != WORK_JOIN;
}

static uint32_t work_per_room(const struct work *work)
{
    return work->n_readers + work->n_senders;
}

/* Of each room's readers the first; the others sleep. */
static uint32_t work_awake(const struct work *work)
{
    return work->n_readers - work->n_readers * work->sleepers / 100;
}

static bool work_is_asleep(const struct work *work, const struct peer *peer)
{
    uint32_t place = peer->role.number % work_per_room(work);

    return place >= work_awake(work) && place < work->n_readers;
}

static struct peer *work_sender(const struct work *work, uint32_t sender)
{
    uint32_t room = sender / work->n_senders;

    return &work->crowd
                .peers[room * work_per_room(work) + work->n_readers + sender % work->n_senders];
}

/* The peer's number as a sender, or UINT32_MAX. */
static uint32_t work_own(const struct work *work, const struct peer *peer)
{
    uint32_t place = peer->role.number % work_per_room(work);

    if (place < work->n_readers) {
        return UINT32_MAX;
    }
    return peer->role.number / work_per_room(work) * work->n_senders + place - work->n_readers;
}

static bool work_is_pacemaker(const struct work *work, const struct peer *peer, uint32_t sender)
{
    uint32_t place = peer->role.number % work_per_room(work);

    return place == sender % work->n_senders * work_awake(work) / work->n_senders;
}

static void work_on_line(struct crowd *crowd, struct peer *peer, struct text line)
{
    struct work *work = crowd->owner;
    uint32_t own = work_own(work, peer);
    struct mark mark;

    if (work->mode == WORK_JOIN) {
        work->n_deliveries++;
        return;
    }
    if (!tally_read(&work->tally, line, &mark)) {
        return;
    }
    tally_arrived(&work->tally, peer->role.number, own, mark);
    work->n_wanted -= work->n_wanted > 0 && own != mark.sender;
    if (work->mode == WORK_PACED) {
        tally_time(&work->tally, mark, gauge_now_ns());
    } else if (work->mode == WORK_FLOOD && work_is_pacemaker(work, peer, mark.sender) &&
               work->n_unheard[mark.sender] > 0) {
        if (work->n_unheard[mark.sender]-- == work->window) {
            work->due[work->n_due++] = mark.sender;
        }
    }
}

/* ---- saying ---- */

static int work_say(struct work *work, uint32_t sender, uint32_t n, uint64_t intended_ns)
{
    static char space[WORK_SAY_BYTES];
    char payload_space[1024];
    struct buf out = buf_over(space, sizeof(space));
    struct peer *peer = work_sender(work, sender);

    for (uint32_t i = 0; i < n; i++) {
        struct buf payload = buf_over(payload_space, sizeof(payload_space));

        tally_put_next(&work->tally, sender, intended_ns, &payload);
        work->crowd.dialect->say(&peer->role, buf_text(&payload), &out);
        work->n_wanted += work_awake(work) + work->n_senders - 1;
    }
    return out.full ? -EMSGSIZE : crowd_write(peer, buf_text(&out));
}

static int work_fill_windows(struct work *work)
{
    for (uint32_t i = 0; i < work->n_due; i++) {
        uint32_t sender = work->due[i];
        int r = work_say(work, sender, work->window - work->n_unheard[sender], work->crowd.now_ns);

        if (r < 0) {
            return r;
        }
        work->n_unheard[sender] = work->window;
    }
    work->n_due = 0;
    return 0;
}

static int work_flood(struct work *work, uint64_t until_ns)
{
    int r = work_fill_windows(work);

    while (r >= 0 && work->crowd.now_ns < until_ns) {
        r = crowd_poll(&work->crowd, NS_PER_S);
        if (r >= 0) {
            r = work_fill_windows(work);
        }
    }
    return r;
}

static int work_lone(struct work *work, uint64_t until_ns)
{
    uint32_t next = 0;
    int r = 0;

    while (r >= 0 && work->crowd.now_ns < until_ns) {
        if (work->n_wanted == 0) {
            r = work_say(work, next++ % work->tally.n_senders, 1, work->crowd.now_ns);
        }
        if (r >= 0) {
            r = crowd_poll(&work->crowd, NS_PER_S);
        }
    }
    return r;
}

static int work_paced(struct work *work, uint64_t until_ns)
{
    uint64_t gap_ns = NS_PER_S / work->rate;
    uint64_t next_ns = gauge_now_ns();
    uint32_t turn = 0;
    int r = 0;

    while (r >= 0 && next_ns < until_ns) {
        uint64_t now_ns = gauge_now_ns();

        if (now_ns >= next_ns) { /* late or not, it counts from when it was meant to be said */
            r = work_say(work, turn++ % work->tally.n_senders, 1, next_ns);
            next_ns += gap_ns;
        } else {
            r = crowd_poll(&work->crowd, (int64_t)(next_ns - now_ns));
        }
    }
    return r;
}

static int work_talk(struct work *work, uint64_t until_ns)
{
    switch (work->mode) {
    case WORK_FLOOD: return work_flood(work, until_ns);
    case WORK_LONE: return work_lone(work, until_ns);
    case WORK_PACED: return work_paced(work, until_ns);
    case WORK_CONNECT:
    case WORK_JOIN: break;
    }
    return 0;
}

/* ---- the run ---- */

/* Reads for so long, or until nothing came for a tenth of a second. */
static int work_drain(struct work *work, uint32_t most_ms)
{
    uint64_t until_ns = gauge_now_ns() + most_ms * NS_PER_MS;
    int r = 1;

    while (r > 0 && gauge_now_ns() < until_ns) {
        r = crowd_poll(&work->crowd, 100 * NS_PER_MS);
    }
    return r;
}

/* Until all that was said has arrived; then, what comes twice. */
static int work_finish(struct work *work)
{
    uint64_t until_ns = gauge_now_ns() + WORK_DRAIN_MS * NS_PER_MS;
    int r = 0;

    while (r >= 0 && work->n_wanted > 0 && gauge_now_ns() < until_ns) {
        r = crowd_poll(&work->crowd, 100 * NS_PER_MS);
    }
    return r < 0 ? r : work_drain(work, WORK_SETTLE_MS);
}

static int work_enter(struct work *work)
{
    uint64_t start_ns = gauge_now_ns();
    uint64_t cpu_ns = gauge_cpu_ns(work->pid);
    int r;

    work->resident_before = gauge_resident(work->pid);
    r = crowd_enter(&work->crowd);
    work->entered_ns = gauge_now_ns() - start_ns;
    if (r == 0) {
        r = work_drain(work, WORK_SETTLE_MS);
    }
    work->entered_cpu_ns = gauge_cpu_ns(work->pid) - cpu_ns;
    work->resident_after = gauge_resident(work->pid);
    return r;
}

static int work_put_to_sleep(struct work *work)
{
    int r = 0;

    for (uint32_t i = 0; r == 0 && i < work->crowd.n; i++) {
        if (work_is_asleep(work, &work->crowd.peers[i])) {
            r = crowd_put_to_sleep(&work->crowd, &work->crowd.peers[i]);
        }
    }
    return r;
}

static int work_measure(struct work *work)
{
    struct trace trace = { 0 };
    uint64_t start_ns, cpu_ns, n_arrived, n_bytes;
    int r = 0;

    if (work->is_traced) {
        r = trace_start(&trace, work->pid);
    }
    if (r == 0 && work->is_traced) {
        r = work_drain(work, WORK_SETTLE_MS); /* what was sent before is not counted */
    }
    start_ns = gauge_now_ns();
    cpu_ns = gauge_cpu_ns(work->pid);
    n_arrived = work->tally.n_arrived;
    n_bytes = work->crowd.n_bytes;
    if (r == 0) {
        r = work_talk(work, start_ns + work->measure_ms * NS_PER_MS);
    }
    work->measured_ns = gauge_now_ns() - start_ns;
    work->cpu_ns = gauge_cpu_ns(work->pid) - cpu_ns;
    work->n_deliveries = work->tally.n_arrived - n_arrived;
    work->n_bytes = work->crowd.n_bytes - n_bytes;
    work->n_calls = trace_stop(&trace);
    work->resident_end = gauge_resident(work->pid);
    work->most_unsent = gauge_most_unsent(work->crowd.port);
    return r;
}

static void work_count_missing(struct work *work)
{
    for (uint32_t i = 0; i < work->crowd.n && work_talks(work); i++) {
        const struct peer *peer = &work->crowd.peers[i];

        if (!work_is_asleep(work, peer)) {
            work->tally.n_gone_missing +=
                tally_missing_of(&work->tally, i, work_own(work, peer), i / work_per_room(work));
        }
    }
}

static int work_prepare(struct work *work)
{
    uint32_t n_senders = work->n_rooms * work->n_senders;
    int r = crowd_init(&work->crowd, work->n_rooms * work_per_room(work));

    if (r < 0) {
        return r;
    }
    work->crowd.on_line = work_on_line;
    work->crowd.owner = work;
    for (uint32_t i = 0; i < work->crowd.n; i++) {
        struct peer *peer = &work->crowd.peers[i];

        peer->role = (struct role){ .number = i,
                                    .room = i / work_per_room(work),
                                    .has_room = work->mode != WORK_CONNECT,
                                    .is_lobby = work->n_rooms == 1 };
        peer->role.speaks = work_talks(work) && work_own(work, peer) != UINT32_MAX;
    }
    work->tally.n_senders = n_senders;
    work->n_unheard = calloc(n_senders, sizeof(*work->n_unheard));
    work->due = calloc(n_senders, sizeof(*work->due));
    if (work->n_unheard == NULL || work->due == NULL) {
        return -ENOMEM;
    }
    for (uint32_t i = 0; i < n_senders; i++) {
        work->due[work->n_due++] = i;
    }
    return tally_init(&work->tally, work->crowd.n, work->n_rooms);
}

int work_run(struct work *work)
{
    int r = work_prepare(work);

    if (r == 0) {
        r = work_enter(work);
    }
    if (r >= 0) {
        r = work_put_to_sleep(work);
    }
    if (r >= 0 && work_talks(work)) {
        r = work_talk(work, gauge_now_ns() + work->measure_ms * NS_PER_MS / 2);
        memset(work->tally.histogram, 0, TALLY_BUCKETS * sizeof(*work->tally.histogram));
        work->tally.n_measured = 0;
        work->tally.max_ns = 0;
    }
    if (r >= 0 && work_talks(work)) {
        r = work_measure(work);
    }
    if (r >= 0) {
        r = work_finish(work);
    }
    work_count_missing(work);
    return r < 0 ? r : 0;
}

void work_fini(struct work *work)
{
    crowd_fini(&work->crowd);
    tally_fini(&work->tally);
    free(work->n_unheard);
    free(work->due);
}

void work_print(const struct work *work)
{
    double deliveries = work->n_deliveries > 0 ? (double)work->n_deliveries : 1;
    double n = work->crowd.n;

    (void)printf("connects_per_s=%.0f cpu_us_per_connect=%.2f resident_per_connection=%.0f",
                 n * (double)NS_PER_S / (double)work->entered_ns,
                 (double)work->entered_cpu_ns / 1000 / n,
                 ((double)work->resident_after - (double)work->resident_before) / n);
    if (work->mode == WORK_JOIN) {
        (void)printf(" ns_per_delivery=%.1f deliveries_per_join=%.1f",
                     (double)work->entered_cpu_ns / deliveries, deliveries / n);
    }
    if (work_talks(work)) {
        (void)printf(" ns_per_delivery=%.1f deliveries_per_s=%.0f deliveries=%" PRIu64
                     " bytes_per_delivery=%.1f load=%.2f",
                     (double)work->cpu_ns / deliveries,
                     deliveries * (double)NS_PER_S / (double)work->measured_ns, work->n_deliveries,
                     (double)work->n_bytes / deliveries,
                     (double)work->cpu_ns / (double)work->measured_ns);
    }
    if (work->mode == WORK_PACED) {
        (void)printf(" p50_us=%.0f p99_us=%.0f max_us=%.0f",
                     (double)tally_quantile_ns(&work->tally, 0.50) / 1000,
                     (double)tally_quantile_ns(&work->tally, 0.99) / 1000,
                     (double)work->tally.max_ns / 1000);
        (void)printf(" grown_kib=%.0f unsent_kib=%.0f",
                     ((double)work->resident_end - (double)work->resident_after) / 1024,
                     (double)work->most_unsent / 1024);
    }
    if (work->is_traced) {
        (void)printf(" calls_per_delivery=%.4f", (double)work->n_calls / deliveries);
    }
    (void)printf(" missing=%" PRIu64 " late_or_double=%" PRIu64 "\n", work->tally.n_gone_missing,
                 work->tally.n_late_or_double);
}
