/* SPDX-License-Identifier: MIT */
/* What a client must see of an event: written a second time, from the manual and not from the
 * daemon's source, and compared byte by byte. */
#include "torture/client.h"

#include <time.h>

uint32_t render_links(const struct client *client, const struct event *event)
{
    uint32_t n = (uint32_t)__builtin_popcount(event->rooms & client->rooms);

    for (size_t i = 0; i < ARRAY_SIZE(event->boxes); i++) {
        n += event->boxes[i] != 0 && event->boxes[i] == (uint32_t)client->connection;
    }
    return n;
}

enum visibility render_visibility(const struct client *client, const struct event *event)
{
    bool is_own = event->author == client->connection;
    bool is_line = client->front == CLIENT_LINE;

    if (event->kind == RECORD_SAID) {
        if (!is_own || (is_line && event->rooms == 0)) {
            return VISIBLE_SURELY; /* of one's own lines only a private one is shown, to nc */
        }
        return VISIBLE_NEVER;
    }
    if (is_own) {
        return event->kind == RECORD_QUIT ? VISIBLE_NEVER : VISIBLE_SURELY;
    }
    return is_line ? VISIBLE_PERHAPS
                   : VISIBLE_SURELY; /* a crowd's comings and goings are not told */
}

static void render_reason(const struct event *event, struct buf *out)
{
    if (event->text.len > 0) {
        buf_format(out, " (%.*s)", TEXT_ARG(event->text));
    }
}

static void render_line_message(const struct client *client, const struct event *event,
                                struct buf *out)
{
    bool is_own = event->author == client->connection;

    if (event->rooms == 0 && is_own) {
        buf_format(out, "[you -> %.*s] ", TEXT_ARG(event->where));
    } else if (event->rooms == 0) {
        buf_format(out, "[%.*s -> you] ", TEXT_ARG(event->who));
    } else {
        if (!text_equal(event->where, text_of(ROOM_NAMES[client->current]))) {
            buf_format(out, "%.*s ", TEXT_ARG(event->where));
        }
        buf_format(out, "<%.*s> ", TEXT_ARG(event->who));
    }
    buf_text_put(out, event->text);
}

static void render_line(const struct client *client, const struct event *event, struct buf *out)
{
    bool is_own = event->author == client->connection;
    uint64_t minutes = event->real_ms / 60000;

    buf_format(out, "%02u:%02u ", (unsigned)(minutes / 60 % 24),
               (unsigned)(minutes % 60)); /* UTC */
    if (event->kind == RECORD_SAID) {
        render_line_message(client, event, out);
        return;
    }
    buf_format(out, "-- %.*s %s ", is_own ? 3 : (int)event->who.len, is_own ? "you" : event->who.at,
               is_own ? "have" : "has");
    if (event->kind == RECORD_QUIT) {
        buf_text_put(out, TEXT("quit"));
        render_reason(event, out);
        return;
    }
    buf_format(out, "%s %.*s", event->kind == RECORD_JOINED ? "joined" : "left",
               TEXT_ARG(event->where));
    if (event->kind == RECORD_LEFT) {
        render_reason(event, out);
    }
}

static void render_irc(const struct client *client, const struct event *event, struct buf *out)
{
    if (client->is_timed) {
        time_t seconds = (time_t)(event->real_ms / 1000);
        struct tm t;

        (void)gmtime_r(&seconds, &t);
        buf_format(out, "@time=%04d-%02d-%02dT%02d:%02d:%02d.%03uZ ", t.tm_year + 1900,
                   t.tm_mon + 1, t.tm_mday, t.tm_hour, t.tm_min, t.tm_sec,
                   (unsigned)(event->real_ms % 1000));
    }
    buf_format(out, ":%.*s!%.*s ", TEXT_ARG(event->who), TEXT_ARG(event->source));
    if (event->kind == RECORD_SAID) {
        buf_format(out, "PRIVMSG %.*s :%.*s", TEXT_ARG(event->where), TEXT_ARG(event->text));
    } else if (event->kind == RECORD_QUIT) {
        buf_format(out, "QUIT :%.*s", TEXT_ARG(event->text));
    } else {
        buf_format(out, "%s %.*s", event->kind == RECORD_JOINED ? "JOIN" : "PART",
                   TEXT_ARG(event->where));
        if (event->kind == RECORD_LEFT && event->text.len > 0) {
            buf_format(out, " :%.*s", TEXT_ARG(event->text));
        }
    }
}

void render_event(const struct client *client, const struct event *event, struct buf *out)
{
    if (client->front == CLIENT_LINE) {
        render_line(client, event, out);
    } else {
        render_irc(client, event, out);
    }
}
