/* SPDX-License-Identifier: MIT */
/* Which of the numbers of one segment have which tokens: an inverted index, made at once and never
 * changed. It is put together in memory and cut into leaves, byte strings in the order of their
 * tokens, of which each holds some tokens whole; asking for a token takes one leaf. Pure.
 *
 * Offsets are those from the first number of the segment. A leaf is a sequence of lists, each four
 * bytes with a token and the length of what follows (token << 12 | length, the lowest byte first),
 * and, ascending, the distances between the offsets that have the token, the first from -1 (LEB128,
 * as in DWARF and WebAssembly); where that would take as long, POSTINGS_SPAN bits. */
#ifndef STORE_POSTINGS_H
#define STORE_POSTINGS_H

#include "lib/text.h"

enum {
    POSTINGS_SPAN = 4096,                   /* offsets are below it */
    POSTINGS_TOKEN_BITS = 20,               /* tokens are below 1 << it */
    POSTINGS_MAX = 1 << 19,                 /* pairs of a token and an offset, at most */
    POSTINGS_BITS_SIZE = POSTINGS_SPAN / 8, /* bytes */
    POSTINGS_LIST_MAX = 4 + POSTINGS_BITS_SIZE,
    POSTINGS_LEAF_SIZE = 4000, /* at most: a row of it fits in a page of SQLite's (4096) */
};

struct postings {
    uint32_t *pairs, *spare; /* owned */
    uint32_t n, at;          /* pairs; of those in leaves already */
};

/* Numbers of records: [low, high). */
struct range {
    uint64_t low, high;
};

/* A set of offsets. */
struct span {
    uint64_t bits[POSTINGS_SPAN / 64];
};

/* Empty. Takes 4 MiB that are not touched before they are needed. -ENOMEM. */
must_check int postings_init(struct postings *postings);
void postings_fini(struct postings *postings);

/* Adds an offset, above all that were added, with its tokens, of which some may be there twice.
 * False: there is no room, and nothing was added. */
must_check bool postings_add(struct postings *postings, uint32_t offset, const uint32_t *tokens,
                             size_t n);
/* When all is added, before the first leaf. */
void postings_sort(struct postings *postings);
/* Writes the next leaf, POSTINGS_LEAF_SIZE bytes at most, and its first token. False: there is none
 * any more. */
must_check bool postings_next_leaf(struct postings *postings, struct buf *out, uint32_t *out_token);

/* The row of a leaf of this segment (below 1 << 42) that begins with this token: they follow each
 * other in their order. The first row behind a segment is the one of token 0 in the next. */
static inline uint64_t postings_row(uint64_t segment, uint32_t token)
{
    return segment << POSTINGS_TOKEN_BITS | token;
}

/* What the leaf, which begins at or before the token and no other between, says of it; none, if
 * nothing, or what is no leaf. */
void postings_find(struct text leaf, uint32_t token, struct span *out);

/* Adds what is in the other; leaves what is in both. */
void span_add(struct span *span, const struct span *other);
void span_intersect(struct span *span, const struct span *other);
uint32_t span_count(const struct span *span);
/* Takes the lowest out of it, or the highest. False: it is empty. */
must_check bool span_take(struct span *span, bool highest, uint32_t *out);

#endif
