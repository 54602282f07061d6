/* SPDX-License-Identifier: MIT */
/* A service manager's fd store, played by a datagram socket: it keeps what it is given, drops what
 * it is told to drop, and writes down in which order. It hears only when the test lets it, so it
 * can also be one that is behind. */
#ifndef SUPPORT_STORE_RIG_H
#define SUPPORT_STORE_RIG_H

#include "app/notify.h"
#include "lib/rights.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <cmocka.h>

enum { STORE_RIG_MAX = 512, STORE_RIG_STORY = 16384 };

struct store_rig {
    struct notify notify;
    int manager; /* owned; -1: it has hung up */
    struct {
        char name[32];
        int fd; /* owned */
    } stored[STORE_RIG_MAX];
    size_t n_stored;
    char story[STORE_RIG_STORY]; /* "+box-1 -box-2 ", in the order heard */
    size_t story_len;
};

static inline void store_rig_init(struct store_rig *rig)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    char name[64];
    int len = snprintf(name, sizeof(name), "@partyline/store_rig/%d", getpid());

    *rig = (struct store_rig){ .notify = { .fd = -1 } };
    memcpy(address.sun_path + 1, name + 1, (size_t)len - 1);
    rig->manager = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    assert_int_equal(bind(rig->manager, (const struct sockaddr *)&address,
                          (socklen_t)(offsetof(struct sockaddr_un, sun_path) + (size_t)len)),
                     0);
    assert_int_equal(setenv("NOTIFY_SOCKET", name, 1), 0);
    assert_int_equal(notify_init(&rig->notify), 0);
}

static inline void store_rig_fini(struct store_rig *rig)
{
    notify_fini(&rig->notify);
    fd_close_slot(&rig->manager);
    for (size_t i = 0; i < rig->n_stored; i++) {
        (void)close(rig->stored[i].fd);
    }
}

/* -1: nothing of that name. */
static inline int store_rig_find(const struct store_rig *rig, const char *name)
{
    for (size_t i = 0; i < rig->n_stored; i++) {
        if (strcmp(rig->stored[i].name, name) == 0) {
            return (int)i;
        }
    }
    return -1;
}

static inline void store_rig_note(struct store_rig *rig, char sign, const char *name)
{
    size_t left = sizeof(rig->story) - rig->story_len;
    int n = snprintf(rig->story + rig->story_len, left, "%c%s ", sign, name);

    rig->story_len += size_min((size_t)n, left - 1);
}

static inline void store_rig_put(struct store_rig *rig, const char *name, int fd)
{
    assert_true(rig->n_stored < STORE_RIG_MAX);
    (void)snprintf(rig->stored[rig->n_stored].name, sizeof(rig->stored[0].name), "%s", name);
    rig->stored[rig->n_stored++].fd = fd;
    store_rig_note(rig, '+', name);
}

static inline void store_rig_drop(struct store_rig *rig, const char *name)
{
    int i;

    store_rig_note(rig, '-', name);
    while ((i = store_rig_find(rig, name)) >= 0) {
        (void)close(rig->stored[i].fd);
        rig->n_stored--;
        memmove(&rig->stored[i], &rig->stored[i + 1],
                (rig->n_stored - (size_t)i) * sizeof(rig->stored[0]));
    }
}

/* One datagram; false: there is none. */
static inline bool store_rig_hear_one(struct store_rig *rig)
{
    union {
        struct cmsghdr header;
        char space[CMSG_SPACE(sizeof(int))];
    } control;
    char text[NOTIFY_MESSAGE_MAX + 1] = { 0 }, name[32];
    struct iovec part = { text, sizeof(text) - 1 };
    struct msghdr message = { .msg_iov = &part,
                              .msg_iovlen = 1,
                              .msg_control = &control,
                              .msg_controllen = sizeof(control) };
    int fd = -1;

    if (recvmsg(rig->manager, &message, MSG_CMSG_CLOEXEC) < 0) {
        return false;
    }
    if (message.msg_controllen > 0) {
        memcpy(&fd, CMSG_DATA(&control.header), sizeof(fd));
    }
    if (sscanf(text, "FDSTORE=1\nFDNAME=%31s\nFDPOLL=0", name) == 1) {
        assert_true(fd >= 0);
        store_rig_put(rig, name, fd);
    } else if (sscanf(text, "FDSTOREREMOVE=1\nFDNAME=%31s", name) == 1) {
        assert_true(fd < 0);
        store_rig_drop(rig, name);
    }
    return true;
}

static inline void store_rig_hear(struct store_rig *rig)
{
    while (rig->manager >= 0 && store_rig_hear_one(rig)) {
    }
}

static inline void store_rig_forget_story(struct store_rig *rig)
{
    store_rig_hear(rig);
    rig->story_len = 0;
    rig->story[0] = '\0';
}

/* ---- connections ---- */

/* Something that can be told from all others: a file of `id` bytes. */
static inline int store_rig_connection(uint64_t id)
{
    int fd = memfd_create("connection", MFD_CLOEXEC);

    assert_true(fd >= 0);
    assert_int_equal(ftruncate(fd, (off_t)id), 0);
    return fd;
}

static inline uint64_t store_rig_identity(int fd)
{
    struct stat status;

    assert_int_equal(fstat(fd, &status), 0);
    return (uint64_t)status.st_size;
}

static inline size_t store_rig_count_open(void)
{
    size_t n = 0;

    for (int fd = 0; fd < 20000; fd++) {
        n += fcntl(fd, F_GETFD) >= 0;
    }
    return n;
}

#endif
