/* SPDX-License-Identifier: MIT */
/* Two people at a server in-process that can be made to die with something in hand, and be started
 * again over its region and its connections. */
#ifndef SUPPORT_START_RIG_H
#define SUPPORT_START_RIG_H

#include "app/server.h"

#include "lib/report.h"
#include "support/store_rig.h"

#include <netinet/in.h>
#include <signal.h>

enum { ANN, BOB, PEOPLE };

struct rig {
    struct config config;
    struct server server;
    int listener;             /* ours */
    int clients[PEOPLE];      /* the other ends */
    struct kept kept[PEOPLE]; /* duplicates, as a keeper has them */
    size_t n_kept;
    struct keeper keeper;
    struct tx_observer observer;
    struct in_hand flush; /* the last one that was in hand at a commit */
    char heard[4096];
    bool is_up;
    size_t n_open; /* descriptors when it began */
};

static void ignore_reports(enum report_level level, const char *line,
                           const struct report_field *fields, size_t n)
{
    (void)level;
    (void)line;
    (void)fields;
    (void)n;
}

static int rig_keep(struct keeper *keeper, uint64_t id, int fd)
{
    struct rig *rig = container_of(keeper, struct rig, keeper);

    assert_true(rig->n_kept < PEOPLE);
    rig->kept[rig->n_kept++] = (struct kept){ id, fcntl(fd, F_DUPFD_CLOEXEC, 0) };
    return 0;
}

static void rig_forget(struct keeper *keeper, uint64_t id)
{
    struct rig *rig = container_of(keeper, struct rig, keeper);

    for (size_t i = 0; i < rig->n_kept; i++) {
        if (rig->kept[i].id == id) {
            (void)close(rig->kept[i].fd);
            rig->kept[i] = rig->kept[--rig->n_kept];
        }
    }
}

static void rig_on_point(struct tx_observer *observer, enum tx_point point, const void *at,
                         size_t len)
{
    struct rig *rig = container_of(observer, struct rig, observer);
    const struct in_hand *in_hand = &rig->server.state.header->in_hand;

    (void)at;
    (void)len;
    if (point == TX_COMMITTING && in_hand->kind == IN_HAND_FLUSH) {
        rig->flush = *in_hand;
    }
}

/* ---- starting ---- */

/* -1: a new region. */
static int rig_try_start(struct rig *rig, int region_fd)
{
    struct kept copies[PEOPLE];
    struct server_start start = { .config = &rig->config,
                                  .keeper = &rig->keeper,
                                  .observer = &rig->observer,
                                  .region_fd = region_fd,
                                  .kept = copies,
                                  .n_kept = rig->n_kept };
    int r;

    for (size_t i = 0; i < rig->n_kept; i++) {
        copies[i] = (struct kept){ rig->kept[i].id, fcntl(rig->kept[i].fd, F_DUPFD_CLOEXEC, 0) };
    }
    r = server_init(&rig->server, &start);
    rig->is_up = r == 0;
    if (r < 0) {
        return r; /* the server has closed them */
    }
    if (r > 0) { /* refused: all are still ours */
        for (size_t i = 0; i < start.n_kept; i++) {
            assert_int_not_equal(fcntl(copies[i].fd, F_GETFD), -1);
            (void)close(copies[i].fd);
        }
        assert_int_not_equal(fcntl(region_fd, F_GETFD), -1);
        (void)close(region_fd);
        return r;
    }
    assert_int_equal(server_listen(&rig->server, fcntl(rig->listener, F_DUPFD_CLOEXEC, 0), "line"),
                     0);
    return 0;
}

static int rig_die(struct rig *rig)
{
    rig->is_up = false;
    return server_fini(&rig->server, true);
}

static void rig_settle(struct rig *rig)
{
    for (int i = 0; i < 20; i++) {
        assert_int_equal(server_round(&rig->server, server_is_busy(&rig->server) ? 0 : 2), 0);
    }
}

static void rig_connect(struct rig *rig, int who)
{
    struct sockaddr_in address;
    socklen_t len = sizeof(address);

    assert_int_equal(getsockname(rig->listener, (struct sockaddr *)&address, &len), 0);
    rig->clients[who] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(connect(rig->clients[who], (const struct sockaddr *)&address, len), 0);
    rig_settle(rig);
}

static void rig_say(struct rig *rig, int who, const char *line)
{
    assert_int_equal(send(rig->clients[who], line, strlen(line), MSG_NOSIGNAL), strlen(line));
}

/* All that came since the last time. */
static const char *rig_hear(struct rig *rig, int who)
{
    ssize_t n = recv(rig->clients[who], rig->heard, sizeof(rig->heard) - 1, MSG_DONTWAIT);

    rig->heard[n > 0 ? n : 0] = '\0';
    return rig->heard;
}

static int setup(void **state)
{
    struct sockaddr_in loopback = { .sin_family = AF_INET,
                                    .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    struct rig *rig = calloc(1, sizeof(*rig));

    assert_non_null(rig);
    rig->n_open = store_rig_count_open();
    assert_int_equal(config_defaults(&rig->config), 0);
    rig->config.limits.connections = 8;
    rig->config.limits.memberships = 32;
    rig->config.limits.rooms = 8;
    rig->config.limits.pages = 16;
    rig->config.limits.log_bytes = 1 << 20;
    rig->keeper = (struct keeper){ .keep = rig_keep, .forget = rig_forget };
    rig->observer.on_point = rig_on_point;
    report_set_sink(ignore_reports);
    rig->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    assert_int_equal(bind(rig->listener, (const struct sockaddr *)&loopback, sizeof(loopback)), 0);
    assert_int_equal(listen(rig->listener, 16), 0);
    assert_int_equal(rig_try_start(rig, -1), 0);
    for (int who = 0; who < PEOPLE; who++) {
        rig_connect(rig, who);
    }
    for (int who = 0; who < PEOPLE; who++) {
        assert_string_not_equal(rig_hear(rig, who), "");
    }
    *state = rig;
    return 0;
}

static int teardown(void **state)
{
    struct rig *rig = *state;
    size_t n_left;

    if (rig->is_up) {
        (void)server_fini(&rig->server, false);
    }
    for (size_t i = 0; i < rig->n_kept; i++) {
        (void)close(rig->kept[i].fd);
    }
    for (int who = 0; who < PEOPLE; who++) {
        (void)close(rig->clients[who]);
    }
    (void)close(rig->listener);
    config_fini(&rig->config);
    report_set_sink(NULL);
    n_left = store_rig_count_open();
    assert_int_equal(n_left, rig->n_open);
    free(rig);
    return 0;
}

static const struct wire *rig_wire(const struct rig *rig, int who)
{
    for (uint32_t row = 1; row < rig->server.state.header->sizes.wires; row++) {
        if (rig->server.state.wires[row].id == (uint64_t)who + 1) {
            return &rig->server.state.wires[row];
        }
    }
    return NULL;
}

/* Dies with this in hand, and starts again. */
static inline int rig_die_with(struct rig *rig, enum in_hand_kind kind, uint64_t id,
                               uint64_t offset)
{
    state_set_in_hand(&rig->server.state, kind, id, offset);
    rig->server.state.region.header->in_hand.signal = SIGSEGV;
    return rig_try_start(rig, rig_die(rig));
}

#endif
