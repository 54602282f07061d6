/* SPDX-License-Identifier: MIT */
/* Merging what several places have: each gives the first so many of its numbers, in order; what
 * cannot be among the first so many of all is not even read. */
#include "store/lookup.h"

#include <errno.h>
#include <stdlib.h>

int hits_init(struct hits *hits, uint32_t limit, bool is_newest_first)
{
    *hits = (struct hits){ .limit = limit, .is_newest_first = is_newest_first };
    hits->at = calloc(2 * (size_t)limit + 1, sizeof(hits->at[0]));
    return hits->at == NULL ? -ENOMEM : 0;
}

void hits_fini(struct hits *hits)
{
    free(hits->at);
    *hits = (struct hits){ 0 };
}

static int hits_ascend(const void *a, const void *b)
{
    const struct hit *one = a, *other = b;

    return (one->number > other->number) - (one->number < other->number);
}

static int hits_descend(const void *a, const void *b)
{
    return hits_ascend(b, a);
}

/* Orders them, and forgets doubles and those behind the limit. */
static void hits_settle(struct hits *hits)
{
    uint32_t n = 0;

    qsort(hits->at, hits->n, sizeof(hits->at[0]),
          hits->is_newest_first ? hits_descend : hits_ascend);
    for (uint32_t i = 0; i < hits->n && n < hits->limit; i++) {
        if (n == 0 || hits->at[n - 1].number != hits->at[i].number) {
            hits->at[n++] = hits->at[i];
        }
    }
    hits->n = n;
}

/* What may still be among the first. */
static struct range hits_narrow(const struct hits *hits, struct range range)
{
    if (hits->n < hits->limit || hits->n == 0) {
        return range;
    }
    if (hits->is_newest_first) {
        range.low = u64_max(range.low, hits->at[hits->n - 1].number + 1);
    } else {
        range.high = u64_min(range.high, hits->at[hits->n - 1].number);
    }
    return range;
}

/* One strand of a spot: what was said, or events. Settled, so that there is room for the next. */
static int hits_add_strand(struct lookup *lookup, const struct spot *spot,
                           const struct range *range, uint32_t kinds, struct hits *hits)
{
    sqlite3_stmt *walk = lookup->statements[hits->is_newest_first ? LOOKUP_NEWEST : LOOKUP_OLDEST];
    struct range narrow = hits_narrow(hits, *range);
    int r;

    database_bind_u64(walk, 1, spot->id);
    database_bind_u64(walk, 2, (kinds & KINDS_SAID) == 0);
    database_bind_u64(walk, 3, u64_max(narrow.low, spot->since));
    database_bind_u64(walk, 4, narrow.high);
    database_bind_u64(walk, 5, kinds);
    database_bind_u64(walk, 6, spot->rank);
    database_bind_u64(walk, 7, hits->limit);
    database_bind_u64(walk, 8, spot->author);
    database_bind_u64(walk, 9, kinds & KINDS_PROGRAMS);
    while ((r = database_next(&lookup->database, walk)) == DATABASE_ROW) {
        hits->at[hits->n++] = (struct hit){ .number = database_u64(walk, 0), .scope = spot->scope };
    }
    hits_settle(hits);
    return r;
}

int lookup_add_hits(struct lookup *lookup, const struct spot *spot, const struct range *range,
                    uint32_t kinds, struct hits *hits)
{
    uint32_t said = kinds & KINDS_SAID, programs = kinds & KINDS_PROGRAMS;
    uint32_t events = kinds & ~(said | programs);
    int r = 0;

    if (said != 0) {
        r = hits_add_strand(lookup, spot, range, said | programs, hits);
    }
    if (r == 0 && events != 0) {
        r = hits_add_strand(lookup, spot, range, events | programs, hits);
    }
    return r;
}

/* From the newest place on: of a room that stays these are one after the other in time. */
int lookup_all_hits(struct lookup *lookup, const struct range *range, uint32_t kinds,
                    struct hits *hits)
{
    int r = 0;

    for (uint32_t i = 0; i < lookup->n_spots && r == 0; i++) {
        uint32_t at = hits->is_newest_first ? lookup->n_spots - 1 - i : i;

        r = lookup_add_hits(lookup, &lookup->spots[at], range, kinds, hits);
    }
    return r;
}
