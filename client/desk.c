/* SPDX-License-Identifier: MIT */
/* What a person at the full screen has in front of them. Owns the prompt and what is being looked
 * at; keys are in desk_keys.c, the desk's own commands in desk_commands.c. */
#include "desk.h"

#include "typed.h"

#include "lib/utf8.h"

void desk_init(struct desk *d, struct model *model, const struct settings *settings,
               bool has_colour)
{
    size_t n = 0;

    *d = (struct desk){
        .model = model, .settings = *settings, .has_colour = has_colour, .is_dirty = true
    };
    model->config.settings = &d->settings;
    windows_init(&d->windows, model, &d->settings);
    edit_init(&d->edit);
    edit_init(&d->search);
    for (size_t i = 0; typed_name(i) != NULL && n < DESK_COMMANDS_MAX - 1; i++) {
        d->commands[n++] = typed_name(i);
    }
    for (size_t i = 0; desk_command_name(i) != NULL && n < DESK_COMMANDS_MAX - 1; i++) {
        d->commands[n++] = desk_command_name(i);
    }
    desk_settle(d);
}

void desk_fini(struct desk *d)
{
    windows_fini(&d->windows);
    edit_fini(&d->edit);
    edit_fini(&d->search);
    complete_reset(&d->complete);
    keys_fini(&d->keys);
    bytes_fini(&d->lines);
    bytes_fini(&d->paste);
    bytes_fini(&d->pasted);
    grid_fini(&d->grid);
}

/* -- the screen -- */

static void desk_put_prompt(const struct desk *d, struct buf *b)
{
    struct text rest = bytes_text(&d->paste);
    size_t n_lines = 0;

    switch (d->mode) {
    case DESK_TYPING:
        utf8_clean(window_name(windows_current(&d->windows)), UTF8_KEEP_NONE, b);
        buf_text_put(b, TEXT("> "));
        return;
    case DESK_SEARCHING:
        buf_text_put(b,
                     windows_current(&d->windows)->found == SCROLLBACK_NOWHERE && d->search.len > 0
                         ? TEXT("not found: ")
                         : TEXT("search: "));
        return;
    case DESK_ASKING: break;
    }
    while (rest.len > 0) {
        n_lines += text_cut(&rest, '\n').len > 0 ? 1 : 0;
    }
    buf_format(b, "say %zu line%s? (y)es, (n)o, (e)dit as one ", n_lines, n_lines == 1 ? "" : "s");
}

struct view desk_view(const struct desk *d, struct buf *prompt)
{
    static const struct edit nothing = { .len = 0 };
    struct text shown, connection = { .at = d->connection, .len = d->connection_len };

    desk_put_prompt(d, prompt);
    shown = buf_text(prompt);
    desk_put_pasting(d, prompt);
    if (prompt->len > shown.len) {
        connection = (struct text){ .at = shown.at + shown.len, .len = prompt->len - shown.len };
    }
    return (struct view){
        .windows = &d->windows,
        .edit = d->mode == DESK_TYPING      ? &d->edit
                : d->mode == DESK_SEARCHING ? &d->search
                                            : &nothing,
        .prompt = shown,
        .connection = connection,
        .has_colour = d->has_colour,
    };
}

void desk_draw(struct desk *d)
{
    char bytes[DESK_PROMPT_MAX];
    struct buf prompt = buf_over(bytes, sizeof(bytes));
    struct view v = desk_view(d, &prompt);

    view_draw(&v, &d->grid);
    d->is_dirty = false;
}

void desk_resize(struct desk *d, unsigned rows, unsigned columns)
{
    grid_reset(&d->grid, rows, columns);
    d->is_dirty = true;
}

void desk_set_connection(struct desk *d, struct text state)
{
    struct text shown = { .at = d->connection, .len = d->connection_len };
    struct buf b = buf_over(d->connection, sizeof(d->connection));

    if (text_equal(state, shown)) {
        return;
    }
    utf8_clean(state, UTF8_KEEP_NONE, &b);
    d->connection_len = b.len;
    d->is_dirty = true;
}

/* -- windows -- */

struct text desk_target(const struct desk *d)
{
    const struct window *w = windows_current(&d->windows);

    return w->kind == WINDOW_SERVER ? TEXT_NONE : window_name(w);
}

void desk_settle(struct desk *d)
{
    struct window *w = windows_current(&d->windows);

    model_set_target(d->model, desk_target(d));
    if (d->windows.has_focus && w->scroll.at == SCROLLBACK_NOWHERE) {
        window_seen(w);
    }
    d->is_dirty = true;
}

void desk_take(struct desk *d, const struct event *event)
{
    windows_take(&d->windows, event);
    desk_settle(d);
}

void desk_scroll_to_end(struct desk *d)
{
    windows_current(&d->windows)->scroll = (struct window_scroll){ .at = SCROLLBACK_NOWHERE };
    windows_current(&d->windows)->found = SCROLLBACK_NOWHERE;
}

/* -- what is to be said -- */

bool desk_next_line(struct desk *d, struct text *out_line)
{
    struct text rest;

    bytes_drop(&d->lines, d->n_given);
    d->n_given = 0;
    desk_pasted_is_said(d);
    rest = bytes_text(&d->lines);
    if (rest.len == 0) {
        return desk_next_pasted(d, out_line);
    }
    *out_line = text_cut(&rest, '\n');
    d->n_given = out_line->len + 1;
    return true;
}
