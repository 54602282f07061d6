/* SPDX-License-Identifier: MIT */
/* A text cut into rows of a width, between words where there are any. Pure; nothing is kept: rows
 * are found again each time, for the few messages that are on the screen. */
#ifndef CLIENT_WRAP_H
#define CLIENT_WRAP_H

#include "pen.h"

struct wrap {
    struct pen pen;
    unsigned columns; /* at least 1 */
    bool has_begun;
};

struct wrap wrap_begin(struct text t, struct style base, unsigned columns);
/* A pen over exactly the next row; false when there is none. An empty text has one row. */
bool wrap_next(struct wrap *w, struct pen *out_row);
unsigned wrap_rows(struct text t, unsigned columns);

#endif
