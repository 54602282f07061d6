/* SPDX-License-Identifier: MIT */
/* New connections: a row, then the keeper, and only then the first visible effect. Who is one too
 * many is told so, in words, by the front end it came to. */
#include "app/server.h"

#include <errno.h>
#include <string.h>

static uint32_t server_count_host(const struct server *server, const unsigned char host[16])
{
    uint32_t hash = index_hash(&server->hosts, host, 16);
    uint32_t n = 0;

    for (uint32_t row = index_first(&server->hosts, hash); row != 0;
         row = index_next(&server->hosts, row)) {
        n += memcmp(server->state.wires[row].host, host, 16) == 0;
    }
    return n;
}

/* NULL, or why this connection is one too many. The row of the connection itself is counted. */
static const char *server_why_not(const struct server *server, uint32_t row)
{
    const struct config *config = server->config;
    const struct wire *wire = &server->state.wires[row];

    if (table_used(&server->state.free_wires) > config->limits.connections) {
        return "the server is full";
    }
    if (config->limits.connections_per_address > 0 && wire->transport == WIRE_TCP &&
        server_count_host(server, wire->host) > config->limits.connections_per_address) {
        return "too many connections from your address";
    }
    return NULL;
}

static uint32_t server_take_row(struct server *server, const struct listener *listener,
                                const struct address *peer)
{
    uint32_t row;
    struct wire *wire;

    state_begin(&server->state);
    row = state_take_wire(&server->state);
    if (row != 0) {
        wire = state_edit_wire(&server->state, row);
        wire->phase = WIRE_NEW;
        wire->front = strcmp(listener->name, "irc") == 0 ? FRONT_IRC : FRONT_LINE;
        wire->transport = peer->storage.ss_family == AF_UNIX ? WIRE_UNIX : WIRE_TCP;
        wire->born_ms = server->clock.boot_ms;
        wire->heard_ms = server->clock.boot_ms;
        address_host(peer, wire->host);
    }
    state_commit(&server->state);
    if (row != 0) {
        index_add(&server->hosts, index_hash(&server->hosts, server->state.wires[row].host, 16),
                  row);
    }
    return row;
}

static void server_drop_row(struct server *server, uint32_t row)
{
    index_remove(&server->hosts, index_hash(&server->hosts, server->state.wires[row].host, 16),
                 row);
    state_begin(&server->state);
    state_free_wire(&server->state, row);
    state_commit(&server->state);
}

static void server_report_new(const struct server *server, uint32_t row,
                              const struct listener *listener, const struct address *peer,
                              const char *refusal)
{
    char peer_space[ADDRESS_TEXT_SIZE + 1] = { 0 }, id[24] = { 0 };
    struct buf peer_text = buf_over(peer_space, ADDRESS_TEXT_SIZE);
    struct buf id_text = buf_over(id, sizeof(id) - 1);
    struct report_field fields[] = { { "PEER", peer_space },
                                     { "CONNECTION", id },
                                     { "FRONT", listener->name },
                                     { "REASON", refusal } };

    if (!report_is_on(refusal != NULL ? REPORT_NOTICE : REPORT_INFO)) {
        return;
    }
    address_print(peer, true, &peer_text);
    buf_number(&id_text, server->state.wires[row].id);
    if (refusal != NULL) {
        report_with(REPORT_NOTICE, fields, ARRAY_SIZE(fields), "%s turned away: %s", peer_space,
                    refusal);
    } else {
        report_with(REPORT_INFO, fields, ARRAY_SIZE(fields), "connection %s from %s (%s)", id,
                    peer_space, listener->name);
    }
}

bool server_on_connection(struct listener *listener, int fd, const struct address *peer)
{
    struct server *server = listener->owner;
    uint32_t row = server_take_row(server, listener, peer);
    struct session *session;
    const char *refusal;
    int r;

    if (row == 0) { /* not even a place to say so: the rest waits in the kernel's queue */
        (void)close(fd);
        server->counts.n_turned_away++;
        return false;
    }
    r = session_new(server, row, fd, WATCH_WRITABLE, &session);
    if (r < 0) {
        report(REPORT_WARNING, "a connection was dropped: %s", strerror(-r));
        server_drop_row(server, row);
        (void)close(fd);
        return true;
    }
    refusal = server_why_not(server, row);
    server->counts.n_accepted++;
    server_report_new(server, row, listener, peer, refusal);
    if (refusal != NULL) {
        server->counts.n_turned_away++;
        session_end(session, text_of(refusal));
    } else {
        session_open(session);
    }
    server_spare_pages(server);
    return true;
}
