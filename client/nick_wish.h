/* SPDX-License-Identifier: MIT */
/* Getting back the nickname that the user wants, when the server has given us another because
 * somebody had it: our own connection from before, mostly. Pure, a part of the model. A server that
 * has MONITOR tells when the nickname is free; with others its QUIT or NICK is heard, where we
 * share a room, and we ask now and then (ISON). For people alone: a program's input goes on under
 * the name it began with. Sources: RFC 2812, 4.9; IRCv3 monitor. */
#ifndef CLIENT_NICK_WISH_H
#define CLIENT_NICK_WISH_H

#include "model.h"

#include "lib/irc.h"

enum {
    NICK_WISH_ASK_S = 60,    /* between two questions at first */
    NICK_WISH_DOUBLINGS = 6, /* each try that fails doubles that, so often */
};

/* Somebody else has it; another one is tried. */
void nick_wish_is_taken(struct model *m);
/* The server does not take it at all: this one is wanted instead. */
void nick_wish_replace(struct model *m, struct text nick);
/* We are called otherwise, and shall take it when it is free. */
bool nick_wish_is_awaited(const struct model *m);
/* We are in, whatever we are called. */
void nick_wish_begin(struct model *m);
/* The user wants to be called so: the old wish is given up. */
void nick_wish_choose(struct model *m, struct text nick);

/* Every line of the server. True: it is an answer to us, and nobody need see it. */
must_check bool nick_wish_take(struct model *m, const struct irc_message *message);

/* Asks, if it is time to. */
void nick_wish_check(struct model *m, time_t now);
/* When it is, 0: never. */
time_t nick_wish_deadline(const struct model *m);

#endif
