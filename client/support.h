/* SPDX-License-Identifier: MIT */
/* What the server says about itself in 005 that the client acts on: the signs before a member's
 * name, which letters of MODE take an argument, how history may be asked for, whether nicknames can
 * be watched. Pure. Source: modern.ircdocs.horse, RPL_ISUPPORT; IRCv3 draft/chathistory. */
#ifndef CLIENT_SUPPORT_H
#define CLIENT_SUPPORT_H

#include "roster.h"

enum { SUPPORT_LETTERS_MAX = 31 };

struct support {
    char ranks[ROSTER_SIGNS_MAX + 1];       /* letters of MODE, highest first: "ov" */
    char signs[ROSTER_SIGNS_MAX + 1];       /* their signs: "@+" */
    char always[SUPPORT_LETTERS_MAX + 1];   /* letters that take an argument */
    char set_only[SUPPORT_LETTERS_MAX + 1]; /* only behind a '+' */
    unsigned history_limit;                 /* messages of one CHATHISTORY; 0: no limit */
    bool history_by_time;                   /* which knows messages by their time alone */
    bool has_monitor;                       /* it tells who comes and goes (IRCv3 monitor) */
};

void support_init(struct support *s); /* what is usual where a server says nothing */
/* One token of 005: "PREFIX=(ov)@+". Others change nothing. */
void support_take(struct support *s, struct text token);
bool support_is_sign(const struct support *s, char c);
/* Brings the members up to date with a MODE of their room: "+o-v ann bob". */
void support_apply_mode(const struct support *s, struct text change, struct roster *members);

#endif
