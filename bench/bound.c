/* SPDX-License-Identifier: MIT */
/* bound: the least that one thread with epoll can do. It reads all that is ready, then sends what
 * is new in a room to each member with ONE write, out of bytes that they share. A client is a
 * descriptor and a place in its room's stream. It checks, formats, remembers and promises nothing:
 * what the daemon costs above it is the price of being a chat. */
#include "bench/serve.h"
#include "lib/base.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>

enum { BOUND_EVENTS = 1024, BOUND_BEHIND_MAX = 64 << 20 };

struct client {
    int fd; /* -1: dropped */
    bool has_room, is_blocked;
    uint32_t room, slot; /* slot: place among the room's members */
    uint32_t n_partial;
    uint64_t at; /* up to here the kernel took the room's stream */
    char *partial;
};

struct room {
    struct client **members;
    uint32_t n, size;
    bool is_dirty;
    uint64_t base; /* stream position of bytes[0] */
    size_t len, space;
    char *bytes;
};

static struct room rooms[SERVE_ROOMS];
static uint32_t dirty[SERVE_ROOMS], n_dirty;
static char scratch[2 * SERVE_LINE_MAX];

static void *bound_grow(void *at, size_t size)
{
    void *grown = realloc(at, size);

    if (grown == NULL) {
        serve_fail("memory");
    }
    return grown;
}

/* The struct stays: an event of this batch may still name it. */
static void client_drop(struct client *client)
{
    if (client->has_room) {
        struct room *room = &rooms[client->room];

        room->members[client->slot] = room->members[--room->n];
        room->members[client->slot]->slot = client->slot;
    }
    (void)close(client->fd);
    free(client->partial);
    client->fd = -1;
}

static void bound_accept(int epoll_fd, int listener)
{
    int fd;

    while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
        struct client *client = calloc(1, sizeof(*client));
        struct epoll_event event = { .events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET,
                                     .data.ptr = client };

        if (client == NULL || epoll_ctl(epoll_fd, EPOLL_CTL_ADD, fd, &event) < 0) {
            serve_fail("accept");
        }
        client->fd = fd;
    }
}

static void client_join(struct client *client, const char *line)
{
    struct room *room = &rooms[serve_room(line)];

    if (room->n == room->size) {
        room->size = room->size == 0 ? 8 : 2 * room->size;
        room->members = bound_grow(room->members, room->size * sizeof(struct client *));
    }
    client->room = serve_room(line);
    client->slot = room->n;
    client->at = room->base + room->len;
    client->has_room = true;
    room->members[room->n++] = client;
    (void)!send(client->fd, SERVE_WELCOME, sizeof(SERVE_WELCOME) - 1, MSG_NOSIGNAL);
}

static void room_append(uint32_t number, const char *bytes, size_t len)
{
    struct room *room = &rooms[number];

    if (room->len + len > room->space) {
        room->space = 2 * (room->len + len);
        room->bytes = bound_grow(room->bytes, room->space);
    }
    memcpy(room->bytes + room->len, bytes, len);
    room->len += len;
    if (!room->is_dirty) {
        room->is_dirty = true;
        dirty[n_dirty++] = number;
    }
}

/* As with the daemon, who speaks does not hear itself: else its acknowledgement would travel with
 * the echo, and a packet be saved. Who has not heard the others yet does, in the same write. */
static void client_say(struct client *client, const char *bytes, size_t len)
{
    const struct room *room = &rooms[client->room];
    bool has_heard_all = client->at == room->base + room->len;

    room_append(client->room, bytes, len);
    if (has_heard_all) {
        client->at += len;
    }
}

static bool client_read(struct client *client)
{
    const char *at = scratch;
    const char *newline;
    size_t len, whole;
    ssize_t n = recv(client->fd, scratch + client->n_partial, SERVE_LINE_MAX, 0);

    if (n <= 0) {
        return n < 0 && errno == EAGAIN;
    }
    if (client->n_partial > 0) {
        memcpy(scratch, client->partial, client->n_partial);
    }
    len = client->n_partial + (size_t)n;
    newline = memrchr(scratch, '\n', len);
    whole = newline == NULL ? 0 : (size_t)(newline + 1 - scratch);
    if (whole > 0 && !client->has_room) {
        client_join(client, at);
        at = (const char *)memchr(at, '\n', len) + 1;
    }
    if (scratch + whole > at) {
        client_say(client, at, (size_t)(scratch + whole - at));
    }
    client->n_partial = (uint32_t)(len - whole);
    if (client->n_partial > 0) {
        client->partial = bound_grow(client->partial, client->n_partial);
        memcpy(client->partial, scratch + whole, client->n_partial);
    }
    return client->n_partial < SERVE_LINE_MAX;
}

/* One write. False: it fell too far behind. */
static bool client_catch_up(struct client *client, const struct room *room)
{
    size_t skip = (size_t)(client->at - room->base);
    ssize_t n = 0;

    if (skip < room->len) {
        n = send(client->fd, room->bytes + skip, room->len - skip, MSG_NOSIGNAL);
    }
    client->at += n > 0 ? (uint64_t)n : 0;
    client->is_blocked = client->at < room->base + room->len;
    return room->base + room->len - client->at <= BOUND_BEHIND_MAX;
}

static void room_broadcast(struct room *room)
{
    uint64_t least = room->base + room->len;

    for (uint32_t i = 0; i < room->n;) {
        struct client *client = room->members[i];

        if (!client->is_blocked && !client_catch_up(client, room)) {
            client_drop(client);
            continue;
        }
        least = u64_min(least, client->at);
        i++;
    }
    memmove(room->bytes, room->bytes + (least - room->base), room->base + room->len - least);
    room->len -= (size_t)(least - room->base);
    room->base = least;
    room->is_dirty = false;
}

static void client_turn(struct client *client, uint32_t events)
{
    if (client->fd < 0) {
        return;
    }
    if ((events & EPOLLOUT) != 0 && client->is_blocked) {
        (void)client_catch_up(client, &rooms[client->room]);
    }
    if ((events & (EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0 && !client_read(client)) {
        client_drop(client);
    }
}

static void bound_round(int epoll_fd, int listener)
{
    struct epoll_event events[BOUND_EVENTS];
    int n = epoll_wait(epoll_fd, events, BOUND_EVENTS, -1);

    for (int i = 0; i < n; i++) {
        if (events[i].data.ptr == NULL) {
            bound_accept(epoll_fd, listener);
        } else {
            client_turn(events[i].data.ptr, events[i].events);
        }
    }
    for (uint32_t i = 0; i < n_dirty; i++) {
        room_broadcast(&rooms[dirty[i]]);
    }
    n_dirty = 0;
}

int main(int argc, char **argv)
{
    struct epoll_event event = { .events = EPOLLIN | EPOLLET };
    int listener = serve_listen(argc, argv);
    int epoll_fd = epoll_create1(EPOLL_CLOEXEC);

    if (epoll_fd < 0 || epoll_ctl(epoll_fd, EPOLL_CTL_ADD, listener, &event) < 0) {
        serve_fail("epoll");
    }
    for (;;) {
        bound_round(epoll_fd, listener);
    }
}
