/* SPDX-License-Identifier: MIT */
/* What was said while we were not there (IRCv3 draft/chathistory). Pure, a part of the model.
 *
 * Whoever enters a room is shown what came behind the last message that was shown, or, if the room
 * is new to us, its last messages. Conversations are asked about one after the other; what is said
 * in one meanwhile waits, so that all of it comes in the server's order. */
#ifndef CLIENT_RESUME_H
#define CLIENT_RESUME_H

#include "places.h"

#include "lib/irc.h"

#include <time.h>

enum {
    RESUME_PAGE = 100,              /* messages asked for at once */
    RESUME_PAGES = 10,              /* for one conversation: who missed more is shown the newest */
    RESUME_BYTES_MAX = 1024 * 1024, /* of a page */
    RESUME_HELD_MAX = 4 * RESUME_BYTES_MAX, /* of what waits in all conversations */
    RESUME_PATIENCE_S = 15,                 /* then what waits is shown without an answer */
    RESUME_REF_MAX = 64,
};

enum resume_question { RESUME_IDLE, RESUME_TARGETS, RESUME_PLACE };

struct resume_page {
    struct bytes lines; /* owned: as the server sent them, oldest first, each with '\n' */
    unsigned n;
    struct places_mark first; /* its oldest message */
};

struct resume {
    struct places places;
    unsigned limit;    /* messages that the server gives at once; 0: as many as one likes */
    bool is_by_time;   /* it knows messages by their time alone */
    uint64_t heard_ms; /* the newest message, by the server's clock */
    uint64_t lost_ms;  /* the same when a connection ended, and since then none has told all that
                          was missed; 0: there was none */
    bool is_behind;    /* not all of what came since then is known */
    bool is_let_in, wants_targets;

    enum resume_question asking; /* what is unanswered */
    struct place *place;         /* about which, or to be asked about further; NULL: none */
    time_t asked_at;
    unsigned n_asked;                       /* messages of the page that is awaited */
    char ref[RESUME_REF_MAX];               /* of the open batch */
    size_t ref_len;                         /* 0: none is open */
    bool is_unasked;                        /* the open batch is not an answer */
    struct resume_page pages[RESUME_PAGES]; /* the newest first */
    size_t n_pages;
    bool has_anchor; /* the last message that was shown has come once more: there is no gap */

    size_t n_held; /* bytes that wait, in all places */

    struct bytes due;   /* owned: what is to be shown now, a letter and a line each, with '\n' */
    size_t n_due_taken; /* bytes of it that were handed out by the last call */
};

enum resume_due { /* the letters in `due` */
                  RESUME_NO_MORE = 0,
                  RESUME_PAST = 'P',  /* a message's line, shown for context */
                  RESUME_NEW = 'N',   /* one that is new to the user */
                  RESUME_WORDS = 'W', /* "WHERE TEXT": our own words about what follows */
};

void resume_fini(struct resume *r);
/* The connection is gone: what was asked is forgotten, what was shown is not. */
void resume_restart(struct resume *r);

/* We are in this room, by a JOIN with these tags. If it is new to us, its last n messages are
 * wished for. */
void resume_entered(struct resume *r, struct text room, struct text tags, unsigned n);
/* Rooms are entered; what was said in private is wished for too. */
void resume_let_in(struct resume *r);
/* n messages before the oldest one shown. False: we do not keep a place there. */
must_check bool resume_earlier(struct resume *r, struct text name, unsigned n);

/* The next line to send. False: none now. */
must_check bool resume_ask(struct resume *r, time_t now, struct buf *out_line);
/* Keeps the line if it belongs to an answer or has to wait for one; `me` is our nick. */
must_check bool resume_take(struct resume *r, struct text line, const struct irc_message *message,
                            struct text me);
/* A message from the server was shown. */
void resume_shown(struct resume *r, const struct irc_message *message, struct text me);
/* It is part of history that nobody asked for. */
bool resume_is_past(const struct resume *r, struct text tags);

/* What is to be shown next; borrowed until the next call. */
must_check enum resume_due resume_next(struct resume *r, struct text *out_line);
/* Nothing is asked or waits. */
bool resume_is_idle(const struct resume *r);
/* When to give up, 0: never; and giving up. */
time_t resume_deadline(const struct resume *r);
void resume_give_up(struct resume *r);

#endif
