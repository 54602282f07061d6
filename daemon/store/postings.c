/* SPDX-License-Identifier: MIT */
/* Pairs are sorted by token in two passes of a radix sort, which leaves the offsets of each token
 * in the order in which they were added. Reading trusts nothing: who alters the file alters leaves.
 */
#include "store/postings.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
    POSTINGS_OFFSET_BITS = 12,
    POSTINGS_DIGIT_BITS = POSTINGS_TOKEN_BITS / 2,
    POSTINGS_DIGITS = 1 << POSTINGS_DIGIT_BITS,
    POSTINGS_HEAD_SIZE = 4,
};

static_assert(1 << POSTINGS_OFFSET_BITS == POSTINGS_SPAN, "offsets fill their bits");
static_assert(POSTINGS_OFFSET_BITS + POSTINGS_TOKEN_BITS == 32, "a pair fits");

static uint32_t postings_offset(uint32_t pair)
{
    return pair & (POSTINGS_SPAN - 1);
}

static uint32_t postings_token(uint32_t pair)
{
    return pair >> POSTINGS_OFFSET_BITS;
}

int postings_init(struct postings *postings)
{
    *postings = (struct postings){ .pairs = malloc(POSTINGS_MAX * sizeof(uint32_t)),
                                   .spare = malloc(POSTINGS_MAX * sizeof(uint32_t)) };
    return postings->pairs == NULL || postings->spare == NULL ? -ENOMEM : 0;
}

void postings_fini(struct postings *postings)
{
    free(postings->pairs);
    free(postings->spare);
    *postings = (struct postings){ 0 };
}

bool postings_add(struct postings *postings, uint32_t offset, const uint32_t *tokens, size_t n)
{
    if (n > POSTINGS_MAX - postings->n) {
        return false;
    }
    for (size_t i = 0; i < n; i++) {
        postings->pairs[postings->n++] = tokens[i] << POSTINGS_OFFSET_BITS | offset;
    }
    return true;
}

/* ---- sorting ---- */

static uint32_t postings_digit(uint32_t pair, bool is_high)
{
    unsigned shift = POSTINGS_OFFSET_BITS + (is_high ? POSTINGS_DIGIT_BITS : 0);

    return pair >> shift & (POSTINGS_DIGITS - 1);
}

/* One pass of a radix sort: by half of the token, what is alike in its order. counts[] is how many
 * pairs have each digit. */
static void postings_pass(struct postings *postings, bool is_high, uint32_t *counts)
{
    uint32_t *pairs = postings->pairs, *sorted = postings->spare, sum = 0;

    for (uint32_t i = 0; i < POSTINGS_DIGITS; i++) {
        uint32_t n = counts[i];

        counts[i] = sum;
        sum += n;
    }
    for (uint32_t i = 0; i < postings->n; i++) {
        sorted[counts[postings_digit(pairs[i], is_high)]++] = pairs[i];
    }
    postings->spare = pairs;
    postings->pairs = sorted;
}

void postings_sort(struct postings *postings)
{
    uint32_t low[POSTINGS_DIGITS] = { 0 }, high[POSTINGS_DIGITS] = { 0 };

    for (uint32_t i = 0; i < postings->n; i++) {
        low[postings_digit(postings->pairs[i], false)]++;
        high[postings_digit(postings->pairs[i], true)]++;
    }
    postings_pass(postings, false, low);
    postings_pass(postings, true, high);
    postings->at = 0;
}

/* ---- writing leaves ---- */

/* Returns how many bytes they take; POSTINGS_BITS_SIZE or more: not all of them are there. A
 * distance takes two at most. */
static size_t postings_put_distances(char out[POSTINGS_BITS_SIZE + 1], const uint32_t *pairs,
                                     uint32_t n)
{
    uint32_t next = 0; /* behind the last one */
    size_t len = 0;

    for (uint32_t i = 0; i < n && len < POSTINGS_BITS_SIZE; i++) {
        uint32_t distance = postings_offset(pairs[i]) + 1 - next;

        if (distance >= 0x80) {
            out[len++] = (char)(0x80 | (distance & 0x7f));
            out[len++] = (char)(distance >> 7);
        } else if (distance > 0) { /* not the same once more */
            out[len++] = (char)distance;
        }
        next += distance;
    }
    return len;
}

static void postings_put_bits(char out[POSTINGS_BITS_SIZE], const uint32_t *pairs, uint32_t n)
{
    memset(out, 0, POSTINGS_BITS_SIZE);
    for (uint32_t i = 0; i < n; i++) {
        uint32_t offset = postings_offset(pairs[i]);

        out[offset / 8] = (char)(out[offset / 8] | 1 << offset % 8);
    }
}

/* The pairs of the next token; there is one. */
static uint32_t postings_count(const struct postings *postings)
{
    uint32_t end = postings->at + 1;

    while (end < postings->n &&
           postings_token(postings->pairs[end]) == postings_token(postings->pairs[postings->at])) {
        end++;
    }
    return end - postings->at;
}

/* The next token's list, of so many pairs, at most POSTINGS_LIST_MAX bytes. */
static void postings_put_list(struct buf *out, const uint32_t *pairs, uint32_t n)
{
    char list[POSTINGS_BITS_SIZE + 1];
    size_t len = postings_put_distances(list, pairs, n);
    uint32_t head;

    if (len >= POSTINGS_BITS_SIZE) {
        postings_put_bits(list, pairs, n);
        len = POSTINGS_BITS_SIZE;
    }
    head = (pairs[0] - postings_offset(pairs[0])) | (uint32_t)len;
    for (unsigned shift = 0; shift < 32; shift += 8) {
        buf_char(out, (char)(head >> shift));
    }
    buf_put(out, list, len);
}

bool postings_next_leaf(struct postings *postings, struct buf *out, uint32_t *out_token)
{
    size_t began = out->len;

    if (postings->at == postings->n) {
        return false;
    }
    *out_token = postings_token(postings->pairs[postings->at]);
    while (postings->at < postings->n &&
           out->len - began <= POSTINGS_LEAF_SIZE - POSTINGS_LIST_MAX) {
        uint32_t n = postings_count(postings);

        postings_put_list(out, &postings->pairs[postings->at], n);
        postings->at += n;
    }
    return true;
}

/* ---- reading leaves ---- */

static uint32_t postings_get_distance(struct text *list)
{
    uint32_t distance = 0;

    for (unsigned shift = 0; list->len > 0 && shift < POSTINGS_OFFSET_BITS + 2; shift += 7) {
        unsigned char byte = (unsigned char)*list->at;

        *list = (struct text){ .at = list->at + 1, .len = list->len - 1 };
        distance |= (uint32_t)(byte & 0x7f) << shift;
        if (byte < 0x80) {
            break;
        }
    }
    return distance;
}

static void postings_get_distances(struct text list, struct span *out)
{
    uint32_t next = 0;

    while (list.len > 0) {
        next += postings_get_distance(&list);
        if (next == 0 || next > POSTINGS_SPAN) {
            return;
        }
        out->bits[(next - 1) / 64] |= UINT64_C(1) << (next - 1) % 64;
    }
}

static void postings_get_bits(struct text list, struct span *out)
{
    for (size_t i = 0; i < POSTINGS_BITS_SIZE; i++) {
        out->bits[i / 8] |= (uint64_t)(unsigned char)list.at[i] << i % 8 * 8;
    }
}

static uint32_t postings_get_head(const char *at)
{
    uint32_t head = 0;

    for (unsigned i = 0; i < POSTINGS_HEAD_SIZE; i++) {
        head |= (uint32_t)(unsigned char)at[i] << 8 * i;
    }
    return head;
}

void postings_find(struct text leaf, uint32_t token, struct span *out)
{
    *out = (struct span){ 0 };
    while (leaf.len >= POSTINGS_HEAD_SIZE) {
        uint32_t head = postings_get_head(leaf.at), its_token = postings_token(head);
        struct text list = { .at = leaf.at + POSTINGS_HEAD_SIZE, .len = postings_offset(head) };

        if (its_token > token || list.len > leaf.len - POSTINGS_HEAD_SIZE) {
            return;
        }
        if (its_token == token && list.len == POSTINGS_BITS_SIZE) {
            postings_get_bits(list, out);
        } else if (its_token == token) {
            postings_get_distances(list, out);
        }
        leaf = (struct text){ .at = list.at + list.len,
                              .len = leaf.len - POSTINGS_HEAD_SIZE - list.len };
    }
}

/* ---- sets ---- */

void span_add(struct span *span, const struct span *other)
{
    for (size_t i = 0; i < ARRAY_SIZE(span->bits); i++) {
        span->bits[i] |= other->bits[i];
    }
}

void span_intersect(struct span *span, const struct span *other)
{
    for (size_t i = 0; i < ARRAY_SIZE(span->bits); i++) {
        span->bits[i] &= other->bits[i];
    }
}

uint32_t span_count(const struct span *span)
{
    uint32_t n = 0;

    for (size_t i = 0; i < ARRAY_SIZE(span->bits); i++) {
        n += (uint32_t)__builtin_popcountll(span->bits[i]);
    }
    return n;
}

bool span_take(struct span *span, bool highest, uint32_t *out)
{
    for (uint32_t i = 0; i < ARRAY_SIZE(span->bits); i++) {
        uint32_t at = highest ? (uint32_t)ARRAY_SIZE(span->bits) - 1 - i : i;
        uint64_t bits = span->bits[at];

        if (bits != 0) {
            int bit = highest ? 63 - __builtin_clzll(bits) : __builtin_ctzll(bits);

            span->bits[at] &= ~(UINT64_C(1) << bit);
            *out = at * 64 + (uint32_t)bit;
            return true;
        }
    }
    return false;
}
