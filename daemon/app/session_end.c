/* SPDX-License-Identifier: MIT */
/* How connections end: with words, if the peer can be told; without, if it cannot; and what comes
 * behind the words. */
#include "app/session.h"

#include "app/server.h"
#include "chat/people.h"
#include "lib/host.h"

#include <sys/socket.h>

static void session_report_end(const struct session *session, struct text reason)
{
    const struct hub *hub = &session->server->exchange.hub;
    const struct wire *wire = session_wire(session);
    const struct person *person = hub_person(hub, session->row);
    char peer[64] = { 0 }, id[24] = { 0 }, why[REASON_MAX + 1] = { 0 };
    struct buf peer_text = buf_over(peer, sizeof(peer) - 1);
    struct buf id_text = buf_over(id, sizeof(id) - 1);
    struct buf why_text = buf_over(why, sizeof(why) - 1);
    const char *room = person->current == 0
                           ? NULL
                           : hub_room(hub, hub_membership(hub, person->current)->room)->name;
    struct report_field fields[] = { { "NICK", person->nick },
                                     { "ROOM", room },
                                     { "PEER", peer },
                                     { "CONNECTION", id },
                                     { "REASON", why } };

    if (!report_is_on(REPORT_INFO)) {
        return;
    }
    host_print(wire->host, &peer_text);
    buf_number(&id_text, wire->id);
    buf_text_put(&why_text, reason);
    report_with(REPORT_INFO, fields, ARRAY_SIZE(fields), "connection %s (%s) ends%s%s", id,
                person->nick[0] != '\0' ? person->nick : "unnamed", why_text.len > 0 ? ": " : "",
                why);
}

struct wire *session_leave(struct session *session, struct text reason)
{
    struct server *server = session->server;
    struct wire *wire;

    session_report_end(session, reason);
    if (!server->is_stopping) { /* else everybody goes, and each is told so */
        people_quit(&server->exchange.hub, session->row, reason, server->exchange.now);
    }
    wire = state_edit_wire(&server->state, session->row);
    wire->phase = WIRE_ENDING;
    wire->answer = (struct wire_answer){ 0 };
    wire->deadline_ms = server->clock.boot_ms + server->config->timeouts.linger_s * 1000ULL;
    return wire;
}

void session_end(struct session *session, struct text reason)
{
    struct wire_input *in;
    struct reader reader;
    bool can_be_told;

    if (session_wire(session)->phase >= WIRE_ENDING || session->is_doomed) {
        return;
    }
    if (!session_begin(session, &reader)) {
        session_doom(session, reason);
        return;
    }
    /* Who does not read cannot be told anything behind what is unread. */
    can_be_told = output_pull(&reader, REPLY_ROOM);
    (void)session_leave(session, reason);
    if (can_be_told) {
        reader.front->farewell(&reader, reason);
    }
    in = state_edit_input(&session->server->state, session->row);
    in->consumed = in->read; /* what it did not finish takes no page any longer */
    in->step = 0;
    session_commit(session, &reader);
    session_give_back_input(session);
    session_arm(session);
}

void session_doom(struct session *session, struct text reason)
{
    struct server *server = session->server;

    if (session->is_doomed) {
        return;
    }
    if (session_wire(session)->phase < WIRE_ENDING) {
        log_make_room(&server->state);
        state_begin(&server->state);
        (void)session_leave(session, reason);
        state_commit(&server->state);
    }
    session->is_doomed = true;
    server_add_doomed(server, session->row);
}

/* All that was due is sent. The commit comes before the system call: a start that finds the row
 * lingering shuts down once more, which does no harm. */
void session_shut_down(struct session *session)
{
    struct server *server = session->server;
    struct wire *wire;

    state_begin(&server->state);
    wire = state_edit_wire(&server->state, session->row);
    wire->phase = WIRE_LINGERING;
    wire->deadline_ms = server->clock.boot_ms + server->config->timeouts.linger_s * 1000ULL;
    state_commit(&server->state);
    (void)shutdown(session->watch.fd, SHUT_WR);
    session_arm(session);
    watch_again(&session->watch); /* read to the peer's FIN */
}

/* The peer has it all, and some time to close first. */
static void session_await_peer(struct session *session)
{
    struct server *server = session->server;
    uint64_t deadline = server->clock.boot_ms + SESSION_COURTESY_MS;

    if (session_wire(session)->deadline_ms > deadline) {
        state_begin(&server->state);
        state_edit_wire(&server->state, session->row)->deadline_ms = deadline;
        state_commit(&server->state);
        session_arm(session);
    }
}

void session_after_sent(struct session *session)
{
    if (session_wire(session)->phase != WIRE_ENDING) {
        return;
    }
    if (session->is_eof || session->is_broken || session->is_mute) {
        session_doom(session, TEXT_NONE);
    } else if (!(session_wire(session)->flags & WIRE_PEER_FIRST)) {
        session_shut_down(session);
    } else {
        session_await_peer(session);
    }
}

static void session_end_killed(struct session *session, const struct person *person)
{
    char space[REASON_MAX];
    struct buf reason = buf_over(space, sizeof(space));

    state_get_text(&session->server->state, person->away, &reason);
    session_end(session, buf_text(&reason));
}

bool session_end_if_killed(struct session *session)
{
    const struct person *person = hub_person(&session->server->exchange.hub, session->row);

    if (!(person->flags & PERSON_KILLED) || session_wire(session)->phase != WIRE_OPEN) {
        return false;
    }
    session_end_killed(session, person);
    return true;
}
