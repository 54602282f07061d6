/* SPDX-License-Identifier: MIT */
/* The composition root: owns the state, the exchange, the loop, the listeners and the sessions, and
 * runs the rounds. Knows everything below it; nothing below knows it. */
#ifndef APP_SERVER_H
#define APP_SERVER_H

#include "app/archiving.h"
#include "app/config.h"
#include "app/inquiries.h"
#include "app/keeper.h"
#include "app/lasting.h"
#include "app/session.h"
#include "net/clock.h"
#include "net/listener.h"

enum {
    SERVER_LISTENERS_MAX = 16,
    SERVER_GRACE_MS = 10000,  /* for peers, after nobody was there */
    SERVER_PATIENCE_S = 10,   /* with an unfinished line, while others wait for its page */
    SERVER_POISON_STARTS = 3, /* starts that died of themselves with the same thing in hand */
    SERVER_POISON_KILLS = 12, /* the same, but killed from outside: it may be chance */
    SERVER_SPARE_ROWS = 64,   /* connections beyond the limit, to be turned away in words */
};

struct server_counts {
    uint64_t n_accepted, n_turned_away, n_ended, n_lines, n_sends, n_rounds;
};

struct server {
    const struct config *config; /* borrowed; may change between rounds (reload) */
    struct clock clock;
    struct loop loop;
    struct timers timers;
    struct timer look;    /* looks at the queues once a second */
    struct timer crowds;  /* set while some room is to be told of comings and goings */
    struct timer pace;    /* set while rooms are held: they were told less than an interval ago */
    struct timer parking; /* set while sessions are parked, until the archive has caught up */
    struct state state;
    struct exchange exchange;
    struct index hosts; /* wires by host */
    struct archiving archiving;
    struct inquiries inquiries; /* what connections ask of it */
    struct lasting lasting;     /* what it was told of the rooms */
    struct keeper *keeper;      /* borrowed; NULL: nobody keeps */
    struct session **sessions;  /* owned; by row */
    uint32_t n_sessions;
    uint32_t *dirty, *doomed, *starved; /* owned; rows, each at most once */
    uint32_t n_dirty, n_doomed, n_starved;
    uint64_t fed_at;        /* pages.n_returned when the starved last tried */
    struct in_hand poison;  /* what killed the last starts: refused when it is met again */
    char *motd_text;        /* owned */
    uint32_t n_parked;      /* sessions */
    uint64_t crowds_log_at; /* log.tail when the timer of the crowds was set */
    uint64_t pace_log_at;   /* the same of pace */
    bool is_stopping;
    bool is_conversation_new; /* nothing of an earlier one is in the region */
    bool is_region_new; /* to be stored before the first round: it is not the one we came with */
    uint64_t stop_at_ms;
    struct server_counts counts;
    uint32_t n_flavours;  /* as counted last, */
    uint64_t flavours_at; /* when so much had happened */
    size_t n_listeners;
    struct listener listeners[SERVER_LISTENERS_MAX]; /* last: large, and hardly ever looked at */
};

/* What a start begins with. All descriptors become the server's, also when it fails; with an
 * outcome of the region, all stay the caller's. */
struct server_start {
    const struct config *config;
    struct keeper *keeper;
    struct tx_observer *observer;
    int region_fd;     /* -1: make a new region */
    struct kept *kept; /* borrowed array; its descriptors are taken */
    size_t n_kept;
    struct clock clock; /* by_hand: tests */
};

/* -errno. REGION_UNKNOWN or REGION_DAMAGED: the region that was kept cannot be used. */
must_check int server_init(struct server *server, const struct server_start *start);
/* Drops all that belongs to this process. With keep_region_fd the region's descriptor is returned,
 * else -1. Connections are closed, not shut down: what was kept of them lives on. */
int server_fini(struct server *server, bool keep_region_fd);

/* Takes over a listening socket for `name` ("line" or "irc"). -errno. */
must_check int server_listen(struct server *server, int fd, const char *name);
/* Opens what the configuration names. -errno, after a report that says which. */
must_check int server_listen_configured(struct server *server);

/* One round: waits at most timeout_ms (-1: as long as there is nothing to do). -errno only when the
 * loop itself fails. */
must_check int server_round(struct server *server, int timeout_ms);
/* True if a round would find something to do without waiting. */
bool server_is_busy(const struct server *server);

/* Says goodbye to everyone. Rounds go on until server_is_stopped(). */
void server_stop(struct server *server);
bool server_is_stopped(const struct server *server);

/* Takes over what a reload changed in the configuration. */
void server_apply_config(struct server *server);
/* Tells the connection of this id something; nothing happens if it is over. */
void server_tell(struct server *server, uint64_t id, const char *words);
/* One line for the operator: who is connected, and how many kinds of readers they are. */
void server_describe(struct server *server, struct buf *out);

/* server_region.c: the region that came back, or a new one. -errno, REGION_UNKNOWN, REGION_DAMAGED.
 * If the conversation had to move, `left` (empty before) has the region that it left: until the new
 * one is stored, that is the one that counts. server_settle_state() gives it up when the start has
 * ended with r. */
must_check int server_open_state(struct server *server, const struct server_start *start,
                                 struct state *left);
void server_settle_state(struct server *server, struct state *left, int r);

/* server_accept.c */
bool server_on_connection(struct listener *listener, int fd, const struct address *peer);
/* server_adopt.c: rows and descriptors find each other again. -errno. */
must_check int server_adopt(struct server *server, const struct server_start *start);

/* Somebody has waited for a page for long: the oldest unfinished line gives its own. */
void server_relieve(struct server *server);

/* What people say waits, since the archive is a log behind. */
void server_park(struct server *server, uint32_t row);
void server_on_parking(struct timer *timer);

/* server_wake.c: makes dirty who has something to read. */
void server_wake(struct server *server);
void server_on_crowds(struct timer *timer);
/* limits.flush_interval_ms: the rooms were told a moment ago, and what is said meanwhile waits. */
bool server_holds_rooms(const struct server *server);
void server_on_pace(struct timer *timer);

/* Reads the clock for the round. */
void server_tick(struct server *server);
/* For sessions: lists of the round. */
void server_add_dirty(struct server *server, uint32_t row);
void server_add_doomed(struct server *server, uint32_t row);
void server_add_starved(struct server *server, uint32_t row);
/* server_flush.c: those who are dirty. */
void server_flush(struct server *server);
/* Between two turns: if the next one would have to borrow a cold page, those who hold the warm ones
 * are flushed first. Many who are answered in one round then share a few pages, and none is given
 * memory that is taken away again. */
void server_spare_pages(struct server *server);

#endif
