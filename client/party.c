/* SPDX-License-Identifier: MIT */
/* One conversation from connecting to goodbye. Owns the loop and the signals; knows nothing of what
 * is said. Signals are blocked and read from a descriptor, so none of them can end the process
 * before the terminal has been given back. */
#include "party.h"

#include "talk.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>

static void party_take_signal(struct talk *t, int signals)
{
    struct signalfd_siginfo info;

    if (read(signals, &info, sizeof(info)) != (ssize_t)sizeof(info)) {
        return;
    }
    switch (info.ssi_signo) {
    case SIGWINCH: term_redraw(&t->term); return;
    case SIGTSTP: talk_stop(t); return;
    case SIGCONT: term_resume(&t->term); return;
    case SIGINT: talk_hurry(t); return;
    default: talk_leave(t); return; /* SIGTERM and its like: once is enough */
    }
}

static void party_turn(struct talk *t, int signals)
{
    bool wants_input = talk_wants_input(t) && !t->term.has_ended;
    struct pollfd fds[] = {
        { .fd = signals, .events = POLLIN },
        { .fd = t->link.fd,
          .events = (short)(link_has_more(&t->link) ? POLLIN | POLLOUT : POLLIN) },
        { .fd = wants_input ? t->term.in : -1, .events = POLLIN },
    };

    if (poll(fds, ARRAY_SIZE(fds), talk_timeout(t)) < 0) {
        if (errno != EINTR) {
            talk_finish(t, EXIT_CODE_SYSTEM, "cannot wait: %s", strerror(errno));
        }
        return;
    }
    if (fds[0].revents != 0) {
        party_take_signal(t, signals);
    }
    if (fds[1].revents != 0) {
        talk_hear(t);
    }
    if (fds[2].revents != 0) {
        talk_read_input(t);
    }
    talk_take_input(t);
    talk_flush(t);
    talk_check_time(t);
}

static int party_open_signals(void)
{
    static const int caught[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP, SIGWINCH, SIGCONT };
    sigset_t set;
    int fd;

    (void)sigemptyset(&set);
    for (size_t i = 0; i < ARRAY_SIZE(caught); i++) {
        (void)sigaddset(&set, caught[i]);
    }
    if (sigprocmask(SIG_BLOCK, &set, NULL) < 0 || signal(SIGPIPE, SIG_IGN) == SIG_ERR) {
        return -errno;
    }
    fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    return fd < 0 ? -errno : fd;
}

/* Returns 0 or -errno. */
static int party_start(struct talk *t, const struct arguments *arguments)
{
    const struct term_config terminal = {
        .in = STDIN_FILENO,
        .out = STDOUT_FILENO,
        .is_plain = arguments->is_plain,
        .colour = arguments->colour,
        .type = getenv("TERM"),
        .no_color = getenv("NO_COLOR"),
    };
    struct model_config model = {
        .nick = text_of(arguments->nick),
        .rooms = arguments->rooms,
        .n_rooms = arguments->n_rooms,
    };
    int r = term_init(&t->term, &terminal);

    if (r < 0) {
        return r;
    }
    model.is_paced = !t->term.is_terminal;
    model.shows_own = t->term.is_editing;
    model_init(&t->model, &model);
    model_start(&t->model);
    if (t->term.is_terminal) {
        talk_say(t, EVENT_INFO, "connected to %s; /help lists the commands", t->where);
    }
    talk_flush(t);
    return 0;
}

static enum exit_code party_result(const struct talk *t)
{
    if (t->exit != EXIT_CODE_FINE) {
        (void)fprintf(stderr, "partyline: %s\n", t->why);
        return (enum exit_code)t->exit;
    }
    if (t->term.is_broken) {
        (void)fprintf(stderr, "partyline: cannot write to standard output\n");
        return EXIT_CODE_OUTPUT;
    }
    if (t->model.config.is_paced && t->model.has_refused) {
        (void)fprintf(stderr, "partyline: not everything was accepted\n");
        return EXIT_CODE_PARTLY;
    }
    return EXIT_CODE_FINE;
}

static int party_connect(const struct arguments *arguments, int *out_fd, struct buf *where)
{
    const struct connect_target target = {
        .host = arguments->host,
        .port = arguments->is_unix ? NULL : arguments->port,
        .timeout_ms = arguments->timeout_ms,
    };
    int r = connect_any(&target, out_fd, where);

    if (r != 0) {
        (void)fprintf(stderr, "partyline: cannot connect to %s%s%s%s\n%.*s",
                      arguments->is_unix ? "unix:" : "", arguments->host,
                      arguments->is_unix ? "" : ":", arguments->is_unix ? "" : arguments->port,
                      TEXT_ARG(buf_text(where)));
    }
    return r;
}

enum exit_code party_run(const struct arguments *arguments)
{
    char bytes[4096];
    struct buf where = buf_over(bytes, sizeof(bytes));
    struct talk t;
    owned_fd int signals = -1;
    int fd;
    int r;

    if (party_connect(arguments, &fd, &where) != 0) {
        return EXIT_CODE_NOT_CONNECTED;
    }
    talk_init(&t, fd, buf_text(&where));
    signals = party_open_signals();
    r = signals < 0 ? signals : party_start(&t, arguments);
    if (r < 0) {
        talk_finish(&t, EXIT_CODE_SYSTEM, "cannot begin: %s", strerror(-r));
    }
    while (t.exit == TALK_GOES_ON) {
        party_turn(&t, signals);
    }
    term_pause(&t.term); /* before anything is said on standard error */
    r = (int)party_result(&t);
    talk_fini(&t);
    return (enum exit_code)r;
}
