/* SPDX-License-Identifier: MIT */
/* Beside and below what was said: who is in the room, and the status line. A part of view. */
#include "view.h"

#include "grapheme.h"

#include <string.h>

enum { VIEW_LABEL_MAX = 128, VIEW_RANKS_MAX = ROSTER_SIGNS_MAX + 1 };

/* -- members -- */

struct view_list {
    const struct view *view;
    const struct view_layout *layout;
    struct grid *grid;
    unsigned n_shown, n_hidden;
    bool is_full; /* the last row is for the number of the others */
};

static void view_put_member(struct view_list *list, const struct member *member)
{
    const struct view_layout *l = list->layout;
    bool is_mine = model_is_me(list->view->windows->model, member_name(member));
    struct style style = view_nick_style(list->view, member_name(member));
    struct grid_line line;

    if (list->n_shown + (list->is_full ? 1 : 0) >= l->body_rows) {
        list->n_hidden++;
        return;
    }
    line = grid_line(list->grid, l->body + list->n_shown++, l->body_columns + 2, l->columns);
    style = member->is_away ? style_with(style, STYLE_DIM) : style;
    style = is_mine ? style_with(style, STYLE_BOLD) : style;
    (void)grid_put(&line, (struct text){ .at = member->signs, .len = member->signs[0] != '\0' },
                   style_with(STYLE_PLAIN, STYLE_BOLD));
    (void)grid_put(&line, grapheme_fit(member_name(member), grid_line_room(&line)), style);
}

static void view_put_rank(struct view_list *list, const struct roster *members, char sign)
{
    for (size_t i = 0; i < members->n; i++) {
        if (members->list[i].signs[0] == sign) {
            view_put_member(list, &members->list[i]);
        }
    }
}

/* Those of higher rank first; within a rank by name. The last rank is none. */
static void view_put_members(struct view_list *list, const struct roster *members)
{
    char ranks[VIEW_RANKS_MAX + 1];

    memcpy(ranks, list->view->windows->model->support.signs, VIEW_RANKS_MAX);
    ranks[VIEW_RANKS_MAX] = '\0';
    for (size_t r = 0; r <= strlen(ranks); r++) {
        view_put_rank(list, members, ranks[r]);
    }
}

void view_draw_members(const struct view *v, const struct view_layout *l, struct grid *g)
{
    const struct roster *members = &windows_current(v->windows)->members;
    struct view_list list = { .view = v, .layout = l, .grid = g };

    list.is_full = members->n > l->body_rows;
    for (unsigned i = 0; i < l->body_rows; i++) {
        struct grid_line line = grid_line(g, l->body + i, l->body_columns + 1, l->columns);

        (void)grid_put(&line, TEXT("\xE2\x94\x82"), style_with(STYLE_PLAIN, STYLE_DIM));
    }
    view_put_members(&list, members);
    if (list.n_hidden > 0 && l->body_rows > 0) {
        char bytes[VIEW_LABEL_MAX];
        struct buf b = buf_over(bytes, sizeof(bytes));
        struct grid_line line =
            grid_line(g, l->body + l->body_rows - 1, l->body_columns + 2, l->columns);

        buf_format(&b, "and %u more", list.n_hidden);
        (void)grid_put(&line, buf_text(&b), style_with(STYLE_PLAIN, STYLE_DIM));
    }
}

/* -- status -- */

/* "3:#dev", "[2:#lobby]", "4:bob(7 2!)": how many are unread, and how many of them mention me. */
static void view_label(const struct windows *ws, size_t i, struct buf *b)
{
    const struct window *w = ws->list[i];
    bool is_current = i == ws->current;

    buf_format(b, "%s%zu:", is_current ? "[" : "", i + 1);
    buf_text_put(b, window_name(w));
    if (w->n_mentions > 0) {
        buf_format(b, "(%u %u!)", w->n_unread, w->n_mentions);
    } else if (w->n_unread > 0) {
        buf_format(b, "(%u)", w->n_unread);
    }
    buf_text_put(b, is_current ? TEXT("]") : TEXT_NONE);
}

static unsigned view_label_columns(const struct windows *ws, size_t i)
{
    char bytes[VIEW_LABEL_MAX];
    struct buf b = buf_over(bytes, sizeof(bytes));

    view_label(ws, i, &b);
    return grapheme_columns(buf_text(&b)) + 1;
}

static bool view_is_urgent(const struct windows *ws, size_t i)
{
    return i == ws->current || ws->list[i]->n_mentions > 0;
}

static unsigned view_labels_columns(const struct windows *ws, bool all)
{
    unsigned columns = 0;

    for (size_t i = 0; i < ws->n; i++) {
        columns += all || view_is_urgent(ws, i) ? view_label_columns(ws, i) : 0;
    }
    return columns;
}

/* All windows if they fit; else the urgent ones, and as many others with something unread as leave
 * room for them. */
static void view_put_labels(const struct windows *ws, struct grid_line *line, struct style bar)
{
    bool is_short = view_labels_columns(ws, true) > grid_line_room(line);
    unsigned reserved = view_labels_columns(ws, false);

    for (size_t i = 0; i < ws->n; i++) {
        char bytes[VIEW_LABEL_MAX];
        struct buf b = buf_over(bytes, sizeof(bytes));
        unsigned columns = view_label_columns(ws, i);

        if (view_is_urgent(ws, i)) {
            reserved -= columns;
        } else if (is_short &&
                   (ws->list[i]->n_unread == 0 || columns + reserved > grid_line_room(line) + 1)) {
            continue;
        }
        view_label(ws, i, &b);
        if (columns > grid_line_room(line) + 1 ||
            !grid_put(line, buf_text(&b),
                      ws->list[i]->n_mentions > 0 ? style_with(bar, STYLE_BOLD) : bar)) {
            return;
        }
        (void)grid_put(line, TEXT(" "), bar);
    }
}

/* Who reads what was said earlier must see all the same that nobody hears them. */
static struct text view_state(const struct view *v)
{
    bool is_back = windows_current(v->windows)->scroll.at != SCROLLBACK_NOWHERE;

    return is_back && text_equal(v->connection, TEXT("connected")) ? TEXT("scrolled back")
                                                                   : v->connection;
}

void view_draw_status(const struct view *v, const struct view_layout *l, struct grid *g)
{
    const struct style bar = style_with(STYLE_PLAIN, STYLE_REVERSE);
    struct text state = view_state(v);
    unsigned state_columns = grapheme_columns(state) + 1;
    bool has_state = state_columns <= l->columns / 2;
    unsigned end = has_state ? l->columns - state_columns : l->columns;
    struct grid_line line = grid_line(g, l->rows - 2, 0, end);

    (void)grid_put(&line, TEXT(" "), bar);
    (void)grid_put(&line, model_nick(v->windows->model), style_with(bar, STYLE_BOLD));
    (void)grid_put(&line, TEXT("  "), bar);
    view_put_labels(v->windows, &line, bar);
    grid_fill(&line, bar);
    line = grid_line(g, l->rows - 2, end, l->columns);
    if (has_state) {
        (void)grid_put(&line, state, bar);
    }
    grid_fill(&line, bar);
}
