/* SPDX-License-Identifier: MIT */
/* keeper COMMAND [ARGUMENT]...   Becomes the command; its child plays the service manager for it,
 * on whatever core it was started, and ends with it: a notification socket (sd_notify(3)), a
 * watchdog of the unit's length, and the fd store of systemd.service(5). What is kept is handed to
 * nobody, and what hangs up stays until it is removed. */
#include "lib/text.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>

enum {
    KEEPER_STORE_MAX = 512, /* FileDescriptorStoreMax= of the unit */
    KEEPER_NAME_SIZE = 256, /* FDNAME= has 255 characters at most */
    KEEPER_MESSAGE_MAX = 4096,
    KEEPER_FDS_MAX = 16, /* of one message; the kernel drops what is beyond */
};

#define KEEPER_WATCHDOG_US "10000000" /* WatchdogSec= of the unit */

struct keeper_stored {
    char name[KEEPER_NAME_SIZE];
    int fd; /* owned */
};

struct keeper_store {
    struct keeper_stored stored[KEEPER_STORE_MAX];
    size_t n;
};

/* One notification. */
struct keeper_message {
    bool is_store, is_remove;
    struct text name;
    int fds[KEEPER_FDS_MAX]; /* owned */
    size_t n_fds;
};

_Noreturn static void keeper_fail(const char *what)
{
    (void)fprintf(stderr, "keeper: %s: %s\n", what, strerror(errno));
    exit(EXIT_FAILURE);
}

/* At an abstract address that the kernel chooses (unix(7), autobind), named in the environment. */
static int keeper_open(void)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    socklen_t len = sizeof(address);
    char path[sizeof(address.sun_path) + 1];
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

    if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof(sa_family_t)) < 0 ||
        getsockname(fd, (struct sockaddr *)&address, &len) < 0) {
        keeper_fail("cannot listen for notifications");
    }
    len -= (socklen_t)offsetof(struct sockaddr_un, sun_path) + 1;
    (void)snprintf(path, sizeof(path), "@%.*s", (int)len, address.sun_path + 1);
    if (setenv("NOTIFY_SOCKET", path, 1) < 0 ||
        setenv("WATCHDOG_USEC", KEEPER_WATCHDOG_US, 1) < 0 || unsetenv("WATCHDOG_PID") < 0) {
        keeper_fail("no memory for the environment");
    }
    return fd;
}

/* ---- the store ---- */

static void keeper_remove(struct keeper_store *store, struct text name)
{
    for (size_t i = store->n; i > 0; i--) {
        struct keeper_stored *stored = &store->stored[i - 1];

        if (text_equal(text_of(stored->name), name)) {
            fd_close_slot(&stored->fd);
            *stored = store->stored[--store->n];
        }
    }
}

/* A full store drops what comes, silently for the daemon, as the service manager's does. */
static void keeper_add(struct keeper_store *store, struct text name, int *fd)
{
    struct keeper_stored *stored = &store->stored[store->n];
    struct buf out = buf_over(stored->name, sizeof(stored->name) - 1);

    if (store->n == KEEPER_STORE_MAX) {
        return;
    }
    memset(stored->name, 0, sizeof(stored->name));
    buf_text_put(&out, name);
    if (!out.full) {
        stored->fd = give_fd(fd);
        store->n++;
    }
}

/* What is not to be stored is closed, which is what BARRIER=1 waits for. */
static void keeper_take(struct keeper_store *store, struct keeper_message *message)
{
    if (message->is_remove) {
        keeper_remove(store, message->name);
    }
    for (size_t i = 0; i < message->n_fds; i++) {
        if (message->is_store) {
            keeper_add(store, message->name, &message->fds[i]);
        }
        fd_close_slot(&message->fds[i]);
    }
}

/* ---- hearing ---- */

static void keeper_parse(struct text words, struct keeper_message *out)
{
    const struct text name = TEXT("FDNAME=");

    out->name = TEXT("stored"); /* sd_notify(3): where none is given */
    while (words.len > 0) {
        struct text word = text_cut(&words, '\n');

        if (text_equal(word, TEXT("FDSTORE=1"))) {
            out->is_store = true;
        } else if (text_equal(word, TEXT("FDSTOREREMOVE=1"))) {
            out->is_remove = true;
        } else if (text_starts_with(word, name)) {
            out->name = (struct text){ word.at + name.len, word.len - name.len };
        }
    }
}

static void keeper_hear(int socket, struct keeper_store *store)
{
    union {
        struct cmsghdr header;
        char space[CMSG_SPACE(KEEPER_FDS_MAX * sizeof(int))];
    } control;
    char words[KEEPER_MESSAGE_MAX];
    struct iovec part = { .iov_base = words, .iov_len = sizeof(words) };
    struct msghdr received = { .msg_iov = &part,
                               .msg_iovlen = 1,
                               .msg_control = &control,
                               .msg_controllen = sizeof(control) };
    struct keeper_message message = { 0 };
    ssize_t n = recvmsg(socket, &received, MSG_CMSG_CLOEXEC);

    if (n < 0 && errno != EINTR) {
        keeper_fail("cannot hear notifications");
    }
    if (n < 0) {
        return;
    }
    for (struct cmsghdr *header = CMSG_FIRSTHDR(&received); header != NULL;
         header = CMSG_NXTHDR(&received, header)) {
        if (header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_RIGHTS) {
            message.n_fds = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
            memcpy(message.fds, CMSG_DATA(header), message.n_fds * sizeof(int));
        }
    }
    keeper_parse((struct text){ words, (size_t)n }, &message);
    keeper_take(store, &message);
}

_Noreturn static void keeper_run(int socket, pid_t server)
{
    static struct keeper_store store;

    if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0) {
        keeper_fail("cannot end with the server");
    }
    while (getppid() == server) {
        keeper_hear(socket, &store);
    }
    exit(EXIT_SUCCESS); /* it ended before the first line above */
}

int main(int argc, char **argv)
{
    pid_t server = getpid();
    pid_t child;
    int socket;

    if (argc < 2) {
        (void)fputs("usage: keeper COMMAND [ARGUMENT]...\n", stderr);
        return 2;
    }
    socket = keeper_open();
    child = fork();
    if (child < 0) {
        keeper_fail("fork");
    }
    if (child == 0) {
        keeper_run(socket, server);
    }
    (void)execvp(argv[1], argv + 1);
    keeper_fail(argv[1]);
}
