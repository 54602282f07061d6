/* SPDX-License-Identifier: MIT */
/* One client of the torture: its connection, what it is about to say, what answers it is owed, and
 * how far in the audit's list what it heard has come. What it says is chosen by the dice; what it
 * hears is checked line by line. */
#ifndef TORTURE_CLIENT_H
#define TORTURE_CLIENT_H

#include "torture/audit.h"

enum client_front { CLIENT_LINE, CLIENT_IRC };

enum client_phase {
    CLIENT_ABSENT,
    CLIENT_PRESENT, /* talks and listens */
    CLIENT_LEAVING, /* has sent its last; what is due to it still comes */
    CLIENT_ENDED,   /* the connection is closed; to be looked at and made anew */
};

enum client_end { CLIENT_QUITS, CLIENT_HALF_CLOSES, CLIENT_RESETS };

/* Answers to its own lines, in their order. */
enum owed_kind {
    OWED_GREETING,
    OWED_ROOM,    /* what the line front end says on entering */
    OWED_LEFT,    /* of the line front end, on leaving */
    OWED_SWITCH,  /* the same, on joining once more */
    OWED_TOKEN,   /* a line that contains its token */
    OWED_HELP,    /* several lines, always the same */
    OWED_WELCOME, /* IRC's numerics up to 422 */
    OWED_NAMES,   /* 353 and 366 */
    OWED_FAREWELL,
};

struct owed {
    enum owed_kind kind;
    uint32_t after; /* the lines that it had said before it asked */
    uint32_t room;
    uint32_t token;
    uint32_t n_got; /* lines of it that have come */
};

enum {
    CLIENT_OWED_MAX = 32,
    CLIENT_WINDOW = 24, /* lines that are not in the log yet */
    CLIENT_OUT_SIZE = 16384,
    CLIENT_IN_SIZE = 16384,
    CLIENT_REPLY_MAX = 8, /* answers that it may be owed before it asks on */
};

struct client {
    enum client_front front;
    enum client_phase phase;
    enum client_end end;
    bool is_slow, is_passing; /* passing: comes and goes */
    bool is_timed;            /* IRC: asked for server-time */
    bool is_told;             /* its rooms are small enough that comings and goings are told */
    int fd;                   /* owned */
    uint32_t edges;           /* EPOLLIN, EPOLLOUT: not used up */
    uint32_t life;
    uint32_t n_said;     /* its lines so far, as of its life */
    uint32_t wish;       /* rooms that it wants to be in, bits */
    uint32_t n_to_say;   /* lines, before it leaves; passing ones */
    uint64_t next_read;  /* microseconds; slow ones */
    uint64_t connection; /* 0: not known yet */
    bool has_heard, has_shut;
    char out[CLIENT_OUT_SIZE];
    size_t out_at, out_len;
    char in[CLIENT_IN_SIZE];
    size_t in_len;
    struct owed owed[CLIENT_OWED_MAX];
    uint32_t owed_first, n_owed;
    /* where it stands in the audit */
    bool is_placed;
    uint32_t at;             /* the next event */
    uint32_t rooms;          /* of which it hears, as of `at` */
    uint32_t entered[ROOMS]; /* rooms in the order of entering; for `current` */
    uint32_t n_entered;
    uint32_t current;                  /* room that plain lines go to */
    uint32_t plan_rooms, plan_current; /* the same, as of what it has asked for */
    uint64_t n_lost, n_slack;          /* told and not yet found; what may be among them unseen */
};

struct crowd;

/* Connects. False: the system has nothing left for it. */
bool client_begin(struct crowd *crowd, struct client *client);
/* Says something, sends, reads, checks: as far as it goes without waiting. False: something is
 * wrong. */
bool client_turn(struct crowd *crowd, struct client *client);
/* From now on it sends no more, and ends in its way. */
void client_leave(struct crowd *crowd, struct client *client);

/* script.c: puts into `out` what it says next. */
void script_begin(struct crowd *crowd, struct client *client);
void script_go_on(struct crowd *crowd, struct client *client);
void script_end(struct crowd *crowd, struct client *client);

/* answers.c */
void answers_owe(struct client *client, enum owed_kind kind, uint32_t room, uint32_t token);
/* An answer whose end is not marked has come, if any of it has. */
void answers_settle(struct client *client);
/* A line that is no record. */
bool answers_take(struct crowd *crowd, struct client *client, struct text line);

/* stream.c: a record's line; the count of lost ones; up to an event, nothing else may be due. */
bool stream_take(struct crowd *crowd, struct client *client, struct text line);
bool stream_lost(struct crowd *crowd, struct client *client, uint64_t n);
bool stream_advance(struct crowd *crowd, struct client *client, uint32_t to);
/* The line it said last before an answer is behind it. */
bool stream_pass_own(struct crowd *crowd, struct client *client, uint32_t n_said);

/* render.c */
enum visibility { VISIBLE_NEVER, VISIBLE_PERHAPS, VISIBLE_SURELY };
uint32_t render_links(const struct client *client, const struct event *event);
enum visibility render_visibility(const struct client *client, const struct event *event);
void render_event(const struct client *client, const struct event *event, struct buf *out);

#endif
