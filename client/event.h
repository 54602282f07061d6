/* SPDX-License-Identifier: MIT */
/* What a person should be shown: one thing that was said or has happened. The model makes events,
 * whatever draws the screen reads them; neither knows the other. Texts are raw, as the network sent
 * them: who draws them cleans them. */
#ifndef CLIENT_EVENT_H
#define CLIENT_EVENT_H

#include "lib/text.h"

#include <time.h>

enum event_kind {
    EVENT_NONE,    /* nothing to show */
    EVENT_MESSAGE, /* who: text; in a room, or privately to whom */
    EVENT_ACTION,  /* the same, as /me */
    EVENT_NOTICE,  /* the same, from a machine */
    EVENT_JOIN,    /* who, room */
    EVENT_LEAVE,   /* who, room, text: the reason, may be empty */
    EVENT_QUIT,    /* who, text */
    EVENT_KICK,    /* who removes whom from room, text */
    EVENT_NICK,    /* who is now called whom */
    EVENT_TOPIC,   /* room, text; who is empty when the server only tells it */
    EVENT_NAMES,   /* room, text */
    EVENT_INFO,    /* text */
    EVENT_ERROR,   /* text */
    EVENT_HELP,    /* text of several lines, ours */
};

struct event {
    enum event_kind kind;
    time_t at;
    bool is_own;                       /* who is the user */
    bool is_elsewhere;                 /* the room is not the one the user is looking at */
    struct text who, whom, room, text; /* borrowed until the model's next call; empty if unused */
};

#endif
