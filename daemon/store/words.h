/* SPDX-License-Identifier: MIT */
/* What a record is found by: numbers, its tokens, one for each three characters of its text that
 * follow each other, whatever their case, so that languages without spaces are served too; one for
 * who said it; and one for each place of it. A word is in a text only if all tokens of the word are
 * among those of the text, and a search for words in a room by a person is an intersection.
 *
 * Different things may have the same token, and a text with all tokens of a word need not have the
 * word: tokens only lead to records, and whoever asks looks at what they lead to. */
#ifndef STORE_WORDS_H
#define STORE_WORDS_H

#include "state/layout.h"
#include "store/postings.h"

enum {
    WORDS_LEAST = 3, /* characters of a token: a word must have as many */
    WORDS_TOKENS_MAX = RECORD_ROOM + 2,
};

/* What is indexed of a record. */
struct words {
    struct text text;
    struct text who;
    struct text places; /* ids, with spaces between */
};

/* Is a record of this kind and text to be found by its words? */
bool words_are_in(int kind, struct text text);
/* Does somebody say something in a record of this kind? Else it is an event. */
bool words_are_said(int kind);

/* Writes the tokens of what any log may have, in any order, some perhaps more than once; returns
 * how many: WORDS_TOKENS_MAX at most. */
size_t words_tokens(const struct words *words, uint32_t *out);

/* Those of a text alone, one for each of its characters but the last two, in their order; returns
 * how many. */
size_t words_text_tokens(struct text t, uint32_t *out);
uint32_t words_place_token(uint64_t place);
uint32_t words_who_token(struct text who); /* the same in lower and upper case of ASCII */

#endif
