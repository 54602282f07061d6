/* SPDX-License-Identifier: MIT */
/* A person's colour depends on the nick alone, so it is the same tomorrow and on everybody's
 * screen. Pure. */
#ifndef CLIENT_NICK_COLOUR_H
#define CLIENT_NICK_COLOUR_H

#include "lib/text.h"

/* One of 1 ... 14, readable on black and on white; upper and lower case are alike. */
unsigned char nick_colour(struct text nick);

#endif
