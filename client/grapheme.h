/* SPDX-License-Identifier: MIT */
/* What a person takes for one character: a letter with its marks, a flag, a family of emoji joined
 * by invisible characters (UAX #29). Pure. And how many columns it takes on a screen.
 *
 * Terminals disagree on how wide joined and modified emoji are, and a screen on which we and the
 * terminal disagree is a broken screen. So what they disagree on is not sent: joiners, variation
 * selectors, skin tones and direction marks are left out, and a joined family is drawn as its
 * members side by side, which every terminal does alike. */
#ifndef CLIENT_GRAPHEME_H
#define CLIENT_GRAPHEME_H

#include "lib/text.h"

struct grapheme {
    size_t len; /* bytes */
    unsigned columns;
};

/* One character of Unicode and its length; U+FFFD and 1 for a byte that is not UTF-8. */
int32_t grapheme_code(struct text t, size_t *out_len);
/* Columns for one code point; 0 for marks and for what is left out. */
unsigned grapheme_code_columns(int32_t code);
/* A mark that is drawn on the character before it. */
bool grapheme_is_mark(int32_t code);

/* The first one of t, which is not empty. */
struct grapheme grapheme_first(struct text t);
/* Bytes of the last one; 0 if t is empty. Reads t from its beginning. */
size_t grapheme_last_len(struct text t);
unsigned grapheme_columns(struct text t);
/* The longest beginning of t that fits into so many columns. */
struct text grapheme_fit(struct text t, unsigned columns);

#endif
