/* SPDX-License-Identifier: MIT */
/* Lines: finds them in the input page, and runs each as one transaction that also moves `consumed`
 * past it. A connection that cannot be answered is not read: TCP's own flow control does the rest.
 */
#include "app/session.h"

#include "app/server.h"

struct scan_input session_scan_input(const struct session *session)
{
    const struct server *server = session->server;
    const struct wire *wire = session_wire(session);
    const struct front *front = server->exchange.fronts[wire->front];

    return (struct scan_input){ .page = region_page(&server->state.region, wire->in.page),
                                .consumed = wire->in.consumed,
                                .read = wire->in.read,
                                .max_text = front->line_max(&server->exchange),
                                .is_telnet = front->is_telnet };
}

/* ---- lines ---- */

static void session_consume(struct session *session, uint64_t end, uint8_t scanner_state)
{
    struct wire_input *in = state_edit_input(&session->server->state, session->row);

    in->consumed = end;
    in->scanner = scanner_state;
    in->step = 0;
}

/* Opens the transaction of one input. False: it cannot be answered now, and waits. */
static bool session_begin_input(struct session *session, struct reader *reader, size_t room)
{
    const struct wire *wire = session_wire(session);

    if (!session_begin(session, reader)) {
        return false;
    }
    if (output_pull(reader, room)) {
        state_set_in_hand(&session->server->state, IN_HAND_LINE, wire->id, wire->in.consumed);
        return true;
    }
    session_commit(session, reader);
    session->is_held = true;
    return false;
}

static void session_commit_input(struct session *session, struct reader *reader)
{
    (void)output_pull(reader, 0); /* the line's own records */
    session_commit(session, reader);
    if (session_wire(session)->phase >= WIRE_ENDING) {
        session_arm(session);
    }
}

/* In the transaction of its last line. A program that said goodbye closes by itself, and TIME_WAIT
 * stays on its side; with people's programs, whose user typed it, we go first, since they would
 * wait for us. */
static void session_quit(struct session *session, struct reader *reader, struct text reason)
{
    struct wire *wire = session_leave(session, reason);

    reader->front->farewell(reader, reason);
    if (reader->front->pings) {
        wire->flags |= WIRE_PEER_FIRST;
    }
}

static void session_heard(struct session *session, uint32_t cost)
{
    struct server *server = session->server;
    const struct wire *wire = session_wire(session);

    session_spend_token(session, cost);
    tx_store_u64(&server->state.tx, &wire->heard_ms, server->clock.boot_ms);
    if (wire->flags & WIRE_PINGED) {
        state_edit_wire(&server->state, session->row)->flags &= ~(uint32_t)WIRE_PINGED;
    }
}

bool session_is_poison(const struct session *session, uint64_t at)
{
    const struct in_hand *poison = &session->server->poison;
    const struct wire *wire = session_wire(session);

    return poison->kind == IN_HAND_LINE && poison->id == wire->id && poison->offset == at;
}

static void session_run_line(struct session *session, struct reader *reader, struct text line)
{
    char reason_space[REASON_MAX + 1];
    struct buf reason = buf_over(reason_space, sizeof(reason_space));
    const struct wire_input *in = &session_wire(session)->in;

    if (session_is_poison(session, in->consumed)) {
        reader->front->line_refused(reader);
        session_consume(session, session->scanner.at, session->scanner.state);
        return;
    }
    switch ((enum front_outcome)reader->front->line(reader, line, &reason)) {
    case FRONT_MORE:
        state_edit_input(&session->server->state, session->row)->step++;
        session->scanner = scanner_at(in->consumed, in->scanner);
        return;
    case FRONT_ASKS: session->scanner = scanner_at(in->consumed, in->scanner); return;
    case FRONT_QUIT: session_quit(session, reader, buf_text(&reason)); break;
    case FRONT_DONE: break;
    }
    session_consume(session, session->scanner.at, session->scanner.state);
}

/* Copies the line's text and says what it costs. It is in hand: whatever looks at what a peer sent
 * may be what it makes fail. */
static uint32_t session_take_text(struct session *session, uint64_t text_end, struct buf *out)
{
    struct server *server = session->server;
    const struct wire *wire = session_wire(session);
    struct scan_input input = session_scan_input(session);
    uint32_t cost = FLOOD_TOKEN;

    if (session_is_poison(session, wire->in.consumed)) {
        return cost;
    }
    state_set_in_hand(&server->state, IN_HAND_LINE, wire->id, wire->in.consumed);
    scanner_clean(&input, text_end, wire->in.scanner, out);
    if (inquiries_answer(&server->inquiries, session->row) != NULL) {
        cost = 0; /* it was paid for when it asked */
    } else if (server->config->limits.lines_per_second > 0) {
        const struct front *front = server->exchange.fronts[wire->front];

        cost = front->cost(&server->exchange, session->row, buf_text(out));
    }
    state_clear_in_hand(&server->state);
    return cost;
}

/* The line had its effect while it waited. */
static enum session_step session_pass_over(struct session *session, uint32_t cost)
{
    struct state *state = &session->server->state;

    state_begin(state);
    session_heard(session, cost);
    session_consume(session, session->scanner.at, session->scanner.state);
    state_commit(state);
    session->server->counts.n_lines++;
    session_give_back_input(session);
    return SESSION_GOES_ON;
}

static size_t session_room_for(const struct session *session, struct text line)
{
    return session->server->exchange.fronts[session_wire(session)->front]->room(line);
}

/* The scanner stands behind the line; if the line must wait, it goes back. */
static enum session_step session_line(struct session *session, uint64_t text_end)
{
    struct wire_input in = session_wire(session)->in;
    char space[PAGE_SIZE_BYTES + 1];
    struct buf line = buf_over(space, sizeof(space));
    uint32_t cost = session_take_text(session, text_end, &line);
    struct reader reader;

    if (!session_has_token(session, cost)) {
        session_start_ahead(session);
        return SESSION_WAITS;
    }
    if (session_was_ahead(session, text_end, buf_text(&line))) {
        return session_pass_over(session, cost);
    }
    if (!session_begin_input(session, &reader, session_room_for(session, buf_text(&line)))) {
        session->scanner = scanner_at(in.consumed, in.scanner);
        return SESSION_WAITS;
    }
    session_heard(session, cost);
    session_run_line(session, &reader, buf_text(&line));
    session_commit_input(session, &reader);
    session_settle_inquiry(session);
    session->server->counts.n_lines++;
    session_note_speech(session);
    session_give_back_input(session);
    if (session_wire(session)->phase == WIRE_OPEN && session_wire(session)->answer.kind != 0) {
        session->is_held = true;
    }
    return SESSION_GOES_ON;
}

static enum session_step session_long_line(struct session *session)
{
    struct wire_input in = session_wire(session)->in;
    struct reader reader;

    if (!session_begin_input(session, &reader, REPLY_ROOM)) {
        session->scanner = scanner_at(in.consumed, in.scanner);
        return SESSION_WAITS;
    }
    reader.front->line_too_long(&reader);
    session_consume(session, session->scanner.at, session->scanner.state);
    session_commit_input(session, &reader);
    session_give_back_input(session);
    return SESSION_GOES_ON;
}

static enum session_step session_skip(struct session *session)
{
    struct state *state = &session->server->state;

    state_begin(state);
    session_consume(session, session->scanner.at, session->scanner.state);
    state_commit(state);
    session_give_back_input(session);
    return SESSION_GOES_ON;
}

/* ---- telnet ---- */

/* RFC 854 and 1143: we agree to nothing, and answer each offer once, so that no loop can start. */
static void session_answer_command(struct reader *reader, const struct scan_found *found)
{
    struct buf *out = output_urgent(reader);

    if (found->verb == TELNET_DO || found->verb == TELNET_WILL) {
        buf_char(out, (char)TELNET_IAC);
        buf_char(out, (char)(found->verb == TELNET_DO ? TELNET_WONT : TELNET_DONT));
        buf_char(out, (char)found->option);
    } else if (found->verb == TELNET_AYT) {
        buf_text_put(out, TEXT("-- yes\r\n"));
    }
}

enum { TELNET_ANSWER_ROOM = 16 };

static enum session_step session_command(struct session *session, const struct scan_found *found)
{
    struct server *server = session->server;
    struct wire_input in = session_wire(session)->in;
    struct reader reader;
    struct wire *wire;

    if (session->scanner.at <= in.seen) {
        return SESSION_GOES_ON; /* it had its effect before a crash */
    }
    if (!session_begin(session, &reader)) {
        session->scanner = scanner_at(in.consumed, in.scanner);
        return SESSION_WAITS;
    }
    if (buf_space(&reader.output) >= TELNET_ANSWER_ROOM) {
        session_answer_command(&reader, found);
    }
    wire = state_edit_wire(&server->state, session->row);
    wire->in.seen = session->scanner.at;
    wire->flags |= WIRE_TELNET;
    session_commit(session, &reader);
    return SESSION_GOES_ON;
}

/* ---- the end of input ---- */

/* Text without a newline is a line all the same, if the peer ended it on purpose. */
static bool session_has_last_line(const struct session *session)
{
    const struct wire_input *in = &session_wire(session)->in;

    return in->consumed < in->read && session->scanner.n_text > 0 && !session->is_cut &&
           !(session->scanner.state & SCANNER_SKIPPING);
}

/* Everything was read: the person leaves, once all that is due was written. */
static enum session_step session_finish_input(struct session *session)
{
    struct wire_input in = session_wire(session)->in;
    struct reader reader;

    if (!session->is_over && session_has_last_line(session)) {
        return session_line(session, in.read);
    }
    if (!session_begin_input(session, &reader, REPLY_ROOM)) {
        return SESSION_WAITS;
    }
    session_quit(session, &reader, session->is_broken ? TEXT("connection lost") : TEXT_NONE);
    session_consume(session, in.read, SCANNER_TEXT);
    session_commit_input(session, &reader);
    session_give_back_input(session);
    return SESSION_WAITS;
}

/* Telnet's end of file is the end, whatever comes behind it. The line before it is consumed up to
 * the command and no further, so that a crash between the two finds the command again. */
static enum session_step session_finish_telnet(struct session *session)
{
    if (session_has_last_line(session)) {
        session->scanner.at -= 2;
        session->scanner.n_text = 0;
        return session_line(session, session->scanner.at);
    }
    session->is_over = true;
    return session_finish_input(session);
}

static enum session_step session_step(struct session *session)
{
    const struct wire_input *in = &session_wire(session)->in;
    struct scan_input input = session_scan_input(session);
    struct scan_found found;

    if (in->consumed < in->read && !session->is_over) {
        switch (scanner_next(&session->scanner, &input, &found)) {
        case SCAN_LINE: return session_line(session, found.text_end);
        case SCAN_LONG: return session_long_line(session);
        case SCAN_NOTHING: return session_skip(session);
        case SCAN_COMMAND:
            return found.verb == TELNET_EOF ? session_finish_telnet(session)
                                            : session_command(session, &found);
        case SCAN_MORE: break;
        }
    }
    if (session->is_eof || session->is_over || session->is_broken) {
        return session_finish_input(session);
    }
    return watch_has(&session->watch, WATCH_READABLE) ? session_receive(session) : SESSION_WAITS;
}

/* The round has appended its share: the others' readers come first, so that nobody who reads is
 * overtaken by what one round appends. */
static bool session_round_is_full(const struct session *session)
{
    const struct state *state = &session->server->state;

    return state->header->log.tail - state->round_log_at > state->header->sizes.log_bytes / 4;
}

int session_read_turn(struct session *session)
{
    for (int i = 0; i < SESSION_STEPS_PER_TURN; i++) {
        enum wire_phase phase = (enum wire_phase)session_wire(session)->phase;

        if (session->is_doomed || phase == WIRE_NEW) {
            return 0;
        }
        if (phase != WIRE_OPEN) {
            session_drain(session);
            return 0;
        }
        if (session->is_held || session->is_starved || session->is_parked || session->is_asking) {
            return 0;
        }
        if (session->is_delayed) {
            session_go_ahead(session);
            return 0;
        }
        if (session_end_if_killed(session)) {
            return 0; /* what it said behind that is not heard */
        }
        if (!archiving_keeps_up(&session->server->archiving, &session->server->state)) {
            server_park(session->server, session->row);
            return 0;
        }
        if (session_round_is_full(session)) {
            break;
        }
        if (session_step(session) == SESSION_WAITS) {
            return 0;
        }
    }
    watch_again(&session->watch);
    return 0;
}
