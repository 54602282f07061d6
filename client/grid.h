/* SPDX-License-Identifier: MIT */
/* A screen that exists only as cells: what the view draws and the terminal shows. Pure. A wide
 * character takes a cell and leaves an empty one at its right; nothing is ever drawn past an edge.
 */
#ifndef CLIENT_GRID_H
#define CLIENT_GRID_H

#include "style.h"

#include "lib/text.h"

enum {
    GRID_CELL_BYTES = 20, /* a character and as many marks as fit */
    GRID_SIDE_MAX = 1000  /* rows and columns; a larger screen stays empty beyond */
};

struct cell {
    char bytes[GRID_CELL_BYTES]; /* UTF-8 without controls */
    uint8_t len;
    uint8_t columns; /* 1 or 2; 0: the right half of a wide one */
    struct style style;
};

struct grid { /* all zero has no cells */
    unsigned rows, columns;
    struct cell *cells; /* owned */
    unsigned cursor_row, cursor_column;
};

/* A part of one row, written from left to right. */
struct grid_line {
    struct grid *grid;
    unsigned row, column, end; /* end: the first column it may not touch */
};

void grid_fini(struct grid *g);
/* Empties it, at this size. Ends the process when memory does. */
void grid_reset(struct grid *g, unsigned rows, unsigned columns);
const struct cell *grid_cell(const struct grid *g, unsigned row, unsigned column);
/* False as well if they differ in size, or there is no such row. */
bool grid_row_equal(const struct grid *a, const struct grid *b, unsigned row);
void grid_copy(struct grid *to, const struct grid *from);

/* Columns from ... end-1 of a row, as far as they exist. */
struct grid_line grid_line(struct grid *g, unsigned row, unsigned from, unsigned end);
static inline unsigned grid_line_room(const struct grid_line *l)
{
    return l->column < l->end ? l->end - l->column : 0;
}
/* Writes what fits; false if not all of it did. Controls and what grapheme.h leaves out are left
 * out. */
bool grid_put(struct grid_line *l, struct text t, struct style style);
void grid_fill(struct grid_line *l, struct style style); /* spaces to the end */

#endif
