/* SPDX-License-Identifier: MIT */
/* A stack of free row numbers; freed ones wait on top of it for the commit. Taking while some wait
 * swaps the topmost free one with the topmost waiting one, so order of lending is kept. */
#include "state/table.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>

int table_init(struct table *table, uint32_t n_rows, table_is_used_fn is_used, const void *context)
{
    uint32_t *rows = calloc(n_rows, sizeof(*rows));

    if (rows == NULL) {
        return -ENOMEM;
    }
    *table = (struct table){ .free_rows = rows, .n_rows = n_rows };
    for (uint32_t row = n_rows - 1; row > 0; row--) { /* so that the lowest is lent first */
        if (!is_used(context, row)) {
            rows[table->n_free++] = row;
        }
    }
    return 0;
}

void table_fini(struct table *table)
{
    free(table->free_rows);
    *table = (struct table){ 0 };
}

uint32_t table_take(struct table *table)
{
    uint32_t row;

    if (table->n_free == 0) {
        return 0;
    }
    table->n_free--;
    row = table->free_rows[table->n_free];
    /* Close the gap between the free ones and those that wait above them. */
    table->free_rows[table->n_free] = table->free_rows[table->n_free + table->n_freed];
    return row;
}

void table_give_back(struct table *table, uint32_t row)
{
    assert(row > 0 && row < table->n_rows && table->n_free + table->n_freed < table->n_rows);
    table->free_rows[table->n_free + table->n_freed] = row;
    table->n_freed++;
}

void table_settle(struct table *table)
{
    table->n_free += table->n_freed;
    table->n_freed = 0;
}
