/* SPDX-License-Identifier: MIT */
/* Groups that share a run, and the page it is sent out of. */
#include "front/follow.h"

#include <string.h>

void followers_begin(struct followers *followers, struct exchange *exchange)
{
    *followers = (struct followers){ .exchange = exchange };
}

/* The only membership of a person who has nothing in its box; 0: it has, or is elsewhere too. */
static uint32_t follow_membership(const struct person *person)
{
    bool has_box = person->box_cursor.due < person->box.end;

    return has_box || person->n_memberships != 1 ? 0 : person->first_membership;
}

/* What is due to this member, as a run for all who stand where it stands. If there is too much, it
 * ends before the room does. NULL: there is something of its own, or the log took some. */
static const struct run *follow_make_run(const struct reader *reader, uint32_t m, uint32_t view)
{
    const struct hub *hub = reader_hub(reader);
    const struct membership *membership = hub_membership(hub, m);
    const struct chain *chain = &hub_room(hub, membership->room)->chain;
    struct cursor cursor = membership->cursor;
    struct run *run = NULL;
    uint64_t pos;

    while (log_due(hub->state, membership->room, chain, &cursor, &pos) == DUE_RECORD) {
        const struct record *record = log_record(hub->state, pos);
        struct place place = { .membership = m, .ordinal = cursor.due };

        if (run == NULL && record->number <= hub->spoke[reader->row]) {
            return NULL;
        }
        if (run == NULL) {
            run =
                runs_begin(&reader->exchange->renderings.runs, membership->room, view, cursor.due);
        }
        if (!run_add(run, record, pos, output_rendering(reader, record, pos, place))) {
            return run;
        }
        cursor = run->behind;
    }
    return run;
}

/* The run that has what is due to this member: the group's, if it has one; NULL: there is none. */
static const struct run *follow_find(const struct followers *followers, uint32_t row, uint32_t m)
{
    struct exchange *exchange = followers->exchange;
    const struct membership *membership = hub_membership(&exchange->hub, m);
    const struct reader reader = { .exchange = exchange,
                                   .front = exchange->fronts[exchange->hub.state->wires[row].front],
                                   .row = row };
    uint32_t view = reader.front->view(&reader, m);
    const struct run *run = followers->run;

    if (run != NULL) {
        return run_has(run, membership->room, view, membership->cursor.due) ? run : NULL;
    }
    run = runs_find(&exchange->renderings.runs, membership->room, view, membership->cursor.due);
    return run != NULL ? run : follow_make_run(&reader, m, view);
}

/* All that is due is in it, and nothing before the member's last record of its own: so there is
 * neither history nor an end of its membership. */
static bool follow_has_all(const struct followers *followers, const struct run *run, uint32_t row)
{
    const struct hub *hub = &followers->exchange->hub;

    return run->behind.due == hub_room(hub, run->room)->chain.end && run->number > hub->spoke[row];
}

/* One more holds the page; the first brings it. False: there is none. */
static bool follow_hold_page(struct followers *followers, const struct run *run)
{
    struct state *state = followers->exchange->hub.state;

    if (followers->page != 0) {
        pages_share(&state->pages, followers->page);
        return true;
    }
    followers->page = pages_lend(&state->pages, PAGE_OUTPUT);
    if (followers->page != 0) {
        memcpy(region_page(&state->region, followers->page), run->bytes, run->n_bytes);
    }
    return followers->page != 0;
}

/* False: there is no page, or its first byte would come before those of the connection. */
static bool follow_take(struct followers *followers, const struct run *run, uint32_t row,
                        uint32_t m)
{
    struct state *state = followers->exchange->hub.state;
    const struct cursor *cursor = &state->memberships[m].cursor;
    uint32_t start = run_start(run, cursor->due);
    bool is_shown = start < run->n_bytes; /* else all of it is hidden */

    if (is_shown && (state->wires[row].out.produced < start || !follow_hold_page(followers, run))) {
        return false;
    }
    if (followers->run == NULL) {
        followers->run = run;
        state_begin(state);
    }
    if (is_shown) {
        struct wire_output *out = state_edit_output(state, row);

        out->page = followers->page;
        out->base = out->produced - start;
        out->produced = out->base + run->n_bytes;
    }
    *state_edit_cursor(state, cursor) = run->behind;
    output_store_minute(state, row, run->real_ms);
    return true;
}

bool followers_add(struct followers *followers, uint32_t row, uint64_t written)
{
    struct state *state = followers->exchange->hub.state;
    const struct wire *wire = &state->wires[row];
    uint32_t m = follow_membership(&state->people[row]);
    const struct membership *membership = &state->memberships[m];
    const struct run *run;

    if (m == 0 || written != wire->out.produced) {
        return false;
    }
    if (membership->cursor.due == state->rooms[membership->room].chain.end) {
        return true;
    }
    state_set_in_hand(state, IN_HAND_FLUSH, wire->id, wire->out.produced);
    run = follow_find(followers, row, m);
    return run != NULL && follow_has_all(followers, run, row) &&
           follow_take(followers, run, row, m);
}

void followers_commit(struct followers *followers)
{
    struct state *state = followers->exchange->hub.state;

    if (followers->run != NULL) {
        state_commit(state);
    }
    state_clear_in_hand(state);
}
