/* SPDX-License-Identifier: MIT */
/* Questions and answers. An answer's numbers are found first; then each record is got and handed
 * on. */
#include "store/reader.h"

#include "store/search.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct archive_reader {
    struct lookup lookup;
};

int archive_reader_new(const char *path, struct archive_reader **out)
{
    struct archive_reader *reader = calloc(1, sizeof(*reader));

    if (reader == NULL) {
        return -ENOMEM;
    }
    *out = reader;
    return lookup_init(&reader->lookup, path);
}

struct archive_reader *archive_reader_free(struct archive_reader *reader)
{
    if (reader != NULL) {
        lookup_fini(&reader->lookup);
        free(reader);
    }
    return NULL;
}

bool archive_reader_is_stale(struct archive_reader *reader)
{
    return database_look(&reader->lookup.database) < 0;
}

const char *archive_reader_why(const struct archive_reader *reader)
{
    return reader->lookup.database.why;
}

/* Opens the moment that the question is about, and finds its scopes. */
static int archive_reader_begin(struct archive_reader *reader, const struct scope *scopes,
                                uint32_t n)
{
    int r = reader->lookup.database.db == NULL ? -ENOENT : lookup_begin(&reader->lookup);

    return r < 0 ? r : lookup_scopes(&reader->lookup, scopes, n);
}

/* ---- answers ---- */

static int archive_give(struct archive_reader *reader, const struct hit *hit, archive_record_fn fn,
                        void *context)
{
    const struct record *record;
    int r = lookup_record(&reader->lookup, hit->number, &record);

    return r == DATABASE_ROW ? fn(context, hit->scope, record) : r;
}

/* In the order of the log. */
static int archive_give_all(struct archive_reader *reader, const struct hits *hits,
                            archive_record_fn fn, void *context)
{
    int r = 0;

    for (uint32_t i = 0; i < hits->n && r >= 0; i++) {
        r = archive_give(reader, &hits->at[hits->is_newest_first ? hits->n - 1 - i : i], fn,
                         context);
    }
    return r < 0 ? r : 0;
}

/* ---- history ---- */

static int archive_find(struct archive_reader *reader, const struct range *range, uint32_t kinds,
                        struct hits *hits)
{
    return range->low >= range->high || hits->limit == 0
               ? 0
               : lookup_all_hits(&reader->lookup, range, kinds, hits);
}

/* The window as one range and a direction. */
static int archive_window(struct archive_reader *reader, const struct history_question *question,
                          struct range *out, bool *out_newest_first)
{
    static const struct bound none;
    const struct bound *from = &question->from, *to = &question->to;
    int r;

    *out_newest_first = question->window == WINDOW_LATEST || question->window == WINDOW_BEFORE;
    if (question->window == WINDOW_BEFORE) {
        from = &none;
    }
    if (question->window == WINDOW_LATEST || question->window == WINDOW_AFTER) {
        to = &none;
    }
    r = lookup_range(&reader->lookup, from, to, out);
    if (r == 0 && question->window == WINDOW_BETWEEN && out->low > out->high) {
        *out_newest_first = true;
        r = lookup_range(&reader->lookup, to, from, out);
    }
    return r;
}

/* A window, as the numbers in one or two ranges. */
struct archive_hits {
    struct hits parts[2]; /* owned; the first is before the second */
};

static int archive_find_window(struct archive_reader *reader,
                               const struct history_question *question, struct archive_hits *out)
{
    struct range range;
    bool is_newest_first = false;
    int r = archive_window(reader, question, &range, &is_newest_first);

    if (r == 0) {
        r = hits_init(&out->parts[0], question->limit, is_newest_first);
    }
    return r == 0 ? archive_find(reader, &range, question->kinds, &out->parts[0]) : r;
}

static int archive_find_around(struct archive_reader *reader,
                               const struct history_question *question, struct archive_hits *out)
{
    struct range before = { 0 }, after = { 0, INT64_MAX };
    uint32_t half = question->limit / 2;
    int r = 0;

    before.high = question->from.at;
    if (question->from.is_ms) {
        r = lookup_number_at(&reader->lookup, question->from.at, &before.high);
    }
    after.low = before.high;
    if (r == 0) {
        r = hits_init(&out->parts[0], half, true);
    }
    if (r == 0) {
        r = archive_find(reader, &before, question->kinds, &out->parts[0]);
    }
    if (r == 0) {
        r = hits_init(&out->parts[1], question->limit - out->parts[0].n, false);
    }
    return r == 0 ? archive_find(reader, &after, question->kinds, &out->parts[1]) : r;
}

/* Numbers are in the order that hits->is_newest_first says. */
static uint64_t archive_newest(const struct hits *hits)
{
    return hits->n == 0 ? 0 : hits->at[hits->is_newest_first ? 0 : hits->n - 1].number;
}

int archive_history(struct archive_reader *reader, const struct history_question *question,
                    archive_record_fn fn, void *context, struct history_answer *out)
{
    struct history_question bounded = *question;
    struct archive_hits hits = { 0 };
    int r = archive_reader_begin(reader, question->scopes, question->n_scopes);

    bounded.limit = (uint32_t)u64_min(question->limit, QUESTION_LIMIT_MAX);
    if (r == 0) {
        r = question->window == WINDOW_AROUND ? archive_find_around(reader, &bounded, &hits)
                                              : archive_find_window(reader, &bounded, &hits);
    }
    *out = (struct history_answer){ 0 };
    for (size_t i = 0; i < ARRAY_SIZE(hits.parts) && r == 0; i++) {
        out->n += hits.parts[i].n;
        out->newest = u64_max(out->newest, archive_newest(&hits.parts[i]));
    }
    for (size_t i = 0; i < ARRAY_SIZE(hits.parts); i++) {
        if (r == 0) {
            r = archive_give_all(reader, &hits.parts[i], fn, context);
        }
        hits_fini(&hits.parts[i]);
    }
    return lookup_end(&reader->lookup, r);
}

/* ---- search ---- */

int archive_search(struct archive_reader *reader, const struct search_question *question,
                   archive_record_fn fn, void *context, struct search_answer *out)
{
    struct search search = { 0 };
    struct hits hits = { 0 };
    int r = archive_reader_begin(reader, question->scopes, question->n_scopes);

    if (r == 0) {
        r = hits_init(&hits, (uint32_t)u64_min(question->limit, QUESTION_LIMIT_MAX),
                      !question->is_from_oldest);
    }
    if (r == 0) {
        r = search_run(&search, &reader->lookup, question, &hits);
    }
    if (r == 0) {
        r = archive_give_all(reader, &hits, fn, context);
    }
    if (r == 0) {
        *out = (struct search_answer){ .n = hits.n,
                                       .is_cut = search.is_cut,
                                       .reached = search.reached };
    }
    hits_fini(&hits);
    return lookup_end(&reader->lookup, r);
}

/* ---- targets ---- */

static int target_compare(const void *a, const void *b)
{
    const struct target *one = a, *other = b;

    return (one->number > other->number) - (one->number < other->number);
}

/* Puts it among the targets: there may be another spot of the same room; of too many the one whose
 * latest is oldest goes. */
static void archive_put_target(struct target *targets, uint32_t limit, uint32_t *n,
                               const struct target *target)
{
    uint32_t oldest = 0;

    for (uint32_t i = 0; i < *n; i++) {
        if (targets[i].scope == target->scope && strcasecmp(targets[i].name, target->name) == 0) {
            targets[i] = target->number > targets[i].number ? *target : targets[i];
            return;
        }
        oldest = targets[i].number < targets[oldest].number ? i : oldest;
    }
    if (*n < limit) {
        targets[(*n)++] = *target;
    } else if (limit > 0 && targets[oldest].number < target->number) {
        targets[oldest] = *target;
    }
}

static int archive_fill_target(struct archive_reader *reader, const struct spot *spot,
                               uint64_t number, struct target *out)
{
    const struct record *record;
    int r = lookup_record(&reader->lookup, number, &record);

    if (r == DATABASE_ROW) {
        *out = (struct target){ .scope = spot->scope, .number = number, .ms = record->real_ms };
        memcpy(out->name, spot->name, sizeof(out->name));
    }
    return r;
}

/* The latest thing that was said in the spot. DATABASE_ROW, 0: nothing was. */
static int archive_find_latest(struct archive_reader *reader, const struct spot *spot,
                               const struct range *range, struct target *out)
{
    struct hits hits;
    int r = hits_init(&hits, 1, true);

    if (r == 0) {
        r = lookup_add_hits(&reader->lookup, spot, range, KINDS_SAID, &hits);
    }
    if (r == 0 && hits.n > 0) {
        r = archive_fill_target(reader, spot, hits.at[0].number, out);
    }
    hits_fini(&hits);
    return r;
}

int archive_targets(struct archive_reader *reader, const struct history_question *question,
                    struct target *targets, uint32_t *out_n)
{
    struct range range = { 0 };
    struct target target = { 0 };
    uint32_t n = 0;
    int r = archive_reader_begin(reader, question->scopes, question->n_scopes);

    if (r == 0) {
        r = lookup_range(&reader->lookup, &question->from, &question->to, &range);
    }
    for (uint32_t i = 0; i < reader->lookup.n_spots && r >= 0; i++) {
        r = archive_find_latest(reader, &reader->lookup.spots[i], &range, &target);
        if (r == DATABASE_ROW) {
            archive_put_target(targets, question->limit, &n, &target);
        }
    }
    if (r >= 0) {
        qsort(targets, n, sizeof(targets[0]), target_compare);
        *out_n = n;
        r = 0;
    }
    return lookup_end(&reader->lookup, r);
}
