/* SPDX-License-Identifier: MIT */
/* Who hears when. Lists of the hub say where something happened; a round makes dirty who has
 * something to read. None of it outlives the process: whoever starts next flushes everybody. */
#include "app/server.h"

enum { SERVER_CROWDS_MS = 100 }; /* how long a crowd may wait to hear who came and went */

/* Crowds wait no longer when so much was said since log_at that the log might overtake them. */
static bool server_must_hurry(const struct server *server, uint64_t log_at)
{
    const struct region_header *header = server->state.header;

    return header->log.tail - log_at > header->sizes.log_bytes / 8;
}

static void server_mark_person(struct server *server, uint32_t row)
{
    if (server->sessions[row] != NULL) {
        session_mark_dirty(server->sessions[row]);
    }
}

/* Crowds are told after a moment. */
static void server_await_crowds(struct server *server)
{
    if (server->exchange.hub.n_crowds == 0) {
        return;
    }
    if (!timer_is_set(&server->crowds)) {
        timer_set(&server->crowds, server->clock.boot_ms + SERVER_CROWDS_MS);
        server->crowds_log_at = server->state.header->log.tail;
    } else if (server_must_hurry(server, server->crowds_log_at)) {
        timer_clear(&server->crowds);
        hub_wake_crowds(&server->exchange.hub);
    }
}

/* Who has something to read: the members of rooms where something happened, nobody else. */
static void server_wake_rooms(struct server *server)
{
    struct hub *hub = &server->exchange.hub;
    uint32_t row;

    while ((row = hub_take_woken_room(hub)) != 0) {
        for (uint32_t m = hub_room(hub, row)->first_member; m != 0;
             m = hub_membership(hub, m)->room_next) {
            server_mark_person(server, hub_membership(hub, m)->person);
        }
    }
}

static void server_wake_people(struct server *server)
{
    uint32_t row;

    while ((row = hub_take_woken_person(&server->exchange.hub)) != 0) {
        server_mark_person(server, row);
    }
}

void server_wake(struct server *server)
{
    server_await_crowds(server);
    server_wake_rooms(server);
    server_wake_people(server);
}

void server_on_crowds(struct timer *timer)
{
    hub_wake_crowds(&container_of(timer, struct server, crowds)->exchange.hub);
}
