/* SPDX-License-Identifier: MIT */
/* What was said, from the bottom of the screen upwards. A part of view. Owns how a message looks,
 * and the marks between messages: a new day, and where the unread ones begin. */
#include "view.h"

#include "grapheme.h"
#include "wrap.h"

enum { VIEW_MARK_MAX = 64 };

struct view_item { /* a record and what stands above it */
    struct scrollback_record record;
    bool has_day, has_unread;
};

static bool view_is_same_day(time_t a, time_t b)
{
    struct tm x = { .tm_year = 0 }, y = { .tm_year = 0 };

    (void)localtime_r(&a, &x);
    (void)localtime_r(&b, &y);
    return x.tm_year == y.tm_year && x.tm_yday == y.tm_yday;
}

static struct view_item view_item(const struct window *w, uint64_t at)
{
    uint64_t before = scrollback_before(&w->scrollback, at);
    struct view_item item = { .has_day = true, .has_unread = at == w->first_unread };
    struct scrollback_record earlier;

    scrollback_get(&w->scrollback, at, &item.record);
    if (before != SCROLLBACK_NOWHERE) {
        scrollback_get(&w->scrollback, before, &earlier);
        item.has_day = !view_is_same_day(earlier.at, item.record.at);
    }
    return item;
}

/* Help has neither time nor nick, and long lines: it begins at the left. */
static unsigned view_indent(const struct view_layout *l, const struct scrollback_record *record)
{
    return record->kind == EVENT_HELP && l->indent > 0 ? 1 : l->indent;
}

static unsigned view_text_columns(const struct view_layout *l,
                                  const struct scrollback_record *record)
{
    unsigned indent = view_indent(l, record);

    return l->body_columns > indent ? l->body_columns - indent : 1;
}

unsigned view_item_rows(const struct view_layout *l, const struct window *w, uint64_t at)
{
    struct view_item item = view_item(w, at);

    return wrap_rows(item.record.text, view_text_columns(l, &item.record)) +
           (item.has_day ? 1 : 0) + (item.has_unread ? 1 : 0);
}

/* -- one message -- */

static void view_put_time(struct grid_line *line, time_t at)
{
    char bytes[16];
    struct buf b = buf_over(bytes, sizeof(bytes));
    struct tm tm = { .tm_hour = 0 };

    (void)localtime_r(&at, &tm);
    buf_format(&b, "%02d:%02d", tm.tm_hour, tm.tm_min);
    (void)grid_put(line, buf_text(&b), style_with(STYLE_PLAIN, STYLE_DIM));
}

/* What stands around the nick, or instead of it. */
static void view_nick_frame(enum event_kind kind, struct text *before, struct text *behind)
{
    *before = TEXT_NONE;
    *behind = TEXT_NONE;
    switch (kind) {
    case EVENT_MESSAGE:
    case EVENT_HELP: return;
    case EVENT_ACTION: *before = TEXT("* "); return;
    case EVENT_NOTICE:
        *before = TEXT("-");
        *behind = TEXT("-");
        return;
    case EVENT_LOST:
    case EVENT_ERROR: *before = TEXT("!"); return;
    case EVENT_NONE:
    case EVENT_JOIN:
    case EVENT_LEAVE:
    case EVENT_QUIT:
    case EVENT_KICK:
    case EVENT_NICK:
    case EVENT_TOPIC:
    case EVENT_NAMES:
    case EVENT_MODE:
    case EVENT_INFO:
    case EVENT_AWAY: *before = TEXT("--"); return;
    }
}

static struct style view_record_nick_style(const struct view *v,
                                           const struct scrollback_record *record)
{
    struct style style = view_nick_style(v, record->who);

    if ((record->flags & SCROLLBACK_OWN) != 0) {
        return style_with(style, STYLE_BOLD);
    }
    return (record->flags & SCROLLBACK_MENTION) != 0 ? style_with(style, STYLE_BOLD | STYLE_REVERSE)
                                                     : style;
}

/* Right-aligned; what is too long loses its end. */
static void view_put_nick(const struct view *v, const struct view_layout *l,
                          const struct scrollback_record *record, struct grid_line *line)
{
    const struct style dim = style_with(STYLE_PLAIN, STYLE_DIM);
    struct text before, behind, nick;
    unsigned frame, used;

    view_nick_frame(record->kind, &before, &behind);
    frame = grapheme_columns(before) + grapheme_columns(behind);
    nick = grapheme_fit(record->who, l->nick > frame ? l->nick - frame : 0);
    used = frame + grapheme_columns(nick);
    line->column += used < l->nick ? l->nick - used : 0;
    (void)grid_put(line, before, record->kind == EVENT_ERROR ? style_with(dim, STYLE_BOLD) : dim);
    (void)grid_put(line, nick, view_record_nick_style(v, record));
    (void)grid_put(line, behind, dim);
}

/* What stands before the first row of the text. */
static void view_put_head(const struct view *v, const struct view_layout *l,
                          const struct scrollback_record *record, struct grid_line *line)
{
    if (l->time > 0 && record->kind != EVENT_HELP) {
        view_put_time(line, record->at);
    }
    line->column = l->time;
    view_put_nick(v, l, record, line);
}

static struct style view_text_style(const struct window *w, uint64_t at,
                                    const struct scrollback_record *record)
{
    struct style style = STYLE_PLAIN;

    if (at == w->found) {
        return style_with(style, STYLE_REVERSE);
    }
    switch (record->kind) {
    case EVENT_MESSAGE:
    case EVENT_ACTION:
    case EVENT_NOTICE:
        return (record->flags & SCROLLBACK_PAST) != 0 ? style_with(style, STYLE_DIM) : style;
    case EVENT_INFO:
    case EVENT_HELP:
    case EVENT_NAMES: return style;
    case EVENT_LOST:
    case EVENT_ERROR: return style_with(style, STYLE_BOLD);
    case EVENT_NONE:
    case EVENT_JOIN:
    case EVENT_LEAVE:
    case EVENT_QUIT:
    case EVENT_KICK:
    case EVENT_NICK:
    case EVENT_TOPIC:
    case EVENT_MODE:
    case EVENT_AWAY: break;
    }
    return style_with(style, (record->flags & SCROLLBACK_MENTION) != 0 ? STYLE_BOLD : STYLE_DIM);
}

static void view_put_row(const struct view *v, struct pen row, struct grid_line *line)
{
    struct pen_piece piece;

    while (pen_next(&row, &piece)) {
        if (!v->has_colour) {
            piece.style.ink = STYLE_OWN_COLOUR;
            piece.style.paper = STYLE_OWN_COLOUR;
        }
        (void)grid_put(line, piece.text, piece.style);
    }
}

/* -- marks -- */

static void view_put_mark(struct grid_line *line, struct text text, struct style style)
{
    unsigned room = grid_line_room(line);
    unsigned columns = grapheme_columns(text);
    unsigned side = room > columns ? (room - columns) / 2 : 0;

    while (side-- > 0) {
        (void)grid_put(line, TEXT("\xE2\x94\x80"), style);
    }
    (void)grid_put(line, text, style);
    while (grid_line_room(line) > 0) {
        (void)grid_put(line, TEXT("\xE2\x94\x80"), style);
    }
}

static void view_put_day(struct grid_line *line, time_t at)
{
    static const char *const days[] = { "Sunday",   "Monday", "Tuesday", "Wednesday",
                                        "Thursday", "Friday", "Saturday" };
    static const char *const months[] = { "January",   "February", "March",    "April",
                                          "May",       "June",     "July",     "August",
                                          "September", "October",  "November", "December" };
    char bytes[VIEW_MARK_MAX];
    struct buf b = buf_over(bytes, sizeof(bytes));
    struct tm tm = { .tm_year = 0 };

    (void)localtime_r(&at, &tm);
    buf_format(&b, " %s, %d %s %d ", days[tm.tm_wday], tm.tm_mday, months[tm.tm_mon],
               tm.tm_year + 1900);
    view_put_mark(line, buf_text(&b), style_with(STYLE_PLAIN, STYLE_DIM));
}

/* -- all of it -- */

struct view_place { /* rows of an item that are on the screen */
    struct grid *grid;
    long row, first, end; /* first and end: of what may be drawn on */
};

static bool view_next_row(struct view_place *p, const struct view_layout *l,
                          struct grid_line *out_line)
{
    long row = p->row++;

    *out_line = grid_line(p->grid, row < p->first ? 0 : (unsigned)row, 0, l->body_columns);
    return row >= p->first && row < p->end;
}

static void view_draw_record(const struct view *v, const struct view_layout *l, uint64_t at,
                             struct view_place *p)
{
    const struct window *w = windows_current(v->windows);
    struct view_item item = view_item(w, at);
    const struct scrollback_record *record = &item.record;
    struct wrap wrap =
        wrap_begin(record->text, view_text_style(w, at, record), view_text_columns(l, record));
    struct grid_line line;
    struct pen row;
    bool is_first = true;

    if (item.has_day && view_next_row(p, l, &line)) {
        view_put_day(&line, record->at);
    }
    if (item.has_unread && view_next_row(p, l, &line)) {
        view_put_mark(&line, TEXT(" unread "), style_with(STYLE_PLAIN, STYLE_BOLD));
    }
    while (p->row < p->end && wrap_next(&wrap, &row)) {
        bool is_seen = view_next_row(p, l, &line);

        if (is_seen && is_first) {
            view_put_head(v, l, record, &line);
        }
        if (is_seen) {
            line.column = view_indent(l, record);
            view_put_row(v, row, &line);
        }
        is_first = false;
    }
}

void view_draw_body(const struct view *v, const struct view_layout *l, struct grid *g)
{
    const struct window *w = windows_current(v->windows);
    struct window_scroll scroll = w->scroll;
    long end = (long)l->body + l->body_rows;
    long row = end;

    if (!scrollback_has(&w->scrollback, scroll.at)) {
        scroll.skip = 0;
        scroll.at = scroll.at == SCROLLBACK_NOWHERE ? scrollback_last(&w->scrollback)
                                                    : scrollback_first(&w->scrollback);
    }
    while (row > (long)l->body && scroll.at != SCROLLBACK_NOWHERE) {
        unsigned rows = view_item_rows(l, w, scroll.at);
        unsigned skip = scroll.skip < rows ? scroll.skip : rows - 1; /* it was narrower before */
        struct view_place place = { .grid = g, .first = (long)l->body, .end = row };

        place.row = row + (long)skip - (long)rows;
        row = place.row;
        view_draw_record(v, l, scroll.at, &place);
        scroll.at = scrollback_before(&w->scrollback, scroll.at);
        scroll.skip = 0;
    }
}
