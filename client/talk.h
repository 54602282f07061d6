/* SPDX-License-Identifier: MIT */
/* What goes on between a person (or a program) and a server: input to the model, the model's lines
 * to the link, the link's lines to the screen, and how long to wait for what. Waits for nothing
 * itself: a loop calls it when there is something to read or a deadline has come. */
#ifndef CLIENT_TALK_H
#define CLIENT_TALK_H

#include "exit_code.h"
#include "face.h"
#include "link.h"
#include "logbook.h"
#include "model.h"
#include "route.h"

enum { TALK_GOES_ON = -1 };

struct talk {
    struct link link;
    struct model model;
    struct face *face;      /* borrowed; set before anything is shown */
    struct logbook *log;    /* borrowed; used while the model's config says so */
    struct bytes early;     /* lines typed before the server had let us in, each with '\n' */
    int64_t started_ms;     /* all on the monotonic clock */
    int64_t quiet_since_ms; /* last line from the server, or last step of the model */
    enum model_state state_seen;
    unsigned pings_seen;
    bool has_hinted;
    const struct route *route; /* borrowed; NULL: a lost connection is the end */
    bool is_lost;              /* and we shall connect again */
    bool has_news;             /* we have; told when the handshake of TLS, if any, is done */
    unsigned n_tries;
    int64_t again_ms; /* when */
    int dial;         /* owned; the answer comes from there, see dial.h; -1: nobody is asked */
    int exit;         /* TALK_GOES_ON or an exit code */
    char where[256];  /* the address we are connected to */
    char why[1024];   /* of the exit code */
};

/* Takes the connected socket, and TLS on it or NULL. The face and the model are the caller's to
 * start. */
void talk_init(struct talk *t, int fd, struct tls *tls, struct text where);
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

/* Acts if the deadline has come; what there is to send then, talk_flush() does. */
void talk_check_time(struct talk *t);
/* Milliseconds until then, -1: for ever. */
int talk_timeout(const struct talk *t);

/* When t->dial is readable. */
void talk_take_dial(struct talk *t);

/* -- parts of talk, for its own files -- */

void talk_show_more(struct talk *t); /* what became due by what was heard */
void talk_take_link(struct talk *t, int fd, struct tls *tls, struct text where);
bool talk_may_try_again(const struct talk *t);
void talk_lose(struct talk *t, const char *why);
void talk_tell_news(struct talk *t);
void talk_check_again(struct talk *t);
int64_t talk_again_deadline_ms(const struct talk *t);
/* Between half a second and two minutes, growing with the tries there were. */
int talk_again_delay_ms(unsigned n_tries, uint32_t random);

#endif
