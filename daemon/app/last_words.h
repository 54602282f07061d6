/* SPDX-License-Identifier: MIT */
/* When the daemon dies of a mistake of its own (SIGSEGV, SIGABRT and their like), the region says
 * so beside what was in hand: the next start then knows that it was no kill from outside, which may
 * come at any time and accuses nobody. */
#ifndef APP_LAST_WORDS_H
#define APP_LAST_WORDS_H

#include "state/layout.h"

/* From now on such a signal is noted in `in_hand`, and then does what it always did. Borrowed until
 * last_words_stop(). Under AddressSanitizer, whose report says more, nothing is noted. */
void last_words_start(struct in_hand *in_hand);
void last_words_stop(void);

#endif
