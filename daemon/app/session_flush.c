/* SPDX-License-Identifier: MIT */
/* Flushing: what is due to a connection is pulled, committed and sent. */
#include "app/session.h"

#include "app/server.h"

#include <errno.h>
#include <sys/socket.h>

/* What is committed and not sent. */
static struct text session_unsent(const struct session *session)
{
    const struct wire_output *out = &session_wire(session)->out;
    const char *page = region_page(&session->server->state.region, out->page);

    return (struct text){ .at = page + (session->written - out->base),
                          .len = (size_t)(out->produced - session->written) };
}

/* Nothing can be sent any more; what the peer sent before is read all the same. */
static void session_mute(struct session *session, int error)
{
    session->is_mute = true;
    /* The kernel tells of a reset once, here; reading then ends as after a FIN. EPIPE: there was a
     * FIN. */
    session->is_cut |= error != EPIPE;
    watch_again(&session->watch);
}

/* The kernel took n bytes. */
static void session_note_written(struct session *session, size_t n)
{
    struct tx *tx = &session->server->state.tx;
    const struct wire *wire = session_wire(session);

    session->written += n;
    if (session->is_eof) { /* half-closed: it lives as long as it reads */
        tx_store_u64(tx, &wire->heard_ms, session->server->clock.boot_ms);
    }
    if (wire->transport == WIRE_UNIX) {
        tx_store_u64(tx, &wire->out.written, session->written);
    }
}

/* What send(2) said of `len` bytes, which are all that was unsent. False: the socket takes no more
 * now. */
static bool session_sent(struct session *session, size_t len, struct sent sent)
{
    bool is_stuck = sent.error == EAGAIN || sent.error == ENOBUFS || sent.error == EINTR;

    session->server->counts.n_sends++;
    if (sent.error != 0 && !is_stuck) {
        session_mute(session, sent.error);
        sent.n = len;
    }
    if (sent.n > 0) {
        session_note_written(session, sent.n);
    }
    if (sent.n < len) {
        if (sent.error == 0 || sent.error == EAGAIN) {
            watch_clear(&session->watch, WATCH_WRITABLE);
        }
        return false;
    }
    pages_give_back(&session->server->state.pages, session_wire(session)->out.page, PAGE_OUTPUT);
    return true;
}

struct sent session_send_bytes(int fd, struct text bytes)
{
    ssize_t n = send(fd, bytes.at, bytes.len, MSG_DONTWAIT | MSG_NOSIGNAL);

    return n < 0 ? (struct sent){ .error = errno } : (struct sent){ .n = (size_t)n };
}

static bool session_send(struct session *session)
{
    struct text unsent = session_unsent(session);
    struct sent sent = { .n = unsent.len };

    if (!session->is_mute) {
        sent = session_send_bytes(session->watch.fd, unsent);
    }
    return session_sent(session, unsent.len, sent);
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

/* ---- many at once ---- */

/* Nothing is to be told but records, and they can be sent? Of a unix socket we must note at once
 * how much was. */
static bool session_may_follow(const struct session *session)
{
    const struct hub *hub = &session->server->exchange.hub;
    const struct wire *wire = session_wire(session);

    return watch_has(&session->watch, WATCH_WRITABLE) && !session->is_mute &&
           wire->phase == WIRE_OPEN && wire->answer.kind == 0 && wire->transport != WIRE_UNIX &&
           !(hub_person(hub, session->row)->flags & PERSON_KILLED) &&
           !watchers_has_news(hub, session->row);
}

bool session_follow(struct session *session, struct followers *followers, struct text *out_unsent)
{
    if (!session_may_follow(session) || !followers_add(followers, session->row, session->written)) {
        return false;
    }
    *out_unsent = session_unsent(session);
    return true;
}

void session_settle(struct session *session, size_t len, struct sent sent)
{
    session->is_dirty = false;
    if (len == 0 || session_sent(session, len, sent)) {
        session_release(session);
    }
}
