/* SPDX-License-Identifier: MIT */
/* One listening socket: takes finished connections out of the kernel's queue until EAGAIN, pauses
 * when descriptors or memory run out (the connections wait in the queue, which is what it is for),
 * and says how long that queue is. Knows nothing of what is done with a connection. */
#ifndef NET_LISTENER_H
#define NET_LISTENER_H

#include "net/address.h"
#include "net/clock.h"
#include "net/kernel.h"
#include "net/loop.h"
#include "net/timer.h"

struct listener;

/* fd: non-blocking, close-on-exec, now the callee's. Returns false to ask the listener to pause, as
 * listener_pause() does: the connection just given counts as taken. May pause or stop the listener,
 * but not free it. */
typedef bool (*listener_fn)(struct listener *listener, int fd, const struct address *peer);

struct listener {
    struct watch watch;
    struct timer retry; /* set while paused for want of something, not when asked for */
    listener_fn on_connection;
    const char *name;    /* "line" or "irc"; borrowed */
    void *owner;         /* borrowed; whom on_connection works for */
    struct clock *clock; /* borrowed */
    struct address address;
    int fd;           /* owned */
    bool is_paused;   /* by us; what waits stays in the kernel's queue */
    int pause_reason; /* errno of the accept that failed, reported once: it stays until
                       * the queue was emptied; 0: asked for, or none */
    uint64_t n_accepted;
    uint64_t n_pauses; /* retries that failed again included */
    bool was_full;     /* the queue was full at the last look */
    uint64_t n_full;   /* times it was found full */
};

enum {
    LISTENER_ACCEPTS_PER_TURN = 64,
    LISTENER_RETRY_MS = 1000,
};

/* Opens a socket: CLOEXEC, NONBLOCK, SO_REUSEADDR (a restart binds at once, past TIME_WAIT:
 * socket(7)), IPV6_V6ONLY but for "*" (which is 0.0.0.0 on a machine without IPv6); inherited by
 * what is accepted over TCP: TCP_NODELAY, SO_OOBINLINE, SO_KEEPALIVE, SO_SNDBUF if send_buffer > 0
 * (bytes). A stale unix socket file that nobody serves is replaced; anything else of that name
 * gives -EADDRINUSE. Returns the descriptor or -errno. */
must_check int listener_open(const struct address *address, int backlog, int send_buffer);
/* The same options on a socket that was handed over (socket activation); listen() again with our
 * backlog is not done: the one who opened it chose. -errno; -ENOTSOCK, -EINVAL if not listening. */
must_check int listener_take(int fd, int send_buffer);

struct listener_setup { /* all of it borrowed by the listener until it is stopped */
    const char *name;
    void *owner;
    listener_fn on_connection;
    struct loop *loop;
    struct timers *timers;
    struct clock *clock;
};

/* Takes fd over (also when it fails) and starts accepting. -errno. */
must_check int listener_start(struct listener *listener, int fd,
                              const struct listener_setup *setup);
/* Stops watching and closes. With keep_fd the descriptor is left open and returned, else -1. Does
 * nothing to a zeroed or stopped listener. A unix socket's file stays for the next start to
 * replace. */
int listener_stop(struct listener *listener, bool keep_fd);

/* Until listener_resume(), e.g. when a connection has ended; that is a no-op if not paused. */
void listener_pause(struct listener *listener);
void listener_resume(struct listener *listener);

/* Looks at the kernel's queue; reports (once per time) that it is full, with length, limit. Called
 * once a second and at each turn of the listener before it accepts. -errno. */
must_check int listener_look(struct listener *listener, struct kernel_queue *out);

#endif
