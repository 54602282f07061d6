/* SPDX-License-Identifier: MIT */
/* Following: the short way of the many. Who is in one room, has nothing in its box and stands where
 * others of its view stood takes what they were shown; nothing is collected, merged or rendered for
 * it, and two places are saved in the journal. It must leave behind what output_pull() would. */
#include "front/output.h"

#include <string.h>

/* The only membership of a person who has nothing in its box; 0: it has, or is elsewhere too. */
static uint32_t follow_membership(const struct person *person)
{
    bool has_box = person->box_cursor.due < person->box.end;

    return has_box || person->n_memberships != 1 ? 0 : person->first_membership;
}

/* The run that has all that is due to this member; NULL: there is none. It begins behind the
 * member's last record of its own, so no history is due, and no end of its membership. */
static const struct run *follow_find(struct exchange *exchange, uint32_t row, uint32_t m)
{
    const struct hub *hub = &exchange->hub;
    const struct membership *membership = hub_membership(hub, m);
    const struct reader reader = { .exchange = exchange,
                                   .front = exchange->fronts[hub->state->wires[row].front],
                                   .row = row };
    const struct run *run = runs_find(&exchange->renderings.runs, membership->room,
                                      reader.front->view(&reader, m), membership->cursor.due);
    bool is_all = run != NULL && run->behind.due == hub_room(hub, membership->room)->chain.end;

    return is_all && run->number > hub->spoke[row] ? run : NULL;
}

static void follow_write(struct state *state, uint32_t row, uint32_t page, struct text bytes)
{
    struct wire_output *out = state_edit_output(state, row);

    memcpy(region_page(&state->region, page), bytes.at, bytes.len);
    out->page = page;
    out->base = out->produced;
    out->produced += bytes.len;
}

/* False: there is no page. */
static bool follow_take(struct state *state, uint32_t row, const struct run *run, uint32_t m)
{
    const struct cursor *cursor = &state->memberships[m].cursor;
    struct text bytes = run_from(run, cursor->due); /* none, if all of it is hidden */
    uint32_t page = bytes.len > 0 ? pages_lend(&state->pages, PAGE_OUTPUT) : 0;

    if (bytes.len > 0 && page == 0) {
        return false;
    }
    state_begin(state);
    if (page != 0) {
        follow_write(state, row, page, bytes);
    }
    *state_edit_cursor(state, cursor) = run->behind;
    output_store_minute(state, row, run->real_ms);
    state_commit(state);
    return true;
}

bool output_follow(struct exchange *exchange, uint32_t row, uint64_t written)
{
    struct state *state = exchange->hub.state;
    uint32_t m = follow_membership(&state->people[row]);
    const struct membership *membership = &state->memberships[m];
    const struct run *run;

    if (m == 0 || written != state->wires[row].out.produced) {
        return false;
    }
    if (membership->cursor.due == state->rooms[membership->room].chain.end) {
        return true;
    }
    run = follow_find(exchange, row, m);
    return run != NULL && follow_take(state, row, run, m);
}
