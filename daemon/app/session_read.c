/* SPDX-License-Identifier: MIT */
/* Reading: recv() puts byte n of the stream at n % the size of the input page, which is borrowed
 * while there is anything unhandled in it. Knows nothing of lines. */
#include "app/session.h"

#include "app/server.h"

#include <errno.h>
#include <sys/socket.h>

void session_give_back_input(struct session *session)
{
    const struct wire_input *in = &session_wire(session)->in;

    if (session->has_input_page && in->consumed == in->read) {
        pages_give_back(&session->server->state.pages, in->page, PAGE_INPUT);
        session->has_input_page = false;
    }
}

/* The page's number is stored before anything is read into it. */
static bool session_take_input_page(struct session *session)
{
    struct state *state = &session->server->state;
    uint32_t page;

    if (session->has_input_page) {
        return true;
    }
    page = pages_lend(&state->pages, PAGE_INPUT);
    if (page == 0) {
        session_starve(session, PAGE_INPUT);
        return false;
    }
    tx_store_u32(&state->tx, &session_wire(session)->in.page, page);
    session->has_input_page = true;
    session->page_since_s = (uint16_t)(session->server->clock.boot_ms / 1000);
    return true;
}

static void session_read_failed(struct session *session, int error)
{
    if (error == EAGAIN) {
        watch_clear(&session->watch, WATCH_READABLE);
    } else if (error != EINTR) {
        session->is_broken = true;
        session->is_mute = true;
        session->is_cut = true;
    }
}

/* Less than there was room for: nothing is left, and the next edge tells of what comes (epoll(7)),
 * unless recv() stopped at an end, at an error, or at the mark of what TCP calls urgent. A
 * socket of the file system stops at descriptors that came along, too. */
static bool session_has_read_all(const struct session *session, size_t n, size_t room)
{
    return n < room && !watch_has(&session->watch, WATCH_SPECIAL) &&
           session_wire(session)->transport != WIRE_UNIX;
}

enum session_step session_receive(struct session *session)
{
    struct state *state = &session->server->state;
    const struct wire_input *in = &session_wire(session)->in;
    size_t at = (size_t)(in->read % PAGE_SIZE_BYTES);
    size_t room =
        size_min(PAGE_SIZE_BYTES - (size_t)(in->read - in->consumed), PAGE_SIZE_BYTES - at);
    ssize_t n;

    if (!session_take_input_page(session)) {
        return SESSION_WAITS;
    }
    n = recv(session->watch.fd, region_page(&state->region, in->page) + at, room, MSG_DONTWAIT);
    if (n > 0) {
        tx_store_u64(&state->tx, &in->read, in->read + (uint64_t)n);
        if (session_has_read_all(session, (size_t)n, room)) {
            watch_clear(&session->watch, WATCH_READABLE);
        }
    } else if (n == 0) {
        session->is_eof = true;
        session->is_broken = session->is_cut; /* its error was taken before a crash */
        watch_clear(&session->watch, WATCH_READABLE);
    } else {
        session_read_failed(session, errno);
    }
    session_give_back_input(session);
    return SESSION_GOES_ON;
}

void session_drain(struct session *session)
{
    char dropped[4096];
    size_t left = SESSION_DRAIN_BYTES;

    while (left > 0 && !session->is_eof && !session->is_broken &&
           watch_has(&session->watch, WATCH_READABLE)) {
        ssize_t n = recv(session->watch.fd, dropped, size_min(left, sizeof(dropped)), MSG_DONTWAIT);

        if (n > 0) {
            left -= (size_t)n;
        } else if (n == 0) {
            session->is_eof = true;
        } else {
            session_read_failed(session, errno);
        }
    }
    if (session->is_eof || session->is_broken) {
        if (session_wire(session)->phase == WIRE_LINGERING || session->is_broken) {
            session_doom(session, TEXT_NONE);
        } else {
            session_mark_dirty(session);
        }
    } else if (left == 0) {
        watch_again(&session->watch);
    }
}
