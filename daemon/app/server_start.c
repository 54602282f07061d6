/* SPDX-License-Identifier: MIT */
/* Putting the server together and taking it apart; what the configuration says goes in here. A
 * start is always the same, whether there is a region from before or not. */
#include "app/server.h"

#include "app/last_words.h"
#include "chat/modes.h"
#include "chat/rooms.h"
#include "lib/utf8.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

enum { SERVER_LOOK_MS = 1000 };

static int server_open_lists(struct server *server)
{
    uint32_t n = server->state.header->sizes.wires;

    server->sessions = calloc(n, sizeof(struct session *));
    /* Twice: a row may be freed while it waits for the next round, and be taken again in it. */
    server->dirty = calloc(2 * (size_t)n, sizeof(uint32_t));
    server->doomed = calloc(n, sizeof(uint32_t));
    server->starved = calloc(n, sizeof(uint32_t));
    server->exchange.archive.no_past = calloc(server->state.header->sizes.rooms, sizeof(uint32_t));
    if (server->sessions == NULL || server->dirty == NULL || server->doomed == NULL ||
        server->starved == NULL || server->exchange.archive.no_past == NULL) {
        return -ENOMEM;
    }
    return index_init_shared(&server->hosts, n);
}

enum {
    SERVER_MOTD_MAX = 16384,
    SERVER_MOTD_LINES_MAX = 40,
    SERVER_MOTD_LINE_MAX = 120,
    SERVER_MOTD_CLEAN_MAX = 4096
};

/* The greeting text: clean, short enough for any front end to show before anything else. */
static struct text server_clean_motd(struct text raw, char *space, size_t size)
{
    struct buf out = buf_over(space, size);

    for (int i = 0; i < SERVER_MOTD_LINES_MAX && raw.len > 0; i++) {
        struct text line = text_cut(&raw, '\n');

        line.len = utf8_fit(line, SERVER_MOTD_LINE_MAX);
        utf8_clean(line, UTF8_KEEP_NONE, &out);
        buf_char(&out, '\n');
    }
    return buf_text(&out);
}

static void server_read_motd(struct server *server)
{
    const char *path = server->config->server.motd_file;
    owned_fd int fd = -1;
    char raw[SERVER_MOTD_MAX];
    ssize_t n;

    server->exchange.motd = TEXT_NONE;
    if (path[0] == '\0') {
        return;
    }
    fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK); /* a pipe must not hold us up */
    n = fd < 0 ? -1 : read(fd, raw, sizeof(raw));
    if (n < 0) {
        report(REPORT_WARNING, "no greeting: %s: %s", path, strerror(errno));
        return;
    }
    free(server->motd_text);
    server->motd_text = malloc(SERVER_MOTD_CLEAN_MAX);
    if (server->motd_text != NULL) {
        server->exchange.motd = server_clean_motd((struct text){ raw, (size_t)n },
                                                  server->motd_text, SERVER_MOTD_CLEAN_MAX);
    }
}

/* Of letters that were checked when they were loaded. */
static uint32_t server_modes(const char *letters)
{
    uint32_t modes = 0;

    (void)!modes_from_letters(text_of(letters), &modes);
    return modes;
}

void server_apply_config(struct server *server)
{
    const struct config *config = server->config;
    struct exchange *exchange = &server->exchange;

    exchange->server_name = config->server.name;
    exchange->network = config->server.network;
    exchange->admin = config->server.admin.items;
    exchange->n_admin = config->server.admin.n;
    exchange->operators =
        (struct operators){ config->operators.accounts.items, config->operators.accounts.n };
    exchange->lobby = config->rooms.lobby;
    exchange->line_bytes = config->limits.line_bytes;
    exchange->lines_per_second = config->limits.lines_per_second;
    exchange->isupport.n = 0; /* composed anew: what it says may have changed */
    exchange->rooms_per_person = config->limits.rooms_per_person;
    exchange->hub.limits.rooms_per_person = config->limits.rooms_per_person;
    exchange->hub.limits.history_on_join = config->rooms.history_on_join;
    exchange->hub.limits.rooms = config->rooms.each;
    exchange->hub.limits.new_room_modes = server_modes(config->rooms.new_modes);
    report_set_level(config->log.level);
    server_read_motd(server);
    archiving_apply(&server->archiving);
    timer_clear(&server->pace); /* the interval may be another one */
    for (uint32_t row = 1; row < server->state.header->sizes.wires; row++) {
        if (server->sessions[row] != NULL) {
            session_arm(server->sessions[row]); /* time-outs may have changed */
        }
    }
}

/* The rooms of the configuration: "#name" or "#name topic text". */
static void server_open_rooms(struct server *server)
{
    const struct config_list *permanent = &server->config->rooms.permanent;
    uint32_t modes = server_modes(server->config->rooms.permanent_modes);
    struct hub *hub = &server->exchange.hub;

    state_begin(&server->state);
    if (rooms_add_permanent(hub, text_of(server->config->rooms.lobby), TEXT_NONE, modes,
                            server->exchange.now) != 0) {
        report(REPORT_ERROR, "the lobby %s can't be opened", server->config->rooms.lobby);
    }
    state_commit(&server->state);
    for (size_t i = 0; i < permanent->n; i++) {
        struct text topic = text_of(permanent->items[i]);
        struct text name = text_cut_word(&topic);

        state_begin(&server->state);
        if (rooms_add_permanent(hub, name, topic, modes, server->exchange.now) != 0) {
            report(REPORT_ERROR, "room %s can't be opened", permanent->items[i]);
        }
        state_commit(&server->state);
    }
}

static void server_on_look(struct timer *timer)
{
    struct server *server = container_of(timer, struct server, look);
    struct kernel_queue queue;

    for (size_t i = 0; i < server->n_listeners; i++) {
        (void)!listener_look(&server->listeners[i], &queue);
    }
    server_relieve(server);
    archiving_look(&server->archiving);
    lasting_look(&server->lasting, &server->archiving, &server->exchange.hub);
    timer_set(timer, server->clock.boot_ms + SERVER_LOOK_MS);
}

static void server_on_answer(struct inquiries *inquiries, uint32_t row)
{
    struct server *server = container_of(inquiries, struct server, inquiries);

    if (server->sessions[row] != NULL) {
        session_hear(server->sessions[row]);
    }
}

static int server_open_all(struct server *server, const struct server_start *start)
{
    struct hub_limits limits = { .new_room_modes = server_modes(start->config->rooms.new_modes),
                                 .rooms_per_person = start->config->limits.rooms_per_person,
                                 .history_on_join = start->config->rooms.history_on_join,
                                 .rooms = start->config->rooms.each };
    int r = server_open_lists(server);

    if (r == 0) {
        r = hub_init(&server->exchange.hub, &server->state, &limits);
    }
    if (r == 0) {
        r = renderings_init(&server->exchange.renderings);
    }
    if (r == 0) {
        r = loop_init(&server->loop);
    }
    if (r == 0) {
        r = timer_add(&server->look, &server->timers, server_on_look);
    }
    if (r == 0) {
        r = timer_add(&server->crowds, &server->timers, server_on_crowds);
    }
    if (r == 0) {
        r = timer_add(&server->pace, &server->timers, server_on_pace);
    }
    if (r == 0) {
        r = timer_add(&server->parking, &server->timers, server_on_parking);
    }
    if (r < 0) {
        return r;
    }
    server->exchange.fronts[FRONT_LINE] = &front_line;
    server->exchange.fronts[FRONT_IRC] = &front_irc;
    server->exchange.archive.is_configured = server->archiving.archive != NULL;
    server->exchange.started_ms = server->state.header->counters.started_ms;
    server->exchange.woken_ms = server->exchange.now.real_ms;
    server_apply_config(server);
    state_set_in_hand(&server->state, IN_HAND_START, 0, 0);
    r = server_adopt(server, start);
    if (r < 0) {
        return r;
    }
    server_open_rooms(server);
    if (server->is_conversation_new) {
        lasting_restore(&server->archiving, &server->exchange.hub);
    }
    state_clear_in_hand(&server->state);
    timer_set(&server->look, server->clock.boot_ms + SERVER_LOOK_MS);
    return 0;
}

static void server_close_kept(const struct server_start *start)
{
    for (size_t i = 0; i < start->n_kept; i++) {
        fd_close_slot(&start->kept[i].fd);
        start->kept[i].fd = -1;
    }
}

int server_init(struct server *server, const struct server_start *start)
{
    struct state left = { .region = { .fd = -1 } };
    int r;

    *server = (struct server){ .config = start->config,
                               .keeper = start->keeper,
                               .clock = start->clock,
                               .loop = { .epoll_fd = -1 },
                               .state = { .region = { .fd = -1 } } };
    timers_init(&server->timers);
    list_init(&server->loop.ready);
    server_tick(server);
    r = archiving_open(&server->archiving, start->config);
    if (r == 0) {
        r = server_open_state(server, start, &left);
    }
    if (r == 0) {
        r = server_open_all(server, start);
    }
    if (r == 0) {
        r = archiving_start(&server->archiving, &server->state);
    }
    if (r == 0) {
        r = inquiries_start(&server->inquiries, &server->archiving, &server->loop,
                            server->state.header->sizes.wires, server_on_answer);
    }
    server_settle_state(server, &left, r);
    if (r < 0) {
        server_close_kept(start);
    }
    if (r != 0) {
        (void)server_fini(server, r > 0); /* a region that is refused stays the caller's */
    }
    return r;
}

int server_fini(struct server *server, bool keep_region_fd)
{
    uint32_t n = server->sessions != NULL ? server->state.header->sizes.wires : 0;

    if (server->is_stopping && !keep_region_fd) {
        lasting_look(&server->lasting, &server->archiving, &server->exchange.hub);
    }
    lasting_fini(&server->lasting);
    inquiries_stop(&server->inquiries);
    (void)inquiry_free(server->exchange.asked);
    archiving_stop(&server->archiving, !keep_region_fd && server->is_stopping);
    last_words_stop();
    for (uint32_t row = 1; row < n; row++) {
        server->sessions[row] = session_free(server->sessions[row]);
    }
    for (size_t i = 0; i < server->n_listeners; i++) {
        (void)listener_stop(&server->listeners[i], false);
    }
    timer_remove(&server->look);
    timer_remove(&server->crowds);
    timer_remove(&server->pace);
    timer_remove(&server->parking);
    timers_fini(&server->timers);
    if (server->loop.epoll_fd >= 0) {
        loop_fini(&server->loop);
    }
    renderings_fini(&server->exchange.renderings);
    hub_fini(&server->exchange.hub);
    index_fini(&server->hosts);
    free(server->sessions);
    free(server->dirty);
    free(server->doomed);
    free(server->starved);
    free(server->exchange.archive.no_past);
    free(server->motd_text);
    return state_close(&server->state, keep_region_fd);
}
