/* SPDX-License-Identifier: MIT */
/* A queue of bytes that grows: put at the end, dropped from the front. Owns its memory; ends the
 * process when there is none left, as a client may. Passwords pass through, typed or in base64, so
 * what is dropped is wiped wherever it was kept. */
#ifndef CLIENT_BYTES_H
#define CLIENT_BYTES_H

#include "lib/text.h"

struct bytes { /* all zero is empty */
    char *at;
    size_t start, end, size;
};

void bytes_fini(struct bytes *b);
void bytes_put(struct bytes *b, struct text t);
/* Borrowed until the next put or drop. */
struct text bytes_text(const struct bytes *b);
/* Drops the first n bytes; n is at most what there is. */
void bytes_drop(struct bytes *b, size_t n);

#endif
