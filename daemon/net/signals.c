/* SPDX-License-Identifier: MIT */
/* Signals that arrive like any other input. They are blocked before the descriptor is opened, so
 * none is handled by its default action in between; threads started later inherit the mask. */
#include "net/signals.h"

#include <errno.h>
#include <signal.h>
#include <sys/signalfd.h>

enum { SIGNALS_PER_TURN = 16 };

static void signals_on_ready(struct watch *watch)
{
    struct signals *signals = container_of(watch, struct signals, watch);
    struct signalfd_siginfo info;

    for (int i = 0; i < SIGNALS_PER_TURN; i++) {
        ssize_t n = read(signals->fd, &info, sizeof(info));

        if (n != (ssize_t)sizeof(info)) { /* EAGAIN; nothing else happens to a signalfd */
            watch_clear(watch, WATCH_READABLE);
            return;
        }
        signals->on_signal(signals, (int)info.ssi_signo);
        if (signals->fd < 0) {
            return; /* stopped by its own call */
        }
    }
    watch_again(watch);
}

static int signals_block(sigset_t *out_set)
{
    static const int wanted[] = { SIGTERM, SIGINT, SIGHUP, SIGUSR1 };
    struct sigaction ignore = { .sa_handler = SIG_IGN };

    (void)sigemptyset(out_set);
    for (size_t i = 0; i < ARRAY_SIZE(wanted); i++) {
        (void)sigaddset(out_set, wanted[i]);
    }
    if (sigaction(SIGPIPE, &ignore, NULL) < 0 || sigaction(SIGXFSZ, &ignore, NULL) < 0 ||
        sigprocmask(SIG_BLOCK, out_set, NULL) < 0) {
        return -errno;
    }
    return 0;
}

int signals_start(struct signals *signals, struct loop *loop, signals_fn on_signal)
{
    sigset_t set;
    int r = signals_block(&set);

    *signals = (struct signals){ .on_signal = on_signal, .fd = -1 };
    if (r < 0) {
        return r;
    }
    signals->fd = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
    if (signals->fd < 0) {
        return -errno;
    }
    r = watch_start(&signals->watch, loop, signals->fd, 0, signals_on_ready);
    if (r < 0) {
        signals_stop(signals);
    }
    return r;
}

void signals_stop(struct signals *signals)
{
    if (signals->on_signal == NULL) {
        return; /* zeroed: descriptor 0 is not ours */
    }
    watch_stop(&signals->watch);
    fd_close_slot(&signals->fd);
    signals->fd = -1;
}
