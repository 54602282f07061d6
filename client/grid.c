/* SPDX-License-Identifier: MIT */
/* A screen of cells. Owns the cells and the rule that half a wide character is never seen. */
#include "grid.h"

#include "grapheme.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

void grid_fini(struct grid *g)
{
    free(g->cells);
    *g = (struct grid){ .rows = 0 };
}

static void grid_clear_cell(struct cell *cell, struct style style)
{
    *cell = (struct cell){ .len = 1, .columns = 1, .style = style };
    cell->bytes[0] = ' ';
}

void grid_reset(struct grid *g, unsigned rows, unsigned columns)
{
    rows = rows > GRID_SIDE_MAX ? GRID_SIDE_MAX : rows;
    columns = columns > GRID_SIDE_MAX ? GRID_SIDE_MAX : columns;
    if (g->cells == NULL || rows != g->rows || columns != g->columns) {
        free(g->cells);
        g->cells = calloc((size_t)rows * columns + 1, sizeof(*g->cells));
        if (g->cells == NULL) {
            abort();
        }
    }
    g->rows = rows;
    g->columns = columns;
    g->cursor_row = 0;
    g->cursor_column = 0;
    for (size_t i = 0; i < (size_t)rows * columns; i++) {
        grid_clear_cell(&g->cells[i], STYLE_PLAIN);
    }
}

static struct cell *grid_at(struct grid *g, unsigned row, unsigned column)
{
    return &g->cells[(size_t)row * g->columns + column];
}

const struct cell *grid_cell(const struct grid *g, unsigned row, unsigned column)
{
    return &g->cells[(size_t)row * g->columns + column];
}

/* Bytes tell: the unused ones of a cell are zero, so that two that look alike are alike. */
bool grid_row_equal(const struct grid *a, const struct grid *b, unsigned row)
{
    static_assert(sizeof(struct cell) == GRID_CELL_BYTES + 2 + sizeof(struct style),
                  "nothing lies between the fields");

    return a->columns == b->columns && a->rows == b->rows && row < a->rows &&
           memcmp(grid_cell(a, row, 0), grid_cell(b, row, 0), a->columns * sizeof(struct cell)) ==
               0;
}

void grid_copy(struct grid *to, const struct grid *from)
{
    if (from->rows != to->rows || from->columns != to->columns) {
        grid_reset(to, from->rows, from->columns);
    }
    if (from->cells != NULL) {
        memcpy(to->cells, from->cells, (size_t)from->rows * from->columns * sizeof(struct cell));
    }
    to->cursor_row = from->cursor_row;
    to->cursor_column = from->cursor_column;
}

struct grid_line grid_line(struct grid *g, unsigned row, unsigned from, unsigned end)
{
    end = row >= g->rows ? 0 : end > g->columns ? g->columns : end;
    return (
        struct grid_line){ .grid = g, .row = row, .column = from > end ? end : from, .end = end };
}

/* What it would cut in two is blanked. */
static void grid_take(struct grid_line *l, unsigned columns, struct style style)
{
    struct cell *first = grid_at(l->grid, l->row, l->column);
    unsigned behind = l->column + columns;

    if (first->columns == 0) {
        grid_clear_cell(first - 1, first[-1].style);
    }
    if (behind < l->grid->columns && first[columns].columns == 0) {
        grid_clear_cell(first + columns, style);
    }
    for (unsigned i = 1; i < columns; i++) {
        grid_clear_cell(first + i, style);
        first[i].len = 0;
        first[i].columns = 0;
    }
}

static void grid_add_mark(struct grid_line *l, struct text mark)
{
    struct cell *cell;

    if (l->column == 0) {
        return;
    }
    cell = grid_at(l->grid, l->row, l->column - 1);
    if (cell->columns == 0 && l->column > 1) {
        cell--;
    }
    if (mark.len <= sizeof(cell->bytes) - cell->len) {
        memcpy(cell->bytes + cell->len, mark.at, mark.len);
        cell->len = (uint8_t)(cell->len + mark.len);
    }
}

/* One that fits. */
static void grid_put_code(struct grid_line *l, int32_t code, struct text t, struct style style)
{
    unsigned columns = grapheme_code_columns(code);
    struct cell *cell;

    if (columns == 0) {
        if (grapheme_is_mark(code)) {
            grid_add_mark(l, t);
        }
        return;
    }
    assert(columns <= grid_line_room(l));
    grid_take(l, columns, style);
    cell = grid_at(l->grid, l->row, l->column);
    *cell = (struct cell){ .len = (uint8_t)t.len, .columns = (uint8_t)columns, .style = style };
    memcpy(cell->bytes, t.at, t.len);
    l->column += columns;
}

bool grid_put(struct grid_line *l, struct text t, struct style style)
{
    static const struct text replacement = { .at = "\xEF\xBF\xBD", .len = 3 };

    while (t.len > 0) {
        struct grapheme g = grapheme_first(t);
        struct text left = { .at = t.at, .len = g.len };

        if (g.columns > grid_line_room(l)) {
            return false;
        }
        while (left.len > 0) {
            size_t len;
            int32_t code = grapheme_code(left, &len);
            bool is_broken = len == 1 && (unsigned char)left.at[0] >= 0x80;
            struct text bytes = { .at = left.at, .len = len };

            grid_put_code(l, code, is_broken ? replacement : bytes, style);
            left = (struct text){ .at = left.at + len, .len = left.len - len };
        }
        t = (struct text){ .at = t.at + g.len, .len = t.len - g.len };
    }
    return true;
}

void grid_fill(struct grid_line *l, struct style style)
{
    while (grid_line_room(l) > 0) {
        grid_put_code(l, ' ', TEXT(" "), style);
    }
}
