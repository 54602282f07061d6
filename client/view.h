/* SPDX-License-Identifier: MIT */
/* The whole screen as cells: topic, what was said, members, status, the line being typed. Pure: it
 * knows no terminal, changes nothing but a position that has been dropped, and draws on any size,
 * however small. Only the messages that can be seen are looked at and wrapped.
 *
 *     topic of the room                       from 4 rows on
 *     14:02      ann  what was said     |@ann who is there, from 64 columns on
 *      ann  1:server [2:#lobby] 3:bob(2 2!)                  connected, from 3 rows on
 *     #lobby> what is typed */
#ifndef CLIENT_VIEW_H
#define CLIENT_VIEW_H

#include "edit.h"
#include "grid.h"
#include "windows.h"

struct view { /* all borrowed */
    const struct windows *windows;
    const struct edit *edit;
    struct text prompt;     /* before what is typed */
    struct text connection; /* how it stands, for the status line */
    bool has_colour;
};

/* Where things are on a screen of this size. */
struct view_layout {
    unsigned rows, columns;
    unsigned body, body_rows;    /* first row and number of rows of what was said */
    unsigned body_columns;       /* without the members */
    unsigned time, nick, indent; /* columns: of the time, of the nick, of both before the text */
};

struct view_layout view_layout(const struct view *v, const struct grid *g);
/* The grid has its size; everything else of it is drawn anew. */
void view_draw(const struct view *v, struct grid *g);

/* Moves the current window's position by so many rows (up: towards what is old), as far as there is
 * something to see. */
void view_scroll(const struct view *v, const struct grid *g, bool is_up, unsigned rows);
void view_scroll_to_top(const struct view *v, const struct grid *g);
/* Shows the record somewhere in the lower half of the screen. */
void view_scroll_to(const struct view *v, const struct grid *g, uint64_t at);

/* -- parts of view, for its own files -- */

/* Rows of the record at `at` with the marks above it. */
unsigned view_item_rows(const struct view_layout *l, const struct window *w, uint64_t at);
void view_draw_body(const struct view *v, const struct view_layout *l, struct grid *g);
void view_draw_members(const struct view *v, const struct view_layout *l, struct grid *g);
void view_draw_status(const struct view *v, const struct view_layout *l, struct grid *g);
struct style view_nick_style(const struct view *v, struct text nick);

#endif
