/* SPDX-License-Identifier: MIT */
/* Answers of a server that come as columns of values, in words. Pure. Source: modern.ircdocs.horse,
 * "Numerics". */
#ifndef CLIENT_ANSWERS_H
#define CLIENT_ANSWERS_H

#include "lib/irc.h"

/* Appends the answer as a sentence; false if it is one that needs no other words than its own. */
bool answers_put(const struct irc_message *message, struct buf *out);

#endif
