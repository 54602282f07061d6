/* SPDX-License-Identifier: MIT */
/* Between the files of heard. */
#ifndef CLIENT_HEARD_INSIDE_H
#define CLIENT_HEARD_INSIDE_H

#include "heard.h"

#include "lib/irc.h"

struct heard {
    const struct irc_message *message;
    struct text who; /* nick of the source */
    bool is_me;
    bool is_due;   /* it was kept until now, or history has it */
    bool is_other; /* it is of another time, and says nothing of what we have said now */
};

/* Parameter i, counted from 0; empty if there are not so many. */
struct text heard_param(const struct heard *h, int i);
/* The room, or with whom it is said. */
void heard_set_room(const struct model *m, struct text room, struct event *event);
/* By its command. */
void heard_dispatch(struct model *m, const struct heard *h, struct event *event);

#endif
