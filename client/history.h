/* SPDX-License-Identifier: MIT */
/* The lines that were entered, and the draft that waits while one looks at them. Pure. */
#ifndef CLIENT_HISTORY_H
#define CLIENT_HISTORY_H

#include "lib/text.h"

enum { HISTORY_MAX = 100 };

struct history {              /* all zero is empty */
    char *lines[HISTORY_MAX]; /* owned, oldest first */
    size_t n;
    size_t at;   /* n: the draft, not yet entered */
    char *draft; /* owned; while `at` is elsewhere */
};

void history_fini(struct history *h);
/* Remembers a line, unless it is empty, and goes back to a new draft. */
void history_add(struct history *h, struct text line);
/* The line before or behind the one shown now; NULL if there is none. `shown` is kept if it is the
 * draft. Borrowed until the next call. */
const char *history_up(struct history *h, struct text shown);
const char *history_down(struct history *h);
/* A copy with a NUL, the caller's; text without NUL. Ends the process when memory does. */
char *history_copy(struct text t);

#endif
