/* SPDX-License-Identifier: MIT */
/* Who hears when. Lists of the hub say where something happened; a round makes dirty who has
 * something to read. None of it outlives the process: whoever starts next flushes everybody. */
#include "app/server.h"

enum { SERVER_CROWDS_MS = 100 }; /* how long a crowd may wait to hear who came and went */

/* Crowds and paced rooms wait no longer when so much was said since log_at that the log might
 * overtake them. */
static bool server_must_hurry(const struct server *server, uint64_t log_at)
{
    const struct region_header *header = server->state.header;

    return header->log.tail - log_at > header->sizes.log_bytes / 8;
}

bool server_holds_rooms(const struct server *server)
{
    return timer_is_set(&server->pace) && !server_must_hurry(server, server->pace_log_at);
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

/* Who has something to read: the members of rooms where something happened, nobody else. With an
 * interval they are told at once after a pause, and of what follows when the interval is over. */
static void server_wake_rooms(struct server *server)
{
    uint32_t interval_ms = server->config->limits.flush_interval_ms;
    struct hub *hub = &server->exchange.hub;
    uint32_t row;

    if (hub->n_woken_rooms == 0 || server_holds_rooms(server)) {
        return;
    }
    if (interval_ms > 0) {
        timer_set(&server->pace, server->clock.boot_ms + interval_ms);
        server->pace_log_at = server->state.header->log.tail;
    }
    while ((row = hub_take_woken_room(hub)) != 0) {
        for (uint32_t m = hub_room(hub, row)->first_member; m != 0;
             m = hub_membership(hub, m)->room_next) {
            server_mark_person(server, hub_membership(hub, m)->person);
        }
    }
}

/* What is meant for one person never waits. */
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

void server_on_pace(struct timer *timer)
{
    (void)timer; /* cleared: the round that called this tells the rooms */
}
