/* SPDX-License-Identifier: MIT */
/* Deadlines of a session: registering, silence, idling, lingering, and the token bucket that delays
 * a flood. One timer serves them all: it is set to the earliest, and looks at each when it is due.
 * Times lie in the row, so a restart changes nothing about them. */
#include "app/session.h"

#include "app/server.h"

enum { SESSION_AGAIN_MS = 1000 };

static uint64_t session_now(const struct session *session)
{
    return session->server->clock.boot_ms;
}

/* ---- flood ---- */

/* A full bucket, in thousandths of a token. */
static uint64_t session_most_tokens(const struct session *session)
{
    return (uint64_t)session->server->config->limits.line_burst * FLOOD_TOKEN;
}

/* Thousandths of a token that it has now. */
static uint64_t session_tokens(const struct session *session)
{
    const struct config *config = session->server->config;
    const struct wire_flood *flood = &session_wire(session)->flood;
    uint64_t now = session_now(session);
    uint64_t passed = now > flood->at_ms ? now - flood->at_ms : 0;

    return u64_min(session_most_tokens(session),
                   flood->millitokens + passed * config->limits.lines_per_second);
}

static void session_tell_flood(struct session *session)
{
    struct server *server = session->server;
    struct reader reader;

    if ((session_wire(session)->flags & WIRE_FLOOD_TOLD) || !session_begin(session, &reader)) {
        return;
    }
    if (output_pull(&reader, REPLY_ROOM)) {
        reader.front->flooding(&reader);
        state_edit_wire(&server->state, session->row)->flags |= WIRE_FLOOD_TOLD;
    }
    session_commit(session, &reader);
}

/* What costs more than there can ever be waits for all of it. */
bool session_has_token(struct session *session, uint32_t cost)
{
    if (session->server->config->limits.lines_per_second == 0 ||
        session_tokens(session) >= u64_min(cost, session_most_tokens(session))) {
        return true;
    }
    session->is_delayed = true;
    session_tell_flood(session);
    session_arm(session);
    return false;
}

void session_spend_token(struct session *session, uint32_t cost)
{
    struct state *state = &session->server->state;
    uint64_t tokens = session_tokens(session);
    uint64_t most = session_most_tokens(session);
    struct wire_flood *flood;

    if (session->server->config->limits.lines_per_second == 0) {
        return;
    }
    /* The flood is over when the bucket is full, unless the line had to wait for that. */
    if ((session_wire(session)->flags & WIRE_FLOOD_TOLD) && tokens >= most && cost < most) {
        state_edit_wire(state, session->row)->flags &= ~(uint32_t)WIRE_FLOOD_TOLD;
    }
    flood = state_edit_flood(state, session->row);
    flood->at_ms = session_now(session);
    flood->millitokens = (uint32_t)(tokens >= cost ? tokens - cost : 0);
}

static void session_check_flood(struct session *session)
{
    bool is_limited = session->server->config->limits.lines_per_second > 0;

    if (session->is_delayed && (!is_limited || session_tokens(session) >= FLOOD_TOKEN)) {
        session->is_delayed = false;
        session_stop_ahead(session);
        watch_again(&session->watch); /* if the line costs more, it is delayed again */
    }
}

/* ---- silence ---- */

/* Silence says something only about a peer that was read to EAGAIN and that we let speak. */
static bool session_is_silent(const struct session *session)
{
    const struct wire *wire = session_wire(session);

    return !watch_has(&session->watch, WATCH_READABLE) && wire->in.consumed == wire->in.read &&
           !session->is_held && !session->is_delayed && !session->is_starved &&
           session->written == wire->out.produced;
}

static void session_ping(struct session *session)
{
    struct server *server = session->server;
    struct reader reader;

    if (!session_begin(session, &reader)) {
        return;
    }
    if (output_pull(&reader, REPLY_ROOM)) {
        struct wire *wire = state_edit_wire(&server->state, session->row);

        wire->flags |= WIRE_PINGED;
        wire->deadline_ms = session_now(session) + server->config->timeouts.ping_reply_s * 1000ULL;
        reader.front->ping(&reader);
    }
    session_commit(session, &reader);
}

static void session_check_silence(struct session *session)
{
    const struct server *server = session->server;
    const struct wire *wire = session_wire(session);
    uint64_t now = session_now(session);

    if (!server->exchange.fronts[wire->front]->pings) {
        return;
    }
    if (wire->flags & WIRE_PINGED) {
        if (now >= wire->deadline_ms && session_is_silent(session)) {
            session_end(session, TEXT("no answer to a ping"));
        }
    } else if (now >= wire->heard_ms + server->config->timeouts.ping_s * 1000ULL) {
        session_ping(session);
    }
}

static void session_check_registration(struct session *session)
{
    const struct server *server = session->server;
    const struct wire *wire = session_wire(session);
    const struct person *person = hub_person(&server->exchange.hub, session->row);

    if (!(person->flags & PERSON_REGISTERED) &&
        session_now(session) >= wire->born_ms + server->config->timeouts.registration_s * 1000ULL) {
        session_end(session, TEXT("you did not register in time"));
    }
}

/* A half-closed peer that takes nothing of what is due to it. */
static void session_check_half_closed(struct session *session)
{
    const struct config *config = session->server->config;
    uint64_t patience = (config->timeouts.ping_s + config->timeouts.ping_reply_s) * 1000ULL;

    if (session->is_eof && session_now(session) >= session_wire(session)->heard_ms + patience) {
        session_doom(session, TEXT("stopped reading"));
    }
}

/* ---- idling ---- */

void session_note_speech(struct session *session)
{
    const struct person *person = hub_person(&session->server->exchange.hub, session->row);
    struct state *state = &session->server->state;

    if (!(session_wire(session)->flags & WIRE_IDLE_WARNED) ||
        person->spoke_ms != session_now(session)) {
        return;
    }
    state_begin(state);
    state_edit_wire(state, session->row)->flags &= ~(uint32_t)WIRE_IDLE_WARNED;
    state_commit(state);
    session_arm(session);
}

static void session_warn_idle(struct session *session, uint64_t left_ms)
{
    struct reader reader;

    if (!session_begin(session, &reader)) {
        return;
    }
    if (output_pull(&reader, REPLY_ROOM)) {
        state_edit_wire(&session->server->state, session->row)->flags |= WIRE_IDLE_WARNED;
        reader.front->idle(&reader, (uint32_t)((left_ms + 999) / 1000));
    }
    session_commit(session, &reader);
}

static uint64_t session_idle_at(const struct session *session)
{
    const struct person *person = hub_person(&session->server->exchange.hub, session->row);

    return person->spoke_ms + session->server->config->timeouts.idle_s * 1000ULL;
}

static void session_check_idle(struct session *session)
{
    const struct person *person = hub_person(&session->server->exchange.hub, session->row);
    uint64_t now = session_now(session);
    uint64_t left;
    bool is_warned;

    if (session->server->config->timeouts.idle_s == 0 || !(person->flags & PERSON_REGISTERED)) {
        return;
    }
    is_warned = (session_wire(session)->flags & WIRE_IDLE_WARNED) != 0;
    left = session_idle_at(session) > now ? session_idle_at(session) - now : 0;
    if (left == 0 && session_is_silent(session)) {
        session_end(session, TEXT("idle for too long"));
    } else if (left <= SESSION_IDLE_WARNING_S * 1000ULL && !is_warned) {
        session_warn_idle(session, left);
    }
}

/* ---- the timer ---- */

/* Not kept yet, or no page for the greeting. */
static void session_check_new(struct session *session)
{
    const struct config *config = session->server->config;
    uint64_t patience = config->timeouts.registration_s * 1000ULL;

    if (session_now(session) >= session_wire(session)->born_ms + patience) {
        session_doom(session, TEXT("there was no place to keep the connection"));
    } else {
        session_open(session);
    }
}

static void session_check_ending(struct session *session)
{
    const struct wire *wire = session_wire(session);

    if (session_now(session) < wire->deadline_ms) {
        return;
    }
    if (wire->phase == WIRE_ENDING && (wire->flags & WIRE_PEER_FIRST) &&
        session->written == wire->out.produced) {
        session_shut_down(session); /* it had its chance to close first */
        return;
    }
    session_doom(session, TEXT_NONE);
}

static uint64_t session_next_open(const struct session *session)
{
    const struct config *config = session->server->config;
    const struct wire *wire = session_wire(session);
    const struct person *person = hub_person(&session->server->exchange.hub, session->row);
    uint64_t now = session_now(session);
    uint64_t next = UINT64_MAX;

    if (!(person->flags & PERSON_REGISTERED)) {
        next = wire->born_ms + config->timeouts.registration_s * 1000ULL;
    }
    if (session->server->exchange.fronts[wire->front]->pings || session->is_eof) {
        next = u64_min(next, wire->flags & WIRE_PINGED
                                 ? wire->deadline_ms
                                 : wire->heard_ms + config->timeouts.ping_s * 1000ULL);
    }
    if (config->timeouts.idle_s > 0) {
        uint64_t idle_at = session_idle_at(session);
        uint64_t warning = SESSION_IDLE_WARNING_S * 1000ULL;

        next =
            u64_min(next, wire->flags & WIRE_IDLE_WARNED || idle_at < warning ? idle_at
                                                                              : idle_at - warning);
    }
    next = u64_max(next,
                   now + SESSION_AGAIN_MS); /* what is overdue and has to wait is looked at again */
    if (session->is_delayed && config->limits.lines_per_second > 0) {
        next = u64_min(next, now + u64_max(1, FLOOD_TOKEN / config->limits.lines_per_second));
    }
    return next;
}

void session_arm(struct session *session)
{
    uint64_t next;

    if (session->is_doomed) {
        timer_clear(&session->timer);
        return;
    }
    if (session_wire(session)->phase == WIRE_NEW) {
        next = session_now(session) + SESSION_KEEP_RETRY_MS;
    } else if (session_wire(session)->phase >= WIRE_ENDING) {
        next = u64_max(session_wire(session)->deadline_ms, session_now(session) + 1);
    } else {
        next = session_next_open(session);
    }
    if (next == UINT64_MAX) {
        timer_clear(&session->timer);
    } else {
        timer_set(&session->timer, next);
    }
}

/* Any of the checks may end it. */
static void session_check_open(struct session *session)
{
    static void (*const checks[])(struct session *) = {
        session_check_flood,       session_check_registration, session_check_silence,
        session_check_half_closed, session_check_idle,
    };

    for (size_t i = 0; i < ARRAY_SIZE(checks); i++) {
        if (session_wire(session)->phase < WIRE_ENDING) {
            checks[i](session);
        }
    }
}

void session_on_due(struct timer *timer)
{
    struct session *session = container_of(timer, struct session, timer);

    if (session->is_doomed) {
        return;
    }
    if (session_wire(session)->phase == WIRE_NEW) {
        session_check_new(session);
    } else if (session_wire(session)->phase >= WIRE_ENDING) {
        session_check_ending(session);
    } else {
        session_check_open(session);
    }
    session_arm(session);
}
