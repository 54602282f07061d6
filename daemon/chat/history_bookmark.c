/* SPDX-License-Identifier: MIT */
/* A walk through history between two steps, as it stays in a connection's row, in three forms: on
 * the way to the window, where it is in the chain; while the window is shown, the last record that
 * was passed, by its place in the log and by its number, so that it is known what comes next also
 * when the log has given that up; out of the archive, numbers alone. */
#include "chat/history.h"

#include <assert.h>

/* In `at`, from the lowest bit on: ordinals or part of a number; records; phase; the second form.
 */
enum { BOOKMARK_DUE_BITS = 40, BOOKMARK_N_BITS = 20, BOOKMARK_PHASE_BITS = 3 };

#define BOOKMARK_DUE_MASK ((UINT64_C(1) << BOOKMARK_DUE_BITS) - 1)
#define BOOKMARK_NUMBERED (UINT64_C(1) << 63)

static uint64_t bookmark_at(enum history_phase phase, uint32_t n, uint64_t low)
{
    assert(low >> BOOKMARK_DUE_BITS == 0 && n >> BOOKMARK_N_BITS == 0);
    return low | (uint64_t)n << BOOKMARK_DUE_BITS |
           (uint64_t)phase << (BOOKMARK_DUE_BITS + BOOKMARK_N_BITS);
}

static bool bookmark_is_shown(const struct history_walk *walk)
{
    return (walk->phase == HISTORY_SHOW || walk->phase == HISTORY_SHOW_TO) && walk->shown > 0;
}

struct history_bookmark history_keep(const struct hub *hub, const struct history_query *query,
                                     const struct history_walk *walk)
{
    struct history_bookmark out = { .pos = walk->cursor.pos, .span = walk->span };
    bool is_first = walk->cursor.due <= state_chain(hub->state, query->owner)->first;

    if (walk->phase == HISTORY_ARCHIVED) {
        return (struct history_bookmark){ .at = bookmark_at(walk->phase, 0, walk->newest >> 32),
                                          .pos = walk->shown,
                                          .span = (uint32_t)walk->newest };
    }
    if (!bookmark_is_shown(walk)) {
        out.at = bookmark_at(walk->phase, walk->n, walk->cursor.due);
        return out;
    }
    out.at = BOOKMARK_NUMBERED | bookmark_at(walk->phase, walk->n, walk->shown & BOOKMARK_DUE_MASK);
    out.pos = is_first ? 0 : walk->cursor.pos + 1;
    return out;
}

/* Is what comes next not in the log any more? The owner's chain is not empty, or nothing does. */
static bool bookmark_is_overtaken(const struct hub *hub, const struct chain *chain,
                                  const struct history_bookmark *bookmark, uint64_t shown)
{
    if (bookmark->pos > 0) {
        return bookmark->pos - 1 < hub->state->header->log.head;
    }
    return chain->first < chain->end &&
           log_record(hub->state, chain->first_pos)->number > shown + 1;
}

/* The second form: `low` are the low bits of a number that is not higher than the newest. */
static void bookmark_find(const struct hub *hub, uint32_t owner,
                          const struct history_bookmark *bookmark, uint64_t low,
                          struct history_walk *walk)
{
    const struct chain *chain = state_chain(hub->state, owner);
    uint64_t newest = hub->state->header->log.next_number;

    walk->shown = newest - ((newest - low) & BOOKMARK_DUE_MASK);
    walk->cursor = (struct cursor){ .due = chain->first, .pos = 0 };
    walk->is_overtaken = bookmark_is_overtaken(hub, chain, bookmark, walk->shown);
    if (bookmark->pos > 0 && !walk->is_overtaken &&
        !log_place_behind(hub->state, owner, bookmark->pos - 1, &walk->cursor)) {
        walk->cursor = cursor_at_end(chain); /* the owner is another: there is no more of it */
        walk->n = 0;
    }
}

struct history_walk history_resume(const struct hub *hub, const struct history_query *query,
                                   struct history_bookmark bookmark)
{
    uint64_t low = bookmark.at & BOOKMARK_DUE_MASK;
    uint64_t n = bookmark.at >> BOOKMARK_DUE_BITS & ((1U << BOOKMARK_N_BITS) - 1);
    uint64_t phase =
        bookmark.at >> (BOOKMARK_DUE_BITS + BOOKMARK_N_BITS) & ((1U << BOOKMARK_PHASE_BITS) - 1);
    struct history_walk walk = { .phase = (enum history_phase)phase };

    if (walk.phase == HISTORY_ARCHIVED) {
        walk.shown = bookmark.pos;
        walk.newest = low << 32 | bookmark.span;
        return walk;
    }
    walk.n = (uint32_t)n;
    walk.span = bookmark.span;
    walk.cursor = (struct cursor){ .due = low, .pos = bookmark.pos };
    if ((bookmark.at & BOOKMARK_NUMBERED) && query->owner != 0) {
        bookmark_find(hub, query->owner, &bookmark, low, &walk);
    }
    return walk;
}
