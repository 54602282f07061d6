/* SPDX-License-Identifier: MIT */
/* Records as the line front end shows them: what was said, and what happened in words. The reader
 * is "you", whoever did it to whom. */
#include "front/line.h"

#include "chat/talk.h"
#include "lib/irc_format.h"

#include <string.h>
#include <time.h>

/* "12:05 ", of another day "Mar  1 12:05 ". Most records are of the second in which they are shown,
 * like the one before. */
static struct text line_time(time_t then, time_t today)
{
    static time_t kept_then = -1, kept_today = -1;
    static char text[32];
    struct tm t, now;
    bool is_today;

    if (then != kept_then || today != kept_today) {
        (void)localtime_r(&then, &t);
        (void)localtime_r(&today, &now);
        is_today = t.tm_yday == now.tm_yday && t.tm_year == now.tm_year;
        (void)strftime(text, sizeof(text), is_today ? "%H:%M " : "%b %e %H:%M ", &t);
        kept_then = then;
        kept_today = today;
    }
    return text_of(text);
}

static void line_put_time(const struct exchange *exchange, const struct record *record,
                          uint32_t flavour, struct buf *out)
{
    if (flavour & LINE_EARLIER) {
        buf_text_put(out, TEXT("earlier "));
    }
    buf_text_put(
        out, line_time((time_t)(record->real_ms / 1000), (time_t)(exchange->now.real_ms / 1000)));
}

/* ---- what was said ---- */

/* To one person, or to a room in which one is not. */
static bool line_is_addressed(const struct record *record, uint32_t flavour)
{
    struct text where = record_field(record, RECORD_WHERE);

    return text_find(where, '#') == where.len ||
           ((flavour & LINE_OWN) && !(flavour & LINE_EARLIER));
}

/* "[ann -> you] psst"; what people do keeps its star: "[ann -> you] * ann waves" */
static void line_put_addressed(const struct record *record, uint32_t flavour, struct buf *out)
{
    struct text who = record_field(record, RECORD_WHO);

    if (flavour & LINE_OWN) {
        who = TEXT("you");
        buf_format(out, "[you -> %.*s] ", TEXT_ARG(record_field(record, RECORD_WHERE)));
    } else {
        buf_format(out, "[%.*s -> you] ", TEXT_ARG(who));
    }
    if (record->kind == RECORD_ACTION) {
        buf_format(out, "* %.*s ", TEXT_ARG(who));
    }
}

/* Not by a format: this is done for each message. */
static void line_put_between(struct text before, struct text name, struct text after,
                             struct buf *out)
{
    buf_text_put(out, before);
    buf_text_put(out, name);
    buf_text_put(out, after);
}

/* "<ann> hello"; "#tea <ann> hello" from a room that plain lines don't go to; "@#tea <ann> hello"
 * to its operators. */
static void line_put_said(const struct record *record, uint32_t flavour, struct buf *out)
{
    struct text who = record_field(record, RECORD_WHO);
    struct text where = record_field(record, RECORD_WHERE);

    if ((flavour & LINE_OTHER_ROOM) || where.at[0] != '#') {
        line_put_between(TEXT_NONE, where, TEXT(" "), out);
    }
    if (record->kind == RECORD_ACTION) {
        line_put_between(TEXT("* "), who, TEXT(" "), out);
    } else if (record->kind == RECORD_NOTICE) {
        line_put_between(TEXT("-"), who, TEXT("- "), out);
    } else {
        line_put_between(TEXT("<"), who, TEXT("> "), out);
    }
}

static void line_put_message(const struct record *record, uint32_t flavour, struct buf *out)
{
    if (line_is_addressed(record, flavour)) {
        line_put_addressed(record, flavour, out);
    } else {
        line_put_said(record, flavour, out);
    }
    irc_format_strip(record_field(record, RECORD_TEXT), out);
}

/* ---- what happened ---- */

static void line_put_reason(const struct record *record, struct buf *out)
{
    struct text reason = record_field(record, RECORD_TEXT);

    if (reason.len > 0) {
        buf_text_put(out, TEXT(" ("));
        irc_format_strip(reason, out);
        buf_char(out, ')');
    }
}

/* "ann has", "you have" */
static void line_put_who_has(const struct record *record, uint32_t flavour, struct buf *out)
{
    if (flavour & LINE_OWN) {
        buf_text_put(out, TEXT("you have"));
    } else {
        buf_format(out, "%.*s has", TEXT_ARG(record_field(record, RECORD_WHO)));
    }
}

/* "ann is", "you are" */
static void line_put_who_is(const struct record *record, uint32_t flavour, struct buf *out)
{
    if (flavour & LINE_OWN) {
        buf_text_put(out, TEXT("you are"));
    } else {
        buf_format(out, "%.*s is", TEXT_ARG(record_field(record, RECORD_WHO)));
    }
}

static void line_put_target(const struct record *record, uint32_t flavour, struct buf *out)
{
    if ((flavour & LINE_TARGET) && (flavour & LINE_OWN)) {
        buf_text_put(out, TEXT("yourself"));
    } else if (flavour & LINE_TARGET) {
        buf_text_put(out, TEXT("you"));
    } else {
        buf_text_put(out, record_extra(record, RECORD_TARGET));
    }
}

static void line_put_joined(const struct record *record, uint32_t flavour, struct buf *out)
{
    line_put_who_has(record, flavour, out);
    buf_format(out, " joined %.*s", TEXT_ARG(record_field(record, RECORD_WHERE)));
    if (flavour & LINE_RUNS_ROOM) {
        buf_text_put(out, TEXT(", and are its operator"));
    }
}

static void line_put_topic_event(const struct record *record, uint32_t flavour, struct buf *out)
{
    struct text topic = record_field(record, RECORD_TEXT);
    struct text who = flavour & LINE_OWN ? TEXT("you") : record_field(record, RECORD_WHO);

    buf_format(out, "%.*s %s the topic of %.*s", TEXT_ARG(who), topic.len > 0 ? "set" : "cleared",
               TEXT_ARG(record_field(record, RECORD_WHERE)));
    if (topic.len > 0) {
        buf_text_put(out, TEXT(": "));
        irc_format_strip(topic, out);
    }
}

/* Who is thrown out is told where plain lines go now. */
static void line_put_kicked(const struct exchange *exchange, const struct record *record,
                            uint32_t flavour, struct buf *out)
{
    uint32_t room = line_detail_of(flavour);

    line_put_who_has(record, flavour, out);
    buf_text_put(out, TEXT(" thrown "));
    line_put_target(record, flavour, out);
    buf_format(out, " out of %.*s", TEXT_ARG(record_field(record, RECORD_WHERE)));
    line_put_reason(record, out);
    if (!(flavour & LINE_TARGET)) {
        return;
    }
    if (room == 0) {
        buf_format(out, "\r\n-- you are in no room now; /join %s", exchange->lobby);
    } else {
        buf_format(out, "\r\n-- what you type now goes to %s",
                   hub_room(&exchange->hub, room)->name);
    }
}

static void line_put_modes(const struct record *record, uint32_t flavour, struct buf *out)
{
    line_put_changes(record_field(record, RECORD_TEXT), line_detail_of(flavour),
                     record_field(record, RECORD_WHERE), out);
    buf_format(out, " (by %.*s)",
               TEXT_ARG(flavour & LINE_OWN ? TEXT("you") : record_field(record, RECORD_WHO)));
}

static void line_put_invited(const struct record *record, uint32_t flavour, struct buf *out)
{
    struct text where = record_field(record, RECORD_WHERE);

    if ((flavour & LINE_TARGET) && !(flavour & LINE_OWN)) {
        buf_format(out, "%.*s invites you to %.*s; /join %.*s",
                   TEXT_ARG(record_field(record, RECORD_WHO)), TEXT_ARG(where), TEXT_ARG(where));
        return;
    }
    line_put_who_has(record, flavour, out);
    buf_text_put(out, TEXT(" invited "));
    line_put_target(record, flavour, out);
    buf_format(out, " to %.*s", TEXT_ARG(where));
}

static void line_put_wallops(const struct record *record, uint32_t flavour, struct buf *out)
{
    buf_format(out, "to operators, from %.*s: ",
               TEXT_ARG(flavour & LINE_OWN ? TEXT("you") : record_field(record, RECORD_WHO)));
    irc_format_strip(record_field(record, RECORD_TEXT), out);
}

/* What concerns a person, wherever it is. */
static void line_put_change_of_person(const struct record *record, uint32_t flavour,
                                      struct buf *out)
{
    struct text text = record_field(record, RECORD_TEXT);

    if (record->kind == RECORD_QUIT) {
        line_put_who_has(record, flavour, out);
        buf_text_put(out, TEXT(" quit"));
        line_put_reason(record, out);
    } else if (record->kind == RECORD_RENAMED) {
        line_put_who_is(record, flavour, out);
        buf_format(out, " now known as %.*s", TEXT_ARG(text));
    } else {
        line_put_who_is(record, flavour, out);
        buf_text_put(out, text.len > 0 ? TEXT(" away") : TEXT(" back"));
        line_put_reason(record, out);
    }
}

static void line_put_event(const struct exchange *exchange, const struct record *record,
                           uint32_t flavour, struct buf *out)
{
    buf_text_put(out, TEXT("-- "));
    switch ((enum record_kind)record->kind) {
    case RECORD_JOINED: line_put_joined(record, flavour, out); break;
    case RECORD_LEFT:
        line_put_who_has(record, flavour, out);
        buf_format(out, " left %.*s", TEXT_ARG(record_field(record, RECORD_WHERE)));
        line_put_reason(record, out);
        break;
    case RECORD_QUIT:
    case RECORD_RENAMED:
    case RECORD_AWAY: line_put_change_of_person(record, flavour, out); break;
    case RECORD_TOPIC: line_put_topic_event(record, flavour, out); break;
    case RECORD_KICKED: line_put_kicked(exchange, record, flavour, out); break;
    case RECORD_MODES: line_put_modes(record, flavour, out); break;
    case RECORD_INVITED: line_put_invited(record, flavour, out); break;
    case RECORD_WALLOPS: line_put_wallops(record, flavour, out); break;
    case RECORD_REALNAME: /* hidden */
    case RECORD_HOST:
    case RECORD_ACCOUNT:
    case RECORD_TAGGED:
    case RECORD_SAID:
    case RECORD_ACTION:
    case RECORD_NOTICE: break;
    }
}

void line_render(const struct exchange *exchange, const struct record *record, uint32_t flavour,
                 struct buf *out)
{
    line_put_time(exchange, record, flavour, out);
    if (talk_is_message(record)) {
        line_put_message(record, flavour, out);
    } else {
        line_put_event(exchange, record, flavour, out);
    }
    buf_text_put(out, TEXT("\r\n"));
}
