/* SPDX-License-Identifier: MIT */
/* The server knows just what lets a client in: CAP, JOIN and PING. Sources: RFC 2812;
 * ircv3.net/specs, Capability Negotiation. */
#include "bench/stage.h"

#include "bench/gauge.h"
#include "bench/serve.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pty.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>

enum { STAGE_ARGUMENTS_MAX = 16, STAGE_REPLY_MAX = 1024, NS_PER_S = 1000000000 };

void stage_open(struct stage *s)
{
    struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t len = sizeof(at);

    *s = (struct stage){ .peer = -1, .keys = -1, .screen = -1 };
    s->listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (s->listener < 0 || bind(s->listener, (struct sockaddr *)&at, sizeof(at)) < 0 ||
        listen(s->listener, 1) < 0 || getsockname(s->listener, (struct sockaddr *)&at, &len) < 0) {
        serve_fail("listen");
    }
    (void)snprintf(s->address, sizeof(s->address), "127.0.0.1:%u", ntohs(at.sin_port));
}

void stage_close(struct stage *s)
{
    (void)close(s->listener);
}

/* -- the client -- */

_Noreturn static void stage_exec(const struct stage *s, const char *const *command)
{
    char *argv[STAGE_ARGUMENTS_MAX + 2];
    size_t n = 0;

    for (; n < STAGE_ARGUMENTS_MAX && command[n] != NULL; n++) {
        argv[n] = strdup(command[n]);
    }
    argv[n++] = strdup(s->address);
    argv[n] = NULL;
    (void)setenv("TERM", "xterm-256color", 1);
    (void)setenv("LC_ALL", "C.UTF-8", 1);
    (void)setenv("XDG_CONFIG_HOME", "/nonexistent", 1);
    (void)execvp(argv[0], argv);
    serve_fail(argv[0]);
}

static void stage_fork_terminal(struct stage *s, const char *const *command)
{
    const struct winsize size = { .ws_row = STAGE_ROWS, .ws_col = STAGE_COLUMNS };
    s->child = forkpty(&s->screen, NULL, NULL, &size);
    if (s->child == 0) {
        stage_exec(s, command);
    }
    s->keys = s->screen;
}

static void stage_fork_pipes(struct stage *s, const char *const *command)
{
    int in[2], out[2];

    if (pipe2(in, O_CLOEXEC) < 0 || pipe2(out, O_CLOEXEC) < 0) {
        serve_fail("pipe");
    }
    s->child = fork();
    if (s->child == 0) {
        (void)dup2(in[0], STDIN_FILENO);
        (void)dup2(out[1], STDOUT_FILENO);
        (void)dup2(out[1], STDERR_FILENO);
        stage_exec(s, command);
    }
    (void)close(in[0]);
    (void)close(out[1]);
    s->keys = in[1];
    s->screen = out[0];
}

void stage_start(struct stage *s, const char *const *command, bool is_terminal)
{
    (is_terminal ? stage_fork_terminal : stage_fork_pipes)(s, command);
    if (s->child < 0 || fcntl(s->screen, F_SETFL, O_NONBLOCK) < 0) {
        serve_fail("fork");
    }
}

static void stage_drop(int *fd)
{
    if (*fd >= 0) {
        (void)close(*fd);
    }
    *fd = -1;
}

void stage_stop(struct stage *s)
{
    if (s->keys != s->screen) {
        stage_drop(&s->keys);
    }
    stage_drop(&s->screen);
    stage_drop(&s->peer);
    (void)waitpid(s->child, NULL, 0);
    s->keys = -1;
    s->line_len = 0;
    s->n_shown = 0;
}

void stage_type(const struct stage *s, struct text keys)
{
    if (write(s->keys, keys.at, keys.len) != (ssize_t)keys.len) {
        serve_fail("typing");
    }
}

/* -- the server -- */

void stage_say(const struct stage *s, struct text lines)
{
    while (lines.len > 0) {
        ssize_t n = send(s->peer, lines.at, lines.len, MSG_NOSIGNAL);

        if (n < 0) {
            serve_fail("the client has gone");
        }
        lines = (struct text){ .at = lines.at + n, .len = lines.len - (size_t)n };
    }
}

static void stage_put_room(struct buf *out, struct text room)
{
    buf_format(out, ":ann!ann@host JOIN %.*s\r\n", TEXT_ARG(room));
    buf_format(out, ":irc 353 ann = %.*s :ann bob @cat\r\n", TEXT_ARG(room));
    buf_format(out, ":irc 366 ann %.*s :end\r\n", TEXT_ARG(room));
}

static void stage_answer(const struct stage *s, struct text line)
{
    char bytes[STAGE_REPLY_MAX];
    struct buf out = buf_over(bytes, sizeof(bytes));
    struct text command = text_cut_word(&line);

    if (text_equal(command, TEXT("CAP")) && text_starts_with(line, TEXT("LS"))) {
        buf_text_put(&out, TEXT(":irc CAP * LS :server-time batch message-tags echo-message\r\n"));
    } else if (text_equal(command, TEXT("CAP")) && text_starts_with(line, TEXT("REQ "))) {
        (void)text_cut_word(&line);
        buf_format(&out, ":irc CAP * ACK %.*s\r\n", TEXT_ARG(line));
    } else if (text_equal(command, TEXT("CAP"))) {
        buf_text_put(&out, TEXT(":irc 001 ann :welcome\r\n:irc 005 ann PREFIX=(ov)@+ :ok\r\n"));
    } else if (text_equal(command, TEXT("JOIN"))) {
        stage_put_room(&out, line);
    } else if (text_equal(command, TEXT("PING"))) {
        buf_format(&out, ":irc PONG irc %.*s\r\n", TEXT_ARG(line));
    }
    stage_say(s, buf_text(&out));
}

static void stage_hear(struct stage *s)
{
    ssize_t n = recv(s->peer, s->line + s->line_len, sizeof(s->line) - s->line_len, MSG_DONTWAIT);
    struct text rest;

    if (n <= 0) {
        stage_drop(&s->peer); /* the client's end is seen at the screen */
        return;
    }
    rest = (struct text){ .at = s->line, .len = s->line_len + (size_t)n };
    while (text_find(rest, '\n') < rest.len) {
        struct text line = text_cut(&rest, '\n');

        line.len -= line.len > 0 && line.at[line.len - 1] == '\r' ? 1 : 0;
        stage_answer(s, line);
    }
    memmove(s->line, rest.at, rest.len);
    s->line_len = rest.len;
}

static void stage_accept(struct stage *s)
{
    const int on = 1;

    s->peer = accept4(s->listener, NULL, NULL, SOCK_CLOEXEC);
    if (s->peer < 0 || setsockopt(s->peer, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)) < 0) {
        serve_fail("accept");
    }
}

/* -- both -- */

static bool stage_look(struct stage *s)
{
    ssize_t n = read(s->screen, s->shown, sizeof(s->shown));

    s->n_shown = n > 0 ? (size_t)n : 0;
    return n > 0 || (n < 0 && errno == EAGAIN);
}

bool stage_turn(struct stage *s, uint64_t deadline_ns)
{
    uint64_t now_ns = gauge_now_ns();
    uint64_t left_ns = deadline_ns > now_ns ? deadline_ns - now_ns : 0;
    const struct timespec left = { .tv_sec = (time_t)(left_ns / NS_PER_S),
                                   .tv_nsec = (long)(left_ns % NS_PER_S) };
    struct pollfd fds[] = {
        { .fd = s->screen, .events = POLLIN },
        { .fd = s->peer >= 0 ? s->peer : s->listener, .events = POLLIN },
    };

    s->n_shown = 0;
    if (ppoll(fds, ARRAY_SIZE(fds), &left, NULL) < 0) {
        serve_fail("poll");
    }
    if (fds[1].revents != 0 && s->peer < 0) {
        stage_accept(s);
    } else if (fds[1].revents != 0) {
        stage_hear(s);
    }
    return fds[0].revents == 0 || stage_look(s);
}
