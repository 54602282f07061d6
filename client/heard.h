/* SPDX-License-Identifier: MIT */
/* What the server says: one line becomes at most one event, and changes what the model knows.
 * Pure, a part of the model. Answers, such as PONG, are collected in its `out`. */
#ifndef CLIENT_HEARD_H
#define CLIENT_HEARD_H

#include "model.h"

/* `now` is the time of a message that does not bring its own. The event's texts borrow the line and
 * the model. Malformed lines are no event. */
void heard_line(struct model *m, struct text line, time_t now, struct event *out_event);

/* What became due by the lines so far: of what was missed, of what waited for that, of what was
 * said and not heard. To be called behind each line until it is false. */
must_check bool heard_more(struct model *m, time_t now, struct event *out_event);

#endif
