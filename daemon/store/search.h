/* SPDX-License-Identifier: MIT */
/* Finding words. Long enough ones are looked up in the index, together with the places and who said
 * it; shorter ones (most words of Chinese and Japanese have two characters) are then looked for in
 * the texts. When there is nothing to look up, the places are read from their ends. In either case
 * no more than SEARCH_LOOKS texts are looked at.
 *
 * A search asks one segment of the index after the other, from the newest back, or from the oldest
 * on, and reads what is in none. One that has a budget ends when that is spent, saying how far it
 * came. */
#ifndef STORE_SEARCH_H
#define STORE_SEARCH_H

#include "store/lookup.h"

enum {
    SEARCH_LOOKS = 20000,
    SEARCH_WORDS_MAX = QUESTION_WORDS_SIZE / 2, /* as many as there is room for */
    SEARCH_PLACES = 8, /* if they are more, they are asked for behind the words */
};

struct search {
    struct lookup *lookup; /* borrowed; the places are found */
    const struct search_question *question;
    struct text words[SEARCH_WORDS_MAX];
    uint32_t n_words;
    uint32_t n_long;                      /* of them: in the index; they come first */
    uint32_t tokens[QUESTION_WORDS_SIZE]; /* that a hit must have */
    uint32_t n_tokens;
    uint32_t n_looks;
    struct hits *hits;    /* borrowed; in the order of the search */
    uint64_t deadline_ns; /* of the monotonic clock; UINT64_MAX: none */
    bool is_cut;
    uint64_t reached;
};

/* Fills `hits`, the newest first or, as the question says, the oldest. -errno. */
must_check int search_run(struct search *search, struct lookup *lookup,
                          const struct search_question *question, struct hits *hits);

#endif
