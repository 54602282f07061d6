/* SPDX-License-Identifier: MIT */
/* One connection of this process: its descriptor, its edges, its timer, and what of the wire's row
 * the kernel knows better. Everything that must outlive the process stands in the row; so a session
 * is made from a row and a descriptor at any moment of a conversation.
 *
 * The order is always: write bytes, commit, then the system call. */
#ifndef APP_SESSION_H
#define APP_SESSION_H

#include "front/follow.h"
#include "front/scanner.h"
#include "net/loop.h"
#include "net/timer.h"

struct server;

struct session {
    struct watch watch;
    struct timer timer;
    struct server *server;  /* borrowed */
    uint64_t written;       /* bytes of output that the kernel took */
    struct scanner scanner; /* behind what was looked at since `consumed`; ahead while delayed */
    uint32_t row;
    uint16_t page_since_s;        /* boot time, low bits: when the input page was borrowed */
    bool is_dirty : 1;            /* in the server's list of those to flush */
    bool is_doomed : 1;           /* in the server's list of those to free when the round ends */
    bool is_starved : 1;          /* waits for a page */
    bool is_starved_of_input : 1; /* for one to read into */
    bool is_held : 1;             /* its next line waits until the last one's answer was read */
    bool is_parked : 1;           /* its next line waits until the archive has caught up */
    bool is_asking : 1;           /* its line, or its long answer, waits for the archive's answer */
    bool is_delayed : 1;          /* its next line waits for its turn: it said too much; what is
                                   * urgent behind it is looked for */
    bool is_eof : 1;              /* the peer's FIN was read */
    bool is_over : 1;             /* the peer said so in telnet's words: no more input */
    bool is_mute : 1;             /* nothing can be sent any more: output is void */
    bool is_broken : 1;           /* reading said an error: there is nothing more to read */
    bool is_cut : 1;              /* the last line has no end that we can trust */
    bool has_input_page : 1;
    bool is_kept : 1; /* the keeper has it, or there is none */
};

enum {
    SESSION_STEPS_PER_TURN = 64, /* lines, commands and reads of one connection before others go */
    SESSION_SENDS_PER_FLUSH = 4,
    SESSION_DRAIN_BYTES = 65536, /* a turn, while lingering */
    SESSION_COURTESY_MS = 1000,  /* for a peer that said goodbye to close first */
    SESSION_IDLE_WARNING_S = 60,
    SESSION_KEEP_RETRY_MS = 100,
};

/* Makes the session of a row. `edges` as for watch_start(). fd stays the caller's on failure.
 * -errno. */
must_check int session_new(struct server *server, uint32_t row, int fd, uint32_t edges,
                           struct session **out);
/* Stops watching, shuts down, closes, frees: at the end of a round only. The row is not touched.
 * Takes NULL, returns NULL. */
struct session *session_free(struct session *session);

/* The first visible effect, the greeting, once the keeper has the connection; until then it waits,
 * unseen and unread. */
void session_open(struct session *session);
/* Ends it with words: the person quits, the farewell is written, what is due is sent, then our FIN.
 * `reason` is for everybody. */
void session_end(struct session *session, struct text reason);
/* Ends it without: nothing can be sent, or waiting is over. */
void session_doom(struct session *session, struct text reason);

/* Ends it if an operator has killed the person. False if not. */
bool session_end_if_killed(struct session *session);

/* Something may be due to it: it is flushed when the round's lines are handled. */
void session_mark_dirty(struct session *session);
/* Says something to it in its front end's way, if there is room for it now. */
void session_say(struct session *session, const char *words);
/* Pull, commit, one send; goes on while the socket takes it. */
void session_flush(struct session *session);

/* What send(2) said: it took n bytes, or `error`. */
struct sent {
    size_t n;
    int error; /* errno, or 0 */
};

/* Many at once: session_flush() in three parts, so that sends come one after the other.
 * First: is it one of the followers? Then *out_unsent is what is to be sent when they are
 * committed: nothing, or bytes of a page that it holds. False: session_flush() is for it. */
must_check bool session_follow(struct session *session, struct followers *followers,
                               struct text *out_unsent);
/* Then: one send(2). */
struct sent session_send_bytes(int fd, struct text bytes);
/* At last: this became of the `len` bytes that it was to be sent. */
void session_settle(struct session *session, size_t len, struct sent sent);

/* The round's page shortage is over. */
void session_feed(struct session *session);

/* Sets the timer to the earliest of its deadlines. */
void session_arm(struct session *session);

const struct wire *session_wire(const struct session *session);

/* ---- among the files of the session ---- */

/* Opens a transaction with the output in it, room in the log made; until session_commit() writing
 * to this connection is in hand. False if there is no page now: the session is fed when there is.
 */
must_check bool session_begin(struct session *session, struct reader *reader);
void session_commit(struct session *session, struct reader *reader);
void session_starve(struct session *session, enum page_use use);
/* After the transaction in which a line, or a long answer, went as far as it could: what it asked
 * for is asked; what was answered has been used. */
void session_settle_inquiry(struct session *session);
/* The answer is there. */
void session_hear(struct session *session);
/* In a transaction: the person leaves, the operator is told; from now on only what is due is sent,
 * until the deadline. Returns the writable row. */
struct wire *session_leave(struct session *session, struct text reason);
/* All of the farewell went out. */
void session_after_sent(struct session *session);
/* Our FIN; then the peer's is waited for. */
void session_shut_down(struct session *session);

/* What became of one step of a turn. */
enum session_step {
    SESSION_GOES_ON = 1,
    SESSION_WAITS, /* for an edge, for a page, for the reader, for its turn in the next round */
};

/* One recv(2) into the input page. */
must_check enum session_step session_receive(struct session *session);
/* All of the input page is handled: it goes back to the pool. */
void session_give_back_input(struct session *session);
/* After the farewell: what the peer still sends is read and dropped, so that closing does not turn
 * into a reset that destroys what we sent (RFC 1122, 4.2.2.13). */
void session_drain(struct session *session);

/* One turn: lines, then reading, until something must be waited for. -errno dooms it. */
must_check int session_read_turn(struct session *session);

void session_on_due(struct timer *timer);
/* May it say a line of this cost (struct front) now? If not it is delayed until it may, and told
 * once. */
/* A line was handled: if its user was warned of idling and has said something, the time begins
 * anew. (What a program says by itself, such as a PONG, does not count.) */
void session_note_speech(struct session *session);
bool session_has_token(struct session *session, uint32_t cost);
void session_spend_token(struct session *session, uint32_t cost); /* in the line's transaction */

/* The input page from `consumed` on. */
struct scan_input session_scan_input(const struct session *session);
/* Is what begins at `at` the line that was in hand when the last starts died? */
bool session_is_poison(const struct session *session, uint64_t at);

/* session_ahead.c: its lines wait, but not what is urgent among them. */
void session_start_ahead(struct session *session); /* it has just become delayed */
void session_go_ahead(struct session *session);    /* more may have come */
void session_stop_ahead(struct session *session);  /* its turn has come */
/* The line that ends at `text_end` was answered ahead: pass it over. */
bool session_was_ahead(const struct session *session, uint64_t text_end, struct text line);

#endif
