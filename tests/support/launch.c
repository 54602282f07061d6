/* SPDX-License-Identifier: MIT */
/* The child shares our memory until it execs (vfork(2)): forking a big test hundreds of times would
 * be slow. So all it needs is made ready before it exists. */
#include "support/launch.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum {
    LAUNCH_FIRST_FD = 3,
    LAUNCH_NAMES_SIZE = (MANAGER_STORE_MAX + MANAGER_LISTENERS) * MANAGER_NAME_SIZE,
    LAUNCH_ENV_MAX = 24,
    LAUNCH_PID_ROOM = 16,
};

static const char *const LAUNCH_NAMES[MANAGER_LISTENERS] = { "line", "irc" };

/* What the child needs, made ready before it exists: between vfork() and exec it may not allocate.
 */
struct launch {
    char *argv[5];
    char *env[LAUNCH_ENV_MAX];
    char names[LAUNCH_NAMES_SIZE + 16];
    char count[32];
    char pid[sizeof("LISTEN_PID=") + LAUNCH_PID_ROOM];
};

/* execve(2) takes strings that it does not change. */
static char *launch_borrow(const char *string)
{
    char *writable;

    memcpy(&writable, &string, sizeof(writable));
    return writable;
}

static void launch_prepare(const struct manager *manager, struct launch *launch)
{
    static const char *const passed[] = { "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "TZ=UTC" };
    size_t n = 0, at;

    launch->argv[0] = launch_borrow(manager->program);
    launch->argv[1] = launch_borrow("--keep");
    launch->argv[2] = launch_borrow("--config");
    launch->argv[3] = launch_borrow(manager->config);
    launch->argv[4] = NULL;
    at = (size_t)snprintf(launch->names, sizeof(launch->names), "LISTEN_FDNAMES=%s:%s",
                          LAUNCH_NAMES[0], LAUNCH_NAMES[1]);
    for (size_t i = 0; i < manager->n_store; i++) {
        at += (size_t)snprintf(launch->names + at, sizeof(launch->names) - at, ":%s",
                               manager->store[i].name);
    }
    (void)snprintf(launch->count, sizeof(launch->count), "LISTEN_FDS=%zu",
                   MANAGER_LISTENERS + manager->n_store);
    for (size_t i = 0; i < ARRAY_SIZE(passed); i++) {
        launch->env[n++] = launch_borrow(passed[i]);
    }
    launch->env[n++] = launch->names;
    launch->env[n++] = launch->count;
    launch->env[n++] = launch->pid;
    launch->env[n++] = launch_borrow(manager->notify_path);
    /* a killed process looks for no leaks, and the others are told of by the unit tests */
    launch->env[n++] = launch_borrow("ASAN_OPTIONS=detect_leaks=0");
    for (size_t i = 0; i < MANAGER_EXTRA_MAX && manager->extra[i] != NULL; i++) {
        launch->env[n++] = launch_borrow(manager->extra[i]);
    }
    launch->env[n] = NULL;
}

static void launch_write_pid(struct launch *launch)
{
    char digits[LAUNCH_PID_ROOM];
    size_t n = 0, at = sizeof("LISTEN_PID=") - 1;
    pid_t pid = getpid();

    memcpy(launch->pid, "LISTEN_PID=", at);
    do {
        digits[n++] = (char)('0' + pid % 10);
        pid /= 10;
    } while (pid > 0);
    while (n > 0) {
        launch->pid[at++] = digits[--n];
    }
    launch->pid[at] = '\0';
}

/* In the child: dup2() clears close-on-exec. */
static void launch_exec(const struct manager *manager, struct launch *launch)
{
    int to = LAUNCH_FIRST_FD;

    for (int i = 0; i < MANAGER_LISTENERS; i++) {
        (void)dup2(manager->listeners[i], to++);
    }
    for (size_t i = 0; i < manager->n_store; i++) {
        (void)dup2(manager->store[i].fd, to++);
    }
    (void)dup2(manager->log_fd, STDERR_FILENO);
    launch_write_pid(launch);
    (void)execve(launch->argv[0], launch->argv, launch->env);
    _exit(127);
}

pid_t launch_start(const struct manager *manager)
{
    static struct launch launch; /* too large for the stack */
    pid_t pid;

    launch_prepare(manager, &launch);
    pid = vfork(); /* NOLINT(clang-analyzer-security.insecureAPI.vfork): see above */
    if (pid == 0) {
        launch_exec(manager, &launch);
    }
    return pid < 0 ? -errno : pid;
}
