/* SPDX-License-Identifier: MIT */
/* What the people of the torture say: the text of each line is a function of the seed, the sender
 * and the line's number, so that whoever hears it can tell whether it is as it was said. And the
 * dice. */
#ifndef TORTURE_WORDS_H
#define TORTURE_WORDS_H

#include "lib/text.h"

enum { WORDS_MAX = 320 }; /* bytes: fits in one IRC message */

/* "m7.123 " and some letters. */
struct text words_make(uint64_t seed, uint32_t sender, uint32_t n, char space[WORDS_MAX]);
/* False if the text does not begin so. */
must_check bool words_parse(struct text text, uint32_t *out_sender, uint32_t *out_n);

struct dice {
    uint64_t state;
};

uint64_t dice_roll(struct dice *dice);
/* 0 ... n-1. */
uint32_t dice_below(struct dice *dice, uint32_t n);

#endif
