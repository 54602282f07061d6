/* SPDX-License-Identifier: MIT */
/* Which rows of a table are free. Lies outside the region and is rebuilt at each start; rows are
 * lent last in, first out. What a transaction frees is free only after its commit. */
#ifndef STATE_TABLE_H
#define STATE_TABLE_H

#include "lib/base.h"

struct table {
    uint32_t *free_rows; /* owned; a stack of all free rows, those freed just now above them */
    uint32_t n_free;     /* may be taken */
    uint32_t n_freed;    /* by the open transaction; free when it is committed */
    uint32_t n_rows;     /* row 0 included */
};

typedef bool (*table_is_used_fn)(const void *context, uint32_t row);

/* Scans rows 1 ... n_rows-1. -ENOMEM. */
must_check int table_init(struct table *table, uint32_t n_rows, table_is_used_fn is_used,
                          const void *context);
void table_fini(struct table *table);

/* A free row, or 0. */
uint32_t table_take(struct table *table);
/* To be called once for each row, in the transaction that frees it. */
void table_give_back(struct table *table, uint32_t row);
/* The transaction is committed. */
void table_settle(struct table *table);

static inline uint32_t table_used(const struct table *table)
{
    return table->n_rows - 1 - table->n_free - table->n_freed;
}

#endif
