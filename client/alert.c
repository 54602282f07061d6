/* SPDX-License-Identifier: MIT */
/* What the desktop is to show. Owns the sequences, and that no byte from the network can end one:
 * what is kept here has neither control characters nor IRC's formatting. */
#include "alert.h"

#include "lines.h"

#include "lib/utf8.h"

enum { ALERT_RAW_MAX = 1024 }; /* bytes looked at: more than can be shown */

/* How terminals say who they are. screen comes first: whatever runs outside of it, it keeps
 * sequences to itself. What stands in the environment inside tmux is of the terminal in which tmux
 * was started; if another one looks at it now, that one leaves out what it does not know. */
static const struct {
    const char *variable, *begins;
    bool is_in_tmux;
    enum settings_notify how;
} alert_rows[] = {
    { "TERM", "screen", false, SETTINGS_NOTIFY_OFF },
    { "TERM", "xterm-kitty", false, SETTINGS_NOTIFY_OSC99 },
    { "TERM", "foot", false, SETTINGS_NOTIFY_OSC777 },
    { "TERM", "rxvt-unicode", false, SETTINGS_NOTIFY_OSC777 },
    { "TERM", "xterm-ghostty", false, SETTINGS_NOTIFY_OSC777 },
    { "TERM_PROGRAM", "iTerm.app", false, SETTINGS_NOTIFY_OSC9 },
    { "TERM_PROGRAM", "WezTerm", false, SETTINGS_NOTIFY_OSC777 },
    { "TERM_PROGRAM", "ghostty", false, SETTINGS_NOTIFY_OSC777 },
    { "KITTY_WINDOW_ID", "", true, SETTINGS_NOTIFY_OSC99 },
    { "GHOSTTY_RESOURCES_DIR", "", true, SETTINGS_NOTIFY_OSC777 },
    { "WEZTERM_PANE", "", true, SETTINGS_NOTIFY_OSC777 },
    { "LC_TERMINAL", "iTerm2", true, SETTINGS_NOTIFY_OSC9 },
};

static bool alert_says(const char *(*look)(const char *), const char *variable, const char *begins)
{
    struct text value = text_of(look(variable));

    return value.len > 0 && text_starts_with(value, text_of(begins));
}

struct alert_place alert_place(const char *(*look)(const char *name))
{
    struct alert_place place = { .is_tmux = alert_says(look, "TMUX", "") ||
                                            alert_says(look, "TERM", "tmux") };

    for (size_t i = 0; i < ARRAY_SIZE(alert_rows); i++) {
        if (alert_rows[i].is_in_tmux == place.is_tmux &&
            alert_says(look, alert_rows[i].variable, alert_rows[i].begins)) {
            place.known = alert_rows[i].how;
            return place;
        }
    }
    return place;
}

static void alert_put_clean(struct text t, struct buf *out)
{
    t.len = utf8_fit(t, ALERT_RAW_MAX);
    lines_put_clean(t, out);
}

/* Cut where a character ends, and that it was cut can be seen. */
static size_t alert_keep(struct text t, char *at, size_t size)
{
    static const struct text more = { .at = "\xE2\x80\xA6", .len = 3 }; /* U+2026 */
    struct buf b = buf_over(at, size);
    bool is_cut = t.len > size;

    t.len = utf8_fit(t, is_cut ? size - more.len : size);
    buf_text_put(&b, t);
    buf_text_put(&b, is_cut ? more : TEXT_NONE);
    return b.len;
}

void alert_add(struct alert *a, struct text room, const struct scrollback_record *record)
{
    char bytes[(3 * ALERT_RAW_MAX) * UTF8_REPLACEMENT_BYTES];
    struct buf b = buf_over(bytes, sizeof(bytes));

    alert_put_clean(record->who, &b);
    buf_text_put(&b, record->who.len > 0 && room.len > 0 ? TEXT(" in ") : TEXT_NONE);
    alert_put_clean(room, &b);
    a->title_len = alert_keep(buf_text(&b), a->title, sizeof(a->title));
    b.len = 0;
    if (record->kind == EVENT_ACTION) {
        buf_text_put(&b, TEXT("* "));
        alert_put_clean(record->who, &b);
        buf_char(&b, ' ');
    }
    alert_put_clean(record->text, &b);
    a->body_len = alert_keep(buf_text(&b), a->body, sizeof(a->body));
    a->n++;
}

void alert_drop(struct alert *a)
{
    a->n = 0;
}

int64_t alert_due_ms(const struct alert *a)
{
    if (a->n == 0) {
        return INT64_MAX;
    }
    return a->was_shown ? a->shown_ms + ALERT_INTERVAL_MS : 0;
}

/* Its ';' would end the title. */
static void alert_put_field(struct text t, struct buf *out)
{
    for (size_t i = 0; i < t.len; i++) {
        buf_char(out, (char)(t.at[i] == ';' ? ',' : t.at[i]));
    }
}

static void alert_put_body(const struct alert *a, struct buf *out)
{
    buf_put(out, a->body, a->body_len);
    if (a->n > 1) {
        buf_format(out, " (and %u more)", a->n - 1);
    }
    buf_text_put(out, TEXT("\x1B\\"));
}

static void alert_put_sequence(const struct alert *a, enum settings_notify how, struct buf *out)
{
    struct text title = { .at = a->title, .len = a->title_len };

    switch (how) {
    case SETTINGS_NOTIFY_OFF:
    case SETTINGS_NOTIFY_AUTO: return;
    case SETTINGS_NOTIFY_OSC9: /* a digit in the first place means other things to some */
        buf_format(out, "\x1B]9;partyline: %.*s: ", TEXT_ARG(title));
        break;
    case SETTINGS_NOTIFY_OSC777:
        buf_text_put(out, TEXT("\x1B]777;notify;"));
        alert_put_field(title, out);
        buf_char(out, ';');
        break;
    case SETTINGS_NOTIFY_OSC99: /* the identifier lets a new one take the old one's place */
        buf_format(out, "\x1B]99;i=partyline:d=0;%.*s\x1B\\", TEXT_ARG(title));
        buf_text_put(out, TEXT("\x1B]99;i=partyline:p=body;"));
        break;
    }
    alert_put_body(a, out);
}

/* DCS tmux; with each ESC doubled, ST (tmux(1), allow-passthrough). */
static void alert_put_wrapped(struct text sequence, struct buf *out)
{
    buf_text_put(out, TEXT("\x1BPtmux;"));
    for (size_t i = 0; i < sequence.len; i++) {
        buf_text_put(out, sequence.at[i] == '\x1B' ? TEXT("\x1B") : TEXT_NONE);
        buf_char(out, sequence.at[i]);
    }
    buf_text_put(out, TEXT("\x1B\\"));
}

void alert_put(struct alert *a, enum settings_notify wish, const struct alert_place *place,
               int64_t now_ms, struct buf *out)
{
    char bytes[ALERT_BYTES_MAX];
    struct buf sequence = buf_over(bytes, sizeof(bytes));

    alert_put_sequence(a, wish == SETTINGS_NOTIFY_AUTO ? place->known : wish, &sequence);
    alert_drop(a);
    if (sequence.len == 0) {
        return;
    }
    if (place->is_tmux) {
        alert_put_wrapped(buf_text(&sequence), out);
    } else {
        buf_text_put(out, buf_text(&sequence));
    }
    a->was_shown = true;
    a->shown_ms = now_ms;
}
