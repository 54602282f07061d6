/* SPDX-License-Identifier: MIT */
/* The formatting codes that IRC clients put inside text (modern.ircdocs.horse/formatting). Pure. */
#ifndef LIB_IRC_FORMAT_H
#define LIB_IRC_FORMAT_H

#include "lib/text.h"

/* Appends `t` without formatting: bold 02, italics 1D, underline 1F, strike 1E, monospace 11,
 * reverse 16, reset 0F go; colour 03 and 04 go with their numbers; so does any other control. */
void irc_format_strip(struct text t, struct buf *out);

#endif
