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
    EVENT_MODE,    /* who changes in room text: "+o bob" */
    EVENT_INFO,    /* text; room if it is about one */
    EVENT_ERROR,   /* the same */
    EVENT_HELP,    /* text of several lines, ours */
    EVENT_LOST,    /* text: why there is no connection any more */
    EVENT_AWAY,    /* who, text: the reason; empty: back. Nothing to read, something to know */
};

struct event {
    enum event_kind kind;
    time_t at;
    bool is_own;                       /* who is the user */
    bool is_past;                      /* said before, and shown for context: nothing new */
    bool is_elsewhere;                 /* the room is not the one the user is looking at */
    struct text who, whom, room, text; /* borrowed until the model's next call; empty if unused */
};

/* Somebody said something. */
static inline bool event_is_talk(const struct event *event)
{
    return event->kind == EVENT_MESSAGE || event->kind == EVENT_ACTION ||
           event->kind == EVENT_NOTICE;
}

#endif
