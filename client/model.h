/* SPDX-License-Identifier: MIT */
/* Who we are to the server: nick, rooms, and how far the conversation has come. Pure: IRC lines to
 * send are collected in `out`, and time is an argument.
 *
 *   REGISTERING ─001─► JOINING ─PONG─► READY ─leave─► LEAVING ─PONG─► LEFT (QUIT is in `out`)
 *   any of the first four ─► REFUSED: the server does not want us, `refusal` says why
 *
 * A PING travels behind whatever must be known to have arrived; its PONG is the proof. */
#ifndef CLIENT_MODEL_H
#define CLIENT_MODEL_H

#include "bytes.h"
#include "event.h"
#include "resume.h"
#include "support.h"

enum {
    MODEL_NAME_MAX = 64, /* bytes of a nick or a room's name that we keep */
    MODEL_ROOMS_MAX = 64,
    MODEL_SCRATCH_BYTES = 4096,
    MODEL_ID_SIZE = 64, /* bytes of a msgid */
    MODEL_WINDOW = 8,   /* paced: lines on their way before the server has to answer a PING */
};

struct credentials;
struct settings;

enum model_state {
    MODEL_REGISTERING,
    MODEL_JOINING,
    MODEL_READY,
    MODEL_LEAVING,
    MODEL_LEFT,
    MODEL_REFUSED
};

struct model_config {
    struct text nick;
    const char *const *rooms; /* joined at once; n_rooms of them */
    size_t n_rooms;
    struct credentials *credentials; /* borrowed; whom we log in as; NULL: nobody */
    bool is_paced;      /* input comes faster than a person types: never more than a window ahead */
    bool shows_own;     /* what the user says becomes an event as well */
    bool keeps_state;   /* somebody looks at who is there, and away: more capabilities are of use */
    bool is_logged;     /* somebody wants what is said to be kept in files */
    unsigned n_history; /* messages shown of a room that is new to us */
    struct settings *settings; /* borrowed; what /set changes; NULL: nothing */
};

struct model_name {
    char at[MODEL_NAME_MAX];
    size_t len;
};

/* What the user wants to be called; nick_wish.h gets it. */
struct model_wish {
    struct model_name nick;
    bool is_awaited;   /* somebody else has it */
    bool is_monitored; /* and the server tells when that ends */
    bool is_asked;     /* a question is not answered yet */
    bool is_tried;     /* a try is not */
    unsigned n_failed; /* tries */
    time_t ask_at;     /* 0: not decided */
};

struct model {
    struct model_config config; /* its texts are borrowed */
    enum model_state state;
    struct model_name nick;
    struct model_wish wish;
    struct model_name rooms[MODEL_ROOMS_MAX];
    size_t n_rooms;
    struct model_name rejoin[MODEL_ROOMS_MAX]; /* that we were in when the connection ended */
    size_t n_rejoin;
    size_t current; /* index in rooms; meaningless when there is none */
    struct support support;
    bool has_target;          /* plain text goes to `target`, not to the current room */
    struct model_name target; /* empty: to nobody */
    size_t mask_len;          /* bytes of our user@host as others see it; 0 while unknown */
    bool has_echo;            /* the server sends back what we say */
    bool has_labels;          /* and its answers name what they answer (IRCv3 labeled-response) */
    bool has_history;         /* and it tells what was said (IRCv3 draft/chathistory) */
    bool has_refused;         /* a room or a message was refused */
    bool is_entering;         /* a JOIN is unanswered: what follows is meant for that room */
    bool was_let_in;
    unsigned offered; /* capabilities, bits of registration.c */
    unsigned sasl;    /* how far logging in has come; steps of sasl.c, 0 at first */
    unsigned nick_tries;
    size_t nick_limit; /* bytes, as far as the server let us know */
    unsigned pings;    /* sent; the last one's PONG is the proof */
    unsigned unproven; /* lines since the last proof */
    struct bytes out;
    struct bytes goodbye;
    unsigned labels; /* used on this connection */
    /* Said, and not sent back yet: "LABEL WHOM TEXT" each with '\n'; with has_echo. */
    struct bytes unheard;
    struct bytes doubtful;         /* the same of lost connections: history may still have it */
    struct bytes unsaid;           /* what it does not have, and the user was told of */
    struct model_name nick_before; /* on the lost connection */
    struct resume resume;
    char refusal[256];
    char own_id[MODEL_ID_SIZE]; /* msgid of what we said to ourselves last */
    size_t own_id_len;
    struct model_name found_ref; /* of the batch of what was searched for; empty: none is open */
    unsigned n_found;
    char scratch[MODEL_SCRATCH_BYTES]; /* texts of events that are ours */
};

void model_init(struct model *m, const struct model_config *config);
void model_fini(struct model *m);
/* Says CAP LS, NICK and USER. */
void model_start(struct model *m);
/* The connection is gone; the next one begins with model_start(), under the nick that is wanted and
 * in the rooms that we had. Nothing is left to send. */
void model_restart(struct model *m);
/* A nick that every server should accept, made from any text: "john.doe" becomes "john_doe". */
void model_nick_from(struct text wish, struct buf *out);

struct text model_nick(const struct model *m);
bool model_is_me(const struct model *m, struct text nick);
/* The room that plain text goes to; empty if there is none. */
struct text model_room(const struct model *m);
/* Whom plain text goes to: that room, or a person. Empty if there is nobody. */
struct text model_target(const struct model *m);
/* From now on plain text goes there: a room that we are in, a person, or, if empty, nobody. */
void model_set_target(struct model *m, struct text name);
/* Index of the room, or n_rooms. */
size_t model_find_room(const struct model *m, struct text name);
/* Adds the room if it is not there. It becomes the current one if there is none or `is_wanted`. */
void model_add_room(struct model *m, struct text name, bool is_wanted);
void model_remove_room(struct model *m, struct text name);
void model_name_set(struct model_name *name, struct text value); /* cut if too long */

/* True when a line from the user may be handled now. */
bool model_is_open(const struct model *m);
/* One line, without CR LF; what would not fit into an IRC line is cut. */
void model_send(struct model *m, const char *format, ...) format_like(2, 3);
/* Says `text` in a room or to a person, in as many messages as it takes for every receiver to get
 * all of it. */
void model_say(struct model *m, struct text target, struct text text, bool is_action);
/* The connection is gone: what is unheard becomes doubtful. */
void model_doubt(struct model *m);
/* The server has sent back what we said, or history has it. */
void model_was_heard(struct model *m, struct text target, struct text text);
/* It has answered what we said under this label, one way or another. */
void model_was_answered(struct model *m, struct text label);
/* It has refused something that we said to this target. */
void model_was_refused(struct model *m, struct text target);
/* Something that was said, and is neither heard nor found in history; it becomes one of the unsaid.
 * False: there is none, or it is too early to tell. Borrowed until the next call. */
must_check bool model_next_unsaid(struct model *m, struct text *out_whom, struct text *out_text);
/* Says what was not heard once more. False: there is nothing. */
must_check bool model_say_again(struct model *m);
void model_ping(struct model *m);
/* The PONG for the last PING has come. */
void model_proven(struct model *m);
/* Says goodbye as soon as everything said so far is known to have arrived. */
void model_leave(struct model *m, struct text goodbye);
void model_refuse(struct model *m, struct text why);

#endif
