/* SPDX-License-Identifier: MIT */
/* Answers are copies: each record behind the index of its scope, at a multiple of 8. */
#include "store/inquiry.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { INQUIRY_HEAD = 8 }; /* the scope's index, padded */

struct inquiry *inquiry_new(enum inquiry_kind kind, uint32_t n_scopes)
{
    struct inquiry *inquiry = calloc(1, sizeof(*inquiry) + n_scopes * sizeof(inquiry->scopes[0]));

    if (inquiry != NULL) {
        inquiry->kind = kind;
        inquiry->n_scopes = n_scopes;
        inquiry->history.scopes = inquiry->search.scopes = inquiry->scopes;
        inquiry->history.n_scopes = inquiry->search.n_scopes = n_scopes;
    }
    return inquiry;
}

struct inquiry *inquiry_free(struct inquiry *inquiry)
{
    if (inquiry != NULL) {
        free(inquiry->records);
        free(inquiry->targets);
        free(inquiry);
    }
    return NULL;
}

/* ---- the worker's side ---- */

/* -ECANCELED: there is enough for once. */
static int inquiry_hear(void *context, uint32_t scope, const struct record *record)
{
    struct inquiry *inquiry = context;
    size_t size = (INQUIRY_HEAD + record->size + 7) & ~(size_t)7;

    if (inquiry->len >= INQUIRY_BYTES) {
        inquiry->is_full = true;
        return -ECANCELED;
    }
    memcpy(inquiry->records + inquiry->len, &scope, sizeof(scope));
    memcpy(inquiry->records + inquiry->len + INQUIRY_HEAD, record, record->size);
    inquiry->len += size;
    return 0;
}

static int inquiry_ask_targets(struct inquiry *inquiry, struct archive_reader *reader)
{
    inquiry->targets = calloc(inquiry->history.limit, sizeof(inquiry->targets[0]));
    return inquiry->targets == NULL
               ? -ENOMEM
               : archive_targets(reader, &inquiry->history, inquiry->targets, &inquiry->n_targets);
}

static int inquiry_ask(struct inquiry *inquiry, struct archive_reader *reader)
{
    switch (inquiry->kind) {
    case INQUIRY_TARGETS: return inquiry_ask_targets(inquiry, reader);
    case INQUIRY_HISTORY:
        return archive_history(reader, &inquiry->history, inquiry_hear, inquiry, &inquiry->window);
    case INQUIRY_SEARCH: break;
    }
    return archive_search(reader, &inquiry->search, inquiry_hear, inquiry, &inquiry->found);
}

/* What is not used of the room for records is given back. */
static void inquiry_trim(struct inquiry *inquiry)
{
    char *smaller = inquiry->len == 0 ? NULL : realloc(inquiry->records, inquiry->len);

    if (smaller != NULL) {
        inquiry->records = smaller;
    }
}

void inquiry_run(struct inquiry *inquiry, struct archive_reader *reader)
{
    int r = 0;

    inquiry->records = malloc(INQUIRY_BYTES + INQUIRY_HEAD + RECORD_ROOM + 8);
    r = inquiry->records == NULL ? -ENOMEM : inquiry_ask(inquiry, reader);
    inquiry->state = r == 0 || r == -ECANCELED ? INQUIRY_ANSWERED : INQUIRY_FAILED;
    inquiry_trim(inquiry);
}

/* ---- the asker's side ---- */

const struct record *inquiry_first(const struct inquiry *inquiry)
{
    return inquiry->len == 0
               ? NULL
               : (const struct record *)(const void *)(inquiry->records + INQUIRY_HEAD);
}

const struct record *inquiry_next(struct inquiry *inquiry, uint32_t *out_scope)
{
    const struct record *record;

    if (inquiry->at >= inquiry->len) {
        return NULL;
    }
    if (out_scope != NULL) {
        memcpy(out_scope, inquiry->records + inquiry->at, sizeof(*out_scope));
    }
    record = (const struct record *)(const void *)(inquiry->records + inquiry->at + INQUIRY_HEAD);
    inquiry->at += (INQUIRY_HEAD + record->size + 7) & ~(size_t)7;
    return record;
}
