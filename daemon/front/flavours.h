/* SPDX-License-Identifier: MIT */
/* How many kinds of readers there are: records are rendered once for each, not for each reader. */
#ifndef FRONT_FLAVOURS_H
#define FRONT_FLAVOURS_H

#include "front/front.h"

enum { FLAVOURS_MAX = 256 }; /* more are not told apart */

/* Views that differ among those who are registered, whatever their rank in a room. Walks the tables
 * as far as they are used. */
uint32_t flavours_in_use(struct exchange *exchange);

#endif
