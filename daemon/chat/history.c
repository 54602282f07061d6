/* SPDX-License-Identifier: MIT */
/* Walks through a chain: to a point from the nearer end, back over what is wanted, and forward
 * again. Every function looks at a bounded number of records. */
#include "chat/history.h"

#include <assert.h>

/* ---- walking ---- */

/* Does the window's first half begin behind this record? */
static bool history_is_passed(const struct history_query *query, const struct record *record)
{
    if (query->window == HISTORY_AFTER || query->window == HISTORY_BETWEEN) {
        return !history_is_after(record, &query->from);
    }
    return history_is_before(record, &query->from);
}

static const struct chain *history_chain(const struct hub *hub, const struct history_query *query)
{
    return state_chain(hub->state, query->owner);
}

static const struct record *history_due(const struct hub *hub, const struct history_query *query,
                                        const struct history_walk *walk, uint64_t *out_pos)
{
    return log_due(hub->state, query->owner, history_chain(hub, query), &walk->cursor, out_pos) ==
                   DUE_RECORD
               ? log_record(hub->state, *out_pos)
               : NULL;
}

/* The record before the cursor; NULL: the log keeps none. */
static const struct record *history_behind(const struct hub *hub, const struct history_query *query,
                                           const struct history_walk *walk)
{
    return walk->cursor.due > history_chain(hub, query)->first
               ? log_record(hub->state, walk->cursor.pos)
               : NULL;
}

static void history_retreat(const struct history_query *query, struct history_walk *walk,
                            const struct record *behind)
{
    walk->cursor.pos = record_link(behind, query->owner)->prev;
    walk->cursor.due--;
    walk->span += walk->span < UINT32_MAX;
    walk->looks++;
}

static void history_span_to_end(const struct hub *hub, const struct history_query *query,
                                struct history_walk *walk)
{
    walk->span = (uint32_t)u64_min(history_chain(hub, query)->end - walk->cursor.due, UINT32_MAX);
}

/* What the log has given up since the last step is passed over. */
static void history_catch_up(const struct hub *hub, const struct history_query *query,
                             struct history_walk *walk)
{
    uint64_t first = history_chain(hub, query)->first;

    if (walk->cursor.due < first) {
        walk->span -= (uint32_t)u64_min(first - walk->cursor.due, walk->span);
        walk->cursor = (struct cursor){ .due = first, .pos = 0 };
    }
}

/* ---- finding ---- */

static uint64_t history_value(const struct record *record, const struct history_point *point)
{
    return point->kind == POINT_NUMBER ? record->number : record->real_ms;
}

/* From the end that is probably nearer. */
static void history_begin(const struct hub *hub, const struct history_query *query,
                          struct history_walk *walk)
{
    const struct chain *chain = history_chain(hub, query);

    walk->cursor = cursor_at_end(chain);
    walk->phase = HISTORY_COUNT;
    if (query->window == HISTORY_LATEST || chain->first == chain->end) {
        return;
    }
    walk->phase = HISTORY_SEEK_BACK;
    if (query->from.kind != POINT_NONE) {
        uint64_t low = history_value(log_record(hub->state, chain->first_pos), &query->from);
        uint64_t high = history_value(log_record(hub->state, chain->last_pos), &query->from);

        if (query->from.at < low + (high - low) / 2) {
            walk->cursor = (struct cursor){ .due = chain->first, .pos = 0 };
            walk->phase = HISTORY_SEEK_FORWARD;
        }
    }
}

static bool history_has_looked_enough(const struct history_walk *walk)
{
    return walk->looks >= HISTORY_LOOKS;
}

/* One record on. False: it is not passed, or there is none. */
static bool history_seek_forward(const struct hub *hub, const struct history_query *query,
                                 struct history_walk *walk)
{
    uint64_t pos;
    const struct record *record = history_due(hub, query, walk, &pos);

    if (record == NULL || !history_is_passed(query, record)) {
        return false;
    }
    walk->cursor = cursor_after(&walk->cursor, pos);
    walk->looks++;
    return true;
}

/* One record back. False: it is passed, or the log keeps none. */
static bool history_seek_back(const struct hub *hub, const struct history_query *query,
                              struct history_walk *walk)
{
    const struct record *record = history_behind(hub, query, walk);

    if (record == NULL || history_is_passed(query, record)) {
        return false;
    }
    history_retreat(query, walk, record);
    return true;
}

/* To the first record that is not passed. False: paused. */
static bool history_seek(const struct hub *hub, const struct history_query *query,
                         struct history_walk *walk)
{
    bool is_forward = walk->phase == HISTORY_SEEK_FORWARD;

    while (!history_has_looked_enough(walk)) {
        if (!(is_forward ? history_seek_forward(hub, query, walk)
                         : history_seek_back(hub, query, walk))) {
            return true;
        }
    }
    return false;
}

/* The point is found: what comes now depends on the window. */
static void history_turn(const struct hub *hub, const struct history_query *query,
                         struct history_walk *walk)
{
    const struct record *due;
    uint64_t pos;
    bool is_forward = query->window == HISTORY_AFTER;

    walk->n = 0;
    walk->span = 0;
    walk->phase = HISTORY_COUNT;
    if (query->window == HISTORY_BETWEEN) {
        due = history_due(hub, query, walk, &pos);
        is_forward = due != NULL && history_is_before(due, &query->to);
    }
    if (is_forward) {
        walk->phase = query->window == HISTORY_BETWEEN ? HISTORY_SHOW_TO : HISTORY_SHOW;
        walk->n = query->limit;
        history_span_to_end(hub, query, walk);
    }
}

/* A walk back ends here, since all before is not wanted? */
static bool history_is_too_early(const struct history_query *query, const struct record *record)
{
    return (query->window == HISTORY_LATEST && !history_is_after(record, &query->from)) ||
           (query->window == HISTORY_BETWEEN && !history_is_after(record, &query->to));
}

/* Back over as many as are wanted. *out_record is the one it stopped before: NULL, when nothing is
 * kept before the cursor. False: paused. */
static bool history_count(const struct hub *hub, const struct history_query *query,
                          struct history_walk *walk, const struct record **out_record)
{
    uint32_t wanted = query->window == HISTORY_AROUND ? query->limit / 2 : query->limit;

    while (!history_has_looked_enough(walk)) {
        const struct record *record = history_behind(hub, query, walk);

        *out_record = record;
        if (record == NULL || walk->n >= wanted || history_is_too_early(query, record)) {
            return true;
        }
        history_retreat(query, walk, record);
        if (query->window == HISTORY_BETWEEN && !history_is_before(record, &query->from)) {
            walk->span = 0; /* the window ends before it */
        } else if (history_shows(hub, query, record) && walk->n < HISTORY_ALL) {
            walk->n++;
        }
    }
    return false;
}

static void history_start_showing(const struct hub *hub, const struct history_query *query,
                                  struct history_walk *walk)
{
    walk->phase = HISTORY_SHOW;
    if (query->window == HISTORY_AROUND) {
        walk->n = query->limit;
        history_span_to_end(hub, query, walk);
    }
}

/* Does the window begin where the log does, and something was before? */
static bool history_is_cut(const struct hub *hub, const struct history_query *query,
                           const struct history_walk *walk)
{
    const struct chain *chain = history_chain(hub, query);

    return (chain->first > 0 || query->has_past) && walk->cursor.due == chain->first;
}

/* Was the walk back, or what it began at, ended by the log's beginning? Before a point around which
 * there is to be one record none is wanted: but that one may be older than the log. */
static bool history_lacks(const struct hub *hub, const struct history_query *query,
                          const struct history_walk *walk, uint32_t wanted)
{
    return (walk->n < wanted || wanted == 0) && query->limit > 0 &&
           history_is_cut(hub, query, walk);
}

static int history_go_back(const struct hub *hub, const struct history_query *query,
                           struct history_walk *walk)
{
    const struct record *stopped_at = NULL;
    uint32_t wanted = query->window == HISTORY_AROUND ? query->limit / 2 : query->limit;
    bool is_older;

    if (!history_count(hub, query, walk, &stopped_at)) {
        return HISTORY_PAUSED;
    }
    is_older = stopped_at == NULL && history_lacks(hub, query, walk, wanted);
    history_start_showing(hub, query, walk);
    return is_older ? HISTORY_OLDER : HISTORY_FOUND;
}

/* The bookmark is of another room: who asks was thrown out between two steps, or the room is over
 * and somebody has opened one of the same name. */
static void history_end(const struct hub *hub, const struct history_query *query,
                        struct history_walk *walk)
{
    *walk = (struct history_walk){ .phase = HISTORY_SHOW,
                                   .cursor = cursor_at_end(history_chain(hub, query)) };
}

/* To the window's first record. */
static int history_go(const struct hub *hub, const struct history_query *query,
                      struct history_walk *walk)
{
    if (walk->phase == HISTORY_SEEK_FORWARD || walk->phase == HISTORY_SEEK_BACK) {
        if (!history_seek(hub, query, walk)) {
            return HISTORY_PAUSED;
        }
        history_turn(hub, query, walk);
        if (walk->phase != HISTORY_COUNT) {
            return history_is_cut(hub, query, walk) ? HISTORY_OLDER : HISTORY_FOUND;
        }
    }
    return walk->phase == HISTORY_COUNT ? history_go_back(hub, query, walk) : HISTORY_FOUND;
}

/* Nothing is passed yet: what comes first is behind this number. */
static void history_note_first(const struct hub *hub, const struct history_query *query,
                               struct history_walk *walk)
{
    uint64_t pos;
    const struct record *first = history_due(hub, query, walk, &pos);

    walk->shown = first == NULL ? 0 : first->number - 1;
}

int history_find(const struct hub *hub, const struct history_query *query,
                 struct history_walk *walk)
{
    int r;

    history_catch_up(hub, query, walk);
    if (walk->phase == HISTORY_BEGIN) {
        history_begin(hub, query, walk);
    } else if (!log_is_place(hub->state, query->owner, &walk->cursor)) {
        history_end(hub, query, walk);
    }
    if (walk->phase == HISTORY_SHOW || walk->phase == HISTORY_SHOW_TO) {
        return HISTORY_FOUND;
    }
    r = history_go(hub, query, walk);
    if (r != HISTORY_PAUSED) {
        history_note_first(hub, query, walk);
    }
    return r;
}

/* ---- reading ---- */

int history_next(const struct hub *hub, const struct history_query *query,
                 struct history_walk *walk, const struct record **out_record)
{
    assert(walk->phase == HISTORY_SHOW || walk->phase == HISTORY_SHOW_TO);
    history_catch_up(hub, query, walk);
    while (walk->n > 0 && walk->span > 0) {
        uint64_t pos;
        const struct record *record = history_due(hub, query, walk, &pos);

        if (record == NULL ||
            (walk->phase == HISTORY_SHOW_TO && !history_is_before(record, &query->to))) {
            break;
        }
        if (history_has_looked_enough(walk)) {
            return HISTORY_PAUSED;
        }
        walk->looks++;
        walk->span--;
        walk->cursor = cursor_after(&walk->cursor, pos);
        walk->shown = record->number;
        if (history_shows(hub, query, record)) {
            walk->n -= walk->n < HISTORY_ALL;
            *out_record = record;
            return HISTORY_RECORD;
        }
    }
    return HISTORY_END;
}

struct cursor history_cursor(const struct hub *hub, const struct history_query *whose,
                             uint64_t ordinal, uint32_t n, uint32_t *out_n)
{
    const struct chain *chain = history_chain(hub, whose);
    struct cursor cursor = log_seek(hub->state, whose->owner, chain, ordinal);
    uint32_t found = 0;

    for (int looks = 0; found < n && cursor.due > chain->first && looks < HISTORY_LOOKS; looks++) {
        const struct record *record = log_record(hub->state, cursor.pos);

        found += history_shows(hub, whose, record);
        cursor.pos = record_link(record, whose->owner)->prev;
        cursor.due--;
    }
    if (out_n != NULL) {
        *out_n = found;
    }
    return cursor;
}
