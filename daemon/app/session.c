/* SPDX-License-Identifier: MIT */
/* Sessions: making and telling. Flushing is in session_flush.c, ending in session_end.c, input in
 * session_input.c, deadlines in session_time.c. */
#include "app/session.h"

#include "app/server.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

const struct wire *session_wire(const struct session *session)
{
    return &session->server->state.wires[session->row];
}

/* The fault barrier: whatever goes wrong in a turn costs this session alone. */
static void session_on_ready(struct watch *watch)
{
    struct session *session = container_of(watch, struct session, watch);
    int r = session_read_turn(session);

    if (r < 0) {
        report(REPORT_WARNING, "connection %llu: %s", (unsigned long long)session_wire(session)->id,
               strerror(-r));
        session_doom(session, TEXT("connection failed"));
    }
    if (watch_has(watch, WATCH_WRITABLE)) {
        session_mark_dirty(session);
    }
    server_spare_pages(session->server);
}

int session_new(struct server *server, uint32_t row, int fd, uint32_t edges, struct session **out)
{
    struct session *session = calloc(1, sizeof(*session));
    const struct wire_input *in = &server->state.wires[row].in;
    int r;

    if (session == NULL) {
        return -ENOMEM;
    }
    session->server = server;
    session->row = row;
    session->scanner = scanner_at(in->consumed, in->scanner);
    r = timer_add(&session->timer, &server->timers, session_on_due);
    if (r == 0) {
        r = watch_start(&session->watch, &server->loop, fd, edges, session_on_ready);
    }
    if (r < 0) {
        timer_remove(&session->timer);
        free(session);
        return r;
    }
    server->sessions[row] = session;
    server->n_sessions++;
    *out = session;
    return 0;
}

struct session *session_free(struct session *session)
{
    struct server *server;
    int fd;

    if (session == NULL) {
        return NULL;
    }
    server = session->server;
    fd = session->watch.fd;
    timer_remove(&session->timer);
    watch_stop(&session->watch); /* before close: the open file may live on in the keeper */
    (void)close(fd);
    server->sessions[session->row] = NULL;
    server->n_sessions--;
    free(session);
    return NULL;
}

void session_mark_dirty(struct session *session)
{
    if (!session->is_dirty && !session->is_doomed) {
        session->is_dirty = true;
        server_add_dirty(session->server, session->row);
    }
}

void session_feed(struct session *session)
{
    session->is_starved = false;
    session->is_held = session_wire(session)->answer.kind != 0;
    session_mark_dirty(session);
    watch_again(&session->watch);
}

void session_starve(struct session *session, enum page_use use)
{
    session->is_starved_of_input = use == PAGE_INPUT;
    if (!session->is_starved) {
        session->is_starved = true;
        server_add_starved(session->server, session->row);
    }
}

bool session_begin(struct session *session, struct reader *reader)
{
    struct server *server = session->server;

    log_make_room(&server->state);
    state_begin(&server->state);
    if (output_open(reader, &server->exchange, session->row, session->written) == 0) {
        const struct wire *wire = session_wire(session);

        state_set_in_hand(&server->state, IN_HAND_FLUSH, wire->id, wire->out.produced);
        reader->answer = inquiries_answer(&server->inquiries, session->row);
        return true;
    }
    state_commit(&server->state);
    session_starve(session, PAGE_OUTPUT);
    return false;
}

void session_commit(struct session *session, struct reader *reader)
{
    output_close(reader);
    state_commit(&session->server->state);
    state_clear_in_hand(&session->server->state);
    session_mark_dirty(session);
}

/* ---- what the archive is asked ---- */

void session_settle_inquiry(struct session *session)
{
    struct server *server = session->server;

    inquiries_forget(&server->inquiries, session->row);
    if (server->exchange.asked != NULL) {
        session->is_asking = true;
        inquiries_ask(&server->inquiries, give(server->exchange.asked));
    }
}

void session_hear(struct session *session)
{
    session->is_asking = false;
    session_mark_dirty(session);
    watch_again(&session->watch);
}

/* ---- opening ---- */

/* False: the keeper has no room just now. */
static bool session_keep(struct session *session)
{
    struct keeper *keeper = session->server->keeper;
    uint64_t id = session_wire(session)->id;
    int r;

    if (session->is_kept || keeper == NULL) {
        return true;
    }
    r = keeper->keep(keeper, id, session->watch.fd);
    if (r == -EAGAIN || r == -ETOOMANYREFS || r == -EMFILE || r == -ENFILE || r == -ENOBUFS ||
        r == -ENOMEM) {
        return false;
    }
    if (r < 0) {
        report(REPORT_WARNING, "connection %llu is not kept over restarts: %s",
               (unsigned long long)id, strerror(-r));
    }
    session->is_kept = true;
    return true;
}

void session_open(struct session *session)
{
    struct reader reader;

    if (!session_keep(session) || !session_begin(session, &reader)) {
        session_arm(session); /* it stays new, and is tried again */
        return;
    }
    state_edit_wire(&session->server->state, session->row)->phase = WIRE_OPEN;
    reader.front->arrive(&reader);
    session_commit(session, &reader);
    session_arm(session);
    if (watch_has(&session->watch, WATCH_READABLE)) {
        watch_again(&session->watch); /* what came while it waited was not read */
    }
}

void session_say(struct session *session, const char *words)
{
    struct reader reader;

    if (session_wire(session)->phase != WIRE_OPEN || session->is_doomed ||
        !session_begin(session, &reader)) {
        return;
    }
    if (output_pull(&reader, REPLY_ROOM)) {
        reader.front->say(&reader, words);
    }
    session_commit(session, &reader);
}
