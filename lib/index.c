/* SPDX-License-Identifier: MIT */
/* Chains of rows by hash. */
#include "lib/index.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/random.h>

int index_init(struct index *index, uint32_t n_rows)
{
    uint32_t n_heads = 16;

    while (n_heads < n_rows) {
        n_heads *= 2;
    }
    *index = (struct index){ .n_heads = n_heads };
    index->heads = calloc(n_heads, sizeof(*index->heads));
    index->next = calloc(n_rows, sizeof(*index->next));
    if (index->heads == NULL || index->next == NULL) {
        index_fini(index);
        return -ENOMEM;
    }
    if (getrandom(&index->seed, sizeof(index->seed), GRND_NONBLOCK) < 0) {
        index->seed = (uint64_t)(uintptr_t)index->heads; /* early boot: better than nothing */
    }
    return 0;
}

int index_init_shared(struct index *index, uint32_t n_rows)
{
    int r = index_init(index, n_rows);

    if (r < 0) {
        return r;
    }
    index->before = calloc(n_rows, sizeof(*index->before));
    if (index->before == NULL) {
        index_fini(index);
        return -ENOMEM;
    }
    return 0;
}

void index_fini(struct index *index)
{
    free(index->heads);
    free(index->next);
    free(index->before);
    *index = (struct index){ 0 };
}

static uint64_t index_mix(uint64_t hash, unsigned char byte)
{
    hash = (hash ^ byte) * 0x9e3779b97f4a7c15U;
    return hash ^ (hash >> 29);
}

uint32_t index_hash(const struct index *index, const void *key, size_t len)
{
    const unsigned char *bytes = key;
    uint64_t hash = index->seed;

    for (size_t i = 0; i < len; i++) {
        hash = index_mix(hash, bytes[i]);
    }
    return (uint32_t)(hash >> 32);
}

uint32_t index_hash_nocase(const struct index *index, struct text key)
{
    uint64_t hash = index->seed;

    for (size_t i = 0; i < key.len; i++) {
        hash = index_mix(hash, (unsigned char)text_lower(key.at[i]));
    }
    return (uint32_t)(hash >> 32);
}

void index_add(struct index *index, uint32_t hash, uint32_t row)
{
    uint32_t *head = &index->heads[hash & (index->n_heads - 1)];

    index->next[row] = *head;
    if (index->before != NULL) { /* [0] belongs to no row */
        index->before[row] = 0;
        index->before[*head] = row;
    }
    *head = row;
}

/* Where the row's number stands. */
static uint32_t *index_place(struct index *index, uint32_t hash, uint32_t row)
{
    uint32_t *at = &index->heads[hash & (index->n_heads - 1)];

    if (index->before != NULL && index->before[row] != 0) {
        at = &index->next[index->before[row]];
    }
    while (*at != row) {
        assert(*at != 0 && index->before == NULL);
        at = &index->next[*at];
    }
    return at;
}

void index_remove(struct index *index, uint32_t hash, uint32_t row)
{
    uint32_t *at = index_place(index, hash, row);

    *at = index->next[row];
    if (index->before != NULL) {
        index->before[*at] = index->before[row];
    }
    index->next[row] = 0;
}
