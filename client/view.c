/* SPDX-License-Identifier: MIT */
/* The whole screen as cells. Owns the layout, the topic, the line being typed, and scrolling; what
 * was said is drawn in view_body.c, members and status in view_side.c. */
#include "view.h"

#include "grapheme.h"
#include "nick_colour.h"
#include "pen.h"

enum {
    VIEW_MEMBERS_FROM = 64,    /* columns from which the members have room */
    VIEW_MEMBERS_COLUMNS = 18, /* a space, a line, and 16 for a nick */
    VIEW_TIME_FROM = 40,
    VIEW_TIME_COLUMNS = 6,
    VIEW_NICK_MOST = 12,
    VIEW_NICK_LEAST = 4,
    VIEW_TEXT_LEAST = 4,
};

struct view_layout view_layout(const struct view *v, const struct grid *g)
{
    const struct window *w = windows_current(v->windows);
    bool has_members = v->windows->settings->shows_members && w->kind == WINDOW_ROOM &&
                       g->columns >= VIEW_MEMBERS_FROM;
    struct view_layout l = { .rows = g->rows, .columns = g->columns, .body_columns = g->columns };

    l.body = g->rows >= 4 ? 1 : 0;
    l.body_rows = g->rows >= 4 ? g->rows - 3 : g->rows == 0 ? 0 : g->rows >= 3 ? 1 : g->rows - 1;
    l.body_columns -= has_members ? VIEW_MEMBERS_COLUMNS : 0;
    l.time = g->columns >= VIEW_TIME_FROM ? VIEW_TIME_COLUMNS : 0;
    l.nick = l.body_columns / 5;
    l.nick = l.nick > VIEW_NICK_MOST ? VIEW_NICK_MOST : l.nick;
    l.nick = l.nick < VIEW_NICK_LEAST ? VIEW_NICK_LEAST : l.nick;
    l.indent = l.time + l.nick + 2;
    if (l.indent + VIEW_TEXT_LEAST > l.body_columns) {
        l.indent = 0;
        l.nick = 0;
        l.time = 0;
    }
    return l;
}

struct style view_nick_style(const struct view *v, struct text nick)
{
    struct style style = STYLE_PLAIN;

    if (v->has_colour) {
        style.ink = (int8_t)nick_colour(nick);
    }
    return style;
}

/* -- topic and input -- */

static void view_draw_topic(const struct view *v, const struct view_layout *l, struct grid *g)
{
    const struct window *w = windows_current(v->windows);
    struct grid_line line = grid_line(g, 0, 0, l->columns);
    const struct style bar = style_with(STYLE_PLAIN, STYLE_REVERSE);
    struct pen pen = pen_begin(window_topic(w), bar);
    struct pen_piece piece;

    (void)grid_put(&line, TEXT(" "), bar);
    (void)grid_put(&line, window_name(w), style_with(bar, STYLE_BOLD));
    if (w->kind == WINDOW_ROOM && !w->is_in) {
        (void)grid_put(&line, TEXT(" (not in it)"), bar);
    }
    (void)grid_put(&line, TEXT("  "), bar);
    while (pen_next(&pen, &piece)) {
        struct style style = style_with(piece.style, STYLE_REVERSE);

        style.ink = STYLE_OWN_COLOUR; /* colours upon a bar can hide the text */
        style.paper = STYLE_OWN_COLOUR;
        if (!grid_put(&line, piece.text, style)) {
            break;
        }
    }
    grid_fill(&line, bar);
}

static struct text view_skip(struct text t, size_t n)
{
    return (struct text){ .at = t.at + n, .len = t.len - n };
}

/* The part that has the cursor in it: all of it if it fits, else the cursor keeps to the first
 * three quarters. One pass, whatever the length. */
static void view_draw_input(const struct view *v, const struct view_layout *l, struct grid *g)
{
    struct text prompt =
        grapheme_fit(v->prompt, v->edit->len == 0 ? l->columns - 1 : l->columns / 2);
    struct grid_line line = grid_line(g, l->rows - 1, 0, l->columns);
    struct text text = edit_text(v->edit);
    struct text before = { .at = text.at, .len = v->edit->cursor };
    unsigned cursor = grapheme_columns(before);
    unsigned room;

    (void)grid_put(&line, prompt, style_with(STYLE_PLAIN, STYLE_BOLD));
    room = grid_line_room(&line) > 0 ? grid_line_room(&line) - 1 : 0;
    if (grapheme_columns(text) > room) {
        room -= room / 4;
        while (cursor > room && before.len > 0) {
            struct grapheme first = grapheme_first(before);

            cursor -= first.columns;
            before = view_skip(before, first.len);
            text = view_skip(text, first.len);
        }
    }
    g->cursor_row = l->rows - 1;
    g->cursor_column = line.column + cursor;
    if (g->cursor_column >= l->columns && l->columns > 0) {
        g->cursor_column = l->columns - 1;
    }
    (void)grid_put(&line, text, STYLE_PLAIN);
}

void view_draw(const struct view *v, struct grid *g)
{
    struct view_layout l = view_layout(v, g);

    grid_reset(g, g->rows, g->columns);
    if (l.rows == 0 || l.columns == 0) {
        return;
    }
    if (l.body > 0) {
        view_draw_topic(v, &l, g);
    }
    view_draw_body(v, &l, g);
    if (l.body_columns < l.columns) {
        view_draw_members(v, &l, g);
    }
    if (l.rows >= 3) {
        view_draw_status(v, &l, g);
    }
    view_draw_input(v, &l, g);
}

/* -- scrolling -- */

/* Rows there are from the beginning down to the position, counted no further than `enough`. */
static unsigned view_rows_above(const struct view_layout *l, const struct window *w,
                                struct window_scroll scroll, unsigned enough)
{
    unsigned rows = 0;
    uint64_t at = scroll.at;

    while (at != SCROLLBACK_NOWHERE && rows < enough + scroll.skip) {
        rows += view_item_rows(l, w, at);
        at = scrollback_before(&w->scrollback, at);
    }
    return rows - (scroll.skip < rows ? scroll.skip : rows);
}

static struct window_scroll view_row_up(const struct view_layout *l, const struct window *w,
                                        struct window_scroll scroll)
{
    scroll.skip++;
    if (scroll.skip >= view_item_rows(l, w, scroll.at)) {
        uint64_t before = scrollback_before(&w->scrollback, scroll.at);

        if (before != SCROLLBACK_NOWHERE) {
            scroll = (struct window_scroll){ .at = before, .skip = 0 };
        }
    }
    return scroll;
}

static struct window_scroll view_row_down(const struct view_layout *l, const struct window *w,
                                          struct window_scroll scroll)
{
    if (scroll.skip > 0) {
        scroll.skip--;
        return scroll;
    }
    scroll.at = scrollback_after(&w->scrollback, scroll.at);
    if (scroll.at != SCROLLBACK_NOWHERE) {
        scroll.skip = view_item_rows(l, w, scroll.at) - 1;
    }
    return scroll;
}

/* At the very bottom the window follows again. */
static void view_set_scroll(struct window *w, struct window_scroll scroll)
{
    bool is_last = scroll.at == scrollback_last(&w->scrollback) && scroll.skip == 0;

    w->scroll = is_last ? (struct window_scroll){ .at = SCROLLBACK_NOWHERE } : scroll;
}

void view_scroll(const struct view *v, const struct grid *g, bool is_up, unsigned rows)
{
    struct view_layout l = view_layout(v, g);
    struct window *w = windows_current(v->windows);
    struct window_scroll scroll = w->scroll;

    if (scroll.at == SCROLLBACK_NOWHERE || !scrollback_has(&w->scrollback, scroll.at)) {
        scroll = (struct window_scroll){ .at = scroll.at == SCROLLBACK_NOWHERE
                                                   ? scrollback_last(&w->scrollback)
                                                   : scrollback_first(&w->scrollback) };
    }
    for (; rows > 0 && scroll.at != SCROLLBACK_NOWHERE; rows--) {
        if (is_up && view_rows_above(&l, w, scroll, l.body_rows + 1) <= l.body_rows) {
            break;
        }
        scroll = is_up ? view_row_up(&l, w, scroll) : view_row_down(&l, w, scroll);
    }
    view_set_scroll(w, scroll);
}

/* No empty rows above the first record as long as there is something to show below. */
static struct window_scroll view_fill(const struct view_layout *l, const struct window *w,
                                      struct window_scroll scroll)
{
    while (scroll.at != SCROLLBACK_NOWHERE &&
           view_rows_above(l, w, scroll, l->body_rows) < l->body_rows) {
        scroll = view_row_down(l, w, scroll);
    }
    return scroll;
}

void view_scroll_to(const struct view *v, const struct grid *g, uint64_t at)
{
    struct view_layout l = view_layout(v, g);
    struct window *w = windows_current(v->windows);
    unsigned below = 0;

    while (at != SCROLLBACK_NOWHERE && below < l.body_rows / 3) {
        uint64_t next = scrollback_after(&w->scrollback, at);

        if (next == SCROLLBACK_NOWHERE) {
            break;
        }
        below += view_item_rows(&l, w, next);
        at = next;
    }
    view_set_scroll(w, view_fill(&l, w, (struct window_scroll){ .at = at }));
}

void view_scroll_to_top(const struct view *v, const struct grid *g)
{
    struct view_layout l = view_layout(v, g);
    struct window *w = windows_current(v->windows);
    struct window_scroll scroll = { .at = scrollback_first(&w->scrollback) };

    if (scroll.at != SCROLLBACK_NOWHERE) {
        scroll.skip = view_item_rows(&l, w, scroll.at) - 1;
        view_set_scroll(w, view_fill(&l, w, scroll));
    }
}
