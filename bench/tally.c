/* SPDX-License-Identifier: MIT */
/* Counting. A number ahead of the expected one is a gap; one behind it came late or twice. */
#include "bench/tally.h"

#include <errno.h>
#include <stdlib.h>

enum { MARK_SENDER = 1, MARK_SENDER_DIGITS = 4, MARK_NUMBER = 6, MARK_NUMBER_DIGITS = 8 };

int tally_init(struct tally *tally, uint32_t n_receivers, uint32_t n_rooms)
{
    tally->per_room = tally->n_senders / n_rooms;
    tally->n_sent = calloc(tally->n_senders, sizeof(*tally->n_sent));
    tally->expected = calloc((size_t)n_receivers * tally->per_room, sizeof(*tally->expected));
    tally->sent_at = calloc((size_t)tally->n_senders * TALLY_SENT_AT_KEPT, sizeof(*tally->sent_at));
    tally->histogram = calloc(TALLY_BUCKETS, sizeof(*tally->histogram));
    if (tally->n_sent == NULL || tally->expected == NULL || tally->sent_at == NULL ||
        tally->histogram == NULL) {
        tally_fini(tally);
        return -ENOMEM;
    }
    return 0;
}

void tally_fini(struct tally *tally)
{
    free(tally->n_sent);
    free(tally->expected);
    free(tally->sent_at);
    free(tally->histogram);
    *tally = (struct tally){ 0 };
}

void tally_put_next(struct tally *tally, uint32_t sender, uint64_t intended_ns, struct buf *out)
{
    uint32_t number = tally->n_sent[sender]++;

    tally->sent_at[sender * TALLY_SENT_AT_KEPT + number % TALLY_SENT_AT_KEPT] = intended_ns;
    buf_format(out, "=%04x#%08x= ", sender, number);
    for (size_t i = PAYLOAD_MIN; i < tally->payload_len; i++) {
        buf_char(out, 'x');
    }
}

/* The digits are ours: no check but that of the marks around them. */
static uint32_t tally_hex(const char *at, int n)
{
    uint32_t value = 0;

    for (int i = 0; i < n; i++) {
        uint32_t c = (unsigned char)at[i];

        value = value << 4 | (c <= '9' ? c - '0' : c - 'a' + 10);
    }
    return value;
}

bool tally_read(const struct tally *tally, struct text line, struct mark *out)
{
    const char *payload;

    if (line.len < tally->payload_len) {
        return false;
    }
    payload = line.at + line.len - tally->payload_len;
    if (payload[0] != '=' || payload[5] != '#' || payload[14] != '=') {
        return false;
    }
    *out = (struct mark){ .sender = tally_hex(payload + MARK_SENDER, MARK_SENDER_DIGITS),
                          .number = tally_hex(payload + MARK_NUMBER, MARK_NUMBER_DIGITS) };
    return out->sender < tally->n_senders;
}

void tally_arrived(struct tally *tally, uint32_t receiver, uint32_t own, struct mark mark)
{
    uint32_t *expected =
        &tally->expected[(size_t)receiver * tally->per_room + mark.sender % tally->per_room];

    tally->n_arrived++;
    if (mark.number == *expected || mark.sender == own) {
        *expected = mark.number + 1;
    } else if (mark.number > *expected) {
        tally->n_gone_missing += mark.number - *expected;
        *expected = mark.number + 1;
    } else {
        tally->n_late_or_double++;
    }
}

/* Buckets grow with the value: TALLY_STEPS for each doubling, 3 % wide. */
static uint32_t tally_bucket(uint64_t ns)
{
    uint32_t log2 = 63 - (uint32_t)__builtin_clzll(ns | TALLY_STEPS);
    uint32_t shift = log2 - 5;

    return shift * TALLY_STEPS + (uint32_t)(ns >> shift);
}

void tally_time(struct tally *tally, struct mark mark, uint64_t now_ns)
{
    uint64_t at =
        tally->sent_at[mark.sender * TALLY_SENT_AT_KEPT + mark.number % TALLY_SENT_AT_KEPT];
    uint64_t ns = now_ns > at ? now_ns - at : 0;

    tally->histogram[tally_bucket(ns) % TALLY_BUCKETS]++;
    tally->n_measured++;
    tally->max_ns = u64_max(tally->max_ns, ns);
}

uint64_t tally_missing_of(const struct tally *tally, uint32_t receiver, uint32_t own, uint32_t room)
{
    uint64_t missing = 0;

    for (uint32_t i = 0; i < tally->per_room; i++) {
        uint32_t sender = room * tally->per_room + i;

        if (sender != own) {
            missing +=
                tally->n_sent[sender] - tally->expected[(size_t)receiver * tally->per_room + i];
        }
    }
    return missing;
}

uint64_t tally_quantile_ns(const struct tally *tally, double share)
{
    uint64_t wanted = (uint64_t)(share * (double)tally->n_measured);
    uint64_t passed = 0;

    for (uint32_t i = 0; i < TALLY_BUCKETS; i++) {
        passed += tally->histogram[i];
        if (passed > wanted) {
            uint32_t shift = i < 2 * TALLY_STEPS ? 0 : i / TALLY_STEPS - 1;

            return (uint64_t)(i - shift * TALLY_STEPS) << shift;
        }
    }
    return tally->max_ns;
}
