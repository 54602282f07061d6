/* SPDX-License-Identifier: MIT */
/* What each key does at the full screen: typing, searching, answering a question. A part of desk.
 * Whatever is going on, what was being typed is kept. */
#include "desk.h"

#include "lib/utf8.h"

struct desk_row {
    const char *key;
    void (*run)(struct desk *);
};

static void desk_step(struct desk *d, size_t step)
{
    windows_show(&d->windows, (d->windows.current + step) % d->windows.n);
}

static void desk_next(struct desk *d)
{
    desk_step(d, 1);
}

static void desk_previous(struct desk *d)
{
    desk_step(d, d->windows.n - 1);
}

static void desk_unread(struct desk *d)
{
    windows_show_next_unread(&d->windows);
}

/* A page keeps two rows of the one before. */
static void desk_page(struct desk *d, bool is_up)
{
    char bytes[DESK_PROMPT_MAX];
    struct buf prompt = buf_over(bytes, sizeof(bytes));
    struct view v = desk_view(d, &prompt);
    unsigned rows = view_layout(&v, &d->grid).body_rows;

    view_scroll(&v, &d->grid, is_up, rows > 3 ? rows - 2 : 1);
}

static void desk_page_up(struct desk *d)
{
    desk_page(d, true);
}

static void desk_page_down(struct desk *d)
{
    desk_page(d, false);
}

static void desk_top(struct desk *d)
{
    char bytes[DESK_PROMPT_MAX];
    struct buf prompt = buf_over(bytes, sizeof(bytes));
    struct view v = desk_view(d, &prompt);

    view_scroll_to_top(&v, &d->grid);
}

static void desk_toggle_members(struct desk *d)
{
    d->settings.shows_members = !d->settings.shows_members;
}

static void desk_complete(struct desk *d)
{
    complete_next(&d->complete, &d->edit, &d->windows, d->commands);
}

static void desk_focus_in(struct desk *d)
{
    d->windows.has_focus = true;
    alert_drop(&d->windows.alert);
}

static void desk_focus_out(struct desk *d)
{
    d->windows.has_focus = false;
}

/* -- searching -- */

void desk_search_from(struct desk *d, uint64_t from)
{
    char bytes[DESK_PROMPT_MAX];
    struct buf prompt = buf_over(bytes, sizeof(bytes));
    struct view v = desk_view(d, &prompt);
    struct window *w = windows_current(&d->windows);

    w->found = scrollback_search(&w->scrollback, from, edit_text(&d->search));
    if (w->found != SCROLLBACK_NOWHERE) {
        view_scroll_to(&v, &d->grid, w->found);
    }
}

static void desk_search(struct desk *d)
{
    edit_clear(&d->search);
    d->mode = DESK_SEARCHING;
}

/* Enter stays where it is; Escape goes back to the end. */
static void desk_search_key(struct desk *d, const struct key *key)
{
    struct window *w = windows_current(&d->windows);

    if (key_is(key, "C-r") || key_is(key, "Up")) {
        desk_search_from(d, w->found);
        return;
    }
    if (key_is(key, "Enter")) {
        d->mode = DESK_TYPING;
        return;
    }
    if (key_is(key, "Esc") || key_is(key, "C-g") || key_is(key, "C-c")) {
        d->mode = DESK_TYPING;
        desk_scroll_to_end(d);
        return;
    }
    if (edit_key(&d->search, key) == 0) {
        desk_search_from(d, SCROLLBACK_NOWHERE);
    }
}

/* -- keys -- */

static const struct desk_row desk_rows[] = {
    { "C-n", desk_next },          { "C-p", desk_previous },
    { "M-a", desk_unread },        { "PgUp", desk_page_up },
    { "PgDn", desk_page_down },    { "M-v", desk_page_up },
    { "C-v", desk_page_down },     { "M-<", desk_top },
    { "M->", desk_scroll_to_end }, { "F7", desk_toggle_members },
    { "Tab", desk_complete },      { "C-r", desk_search },
    { "FocusIn", desk_focus_in },  { "FocusOut", desk_focus_out },
    { "Esc", desk_scroll_to_end }, { "C-g", desk_scroll_to_end },
};

static bool desk_run_row(struct desk *d, const struct key *key)
{
    struct text name = text_of(key->name);

    if (name.len == 3 && text_starts_with(name, TEXT("M-")) && name.at[2] >= '0' &&
        name.at[2] <= '9') {
        windows_show(&d->windows, name.at[2] == '0' ? 9 : (size_t)(name.at[2] - '1'));
        return true;
    }
    for (size_t i = 0; i < ARRAY_SIZE(desk_rows); i++) {
        if (key_is(key, desk_rows[i].key)) {
            desk_rows[i].run(d);
            return true;
        }
    }
    return false;
}

static enum desk_outcome desk_enter(struct desk *d, time_t now)
{
    struct text line = edit_entered(&d->edit);

    desk_scroll_to_end(d);
    if (line.len == 0 || desk_command(d, line, now)) {
        return DESK_AGAIN;
    }
    bytes_put(&d->lines, line);
    bytes_put(&d->lines, TEXT("\n"));
    return DESK_LINE;
}

/* ^C first stops what was pasted, then gives up what was being typed. */
static enum desk_outcome desk_type(struct desk *d, const struct key *key, time_t now)
{
    if (key_is(key, "C-c") && desk_stop_pasting(d, now)) {
        return DESK_AGAIN;
    }
    if (key_is(key, "C-c") && d->edit.len > 0) {
        edit_clear(&d->edit);
        return DESK_AGAIN;
    }
    switch (edit_key(&d->edit, key)) {
    case EDIT_LINE: return desk_enter(d, now);
    case EDIT_END: return DESK_END;
    case EDIT_STOP: return DESK_STOP;
    default: return DESK_AGAIN;
    }
}

static enum desk_outcome desk_key(struct desk *d, const struct key *key, time_t now)
{
    enum desk_outcome outcome = DESK_AGAIN;

    if (!key_is(key, "Tab")) {
        complete_reset(&d->complete);
    }
    if (key_is(key, "C-l")) {
        outcome = DESK_REDRAW;
    } else if (d->mode == DESK_ASKING) {
        outcome = desk_answer(d, key);
    } else if (key_is(key, "paste")) {
        desk_paste(d, key->text);
    } else if (d->mode == DESK_SEARCHING) {
        desk_search_key(d, key);
    } else if (!desk_run_row(d, key)) {
        outcome = desk_type(d, key, now);
    }
    desk_settle(d);
    return outcome;
}

enum desk_outcome desk_feed(struct desk *d, char byte, time_t now)
{
    struct key key;

    return keys_feed(&d->keys, byte, &key) ? desk_key(d, &key, now) : DESK_AGAIN;
}

void desk_flush_keys(struct desk *d, time_t now)
{
    struct key key;

    if (keys_flush(&d->keys, &key)) {
        (void)desk_key(d, &key, now);
    }
}
