/* SPDX-License-Identifier: MIT */
/* Logging in before the welcome: SASL PLAIN (IRCv3 sasl 3.1 and 3.2, RFC 4616). If there is
 * somebody to log in as, nobody gets in otherwise: every way in which it fails refuses. Pure, a
 * part of the model; whether a password may go this way at all is decided before (route.h). */
#ifndef CLIENT_SASL_H
#define CLIENT_SASL_H

#include "model.h"

#include "lib/irc.h"

enum { SASL_CHUNK_MAX = 400 /* bytes of base64 in a line */ };

/* A capability of CAP LS: "sasl", and "PLAIN,EXTERNAL" or nothing. */
void sasl_note(struct model *m, struct text name, struct text value);
/* All capabilities are known: adds "sasl" to those that are asked for, if need be. */
void sasl_request(struct model *m, struct buf *names);
/* The server has agreed to these capabilities. True if the registration has to wait. */
bool sasl_begin(struct model *m, struct text capabilities);
bool sasl_goes_on(const struct model *m);
/* True, and it is refused, if somebody was to be logged in and is not. */
bool sasl_is_missing(struct model *m);
/* Handles the message if it is about logging in. */
bool sasl_take(struct model *m, const struct irc_message *message, struct event *event);

#endif
