/* SPDX-License-Identifier: MIT */
/* The protocol is one datagram of lines "NAME=value". The socket's send time-out bounds what a
 * change of state may wait; a ping and a status text do not wait at all. */
#include "app/notify.h"

#include "lib/rights.h"
#include "lib/utf8.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <systemd/sd-daemon.h>
#include <time.h>

/* "/run/systemd/notify", or "@name" for an abstract address. */
static int notify_address(struct notify *notify, const char *path)
{
    size_t len = strlen(path);

    if ((path[0] != '/' && path[0] != '@') || len >= sizeof(notify->manager.sun_path)) {
        return -EAFNOSUPPORT;
    }
    notify->manager = (struct sockaddr_un){ .sun_family = AF_UNIX };
    memcpy(notify->manager.sun_path, path, len);
    if (path[0] == '@') {
        notify->manager.sun_path[0] = '\0';
    }
    notify->manager_len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len);
    return 0;
}

static int notify_open(struct notify *notify, const char *path)
{
    static const struct timeval wait = { .tv_sec = NOTIFY_WAIT_MS / 1000,
                                         .tv_usec = NOTIFY_WAIT_MS % 1000 * 1000L };
    owned_fd int fd = -1;
    int r = notify_address(notify, path);

    if (r < 0) {
        return r;
    }
    fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof(wait)) < 0) {
        return -errno;
    }
    notify->fd = give_fd(&fd);
    return 0;
}

int notify_init(struct notify *notify)
{
    const char *path = getenv("NOTIFY_SOCKET");
    uint64_t watchdog_us = 0;
    int r;

    *notify = (struct notify){ .fd = -1 };
    if (path == NULL || path[0] == '\0') {
        return 0;
    }
    r = notify_open(notify, path);
    if (r < 0) {
        return r;
    }
    if (sd_watchdog_enabled(0, &watchdog_us) > 0) {
        /* at least 1, since 0 says that there is none */
        notify->ping_ms = (uint32_t)u64_max(1, u64_min(watchdog_us / 2000, UINT32_MAX));
    }
    return 0;
}

void notify_fini(struct notify *notify)
{
    fd_close_slot(&notify->fd);
    *notify = (struct notify){ .fd = -1 };
}

static int notify_send(struct notify *notify, struct text message, int flags)
{
    if (notify->fd < 0) {
        return 0;
    }
    if (sendto(notify->fd, message.at, message.len, flags | MSG_NOSIGNAL,
               (const struct sockaddr *)&notify->manager, notify->manager_len) < 0) {
        return -errno;
    }
    return 0;
}

int notify_ready(struct notify *notify)
{
    return notify_send(notify, TEXT("READY=1"), 0);
}

int notify_reloading(struct notify *notify)
{
    char message[NOTIFY_MESSAGE_MAX];
    struct buf out = buf_over(message, sizeof(message));
    struct timespec now;

    if (clock_gettime(CLOCK_MONOTONIC, &now) < 0) {
        return -errno;
    }
    buf_text_put(&out, TEXT("RELOADING=1\nMONOTONIC_USEC="));
    buf_number(&out, (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000);
    return notify_send(notify, buf_text(&out), 0);
}

int notify_stopping(struct notify *notify)
{
    return notify_send(notify, TEXT("STOPPING=1"), 0);
}

int notify_unwatch(struct notify *notify)
{
    return notify->ping_ms == 0 ? 0 : notify_send(notify, TEXT("WATCHDOG_USEC=0"), 0);
}

int notify_store(struct notify *notify, const char *name, int fd, bool is_polled)
{
    char message[NOTIFY_MESSAGE_MAX];
    struct buf out = buf_over(message, sizeof(message));

    if (notify->fd < 0) {
        return -ENOTCONN;
    }
    buf_format(&out, "FDSTORE=1\nFDNAME=%s%s", name, is_polled ? "" : "\nFDPOLL=0");
    return rights_send_to(notify->fd, buf_text(&out), fd, (const struct sockaddr *)&notify->manager,
                          notify->manager_len);
}

int notify_unstore(struct notify *notify, const char *name)
{
    char message[NOTIFY_MESSAGE_MAX];
    struct buf out = buf_over(message, sizeof(message));

    buf_format(&out, "FDSTOREREMOVE=1\nFDNAME=%s", name);
    return notify_send(notify, buf_text(&out), 0);
}

int notify_ping(struct notify *notify)
{
    return notify_send(notify, TEXT("WATCHDOG=1"), MSG_DONTWAIT);
}

int notify_status(struct notify *notify, const char *format, ...)
{
    char message[2 * NOTIFY_MESSAGE_MAX] = "STATUS=";
    size_t start = strlen(message);
    struct text whole;
    va_list arguments;

    va_start(arguments, format);
    (void)vsnprintf(message + start, sizeof(message) - start, format, arguments);
    va_end(arguments);
    for (char *c = message; *c != '\0'; c++) {
        if (*c == '\n') {
            *c = ' '; /* behind a newline another variable would begin */
        }
    }
    whole = text_of(message);
    if (whole.len > NOTIFY_MESSAGE_MAX) {
        whole.len = utf8_fit(whole, NOTIFY_MESSAGE_MAX); /* half a character: all is ignored */
    }
    return notify_send(notify, whole, MSG_DONTWAIT);
}
