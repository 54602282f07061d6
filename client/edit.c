/* SPDX-License-Identifier: MIT */
/* The line that is being typed. Owns its text, cursor, kill ring and what can be undone; which key
 * does what is the business of edit_keys.c. */
#include "edit.h"

#include "grapheme.h"

#include "lib/utf8.h"

#include <stdlib.h>
#include <string.h>

void edit_init(struct edit *e)
{
    *e = (struct edit){ .len = 0 };
}

void edit_fini(struct edit *e)
{
    for (size_t i = 0; i < e->n_kills; i++) {
        free(e->kills[i]);
    }
    for (size_t i = 0; i < e->n_undos; i++) {
        free(e->undos[i].line);
    }
    history_fini(&e->history);
    keys_fini(&e->keys);
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

struct text edit_before(const struct edit *e)
{
    return (struct text){ .at = e->line, .len = e->cursor };
}

struct text edit_behind(const struct edit *e)
{
    return (struct text){ .at = e->line + e->cursor, .len = e->len - e->cursor };
}

/* What is typed between a letter and the mark behind it may make one character of both: then the
 * cursor goes behind it. */
void edit_settle(struct edit *e)
{
    size_t at = 0;

    while (at < e->cursor) {
        at += grapheme_first((struct text){ .at = e->line + at, .len = e->len - at }).len;
    }
    e->cursor = at;
}

void edit_cut(struct edit *e, size_t from, size_t to)
{
    memmove(e->line + from, e->line + to, e->len - to);
    e->len -= to - from;
    e->cursor = from;
    edit_settle(e);
}

void edit_insert(struct edit *e, struct text t)
{
    if (t.len > sizeof(e->line) - e->len || !utf8_is_clean(t, UTF8_KEEP_NONE)) {
        return;
    }
    memmove(e->line + e->cursor + t.len, e->line + e->cursor, e->len - e->cursor);
    memcpy(e->line + e->cursor, t.at, t.len);
    e->len += t.len;
    e->cursor += t.len;
    edit_settle(e);
}

void edit_load(struct edit *e, const char *line)
{
    e->len = size_min(strlen(line), sizeof(e->line));
    e->cursor = e->len;
    memcpy(e->line, line, e->len);
}

void edit_clear(struct edit *e)
{
    edit_save(e);
    e->len = 0;
    e->cursor = 0;
}

void edit_replace_before(struct edit *e, size_t len, struct text t)
{
    edit_save(e);
    edit_cut(e, e->cursor - size_min(len, e->cursor), e->cursor);
    edit_insert(e, t);
}

void edit_insert_text(struct edit *e, struct text t)
{
    size_t size = t.len * UTF8_REPLACEMENT_BYTES + 1;
    char *raw = malloc(size), *bytes = malloc(size);
    struct buf clean;

    if (raw == NULL || bytes == NULL) {
        abort();
    }
    memcpy(raw, t.at, t.len);
    for (size_t i = 0; i < t.len; i++) {
        raw[i] = (char)(raw[i] == '\n' || raw[i] == '\r' ? ' ' : raw[i]);
    }
    clean = buf_over(bytes, size);
    utf8_clean((struct text){ .at = raw, .len = t.len }, UTF8_KEEP_NONE, &clean);
    edit_save(e);
    edit_insert(e, buf_text(&clean));
    e->before = EDIT_CHANGES;
    free(raw);
    free(bytes);
}

/* -- words -- */

static bool edit_is_word_byte(char c)
{
    return (unsigned char)c >= 0x80 || (c >= '0' && c <= '9') ||
           (text_lower(c) >= 'a' && text_lower(c) <= 'z');
}

size_t edit_word_before(const struct edit *e)
{
    size_t at = e->cursor;

    while (at > 0 && !edit_is_word_byte(e->line[at - 1])) {
        at--;
    }
    while (at > 0 && edit_is_word_byte(e->line[at - 1])) {
        at--;
    }
    return at;
}

size_t edit_word_behind(const struct edit *e)
{
    size_t at = e->cursor;

    while (at < e->len && !edit_is_word_byte(e->line[at])) {
        at++;
    }
    while (at < e->len && edit_is_word_byte(e->line[at])) {
        at++;
    }
    return at;
}

/* -- killing and yanking -- */

static void edit_push_kill(struct edit *e, char *kill)
{
    if (e->n_kills == EDIT_KILLS_MAX) {
        free(e->kills[--e->n_kills]);
    }
    memmove(&e->kills[1], &e->kills[0], e->n_kills * sizeof(e->kills[0]));
    e->kills[0] = kill;
    e->n_kills++;
}

void edit_kill(struct edit *e, size_t from, size_t to)
{
    char bytes[2 * EDIT_LINE_MAX];
    struct buf b = buf_over(bytes, sizeof(bytes));
    bool is_more = e->before == EDIT_KILLS && e->n_kills > 0;
    struct text killed = { .at = e->line + from, .len = to - from };

    if (killed.len == 0) {
        return;
    }
    if (from < e->cursor) {
        buf_text_put(&b, killed);
    }
    buf_text_put(&b, is_more ? text_of(e->kills[0]) : TEXT_NONE);
    if (from >= e->cursor) {
        buf_text_put(&b, killed);
    }
    if (is_more) {
        free(e->kills[0]);
        e->kills[0] = history_copy(buf_text(&b));
    } else {
        edit_push_kill(e, history_copy(buf_text(&b)));
    }
    edit_cut(e, from, to);
}

void edit_yank(struct edit *e)
{
    if (e->n_kills > 0) {
        e->kill_at = 0;
        e->yank_from = e->cursor;
        edit_insert(e, text_of(e->kills[0]));
    }
}

void edit_yank_earlier(struct edit *e)
{
    if (e->before != EDIT_YANKS || e->n_kills == 0 || e->yank_from > e->cursor) {
        return;
    }
    e->kill_at = (e->kill_at + 1) % e->n_kills;
    edit_cut(e, e->yank_from, e->cursor);
    e->yank_from = e->cursor;
    edit_insert(e, text_of(e->kills[e->kill_at]));
}

/* -- undo -- */

void edit_save(struct edit *e)
{
    if (e->n_undos == EDIT_UNDO_MAX) {
        free(e->undos[0].line);
        e->n_undos--;
        memmove(&e->undos[0], &e->undos[1], e->n_undos * sizeof(e->undos[0]));
    }
    e->undos[e->n_undos++] =
        (struct edit_undo){ .line = history_copy(edit_text(e)), .cursor = e->cursor };
}

void edit_undo(struct edit *e)
{
    struct edit_undo undo;

    if (e->n_undos == 0) {
        return;
    }
    undo = e->undos[--e->n_undos];
    edit_load(e, undo.line);
    e->cursor = undo.cursor;
    free(undo.line);
}

/* -- what of it can be seen -- */

struct text edit_view(const struct edit *e, size_t columns, size_t *out_cursor)
{
    struct text view = edit_text(e);
    size_t room = columns == 0 ? 0 : columns - 1;
    size_t before_max = utf8_columns(view) <= room ? room : room - room / 4;
    size_t start = e->cursor, end = e->cursor, used = 0;

    while (start > 0) {
        size_t n = grapheme_last_len((struct text){ .at = e->line, .len = start });
        size_t width = utf8_columns((struct text){ .at = e->line + start - n, .len = n });

        if (used + width > before_max) {
            break;
        }
        start -= n;
        used += width;
    }
    *out_cursor = used;
    while (end < e->len) {
        size_t n = grapheme_first((struct text){ .at = e->line + end, .len = e->len - end }).len;

        used += utf8_columns((struct text){ .at = e->line + end, .len = n });
        if (used > room) {
            break;
        }
        end += n;
    }
    return (struct text){ .at = e->line + start, .len = end - start };
}
