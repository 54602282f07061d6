/* SPDX-License-Identifier: MIT */
/* Sockets, notifications, the store. Its own descriptors stand high, so that a child can put those
 * it is given at 3 and up. */
#include "support/manager.h"

#include "support/launch.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>

enum {
    MANAGER_FD_BASE = 1024, /* ours are above what a child gets */
    MANAGER_MESSAGE_MAX = 4096,
    MANAGER_FDS_MAX = 16,
    MANAGER_BACKLOG = 4096,
};

/* ---- opening ---- */

/* Moves a descriptor out of the children's way. */
static int manager_lift(int fd)
{
    int high = fcntl(fd, F_DUPFD_CLOEXEC, MANAGER_FD_BASE);
    int error = errno;

    (void)close(fd);
    return high < 0 ? -error : high;
}

static int manager_listen(struct manager *manager, enum manager_listener which)
{
    struct sockaddr_in address = { .sin_family = AF_INET,
                                   .sin_addr = { .s_addr = htonl(INADDR_LOOPBACK) } };
    socklen_t len = sizeof(address);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

    if (fd < 0) {
        return -errno;
    }
    if (bind(fd, (struct sockaddr *)&address, len) < 0 || listen(fd, MANAGER_BACKLOG) < 0 ||
        getsockname(fd, (struct sockaddr *)&address, &len) < 0) {
        int error = errno;

        (void)close(fd);
        return -error;
    }
    manager->ports[which] = ntohs(address.sin_port);
    manager->listeners[which] = manager_lift(fd);
    return manager->listeners[which] < 0 ? manager->listeners[which] : 0;
}

/* An abstract address, chosen by the kernel (unix(7), autobind). */
static int manager_open_notify(struct manager *manager)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    socklen_t len = sizeof(address);
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    size_t name_len;

    if (fd < 0) {
        return -errno;
    }
    if (bind(fd, (struct sockaddr *)&address, sizeof(sa_family_t)) < 0 ||
        getsockname(fd, (struct sockaddr *)&address, &len) < 0) {
        int error = errno;

        (void)close(fd);
        return -error;
    }
    name_len = len - offsetof(struct sockaddr_un, sun_path) - 1;
    (void)snprintf(manager->notify_path, sizeof(manager->notify_path), "NOTIFY_SOCKET=@%.*s",
                   (int)name_len, address.sun_path + 1);
    manager->notify_fd = manager_lift(fd);
    return manager->notify_fd < 0 ? manager->notify_fd : 0;
}

int manager_init(struct manager *manager, const char *program, const char *config,
                 const char *log_path)
{
    int log_fd = open(log_path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0644);
    int r;

    *manager = (struct manager){
        .program = program, .config = config, .listeners = { -1, -1 }, .notify_fd = -1, .log_fd = -1
    };
    if (log_fd < 0) {
        return -errno;
    }
    manager->log_fd = manager_lift(log_fd);
    r = manager->log_fd < 0 ? manager->log_fd : manager_open_notify(manager);
    for (int i = 0; r == 0 && i < MANAGER_LISTENERS; i++) {
        r = manager_listen(manager, (enum manager_listener)i);
    }
    if (r < 0) {
        manager_fini(manager);
    }
    return r;
}

void manager_fini(struct manager *manager)
{
    manager_kill(manager);
    for (int i = 0; i < MANAGER_LISTENERS; i++) {
        fd_close_slot(&manager->listeners[i]);
    }
    for (size_t i = 0; i < manager->n_store; i++) {
        fd_close_slot(&manager->store[i].fd);
    }
    fd_close_slot(&manager->notify_fd);
    fd_close_slot(&manager->log_fd);
    *manager = (struct manager){ .listeners = { -1, -1 }, .notify_fd = -1, .log_fd = -1 };
}

/* ---- starting ---- */

int manager_start(struct manager *manager)
{
    pid_t pid = launch_start(manager);

    if (pid < 0) {
        return (int)pid;
    }
    manager->pid = pid;
    manager->is_ready = false;
    manager->n_starts++;
    return 0;
}

/* ---- hearing ---- */

static void manager_drop(struct manager *manager, size_t at)
{
    fd_close_slot(&manager->store[at].fd);
    manager->n_store--;
    memmove(&manager->store[at], &manager->store[at + 1],
            (manager->n_store - at) * sizeof(manager->store[0]));
}

static void manager_remove(struct manager *manager, const char *name)
{
    for (size_t i = manager->n_store; i > 0; i--) {
        if (strcmp(manager->store[i - 1].name, name) == 0) {
            manager_drop(manager, i - 1);
        }
    }
}

/* A full store drops what comes, silently for the daemon, as systemd's does. */
static void manager_store(struct manager *manager, const char *name, bool is_polled, int fd)
{
    struct manager_stored *stored;
    int high = manager_lift(fd);

    if (high < 0 || manager->n_store == MANAGER_STORE_MAX) {
        fd_close_slot(&high);
        manager->n_dropped++;
        return;
    }
    stored = &manager->store[manager->n_store++];
    *stored = (struct manager_stored){ .fd = high, .is_polled = is_polled };
    (void)snprintf(stored->name, sizeof(stored->name), "%s", name);
}

static void manager_take(struct manager *manager, char *message, const int *fds, size_t n_fds)
{
    bool is_store = false, is_remove = false, is_polled = true;
    const char *name = "stored";
    char *save = NULL;

    for (char *line = strtok_r(message, "\n", &save); line != NULL;
         line = strtok_r(NULL, "\n", &save)) {
        if (strcmp(line, "READY=1") == 0) {
            manager->is_ready = true;
        } else if (strcmp(line, "FDSTORE=1") == 0) {
            is_store = true;
        } else if (strcmp(line, "FDSTOREREMOVE=1") == 0) {
            is_remove = true;
        } else if (strcmp(line, "FDPOLL=0") == 0) {
            is_polled = false;
        } else if (strncmp(line, "FDNAME=", 7) == 0) {
            name = line + 7;
        }
    }
    if (is_remove) {
        manager_remove(manager, name);
    }
    for (size_t i = 0; i < n_fds; i++) {
        if (is_store) {
            manager_store(manager, name, is_polled, fds[i]);
        } else {
            (void)close(fds[i]);
        }
    }
}

/* False: nothing is there. */
static bool manager_receive(struct manager *manager)
{
    union {
        struct cmsghdr header;
        char space[CMSG_SPACE(MANAGER_FDS_MAX * sizeof(int))];
    } control;
    char text[MANAGER_MESSAGE_MAX];
    struct iovec part = { .iov_base = text, .iov_len = sizeof(text) - 1 };
    struct msghdr message = { .msg_iov = &part,
                              .msg_iovlen = 1,
                              .msg_control = &control,
                              .msg_controllen = sizeof(control) };
    ssize_t n = recvmsg(manager->notify_fd, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
    int fds[MANAGER_FDS_MAX];
    size_t n_fds = 0;

    if (n < 0) {
        return false;
    }
    for (struct cmsghdr *header = CMSG_FIRSTHDR(&message); header != NULL;
         header = CMSG_NXTHDR(&message, header)) {
        if (header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_RIGHTS) {
            n_fds = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
            memcpy(fds, CMSG_DATA(header), n_fds * sizeof(int));
        }
    }
    text[n] = '\0';
    manager_take(manager, text, fds, n_fds);
    return true;
}

static void manager_drop_hung_up(struct manager *manager)
{
    for (size_t i = manager->n_store; i > 0; i--) {
        struct pollfd watched = { .fd = manager->store[i - 1].fd };

        if (manager->store[i - 1].is_polled && poll(&watched, 1, 0) > 0 &&
            (watched.revents & (POLLHUP | POLLERR))) {
            manager_drop(manager, i - 1);
        }
    }
}

void manager_hear(struct manager *manager)
{
    while (manager_receive(manager)) {
    }
    manager_drop_hung_up(manager);
}

/* ---- ending ---- */

bool manager_reap(struct manager *manager, int *out_status)
{
    int status;

    if (manager->pid == 0 || waitpid(manager->pid, &status, WNOHANG) != manager->pid) {
        return false;
    }
    manager->pid = 0;
    manager_hear(manager);
    *out_status = status;
    return true;
}

void manager_signal(const struct manager *manager, int signo)
{
    if (manager->pid > 0) {
        (void)kill(manager->pid, signo);
    }
}

void manager_kill(struct manager *manager)
{
    if (manager->pid > 0) {
        (void)kill(manager->pid, SIGKILL);
        (void)waitpid(manager->pid, NULL, 0);
        manager->pid = 0;
        manager_hear(manager);
    }
}

int manager_wait_ready(struct manager *manager, int timeout_ms)
{
    struct timespec start, now;
    int status;

    (void)clock_gettime(CLOCK_MONOTONIC, &start);
    for (;;) {
        struct pollfd watched = { .fd = manager->notify_fd, .events = POLLIN };

        manager_hear(manager);
        if (manager->is_ready) {
            return 0;
        }
        if (manager_reap(manager, &status)) {
            return -ECHILD;
        }
        (void)clock_gettime(CLOCK_MONOTONIC, &now);
        if ((now.tv_sec - start.tv_sec) * 1000 + (now.tv_nsec - start.tv_nsec) / 1000000 >
            timeout_ms) {
            return -ETIME;
        }
        (void)poll(&watched, 1, 10);
    }
}

/* ---- looking ---- */

int manager_find(const struct manager *manager, const char *prefix)
{
    for (size_t i = manager->n_store; i > 0; i--) {
        if (strncmp(manager->store[i - 1].name, prefix, strlen(prefix)) == 0) {
            return manager->store[i - 1].fd;
        }
    }
    return -1;
}

size_t manager_count(const struct manager *manager, const char *prefix)
{
    size_t n = 0;

    for (size_t i = 0; i < manager->n_store; i++) {
        n += strncmp(manager->store[i].name, prefix, strlen(prefix)) == 0;
    }
    return n;
}
