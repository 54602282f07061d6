/* SPDX-License-Identifier: MIT */
/* What was said and what arrived. Every payload carries its sender and its number, so that each
 * receiver can tell what is missing, what came twice and what came out of order. */
#ifndef BENCH_TALLY_H
#define BENCH_TALLY_H

#include "lib/text.h"

enum {
    PAYLOAD_MIN = 16, /* bytes: "=ssss#nnnnnnnn= " in hexadecimal digits */
    TALLY_STEPS = 32, /* of the histogram, for each doubling */
    TALLY_BUCKETS = 64 * TALLY_STEPS,
    TALLY_SENT_AT_KEPT = 4096, /* intended times that are remembered for each sender */
};

struct tally {
    size_t payload_len;
    uint32_t n_senders;  /* in all */
    uint32_t per_room;   /* senders that one receiver hears */
    uint32_t *n_sent;    /* owned; by sender */
    uint32_t *expected;  /* owned; by receiver, and sender within its room */
    uint64_t *sent_at;   /* owned; intended times in ns, by sender; NULL: no latencies */
    uint32_t *histogram; /* owned; of latencies */
    uint64_t n_arrived, n_gone_missing, n_late_or_double, n_bytes;
    uint64_t n_measured, max_ns;
};

/* What a payload says. */
struct mark {
    uint32_t sender, number;
};

must_check int tally_init(struct tally *tally, uint32_t n_receivers,
                          uint32_t n_rooms); /* -ENOMEM */
void tally_fini(struct tally *tally);

/* The payload of the sender's next message; says that it was sent, and was meant to be at
 * `intended_ns`. */
void tally_put_next(struct tally *tally, uint32_t sender, uint64_t intended_ns, struct buf *out);

/* False: the line carries no payload. */
bool tally_read(const struct tally *tally, struct text line, struct mark *out);
/* It arrived. `own`: the receiver's number as a sender, or UINT32_MAX; own ones may be echoed or
 * not. */
void tally_arrived(struct tally *tally, uint32_t receiver, uint32_t own, struct mark mark);
void tally_time(struct tally *tally, struct mark mark, uint64_t now_ns);

/* All that arrived at the receiver and what it lacks at the end, once. */
uint64_t tally_missing_of(const struct tally *tally, uint32_t receiver, uint32_t own,
                          uint32_t room);
/* The latency below which `share` of the deliveries lie. */
uint64_t tally_quantile_ns(const struct tally *tally, double share);

#endif
