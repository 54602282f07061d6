/* SPDX-License-Identifier: MIT */
/* The life of a rig: starting a server, throwing it away, starting the next one over the same
 * region. Throwing away runs no code that changes the region, or that a dead process could not have
 * been spared: descriptors are closed, memory is freed. */
#include "support/rig.h"

#include "lib/report.h"
#include "support/slow_clock.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

static struct {
    char text[32768];
    size_t len;
    char error[256]; /* the first one */
} rig_reports;

static void rig_on_report(enum report_level level, const char *line,
                          const struct report_field *fields, size_t n)
{
    size_t left = sizeof(rig_reports.text) - rig_reports.len;
    int len = snprintf(rig_reports.text + rig_reports.len, left, "%s\n", line);

    (void)fields;
    (void)n;
    rig_reports.len += size_min((size_t)len, left - 1);
    if (level == REPORT_ERROR && rig_reports.error[0] == '\0') {
        (void)snprintf(rig_reports.error, sizeof(rig_reports.error), "%s", line);
    }
}

size_t rig_count_reports(const char *part)
{
    size_t n = 0;

    for (const char *at = rig_reports.text; (at = strstr(at, part)) != NULL; at++) {
        n++;
    }
    return n;
}

/* ---- the keeper ---- */

/* Who keeps is another process: it does not die with ours. */
static int rig_keep(struct keeper *keeper, uint64_t id, int fd)
{
    struct rig_keeper *own = container_of(keeper, struct rig_keeper, keeper);
    int copy = fcntl(fd, F_DUPFD_CLOEXEC, 0);

    assert_true(copy >= 0 && own->n < RIG_KEPT_MAX);
    own->kept[own->n++] = (struct kept){ .id = id, .fd = copy };
    return 0;
}

static void rig_forget(struct keeper *keeper, uint64_t id)
{
    struct rig_keeper *own = container_of(keeper, struct rig_keeper, keeper);

    for (size_t i = 0; i < own->n; i++) {
        if (own->kept[i].id == id) {
            crash_disarm(own->crash);
            (void)close(own->kept[i].fd);
            crash_arm(own->crash);
            own->kept[i] = own->kept[--own->n];
            return;
        }
    }
}

/* ---- making ---- */

static uint32_t rig_count_fds(void)
{
    DIR *directory = opendir("/proc/self/fd");
    uint32_t n = 0;

    assert_non_null(directory);
    while (readdir(directory) != NULL) {
        n++;
    }
    (void)closedir(directory);
    return n;
}

struct rig *rig_new(void)
{
    struct rig *rig = calloc(1, sizeof(*rig));

    assert_non_null(rig);
    slow_clock_set(0);
    (void)setenv("TZ", "UTC", 1);
    tzset();
    rig->n_fds = rig_count_fds();
    assert_int_equal(config_defaults(&rig->config), 0);
    rig->config.limits.connections = 64;
    rig->config.limits.rooms = 16;
    rig->config.limits.memberships = 256;
    rig->config.limits.pages = 64;
    rig->config.limits.log_bytes = 1 << 20;
    rig->config.log.level = REPORT_DEBUG;
    rig->clock = (struct clock){
        .boot_ms = 1000000, .real_ms = 1772366400000, .by_hand = true /* 2026-03-01 12:00 UTC */
    };
    rig->keeper.keeper = (struct keeper){ .keep = rig_keep, .forget = rig_forget };
    rig->keeper.crash = &rig->crash;
    rig->region_fd = -1;
    for (int i = 0; i < RIG_DOORS; i++) {
        rig->door_fds[i] = -1;
    }
    crash_init(&rig->crash, &rig->server.state);
    memset(&rig_reports, 0, sizeof(rig_reports));
    report_set_sink(rig_on_report);
    return rig;
}

static void rig_open_door(struct rig *rig, enum rig_door door, const char *where)
{
    socklen_t len = sizeof(rig->doors[door].storage);

    assert_int_equal(address_parse(text_of(where), &rig->doors[door]), 0);
    rig->door_fds[door] =
        listener_open(&rig->doors[door], 128, (int)rig->config.listen.send_buffer);
    assert_true(rig->door_fds[door] >= 0);
    assert_int_equal(
        getsockname(rig->door_fds[door], (struct sockaddr *)&rig->doors[door].storage, &len), 0);
    rig->doors[door].len = len;
}

/* ---- starting and dying ---- */

static void rig_wake(struct rig *rig)
{
    rig->n_waking = rig->keeper.n;
    rig->waking = calloc(rig->n_waking + 1, sizeof(*rig->waking));
    assert_non_null(rig->waking);
    for (size_t i = 0; i < rig->n_waking; i++) {
        rig->waking[i].id = rig->keeper.kept[i].id;
        rig->waking[i].fd = fcntl(rig->keeper.kept[i].fd, F_DUPFD_CLOEXEC, 0);
        assert_true(rig->waking[i].fd >= 0);
    }
}

static void rig_forget_waking(struct rig *rig)
{
    for (size_t i = 0; i < rig->n_waking; i++) {
        fd_close_slot(&rig->waking[i].fd);
    }
    free(rig->waking);
    rig->waking = NULL;
    rig->n_waking = 0;
}

static void rig_listen(struct rig *rig)
{
    for (int i = 0; i < RIG_DOORS; i++) {
        int fd = fcntl(rig->door_fds[i], F_DUPFD_CLOEXEC, 0);

        assert_true(fd >= 0);
        assert_int_equal(server_listen(&rig->server, fd, i == RIG_IRC ? "irc" : "line"), 0);
    }
}

/* False: it died while starting. */
static bool rig_try_start(struct rig *rig)
{
    struct server_start start = { .config = &rig->config,
                                  .keeper = &rig->keeper.keeper,
                                  .observer = &rig->crash.observer,
                                  .region_fd = give_fd(&rig->region_fd),
                                  .kept = rig->waking,
                                  .n_kept = rig->n_waking,
                                  .clock = rig->clock };
    int r;

    if (setjmp(rig->crash.to) != 0) {
        return false;
    }
    crash_arm(&rig->crash);
    r = server_init(&rig->server, &start);
    crash_disarm(&rig->crash);
    assert_int_equal(r, 0);
    return true;
}

/* Nodes may be linked to a list head on a stack that is gone. */
static void rig_unlink_all(struct server *server)
{
    for (uint32_t row = 1; row < server->state.header->sizes.wires; row++) {
        if (server->sessions[row] != NULL) {
            list_init(&server->sessions[row]->watch.ready);
        }
    }
    for (size_t i = 0; i < server->n_listeners; i++) {
        list_init(&server->listeners[i].watch.ready);
    }
    if (server->inquiries.is_running) {
        list_init(&server->inquiries.watch.ready);
    }
    list_init(&server->loop.ready);
}

/* A connection that was accepted a moment ago may have no owner yet. */
static void rig_close_accepted(struct rig *rig)
{
    int fd = give_fd(&rig->crash.accepted_fd);

    for (uint32_t row = 1; row < rig->server.state.header->sizes.wires; row++) {
        if (rig->server.sessions[row] != NULL && rig->server.sessions[row]->watch.fd == fd) {
            return;
        }
    }
    fd_close_slot(&fd);
}

static void rig_throw_away(struct rig *rig)
{
    rig_unlink_all(&rig->server);
    rig_close_accepted(rig);
    rig->region_fd = server_fini(&rig->server, true);
    rig_forget_waking(rig);
    shadow_restart(&rig->crash.shadow);
    rig->is_up = false;
    rig->n_restarts++;
}

static void rig_bring_up(struct rig *rig)
{
    const char *wrong;

    for (;;) {
        rig_wake(rig);
        if (rig_try_start(rig)) {
            break;
        }
        rig_throw_away(rig);
    }
    rig_forget_waking(rig);
    rig_listen(rig);
    rig->is_up = true;
    wrong = state_check(&rig->server.state);
    if (wrong != NULL) {
        fail_msg("after a start: %s", wrong);
    }
}

/* A daemon without $STATE_DIRECTORY has no archive, so what is set by default is none. */
static void rig_place_archive(struct rig *rig)
{
    char **file = &rig->config.archive.file;
    char path[96];

    if (strcmp(*file, "archive.db") == 0 || (*file)[0] == '/' || (*file)[0] == '\0') {
        return;
    }
    (void)snprintf(path, sizeof(path), "%s/%s", rig->directory, *file);
    free(*file);
    *file = strdup(path);
    assert_non_null(*file);
}

void rig_start(struct rig *rig)
{
    char where[64];

    (void)snprintf(rig->directory, sizeof(rig->directory), "/tmp/partyline-XXXXXX");
    assert_non_null(mkdtemp(rig->directory));
    rig_place_archive(rig);
    (void)snprintf(where, sizeof(where), "unix:%s/line", rig->directory);
    rig_open_door(rig, RIG_LINE, "127.0.0.1:0");
    rig_open_door(rig, RIG_IRC, "127.0.0.1:0");
    rig_open_door(rig, RIG_UNIX, where);
    rig_bring_up(rig);
}

void rig_restart(struct rig *rig)
{
    rig->clock = rig->server.clock;
    rig_throw_away(rig);
    rig_bring_up(rig);
}

static void rig_close_kept(struct rig *rig)
{
    for (size_t i = 0; i < rig->keeper.n; i++) {
        (void)close(rig->keeper.kept[i].fd);
    }
    rig->keeper.n = 0;
}

void rig_renew(struct rig *rig)
{
    server_stop(&rig->server);
    rig_settle(rig);
    rig->clock = rig->server.clock;
    (void)server_fini(&rig->server, false);
    for (struct peer *peer = rig->peers; peer != NULL; peer = peer->next) {
        peer->id = 0;                           /* ids begin anew, */
        peer->ports = (struct peer_ports){ 0 }; /* and nobody is at the other end */
    }
    rig_close_kept(rig);
    shadow_fini(&rig->crash.shadow); /* it is of the region that was */
    shadow_init(&rig->crash.shadow, &rig->server.state);
    rig->is_up = false;
    rig_bring_up(rig);
}

/* ---- the end ---- */

static void rig_remove_directory(const struct rig *rig)
{
    DIR *directory = opendir(rig->directory);
    const struct dirent *entry;

    assert_non_null(directory);
    while ((entry = readdir(directory)) != NULL) {
        (void)unlinkat(dirfd(directory), entry->d_name, 0);
    }
    (void)closedir(directory);
    (void)rmdir(rig->directory);
}

static void rig_close_all(struct rig *rig)
{

    (void)server_fini(&rig->server, false);
    while (rig->peers != NULL) {
        struct peer *peer = rig->peers;

        rig->peers = peer->next;
        (void)peer_free(peer);
    }
    rig_close_kept(rig);
    for (int i = 0; i < RIG_DOORS; i++) {
        fd_close_slot(&rig->door_fds[i]);
    }
    rig_remove_directory(rig);
    config_fini(&rig->config);
    crash_fini(&rig->crash);
    report_set_sink(NULL);
}

void rig_free(struct rig *rig)
{
    uint32_t n_fds;

    if (rig == NULL) {
        return;
    }
    if (rig->is_up) {
        rig_close_all(rig);
    }
    n_fds = rig->n_fds;
    free(rig);
    assert_int_equal(rig_count_fds(), n_fds);
    if (rig_reports.error[0] != '\0') {
        fail_msg("an error was reported: %s", rig_reports.error);
    }
}
