/* SPDX-License-Identifier: MIT */
/* The real server in-process, stepped by hand, with people on real sockets over loopback, a clock
 * that tests set, a keeper that holds descriptors as the service manager would, and a shadow that
 * checks every commit. No sleep, no wall clock, no thread but an archive's: waiting is
 * rig_settle().
 */
#ifndef SUPPORT_RIG_H
#define SUPPORT_RIG_H

#include "app/server.h"
#include "support/crash.h"
#include "support/peer.h"

enum rig_door {
    RIG_LINE,
    RIG_IRC,
    RIG_UNIX, /* the line front end on a unix socket */
    RIG_DOORS,
};

enum { RIG_KEPT_MAX = 512 };

struct rig_keeper {
    struct keeper keeper;
    struct crash *crash;            /* borrowed */
    struct kept kept[RIG_KEPT_MAX]; /* duplicates, owned */
    size_t n;
};

struct rig {
    struct config config; /* may be changed between rig_new() and rig_start() */
    struct server server;
    struct clock clock; /* of the next start; the server's own is a copy */
    struct rig_keeper keeper;
    struct crash crash;
    struct kept *waking; /* owned; during a start */
    size_t n_waking;
    int door_fds[RIG_DOORS]; /* originals; each start gets duplicates */
    struct address doors[RIG_DOORS];
    struct peer *peers; /* owned, in the order of connecting */
    int receive_buffer; /* of the peers that connect next; 0: the system's */
    char directory[32];
    int region_fd; /* owned while no server runs; -1 */
    bool is_up;
    uint64_t n_restarts;
    uint64_t n_cuts_seen;
    uint32_t n_fds; /* open when it began */
};

/* An archive is kept where config.archive.file names a file of its own, in the rig's directory. */
/* 64 connections, 64 pages, a log of 1 MiB, 16 rooms; everything else as the daemon's defaults. */
struct rig *rig_new(void);
void rig_start(struct rig *rig);
/* Also checks that nothing was wrong and no descriptor is left. NULL is allowed. */
void rig_free(struct rig *rig);

/* Connects and settles. The peer is the rig's. */
struct peer *rig_connect(struct rig *rig, const char *name, enum rig_door door);
struct peer *rig_peer(struct rig *rig, struct text name); /* NULL: none of this name */
/* The server's end; NULL: not accepted yet, or over. */
struct session *rig_session(struct rig *rig, struct peer *peer);

/* Rounds until nobody has anything to do and all bytes have arrived. */
void rig_settle(struct rig *rig);
/* Sets the clock forward, in steps of at most a second, settling after each. */
void rig_advance(struct rig *rig, uint64_t ms);
/* It stops reading, and the kernel has no room for more from now on: of one peer at a time. */
void rig_stop_reading(struct rig *rig, struct peer *peer);
void rig_read_again(struct rig *rig, struct peer *peer); /* and settles */
/* The process dies and another starts from the region and the descriptors. */
void rig_restart(struct rig *rig);
/* The daemon is stopped for good, as when the machine goes down: everybody is told goodbye. Another
 * starts from nothing but its archive. */
void rig_renew(struct rig *rig);

/* Reports since the start that contain `part`. */
size_t rig_count_reports(const char *part);

#endif
