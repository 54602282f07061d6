/* SPDX-License-Identifier: MIT */
/* Text with IRC's formatting codes, read as pieces that each have a look
 * (modern.ircdocs.horse/formatting). Pure; borrows the text. */
#ifndef CLIENT_PEN_H
#define CLIENT_PEN_H

#include "style.h"

#include "lib/text.h"

struct pen {
    struct text rest;
    struct style base;  /* what code 0F goes back to */
    struct style style; /* of what comes next */
};

struct pen_piece {
    struct text text; /* one character with its marks; no codes in it */
    unsigned columns;
    struct style style;
};

struct pen pen_begin(struct text t, struct style base);
/* The next piece; false at the end. */
bool pen_next(struct pen *p, struct pen_piece *out_piece);

#endif
