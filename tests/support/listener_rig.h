/* SPDX-License-Identifier: MIT */
/* A listener in a loop with a clock set by hand, the clients that connected and the connections it
 * gave. accept4() is ours here, so that errors that no loopback brings can be planted; reports are
 * counted. */
#ifndef SUPPORT_LISTENER_RIG_H
#define SUPPORT_LISTENER_RIG_H

#include "lib/report.h"
#include "net/listener.h"

#include <errno.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>

#include <cmocka.h>

enum { RIG_FDS = 256, RIG_BACKLOG = 128 };

struct rig {
    struct loop loop;
    struct timers timers;
    struct clock clock;
    struct listener listener;
    int clients[RIG_FDS], taken[RIG_FDS];
    size_t n_clients, n_taken;
    size_t takes_at_most; /* then asks to pause */
    bool stops_listener;
    struct address last_peer;
    char directory[32];
};

static struct {
    int error;      /* of the next accept4() calls; 0: none */
    unsigned n;     /* how many of them */
    unsigned every; /* or every n-th call */
    unsigned n_calls;
} planted;

static struct {
    unsigned n_warnings, n_notices;
    char last[256];
} heard;

int accept4(int fd, struct sockaddr *address, socklen_t *len, int flags)
{
    planted.n_calls++;
    if (planted.n > 0 || (planted.every > 0 && planted.n_calls % planted.every == 0)) {
        planted.n -= planted.n > 0;
        errno = planted.error;
        return -1;
    }
    return (int)syscall(SYS_accept4, fd, address, len, flags);
}

static inline void heard_sink(enum report_level level, const char *line,
                              const struct report_field *fields, size_t n)
{
    (void)fields;
    (void)n;
    heard.n_warnings += level == REPORT_WARNING;
    heard.n_notices += level == REPORT_NOTICE;
    (void)snprintf(heard.last, sizeof(heard.last), "%s", line);
}

static inline bool rig_on_connection(struct listener *listener, int fd, const struct address *peer)
{
    struct rig *rig = listener->owner;

    assert_true(rig->n_taken < RIG_FDS);
    rig->taken[rig->n_taken++] = fd;
    rig->last_peer = *peer;
    if (rig->stops_listener) {
        (void)listener_stop(listener, false);
    }
    return rig->n_taken < rig->takes_at_most;
}

static inline struct address address_of(const char *string)
{
    struct address address;

    assert_int_equal(address_parse(text_of(string), &address), 0);
    return address;
}

static inline int setup(void **state)
{
    struct rig *rig = calloc(1, sizeof(*rig));

    if (rig == NULL || loop_init(&rig->loop) < 0) {
        return -1;
    }
    timers_init(&rig->timers);
    rig->clock = (struct clock){ .boot_ms = 1000000, .by_hand = true };
    rig->takes_at_most = SIZE_MAX;
    (void)snprintf(rig->directory, sizeof(rig->directory), "/tmp/listener-XXXXXX");
    if (mkdtemp(rig->directory) == NULL) {
        return -1;
    }
    memset(&planted, 0, sizeof(planted));
    memset(&heard, 0, sizeof(heard));
    report_set_sink(heard_sink);
    *state = rig;
    return 0;
}

static const char *rig_path(const struct rig *rig, const char *prefix)
{
    static char path[64];

    (void)snprintf(path, sizeof(path), "%s%s/socket", prefix, rig->directory);
    return path;
}

static inline int teardown(void **state)
{
    struct rig *rig = *state;

    (void)listener_stop(&rig->listener, false);
    for (size_t i = 0; i < rig->n_clients; i++) {
        close(rig->clients[i]);
    }
    for (size_t i = 0; i < rig->n_taken; i++) {
        close(rig->taken[i]);
    }
    timers_fini(&rig->timers);
    loop_fini(&rig->loop);
    (void)unlink(rig_path(rig, ""));
    (void)rmdir(rig->directory);
    report_set_sink(NULL);
    free(rig);
    return 0;
}

static inline int rig_start_fd(struct rig *rig, int fd)
{
    return listener_start(&rig->listener, fd,
                          &(struct listener_setup){
                              .name = "test",
                              .owner = rig,
                              .on_connection = rig_on_connection,
                              .loop = &rig->loop,
                              .timers = &rig->timers,
                              .clock = &rig->clock,
                          });
}

static inline void rig_start(struct rig *rig, const char *string, int backlog)
{
    struct address address = address_of(string);
    int fd = listener_open(&address, backlog, 0);

    assert_true(fd >= 0);
    assert_int_equal(rig_start_fd(rig, fd), 0);
}

static inline void rig_step(struct rig *rig)
{
    assert_int_equal(loop_wait(&rig->loop, 0), 0);
    loop_dispatch(&rig->loop);
}

static inline int connect_to(const struct address *address)
{
    int fd = socket(address->storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);

    assert_true(fd >= 0);
    assert_int_equal(connect(fd, (const struct sockaddr *)&address->storage, address->len), 0);
    return fd;
}

/* The handshake's last step is the kernel's own affair: asks until the queue holds them all. */
static inline void rig_connect(struct rig *rig, size_t n)
{
    struct kernel_queue queue;
    size_t wanted = 0;

    if (kernel_listen_queue(rig->listener.fd, &queue) == 0) {
        wanted = queue.waiting + n;
    }
    for (size_t i = 0; i < n; i++) {
        assert_true(rig->n_clients < RIG_FDS);
        rig->clients[rig->n_clients++] = connect_to(&rig->listener.address);
    }
    while (kernel_listen_queue(rig->listener.fd, &queue) == 0 && queue.waiting != wanted) {
        sched_yield();
    }
}

static inline int option_of(int fd, int level, int name)
{
    socklen_t len = sizeof(int);
    int value = -1;

    assert_int_equal(getsockopt(fd, level, name, &value, &len), 0);
    return value;
}

static inline void expect_printed(const struct address *a, bool with_port, const char *wanted)
{
    char bytes[ADDRESS_TEXT_SIZE];
    struct buf out = buf_over(bytes, sizeof(bytes));

    address_print(a, with_port, &out);
    buf_char(&out, '\0');
    assert_string_equal(bytes, wanted);
}

#endif
