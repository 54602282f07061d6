/* SPDX-License-Identifier: MIT */
/* The first exchange with a server: capabilities, a nick that is free, the welcome. Works with
 * servers that know CAP, refuse it or ignore it. Pure, a part of the model. */
#ifndef CLIENT_REGISTRATION_H
#define CLIENT_REGISTRATION_H

#include "model.h"

#include "lib/irc.h"

/* Handles the message if it belongs to the registration; false if somebody else has to. */
bool registration_take(struct model *m, const struct irc_message *message, struct event *event);
/* Does the server find what was said (soju.im/search)? */
bool registration_has_search(const struct model *m);

#endif
