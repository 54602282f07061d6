/* SPDX-License-Identifier: MIT */
/* Masks of IRC: "*!*@*.example.org". Pure. Source: RFC 2812, 2.5; modern.ircdocs.horse, "Wildcard
 * Expressions". */
#ifndef LIB_MASK_H
#define LIB_MASK_H

#include "lib/text.h"

/* '*' stands for any bytes, '?' for one character; letters of ASCII without regard to case. Takes
 * time in proportion to the product of the lengths at worst, and no memory. */
bool mask_match(struct text mask, struct text subject);

/* True if it has a '*' or a '?'. */
bool mask_is_wild(struct text mask);

/* What people mean by a short mask, in full: "ann" is ann!*@*, "u@host" is *!u@host, "192.0.2.*"
 * and "2001:db8::1" are hosts. Needs at most 6 bytes more than what was given. */
void mask_complete(struct text given, struct buf *out);

#endif
