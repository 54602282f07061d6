/* SPDX-License-Identifier: MIT */
/* Inside the line front end: what its files share. Everything it sends is text that a dumb terminal
 * can show, in lines that end with CR LF; its own words begin with "-- ". */
#ifndef FRONT_LINE_H
#define FRONT_LINE_H

#include "front/output.h"

enum line_flavour {
    LINE_BASE = (int)(FRONT_LINE << FLAVOUR_FRONT_SHIFT),
    LINE_OTHER_ROOM = 1, /* not the room that plain lines go to: shows its name */
    LINE_OWN = 2,        /* the reader did it */
    LINE_EARLIER = 4,    /* history */
};

enum line_answer {
    LINE_ANSWER_ROOM = 1, /* what one should know on entering a room */
    LINE_ANSWER_NAMES,    /* row: room; at: serial of the last one shown */
    LINE_ANSWER_ROOMS,    /* at: row of the last room shown */
    LINE_ANSWER_HISTORY,  /* row: room; at, until: ordinals */
};

enum {
    LINE_QUIET_ABOVE = 50, /* members: from then on comings and goings are not announced */
    LINE_HISTORY_DEFAULT = 20,
    LINE_HISTORY_MAX = 1000,
    LINE_WIDTH = 76,
};

/* One line of ours: "-- ...". */
void line_say(struct reader *reader, const char *format, ...) format_like(2, 3);

/* The text of a line that is a command, without its '/'. */
int line_command(struct reader *reader, struct text text, struct buf *reason);
/* Explains an outcome of the hub in words; `what` is what the person named. */
void line_refuse(struct reader *reader, int outcome, struct text what);

uint32_t line_flavour_of(const struct reader *reader, const struct record *record,
                         struct place place);
uint32_t line_view_of(const struct reader *reader, uint32_t membership);
void line_render(const struct exchange *exchange, const struct record *record, uint32_t flavour,
                 struct buf *out);
/* What programs say to each other (CTCP) is not for people to read. */
bool line_is_ctcp(const struct record *record);
void line_continue_answer(struct reader *reader);

#endif
