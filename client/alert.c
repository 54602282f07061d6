/* SPDX-License-Identifier: MIT */
/* What the desktop is to show. Owns the sequences, and that no byte from the network can end one:
 * what is kept here has neither control characters nor IRC's formatting. */
#include "alert.h"

#include "lines.h"

#include "lib/utf8.h"

enum { ALERT_RAW_MAX = 1024 }; /* bytes looked at: more than can be shown */

struct alert_terminal {
    const char *name; /* how it begins */
    enum settings_notify how;
};

/* tmux and screen come first: whatever runs outside of them, they keep sequences to themselves. */
static const struct alert_terminal alert_types[] = {
    { "tmux", SETTINGS_NOTIFY_OFF },
    { "screen", SETTINGS_NOTIFY_OFF },
    { "xterm-kitty", SETTINGS_NOTIFY_OSC99 },
    { "foot", SETTINGS_NOTIFY_OSC777 },
    { "rxvt-unicode", SETTINGS_NOTIFY_OSC777 },
    { "xterm-ghostty", SETTINGS_NOTIFY_OSC777 },
};

static const struct alert_terminal alert_programs[] = {
    { "iTerm.app", SETTINGS_NOTIFY_OSC9 },
    { "WezTerm", SETTINGS_NOTIFY_OSC777 },
    { "ghostty", SETTINGS_NOTIFY_OSC777 },
};

static const struct alert_terminal *alert_find(const struct alert_terminal *rows, size_t n,
                                               const char *name)
{
    for (size_t i = 0; i < n; i++) {
        if (text_starts_with(text_of(name), text_of(rows[i].name))) {
            return &rows[i];
        }
    }
    return NULL;
}

enum settings_notify alert_how(enum settings_notify wish, const char *type, const char *program)
{
    const struct alert_terminal *found = alert_find(alert_types, ARRAY_SIZE(alert_types), type);

    if (wish != SETTINGS_NOTIFY_AUTO) {
        return wish;
    }
    if (found == NULL) {
        found = alert_find(alert_programs, ARRAY_SIZE(alert_programs), program);
    }
    return found == NULL ? SETTINGS_NOTIFY_OFF : found->how;
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

void alert_put(struct alert *a, enum settings_notify how, int64_t now_ms, struct buf *out)
{
    struct text title = { .at = a->title, .len = a->title_len };

    switch (how) {
    case SETTINGS_NOTIFY_OFF:
    case SETTINGS_NOTIFY_AUTO: alert_drop(a); return;
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
    a->was_shown = true;
    a->shown_ms = now_ms;
    alert_drop(a);
}
