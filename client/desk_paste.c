/* SPDX-License-Identifier: MIT */
/* Pasting. One line is typed, several ask first. What is said then waits its turn as far as the
 * server tells what it has heard, so that it can be stopped; it goes where it was pasted, whatever
 * is looked at meanwhile. */
#include "desk.h"

#include "lib/utf8.h"

/* -- asking -- */

/* What is pasted is text, never a command; a line that nobody could type goes in pieces. Each says
 * where it goes: there may be another paste, elsewhere, before it is said. */
static void desk_say_line(struct desk *d, struct text to, struct text line)
{
    while (line.len > 0) {
        size_t n = utf8_fit(line, EDIT_LINE_MAX - 1);

        bytes_put(&d->pasted, to);
        bytes_put(&d->pasted, TEXT(" "));
        bytes_put(&d->pasted, line.at[0] == '/' ? TEXT("/") : TEXT_NONE);
        bytes_put(&d->pasted, (struct text){ .at = line.at, .len = n });
        bytes_put(&d->pasted, TEXT("\n"));
        d->n_pasted++;
        line = (struct text){ .at = line.at + n, .len = line.len - n };
    }
}

static void desk_say_pasted(struct desk *d)
{
    struct text rest = bytes_text(&d->paste);
    struct text to = desk_target(d);

    while (rest.len > 0) {
        desk_say_line(d, to, text_cut(&rest, '\n'));
    }
}

static bool desk_paste_fits(const struct desk *d)
{
    return bytes_text(&d->paste).len <= EDIT_LINE_MAX - d->edit.len;
}

enum desk_outcome desk_answer(struct desk *d, const struct key *key)
{
    bool is_yes = key_is(key, "text") && text_equal_nocase(key->text, TEXT("y"));
    bool is_edit =
        key_is(key, "text") && text_equal_nocase(key->text, TEXT("e")) && desk_paste_fits(d);
    bool is_no = key_is(key, "Esc") || key_is(key, "C-g") || key_is(key, "C-c") ||
                 (key_is(key, "text") && text_equal_nocase(key->text, TEXT("n")));

    if (!is_yes && !is_edit && !is_no) {
        return DESK_AGAIN;
    }
    if (is_yes) {
        desk_say_pasted(d);
    }
    if (is_edit) {
        edit_insert_text(&d->edit, bytes_text(&d->paste));
    }
    bytes_fini(&d->paste);
    d->mode = DESK_TYPING;
    return is_yes ? DESK_LINE : DESK_AGAIN;
}

/* CR LF and CR become LF, which is what terminals make of line breaks anyway. A line break at the
 * very end makes no second line. */
void desk_paste(struct desk *d, struct text pasted)
{
    struct text lines;

    bytes_fini(&d->paste);
    for (size_t i = 0; i < pasted.len; i++) {
        bool is_crlf = pasted.at[i] == '\r' && i + 1 < pasted.len && pasted.at[i + 1] == '\n';
        char c = (char)(pasted.at[i] == '\r' ? '\n' : pasted.at[i]);

        if (!is_crlf) {
            bytes_put(&d->paste, (struct text){ .at = &c, .len = 1 });
        }
    }
    lines = bytes_text(&d->paste);
    while (lines.len > 0 && lines.at[lines.len - 1] == '\n') {
        lines.len--;
    }
    d->paste.end = d->paste.start + lines.len;
    if (text_find(lines, '\n') < lines.len || !desk_paste_fits(d)) {
        d->mode = DESK_ASKING;
        return;
    }
    edit_insert_text(&d->edit, lines);
    bytes_fini(&d->paste);
}

/* -- saying -- */

static bool desk_may_say_pasted(const struct desk *d)
{
    return d->n_pasted > 0 && d->model->state == MODEL_READY &&
           (!d->model->has_echo || bytes_text(&d->model->unheard).len < DESK_PASTE_AHEAD);
}

/* The model says to where it was pasted, for the time of this line. */
bool desk_next_pasted(struct desk *d, struct text *out_line)
{
    struct text rest = bytes_text(&d->pasted);

    if (!desk_may_say_pasted(d)) {
        return false;
    }
    *out_line = text_cut(&rest, '\n');
    d->n_pasted_given = out_line->len + 1;
    d->n_pasted--;
    model_set_target(d->model, text_cut(out_line, ' '));
    return true;
}

/* The pasted line that was handed out is said. */
void desk_pasted_is_said(struct desk *d)
{
    if (d->n_pasted_given > 0) {
        bytes_drop(&d->pasted, d->n_pasted_given);
        d->n_pasted_given = 0;
        desk_settle(d);
    }
}

bool desk_stop_pasting(struct desk *d, time_t now)
{
    char bytes[80];
    struct buf b = buf_over(bytes, sizeof(bytes));

    desk_pasted_is_said(d);
    if (d->n_pasted == 0) {
        return false;
    }
    buf_format(&b, "%zu pasted line%s not said", d->n_pasted, d->n_pasted == 1 ? " is" : "s are");
    bytes_fini(&d->pasted);
    d->n_pasted = 0;
    windows_note(&d->windows, EVENT_INFO, now, buf_text(&b));
    return true;
}

/* Empty if nothing waits. */
void desk_put_pasting(const struct desk *d, struct buf *out)
{
    if (d->n_pasted > 0) {
        buf_format(out, "%zu more to say, ^C stops", d->n_pasted);
    }
}
