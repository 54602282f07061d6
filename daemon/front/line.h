/* SPDX-License-Identifier: MIT */
/* Inside the line front end: what its files share. Everything it sends is text that a dumb terminal
 * can show, in lines that end with CR LF; its own words begin with "-- ". */
#ifndef FRONT_LINE_H
#define FRONT_LINE_H

#include "chat/modes.h"
#include "chat/names.h"
#include "chat/rooms.h"
#include "front/output.h"

enum line_flavour {
    LINE_BASE = (int)(FRONT_LINE << FLAVOUR_FRONT_SHIFT),
    LINE_OTHER_ROOM = 1, /* not the room that plain lines go to: shows its name */
    LINE_OWN = 2,        /* the reader did it */
    LINE_EARLIER = 4,    /* history */
    LINE_TARGET = 8,     /* it was done to the reader */
    LINE_VOICED = 16,    /* the reader has a voice in the room, */
    LINE_RUNS_ROOM = 32, /* is an operator of it */
    /* RECORD_KICKED: the room that the reader's lines go to now; RECORD_MODES: a bit for each
     * change that is about the reader. */
    LINE_DETAIL_SHIFT = 8,
    LINE_DETAIL_BITS = FLAVOUR_FRONT_SHIFT - LINE_DETAIL_SHIFT,
};

static inline uint32_t line_detail_of(uint32_t flavour)
{
    return flavour >> LINE_DETAIL_SHIFT & ((1U << LINE_DETAIL_BITS) - 1);
}

enum line_answer {
    LINE_ANSWER_ROOM = 1,    /* what one should know on entering a room */
    LINE_ANSWER_NAMES,       /* row: room; at: serial of the last one shown; until: room.id */
    LINE_ANSWER_ROOMS,       /* at: row of the last room shown */
    LINE_ANSWER_OLD_HISTORY, /* of a version before this one, which ends here */
    LINE_ANSWER_BANS, /* row: room; at: entries shown; until: room.id. The next two the same */
    LINE_ANSWER_EXCEPTIONS,
    LINE_ANSWER_INVITATIONS,
    LINE_ANSWER_PAUSE, /* none: a line in steps rests until what it wrote was read */
    LINE_ANSWER_PAST,  /* row: room that was entered; at: number of the last record shown; until:
                          room.id. LINE_ANSWER_ROOM follows */
};

enum {
    LINE_QUIET_ABOVE = 50, /* members: from then on comings and goings are not announced */
    LINE_HISTORY_DEFAULT = 20,
    LINE_HISTORY_MAX = 1000,
    LINE_WIDTH = 76,
    LINE_CHANGES_MAX = 6, /* modes in one line */
};

/* One line of ours: "-- ...". */
void line_say(struct reader *reader, const char *format, ...) format_like(2, 3);

/* The text of a line that is a command, without its '/'. */
int line_command(struct reader *reader, struct text text, struct buf *reason);
/* Explains an outcome of the hub in words; `what` is what the person named. */
void line_refuse(struct reader *reader, int outcome, struct text what);
/* The same where both a room and something else was named: the words speak of the one they are
 * about. */
void line_refuse_in(struct reader *reader, int outcome, uint32_t room, struct text what);

/* line_rooms.c */
int line_run_join(struct reader *reader, struct text args, struct buf *reason);
int line_run_leave(struct reader *reader, struct text args, struct buf *reason);
int line_run_rooms(struct reader *reader, struct text args, struct buf *reason);
int line_run_who(struct reader *reader, struct text args, struct buf *reason);
int line_run_topic(struct reader *reader, struct text args, struct buf *reason);
/* Cuts off the word that names a room; without one, it is the room that plain lines go to. 0 after
 * an explanation. */
uint32_t line_room_named(struct reader *reader, struct text *args);

/* Enters a room: what was said there comes out of the log behind the JOIN, or out of the archive
 * if that has more. As rooms_join(). */
int line_enter(struct reader *reader, struct joining *joining, uint32_t *out_room);

/* line_history.c */
void line_answer_past(struct reader *reader, const struct wire_answer *answer);
int line_run_history(struct reader *reader, struct text args, struct buf *reason);
void line_lost(struct reader *reader, uint64_t n); /* see struct front */

/* line_search.c */
int line_run_search(struct reader *reader, struct text args, struct buf *reason);

/* line_people.c */
int line_run_nick(struct reader *reader, struct text args, struct buf *reason);
int line_run_msg(struct reader *reader, struct text args, struct buf *reason);
int line_run_me(struct reader *reader, struct text args, struct buf *reason);
int line_run_away(struct reader *reader, struct text args, struct buf *reason);
int line_run_back(struct reader *reader, struct text args, struct buf *reason);
/* Says it, if this person is away. */
void line_put_away(struct reader *reader, uint32_t row);

/* line_whois.c */
int line_run_whois(struct reader *reader, struct text args, struct buf *reason);

/* line_oper.c */
int line_run_oper(struct reader *reader, struct text args, struct buf *reason);
int line_run_kill(struct reader *reader, struct text args, struct buf *reason);
int line_run_wallops(struct reader *reader, struct text args, struct buf *reason);

/* line_moderate.c */
int line_run_kick(struct reader *reader, struct text args, struct buf *reason);
int line_run_invite(struct reader *reader, struct text args, struct buf *reason);
int line_run_ban(struct reader *reader, struct text args, struct buf *reason);
int line_run_unban(struct reader *reader, struct text args, struct buf *reason);
int line_run_bans(struct reader *reader, struct text args, struct buf *reason);
int line_run_op(struct reader *reader, struct text args, struct buf *reason);
int line_run_deop(struct reader *reader, struct text args, struct buf *reason);
int line_run_voice(struct reader *reader, struct text args, struct buf *reason);
int line_run_devoice(struct reader *reader, struct text args, struct buf *reason);
int line_run_mode(struct reader *reader, struct text args, struct buf *reason);
/* An operator of the server is not shown what it does in a room that it is not in. */
void line_say_done_outside(struct reader *reader, uint32_t room);
void line_answer_masks(struct reader *reader, const struct wire_answer *answer);

/* line_modes.c: changes of modes, one after the other: "+o-m bob". */
struct line_changes {
    struct text letters, arguments;
    bool is_off; /* behind a '-' */
};

struct line_change {
    char letter;
    const struct mode *mode; /* NULL: there is none of this letter */
    bool is_on;
    struct text argument;
};

struct line_changes line_changes_in(struct text text);
must_check bool line_next_change(struct line_changes *changes, struct line_change *out_change);
/* A bit for each of the changes that gives this person a rank or takes it. */
uint32_t line_changes_about(struct text text, struct text nick);
/* In words; `about` as above, of the reader. */
void line_put_changes(struct text text, uint32_t about, struct text room, struct buf *out);
/* The modes that are set, a line each. */
void line_say_modes(struct reader *reader, uint32_t room);

/* line_flavour.c */
uint32_t line_flavour_of(const struct reader *reader, const struct record *record,
                         struct place place);
uint32_t line_view_of(const struct reader *reader, uint32_t membership);

void line_render(const struct exchange *exchange, const struct record *record, uint32_t flavour,
                 struct buf *out);
void line_continue_answer(struct reader *reader);
/* Is the room of a long answer still there, and has it not become secret to the reader meanwhile?
 */
bool line_answer_may_go_on(const struct reader *reader, const struct wire_answer *answer);

#endif
