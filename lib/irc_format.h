/* SPDX-License-Identifier: MIT */
/* The formatting codes that IRC clients put inside text (modern.ircdocs.horse/formatting). Pure. */
#ifndef LIB_IRC_FORMAT_H
#define LIB_IRC_FORMAT_H

#include "lib/text.h"

/* Bytes that the colour code at `at` takes (a 03 or a 04 stands there), its control included: 03
 * with up to two digits, a comma and two more; 04 with six hexadecimal digits, a comma and six
 * more. A comma that no second colour follows belongs to the text. */
size_t irc_format_color_len(struct text t, size_t at);

/* Appends `t` without formatting: bold 02, italics 1D, underline 1F, strike 1E, monospace 11,
 * reverse 16, reset 0F go; colour 03 and 04 go with their numbers; so does any other control, but
 * for TAB, which becomes a space. */
void irc_format_strip(struct text t, struct buf *out);

#endif
