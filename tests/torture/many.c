/* SPDX-License-Identifier: MIT */
/* Ten thousand connections: half of them sit in the lobby, half are IRC clients in no room, two
 * talk all the time. The daemon is killed with SIGKILL; then each of them asks something and must
 * be answered, and of what the two say nothing may be lost. Tells how long that took, and how many
 * descriptors the service manager has stored.
 *
 *   many --daemon PATH [--clients N] */
#include "support/manager.h"

#include "lib/text.h"

#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>

enum {
    MANY_TALKERS = 2,
    MANY_IN_SIZE = 2048,
    MANY_BATCH = 500, /* connections that are being made at the same time */
    MANY_PATIENCE_MS = 60000,
    MANY_SAY_MS = 2,
    MANY_EVENTS = 512,
};

struct many_client {
    int fd;
    bool is_irc, is_here, is_answered;
    size_t in_len;
    char in[MANY_IN_SIZE];
};

struct many {
    struct manager manager;
    struct many_client *clients;
    uint32_t n, n_here, n_answered;
    uint32_t n_said[MANY_TALKERS], n_heard[MANY_TALKERS]; /* heard: of the other one */
    int epoll_fd;
    char wrong[256];
};

static uint64_t many_now_ms(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static bool many_fails(struct many *many, const char *what, const char *detail)
{
    if (many->wrong[0] == '\0') {
        (void)snprintf(many->wrong, sizeof(many->wrong), "%s: %.150s", what, detail);
    }
    return false;
}

/* ---- what is heard ---- */

static void many_say(struct many *many, uint32_t at, const char *text)
{
    if (send(many->clients[at].fd, text, strlen(text), MSG_NOSIGNAL) < 0) {
        (void)many_fails(many, "cannot send", strerror(errno));
    }
}

static void many_arrive(struct many *many, struct many_client *client)
{
    if (!client->is_here) {
        client->is_here = true;
        many->n_here++;
    }
}

/* "12:00 <guest1> t0.7": the line 7 of the talker 0, heard by the other one. */
static bool many_take_talk(struct many *many, uint32_t at, const char *line)
{
    const char *mark = strstr(line, "> t");
    unsigned talker, n;

    if (mark == NULL || sscanf(mark, "> t%u.%u", &talker, &n) != 2) { /* NOLINT(cert-err34-c) */
        return true;
    }
    if (at >= MANY_TALKERS || talker != 1 - at || n != many->n_heard[at]) {
        return many_fails(many, "not the line that was due", line);
    }
    many->n_heard[at]++;
    return true;
}

static bool many_take_line(struct many *many, uint32_t at, const char *line)
{
    struct many_client *client = &many->clients[at];

    if (strstr(line, "what you type is heard in") != NULL || strstr(line, " 422 ") != NULL) {
        many_arrive(many, client);
    } else if (strstr(line, "there is no command /x") != NULL || strstr(line, " PONG ") != NULL) {
        if (client->is_answered) {
            return many_fails(many, "answered twice", line);
        }
        client->is_answered = true;
        many->n_answered++;
    } else if (strncmp(line, "ERROR", 5) == 0 || strstr(line, "missed") != NULL) {
        return many_fails(many, "heard", line);
    }
    return many_take_talk(many, at, line);
}

static bool many_cut(struct many *many, uint32_t at)
{
    struct many_client *client = &many->clients[at];
    char *start = client->in, *end;

    client->in[client->in_len] = '\0';
    while ((end = strchr(start, '\n')) != NULL) {
        *end = '\0';
        if (!many_take_line(many, at, start)) {
            return false;
        }
        start = end + 1;
    }
    client->in_len -= (size_t)(start - client->in);
    memmove(client->in, start, client->in_len);
    return true;
}

static bool many_read(struct many *many, uint32_t at)
{
    struct many_client *client = &many->clients[at];

    for (;;) {
        ssize_t n = recv(client->fd, client->in + client->in_len,
                         sizeof(client->in) - 1 - client->in_len, MSG_DONTWAIT);

        if (n < 0 && errno == EAGAIN) {
            return true;
        }
        if (n <= 0) {
            return many_fails(many, "a connection has ended", n < 0 ? strerror(errno) : "FIN");
        }
        client->in_len += (size_t)n;
        if (!many_cut(many, at)) {
            return false;
        }
    }
}

/* One look at the sockets and at the manager. */
static bool many_turn(struct many *many)
{
    struct epoll_event events[MANY_EVENTS];
    int n = epoll_wait(many->epoll_fd, events, MANY_EVENTS, 1);

    manager_hear(&many->manager);
    for (int i = 0; i < n; i++) {
        if (!many_read(many, events[i].data.u32)) {
            return false;
        }
    }
    return true;
}

static bool many_until(struct many *many, const uint32_t *count, uint32_t wanted, const char *what)
{
    uint64_t end = many_now_ms() + MANY_PATIENCE_MS;

    while (*count < wanted) {
        if (!many_turn(many)) {
            return false;
        }
        if (many_now_ms() > end) {
            return many_fails(many, "this takes too long", what);
        }
    }
    return true;
}

/* ---- coming ---- */

static bool many_connect(struct many *many, uint32_t at)
{
    struct many_client *client = &many->clients[at];
    enum manager_listener which;
    struct sockaddr_in address = { .sin_family = AF_INET,
                                   .sin_addr = { .s_addr = htonl(INADDR_LOOPBACK) } };
    struct epoll_event wanted = { .events = EPOLLIN, .data = { .u32 = at } };

    client->is_irc = at >= MANY_TALKERS && at % 2 == 1;
    which = client->is_irc ? MANAGER_IRC : MANAGER_LINE;
    address.sin_port = htons(many->manager.ports[which]);
    client->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (client->fd < 0 || connect(client->fd, (struct sockaddr *)&address, sizeof(address)) < 0 ||
        epoll_ctl(many->epoll_fd, EPOLL_CTL_ADD, client->fd, &wanted) < 0) {
        return many_fails(many, "cannot connect", strerror(errno));
    }
    if (client->is_irc) {
        char hello[64];

        (void)snprintf(hello, sizeof(hello), "NICK n%u\r\nUSER n 0 * :N\r\n", at);
        many_say(many, at, hello);
    }
    return true;
}

static bool many_come(struct many *many)
{
    for (uint32_t at = 0; at < many->n; at++) {
        if (!many_connect(many, at)) {
            return false;
        }
        if (at % MANY_BATCH == 0 && !many_until(many, &many->n_here, at, "being greeted")) {
            return false;
        }
    }
    if (!many_until(many, &many->n_here, many->n, "being greeted")) {
        return false;
    }
    for (uint32_t at = 0; at < MANY_TALKERS; at++) {
        many_say(many, at, "/leave\n/join #talk\n");
    }
    for (uint64_t end = many_now_ms() + 300; many_now_ms() < end;) {
        if (!many_turn(many)) {
            return false;
        }
    }
    return true;
}

/* ---- talking and dying ---- */

static bool many_talk(struct many *many, uint64_t for_ms)
{
    uint64_t end = many_now_ms() + for_ms;
    uint64_t next = 0;

    while (many_now_ms() < end) {
        if (many_now_ms() >= next) {
            next = many_now_ms() + MANY_SAY_MS;
            for (uint32_t at = 0; at < MANY_TALKERS; at++) {
                char line[32];

                (void)snprintf(line, sizeof(line), "t%u.%u\n", at, many->n_said[at]++);
                many_say(many, at, line);
            }
        }
        if (!many_turn(many)) {
            return false;
        }
    }
    return true;
}

static bool many_ask_all(struct many *many)
{
    for (uint32_t at = 0; at < many->n; at++) {
        many->clients[at].is_answered = false;
        many_say(many, at, many->clients[at].is_irc ? "PING :x\r\n" : "/x\n");
    }
    return many->wrong[0] == '\0';
}

/* SIGKILL, a start at once; everybody asks while the daemon is away. */
static bool many_die(struct many *many, int i)
{
    uint64_t start, ready;
    int r;

    if (!many_talk(many, 100)) {
        return false;
    }
    many->n_answered = 0;
    manager_kill(&many->manager);
    start = many_now_ms();
    r = manager_start(&many->manager);
    if (r == 0) {
        r = manager_wait_ready(&many->manager, MANY_PATIENCE_MS);
    }
    if (r < 0) {
        return many_fails(many, "cannot start again", strerror(-r));
    }
    ready = many_now_ms();
    if (!many_ask_all(many) || !many_until(many, &many->n_answered, many->n, "being answered")) {
        return false;
    }
    (void)printf(
        "kill %d: ready after %llu ms, all %u answered after %llu ms; %zu boxes are stored\n", i,
        (unsigned long long)(ready - start), many->n, (unsigned long long)(many_now_ms() - start),
        manager_count(&many->manager, "box-"));
    return true;
}

static bool many_check_talk(struct many *many)
{
    for (uint32_t at = 0; at < MANY_TALKERS; at++) {
        if (!many_until(many, &many->n_heard[at], many->n_said[1 - at], "hearing the talkers")) {
            return false;
        }
    }
    (void)printf("the talkers said %u lines each, and heard them all\n", many->n_said[0]);
    return true;
}

/* ---- the program ---- */

enum { MANY_KILLS = 3, MANY_SPARE = 200 };

static bool many_begin(struct many *many, const char *daemon, const char *directory)
{
    static char config[64], log[64];
    FILE *file;
    int r;

    (void)snprintf(config, sizeof(config), "%s/conf", directory);
    (void)snprintf(log, sizeof(log), "%s/log", directory);
    file = fopen(config, "we");
    if (file == NULL) {
        return many_fails(many, config, strerror(errno));
    }
    (void)fprintf(file,
                  "limits: { connections = %u; connections_per_address = 0; memberships = %u;\n"
                  "  lines_per_second = 0; };\n"
                  "rooms: { history_on_join = 0; };\nlog: { level = \"warning\"; };\n",
                  many->n + MANY_SPARE, many->n + MANY_SPARE);
    (void)fclose(file);
    r = manager_init(&many->manager, daemon, config, log);
    if (r == 0) {
        r = manager_start(&many->manager);
    }
    if (r == 0) {
        r = manager_wait_ready(&many->manager, MANY_PATIENCE_MS);
    }
    return r == 0 || many_fails(many, "cannot start", strerror(-r));
}

static bool many_run(struct many *many, const char *daemon, const char *directory)
{
    uint64_t start = many_now_ms();

    if (!many_begin(many, daemon, directory) || !many_come(many)) {
        return false;
    }
    (void)printf("%u connections came in %llu ms\n", many->n,
                 (unsigned long long)(many_now_ms() - start));
    for (int i = 1; i <= MANY_KILLS; i++) {
        if (!many_die(many, i)) {
            return false;
        }
    }
    return many_talk(many, 100) && many_check_talk(many);
}

/* As many descriptors as the system allows. */
static uint32_t many_limit(uint32_t wanted)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) < 0) {
        return wanted;
    }
    limit.rlim_cur = limit.rlim_max;
    (void)setrlimit(RLIMIT_NOFILE, &limit);
    return limit.rlim_max < wanted + 2 * MANY_SPARE ? (uint32_t)limit.rlim_max - 2 * MANY_SPARE
                                                    : wanted;
}

int main(int argc, char **argv)
{
    struct many many = { .epoll_fd = epoll_create1(EPOLL_CLOEXEC) };
    char directory[] = "/tmp/many-XXXXXX";
    uint64_t n = 10000;
    bool is_good;

    if (argc < 3 || strcmp(argv[1], "--daemon") != 0 || mkdtemp(directory) == NULL ||
        (argc == 5 && !text_number(text_of(argv[4]), UINT32_MAX, &n))) {
        (void)fputs("usage: many --daemon PATH [--clients N]\n", stderr);
        return EXIT_FAILURE;
    }
    many.n = many_limit((uint32_t)n);
    many.clients = calloc(many.n, sizeof(*many.clients));
    is_good = many.clients != NULL && many_run(&many, argv[2], directory);
    if (!is_good) {
        (void)printf("WRONG: %s (see %s)\n", many.wrong, directory);
    }
    manager_fini(&many.manager);
    free(many.clients);
    return is_good ? EXIT_SUCCESS : EXIT_FAILURE;
}
