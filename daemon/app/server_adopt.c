/* SPDX-License-Identifier: MIT */
/* A start over a region that another process left: rows and descriptors find each other again. How
 * far each conversation came is asked of the kernel, which kept counting. */
#include "app/server.h"

#include "chat/people.h"
#include "net/kernel.h"

#include <errno.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>

/* What is known of a connection that comes back. */
struct adopted {
    uint64_t written, read;
    bool is_closed; /* the kernel's socket is dead: what was queued before is still read */
    bool is_cut;    /* and no FIN came before: what has no end is not taken for a line */
};

/* In TCP_CLOSE the peer's FIN may be counted in `read`. The error that waits in the socket tells:
 * behind a FIN a reset is EPIPE, else ECONNRESET (tcp_reset() in net/ipv4/tcp_input.c). If somebody
 * has taken it already, what was stored after the last recv() is sure, and one byte is not. */
static void server_resolve_doubt(const struct wire *wire, int fd, struct adopted *adopted)
{
    int error = 0;
    socklen_t len = sizeof(error);

    (void)getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len);
    if ((error == EPIPE || error == 0) && adopted->read > wire->in.read) {
        adopted->read--;
    }
    adopted->is_cut = error != EPIPE;
}

static int server_totals(const struct wire *wire, int fd, struct adopted *out)
{
    struct kernel_totals totals;
    int r;

    *out = (struct adopted){ .written = wire->out.written, .read = wire->in.read };
    if (wire->transport == WIRE_UNIX) {
        return 0;
    }
    r = kernel_tcp_totals(fd, &totals);
    if (r < 0) {
        return r;
    }
    out->read = totals.read;
    out->written = u64_min(totals.written, wire->out.produced);
    out->is_closed = totals.state == TCP_CLOSE;
    if (out->is_closed) {
        out->written = wire->out.produced; /* void: nothing can be sent any more */
    }
    if (totals.read_in_doubt) {
        server_resolve_doubt(wire, fd, out);
    }
    return 0;
}

static bool server_is_plausible(const struct wire *wire, const struct adopted *adopted)
{
    if (wire->phase >= WIRE_ENDING) {
        return adopted->written <= wire->out.produced;
    }
    return adopted->read >= wire->in.consumed &&
           adopted->read - wire->in.consumed <= PAGE_SIZE_BYTES &&
           adopted->written <= wire->out.produced &&
           wire->out.produced - adopted->written <= PAGE_SIZE_BYTES;
}

static bool server_is_page(const struct server *server, uint32_t page)
{
    return page > 0 && page < server->state.header->sizes.pages;
}

/* The page with what was read and not yet consumed. */
static bool server_claim_input(struct server *server, struct session *session)
{
    const struct wire *wire = session_wire(session);

    if (!server_is_page(server, wire->in.page)) {
        return false;
    }
    pages_claim(&server->state.pages, wire->in.page, PAGE_INPUT);
    session->has_input_page = true;
    session->page_since_s = (uint16_t)(server->clock.boot_ms / 1000);
    return true;
}

/* Claims the pages the connection uses, and tells the row how far the kernel read. */
static bool server_claim(struct server *server, struct session *session,
                         const struct adopted *adopted)
{
    const struct wire *wire = session_wire(session);

    session->written = adopted->written;
    if (wire->phase < WIRE_ENDING) {
        tx_store_u64(&server->state.tx, &wire->in.read, adopted->read);
        if (wire->in.consumed < adopted->read && !server_claim_input(server, session)) {
            return false;
        }
    }
    if (session->written < wire->out.produced) {
        if (!server_is_page(server, wire->out.page)) {
            session->written = wire->out.produced;
            return false;
        }
        pages_claim(&server->state.pages, wire->out.page, PAGE_OUTPUT);
    }
    return true;
}

/* The time at which `patience` ends at `until`, or `since` if that is later. */
static uint64_t server_since(uint64_t since, uint64_t until, uint64_t patience_s)
{
    uint64_t patience = patience_s * 1000;

    return u64_max(since, until > patience ? until - patience : 0);
}

/* No peer is to blame for the time that nobody was there: whoever is waited for is waited for some
 * seconds more. */
static void server_be_patient(struct server *server, const struct session *session)
{
    const struct wire *wire = session_wire(session);
    const struct person *person = hub_person(&server->exchange.hub, session->row);
    const struct config *config = server->config;
    uint64_t until = server->clock.boot_ms + SERVER_GRACE_MS;
    bool has_unsent = session->written < wire->out.produced;
    struct tx *tx = &server->state.tx;

    if (wire->phase < WIRE_ENDING ? wire->flags & WIRE_PINGED : has_unsent) {
        tx_store_u64(tx, &wire->deadline_ms, u64_max(wire->deadline_ms, until));
    }
    tx_store_u64(tx, &wire->heard_ms,
                 server_since(wire->heard_ms, until,
                              config->timeouts.ping_s + config->timeouts.ping_reply_s));
    if (!(person->flags & PERSON_REGISTERED)) {
        tx_store_u64(tx, &wire->born_ms,
                     server_since(wire->born_ms, until, config->timeouts.registration_s));
    }
}

static int server_adopt_one(struct server *server, uint32_t row, int fd)
{
    struct session *session;
    struct adopted adopted;
    const struct wire *wire = &server->state.wires[row];
    int r = server_totals(wire, fd, &adopted);

    if (r < 0) {
        return r;
    }
    r = session_new(server, row, fd, WATCH_READABLE | WATCH_WRITABLE, &session);
    if (r < 0) {
        return r;
    }
    index_add(&server->hosts, index_hash(&server->hosts, wire->host, 16), row);
    session->is_kept = true;
    session->is_mute = adopted.is_closed;
    session->is_cut = adopted.is_cut;
    if (!server_is_plausible(wire, &adopted) || !server_claim(server, session, &adopted)) {
        report(REPORT_ERROR, "connection %llu: the counts contradict each other, it is closed",
               (unsigned long long)wire->id);
        session->written = wire->out.produced;
        session_doom(session, TEXT("connection lost"));
        return 0;
    }
    if (server->poison.kind == IN_HAND_FLUSH && server->poison.id == wire->id) {
        report(REPORT_ERROR, "connection %llu ended the last runs when it was written to: closed",
               (unsigned long long)wire->id);
        session_doom(session, TEXT("connection failed"));
        return 0;
    }
    session->is_held = wire->phase == WIRE_OPEN && wire->answer.kind != 0;
    server_be_patient(server, session);
    if (wire->phase == WIRE_LINGERING) {
        (void)shutdown(fd, SHUT_WR); /* the commit came before it */
    }
    session_arm(session);
    session_mark_dirty(session);
    return 0;
}

/* A row whose descriptor did not come back: who was never seen goes silently. */
static void server_bury(struct server *server, uint32_t row)
{
    log_make_room(&server->state);
    state_begin(&server->state);
    people_quit(&server->exchange.hub, row, TEXT("connection lost"), server->exchange.now);
    people_forget(&server->exchange.hub, row);
    state_free_wire(&server->state, row);
    state_commit(&server->state);
}

static int server_compare_kept(const void *a, const void *b)
{
    const struct kept *x = a, *y = b;

    return x->id < y->id ? -1 : x->id > y->id;
}

static struct kept *server_find_kept(const struct server_start *start, uint64_t id)
{
    struct kept key = { .id = id };

    return start->n_kept == 0
               ? NULL
               : bsearch(&key, start->kept, start->n_kept, sizeof(key), server_compare_kept);
}

static void server_match_rows(struct server *server, const struct server_start *start)
{
    for (uint32_t row = 1; row < server->state.written.wires; row++) {
        struct kept *kept;

        if (server->state.wires[row].id == 0) {
            continue;
        }
        kept = server_find_kept(start, server->state.wires[row].id);
        if (kept == NULL || kept->fd < 0 || server_adopt_one(server, row, kept->fd) < 0) {
            server_bury(server, row);
        } else {
            kept->fd = -1;
        }
    }
}

/* Descriptors without a row are connections that ended; they are ended for their peers too. */
static void server_end_strays(const struct server_start *start)
{
    for (size_t i = 0; i < start->n_kept; i++) {
        struct kept *kept = &start->kept[i];

        if (kept->fd < 0) {
            continue;
        }
        (void)shutdown(kept->fd, SHUT_RDWR);
        (void)close(kept->fd);
        kept->fd = -1;
        if (start->keeper != NULL) {
            start->keeper->forget(start->keeper, kept->id);
        }
    }
}

int server_adopt(struct server *server, const struct server_start *start)
{
    if (start->n_kept > 0) {
        qsort(start->kept, start->n_kept, sizeof(*start->kept), server_compare_kept);
    }
    state_begin(&server->state);
    state_edit_counters(&server->state)->generation++;
    state_commit(&server->state);
    server_match_rows(server, start);
    server_end_strays(start);
    pages_open(&server->state.pages);
    return 0;
}
