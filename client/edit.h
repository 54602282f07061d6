/* SPDX-License-Identifier: MIT */
/* The line that is being typed: keys in, text and cursor out. Pure; knows no terminal but the bytes
 * its keys send. The text is always UTF-8 without controls, and the cursor never stands inside a
 * character or between one and its combining marks.
 *
 * Keys: arrows, Home, End, Delete, Backspace, ^A ^E ^B ^F ^D ^H ^K ^U ^W ^P ^N. */
#ifndef CLIENT_EDIT_H
#define CLIENT_EDIT_H

#include "lib/text.h"

enum {
    EDIT_LINE_MAX = 4096, /* bytes; what is typed beyond is not taken */
    EDIT_HISTORY_MAX = 100,
    EDIT_SEQUENCE_MAX = 16
};

enum edit_outcome {
    EDIT_LINE = 1, /* Enter: the line is in edit_entered(), a new one has begun */
    EDIT_END,      /* ^D on an empty line, or ^C */
    EDIT_STOP      /* ^Z */
};

struct edit {
    char line[EDIT_LINE_MAX];
    size_t len, cursor; /* bytes */
    char entered[EDIT_LINE_MAX];
    size_t entered_len;
    char *history[EDIT_HISTORY_MAX]; /* oldest first */
    size_t n_history;
    size_t history_at;                /* n_history: the draft, not yet entered */
    char *draft;                      /* while history_at is elsewhere */
    char sequence[EDIT_SEQUENCE_MAX]; /* an escape sequence or a character, not yet complete */
    size_t sequence_len;
};

void edit_init(struct edit *e);
void edit_fini(struct edit *e);
/* Takes one byte from the keyboard. Returns 0 or an outcome. */
must_check int edit_feed(struct edit *e, char byte);
struct text edit_text(const struct edit *e);
struct text edit_entered(const struct edit *e);

/* The part of the line that fits into so many columns with the cursor in it, and the column of the
 * cursor in that part. The cursor itself needs a column: it is at most columns - 1. */
struct text edit_view(const struct edit *e, size_t columns, size_t *out_cursor);

#endif
