/* SPDX-License-Identifier: MIT */
/* A whole server in this process, fed arbitrary bytes in arbitrary pieces on two connections of the
 * line front end and one of IRC. The input is a list of orders: send, take a round, set the clock
 * forward, read, hang up, die and start over. The properties: no order makes it crash, leave the
 * region in contradiction, change it unannounced, or send a byte that could harm a terminal. */
#include "app/server.h"
#include "fuzz/heard.h"
#include "support/shadow.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { FUZZ_PEERS = 3, FUZZ_IRC_PEER = 2, FUZZ_ORDERS_MAX = 400, FUZZ_LAST_ROUNDS = 200 };

/* Keeps duplicates, as the service manager would. */
struct fuzz_keeper {
    struct keeper keeper;
    struct kept kept[16];
    size_t n;
};

struct fuzz {
    struct config config;
    struct server server;
    struct fuzz_keeper keeper;
    struct tx_observer observer;
    struct shadow shadow;
    bool is_watched; /* by the shadow, which costs most of the time: one input in four is */
    struct clock clock;
    struct listener doors[FUZZ_PEERS]; /* never listen: connections are handed in */
    struct heard heard[FUZZ_PEERS];
    int peers[FUZZ_PEERS]; /* -1: hung up */
};

static void fuzz_assert(bool is_true, const char *what)
{
    if (!is_true) {
        (void)fprintf(stderr, "wrong: %s\n", what);
        abort();
    }
}

/* ---- the keeper ---- */

static int fuzz_keep(struct keeper *keeper, uint64_t id, int fd)
{
    struct fuzz_keeper *mine = container_of(keeper, struct fuzz_keeper, keeper);

    if (mine->n == ARRAY_SIZE(mine->kept)) {
        return -ENOSPC;
    }
    mine->kept[mine->n++] = (struct kept){ .id = id, .fd = dup(fd) };
    return 0;
}

static void fuzz_forget(struct keeper *keeper, uint64_t id)
{
    struct fuzz_keeper *mine = container_of(keeper, struct fuzz_keeper, keeper);

    for (size_t i = 0; i < mine->n; i++) {
        if (mine->kept[i].id == id) {
            (void)close(mine->kept[i].fd);
            mine->kept[i] = mine->kept[--mine->n];
            return;
        }
    }
}

/* ---- the server ---- */

static void fuzz_on_point(struct tx_observer *observer, enum tx_point point, const void *at,
                          size_t len)
{
    struct fuzz *f = container_of(observer, struct fuzz, observer);

    shadow_on_point(&f->shadow, point, at, len);
}

static void fuzz_check_shadow(const struct fuzz *f)
{
    const char *wrong = shadow_check(&f->shadow);

    fuzz_assert(wrong == NULL, wrong);
}

static void fuzz_check(const struct fuzz *f)
{
    const char *wrong = state_check(&f->server.state);

    fuzz_assert(wrong == NULL, wrong);
    fuzz_check_shadow(f);
}

static void fuzz_start(struct fuzz *f, int region_fd, struct kept *kept, size_t n_kept)
{
    struct server_start start = { .config = &f->config,
                                  .keeper = &f->keeper.keeper,
                                  .observer = f->is_watched ? &f->observer : NULL,
                                  .region_fd = region_fd,
                                  .kept = kept,
                                  .n_kept = n_kept,
                                  .clock = f->clock };

    fuzz_assert(server_init(&f->server, &start) == 0, "the server does not start");
    for (size_t i = 0; i < FUZZ_PEERS; i++) {
        f->doors[i] = (struct listener){ .owner = &f->server,
                                         .name = i == FUZZ_IRC_PEER ? "irc" : "line",
                                         .fd = -1 };
    }
}

/* What was kept comes back; the keeper goes on keeping it. The shadow begins anew, since the region
 * may have moved. */
static void fuzz_restart(struct fuzz *f)
{
    struct kept kept[ARRAY_SIZE(f->keeper.kept)];
    size_t n = f->keeper.n;
    int fd;

    for (size_t i = 0; i < n; i++) {
        kept[i] = (struct kept){ .id = f->keeper.kept[i].id, .fd = dup(f->keeper.kept[i].fd) };
    }
    f->clock = f->server.clock;
    fd = server_fini(&f->server, true);
    fuzz_check_shadow(f);
    shadow_fini(&f->shadow);
    shadow_init(&f->shadow, &f->server.state);
    fuzz_start(f, fd, kept, n);
}

static void fuzz_round(struct fuzz *f)
{
    fuzz_assert(server_round(&f->server, 0) == 0, "a round failed");
}

/* ---- peers ---- */

static void fuzz_connect(struct fuzz *f, size_t i)
{
    struct address peer = { .storage = { .ss_family = AF_UNIX } };
    int pair[2];

    if (f->peers[i] >= 0) {
        return;
    }
    fuzz_assert(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, pair) == 0,
                "no socket");
    f->peers[i] = pair[1];
    f->heard[i] = (struct heard){ .is_irc = i == FUZZ_IRC_PEER };
    (void)server_on_connection(&f->doors[i], pair[0], &peer);
}

static void fuzz_hear(struct fuzz *f, size_t i)
{
    static char bytes[65536];
    ssize_t n;

    while (f->peers[i] >= 0 && (n = recv(f->peers[i], bytes, sizeof(bytes), 0)) > 0) {
        const char *wrong = heard_add(&f->heard[i], bytes, (size_t)n);

        fuzz_assert(wrong == NULL, wrong);
    }
}

static void fuzz_hang_up(struct fuzz *f, size_t i)
{
    if (f->peers[i] >= 0) {
        (void)close(f->peers[i]);
        f->peers[i] = -1;
    }
}

/* ---- orders ---- */

struct orders {
    const uint8_t *at, *end;
};

static uint8_t fuzz_next(struct orders *orders)
{
    return orders->at < orders->end ? *orders->at++ : 0;
}

/* How many of the bytes that follow belong to the order. */
static size_t fuzz_next_len(struct orders *orders)
{
    uint8_t wanted = fuzz_next(orders);

    return size_min(wanted, (size_t)(orders->end - orders->at));
}

static void fuzz_send(struct fuzz *f, size_t i, struct orders *orders)
{
    size_t n = fuzz_next_len(orders);

    if (f->peers[i] >= 0) {
        (void)!send(f->peers[i], orders->at, n, MSG_NOSIGNAL);
    }
    orders->at += n;
}

/* The same bytes many times: what fills pages, logs and limits. */
static void fuzz_flood(struct fuzz *f, size_t i, struct orders *orders)
{
    size_t n = fuzz_next_len(orders);

    for (int k = 0; k < 64 && f->peers[i] >= 0; k++) {
        (void)!send(f->peers[i], orders->at, n, MSG_NOSIGNAL);
        if (k % 8 == 0) {
            fuzz_round(f);
        }
    }
    orders->at += n;
}

static void fuzz_control(struct fuzz *f, uint8_t which)
{
    size_t i = which % FUZZ_PEERS;

    switch (which / FUZZ_PEERS % 8) {
    case 0: fuzz_hear(f, i); break;
    case 1: fuzz_hang_up(f, i); break;
    case 2: fuzz_connect(f, i); break;
    case 3: (void)(f->peers[i] >= 0 && shutdown(f->peers[i], SHUT_WR)); break;
    case 4: f->server.clock.boot_ms += 1000; break;
    case 5: f->server.clock.boot_ms += 100000; break;
    case 6: fuzz_restart(f); break;
    case 7: f->server.clock.real_ms += 3600000; break;
    default: break;
    }
}

static void fuzz_order(struct fuzz *f, struct orders *orders)
{
    uint8_t order = fuzz_next(orders);

    switch (order % 8) {
    case 0:
    case 1:
    case 2: fuzz_send(f, order % 8, orders); break;
    case 3: fuzz_send(f, FUZZ_IRC_PEER, orders); break;
    case 4: fuzz_flood(f, order / 8 % FUZZ_PEERS, orders); break;
    case 5: fuzz_control(f, order / 8); break;
    default: break;
    }
    if (order < 128) {
        fuzz_round(f);
    }
}

/* ---- one input ---- */

static void fuzz_configure(struct config *config)
{
    fuzz_assert(config_defaults(config) == 0, "no memory");
    config->limits.connections = 4;
    config->limits.rooms = 6;
    config->limits.memberships = 16;
    config->limits.rooms_per_person = 3;
    config->limits.line_burst = 20;
    config->limits.log_bytes = 65536;
    config->limits.pages = 5;
    config->limits.line_bytes = 512;
    config->timeouts.idle_s = 3600;
    config->log.level = REPORT_ERROR;
}

static void fuzz_run(struct fuzz *f, struct orders *orders)
{
    for (size_t i = 0; i < FUZZ_PEERS; i++) {
        fuzz_connect(f, i);
    }
    for (int n = 0; n < FUZZ_ORDERS_MAX && orders->at < orders->end; n++) {
        fuzz_order(f, orders);
    }
    fuzz_check(f);
    for (int n = 0; n < FUZZ_LAST_ROUNDS && (n == 0 || server_is_busy(&f->server)); n++) {
        for (size_t i = 0; i < FUZZ_PEERS; i++) {
            fuzz_hear(f, i);
        }
        fuzz_round(f);
    }
    fuzz_assert(!server_is_busy(&f->server), "it never comes to rest");
    fuzz_check(f);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct fuzz f;
    struct orders orders = { data, data + size };

    f = (struct fuzz){ .keeper = { .keeper = { .keep = fuzz_keep, .forget = fuzz_forget } },
                       .observer = { .on_point = fuzz_on_point },
                       .is_watched = size % 4 == 0,
                       .clock = { .boot_ms = 1000000, .real_ms = 1767322980678, .by_hand = true },
                       .peers = { -1, -1, -1 } };
    fuzz_configure(&f.config);
    shadow_init(&f.shadow, &f.server.state);
    fuzz_start(&f, -1, NULL, 0);
    fuzz_run(&f, &orders);
    (void)server_fini(&f.server, false);
    for (size_t i = 0; i < FUZZ_PEERS; i++) {
        fuzz_hang_up(&f, i);
    }
    for (size_t i = 0; i < f.keeper.n; i++) {
        (void)close(f.keeper.kept[i].fd);
    }
    shadow_fini(&f.shadow);
    config_fini(&f.config);
    return 0;
}
