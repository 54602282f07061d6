/* SPDX-License-Identifier: MIT */
/* Opening and closing, transactions, typed edits, rows. */
#include "state/state.h"

#include <string.h>

static bool state_wire_is_used(const void *context, uint32_t row)
{
    const struct state *state = context;

    return row < state->written.wires && state->wires[row].id != 0;
}

static bool state_room_is_used(const void *context, uint32_t row)
{
    const struct state *state = context;

    return row < state->written.rooms && state->rooms[row].id != 0;
}

static bool state_membership_is_used(const void *context, uint32_t row)
{
    const struct state *state = context;

    return row < state->written.memberships && state->memberships[row].person != 0;
}

/* A cell in use has text; freeing one empties it. */
static bool state_cell_is_used(const void *context, uint32_t row)
{
    const struct state *state = context;

    return row < state->written.cells && state->region.cells[row].len != 0;
}

static struct region_sizes state_find_written(const struct region *region)
{
    struct region_sizes written = region->header->sizes;

    written.wires = region_rows_written(region, region->wires, sizeof(struct wire), written.wires);
    written.rooms = region_rows_written(region, region->rooms, sizeof(struct room), written.rooms);
    written.memberships = region_rows_written(region, region->memberships,
                                              sizeof(struct membership), written.memberships);
    written.cells = region_rows_written(region, region->cells, sizeof(struct cell), written.cells);
    return written;
}

static int state_scan(struct state *state)
{
    const struct region_sizes *sizes = &state->header->sizes;
    int r = table_init(&state->free_wires, sizes->wires, state_wire_is_used, state);

    if (r == 0) {
        r = table_init(&state->free_rooms, sizes->rooms, state_room_is_used, state);
    }
    if (r == 0) {
        r = table_init(&state->free_memberships, sizes->memberships, state_membership_is_used,
                       state);
    }
    if (r == 0) {
        r = table_init(&state->free_cells, sizes->cells, state_cell_is_used, state);
    }
    if (r == 0) {
        r = pages_init(&state->pages, &state->region);
    }
    return r;
}

int state_open(struct state *state, struct region *region, struct tx_observer *observer)
{
    int r;

    *state = (struct state){ .region = *region };
    *region = (struct region){ .fd = -1 };
    state->header = state->region.header;
    state->wires = state->region.wires;
    state->people = state->region.people;
    state->rooms = state->region.rooms;
    state->memberships = state->region.memberships;
    state->past = state->region.past;
    state->was_open = tx_init(&state->tx, &state->region, observer);
    state->region.header->visible = state->header->log.tail;
    state->round_log_at = state->header->log.tail;
    state->written = state_find_written(&state->region);
    r = state_scan(state);
    if (r < 0) {
        (void)state_close(state, false);
        return r;
    }
    return 0;
}

int state_close(struct state *state, bool keep_fd)
{
    table_fini(&state->free_wires);
    table_fini(&state->free_rooms);
    table_fini(&state->free_memberships);
    table_fini(&state->free_cells);
    pages_fini(&state->pages);
    return region_close(&state->region, keep_fd);
}

void state_begin(struct state *state)
{
    tx_begin(&state->tx);
}

void state_commit(struct state *state)
{
    tx_commit(&state->tx);
    table_settle(&state->free_wires);
    table_settle(&state->free_rooms);
    table_settle(&state->free_memberships);
    table_settle(&state->free_cells);
    if (state->header->visible != state->header->log.tail) {
        __atomic_store_n(&state->region.header->visible, state->header->log.tail, __ATOMIC_RELEASE);
    }
}

struct wire *state_edit_wire(struct state *state, uint32_t row)
{
    return tx_edit(&state->tx, &state->wires[row], sizeof(struct wire));
}

struct wire_input *state_edit_input(struct state *state, uint32_t row)
{
    return tx_edit(&state->tx, &state->wires[row].in, sizeof(struct wire_input));
}

struct wire_output *state_edit_output(struct state *state, uint32_t row)
{
    return tx_edit(&state->tx, &state->wires[row].out, sizeof(struct wire_output));
}

struct wire_flood *state_edit_flood(struct state *state, uint32_t row)
{
    return tx_edit(&state->tx, &state->wires[row].flood, sizeof(struct wire_flood));
}

struct person *state_edit_person(struct state *state, uint32_t row)
{
    return tx_edit(&state->tx, &state->people[row], sizeof(struct person));
}

struct room *state_edit_room(struct state *state, uint32_t row)
{
    return tx_edit(&state->tx, &state->rooms[row], sizeof(struct room));
}

struct membership *state_edit_membership(struct state *state, uint32_t row)
{
    return tx_edit(&state->tx, &state->memberships[row], sizeof(struct membership));
}

struct past *state_edit_past(struct state *state, uint32_t row)
{
    return tx_edit(&state->tx, &state->past[row], sizeof(struct past));
}

struct cursor *state_edit_cursor(struct state *state, const struct cursor *cursor)
{
    return tx_edit(&state->tx, cursor, sizeof(*cursor));
}

struct chain *state_edit_chain(struct state *state, const struct chain *chain)
{
    return tx_edit(&state->tx, chain, sizeof(*chain));
}

struct log_state *state_edit_log(struct state *state)
{
    return tx_edit(&state->tx, &state->header->log, sizeof(struct log_state));
}

struct counters *state_edit_counters(struct state *state)
{
    return tx_edit(&state->tx, &state->header->counters, sizeof(struct counters));
}

uint32_t state_take_wire(struct state *state)
{
    uint32_t row = table_take(&state->free_wires);

    if (row != 0) {
        state_edit_wire(state, row)->id = state_edit_counters(state)->next_connection_id++;
    }
    return row;
}

/* ---- what few have ---- */

struct person_more state_person_more(const struct state *state, uint32_t row)
{
    struct person_more more = { 0 };
    uint32_t cell = state->people[row].more;

    if (cell != 0) {
        memcpy(&more, state->region.cells[cell].bytes, sizeof(more));
    }
    return more;
}

void state_set_person_more(struct state *state, uint32_t row, const struct person_more *more)
{
    static const struct person_more nothing;
    struct text bytes = { .at = (const char *)more, .len = sizeof(*more) };

    if (memcmp(more, &nothing, sizeof(*more)) == 0) {
        bytes.len = 0;
    }
    state_set_text(state, &state_edit_person(state, row)->more, bytes);
}

static void state_free_more(struct state *state, uint32_t row)
{
    struct person_more more = state_person_more(state, row);

    state_set_text(state, &more.account, TEXT_NONE);
    state_set_text(state, &more.host, TEXT_NONE);
    state_set_text(state, &more.invited, TEXT_NONE);
    state_set_text(state, &more.watched, TEXT_NONE);
    state_set_text(state, &more.marks, TEXT_NONE);
    state_set_person_more(state, row, &more);
}

/* The row's memory is zero while it is free, so a taken row needs no cleaning. */
void state_free_wire(struct state *state, uint32_t row)
{
    struct person *person = state_edit_person(state, row);

    state_set_text(state, &person->user, TEXT_NONE);
    state_set_text(state, &person->realname, TEXT_NONE);
    state_set_text(state, &person->away, TEXT_NONE);
    state_free_more(state, row);
    *person = (struct person){ 0 };
    *state_edit_wire(state, row) = (struct wire){ 0 };
    table_give_back(&state->free_wires, row);
}

uint32_t state_take_room(struct state *state)
{
    uint32_t row = table_take(&state->free_rooms);

    if (row != 0) {
        state_edit_room(state, row)->id = state_edit_counters(state)->next_room_id++;
    }
    return row;
}

void state_free_room(struct state *state, uint32_t row)
{
    struct room *room = state_edit_room(state, row);

    state_set_text(state, &room->topic, TEXT_NONE);
    state_set_text(state, &room->topic_by, TEXT_NONE);
    state_set_text(state, &room->key, TEXT_NONE);
    for (int list = 0; list < ROOM_LISTS; list++) {
        state_set_text(state, &room->lists[list], TEXT_NONE);
    }
    *room = (struct room){ 0 };
    table_give_back(&state->free_rooms, row);
}

uint32_t state_take_membership(struct state *state)
{
    return table_take(&state->free_memberships);
}

void state_free_membership(struct state *state, uint32_t row)
{
    *state_edit_membership(state, row) = (struct membership){ 0 };
    table_give_back(&state->free_memberships, row);
}

const struct chain *state_chain(const struct state *state, uint32_t owner)
{
    if (owner & LINK_BOX) {
        return &state->people[owner & ~LINK_BOX].box;
    }
    return &state->rooms[owner].chain;
}

uint32_t state_tenant(const struct state *state, uint32_t owner)
{
    if (owner & LINK_BOX) {
        return (uint32_t)state->wires[owner & ~LINK_BOX].id;
    }
    return state->rooms[owner].id;
}

void state_set_in_hand(struct state *state, enum in_hand_kind kind, uint64_t id, uint64_t offset)
{
    struct in_hand *in_hand = &state->region.header->in_hand;

    in_hand->id = id;
    in_hand->offset = offset;
    in_hand->signal = 0;
    tx_fence();
    in_hand->kind = (uint16_t)kind;
    tx_fence();
}

void state_clear_in_hand(struct state *state)
{
    tx_fence();
    state->region.header->in_hand.kind = IN_HAND_NOTHING;
    tx_fence();
}

/* The suspect is kept apart from what is in hand, because a start handles other things before it
 * comes to the one that kills it. */
uint32_t state_count_in_hand(struct state *state)
{
    const struct in_hand *in_hand = &state->header->in_hand;
    struct in_hand *suspect = &state->region.header->suspect;

    if (in_hand->kind == IN_HAND_NOTHING) {
        if (suspect->kind == IN_HAND_START) {
            suspect->kind = IN_HAND_NOTHING; /* that start was survived by a later one */
        }
        return 0;
    }
    if (suspect->kind != in_hand->kind || suspect->id != in_hand->id ||
        suspect->offset != in_hand->offset) {
        *suspect = *in_hand;
        suspect->starts = 0;
    }
    suspect->signal = in_hand->signal;
    return ++suspect->starts;
}
