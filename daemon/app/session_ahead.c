/* SPDX-License-Identifier: MIT */
/* Ahead of its turn: while the lines of a connection are delayed, what it sends is read on, as far
 * as its page has room, and a line that the front end calls urgent is answered at once. `seen`
 * moves behind it in the answer's transaction, so that it is passed over when its turn comes,
 * whoever is alive then. Meanwhile the scanner runs ahead, and no byte is looked at twice: `seen`
 * stands where the line begins that has no end yet, or that stops it. */
#include "app/session.h"

#include "app/server.h"

static const struct front *session_front(const struct session *session)
{
    return session->server->exchange.fronts[session_wire(session)->front];
}

/* A place where a line begins. If an LF belongs to the CR before it, it looks like an empty line,
 * which does no harm. */
static uint8_t session_state_at(const struct session *session, uint64_t at)
{
    const struct wire_input *in = &session_wire(session)->in;

    return at == in->consumed ? in->scanner : SCANNER_TEXT;
}

/* One transaction. False: there is no page or no room now, and it stays to be answered. */
static bool session_answer_ahead(struct session *session, uint64_t from, struct text line)
{
    struct state *state = &session->server->state;
    struct reader reader;
    bool has_room;

    if (!session_begin(session, &reader)) {
        return false;
    }
    has_room = buf_space(&reader.output) >= URGENT_ROOM;
    if (has_room) {
        state_set_in_hand(state, IN_HAND_LINE, session_wire(session)->id, from);
        reader.front->urgent(&reader, line);
        state_edit_input(state, session->row)->seen = session->scanner.at;
    }
    session_commit(session, &reader);
    return has_room;
}

/* The line from input->consumed to `text_end`. False: nothing behind it may be looked at now. */
static bool session_look_at(struct session *session, const struct scan_input *input,
                            uint64_t text_end)
{
    struct state *state = &session->server->state;
    uint64_t from = input->consumed;
    char space[PAGE_SIZE_BYTES + 1];
    struct buf line = buf_over(space, sizeof(space));
    enum front_urgency urgency;

    if (session_is_poison(session, from)) {
        return false;
    }
    state_set_in_hand(state, IN_HAND_LINE, session_wire(session)->id, from);
    scanner_clean(input, text_end, session_state_at(session, from), &line);
    urgency = session_front(session)->urgency(buf_text(&line));
    state_clear_in_hand(state);
    return urgency == FRONT_IN_TURN ||
           (urgency == FRONT_URGENT && session_answer_ahead(session, from, buf_text(&line)));
}

/* All complete lines behind `seen`. Those of a line that is too long are told in its turn. */
static void session_look(struct session *session)
{
    const struct wire_input *in = &session_wire(session)->in;
    struct scan_input input = session_scan_input(session);
    struct scan_found found;
    enum scan scan;

    input.consumed = u64_max(in->consumed, in->seen);
    while ((scan = scanner_next(&session->scanner, &input, &found)) != SCAN_MORE) {
        if (scan == SCAN_LINE && !session_look_at(session, &input, found.text_end)) {
            session->scanner =
                scanner_at(input.consumed, session_state_at(session, input.consumed));
            break;
        }
        if (!(session->scanner.state & SCANNER_SKIPPING)) {
            input.consumed = session->scanner.at;
        } else if (scan == SCAN_NOTHING) {
            break; /* inside a line that is too long */
        }
    }
    if (input.consumed > in->seen) {
        tx_store_u64(&session->server->state.tx, &in->seen, input.consumed);
    }
}

void session_go_ahead(struct session *session)
{
    const struct wire_input *in = &session_wire(session)->in;
    bool may_receive = session_front(session)->urgency != NULL;

    while (may_receive) {
        session_look(session);
        may_receive = !session->is_starved && !session->is_eof && !session->is_broken &&
                      watch_has(&session->watch, WATCH_READABLE) &&
                      in->read - in->consumed < PAGE_SIZE_BYTES &&
                      session_receive(session) == SESSION_GOES_ON;
    }
}

void session_start_ahead(struct session *session)
{
    const struct wire_input *in = &session_wire(session)->in;
    uint64_t from = u64_max(in->consumed, in->seen);

    session_stop_ahead(session);
    if (session_front(session)->urgency != NULL) {
        session->scanner = scanner_at(from, session_state_at(session, from));
        session_go_ahead(session);
    }
}

void session_stop_ahead(struct session *session)
{
    const struct wire_input *in = &session_wire(session)->in;

    session->scanner = scanner_at(in->consumed, in->scanner);
}

/* Not scanner.at is compared: the LF of its CR may have come later. */
bool session_was_ahead(const struct session *session, uint64_t text_end, struct text line)
{
    return text_end < session_wire(session)->in.seen && session_front(session)->urgency != NULL &&
           session_front(session)->urgency(line) == FRONT_URGENT;
}
