/* SPDX-License-Identifier: MIT */
/* A question to the archive and what came of it, in one piece of memory that is handed from the
 * loop to the worker's thread and back. One side has it at a time, so nothing in it is locked. */
#ifndef STORE_INQUIRY_H
#define STORE_INQUIRY_H

#include "store/reader.h"

enum inquiry_kind { INQUIRY_HISTORY, INQUIRY_SEARCH, INQUIRY_TARGETS };

enum inquiry_state {
    INQUIRY_ASKED,
    INQUIRY_ANSWERED,
    INQUIRY_FAILED, /* the archive cannot be read, or does not get as far as was asked for */
};

enum {
    INQUIRY_BYTES = 16384,  /* of records in one answer, and what the last one needs beyond */
    INQUIRY_SEARCH_MS = 20, /* others wait meanwhile: see docs/performance.md */
};

struct inquiry {
    struct inquiry *next; /* of who has it */
    uint32_t row;         /* who asks: the loop's own, as the next; the worker touches neither */
    bool is_back;         /* from the worker: not before may the rest be looked at */
    enum inquiry_kind kind;
    uint64_t up_to;                  /* the record of this number must be archived first */
    struct history_question history; /* of targets too */
    struct search_question search;
    enum inquiry_state state;
    struct history_answer window; /* to a history */
    struct search_answer found;   /* to a search */
    bool is_full;                 /* the window has more records than there was room for */
    char *records;                /* owned: those of the answer, in the order of the log */
    size_t len, at;               /* bytes: of the records, and of those that were taken */
    struct target *targets;       /* owned: the answer to targets */
    uint32_t n_targets;
    uint32_t n_scopes;
    struct scope scopes[]; /* of the question */
};

/* Room for n_scopes, all zeros; the question's own pointers are set. NULL: no memory. */
struct inquiry *inquiry_new(enum inquiry_kind kind, uint32_t n_scopes);
struct inquiry *inquiry_free(struct inquiry *inquiry); /* takes NULL, returns NULL */
OWNED_DEFINE(struct inquiry *, inquiry_free)

/* Asks, and fills the answer. */
void inquiry_run(struct inquiry *inquiry, struct archive_reader *reader);

/* The oldest record of the answer, borrowed from it; NULL: it has none. */
const struct record *inquiry_first(const struct inquiry *inquiry);
/* The next record of the answer, borrowed from it; NULL: that was all. *out_scope (may be NULL) is
 * the index of the scope that it was found in. */
const struct record *inquiry_next(struct inquiry *inquiry, uint32_t *out_scope);

#endif
