/* SPDX-License-Identifier: MIT */
/* The line that is being typed: keys in, text and cursor out. Pure; knows no terminal. The text is
 * always UTF-8 without controls, and the cursor never stands inside a character that a person takes
 * for one (grapheme.h).
 *
 * Keys: arrows, Home, End, Delete, Backspace; ^A ^E ^B ^F and by word M-b M-f (or with Ctrl or Alt
 * the arrows); ^D ^H; killing with ^K ^U ^W M-d M-Backspace, and back with ^Y, earlier ones with
 * M-y behind it; ^T swaps two characters; ^_ undoes; ^P ^N walk the history. */
#ifndef CLIENT_EDIT_H
#define CLIENT_EDIT_H

#include "history.h"
#include "keys.h"

enum {
    EDIT_LINE_MAX = 4096, /* bytes; what is typed beyond is not taken */
    EDIT_HISTORY_MAX = HISTORY_MAX,
    EDIT_KILLS_MAX = 8,
    EDIT_UNDO_MAX = 64
};

enum edit_outcome {
    EDIT_LINE = 1, /* Enter: the line is in edit_entered(), a new one has begun */
    EDIT_END,      /* ^D on an empty line, or ^C */
    EDIT_STOP,     /* ^Z */
    EDIT_UNKNOWN   /* a key that means nothing here; edit_key() alone says so */
};

enum edit_kind { EDIT_MOVES, EDIT_TYPES, EDIT_KILLS, EDIT_YANKS, EDIT_CHANGES, EDIT_UNDOES };

struct edit_undo {
    char *line; /* owned */
    size_t cursor;
};

struct edit {
    char line[EDIT_LINE_MAX];
    size_t len, cursor; /* bytes */
    char entered[EDIT_LINE_MAX];
    size_t entered_len;
    struct history history;
    struct keys keys;
    char *kills[EDIT_KILLS_MAX]; /* owned, latest first */
    size_t n_kills, kill_at;     /* kill_at: the one yanked last */
    size_t yank_from;            /* byte at which it begins */
    struct edit_undo undos[EDIT_UNDO_MAX];
    size_t n_undos;
    enum edit_kind before; /* what the last key did */
};

void edit_init(struct edit *e);
void edit_fini(struct edit *e);
/* Takes one byte from the keyboard. Returns 0 or an outcome. */
must_check int edit_feed(struct edit *e, char byte);
/* Takes a key. Returns 0 or an outcome. */
must_check int edit_key(struct edit *e, const struct key *key);
struct text edit_text(const struct edit *e);
struct text edit_entered(const struct edit *e);

/* Each can be undone. */
void edit_clear(struct edit *e);
/* Puts t at the cursor, cleaned; a line break becomes a space. Nothing if it does not fit. */
void edit_insert_text(struct edit *e, struct text t);
/* Puts t in the place of the `len` bytes before the cursor. */
void edit_replace_before(struct edit *e, size_t len, struct text t);

/* The part of the line that fits into so many columns with the cursor in it, and the column of the
 * cursor in that part. The cursor itself needs a column: it is at most columns - 1. */
struct text edit_view(const struct edit *e, size_t columns, size_t *out_cursor);

/* -- parts of edit, for its own files -- */

struct text edit_before(const struct edit *e); /* the cursor */
struct text edit_behind(const struct edit *e);
void edit_settle(struct edit *e); /* the cursor goes to the end of the character it is in */
void edit_cut(struct edit *e, size_t from, size_t to);
void edit_insert(struct edit *e, struct text t); /* takes nothing but clean text */
void edit_load(struct edit *e, const char *line);
size_t edit_word_before(const struct edit *e); /* where it begins */
size_t edit_word_behind(const struct edit *e); /* where it ends */
/* Cuts and keeps; what is killed at once stays together. */
void edit_kill(struct edit *e, size_t from, size_t to);
void edit_yank(struct edit *e);
void edit_yank_earlier(struct edit *e);
void edit_save(struct edit *e); /* for undo */
void edit_undo(struct edit *e);

#endif
