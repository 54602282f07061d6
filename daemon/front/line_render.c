/* SPDX-License-Identifier: MIT */
/* Records as the line front end shows them. */
#include "front/line.h"

#include "chat/rooms.h"
#include "lib/irc_format.h"

#include <string.h>
#include <time.h>

enum { CTCP_MARK = 0x01 };

static bool line_is_message(const struct record *record)
{
    return record->kind == RECORD_SAID || record->kind == RECORD_ACTION ||
           record->kind == RECORD_NOTICE;
}

static bool line_is_coming_or_going(const struct record *record)
{
    return record->kind == RECORD_JOINED || record->kind == RECORD_LEFT ||
           record->kind == RECORD_QUIT || record->kind == RECORD_AWAY;
}

bool line_is_ctcp(const struct record *record)
{
    struct text text = record_field(record, RECORD_TEXT);

    return record->kind != RECORD_ACTION && text.len > 0 && text.at[0] == CTCP_MARK;
}

uint32_t line_view_of(const struct reader *reader, uint32_t membership)
{
    return membership == reader_person(reader)->current ? (uint32_t)LINE_BASE
                                                        : (uint32_t)LINE_BASE | LINE_OTHER_ROOM;
}

static uint32_t line_room_flavour(const struct reader *reader, const struct record *record,
                                  struct place place)
{
    const struct hub *hub = reader_hub(reader);
    const struct membership *membership = hub_membership(hub, place.membership);
    uint32_t flavour = 0;
    bool is_own = record->author_id == reader_wire(reader)->id;

    if (place.ordinal < membership->joined) {
        if (!line_is_message(record)) {
            return FLAVOUR_HIDDEN;
        }
        flavour |= LINE_EARLIER;
    } else if (is_own && (line_is_message(record) || record->kind == RECORD_QUIT)) {
        return FLAVOUR_HIDDEN; /* one's own line is not echoed */
    }
    if (!is_own && line_is_coming_or_going(record) &&
        hub_room(hub, membership->room)->n_members > LINE_QUIET_ABOVE) {
        return FLAVOUR_HIDDEN;
    }
    flavour |= line_view_of(reader, place.membership);
    return is_own ? flavour | LINE_OWN : flavour;
}

uint32_t line_flavour_of(const struct reader *reader, const struct record *record,
                         struct place place)
{
    if (line_is_message(record) && line_is_ctcp(record)) {
        return FLAVOUR_HIDDEN;
    }
    if (place.membership != 0) {
        return line_room_flavour(reader, record, place);
    }
    return record->author_id == reader_wire(reader)->id ? LINE_BASE | LINE_OWN : LINE_BASE;
}

static void line_put_time(const struct exchange *exchange, const struct record *record,
                          uint32_t flavour, struct buf *out)
{
    time_t then = (time_t)(record->real_ms / 1000);
    time_t today = (time_t)(exchange->now.real_ms / 1000);
    struct tm t, now;
    char text[32];
    bool is_today;

    (void)localtime_r(&then, &t);
    (void)localtime_r(&today, &now);
    is_today = t.tm_yday == now.tm_yday && t.tm_year == now.tm_year;
    (void)strftime(text, sizeof(text), is_today ? "%H:%M " : "%b %e %H:%M ", &t);
    if (flavour & LINE_EARLIER) {
        buf_text_put(out, TEXT("earlier "));
    }
    buf_text_put(out, text_of(text));
}

static void line_put_message(const struct record *record, bool is_private, uint32_t flavour,
                             struct buf *out)
{
    struct text who = record_field(record, RECORD_WHO);
    struct text where = record_field(record, RECORD_WHERE);

    if (is_private && (flavour & LINE_OWN)) {
        buf_format(out, "[you -> %.*s] ", TEXT_ARG(where));
        who = TEXT("you");
    } else if (is_private) {
        buf_format(out, "[%.*s -> you] ", TEXT_ARG(who));
    } else if (flavour & LINE_OTHER_ROOM) {
        buf_format(out, "%.*s ", TEXT_ARG(where));
    }
    if (record->kind == RECORD_ACTION) {
        buf_format(out, "* %.*s ", TEXT_ARG(who));
    } else if (record->kind == RECORD_NOTICE && !is_private) {
        buf_format(out, "-%.*s- ", TEXT_ARG(who));
    } else if (!is_private) {
        buf_format(out, "<%.*s> ", TEXT_ARG(who));
    }
    irc_format_strip(record_field(record, RECORD_TEXT), out);
}

static void line_put_reason(const struct record *record, struct buf *out)
{
    struct text reason = record_field(record, RECORD_TEXT);

    if (reason.len > 0) {
        buf_text_put(out, TEXT(" ("));
        irc_format_strip(reason, out);
        buf_char(out, ')');
    }
}

static void line_put_event(const struct record *record, uint32_t flavour, struct buf *out)
{
    struct text who = record_field(record, RECORD_WHO);
    struct text where = record_field(record, RECORD_WHERE);
    struct text text = record_field(record, RECORD_TEXT);
    bool is_own = (flavour & LINE_OWN) != 0;

    if (is_own) {
        who = TEXT("you");
    }
    buf_format(out, "-- %.*s ", TEXT_ARG(who));
    switch ((enum record_kind)record->kind) {
    case RECORD_JOINED:
        buf_format(out, "%s joined %.*s", is_own ? "have" : "has", TEXT_ARG(where));
        break;
    case RECORD_LEFT:
        buf_format(out, "%s left %.*s", is_own ? "have" : "has", TEXT_ARG(where));
        line_put_reason(record, out);
        break;
    case RECORD_QUIT:
        buf_text_put(out, TEXT("has quit"));
        line_put_reason(record, out);
        break;
    case RECORD_RENAMED:
        buf_format(out, "%s now known as %.*s", is_own ? "are" : "is", TEXT_ARG(text));
        break;
    case RECORD_TOPIC:
        buf_format(out, "%s the topic of %.*s%s", text.len > 0 ? "set" : "cleared", TEXT_ARG(where),
                   text.len > 0 ? ": " : "");
        irc_format_strip(text, out);
        break;
    case RECORD_AWAY:
        buf_format(out, "%s %s", is_own ? "are" : "is", text.len > 0 ? "away" : "back");
        line_put_reason(record, out);
        break;
    case RECORD_SAID:
    case RECORD_ACTION:
    case RECORD_NOTICE: break;
    }
}

void line_render(const struct exchange *exchange, const struct record *record, uint32_t flavour,
                 struct buf *out)
{
    struct text where = record_field(record, RECORD_WHERE);

    line_put_time(exchange, record, flavour, out);
    if (line_is_message(record)) {
        line_put_message(record, where.len == 0 || where.at[0] != '#', flavour, out);
    } else {
        line_put_event(record, flavour, out);
    }
    buf_text_put(out, TEXT("\r\n"));
}
