/* SPDX-License-Identifier: MIT */
/* Texts of any length in chains of 64-byte cells. A free cell is one without text; so a cell needs
 * no undo when it is filled, but the store that makes it used must be undone: its length is part of
 * the saved object, which is the whole cell. */
#include "state/state.h"

#include <assert.h>
#include <string.h>

static size_t cells_needed(size_t text_len)
{
    return (text_len + CELL_BYTES - 1) / CELL_BYTES;
}

bool state_has_cells(const struct state *state, size_t text_len)
{
    return state->free_cells.n_free >= cells_needed(text_len);
}

bool state_has_spare_cells(const struct state *state, size_t text_len)
{
    return state->free_cells.n_free >= cells_needed(text_len) + state->free_cells.n_rows / 4;
}

static void cells_free(struct state *state, uint32_t row)
{
    while (row != 0) {
        struct cell *cell = tx_edit(&state->tx, &state->region.cells[row], sizeof(*cell));
        uint32_t next = cell->next;

        cell->next = 0;
        cell->len = 0;
        table_give_back(&state->free_cells, row);
        row = next;
    }
}

/* Built from the end, so that each cell is written once. */
static uint32_t cells_store(struct state *state, struct text t)
{
    uint32_t next = 0;

    for (size_t left = t.len; left > 0;) {
        size_t len = left % CELL_BYTES != 0 ? left % CELL_BYTES : CELL_BYTES;
        uint32_t row = table_take(&state->free_cells);
        struct cell *cell;

        assert(row != 0); /* the caller asked state_has_cells() */
        cell = tx_edit(&state->tx, &state->region.cells[row], sizeof(*cell));
        left -= len;
        memcpy(cell->bytes, t.at + left, len);
        cell->len = (uint16_t)len;
        cell->next = next;
        next = row;
    }
    return next;
}

void state_set_text(struct state *state, uint32_t *cell, struct text t)
{
    uint32_t old = *cell;

    *cell = cells_store(state, t);
    cells_free(state, old);
}

void state_overwrite_text(struct state *state, uint32_t row, size_t at, struct text t)
{
    while (t.len > 0) {
        const struct cell *cell = &state->region.cells[row];

        assert(row != 0); /* the text is as long */
        if (at < cell->len) {
            struct cell *writable = tx_edit(&state->tx, cell, sizeof(*cell));
            size_t n = size_min(t.len, cell->len - at);

            memcpy(writable->bytes + at, t.at, n);
            t = (struct text){ t.at + n, t.len - n };
            at += n;
        }
        at -= cell->len;
        row = cell->next;
    }
}

void state_get_text(const struct state *state, uint32_t cell, struct buf *out)
{
    for (; cell != 0; cell = state->region.cells[cell].next) {
        buf_put(out, state->region.cells[cell].bytes, state->region.cells[cell].len);
    }
}
