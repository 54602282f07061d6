/* SPDX-License-Identifier: MIT */
/* A hash index from keys to row numbers of some table. It keeps no keys: the caller compares. A row
 * stands in an index once; several rows may share a key. Sized once for all rows of the table, so
 * adding never fails. Keys come from people we do not trust: the hash is seeded at random. */
#ifndef LIB_INDEX_H
#define LIB_INDEX_H

#include "lib/text.h"

struct index {
    uint32_t *heads;  /* owned; by hash, 0: none */
    uint32_t *next;   /* owned; by row */
    uint32_t *before; /* owned; by row; NULL: keys are hardly shared */
    uint32_t n_heads; /* a power of two */
    uint64_t seed;
};

/* Rows 1 ... n_rows-1. -ENOMEM. */
must_check int index_init(struct index *index, uint32_t n_rows);
/* The same for keys that thousands of rows may share: removing one does not walk past the others,
 * for 4 bytes more a row. -ENOMEM. */
must_check int index_init_shared(struct index *index, uint32_t n_rows);
void index_fini(struct index *index);

uint32_t index_hash(const struct index *index, const void *key, size_t len);
uint32_t index_hash_nocase(const struct index *index, struct text key); /* ASCII */

void index_add(struct index *index, uint32_t hash, uint32_t row);
/* The row was added under this hash. */
void index_remove(struct index *index, uint32_t hash, uint32_t row);

/* Candidates for a hash (others may be among them), one after the other; 0: no more. */
static inline uint32_t index_first(const struct index *index, uint32_t hash)
{
    return index->heads[hash & (index->n_heads - 1)];
}

static inline uint32_t index_next(const struct index *index, uint32_t row)
{
    return index->next[row];
}

#endif
