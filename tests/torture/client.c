/* SPDX-License-Identifier: MIT */
/* A client's socket: writes in pieces that end anywhere, reads at its own pace, cuts lines. */
#include "torture/client.h"

#include "torture/crowd.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>

enum {
    CLIENT_SEGMENT = 1400, /* bytes: loopback's 64 KiB make small windows stall */
    CLIENT_SLOW_BUFFER = 8192,
    CLIENT_SLOW_BYTES = 1500,
    CLIENT_SLOW_US = 40000,
    CLIENT_READS = 4,
};

/* ---- beginning and ending ---- */

static int client_connect(const struct crowd *crowd, const struct client *client)
{
    struct sockaddr_in address = { .sin_family = AF_INET,
                                   .sin_port = htons(crowd->ports[client->front]),
                                   .sin_addr = { .s_addr = htonl(INADDR_LOOPBACK) } };
    int segment = CLIENT_SEGMENT, buffer = CLIENT_SLOW_BUFFER;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

    if (fd < 0) {
        return -errno;
    }
    (void)setsockopt(fd, IPPROTO_TCP, TCP_MAXSEG, &segment, sizeof(segment));
    if (client->is_slow) {
        (void)setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &buffer, sizeof(buffer));
    }
    if (connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0 && errno != EINPROGRESS) {
        int error = errno;

        (void)close(fd);
        return -error;
    }
    return fd;
}

bool client_begin(struct crowd *crowd, struct client *client)
{
    struct epoll_event wanted = { .events = EPOLLIN | EPOLLOUT | EPOLLET,
                                  .data = { .ptr = client } };
    int fd = client_connect(crowd, client);

    if (fd < 0 || epoll_ctl(crowd->epoll_fd, EPOLL_CTL_ADD, fd, &wanted) < 0) {
        fd_close_slot(&fd);
        return false;
    }
    client->fd = fd;
    client->edges = 0;
    client->phase = CLIENT_PRESENT;
    client->life = audit_new_life(crowd->audit);
    client->connection = 0;
    client->n_said = 0;
    client->has_heard = client->has_shut = client->is_placed = false;
    client->out_at = client->out_len = client->in_len = 0;
    client->n_owed = client->owed_first = 0;
    client->rooms = client->n_entered = client->current = 0;
    client->n_lost = client->n_slack = 0;
    crowd->counts.n_lives++;
    script_begin(crowd, client);
    return true;
}

static void client_close(struct client *client)
{
    (void)close(client->fd);
    client->fd = -1;
    client->phase = CLIENT_ENDED;
}

void client_leave(struct crowd *crowd, struct client *client)
{
    client->phase = CLIENT_LEAVING;
    script_end(crowd, client);
}

/* Everything is sent: the end that it chose. */
static void client_shut(struct crowd *crowd, struct client *client)
{
    struct linger at_once = { .l_onoff = 1 };

    if (client->phase != CLIENT_LEAVING || client->has_shut) {
        return;
    }
    client->has_shut = true;
    switch (client->end) {
    case CLIENT_QUITS: crowd->counts.n_quit++; break;
    case CLIENT_HALF_CLOSES:
        (void)shutdown(client->fd, SHUT_WR);
        crowd->counts.n_half_closed++;
        break;
    case CLIENT_RESETS:
        (void)setsockopt(client->fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
        crowd->counts.n_reset++;
        crowd->audit->lives[client->life].may_be_cut = true;
        client_close(client);
        break;
    }
}

/* The daemon has closed. Nothing may be due any more. */
static bool client_finish(struct crowd *crowd, struct client *client, int error)
{
    const struct life *life = &crowd->audit->lives[client->life];
    const struct seen *seen;

    if (!client->has_heard && life->n_heard == 0 && life->connection == 0) {
        crowd->counts.n_at_the_door++; /* between accept() and its box: never seen by anybody */
        crowd->audit->lives[client->life].n_said = 0;
        client_close(client);
        return true;
    }
    answers_settle(client);
    if (client->phase != CLIENT_LEAVING || error != 0 || client->in_len > 0 || client->n_owed > 0) {
        return crowd_fails(crowd, client,
                           "the daemon closed the connection (%s), with %zu bytes of a "
                           "line and %u answers due",
                           error != 0 ? strerror(error) : "end of file", client->in_len,
                           client->n_owed);
    }
    seen = audit_seen(crowd->audit, client->connection);
    if (client->is_placed && seen->quit == AUDIT_NOWHERE) {
        return crowd_fails(crowd, client, "the connection has ended, but the person has not quit");
    }
    if (client->is_placed && !stream_advance(crowd, client, seen->quit + 1)) {
        return false;
    }
    if (client->n_lost > client->n_slack) {
        return crowd_fails(crowd, client,
                           "it was told that it missed %llu messages that there are not",
                           (unsigned long long)client->n_lost);
    }
    client_close(client);
    return true;
}

/* ---- writing ---- */

static void client_send(struct crowd *crowd, struct client *client)
{
    while (client->out_at < client->out_len && (client->edges & EPOLLOUT)) {
        size_t left = client->out_len - client->out_at;
        size_t piece =
            dice_below(&crowd->dice, 3) == 0 ? 1 + dice_below(&crowd->dice, (uint32_t)left) : left;
        ssize_t n = send(client->fd, client->out + client->out_at, piece, MSG_NOSIGNAL);

        if (n < 0) {
            client->edges &= ~(uint32_t)EPOLLOUT;
            client->edges |= errno == EAGAIN ? 0 : EPOLLIN; /* reading tells why */
            return;
        }
        client->out_at += (size_t)n;
        if ((size_t)n < left && piece < left) {
            return; /* half a line: the rest has its turn later */
        }
    }
    if (client->out_at == client->out_len) {
        client->out_at = client->out_len = 0;
        client_shut(crowd, client);
    }
}

/* ---- reading ---- */

/* Bytes that nobody wrote: shown as numbers, with what is around them. */
static bool client_is_clean(struct crowd *crowd, const struct client *client, struct text line)
{
    size_t at = 0;
    char space[256];
    struct buf shown = buf_over(space, sizeof(space));

    while (at < line.len && (unsigned char)line.at[at] >= ' ') {
        at++;
    }
    if (at == line.len) {
        return true;
    }
    for (size_t i = at < 16 ? 0 : at - 16; i < line.len && i < at + 16; i++) {
        buf_format(&shown, " %02x", (unsigned char)line.at[i]);
    }
    return crowd_fails(crowd, client, "a line of %zu bytes is not clean at byte %zu:%.*s", line.len,
                       at, TEXT_ARG(buf_text(&shown)));
}

static bool client_take_line(struct crowd *crowd, struct client *client, struct text line)
{
    struct text server = TEXT(":partyline ");
    bool is_private = client->front == CLIENT_LINE
                          ? text_starts_with(line, TEXT("-- "))
                          : text_starts_with(line, server) || text_starts_with(line, TEXT("ERROR"));

    if (!client_is_clean(crowd, client, line)) {
        return false;
    }
    if (!audit_follow(crowd->audit)) {
        return crowd_fails(crowd, client, "%s", crowd->audit->wrong);
    }
    return is_private ? answers_take(crowd, client, line) : stream_take(crowd, client, line);
}

static bool client_cut_lines(struct crowd *crowd, struct client *client)
{
    size_t start = 0;

    for (;;) {
        char *at = client->in + start;
        char *end = memchr(at, '\n', client->in_len - start);
        struct text line = { .at = at };

        if (end == NULL) {
            break;
        }
        line.len = (size_t)(end - at);
        if (line.len == 0 || line.at[line.len - 1] != '\r') {
            return crowd_fails(crowd, client, "a line without CR: %.*s", TEXT_ARG(line));
        }
        line.len--;
        if (!client_take_line(crowd, client, line)) {
            return false;
        }
        start += (size_t)(end - at) + 1;
    }
    memmove(client->in, client->in + start, client->in_len - start);
    client->in_len -= start;
    return client->in_len < sizeof(client->in) ||
           crowd_fails(crowd, client, "a line without an end");
}

static size_t client_appetite(struct crowd *crowd, struct client *client)
{
    size_t space = sizeof(client->in) - client->in_len;

    if (!client->is_slow || crowd->is_ending || client->phase == CLIENT_LEAVING) {
        return space;
    }
    if (crowd->now_us < client->next_read) {
        return 0;
    }
    client->next_read = crowd->now_us + dice_below(&crowd->dice, CLIENT_SLOW_US);
    return size_min(space, CLIENT_SLOW_BYTES);
}

static bool client_read(struct crowd *crowd, struct client *client)
{
    for (int i = 0; i < CLIENT_READS && (client->edges & EPOLLIN); i++) {
        size_t wanted = client_appetite(crowd, client);
        ssize_t n;

        if (wanted == 0) {
            return true;
        }
        n = recv(client->fd, client->in + client->in_len, wanted, 0);
        if (n < 0 && errno == EAGAIN) {
            client->edges &= ~(uint32_t)EPOLLIN;
            return true;
        }
        if (n <= 0) {
            int error = n < 0 ? errno : 0;

            return audit_follow(crowd->audit)
                       ? client_finish(crowd, client, error)
                       : crowd_fails(crowd, client, "%s", crowd->audit->wrong);
        }
        client->has_heard = true;
        client->in_len += (size_t)n;
        crowd->counts.n_bytes += (uint64_t)n;
        if (!client_cut_lines(crowd, client)) {
            return false;
        }
    }
    return true;
}

bool client_turn(struct crowd *crowd, struct client *client)
{
    if (client->phase == CLIENT_PRESENT && !crowd->is_ending) {
        script_go_on(crowd, client);
        if (client->is_passing && client->n_to_say == 0) {
            client_leave(crowd, client);
        }
    }
    if (client->phase == CLIENT_PRESENT || client->phase == CLIENT_LEAVING) {
        client_send(crowd, client);
    }
    if (client->phase == CLIENT_PRESENT || client->phase == CLIENT_LEAVING) {
        return client_read(crowd, client);
    }
    return true;
}
