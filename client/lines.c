/* SPDX-License-Identifier: MIT */
/* Events as lines of text. Owns the wording, the colours and the last cleaning before a terminal;
 * knows nothing of sockets, nor of where the lines go. */
#include "lines.h"

#include "nick_colour.h"

#include "lib/irc_format.h"
#include "lib/utf8.h"

/* utf8_clean() drops the formatting bytes themselves; only the arguments of colours must be skipped
 * here, or they would be left behind as digits. */
void lines_put_clean(struct text t, struct buf *out)
{
    size_t from = 0;

    for (size_t i = 0; i < t.len; i++) {
        if (t.at[i] == 0x03 || t.at[i] == 0x04) {
            size_t n = irc_format_color_len(t, i);

            utf8_clean((struct text){ .at = t.at + from, .len = i - from }, UTF8_KEEP_NONE, out);
            from = i + n;
            i = from - 1;
        }
    }
    utf8_clean((struct text){ .at = t.at + from, .len = t.len - from }, UTF8_KEEP_NONE, out);
}

/* 30 ... 37, and 90 ... 97 for the bright ones (ECMA-48, 8.3.117). */
static void lines_put_colour(struct text nick, const struct lines_look *look, struct buf *out)
{
    unsigned colour = nick_colour(nick);

    if (look->has_colour) {
        buf_format(out, "\x1B[%um", colour < 8 ? 30 + colour : 82 + colour);
    }
}

static void lines_put_escape(const struct lines_look *look, const char *code, struct buf *out)
{
    if (look->has_colour) {
        buf_format(out, "\x1B[%sm", code);
    }
}

static void lines_put_nick(struct text nick, const struct lines_look *look, struct buf *out)
{
    lines_put_colour(nick, look, out);
    lines_put_clean(nick, out);
    lines_put_escape(look, "0", out);
}

static void lines_put_time(time_t at, const struct lines_look *look, struct buf *out)
{
    struct tm tm = { .tm_hour = 0 };

    (void)localtime_r(&at, &tm);
    lines_put_escape(look, "2", out);
    buf_format(out, "%02d:%02d", tm.tm_hour, tm.tm_min);
    lines_put_escape(look, "0", out);
    buf_char(out, ' ');
}

/* " (text)", if there is any. */
static void lines_put_reason(struct text reason, struct buf *out)
{
    if (reason.len > 0) {
        buf_text_put(out, TEXT(" ("));
        lines_put_clean(reason, out);
        buf_char(out, ')');
    }
}

/* What somebody said: "<ann> hi", "* ann waves", "-ann- beep"; "[ann -> bob] hi" in private. */
static void lines_put_said(const struct event *event, const struct lines_look *look,
                           struct buf *out)
{
    bool is_action = event->kind == EVENT_ACTION;
    bool is_notice = event->kind == EVENT_NOTICE;

    buf_text_put(out, event->is_past ? TEXT("earlier ") : TEXT_NONE);
    if (event->room.len == 0 && !is_notice) {
        buf_char(out, '[');
        lines_put_nick(event->who, look, out);
        buf_text_put(out, TEXT(" -> "));
        lines_put_nick(event->whom, look, out);
        buf_text_put(out, is_action ? TEXT("] * ") : TEXT("] "));
    } else {
        if (event->is_elsewhere) {
            lines_put_clean(event->room, out);
            buf_char(out, ' ');
        }
        buf_text_put(out, is_action ? TEXT("* ") : is_notice ? TEXT("-") : TEXT("<"));
        lines_put_nick(event->who, look, out);
        buf_text_put(out, is_action ? TEXT(" ") : is_notice ? TEXT("- ") : TEXT("> "));
    }
    lines_put_clean(event->text, out);
}

/* "* ann has left #lobby (reason)"; `verb` ends before the room. */
static void lines_put_move(const struct event *event, const struct lines_look *look,
                           struct text verb, struct buf *out)
{
    buf_text_put(out, TEXT("* "));
    lines_put_nick(event->who, look, out);
    buf_text_put(out, verb);
    lines_put_clean(event->room, out);
    lines_put_reason(event->text, out);
}

static void lines_put_kick(const struct event *event, const struct lines_look *look,
                           struct buf *out)
{
    buf_text_put(out, TEXT("* "));
    lines_put_nick(event->who, look, out);
    buf_text_put(out, TEXT(" removes "));
    lines_put_nick(event->whom, look, out);
    buf_text_put(out, TEXT(" from "));
    lines_put_clean(event->room, out);
    lines_put_reason(event->text, out);
}

static void lines_put_nick_change(const struct event *event, const struct lines_look *look,
                                  struct buf *out)
{
    buf_text_put(out, TEXT("* "));
    lines_put_nick(event->who, look, out);
    buf_text_put(out, TEXT(" is now called "));
    lines_put_nick(event->whom, look, out);
}

static void lines_put_topic(const struct event *event, const struct lines_look *look,
                            struct buf *out)
{
    buf_text_put(out, TEXT("* "));
    if (event->who.len > 0) {
        lines_put_nick(event->who, look, out);
        buf_text_put(out, TEXT(" sets the topic of "));
    } else {
        buf_text_put(out, TEXT("topic of "));
    }
    lines_put_clean(event->room, out);
    buf_text_put(out, TEXT(": "));
    lines_put_clean(event->text, out);
}

static void lines_put_names(const struct event *event, struct buf *out)
{
    buf_text_put(out, TEXT("* in "));
    lines_put_clean(event->room, out);
    buf_text_put(out, TEXT(": "));
    lines_put_clean(event->text, out);
}

static void lines_put_help(struct text help, struct buf *out)
{
    while (help.len > 0) {
        lines_put_clean(text_cut(&help, '\n'), out);
        buf_char(out, '\n');
    }
}

static void lines_put_note(struct text mark, const struct event *event, struct buf *out)
{
    buf_text_put(out, mark);
    if (event->is_elsewhere) {
        lines_put_clean(event->room, out);
        buf_text_put(out, TEXT(": "));
    }
    lines_put_clean(event->text, out);
}

static void lines_put_mode(const struct event *event, struct buf *out)
{
    buf_text_put(out, TEXT("* "));
    lines_put_clean(event->who, out);
    buf_text_put(out, TEXT(" sets in "));
    lines_put_clean(event->room, out);
    buf_char(out, ' ');
    lines_put_clean(event->text, out);
}

void lines_render(const struct event *event, const struct lines_look *look, struct buf *out)
{
    if (event->kind == EVENT_NONE || event->kind == EVENT_AWAY) {
        return;
    }
    if (event->kind == EVENT_HELP) {
        lines_put_help(event->text, out);
        return;
    }
    lines_put_time(event->at, look, out);
    switch (event->kind) {
    case EVENT_MESSAGE:
    case EVENT_ACTION:
    case EVENT_NOTICE: lines_put_said(event, look, out); break;
    case EVENT_JOIN: lines_put_move(event, look, TEXT(" has joined "), out); break;
    case EVENT_LEAVE: lines_put_move(event, look, TEXT(" has left "), out); break;
    case EVENT_QUIT: lines_put_move(event, look, TEXT(" has quit"), out); break;
    case EVENT_KICK: lines_put_kick(event, look, out); break;
    case EVENT_NICK: lines_put_nick_change(event, look, out); break;
    case EVENT_TOPIC: lines_put_topic(event, look, out); break;
    case EVENT_NAMES: lines_put_names(event, out); break;
    case EVENT_MODE: lines_put_mode(event, out); break;
    case EVENT_INFO: lines_put_note(TEXT("* "), event, out); break;
    case EVENT_LOST:
    case EVENT_ERROR: lines_put_note(TEXT("! "), event, out); break;
    case EVENT_NONE:
    case EVENT_AWAY:
    case EVENT_HELP: break; /* dealt with above */
    }
    buf_char(out, '\n');
}
