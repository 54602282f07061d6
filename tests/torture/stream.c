/* SPDX-License-Identifier: MIT */
/* What a client hears, held against the audit's list: it must be the list, less what is not for
 * this client and what it was told that it missed. */
#include "torture/crowd.h"

#include <string.h>

enum { STREAM_LINE_MAX = 1024 };

/* ---- the rooms, as of an event ---- */

static uint32_t stream_room(struct text name)
{
    uint32_t room = 0;

    while (room < ROOMS && !text_equal(name, text_of(ROOM_NAMES[room]))) {
        room++;
    }
    return room;
}

static void stream_enter(struct client *client, uint32_t room)
{
    client->rooms |= 1U << room;
    client->entered[client->n_entered++ % ROOMS] = room;
    client->current = room;
}

static void stream_leave(struct client *client, uint32_t room)
{
    uint32_t n = 0;

    client->rooms &= ~(1U << room);
    for (uint32_t i = 0; i < client->n_entered; i++) {
        if (client->entered[i] != room) {
            client->entered[n++] = client->entered[i];
        }
    }
    client->n_entered = n;
    if (client->current == room && n > 0) {
        client->current = client->entered[n - 1];
    }
}

static bool stream_is_own(const struct client *client, const struct event *event)
{
    return event->author == client->connection;
}

/* Joining is heard by who joins; so its room counts from the event itself on. */
static void stream_before(struct client *client, const struct event *event)
{
    if (stream_is_own(client, event) && event->kind == RECORD_JOINED) {
        stream_enter(client, stream_room(event->where));
    }
}

static void stream_after(struct client *client, const struct event *event)
{
    if (stream_is_own(client, event) && event->kind == RECORD_LEFT) {
        stream_leave(client, stream_room(event->where));
    } else if (stream_is_own(client, event) && event->kind == RECORD_QUIT) {
        client->rooms = 0;
    }
}

/* What was asked before this line must have been answered before it took effect. */
static bool stream_own_line(struct crowd *crowd, struct client *client, uint32_t n)
{
    answers_settle(client);
    if (client->n_owed > 0 && client->owed[client->owed_first].after <= n) {
        return crowd_fails(crowd, client,
                           "line %u took effect before the answer to a line before it "
                           "came",
                           n);
    }
    return true;
}

/* ---- advancing ---- */

/* What lies between two places: links of records, and the span of those that must be seen. */
struct stream_span {
    uint64_t n, first, last; /* last: behind it; 0: none must be seen */
    uint32_t example;
};

static bool stream_pass(struct crowd *crowd, struct client *client, uint32_t at,
                        struct stream_span *span)
{
    const struct event *event = &crowd->audit->events[at];
    uint32_t n;

    stream_before(client, event);
    n = render_links(client, event);
    if (n > 0 && render_visibility(client, event) == VISIBLE_SURELY) {
        if (span->last == 0) {
            span->first = span->n;
            span->example = at;
        }
        span->last = span->n + n;
    }
    span->n += n;
    stream_after(client, event);
    return event->kind != RECORD_SAID || !stream_is_own(client, event) ||
           stream_own_line(crowd, client, event->n);
}

/* The lost ones lie in a row: first what was passed over unseen, then those, then again unseen. */
static bool stream_settle(struct crowd *crowd, struct client *client,
                          const struct stream_span *span)
{
    const struct event *event = &crowd->audit->events[span->example];

    if (span->last == 0) {
        client->n_slack += client->n_lost > 0 ? span->n : 0;
        return true;
    }
    if (span->last - span->first > client->n_lost) {
        return crowd_fails(crowd, client,
                           "%llu messages did not come, %llu were told of; the first "
                           "is number %llu: %.*s",
                           (unsigned long long)(span->last - span->first),
                           (unsigned long long)client->n_lost, (unsigned long long)event->number,
                           TEXT_ARG(event->text));
    }
    if (client->n_lost > span->n + client->n_slack) {
        return crowd_fails(crowd, client,
                           "it was told that it missed %llu messages, which is more "
                           "than the %llu that did not come",
                           (unsigned long long)client->n_lost,
                           (unsigned long long)(span->n + client->n_slack));
    }
    client->n_lost = 0;
    client->n_slack = 0;
    return true;
}

bool stream_advance(struct crowd *crowd, struct client *client, uint32_t to)
{
    struct stream_span span = { 0 };

    while (client->at < to) {
        if (!stream_pass(crowd, client, client->at, &span)) {
            return false;
        }
        client->at++;
    }
    return stream_settle(crowd, client, &span);
}

/* Its list begins where it first joined. */
static bool stream_place(struct crowd *crowd, struct client *client)
{
    struct life *life = &crowd->audit->lives[client->life];

    if (client->is_placed) {
        return true;
    }
    if (client->connection == 0) {
        client->connection = life->connection;
    }
    if (client->connection == 0 ||
        audit_seen(crowd->audit, client->connection)->first == AUDIT_NOWHERE) {
        return false;
    }
    client->at = audit_seen(crowd->audit, client->connection)->first;
    client->is_placed = true;
    return true;
}

bool stream_pass_own(struct crowd *crowd, struct client *client, uint32_t n_said)
{
    const struct life *life = &crowd->audit->lives[client->life];
    uint32_t event;

    if (n_said == 0) {
        return true;
    }
    if (n_said > life->n_heard || !stream_place(crowd, client)) {
        return crowd_fails(crowd, client, "an answer came before the line before it took effect");
    }
    event = life->events[n_said - 1];
    return client->at > event || stream_advance(crowd, client, event + 1);
}

bool stream_lost(struct crowd *crowd, struct client *client, uint64_t n)
{
    crowd->counts.n_lost_notices++;
    crowd->counts.n_lost += n;
    if (!crowd->may_lose) {
        return crowd_fails(crowd, client,
                           "it is told that it missed %llu messages, but the log holds "
                           "them all",
                           (unsigned long long)n);
    }
    client->n_lost += n;
    return true;
}

/* ---- a record's line ---- */

/* The event of a message, by what it says; AUDIT_NOWHERE: it is no message. */
static uint32_t stream_find_message(const struct crowd *crowd, struct text line)
{
    bool is_irc = line.at[0] == ':' || line.at[0] == '@';
    struct text mark = is_irc ? TEXT(" :m") : TEXT(" m");
    uint32_t sender, n;

    for (size_t i = 0; i + mark.len < line.len; i++) {
        struct text rest = { line.at + i, line.len - i };

        if (text_starts_with(rest, mark)) {
            rest = (struct text){ rest.at + mark.len - 1, rest.len - mark.len + 1 };
            if (words_parse(rest, &sender, &n) && sender < crowd->audit->n_lives &&
                n < crowd->audit->lives[sender].n_heard) {
                return crowd->audit->lives[sender].events[n];
            }
        }
    }
    return AUDIT_NOWHERE;
}

static bool stream_is(const struct client *client, const struct event *event, struct text line)
{
    char space[STREAM_LINE_MAX];
    struct buf out = buf_over(space, sizeof(space));

    render_event(client, event, &out);
    return text_equal(buf_text(&out), line);
}

/* A coming or going: the next one that looks so, before anything that must be seen. */
static uint32_t stream_find_other(const struct crowd *crowd, const struct client *client,
                                  struct text line)
{
    struct client then = *client;

    for (uint32_t i = client->at; i < crowd->audit->n; i++) {
        const struct event *event = &crowd->audit->events[i];

        stream_before(&then, event);
        if (event->kind != RECORD_SAID && render_links(&then, event) > 0 &&
            stream_is(&then, event, line)) {
            return i;
        }
        stream_after(&then, event);
    }
    return AUDIT_NOWHERE;
}

bool stream_take(struct crowd *crowd, struct client *client, struct text line)
{
    uint32_t at;

    if (!stream_place(crowd, client)) {
        return crowd_fails(crowd, client, "a line before it has joined: %.*s", TEXT_ARG(line));
    }
    at = stream_find_message(crowd, line);
    if (at == AUDIT_NOWHERE) {
        at = stream_find_other(crowd, client, line);
    }
    if (at == AUDIT_NOWHERE) {
        return crowd_fails(crowd, client, "a line that stands for nothing in the log: %.*s",
                           TEXT_ARG(line));
    }
    if (at < client->at) {
        return crowd_fails(crowd, client, "a line for the second time, or too late: %.*s",
                           TEXT_ARG(line));
    }
    if (!stream_advance(crowd, client, at)) {
        return false;
    }
    stream_before(client, &crowd->audit->events[at]);
    if (render_links(client, &crowd->audit->events[at]) == 0 ||
        !stream_is(client, &crowd->audit->events[at], line)) {
        return crowd_fails(crowd, client, "a line that is torn, or not for it: %.*s",
                           TEXT_ARG(line));
    }
    stream_after(client, &crowd->audit->events[at]);
    client->at++;
    crowd->counts.n_delivered++;
    return true;
}
