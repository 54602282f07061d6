/* SPDX-License-Identifier: MIT */
/* Flushing: what is due to a connection is pulled, committed and sent. */
#include "app/session.h"

#include "app/server.h"

#include <errno.h>
#include <sys/socket.h>

/* One send of what is committed and not sent. False: the socket takes no more now. */
static bool session_send(struct session *session)
{
    struct state *state = &session->server->state;
    const struct wire_output *out = &session_wire(session)->out;
    const char *page = region_page(&state->region, out->page);
    size_t len = (size_t)(out->produced - session->written);
    ssize_t n;

    n = session->is_mute ? (ssize_t)len
                         : send(session->watch.fd, page + (session->written - out->base), len,
                                MSG_DONTWAIT | MSG_NOSIGNAL);
    session->server->counts.n_sends++;
    if (n < 0 && errno != EAGAIN && errno != ENOBUFS && errno != EINTR) {
        session->is_mute = true; /* what it sent before is read all the same */
        /* The kernel tells of a reset once, here; reading then ends as after a FIN. EPIPE: there
         * was a FIN. */
        session->is_cut |= errno != EPIPE;
        watch_again(&session->watch);
        n = (ssize_t)len;
    }
    if (n > 0) {
        session->written += (uint64_t)n;
        if (session->is_eof) { /* half-closed: it lives as long as it reads */
            tx_store_u64(&state->tx, &session_wire(session)->heard_ms,
                         session->server->clock.boot_ms);
        }
        if (session_wire(session)->transport == WIRE_UNIX) {
            tx_store_u64(&state->tx, &out->written, session->written);
        }
    }
    if (n < (ssize_t)len && (n >= 0 || errno == EAGAIN)) {
        watch_clear(&session->watch, WATCH_WRITABLE);
    }
    if (n < (ssize_t)len) {
        return false;
    }
    pages_give_back(&state->pages, out->page, PAGE_OUTPUT);
    return true;
}

/* Tells what those did whom the person watches. Behind what was pulled: it is no record, and the
 * last words of who goes come before it. */
static bool session_tell_news(struct reader *reader)
{
    struct hub *hub = reader_hub(reader);

    if (!watchers_has_news(hub, reader->row)) {
        return true;
    }
    if (reader->front->tell != NULL && !reader->front->tell(reader)) {
        return false;
    }
    watchers_settle(hub, reader->row);
    return true;
}

/* Nothing is to be told but records, and those are what others were shown? Then it has them now. */
static bool session_follow(struct session *session, const struct wire *wire)
{
    struct server *server = session->server;
    bool has_all;

    if (wire->answer.kind != 0 || watchers_has_news(&server->exchange.hub, session->row)) {
        return false;
    }
    state_set_in_hand(&server->state, IN_HAND_FLUSH, wire->id, wire->out.produced);
    has_all = output_follow(&server->exchange, session->row, session->written);
    state_clear_in_hand(&server->state);
    return has_all;
}

/* Pulls what is due, goes on with a long answer behind it, commits. True: nothing more is due. */
static bool session_produce(struct session *session)
{
    const struct wire *wire = session_wire(session);
    struct reader reader;
    bool is_all, goes_on;

    if (wire->phase == WIRE_NEW) {
        session_open(session);
        return false;
    }
    if (wire->phase != WIRE_OPEN) {
        return true;
    }
    if (session_follow(session, wire)) {
        return true;
    }
    if (!session_begin(session, &reader)) {
        return false;
    }
    is_all = output_pull(&reader, 0);
    goes_on = is_all && wire->answer.kind != 0 && !session->is_asking;
    if (goes_on) {
        reader.front->answer(&reader);
    }
    is_all = is_all && wire->answer.kind == 0 && session_tell_news(&reader);
    output_close(&reader);
    state_commit(&session->server->state);
    state_clear_in_hand(&session->server->state);
    if (goes_on) {
        session_settle_inquiry(session);
    }
    return is_all || session->is_asking;
}

/* A line that waited for its predecessor's answer, or for room for its own, can be handled now? */
static void session_release(struct session *session)
{
    if (session->is_held && session_wire(session)->answer.kind == 0 &&
        session_wire(session)->out.produced == session->written) {
        session->is_held = false;
        watch_again(&session->watch);
    }
}

/* A long answer came a step further without a byte: nothing that is sent will bring its turn. */
static bool session_goes_on(const struct session *session)
{
    const struct wire *wire = session_wire(session);

    return wire->phase == WIRE_OPEN && wire->answer.kind != 0 && !session->is_asking &&
           !session->is_starved;
}

void session_flush(struct session *session)
{
    session->is_dirty = false;
    (void)session_end_if_killed(session); /* whether it reads or not */
    for (int i = 0; i < SESSION_SENDS_PER_FLUSH; i++) {
        bool is_all, was_empty;

        if (session->is_doomed ||
            !(session->is_mute || watch_has(&session->watch, WATCH_WRITABLE))) {
            return;
        }
        is_all = session_produce(session);
        was_empty = session_wire(session)->out.produced == session->written;

        if (!was_empty && !session_send(session)) {
            return;
        }
        if (was_empty && session_goes_on(session)) {
            continue;
        }
        if (was_empty || (is_all && session_wire(session)->out.produced == session->written)) {
            session_release(session);
            session_after_sent(session);
            return;
        }
    }
    session_mark_dirty(session); /* more may be due: the others go first */
}
