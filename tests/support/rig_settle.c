/* SPDX-License-Identifier: MIT */
/* Moving a rig: rounds of the server and of the people, until nothing moves and what one side sent
 * has arrived at the other. Loopback delivers in the sender's context, but under load the kernel
 * may leave it to another thread; so the byte counts of both ends are compared. */
#include "support/rig.h"

#include "net/kernel.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sched.h>
#include <setjmp.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>

#include <cmocka.h>

enum {
    RIG_QUIET_ROUNDS = 2,
    RIG_YIELDS_MAX = 300,       /* then the kernel waits for a timer of its own: a small window */
    RIG_NAPS_MAX = 500,         /* of a millisecond; then what has not arrived is stuck */
    RIG_BUSY_ROUNDS_MAX = 5000, /* without a byte: the server spins */
    RIG_ANSWER_MS = 60000,      /* the archive's thread is dead */
};

/* ---- who belongs to whom ---- */

static bool rig_is_other_end(const struct session *session, const struct peer *peer)
{
    struct peer_ports ports = peer_ports_of(session->watch.fd, true);

    return ports.person == peer->ports.person && ports.door == peer->ports.door;
}

static void rig_find_session(struct rig *rig, struct peer *peer)
{
    for (uint32_t row = 1; row < rig->server.state.header->sizes.wires; row++) {
        const struct session *session = rig->server.sessions[row];

        if (session != NULL && rig_is_other_end(session, peer)) {
            peer->id = rig->server.state.wires[row].id;
            peer->row = row;
            return;
        }
    }
}

struct session *rig_session(struct rig *rig, struct peer *peer)
{
    if (peer->id == 0 && peer_is_tcp(peer) && !peer->has_shut_down) {
        rig_find_session(rig, peer);
    }
    if (peer->id == 0 || rig->server.state.wires[peer->row].id != peer->id) {
        return NULL;
    }
    return rig->server.sessions[peer->row];
}

struct peer *rig_peer(struct rig *rig, struct text name)
{
    for (struct peer *peer = rig->peers; peer != NULL; peer = peer->next) {
        if (text_equal(text_of(peer->name), name)) {
            return peer;
        }
    }
    return NULL;
}

/* ---- has everything arrived? ---- */

static bool rig_has_fin(int state)
{
    return state == TCP_CLOSE_WAIT || state == TCP_LAST_ACK || state == TCP_CLOSING ||
           state == TCP_CLOSE || state == TCP_TIME_WAIT;
}

static bool rig_has_sent_fin(int state)
{
    return state == TCP_FIN_WAIT1 || state == TCP_FIN_WAIT2 || state == TCP_CLOSING ||
           state == TCP_LAST_ACK;
}

static bool rig_is_connection_delivered(const struct session *session, const struct peer *peer)
{
    struct kernel_totals totals;
    int unread = 0;

    if (kernel_tcp_totals(session->watch.fd, &totals) < 0 ||
        ioctl(session->watch.fd, FIONREAD, &unread) < 0) {
        return true;
    }
    if (totals.state == TCP_CLOSE) {
        return true;
    }
    if (peer->has_shut_down && !rig_has_fin(totals.state)) {
        return false;
    }
    if (totals.read + (uint64_t)unread < peer->n_sent) {
        return false;
    }
    if (peer->fd < 0 || peer->is_stopped || peer->is_reset) {
        return true;
    }
    return peer->n_got + peer_waiting(peer) >= totals.written &&
           (!rig_has_sent_fin(totals.state) || peer->is_eof);
}

static bool rig_is_peer_delivered(struct rig *rig, struct peer *peer)
{
    struct session *session = rig_session(rig, peer);

    if (!peer_is_tcp(peer)) {
        return true; /* unix sockets deliver at once */
    }
    if (session == NULL) {
        return peer->fd < 0 || peer->is_stopped || peer->is_eof || peer->is_reset;
    }
    return rig_is_connection_delivered(session, peer);
}

static bool rig_is_delivered(struct rig *rig)
{
    for (struct peer *peer = rig->peers; peer != NULL; peer = peer->next) {
        if (!rig_is_peer_delivered(rig, peer)) {
            return false;
        }
    }
    return true;
}

/* ---- moving ---- */

static bool rig_move_peers(struct rig *rig)
{
    bool has_moved = false;

    for (struct peer *peer = rig->peers; peer != NULL; peer = peer->next) {
        has_moved |= peer_move(peer);
    }
    return has_moved;
}

/* False: it died. */
static bool rig_try_round(struct rig *rig)
{
    int r;

    if (setjmp(rig->crash.to) != 0) {
        return false;
    }
    crash_arm(&rig->crash);
    r = server_round(&rig->server, 0);
    crash_disarm(&rig->crash);
    assert_int_equal(r, 0);
    return true;
}

/* An EAGAIN that we made up took an edge that the kernel will not repeat. */
static void rig_give_edges_back(struct rig *rig)
{
    if (rig->n_cuts_seen == rig->crash.n_cuts) {
        return;
    }
    rig->n_cuts_seen = rig->crash.n_cuts;
    for (uint32_t row = 1; row < rig->server.state.header->sizes.wires; row++) {
        struct session *session = rig->server.sessions[row];

        if (session != NULL) {
            session->watch.edges |= WATCH_READABLE | WATCH_WRITABLE;
            watch_again(&session->watch);
        }
    }
}

static void rig_round(struct rig *rig)
{
    const char *wrong;

    if (!rig_try_round(rig)) {
        rig_restart(rig);
    }
    rig_give_edges_back(rig);
    wrong = shadow_check(&rig->crash.shadow);
    if (wrong != NULL) {
        fail_msg("the shadow says: %s", wrong);
    }
}

static bool rig_is_idle(const struct rig *rig)
{
    struct pollfd events = { .fd = rig->server.loop.epoll_fd, .events = POLLIN };

    return !server_is_busy(&rig->server) && poll(&events, 1, 0) == 0 &&
           timers_wait_ms(&rig->server.timers, rig->server.clock.boot_ms) != 0;
}

static void rig_wait(unsigned n_waits)
{
    const struct timespec nap = { .tv_nsec = 1000000 };

    if (n_waits < RIG_YIELDS_MAX) {
        (void)sched_yield();
    } else {
        (void)nanosleep(&nap, NULL);
    }
}

/* The archive works on other threads: it has all the time that it needs. Who is parked until it has
 * caught up is looked at by a timer. */
static void rig_await_archive(struct rig *rig)
{
    const struct timespec nap = { .tv_nsec = 1000000 };
    struct server *server = &rig->server;
    struct pollfd events = { .fd = server->loop.epoll_fd, .events = POLLIN };

    if (server->inquiries.n_asked > 0 && !server_is_busy(server)) {
        assert_int_equal(poll(&events, 1, RIG_ANSWER_MS), 1);
    }
    for (int n = 0; server->n_parked > 0 && n < RIG_ANSWER_MS; n++) {
        if (archiving_keeps_up(&server->archiving, &server->state)) {
            server->clock.boot_ms += timers_wait_ms(&server->timers, server->clock.boot_ms) > 0;
            return;
        }
        (void)nanosleep(&nap, NULL);
    }
}

void rig_settle(struct rig *rig)
{
    unsigned n_quiet = 0, n_waits = 0, n_busy = 0;
    uint64_t n_cuts = 0;

    while (n_quiet < RIG_QUIET_ROUNDS) {
        bool has_moved;

        rig_round(rig);
        rig_await_archive(rig);
        has_moved = rig_move_peers(rig);
        n_busy = has_moved || n_cuts != rig->n_cuts_seen ? 0 : n_busy + 1;
        n_cuts = rig->n_cuts_seen;
        assert_true(n_busy < RIG_BUSY_ROUNDS_MAX); /* the server spins */
        if (has_moved || rig->server.n_parked > 0 || !rig_is_idle(rig)) {
            n_quiet = 0;
        } else if (n_waits < RIG_YIELDS_MAX + RIG_NAPS_MAX && !rig_is_delivered(rig)) {
            n_quiet = 0;
            rig_wait(n_waits++);
        } else {
            n_quiet++;
        }
    }
}

void rig_advance(struct rig *rig, uint64_t ms)
{
    while (ms > 0) {
        uint64_t step = u64_min(ms, 1000);

        rig->server.clock.boot_ms += step;
        rig->server.clock.real_ms += step;
        ms -= step;
        rig_settle(rig);
    }
}

void rig_stop_reading(struct rig *rig, struct peer *peer)
{
    peer->is_stopped = true;
    rig->crash.plan.full_fd = rig_session(rig, peer)->watch.fd;
}

void rig_read_again(struct rig *rig, struct peer *peer)
{
    peer->is_stopped = false;
    rig->crash.plan.full_fd = 0;
    rig->crash.n_cuts++; /* its edge comes back */
    rig_settle(rig);
}

struct peer *rig_connect(struct rig *rig, const char *name, enum rig_door door)
{
    struct peer *peer =
        peer_new(name, &rig->doors[door], door == RIG_IRC ? "\r\n" : "\n", rig->receive_buffer);
    struct peer **end = &rig->peers;

    while (*end != NULL) {
        end = &(*end)->next;
    }
    *end = peer;
    rig_settle(rig);
    return peer;
}
