/* SPDX-License-Identifier: MIT */
/* What really happened: follows the log in the daemon's region, record by record, while the daemon
 * lives and dies: up to `visible`. Each number must come once; each sender's
 * lines must be there once, in order, and say what was said. Readers are held against this list: it
 * tells a record that everybody missed from one that the daemon lost. */
#ifndef TORTURE_AUDIT_H
#define TORTURE_AUDIT_H

#include "lib/text.h"
#include "state/state.h"
#include "torture/words.h"

enum { ROOMS = 4, AUDIT_NOWHERE = UINT32_MAX };

extern const char *const ROOM_NAMES[ROOMS]; /* the first is the lobby */

/* One record of the log. */
struct event {
    uint64_t number, real_ms;
    uint64_t author;   /* connection */
    uint32_t boxes[2]; /* connections whose boxes it is in; 0: none */
    uint32_t rooms;    /* bits */
    uint32_t n;        /* which line of its author; of no meaning unless it is a message */
    enum record_kind kind;
    struct text who, source, where, text; /* owned by the audit */
};

/* A connection, as the log tells of it. */
struct seen {
    uint32_t life;  /* of which client; AUDIT_NOWHERE: not known yet */
    uint32_t first; /* event of its first joining; AUDIT_NOWHERE */
    uint32_t quit;  /* event; AUDIT_NOWHERE */
    int32_t n_rooms;
};

/* One life of a client: from its connect to its end. */
struct life {
    uint64_t connection; /* 0: not known yet */
    uint32_t n_said;     /* lines given to the socket, or about to be */
    uint32_t n_heard;    /* lines in the log */
    bool may_be_cut;     /* it reset its connection: the last lines may be gone with it */
    uint32_t *events;    /* owned; by line */
    uint32_t size;
};

struct audit {
    uint64_t seed;
    struct region region; /* a second mapping; read only by custom */
    uint64_t pos;         /* in the log */
    struct event *events; /* owned */
    uint32_t n, size;
    struct seen *seen; /* owned; by connection */
    uint64_t n_seen;
    struct life *lives; /* owned */
    uint32_t n_lives, lives_size;
    int8_t room_of_row[64];
    char **chunks; /* owned: the records' bytes */
    size_t n_chunks, chunk_used;
    char wrong[512]; /* the first contradiction; empty: none */
};

/* -errno. */
must_check int audit_init(struct audit *audit, uint64_t seed);
void audit_fini(struct audit *audit);
/* The region of the daemon; fd stays the caller's. -errno, or an outcome of enum region_outcome. */
must_check int audit_open(struct audit *audit, int region_fd);

/* Reads what is new. False: something is wrong. */
bool audit_follow(struct audit *audit);

/* Begins another life; its number. */
uint32_t audit_new_life(struct audit *audit);
/* The life of a connection is known. */
bool audit_bind(struct audit *audit, uint64_t connection, uint32_t life);
/* What is known of a connection; borrowed until the next call. */
struct seen *audit_seen(struct audit *audit, uint64_t connection);

#endif
