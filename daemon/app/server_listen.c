/* SPDX-License-Identifier: MIT */
/* The server's listening sockets: from the configuration, or handed over. */
#include "app/server.h"

#include <errno.h>
#include <string.h>

int server_listen(struct server *server, int fd, const char *name)
{
    struct listener_setup setup = { .name = name,
                                    .owner = server,
                                    .on_connection = server_on_connection,
                                    .loop = &server->loop,
                                    .timers = &server->timers,
                                    .clock = &server->clock };
    struct listener *listener = &server->listeners[server->n_listeners];
    char space[ADDRESS_TEXT_SIZE];
    struct buf where = buf_over(space, sizeof(space));
    struct kernel_queue queue = { 0 };
    int r;

    if (server->n_listeners == SERVER_LISTENERS_MAX) {
        (void)close(fd);
        return -E2BIG;
    }
    r = listener_start(listener, fd, &setup);
    if (r < 0) {
        return r;
    }
    server->n_listeners++;
    address_print(&listener->address, true, &where);
    (void)!kernel_listen_queue(fd, &queue);
    report(REPORT_INFO, "listening on %.*s (%s), backlog %u", (int)where.len, where.at, name,
           queue.limit);
    return 0;
}

static int server_listen_at(struct server *server, const char *where, const char *name)
{
    const struct config *config = server->config;
    struct address address;
    int fd;

    if (address_parse(text_of(where), &address) != 0) {
        return -EINVAL;
    }
    fd = listener_open(&address, (int)config->listen.backlog, (int)config->listen.send_buffer);
    return fd < 0 ? fd : server_listen(server, fd, name);
}

static int server_listen_all(struct server *server, const struct config_list *list,
                             const char *name)
{
    for (size_t i = 0; i < list->n; i++) {
        int r = server_listen_at(server, list->items[i], name);

        /* A machine without IPv6 is served by IPv4 alone. */
        if (r == -EAFNOSUPPORT || r == -EADDRNOTAVAIL) {
            report(REPORT_NOTICE, "not listening on %s: %s", list->items[i], strerror(-r));
            continue;
        }
        if (r < 0) {
            report(REPORT_ERROR, "can't listen on %s: %s", list->items[i], strerror(-r));
            return r;
        }
    }
    return 0;
}

int server_listen_configured(struct server *server)
{
    int r = server_listen_all(server, &server->config->listen.line, "line");

    if (r == 0) {
        r = server_listen_all(server, &server->config->listen.irc, "irc");
    }
    if (r == 0 && server->n_listeners == 0) {
        report(REPORT_ERROR, "there is no address to listen on");
        return -EADDRNOTAVAIL;
    }
    return r;
}
