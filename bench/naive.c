/* SPDX-License-Identifier: MIT */
/* naive: the chat of the textbooks. Level-triggered epoll, and for every line one write to every
 * member of its room; what a socket does not take waits in that client's own queue. */
#include "bench/serve.h"
#include "lib/base.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>

enum { NAIVE_EVENTS = 64 };

struct client {
    int fd; /* -1: dropped */
    bool has_room;
    uint32_t room, slot;
    uint32_t n_input;
    size_t n_queued, queue_size;
    char *input, *queue;
};

struct room {
    struct client **members;
    uint32_t n, size;
};

static struct room rooms[SERVE_ROOMS];
static int epoll_fd;

static void *naive_grow(void *at, size_t size)
{
    void *grown = realloc(at, size);

    if (grown == NULL) {
        serve_fail("memory");
    }
    return grown;
}

static void client_drop(struct client *client)
{
    if (client->has_room) {
        struct room *room = &rooms[client->room];

        room->members[client->slot] = room->members[--room->n];
        room->members[client->slot]->slot = client->slot;
    }
    (void)close(client->fd);
    free(client->input);
    free(client->queue);
    client->fd = -1;
}

static void client_watch(struct client *client, int op, uint32_t events)
{
    struct epoll_event event = { .events = events, .data.ptr = client };

    if (epoll_ctl(epoll_fd, op, client->fd, &event) < 0) {
        serve_fail("epoll_ctl");
    }
}

static void client_send(struct client *client, const char *line, size_t len)
{
    if (client->n_queued == 0) {
        ssize_t n = send(client->fd, line, len, MSG_NOSIGNAL);

        if (n == (ssize_t)len || (n < 0 && errno != EAGAIN)) {
            return;
        }
        line += n > 0 ? n : 0;
        len -= n > 0 ? (size_t)n : 0;
        client_watch(client, EPOLL_CTL_MOD, EPOLLIN | EPOLLOUT);
    }
    if (client->n_queued + len > client->queue_size) {
        client->queue_size = 2 * (client->n_queued + len);
        client->queue = naive_grow(client->queue, client->queue_size);
    }
    memcpy(client->queue + client->n_queued, line, len);
    client->n_queued += len;
}

static void client_flush(struct client *client)
{
    ssize_t n = send(client->fd, client->queue, client->n_queued, MSG_NOSIGNAL);

    if (n <= 0) {
        return;
    }
    client->n_queued -= (size_t)n;
    memmove(client->queue, client->queue + n, client->n_queued);
    if (client->n_queued == 0) {
        client_watch(client, EPOLL_CTL_MOD, EPOLLIN);
    }
}

static void naive_accept(int listener)
{
    int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    struct client *client;

    if (fd < 0) {
        return;
    }
    client = naive_grow(NULL, sizeof(*client));
    *client = (struct client){ .fd = fd, .input = naive_grow(NULL, SERVE_LINE_MAX) };
    client_watch(client, EPOLL_CTL_ADD, EPOLLIN);
}

static void client_join(struct client *client, const char *line)
{
    struct room *room = &rooms[serve_room(line)];

    if (room->n == room->size) {
        room->size = room->size == 0 ? 8 : 2 * room->size;
        room->members = naive_grow(room->members, room->size * sizeof(struct client *));
    }
    client->room = serve_room(line);
    client->slot = room->n;
    client->has_room = true;
    room->members[room->n++] = client;
    client_send(client, SERVE_WELCOME, sizeof(SERVE_WELCOME) - 1);
}

static void client_line(struct client *client, const char *line, size_t len)
{
    const struct room *room = &rooms[client->room];

    if (!client->has_room) {
        client_join(client, line);
        return;
    }
    for (uint32_t i = 0; i < room->n; i++) {
        if (room->members[i] != client) {
            client_send(room->members[i], line, len);
        }
    }
}

static void client_read(struct client *client)
{
    ssize_t n =
        recv(client->fd, client->input + client->n_input, SERVE_LINE_MAX - client->n_input, 0);
    const char *at = client->input;
    const char *end, *newline;

    if (n < 0 && errno == EAGAIN) {
        return;
    }
    if (n <= 0) {
        client_drop(client);
        return;
    }
    end = client->input + client->n_input + n;
    while ((newline = memchr(at, '\n', (size_t)(end - at))) != NULL) {
        client_line(client, at, (size_t)(newline + 1 - at));
        at = newline + 1;
    }
    client->n_input = (uint32_t)(end - at);
    memmove(client->input, at, client->n_input);
    if (client->n_input == SERVE_LINE_MAX) {
        client_drop(client);
    }
}

static void naive_round(int listener)
{
    struct epoll_event events[NAIVE_EVENTS];
    int n = epoll_wait(epoll_fd, events, NAIVE_EVENTS, -1);

    for (int i = 0; i < n; i++) {
        struct client *client = events[i].data.ptr;

        if (client == NULL) {
            naive_accept(listener);
            continue;
        }
        if (client->fd >= 0 && (events[i].events & EPOLLOUT) != 0) {
            client_flush(client);
        }
        if (client->fd >= 0 && (events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0) {
            client_read(client);
        }
    }
}

int main(int argc, char **argv)
{
    struct epoll_event event = { .events = EPOLLIN };
    int listener = serve_listen(argc, argv);

    epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    if (epoll_fd < 0 || epoll_ctl(epoll_fd, EPOLL_CTL_ADD, listener, &event) < 0) {
        serve_fail("epoll");
    }
    for (;;) {
        naive_round(listener);
    }
}
