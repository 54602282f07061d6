/* SPDX-License-Identifier: MIT */
/* A walk over the whole region that looks for contradictions: finds damage that no reader happens
 * to look at. Used by tests after every simulated crash, and by a start that has reason to doubt.
 */
#include "state/log.h"

#include <string.h>

/* The extras stand behind the fields and end within the record. Adds their bytes. */
static bool check_extras(const struct record *record, size_t *size)
{
    for (int i = 0; i < record->n_extras; i++) {
        struct record_extra extra;

        if (*size + sizeof(extra) > record->size) {
            return false;
        }
        memcpy(&extra, (const char *)record + *size, sizeof(extra));
        *size += sizeof(extra) + extra.len;
        if (extra.kind == 0 || extra.kind >= RECORD_EXTRAS_END || extra.len == 0) {
            return false;
        }
    }
    return true;
}

static bool check_record(const struct state *state, uint64_t pos, uint64_t *last_number)
{
    const struct record *record = log_record(state, pos);
    size_t least = sizeof(*record) + record->n_links * sizeof(struct link);

    for (int i = 0; i < RECORD_FIELDS; i++) {
        least += record->len[i];
    }
    if (record->size > state->header->log.tail - pos || !check_extras(record, &least)) {
        return false;
    }
    if (record->size % 8 != 0 || record->size < least || record->size > least + 7 ||
        record->n_links == 0) {
        return false;
    }
    if (record->number <= *last_number || record->number >= state->header->log.next_number) {
        return false;
    }
    *last_number = record->number;
    return true;
}

static const char *check_log(const struct state *state)
{
    uint64_t last_number = 0;

    for (uint64_t pos = state->header->log.head; pos < state->header->log.tail;) {
        if (!check_record(state, pos, &last_number)) {
            return "a record of the log is damaged";
        }
        pos += log_record(state, pos)->size;
    }
    return NULL;
}

/* Not record_link(), which takes it for granted that there is one. */
static const struct link *check_find_link(const struct record *record, uint32_t owner)
{
    const struct link *links = (const struct link *)(const void *)(record + 1);

    for (int i = 0; i < record->n_links; i++) {
        if (links[i].owner == owner) {
            return &links[i];
        }
    }
    return NULL;
}

/* Every kept ordinal has its record, linked to its neighbours. */
static bool check_chain(const struct state *state, uint32_t owner)
{
    const struct chain *chain = state_chain(state, owner);
    uint64_t pos = chain->first_pos;

    if (chain->first > chain->end) {
        return false;
    }
    for (uint64_t ordinal = chain->first; ordinal < chain->end; ordinal++) {
        const struct link *link;

        if (pos < state->header->log.head || pos >= state->header->log.tail || pos % 8 != 0) {
            return false;
        }
        link = check_find_link(log_record(state, pos), owner);
        if (link == NULL || link->ordinal != ordinal ||
            link->tenant != state_tenant(state, owner)) {
            return false;
        }
        if (ordinal + 1 == chain->end) {
            return pos == chain->last_pos;
        }
        pos = link->next;
    }
    return true;
}

/* No cell is empty, and they come to an end. */
static bool check_text(const struct state *state, uint32_t cell)
{
    uint32_t n_cells = state->header->sizes.cells;

    for (uint32_t n = 0; cell != 0; n++) {
        if (n == n_cells || cell >= n_cells || state->region.cells[cell].len == 0 ||
            state->region.cells[cell].len > CELL_BYTES) {
            return false;
        }
        cell = state->region.cells[cell].next;
    }
    return true;
}

/* A membership that a list may lead to, or NULL. */
static const struct membership *check_membership(const struct state *state, uint32_t m)
{
    const struct region_sizes *sizes = &state->header->sizes;

    if (m >= sizes->memberships || state->memberships[m].room >= sizes->rooms) {
        return NULL;
    }
    return &state->memberships[m];
}

static bool check_room_texts(const struct state *state, const struct room *room)
{
    for (int list = 0; list < ROOM_LISTS; list++) {
        if (!check_text(state, room->lists[list])) {
            return false;
        }
    }
    return check_text(state, room->topic) && check_text(state, room->topic_by) &&
           check_text(state, room->key);
}

static bool check_person_texts(const struct state *state, uint32_t row)
{
    const struct person *person = &state->people[row];
    struct person_more more;

    if (!check_text(state, person->user) || !check_text(state, person->realname) ||
        !check_text(state, person->away) || !check_text(state, person->more)) {
        return false;
    }
    if (person->more != 0 && state->region.cells[person->more].len != sizeof(more)) {
        return false;
    }
    more = state_person_more(state, row);
    return check_text(state, more.account) && check_text(state, more.host) &&
           check_text(state, more.invited) && check_text(state, more.watched) &&
           check_text(state, more.marks);
}

static const char *check_room(const struct state *state, uint32_t row)
{
    const struct room *room = &state->rooms[row];
    uint32_t n = 0, n_present = 0, previous = 0;

    if (!check_chain(state, row)) {
        return "a room's chain of records is broken";
    }
    if (!check_room_texts(state, room)) {
        return "a room's texts are broken";
    }
    for (uint32_t m = room->first_member; m != 0; m = state->memberships[m].room_next) {
        const struct membership *member = check_membership(state, m);

        if (member == NULL || member->room != row || member->room_prev != previous ||
            ++n > room->n_memberships) {
            return "a room's list of members is broken";
        }
        n_present += member->until == UNTIL_OPEN;
        previous = m;
    }
    if (n != room->n_memberships || n_present != room->n_members || room->last_member != previous) {
        return "a room's count of members is wrong";
    }
    return NULL;
}

static const char *check_person(const struct state *state, uint32_t row)
{
    const struct person *person = &state->people[row];
    uint32_t n = 0;

    if (!check_chain(state, row | LINK_BOX)) {
        return "a person's box is broken";
    }
    if (!check_person_texts(state, row)) {
        return "a person's texts are broken";
    }
    for (uint32_t m = person->first_membership; m != 0; m = state->memberships[m].own_next) {
        const struct membership *member = check_membership(state, m);

        if (member == NULL || member->person != row || ++n > person->n_memberships ||
            n >= state->header->sizes.memberships ||
            member->cursor.due > state->rooms[member->room].chain.end) {
            return "a person's list of rooms is broken";
        }
    }
    if (person->current != 0 && (check_membership(state, person->current) == NULL ||
                                 state->memberships[person->current].person != row)) {
        return "a person's current room is none of theirs";
    }
    return n == person->n_memberships ? NULL : "a person's count of rooms is wrong";
}

static const char *check_wire(const struct state *state, uint32_t row)
{
    const struct wire *wire = &state->wires[row];

    if (wire->id >= state->header->counters.next_connection_id) {
        return "a connection has a number that was never given";
    }
    if (wire->out.base > wire->out.produced ||
        wire->out.produced - wire->out.base > PAGE_SIZE_BYTES) {
        return "a connection's output is longer than its page";
    }
    return check_person(state, row);
}

const char *state_check(const struct state *state)
{
    const char *wrong = check_log(state);

    for (uint32_t row = 1; wrong == NULL && row < state->header->sizes.rooms; row++) {
        if (state->rooms[row].id != 0) {
            wrong = check_room(state, row);
        }
    }
    for (uint32_t row = 1; wrong == NULL && row < state->header->sizes.wires; row++) {
        if (state->wires[row].id != 0) {
            wrong = check_wire(state, row);
        }
    }
    return wrong;
}
