/* SPDX-License-Identifier: MIT */
/* Signals as input of the loop: signalfd(2). SIGPIPE and SIGXFSZ are ignored for the
 * process: what they tell, the system call tells too. */
#ifndef NET_SIGNALS_H
#define NET_SIGNALS_H

#include "net/loop.h"

struct signals;
typedef void (*signals_fn)(struct signals *signals, int signo);

struct signals {
    struct watch watch;
    signals_fn on_signal;
    int fd; /* owned */
};

/* Blocks SIGTERM, SIGINT, SIGHUP, SIGUSR1 and takes them in through the loop. -errno. */
must_check int signals_start(struct signals *signals, struct loop *loop, signals_fn on_signal);
void signals_stop(struct signals *signals); /* the signals stay blocked */

#endif
