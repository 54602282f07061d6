/* SPDX-License-Identifier: MIT */
/* The full-text index: which records contain some words. Its tokens are trigrams (FTS5), so that it
 * serves languages without spaces too. Before each text it is given marks, each one token of three
 * characters of a private range: for the stretch of numbers that the record is in, for who said it,
 * and for each place of it. So a search for words in a room by a person is an intersection of
 * lists, and one that is for one stretch takes no longer however much was said before and since.
 * The marks only lead there, and somebody might type one: whoever asks looks a hit's placement up
 * before it is shown. */
#ifndef STORE_WORDS_H
#define STORE_WORDS_H

#include "store/database.h"

#include "state/layout.h"

enum {
    WORDS_MARK_BYTES = 12,
    WORDS_LEAST = 3,         /* characters that a word must have */
    WORDS_STRETCH_BITS = 16, /* numbers that differ in higher bits are of different stretches */
};

/* What is indexed of a record. */
struct words {
    uint64_t number;
    struct text text;
    struct text who;
    struct text places; /* ids, with spaces between */
};

/* Statements into the index. */
struct words_index {
    struct database *database; /* borrowed */
    sqlite3_stmt *add, *remove;
};

must_check int words_init(struct words_index *index, struct database *database);
void words_fini(struct words_index *index);

/* Is a record of this kind and text to be found by its words? */
bool words_are_in(int kind, struct text text);
/* Does somebody say something in a record of this kind? Else it is an event. */
bool words_are_said(int kind);
/* In a transaction. Removing takes exactly what was added. -errno. */
must_check int words_add(struct words_index *index, const struct words *words);
must_check int words_remove(struct words_index *index, const struct words *words);

/* Appends the mark of the stretch of a number, of a place, of a nick. */
void words_mark_stretch(struct buf *out, uint64_t number);
void words_mark_place(struct buf *out, uint64_t place);
void words_mark_who(struct buf *out, struct text who);

#endif
