/* SPDX-License-Identifier: MIT */
/* Writing JSON (RFC 8259). Knows strings alone: the rest is punctuation, which printf() can do. */
#ifndef LIB_JSON_H
#define LIB_JSON_H

#include "lib/text.h"

#include <stdio.h>

/* Writes t, which is clean UTF-8 (lib/utf8.h), as a string in quotes, on one line. Errors are the
 * stream's: ferror(). */
void json_put_string(FILE *to, struct text t);

#endif
