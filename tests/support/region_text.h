/* SPDX-License-Identifier: MIT */
/* A region in words: who is there, in which rooms, with what unread, unfinished and unsent; which
 * records the log has. Two regions that read the same are the same conversation, whatever their
 * layouts: what later layouts added is told only where it is not what the converter makes. */
#ifndef SUPPORT_REGION_TEXT_H
#define SUPPORT_REGION_TEXT_H

#include "state/log.h"

/* Bytes that need not be text. */
static inline void region_text_bytes(struct buf *out, const char *page, uint64_t from, uint64_t to)
{
    buf_char(out, '"');
    for (uint64_t i = from; i < to; i++) {
        char c = page[i % PAGE_SIZE_BYTES];

        if (c >= ' ' && c <= '~' && c != '"') {
            buf_char(out, c);
        } else {
            buf_format(out, "\\%03o", (unsigned)(unsigned char)c);
        }
    }
    buf_char(out, '"');
}

static inline void region_text_cell(const struct state *state, const char *what, uint32_t cell,
                                    struct buf *out)
{
    if (cell != 0) {
        buf_format(out, " %s \"", what);
        state_get_text(state, cell, out);
        buf_char(out, '"');
    }
}

static inline void region_text_number(const char *what, uint64_t number, uint64_t usual,
                                      struct buf *out)
{
    if (number != usual) {
        buf_format(out, ", %s %llu", what, (unsigned long long)number);
    }
}

/* One byte: how long the name is; six, the lowest first: milliseconds; the name. */
static inline void region_text_marks(const struct state *state, uint32_t cell, struct buf *out)
{
    char space[8192];
    struct buf marks = buf_over(space, sizeof(space));

    state_get_text(state, cell, &marks);
    for (size_t at = 0; at + 7 < marks.len; at += 7 + (unsigned char)space[at]) {
        uint64_t ms = 0;

        for (size_t i = 6; i > 0; i--) {
            ms = ms << 8 | (unsigned char)space[at + i];
        }
        buf_format(out, " has read %.*s to %llu", (unsigned char)space[at], space + at + 7,
                   (unsigned long long)ms);
    }
}

static inline void region_text_more(const struct state *state, uint32_t row, struct buf *out)
{
    struct person_more more = state_person_more(state, row);
    char space[1024];
    struct buf invited = buf_over(space, sizeof(space));

    region_text_cell(state, "account", more.account, out);
    region_text_cell(state, "host", more.host, out);
    region_text_cell(state, "watches", more.watched, out);
    state_get_text(state, more.invited, &invited);
    for (size_t i = 0; i + sizeof(uint32_t) <= invited.len; i += sizeof(uint32_t)) {
        uint32_t room;

        memcpy(&room, space + i, sizeof(room));
        buf_format(out, " invited to room %u", room);
    }
    region_text_marks(state, more.marks, out);
}

static inline void region_text_memberships(const struct state *state, uint32_t row, struct buf *out)
{
    uint32_t m = state->people[row].first_membership;

    for (; m != 0; m = state->memberships[m].own_next) {
        const struct membership *member = &state->memberships[m];

        buf_format(out, "  in %s: joined at %llu, reads %llu, %s", state->rooms[member->room].name,
                   (unsigned long long)member->joined, (unsigned long long)member->cursor.due,
                   member->until == UNTIL_OPEN ? "present" : "leaving");
        region_text_number("flags", member->flags, 0, out);
        buf_char(out, '\n');
    }
}

static inline void region_text_person(const struct state *state, uint32_t row, struct buf *out)
{
    const struct person *person = &state->people[row];
    const struct wire *wire = &state->wires[row];

    buf_format(out, "person %u: connection %llu, %s, front %u, phase %u, flags %u, caps %u", row,
               (unsigned long long)wire->id, person->nick, wire->front, wire->phase, person->flags,
               person->caps);
    region_text_cell(state, "user", person->user, out);
    region_text_cell(state, "away", person->away, out);
    region_text_more(state, row, out);
    region_text_number("batch", wire->out.batch, 0, out);
    buf_format(out, "\n  of %llu private records %llu are read\n",
               (unsigned long long)person->box.end, (unsigned long long)person->box_cursor.due);
    if (wire->in.consumed < wire->in.read) {
        buf_format(out, "  typed from %llu: ", (unsigned long long)wire->in.consumed);
        region_text_bytes(out, region_page(&state->region, wire->in.page), wire->in.consumed,
                          wire->in.read);
        buf_char(out, '\n');
    }
    if (wire->out.base < wire->out.produced) {
        buf_format(out, "  output from %llu: ", (unsigned long long)wire->out.base);
        region_text_bytes(out, region_page(&state->region, wire->out.page), 0,
                          wire->out.produced - wire->out.base);
        buf_char(out, '\n');
    }
    region_text_memberships(state, row, out);
}

static inline void region_text_room(const struct state *state, uint32_t row, struct buf *out)
{
    const struct room *room = &state->rooms[row];

    buf_format(out, "room %u: %s, flags %u, %u members, records %llu to %llu", row, room->name,
               room->flags, room->n_members, (unsigned long long)room->chain.first,
               (unsigned long long)room->chain.end);
    region_text_cell(state, "topic", room->topic, out);
    region_text_cell(state, "by", room->topic_by, out);
    region_text_number("modes", room->modes, ROOM_NO_EXTERNAL, out);
    region_text_cell(state, "key", room->key, out);
    region_text_number("limit", room->limit, 0, out);
    region_text_cell(state, "bans", room->lists[ROOM_BANS], out);
    region_text_cell(state, "exceptions", room->lists[ROOM_EXCEPTIONS], out);
    region_text_cell(state, "invitations", room->lists[ROOM_INVITATIONS], out);
    buf_char(out, '\n');
}

static inline void region_text_extras(const struct record *record, struct buf *out)
{
    static const char *const names[RECORD_EXTRAS_END] = {
        [RECORD_TARGET] = "target", [RECORD_BY_ACCOUNT] = "account", [RECORD_TAGS] = "tags"
    };

    for (int kind = 1; kind < RECORD_EXTRAS_END; kind++) {
        struct text extra = record_extra(record, (enum record_extra_kind)kind);

        if (extra.len > 0) {
            buf_format(out, " | %s ", names[kind]);
            buf_text_put(out, extra);
        }
    }
}

static inline void region_text_log(const struct state *state, struct buf *out)
{
    const struct record *record;

    for (uint64_t pos = state->header->log.head; pos < state->header->log.tail;
         pos += record->size) {
        record = log_record(state, pos);
        buf_format(out, "record %llu at %llu: kind %u, by %llu", (unsigned long long)record->number,
                   (unsigned long long)record->real_ms, record->kind,
                   (unsigned long long)record->author_id);
        region_text_number("flags", record->flags, 0, out);
        for (int field = 0; field < RECORD_FIELDS; field++) {
            buf_text_put(out, TEXT(" | "));
            buf_text_put(out, record_field(record, (enum record_field)field));
        }
        region_text_extras(record, out);
        buf_char(out, '\n');
    }
}

static inline void region_text_past(const struct state *state, struct buf *out)
{
    for (uint32_t row = 0; row < PAST_ROWS; row++) {
        const struct past *past = &state->past[row];

        if (past->gone_ms != 0) {
            buf_format(out, "past %u: %s | %s | %s | %s | %s, gone at %llu\n", row, past->nick,
                       past->user, past->host, past->realname, past->account,
                       (unsigned long long)past->gone_ms);
        }
    }
}

static inline void region_text_print(const struct state *state, struct buf *out)
{
    for (uint32_t row = 1; row < state->header->sizes.wires; row++) {
        if (state->wires[row].id != 0) {
            region_text_person(state, row, out);
        }
    }
    for (uint32_t row = 1; row < state->header->sizes.rooms; row++) {
        if (state->rooms[row].id != 0) {
            region_text_room(state, row, out);
        }
    }
    region_text_log(state, out);
    region_text_past(state, out);
    buf_format(out, "next: connection %llu, room %u, record %llu",
               (unsigned long long)state->header->counters.next_connection_id,
               state->header->counters.next_room_id,
               (unsigned long long)state->header->log.next_number);
    region_text_number("past", state->header->counters.next_past, 0, out);
    buf_char(out, '\n');
}

#endif
