/* SPDX-License-Identifier: MIT */
/* The line that is being typed. Owns its text, cursor and history. Bytes of one key may come one by
 * one: what is incomplete waits in `sequence`, and an unknown key changes nothing. */
#include "edit.h"

#include "lib/utf8.h"

#include <stdlib.h>
#include <string.h>

enum {
    EDIT_CTRL_C = 0x03,
    EDIT_CTRL_D = 0x04,
    EDIT_CTRL_Z = 0x1A,
    EDIT_ESCAPE = 0x1B,
};

struct edit_key {
    const char *bytes;
    void (*run)(struct edit *);
};

void edit_init(struct edit *e)
{
    *e = (struct edit){ .len = 0 };
}

void edit_fini(struct edit *e)
{
    for (size_t i = 0; i < e->n_history; i++) {
        free(e->history[i]);
    }
    free(e->draft);
    edit_init(e);
}

struct text edit_text(const struct edit *e)
{
    return (struct text){ .at = e->line, .len = e->len };
}

struct text edit_entered(const struct edit *e)
{
    return (struct text){ .at = e->entered, .len = e->entered_len };
}

static struct text edit_before(const struct edit *e)
{
    return (struct text){ .at = e->line, .len = e->cursor };
}

static struct text edit_behind(const struct edit *e)
{
    return (struct text){ .at = e->line + e->cursor, .len = e->len - e->cursor };
}

static size_t edit_char_len(char first)
{
    unsigned char c = (unsigned char)first;

    return c < 0xC0 ? 1 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4;
}

/* Bytes of the last visible character of t, with the combining marks on it. */
static size_t edit_last_len(struct text t)
{
    size_t len = 0;

    while (len < t.len) {
        struct text left = { .at = t.at, .len = t.len - len };
        size_t n = utf8_last_len(left);

        len += n;
        if (utf8_columns((struct text){ .at = left.at + left.len - n, .len = n }) > 0) {
            break;
        }
    }
    return len;
}

/* The same for the first one. */
static size_t edit_first_len(struct text t)
{
    size_t len = t.len == 0 ? 0 : size_min(edit_char_len(t.at[0]), t.len);

    while (len < t.len) {
        size_t n = size_min(edit_char_len(t.at[len]), t.len - len);

        if (utf8_columns((struct text){ .at = t.at + len, .len = n }) > 0) {
            break;
        }
        len += n;
    }
    return len;
}

static void edit_cut(struct edit *e, size_t from, size_t to)
{
    memmove(e->line + from, e->line + to, e->len - to);
    e->len -= to - from;
    e->cursor = from;
}

static void edit_insert(struct edit *e, struct text t)
{
    if (t.len > sizeof(e->line) - e->len || !utf8_is_clean(t, UTF8_KEEP_NONE)) {
        return;
    }
    memmove(e->line + e->cursor + t.len, e->line + e->cursor, e->len - e->cursor);
    memcpy(e->line + e->cursor, t.at, t.len);
    e->len += t.len;
    e->cursor += t.len;
}

static void edit_left(struct edit *e)
{
    e->cursor -= edit_last_len(edit_before(e));
}

static void edit_right(struct edit *e)
{
    e->cursor += edit_first_len(edit_behind(e));
}

static void edit_home(struct edit *e)
{
    e->cursor = 0;
}

static void edit_end(struct edit *e)
{
    e->cursor = e->len;
}

static void edit_backspace(struct edit *e)
{
    edit_cut(e, e->cursor - edit_last_len(edit_before(e)), e->cursor);
}

static void edit_delete(struct edit *e)
{
    edit_cut(e, e->cursor, e->cursor + edit_first_len(edit_behind(e)));
}

static void edit_kill_behind(struct edit *e)
{
    edit_cut(e, e->cursor, e->len);
}

static void edit_kill_before(struct edit *e)
{
    edit_cut(e, 0, e->cursor);
}

static void edit_kill_word(struct edit *e)
{
    size_t from = e->cursor;

    while (from > 0 && e->line[from - 1] == ' ') {
        from--;
    }
    while (from > 0 && e->line[from - 1] != ' ') {
        from--;
    }
    edit_cut(e, from, e->cursor);
}

static char *edit_copy(struct text t)
{
    char *copy = strndup(t.at, t.len); /* no NUL in it: it is clean */

    if (copy == NULL) {
        abort();
    }
    return copy;
}

static void edit_load(struct edit *e, const char *line)
{
    e->len = strlen(line);
    e->cursor = e->len;
    memcpy(e->line, line, e->len);
}

static void edit_up(struct edit *e)
{
    if (e->history_at == 0) {
        return;
    }
    if (e->history_at == e->n_history) {
        free(e->draft);
        e->draft = edit_copy(edit_text(e));
    }
    edit_load(e, e->history[--e->history_at]);
}

static void edit_down(struct edit *e)
{
    if (e->history_at == e->n_history) {
        return;
    }
    e->history_at++;
    edit_load(e, e->history_at == e->n_history ? e->draft : e->history[e->history_at]);
}

static void edit_remember(struct edit *e)
{
    if (e->entered_len > 0) {
        if (e->n_history == EDIT_HISTORY_MAX) {
            free(e->history[0]);
            e->n_history--;
            memmove(e->history, e->history + 1, e->n_history * sizeof(e->history[0]));
        }
        e->history[e->n_history++] = edit_copy(edit_entered(e));
    }
    e->history_at = e->n_history;
}

static int edit_enter(struct edit *e)
{
    memcpy(e->entered, e->line, e->len);
    e->entered_len = e->len;
    edit_remember(e);
    e->len = 0;
    e->cursor = 0;
    return EDIT_LINE;
}

static const struct edit_key edit_keys[] = {
    { "\x1B\x7F", edit_kill_word }, { "\x01", edit_home },
    { "\x02", edit_left },          { "\x04", edit_delete },
    { "\x05", edit_end },           { "\x06", edit_right },
    { "\x08", edit_backspace },     { "\x0B", edit_kill_behind },
    { "\x0E", edit_down },          { "\x10", edit_up },
    { "\x15", edit_kill_before },   { "\x17", edit_kill_word },
    { "\x7F", edit_backspace },     { "\x1B[A", edit_up },
    { "\x1B[B", edit_down },        { "\x1B[C", edit_right },
    { "\x1B[D", edit_left },        { "\x1B[H", edit_home },
    { "\x1B[F", edit_end },         { "\x1BOA", edit_up },
    { "\x1BOB", edit_down },        { "\x1BOC", edit_right },
    { "\x1BOD", edit_left },        { "\x1BOH", edit_home },
    { "\x1BOF", edit_end },         { "\x1B[1~", edit_home },
    { "\x1B[7~", edit_home },       { "\x1B[3~", edit_delete },
    { "\x1B[4~", edit_end },        { "\x1B[8~", edit_end },
};

/* ESC [ parameters final, ESC O final, or ESC and one more byte (ECMA-48, 5.4). */
static bool edit_sequence_is_whole(const struct edit *e)
{
    size_t n = e->sequence_len;
    char last = e->sequence[n - 1];

    if (e->sequence[0] != EDIT_ESCAPE) {
        return n >= edit_char_len(e->sequence[0]);
    }
    if (n == 2) {
        return last != '[' && last != 'O';
    }
    return n > 2 && (e->sequence[1] == 'O' || (last >= '@' && last <= '~'));
}

static void edit_run_sequence(struct edit *e)
{
    struct text sequence = { .at = e->sequence, .len = e->sequence_len };

    e->sequence_len = 0;
    for (size_t i = 0; i < ARRAY_SIZE(edit_keys); i++) {
        if (text_equal(sequence, text_of(edit_keys[i].bytes))) {
            edit_keys[i].run(e);
            return;
        }
    }
    edit_insert(e, sequence); /* which takes nothing but text */
}

/* A byte that cannot continue what has begun ends that, and counts for itself. */
static void edit_drop_broken(struct edit *e, char byte)
{
    bool is_escape = e->sequence[0] == EDIT_ESCAPE;
    bool continues = ((unsigned char)byte & 0xC0) == 0x80;

    if (e->sequence_len > 0 &&
        (is_escape ? byte == EDIT_ESCAPE || (unsigned char)byte < 0x20 : !continues)) {
        e->sequence_len = 0;
    }
}

int edit_feed(struct edit *e, char byte)
{
    edit_drop_broken(e, byte);
    if (e->sequence_len == 0) {
        if (byte == '\r' || byte == '\n') {
            return edit_enter(e);
        }
        if (byte == EDIT_CTRL_C || (byte == EDIT_CTRL_D && e->len == 0)) {
            return EDIT_END;
        }
        if (byte == EDIT_CTRL_Z) {
            return EDIT_STOP;
        }
    }
    if (byte == '\t') {
        byte = ' ';
    }
    e->sequence[e->sequence_len++] = byte;
    if (edit_sequence_is_whole(e)) {
        edit_run_sequence(e);
    } else if (e->sequence_len == sizeof(e->sequence)) {
        e->sequence_len = 0; /* no key is that long */
    }
    return 0;
}

struct text edit_view(const struct edit *e, size_t columns, size_t *out_cursor)
{
    struct text before = edit_before(e);
    struct text view = edit_text(e);
    size_t room = columns == 0 ? 0 : columns - 1;
    size_t before_max = utf8_columns(view) <= room ? room : room - room / 4;
    size_t start = e->cursor, end = e->cursor, used = 0;

    while (start > 0) {
        size_t n = edit_last_len((struct text){ .at = before.at, .len = start });
        size_t width = utf8_columns((struct text){ .at = before.at + start - n, .len = n });

        if (used + width > before_max) {
            break;
        }
        start -= n;
        used += width;
    }
    *out_cursor = used;
    while (end < e->len) {
        size_t n = edit_first_len((struct text){ .at = e->line + end, .len = e->len - end });

        used += utf8_columns((struct text){ .at = e->line + end, .len = n });
        if (used > room) {
            break;
        }
        end += n;
    }
    return (struct text){ .at = e->line + start, .len = end - start };
}
