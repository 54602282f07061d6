/* SPDX-License-Identifier: MIT */
/* Programs that take us for another kind of server. What they say first is enough to know them, and
 * what would follow must not be said in a room: an IRC client's password, or what a web page lets a
 * browser send to a port of its own machine. */
#ifndef FRONT_FOREIGN_H
#define FRONT_FOREIGN_H

#include "lib/text.h"

enum foreign { FOREIGN_NONE, FOREIGN_IRC, FOREIGN_HTTP, FOREIGN_SSH, FOREIGN_TLS };

/* By the first line of a connection, without its end. Strict: a person may begin with any words. */
enum foreign foreign_find(struct text first_line);
/* "HTTP". */
const char *foreign_name(enum foreign foreign);

#endif
