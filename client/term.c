/* SPDX-License-Identifier: MIT */
/* The terminal. Owns its settings, the bytes read and the one line at the bottom. Knows nothing of
 * chatting. While is_raw, the settings differ from those found at the start; term_fini() restores
 * them, whatever happened. */
#include "term.h"

#include "lib/utf8.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

enum { TERM_COLUMNS_GUESS = 80, TERM_COLUMNS_LEAST = 8, TERM_READ_BYTES = 4096 };

static bool term_is_dumb(const char *type)
{
    return type == NULL || type[0] == '\0' || strcmp(type, "dumb") == 0;
}

bool term_wants_colour(const struct term_config *config)
{
    switch (config->colour) {
    case TERM_COLOUR_ALWAYS: return true;
    case TERM_COLOUR_NEVER: return false;
    case TERM_COLOUR_AUTO: break;
    }
    return isatty(config->out) && !term_is_dumb(config->type) &&
           (config->no_color == NULL || config->no_color[0] == '\0');
}

bool term_can_edit(const struct term_config *config)
{
    return !config->is_plain && isatty(config->in) && isatty(config->out) &&
           !term_is_dumb(config->type);
}

int term_init(struct term *t, const struct term_config *config)
{
    *t = (struct term){ .in = config->in, .out = config->out };
    t->is_terminal = isatty(t->in);
    t->has_colour = term_wants_colour(config);
    if (!term_can_edit(config)) {
        return 0;
    }
    if (tcgetattr(t->in, &t->saved) < 0) {
        return -errno;
    }
    t->edit = malloc(sizeof(*t->edit));
    if (t->edit == NULL) {
        return -ENOMEM;
    }
    edit_init(t->edit);
    t->is_editing = true;
    term_resume(t);
    return 0;
}

void term_fini(struct term *t)
{
    term_pause(t);
    bytes_fini(&t->input);
    if (t->edit != NULL) {
        edit_fini(t->edit);
    }
    free(t->edit);
    t->edit = NULL;
    t->is_editing = false;
}

static void term_write(struct term *t, struct text bytes)
{
    while (bytes.len > 0 && !t->is_broken) {
        ssize_t n = write(t->out, bytes.at, bytes.len);

        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n < 0) {
            t->is_broken = true;
            return;
        }
        bytes = (struct text){ .at = bytes.at + n, .len = bytes.len - (size_t)n };
    }
}

static size_t term_columns(const struct term *t)
{
    struct winsize size;

    if (ioctl(t->out, TIOCGWINSZ, &size) < 0 || size.ws_col == 0) {
        return TERM_COLUMNS_GUESS;
    }
    return size.ws_col < TERM_COLUMNS_LEAST ? TERM_COLUMNS_LEAST : size.ws_col;
}

/* The prompt keeps to half of the row, so that there is room to type on any screen. */
static void term_put_input_line(struct term *t, struct bytes *out)
{
    struct text prompt = { .at = t->prompt, .len = t->prompt_len };
    size_t columns = term_columns(t);
    char move[32];
    struct buf b = buf_over(move, sizeof(move));
    size_t prompt_columns, cursor;
    struct text view;

    while (utf8_columns(prompt) > columns / 2) {
        prompt.len -= utf8_last_len(prompt);
    }
    prompt_columns = utf8_columns(prompt);
    view = edit_view(t->edit, columns - prompt_columns, &cursor);
    bytes_put(out, TEXT("\r"));
    bytes_put(out, prompt);
    bytes_put(out, view);
    bytes_put(out, TEXT("\x1B[K\r"));
    if (prompt_columns + cursor > 0) {
        buf_format(&b, "\x1B[%zuC", prompt_columns + cursor);
        bytes_put(out, buf_text(&b));
    }
}

void term_redraw(struct term *t)
{
    struct bytes out = { .at = NULL };

    if (!t->is_raw) {
        return;
    }
    term_put_input_line(t, &out);
    term_write(t, bytes_text(&out));
    bytes_fini(&out);
}

/* One write for all three steps, so that no terminal shows the row between them. */
void term_print(struct term *t, struct text lines)
{
    struct bytes out = { .at = NULL };

    if (!t->is_raw) {
        term_write(t, lines);
        return;
    }
    bytes_put(&out, TEXT("\r\x1B[K"));
    bytes_put(&out, lines);
    term_put_input_line(t, &out);
    term_write(t, bytes_text(&out));
    bytes_fini(&out);
}

void term_set_prompt(struct term *t, struct text prompt)
{
    char bytes[TERM_PROMPT_MAX];
    struct buf b = buf_over(bytes, sizeof(bytes));

    utf8_clean(prompt, UTF8_KEEP_NONE, &b);
    if (text_equal(buf_text(&b), (struct text){ .at = t->prompt, .len = t->prompt_len })) {
        return;
    }
    memcpy(t->prompt, bytes, b.len);
    t->prompt_len = b.len;
    term_redraw(t);
}

void term_pause(struct term *t)
{
    if (!t->is_raw) {
        return;
    }
    term_write(t, TEXT("\r\x1B[K"));
    (void)tcsetattr(t->in, TCSANOW, &t->saved);
    t->is_raw = false;
}

/* OPOST stays, so that "\n" still begins a new row for whoever writes to this terminal besides us.
 */
void term_resume(struct term *t)
{
    struct termios raw = t->saved;

    if (!t->is_editing) {
        return;
    }
    raw.c_iflag &= ~(tcflag_t)(ICRNL | INLCR | IGNCR | IXON | ISTRIP | BRKINT);
    raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO | ISIG | IEXTEN);
    raw.c_cc[VMIN] = 1;
    raw.c_cc[VTIME] = 0;
    if (tcsetattr(t->in, TCSANOW, &raw) == 0) {
        t->is_raw = true;
        term_redraw(t);
    }
}

int term_read(struct term *t)
{
    char bytes[TERM_READ_BYTES];
    ssize_t n = read(t->in, bytes, sizeof(bytes));

    if (n < 0 && (errno == EINTR || errno == EAGAIN)) {
        return 0;
    }
    if (n < 0 && errno != EIO) { /* EIO: the terminal is gone, which is an end like any other */
        return -errno;
    }
    if (n <= 0) {
        t->has_ended = true;
        return 0;
    }
    bytes_put(&t->input, (struct text){ .at = bytes, .len = (size_t)n });
    return 0;
}

static int term_feed_edit(struct term *t, struct text *out_line)
{
    struct text input = bytes_text(&t->input);
    int r = 0;
    size_t n = 0;

    while (n < input.len && r == 0) {
        r = edit_feed(t->edit, input.at[n++]);
    }
    bytes_drop(&t->input, n);
    if (n > 0) {
        term_redraw(t);
    }
    switch ((enum edit_outcome)r) {
    case EDIT_LINE: *out_line = edit_entered(t->edit); return TERM_LINE;
    case EDIT_END: return TERM_END;
    case EDIT_STOP: return TERM_STOP;
    case EDIT_UNKNOWN: break;
    }
    return t->has_ended ? TERM_END : TERM_AGAIN;
}

static int term_cut_line(struct term *t, struct text *out_line)
{
    struct text input = bytes_text(&t->input);
    size_t len = text_find(input, '\n');

    if (len > TERM_LINE_MAX) {
        len = utf8_fit(input, TERM_LINE_MAX);
        t->n_given = len;
    } else if (len < input.len) {
        t->n_given = len + 1;
    } else if (!t->has_ended) {
        return TERM_AGAIN;
    } else if (len == 0) {
        return TERM_END;
    } else {
        t->n_given = len;
    }
    if (len > 0 && input.at[len - 1] == '\r') {
        len--;
    }
    *out_line = (struct text){ .at = input.at, .len = len };
    return TERM_LINE;
}

int term_next_line(struct term *t, struct text *out_line)
{
    bytes_drop(&t->input, t->n_given);
    t->n_given = 0;
    return t->is_editing ? term_feed_edit(t, out_line) : term_cut_line(t, out_line);
}
