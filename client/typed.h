/* SPDX-License-Identifier: MIT */
/* What the user types: text, or a command that begins with '/'. Pure, a part of the model. The
 * commands stand in one table, which is also the help text. */
#ifndef CLIENT_TYPED_H
#define CLIENT_TYPED_H

#include "model.h"

/* Collects what is to be sent in the model's `out`. The event is what the user should see of it: an
 * error, an answer, or the own words if nobody else shows them. */
void typed_line(struct model *m, struct text line, time_t now, struct event *out_event);

/* The name of the i-th command; NULL behind the last one. */
const char *typed_name(size_t i);

/* What /help shows: the names by what they are for, every command with what it does, the last words
 * of an overview, and the keys of the line that is typed. */
void typed_put_overview(struct buf *out);
void typed_put_all(struct buf *out);
void typed_put_more(struct buf *out);
void typed_put_keys(struct buf *out);

/* True for commands that make sense before the server has let us in. */
bool typed_is_local(struct text line);

#endif
