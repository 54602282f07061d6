/* SPDX-License-Identifier: MIT */
/* Which key does what to the line. A part of edit. A key is a row; before the text changes its
 * state is saved for undo, once for letters that are typed in a row. */
#include "edit.h"

#include "grapheme.h"

#include <string.h>

struct edit_row {
    const char *key;
    enum edit_kind kind;
    void (*run)(struct edit *);
};

static void edit_left(struct edit *e)
{
    e->cursor -= grapheme_last_len(edit_before(e));
}

static size_t edit_next(const struct edit *e)
{
    struct text behind = edit_behind(e);

    return behind.len == 0 ? e->cursor : e->cursor + grapheme_first(behind).len;
}

static void edit_right(struct edit *e)
{
    e->cursor = edit_next(e);
}

static void edit_home(struct edit *e)
{
    e->cursor = 0;
}

static void edit_end(struct edit *e)
{
    e->cursor = e->len;
}

static void edit_word_left(struct edit *e)
{
    e->cursor = edit_word_before(e);
}

static void edit_word_right(struct edit *e)
{
    e->cursor = edit_word_behind(e);
}

static void edit_backspace(struct edit *e)
{
    edit_cut(e, e->cursor - grapheme_last_len(edit_before(e)), e->cursor);
}

static void edit_delete(struct edit *e)
{
    edit_cut(e, e->cursor, edit_next(e));
}

static void edit_kill_behind(struct edit *e)
{
    edit_kill(e, e->cursor, e->len);
}

static void edit_kill_before(struct edit *e)
{
    edit_kill(e, 0, e->cursor);
}

/* Back to a space: what a shell does. */
static void edit_kill_big_word(struct edit *e)
{
    size_t from = e->cursor;

    while (from > 0 && e->line[from - 1] == ' ') {
        from--;
    }
    while (from > 0 && e->line[from - 1] != ' ') {
        from--;
    }
    edit_kill(e, from, e->cursor);
}

static void edit_kill_word_before(struct edit *e)
{
    edit_kill(e, edit_word_before(e), e->cursor);
}

static void edit_kill_word_behind(struct edit *e)
{
    edit_kill(e, e->cursor, edit_word_behind(e));
}

/* The characters on both sides of the cursor; at the end the last two. */
static void edit_swap(struct edit *e)
{
    char first[EDIT_LINE_MAX];
    size_t before = e->cursor;
    size_t n;

    if (e->cursor == e->len) {
        edit_left(e);
    }
    n = grapheme_last_len(edit_before(e));
    if (n == 0) {
        e->cursor = before;
        return;
    }
    memcpy(first, e->line + e->cursor - n, n);
    edit_cut(e, e->cursor - n, e->cursor);
    edit_right(e);
    edit_insert(e, (struct text){ .at = first, .len = n });
}

static void edit_up(struct edit *e)
{
    const char *line = history_up(&e->history, edit_text(e));

    if (line != NULL) {
        edit_load(e, line);
    }
}

static void edit_down(struct edit *e)
{
    const char *line = history_down(&e->history);

    if (line != NULL) {
        edit_load(e, line);
    }
}

static const struct edit_row edit_rows[] = {
    { "C-a", EDIT_MOVES, edit_home },
    { "Home", EDIT_MOVES, edit_home },
    { "C-e", EDIT_MOVES, edit_end },
    { "End", EDIT_MOVES, edit_end },
    { "C-b", EDIT_MOVES, edit_left },
    { "Left", EDIT_MOVES, edit_left },
    { "C-f", EDIT_MOVES, edit_right },
    { "Right", EDIT_MOVES, edit_right },
    { "M-b", EDIT_MOVES, edit_word_left },
    { "M-Left", EDIT_MOVES, edit_word_left },
    { "C-Left", EDIT_MOVES, edit_word_left },
    { "M-f", EDIT_MOVES, edit_word_right },
    { "M-Right", EDIT_MOVES, edit_word_right },
    { "C-Right", EDIT_MOVES, edit_word_right },
    { "Backspace", EDIT_CHANGES, edit_backspace },
    { "C-d", EDIT_CHANGES, edit_delete },
    { "Delete", EDIT_CHANGES, edit_delete },
    { "C-t", EDIT_CHANGES, edit_swap },
    { "C-k", EDIT_KILLS, edit_kill_behind },
    { "C-u", EDIT_KILLS, edit_kill_before },
    { "C-w", EDIT_KILLS, edit_kill_big_word },
    { "M-d", EDIT_KILLS, edit_kill_word_behind },
    { "M-Backspace", EDIT_KILLS, edit_kill_word_before },
    { "C-y", EDIT_YANKS, edit_yank },
    { "M-y", EDIT_YANKS, edit_yank_earlier },
    { "C-_", EDIT_UNDOES, edit_undo },
    { "Up", EDIT_CHANGES, edit_up },
    { "C-p", EDIT_CHANGES, edit_up },
    { "Down", EDIT_CHANGES, edit_down },
    { "C-n", EDIT_CHANGES, edit_down },
};

static int edit_enter(struct edit *e)
{
    memcpy(e->entered, e->line, e->len);
    e->entered_len = e->len;
    history_add(&e->history, edit_entered(e));
    e->len = 0;
    e->cursor = 0;
    e->before = EDIT_CHANGES;
    return EDIT_LINE;
}

static void edit_take_text(struct edit *e, struct text t)
{
    if (e->before != EDIT_TYPES || text_equal(t, TEXT(" "))) {
        edit_save(e);
    }
    edit_insert(e, t);
    e->before = EDIT_TYPES;
}

static int edit_run(struct edit *e, const struct edit_row *row)
{
    if (row->kind != EDIT_MOVES && row->kind != EDIT_UNDOES) {
        edit_save(e);
    }
    row->run(e);
    edit_settle(e);
    e->before = row->kind;
    return 0;
}

int edit_key(struct edit *e, const struct key *key)
{
    if (key_is(key, "text")) {
        edit_take_text(e, key->text);
        return 0;
    }
    if (key_is(key, "Enter")) {
        return edit_enter(e);
    }
    if (key_is(key, "C-c") || (key_is(key, "C-d") && e->len == 0)) {
        return EDIT_END;
    }
    if (key_is(key, "C-z")) {
        return EDIT_STOP;
    }
    for (size_t i = 0; i < ARRAY_SIZE(edit_rows); i++) {
        if (key_is(key, edit_rows[i].key)) {
            return edit_run(e, &edit_rows[i]);
        }
    }
    return EDIT_UNKNOWN;
}

/* Alone, without a screen around it: Tab is a space, and what was pasted goes into the line. */
int edit_feed(struct edit *e, char byte)
{
    static const struct key space = { .name = "text", .text = { .at = " ", .len = 1 } };
    struct key key;
    int r;

    if (!keys_feed(&e->keys, byte, &key)) {
        return 0;
    }
    if (key_is(&key, "paste")) {
        edit_insert_text(e, key.text);
        return 0;
    }
    r = edit_key(e, key_is(&key, "Tab") ? &space : &key);
    return r == EDIT_UNKNOWN ? 0 : r;
}
