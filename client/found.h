/* SPDX-License-Identifier: MIT */
/* Times of messages, and answers to SEARCH. A part of heard. */
#ifndef CLIENT_FOUND_H
#define CLIENT_FOUND_H

#include "lib/irc.h"
#include "model.h"

/* When the message was said, by its tags; without: now. */
time_t found_time(struct text tags, time_t now);
enum found_outcome {
    FOUND_UNSUPPORTED = 1, /* the server cannot */
    FOUND_NOT_A_TIME,      /* what is behind since: or before: */
};

/* Asks for what contains these words, "#tea from:ann since:2h green tea". Returns 0 or an outcome.
 */
must_check int found_ask(struct model *m, struct text rest, time_t now);
/* Takes the beginning and the end of batches; true: it was one. */
bool found_batch(struct model *m, const struct irc_message *message, struct event *event);
/* Is it in a batch of what was found? */
bool found_has(const struct model *m, struct text tags);
/* Of a message in such a batch: the event says so. */
void found_show(struct model *m, struct text tags, time_t now, struct event *event);

#endif
