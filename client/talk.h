/* SPDX-License-Identifier: MIT */
/* What goes on between a person (or a program) and a server: input to the model, the model's lines
 * to the link, the link's lines to the screen, and how long to wait for what. Waits for nothing
 * itself: a loop calls it when there is something to read or a deadline has come. */
#ifndef CLIENT_TALK_H
#define CLIENT_TALK_H

#include "exit_code.h"
#include "link.h"
#include "model.h"
#include "term.h"

enum { TALK_GOES_ON = -1 };

struct talk {
    struct link link;
    struct model model;
    struct term term;
    struct bytes early;     /* lines typed before the server had let us in, each with '\n' */
    int64_t started_ms;     /* all on the monotonic clock */
    int64_t quiet_since_ms; /* last line from the server, or last step of the model */
    enum model_state state_seen;
    unsigned pings_seen;
    bool has_hinted;
    int exit;        /* TALK_GOES_ON or an exit code */
    char where[256]; /* the address we are connected to */
    char why[512];   /* of the exit code */
};

/* Takes the connected socket. The terminal and the model are the caller's to start. */
void talk_init(struct talk *t, int fd, struct text where);
void talk_fini(struct talk *t);

/* Ends with this exit code, for this reason; the first one counts. */
void talk_finish(struct talk *t, enum exit_code code, const char *format, ...) format_like(3, 4);
/* Tells the user something that is not from the server. */
void talk_say(struct talk *t, enum event_kind kind, const char *format, ...) format_like(3, 4);
/* Says goodbye. */
void talk_leave(struct talk *t);
/* The same, unless that is going on already: somebody is in a hurry. */
void talk_hurry(struct talk *t);
void talk_stop(struct talk *t); /* as ^Z does */

bool talk_wants_input(const struct talk *t);
void talk_read_input(struct talk *t); /* when there is some */
void talk_take_input(struct talk *t); /* handles what was read */
void talk_hear(struct talk *t);       /* when the socket is readable */
/* Sends what there is to send; to be called after each of the above. */
void talk_flush(struct talk *t);

/* Acts if the deadline has come. */
void talk_check_time(struct talk *t);
/* Milliseconds until then, -1: for ever. */
int talk_timeout(const struct talk *t);

#endif
