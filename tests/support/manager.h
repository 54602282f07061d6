/* SPDX-License-Identifier: MIT */
/* Plays the service manager, without root: owns the listening sockets, hears the daemon's
 * notifications, keeps its descriptors and hands them to the next start (sd_listen_fds(3),
 * sd_notify(3), the fd store of systemd.service(5)). Starts the real binary and sees it die. One
 * thread, no loop of its own: its user calls manager_hear() and manager_reap() as often as it
 * likes.
 */
#ifndef SUPPORT_MANAGER_H
#define SUPPORT_MANAGER_H

#include "lib/base.h"

#include <sys/types.h>

enum {
    MANAGER_STORE_MAX = 512, /* FileDescriptorStoreMax= of the unit */
    MANAGER_NAME_SIZE = 32,
    MANAGER_EXTRA_MAX = 4,
};

enum manager_listener { MANAGER_LINE, MANAGER_IRC, MANAGER_LISTENERS };

/* Something the daemon gave us to keep. */
struct manager_stored {
    char name[MANAGER_NAME_SIZE];
    int fd;         /* owned */
    bool is_polled; /* dropped when its peer hangs up */
};

struct manager {
    const char *program, *config;         /* borrowed: paths */
    const char *extra[MANAGER_EXTRA_MAX]; /* borrowed: "NAME=value" for the next start; or NULL */
    int listeners[MANAGER_LISTENERS];     /* owned; loopback, any free port */
    uint16_t ports[MANAGER_LISTENERS];
    int notify_fd; /* owned */
    char notify_path[64];
    int log_fd; /* owned: the daemon's standard error */
    struct manager_stored store[MANAGER_STORE_MAX];
    size_t n_store;
    pid_t pid; /* 0: it does not run */
    bool is_ready;
    uint64_t n_starts, n_dropped; /* dropped: the store was full */
};

/* Opens the sockets; log_path is emptied, and gets what the daemon reports. -errno, with nothing to
 * release. */
must_check int manager_init(struct manager *manager, const char *program, const char *config,
                            const char *log_path);
/* Ends the daemon, if it runs, with SIGKILL, and closes everything. */
void manager_fini(struct manager *manager);

/* Starts the daemon with the sockets and all that is stored. -errno. */
must_check int manager_start(struct manager *manager);
/* Takes the notifications that have come, without waiting. */
void manager_hear(struct manager *manager);
/* True if the daemon has died meanwhile: its last notifications are heard, and out_status is what
 * waitpid(2) gives. */
bool manager_reap(struct manager *manager, int *out_status);

/* Sends a signal, if it runs. */
void manager_signal(const struct manager *manager, int signo);
/* SIGKILL, and waits for the end. */
void manager_kill(struct manager *manager);
/* Hears until READY=1. -ETIME; -ECHILD if it died. */
must_check int manager_wait_ready(struct manager *manager, int timeout_ms);

/* The newest stored descriptor whose name begins so (borrowed), or -1; how many there are. */
int manager_find(const struct manager *manager, const char *prefix);
size_t manager_count(const struct manager *manager, const char *prefix);

#endif
