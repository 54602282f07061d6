/* SPDX-License-Identifier: MIT */
/* The rounds: take what the kernel has; one bounded turn for each ready connection; due timers;
 * flush the dirty, one after the other; free the doomed. */
#include "app/server.h"

#include "chat/people.h"
#include "chat/rooms.h"
#include "front/flavours.h"

enum {
    SERVER_TIMERS_PER_ROUND = 1024,
    SERVER_PARKING_MS = 20, /* how often is looked whether the archive has caught up */
};

/* ---- the lists of a round ---- */

void server_add_dirty(struct server *server, uint32_t row)
{
    server->dirty[server->n_dirty++] = row;
}

void server_add_doomed(struct server *server, uint32_t row)
{
    server->doomed[server->n_doomed++] = row;
}

void server_add_starved(struct server *server, uint32_t row)
{
    server->starved[server->n_starved++] = row;
}

/* ---- rounds ---- */

void server_tick(struct server *server)
{
    clock_tick(&server->clock);
    server->exchange.now =
        (struct moment){ .boot_ms = server->clock.boot_ms, .real_ms = server->clock.real_ms };
}

bool server_is_busy(const struct server *server)
{
    const struct hub *hub = &server->exchange.hub;

    return loop_is_ready(&server->loop) || server->n_dirty > 0 || server->n_doomed > 0 ||
           (hub->n_woken_rooms > 0 && !server_holds_rooms(server)) || hub->n_woken_people > 0;
}

static int server_wait_ms(const struct server *server, int timeout_ms)
{
    int timer_ms = timers_wait_ms(&server->timers, server->clock.boot_ms);

    if (server_is_busy(server)) {
        return 0;
    }
    if (timeout_ms < 0) {
        return timer_ms;
    }
    return timer_ms >= 0 && timer_ms < timeout_ms ? timer_ms : timeout_ms;
}

static void server_remove_starved(struct server *server, uint32_t row)
{
    uint32_t i = 0;

    while (i < server->n_starved && server->starved[i] != row) {
        i++;
    }
    if (i < server->n_starved) {
        server->starved[i] = server->starved[--server->n_starved];
    }
}

static void server_free_one(struct server *server, uint32_t row)
{
    const struct wire *wire = &server->state.wires[row];
    uint64_t id = wire->id;
    struct session *session = server->sessions[row];

    index_remove(&server->hosts, index_hash(&server->hosts, wire->host, sizeof(wire->host)), row);
    watch_stop(&session->watch);
    (void)shutdown(session->watch.fd, SHUT_RDWR); /* the FIN, even if somebody keeps a duplicate */
    if (session->has_input_page) {
        pages_give_back(&server->state.pages, wire->in.page, PAGE_INPUT);
    }
    if (session->written < wire->out.produced) {
        pages_give_back(&server->state.pages, wire->out.page, PAGE_OUTPUT);
    }
    if (session->is_starved) {
        server_remove_starved(server, row);
    }
    server->sessions[row] = session_free(session);
    inquiries_forget(&server->inquiries, row);
    state_begin(&server->state);
    people_forget(&server->exchange.hub, row);
    state_free_wire(&server->state, row);
    state_commit(&server->state);
    if (server->keeper != NULL) {
        server->keeper->forget(server->keeper, id);
    }
    server->counts.n_ended++;
}

void server_park(struct server *server, uint32_t row)
{
    server->sessions[row]->is_parked = true;
    if (server->n_parked++ == 0) {
        timer_set(&server->parking, server->clock.boot_ms + SERVER_PARKING_MS);
    }
}

void server_on_parking(struct timer *timer)
{
    struct server *server = container_of(timer, struct server, parking);

    if (!archiving_keeps_up(&server->archiving, &server->state)) {
        timer_set(timer, server->clock.boot_ms + SERVER_PARKING_MS);
        return;
    }
    server->n_parked = 0;
    for (uint32_t row = 1; row < server->state.header->sizes.wires; row++) {
        if (server->sessions[row] != NULL && server->sessions[row]->is_parked) {
            server->sessions[row]->is_parked = false;
            watch_again(&server->sessions[row]->watch);
        }
    }
}

static void server_reap_rooms(struct server *server)
{
    bool is_more = server->exchange.hub.n_abandoned > 0;

    while (is_more) {
        state_begin(&server->state);
        is_more = rooms_reap(&server->exchange.hub);
        state_commit(&server->state);
    }
}

static void server_free_doomed(struct server *server)
{
    if (server->n_doomed == 0) {
        return;
    }
    for (uint32_t i = 0; i < server->n_doomed; i++) {
        server_free_one(server, server->doomed[i]);
    }
    server->n_doomed = 0;
    for (size_t i = 0; i < server->n_listeners; i++) {
        if (!server->is_stopping) {
            listener_resume(&server->listeners[i]); /* there is a place, and a descriptor */
        }
    }
}

/* Pages may have come back: those who wait try again. Who waits for one to read into does so only
 * if there is one: its output takes a page and returns it each time, which would go on for ever. */
static void server_feed_starved(struct server *server)
{
    uint32_t n = server->n_starved;

    if (n == 0 || server->fed_at == server->state.pages.n_returned) {
        return;
    }
    server->fed_at = server->state.pages.n_returned;
    server->n_starved = 0;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t row = server->starved[i];
        struct session *session = server->sessions[row];

        if (session != NULL && session->is_starved_of_input &&
            !pages_may_lend(&server->state.pages, PAGE_INPUT)) {
            server->starved[server->n_starved++] = row;
        } else if (session != NULL) {
            session_feed(session);
        }
    }
}

/* Everything the peer sent was looked at, and for long it has been no line: not a line that waits
 * for its own turn. */
static bool server_is_unfinished(const struct server *server, const struct session *session)
{
    const struct wire *wire = session_wire(session);
    uint16_t held_s = (uint16_t)(server->clock.boot_ms / 1000 - session->page_since_s);

    return session->has_input_page && wire->phase == WIRE_OPEN && !session->is_held &&
           !session->is_asking && !session->is_delayed && !session->is_starved &&
           session->scanner.at == wire->in.read && held_s >= SERVER_PATIENCE_S;
}

/* Who holds a page with a line that does not end goes, as many as there are waiting: one at a time
 * would leave everybody unheard for as long as there are more. */
void server_relieve(struct server *server)
{
    uint32_t n = server->n_starved;

    for (uint32_t row = 1; row < server->state.header->sizes.wires && n > 0; row++) {
        struct session *session = server->sessions[row];

        if (session != NULL && server_is_unfinished(server, session)) {
            session_end(session, TEXT("an unfinished line was held for long while others waited"));
            n--;
        }
    }
}

int server_round(struct server *server, int timeout_ms)
{
    int r;

    server_tick(server);
    r = loop_wait(&server->loop, server_wait_ms(server, timeout_ms));
    if (r < 0) {
        return r;
    }
    server_tick(server);
    server->state.round_log_at = server->state.header->log.tail;
    server->exchange.archive.is_there = archiving_is_there(&server->archiving);
    loop_dispatch(&server->loop);
    timers_run(&server->timers, server->clock.boot_ms, SERVER_TIMERS_PER_ROUND);
    server_wake(server);
    server_flush(server);
    server_free_doomed(server);
    server_reap_rooms(server);
    server_feed_starved(server);
    renderings_reset(&server->exchange.renderings);
    archiving_wake(&server->archiving, &server->state,
                   server->n_parked > 0 || server->inquiries.n_asked > 0);
    server->counts.n_rounds++;
    return 0;
}

void server_tell(struct server *server, uint64_t id, const char *words)
{
    for (uint32_t row = 1; row < server->state.header->sizes.wires; row++) {
        if (server->sessions[row] != NULL && server->state.wires[row].id == id) {
            session_say(server->sessions[row], words);
            return;
        }
    }
}

/* ---- stopping ---- */

void server_stop(struct server *server)
{
    if (server->is_stopping) {
        return;
    }
    server->is_stopping = true;
    server->stop_at_ms = server->clock.boot_ms + server->config->timeouts.stop_s * 1000ULL;
    timer_set(&server->look, server->stop_at_ms); /* so that no round waits for longer */
    for (size_t i = 0; i < server->n_listeners; i++) {
        (void)listener_stop(&server->listeners[i], false);
    }
    server->n_listeners = 0;
    for (uint32_t row = 1; row < server->state.header->sizes.wires; row++) {
        if (server->sessions[row] != NULL) {
            session_flush(server->sessions[row]); /* what the ones before it left behind in its
                                                   * rooms must not take the place of its goodbye */
            session_end(server->sessions[row], TEXT("the server is shutting down"));
            session_flush(server->sessions[row]); /* so that the next one finds a page */
        }
    }
}

bool server_is_stopped(const struct server *server)
{
    return server->is_stopping &&
           (server->n_sessions == 0 || server->clock.boot_ms >= server->stop_at_ms);
}

/* Counted again only when something was said, or somebody came or went. */
static uint32_t server_count_flavours(struct server *server)
{
    const struct server_counts *counts = &server->counts;
    uint64_t at = counts->n_accepted + counts->n_ended + counts->n_lines + counts->n_sends;

    if (server->n_flavours == 0 || at != server->flavours_at) {
        server->n_flavours = flavours_in_use(&server->exchange);
        server->flavours_at = at;
    }
    return server->n_flavours;
}

void server_describe(struct server *server, struct buf *out)
{
    uint32_t n = server->n_sessions, n_rooms = table_used(&server->state.free_rooms);
    uint32_t n_flavours = server_count_flavours(server);

    buf_format(out, "%u %s connected in %u %s, shown in %u %s", n, n == 1 ? "person" : "people",
               n_rooms, n_rooms == 1 ? "room" : "rooms", n_flavours,
               n_flavours == 1 ? "flavour" : "flavours");
    archiving_describe(&server->archiving, out);
    for (size_t i = 0; i < server->n_listeners; i++) {
        struct kernel_queue queue;

        if (kernel_listen_queue(server->listeners[i].fd, &queue) == 0) {
            buf_format(out, "; %s queue %u/%u", server->listeners[i].name, queue.waiting,
                       queue.limit);
        }
    }
}
