/* SPDX-License-Identifier: MIT */
/* Whatever goes wrong ends the program: its figures would mean nothing. */
#include "bench/serve.h"

#include "lib/text.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>

enum { SERVE_BACKLOG = 4096 };

_Noreturn void serve_fail(const char *what)
{
    perror(what);
    exit(EXIT_FAILURE);
}

int serve_listen(int argc, char **argv)
{
    struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    struct rlimit limit;
    const int on = 1;
    uint64_t port;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

    if (argc != 2 || !text_number(text_of(argv[1]), UINT16_MAX, &port)) {
        (void)fprintf(stderr, "usage: %s PORT\n", argv[0]);
        exit(2);
    }
    at.sin_port = htons((uint16_t)port);
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        (void)setrlimit(RLIMIT_NOFILE, &limit);
    }
    if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) < 0 ||
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)) < 0 ||
        bind(fd, (struct sockaddr *)&at, sizeof(at)) < 0 || listen(fd, SERVE_BACKLOG) < 0) {
        serve_fail("listen");
    }
    return fd;
}

unsigned serve_room(const char *line)
{
    return (unsigned)strtoul(line, NULL, 10) % SERVE_ROOMS;
}
