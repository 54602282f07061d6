/* SPDX-License-Identifier: MIT */
/* Comparing. The tables are compared as a whole, block by block; of the log what the last commit
 * kept. Offsets are from the region's start; the log's second mapping is folded onto its first. */
#include "support/shadow.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SHADOW_BLOCK = 2048, SHADOW_WORD = 8 };

void shadow_init(struct shadow *shadow, const struct state *state)
{
    *shadow = (struct shadow){ .state = state };
}

void shadow_fini(struct shadow *shadow)
{
    free(shadow->copy);
    shadow->copy = NULL;
}

const char *shadow_check(const struct shadow *shadow)
{
    return shadow->wrong[0] != '\0' ? shadow->wrong : NULL;
}

static void format_like(2, 3) shadow_blame(struct shadow *shadow, const char *format, ...)
{
    va_list arguments;

    if (shadow->wrong[0] != '\0') {
        return;
    }
    va_start(arguments, format);
    (void)vsnprintf(shadow->wrong, sizeof(shadow->wrong), format, arguments);
    va_end(arguments);
}

static const char *shadow_base(const struct shadow *shadow)
{
    return (const char *)shadow->state->region.header;
}

static const struct region_header *shadow_header(const struct shadow *shadow)
{
    return (const struct region_header *)(const void *)shadow->copy;
}

static uint64_t shadow_log_bytes(const struct shadow *shadow)
{
    return shadow->state->header->sizes.log_bytes;
}

/* ---- where things are ---- */

static bool shadow_has(const struct shadow_range *ranges, size_t n, size_t at)
{
    for (size_t i = n; i > 0; i--) {
        if (at >= ranges[i - 1].at && at < ranges[i - 1].at + ranges[i - 1].len) {
            return true;
        }
    }
    return false;
}

/* What plain stores change, and the journal itself. */
static bool shadow_is_exempt(size_t at)
{
    static const struct shadow_range exempt[] = {
        { offsetof(struct region_header, journal_len), sizeof(uint64_t) },
        { offsetof(struct region_header, in_hand), sizeof(struct in_hand) },
        { offsetof(struct region_header, suspect), sizeof(struct in_hand) },
        { offsetof(struct region_header, visible), sizeof(uint64_t) },
        { offsetof(struct region_header, journal), JOURNAL_BYTES },
    };

    return shadow_has(exempt, ARRAY_SIZE(exempt), at);
}

struct shadow_place {
    const char *table;
    size_t row, byte;
};

/* For the words of a complaint. */
static struct shadow_place shadow_place_of(const struct shadow *shadow, size_t at)
{
    const struct region *region = &shadow->state->region;
    const struct {
        const char *name, *start;
        size_t row_size;
    } tables[] = {
        { "log", region->log, 1 },
        { "cells", (const char *)region->cells, sizeof(struct cell) },
        { "memberships", (const char *)region->memberships, sizeof(struct membership) },
        { "rooms", (const char *)region->rooms, sizeof(struct room) },
        { "people", (const char *)region->people, sizeof(struct person) },
        { "wires", (const char *)region->wires, sizeof(struct wire) },
        { "header", (const char *)region->header, sizeof(struct region_header) },
    };

    for (size_t i = 0; i < ARRAY_SIZE(tables); i++) {
        size_t start = (size_t)(tables[i].start - shadow_base(shadow));

        if (at >= start) {
            return (struct shadow_place){ tables[i].name, (at - start) / tables[i].row_size,
                                          (at - start) % tables[i].row_size };
        }
    }
    return (struct shadow_place){ "nowhere", 0, 0 };
}

static void shadow_blame_at(struct shadow *shadow, const char *what, size_t at)
{
    struct shadow_place place = shadow_place_of(shadow, at);

    shadow_blame(shadow, "%s: %s, row %zu, byte %zu (commit %llu)", what, place.table, place.row,
                 place.byte, (unsigned long long)shadow->n_commits);
}

/* ---- comparing ---- */

/* Words of the region that differ from the copy must be in one of two lists, or exempt. */
static void shadow_compare_words(struct shadow *shadow, size_t from, size_t len, const char *what)
{
    const char *base = shadow_base(shadow);

    for (size_t at = from; at < from + len; at += SHADOW_WORD) {
        if (memcmp(base + at, shadow->copy + at, SHADOW_WORD) == 0 ||
            shadow_has(shadow->saved, shadow->n_saved, at) ||
            shadow_has(shadow->fresh, shadow->n_fresh, at) ||
            shadow_has(shadow->stored, shadow->n_stored, at) || shadow_is_exempt(at)) {
            continue;
        }
        shadow_blame_at(shadow, what, at);
        return;
    }
}

static void shadow_compare(struct shadow *shadow, size_t from, size_t len, const char *what)
{
    const char *base = shadow_base(shadow);

    while (len > 0) {
        size_t n = size_min(len, SHADOW_BLOCK);

        if (memcmp(base + from, shadow->copy + from, n) != 0) {
            shadow_compare_words(shadow, from, n, what);
        }
        from += n;
        len -= n;
    }
}

static void shadow_compare_log(struct shadow *shadow, const char *what)
{
    const struct log_state *log = &shadow_header(shadow)->log;
    uint64_t size = shadow_log_bytes(shadow);
    size_t start = (size_t)(log->head & (size - 1));
    size_t len = (size_t)(log->tail - log->head);
    size_t first = size_min(len, (size_t)size - start);

    shadow_compare(shadow, shadow->log_at + start, first, what);
    shadow_compare(shadow, shadow->log_at, len - first, what);
}

static void shadow_compare_all(struct shadow *shadow, const char *what)
{
    size_t behind = offsetof(struct region_header, journal) + JOURNAL_BYTES;

    shadow_compare(shadow, 0, offsetof(struct region_header, journal), what);
    shadow_compare(shadow, behind, shadow->log_at - behind, what);
    shadow_compare_log(shadow, what);
}

/* ---- the points ---- */

static void shadow_take_copy(struct shadow *shadow)
{
    const struct region *region = &shadow->state->region;

    if (shadow->copy == NULL) {
        shadow->log_at = (size_t)(region->log - shadow_base(shadow));
        shadow->len = shadow->log_at + (size_t)shadow_log_bytes(shadow);
        shadow->copy = malloc(shadow->len);
    }
    if (shadow->copy != NULL) {
        memcpy(shadow->copy, shadow_base(shadow), shadow->len);
    }
    shadow->n_saved = 0;
    shadow->n_fresh = 0;
    shadow->n_stored = 0;
}

static void shadow_add(struct shadow *shadow, struct shadow_range *ranges, size_t *n,
                       struct shadow_range range)
{
    if (*n == SHADOW_RANGES) {
        shadow_blame(shadow, "the shadow's lists are too short for this transaction");
        return;
    }
    ranges[(*n)++] = range;
}

/* An object must be saved before its first change: afterwards the journal holds the new value. */
static void shadow_on_saved(struct shadow *shadow, size_t at, size_t len)
{
    shadow_compare_words(shadow, at, len / SHADOW_WORD * SHADOW_WORD,
                         "changed before it was saved in the journal");
    shadow_add(shadow, shadow->saved, &shadow->n_saved, (struct shadow_range){ at, len });
}

static bool shadow_is_kept(const struct shadow *shadow, size_t at)
{
    const struct log_state *log = &shadow_header(shadow)->log;
    uint64_t mask = shadow_log_bytes(shadow) - 1;

    return (((at - shadow->log_at) - log->head) & mask) < log->tail - log->head;
}

/* The one word of a kept record that may change: where the newest of a chain has its next. */
static bool shadow_is_next_of_newest(const struct shadow *shadow, const void *at, size_t len)
{
    const struct state *state = shadow->state;
    const struct link *link =
        (const void *)((const char *)at - offsetof(struct link, next)); /* if it is one */
    uint32_t row = link->owner & ~LINK_BOX;
    uint64_t mask = shadow_log_bytes(shadow) - 1;
    const struct chain *chain;
    const struct record *newest;

    if (len != sizeof(link->next) || (const char *)at < state->region.log + sizeof(*link) ||
        row >= (link->owner & LINK_BOX ? state->header->sizes.wires : state->header->sizes.rooms)) {
        return false;
    }
    chain = state_chain(state, link->owner);
    newest = (const void *)(state->region.log + (chain->last_pos & mask));
    return chain->end > chain->first && link->ordinal + 1 == chain->end &&
           (const char *)at > (const char *)newest &&
           (const char *)at < (const char *)newest + newest->size;
}

static void shadow_on_fresh(struct shadow *shadow, const void *where, size_t at, size_t len)
{
    if (at < shadow->log_at || at >= shadow->log_at + 2 * shadow_log_bytes(shadow)) {
        shadow_blame_at(shadow, "fresh bytes outside the log", at);
        return;
    }
    for (size_t i = 0; i < len; i += SHADOW_WORD) {
        size_t word = at + i;

        if (word >= shadow->len) {
            word -= (size_t)shadow_log_bytes(shadow); /* the second mapping */
        }
        if (shadow_is_kept(shadow, word) && !shadow_is_next_of_newest(shadow, where, len)) {
            shadow_blame_at(shadow, "a rollback would need what is overwritten here", word);
        }
        if (i == 0 || word == shadow->log_at) {
            size_t n = size_min(len - i, shadow->len - word);

            shadow_add(shadow, shadow->fresh, &shadow->n_fresh, (struct shadow_range){ word, n });
        }
    }
}

static void shadow_on_stored(struct shadow *shadow, size_t at, size_t len)
{
    memcpy(shadow->copy + at, shadow_base(shadow) + at, len);
    if (shadow->n_saved > 0) { /* a rollback may bring the old value back */
        at -= at % SHADOW_WORD;
        shadow_add(shadow, shadow->stored, &shadow->n_stored,
                   (struct shadow_range){ at, SHADOW_WORD });
    }
}

static void shadow_copy_ranges(struct shadow *shadow, const struct shadow_range *ranges, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        memcpy(shadow->copy + ranges[i].at, shadow_base(shadow) + ranges[i].at, ranges[i].len);
    }
}

static void shadow_on_committed(struct shadow *shadow)
{
    shadow_copy_ranges(shadow, shadow->saved, shadow->n_saved);
    shadow_copy_ranges(shadow, shadow->fresh, shadow->n_fresh);
    shadow->n_saved = 0;
    shadow->n_fresh = 0;
    shadow->n_stored = 0;
    shadow->n_commits++;
}

/* Nothing but what the dead transaction announced as needing no undo may differ. */
static void shadow_on_restarted(struct shadow *shadow)
{
    shadow->n_saved = 0;
    shadow_compare_all(shadow, "not rolled back");
    shadow_take_copy(shadow);
    shadow->is_restarted = false;
}

void shadow_on_point(struct shadow *shadow, enum tx_point point, const void *at, size_t len)
{
    size_t offset = at == NULL ? 0 : (size_t)((const char *)at - shadow_base(shadow));

    if (shadow->copy == NULL) {
        shadow_take_copy(shadow);
    }
    if (shadow->is_restarted) {
        shadow_on_restarted(shadow);
    }
    switch (point) {
    case TX_SAVED: shadow_on_saved(shadow, offset, len); break;
    case TX_FRESH: shadow_on_fresh(shadow, at, offset, len); break;
    case TX_COMMITTING: shadow_compare_all(shadow, "changed without a journal entry"); break;
    case TX_COMMITTED: shadow_on_committed(shadow); break;
    case TX_STORED: shadow_on_stored(shadow, offset, len); break;
    }
}

void shadow_restart(struct shadow *shadow)
{
    shadow->is_restarted = shadow->copy != NULL;
}
