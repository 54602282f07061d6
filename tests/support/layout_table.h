/* SPDX-License-Identifier: MIT */
/* Everything of state/layout.h that another version of the daemon must agree on, as text: sizes,
 * offsets, numbers with a meaning. A field that is added to layout.h is added here; what it was in
 * older layouts is added at the end. */
#ifndef SUPPORT_LAYOUT_TABLE_H
#define SUPPORT_LAYOUT_TABLE_H

#include "lib/text.h"
#include "state/layout_1.h"

struct layout_entry {
    const char *name;
    size_t value;
};

#define LAYOUT_SIZE(type)                                                                          \
    {                                                                                              \
        "size of " #type, sizeof(struct type)                                                      \
    }
#define LAYOUT_AT(type, field)                                                                     \
    {                                                                                              \
#type "." #field, offsetof(struct type, field)                                             \
    }
#define LAYOUT_IS(number)                                                                          \
    {                                                                                              \
#number, number                                                                            \
    }

static const struct layout_entry layout_table[] = {
    LAYOUT_SIZE(chain),
    LAYOUT_AT(chain, first),
    LAYOUT_AT(chain, end),
    LAYOUT_AT(chain, first_pos),
    LAYOUT_AT(chain, last_pos),
    LAYOUT_SIZE(cursor),
    LAYOUT_AT(cursor, due),
    LAYOUT_AT(cursor, pos),
    LAYOUT_SIZE(wire_input),
    LAYOUT_AT(wire_input, consumed),
    LAYOUT_AT(wire_input, seen),
    LAYOUT_AT(wire_input, read),
    LAYOUT_AT(wire_input, page),
    LAYOUT_AT(wire_input, scanner),
    LAYOUT_AT(wire_input, reserved),
    LAYOUT_AT(wire_input, step),
    LAYOUT_SIZE(wire_output),
    LAYOUT_AT(wire_output, produced),
    LAYOUT_AT(wire_output, base),
    LAYOUT_AT(wire_output, written),
    LAYOUT_AT(wire_output, page),
    LAYOUT_AT(wire_output, batch),
    LAYOUT_SIZE(wire_answer),
    LAYOUT_AT(wire_answer, kind),
    LAYOUT_AT(wire_answer, row),
    LAYOUT_AT(wire_answer, at),
    LAYOUT_AT(wire_answer, until),
    LAYOUT_SIZE(wire_flood),
    LAYOUT_AT(wire_flood, at_ms),
    LAYOUT_AT(wire_flood, millitokens),
    LAYOUT_AT(wire_flood, told_minute),
    LAYOUT_SIZE(wire),
    LAYOUT_AT(wire, id),
    LAYOUT_AT(wire, in),
    LAYOUT_AT(wire, out),
    LAYOUT_AT(wire, answer),
    LAYOUT_AT(wire, flood),
    LAYOUT_AT(wire, born_ms),
    LAYOUT_AT(wire, heard_ms),
    LAYOUT_AT(wire, deadline_ms),
    LAYOUT_AT(wire, host),
    LAYOUT_AT(wire, phase),
    LAYOUT_AT(wire, front),
    LAYOUT_AT(wire, transport),
    LAYOUT_AT(wire, reserved),
    LAYOUT_AT(wire, flags),
    LAYOUT_SIZE(person),
    LAYOUT_AT(person, nick),
    LAYOUT_AT(person, box),
    LAYOUT_AT(person, box_cursor),
    LAYOUT_AT(person, first_membership),
    LAYOUT_AT(person, last_membership),
    LAYOUT_AT(person, n_memberships),
    LAYOUT_AT(person, current),
    LAYOUT_AT(person, user),
    LAYOUT_AT(person, realname),
    LAYOUT_AT(person, away),
    LAYOUT_AT(person, flags),
    LAYOUT_AT(person, caps),
    LAYOUT_AT(person, more),
    LAYOUT_AT(person, spoke_ms),
    LAYOUT_SIZE(person_more),
    LAYOUT_AT(person_more, account),
    LAYOUT_AT(person_more, host),
    LAYOUT_AT(person_more, invited),
    LAYOUT_AT(person_more, watched),
    LAYOUT_AT(person_more, marks),
    LAYOUT_AT(person_more, reserved),
    LAYOUT_SIZE(room),
    LAYOUT_AT(room, id),
    LAYOUT_AT(room, flags),
    LAYOUT_AT(room, name),
    LAYOUT_AT(room, chain),
    LAYOUT_AT(room, first_member),
    LAYOUT_AT(room, last_member),
    LAYOUT_AT(room, n_members),
    LAYOUT_AT(room, n_memberships),
    LAYOUT_AT(room, topic),
    LAYOUT_AT(room, topic_by),
    LAYOUT_AT(room, topic_ms),
    LAYOUT_AT(room, born_ms),
    LAYOUT_AT(room, next_serial),
    LAYOUT_AT(room, modes),
    LAYOUT_AT(room, key),
    LAYOUT_AT(room, limit),
    LAYOUT_AT(room, lists),
    LAYOUT_AT(room, reserved),
    LAYOUT_SIZE(membership),
    LAYOUT_AT(membership, person),
    LAYOUT_AT(membership, room),
    LAYOUT_AT(membership, room_next),
    LAYOUT_AT(membership, room_prev),
    LAYOUT_AT(membership, own_next),
    LAYOUT_AT(membership, own_prev),
    LAYOUT_AT(membership, serial),
    LAYOUT_AT(membership, flags),
    LAYOUT_AT(membership, cursor),
    LAYOUT_AT(membership, until),
    LAYOUT_AT(membership, joined),
    LAYOUT_SIZE(past),
    LAYOUT_AT(past, gone_ms),
    LAYOUT_AT(past, nick),
    LAYOUT_AT(past, user),
    LAYOUT_AT(past, host),
    LAYOUT_AT(past, realname),
    LAYOUT_AT(past, account),
    LAYOUT_SIZE(cell),
    LAYOUT_AT(cell, next),
    LAYOUT_AT(cell, len),
    LAYOUT_AT(cell, bytes),
    LAYOUT_SIZE(record),
    LAYOUT_AT(record, size),
    LAYOUT_AT(record, kind),
    LAYOUT_AT(record, n_links),
    LAYOUT_AT(record, flags),
    LAYOUT_AT(record, n_extras),
    LAYOUT_AT(record, number),
    LAYOUT_AT(record, real_ms),
    LAYOUT_AT(record, author_id),
    LAYOUT_AT(record, len),
    LAYOUT_SIZE(record_extra),
    LAYOUT_AT(record_extra, kind),
    LAYOUT_AT(record_extra, len),
    LAYOUT_SIZE(link),
    LAYOUT_AT(link, owner),
    LAYOUT_AT(link, tenant),
    LAYOUT_AT(link, ordinal),
    LAYOUT_AT(link, next),
    LAYOUT_AT(link, prev),
    LAYOUT_SIZE(region_sizes),
    LAYOUT_AT(region_sizes, wires),
    LAYOUT_AT(region_sizes, rooms),
    LAYOUT_AT(region_sizes, memberships),
    LAYOUT_AT(region_sizes, cells),
    LAYOUT_AT(region_sizes, pages),
    LAYOUT_AT(region_sizes, reserved),
    LAYOUT_AT(region_sizes, log_bytes),
    LAYOUT_SIZE(in_hand),
    LAYOUT_AT(in_hand, kind),
    LAYOUT_AT(in_hand, signal),
    LAYOUT_AT(in_hand, starts),
    LAYOUT_AT(in_hand, id),
    LAYOUT_AT(in_hand, offset),
    LAYOUT_SIZE(log_state),
    LAYOUT_AT(log_state, head),
    LAYOUT_AT(log_state, tail),
    LAYOUT_AT(log_state, next_number),
    LAYOUT_AT(log_state, last_ms),
    LAYOUT_SIZE(region_header),
    LAYOUT_AT(region_header, magic),
    LAYOUT_AT(region_header, layout),
    LAYOUT_AT(region_header, is_complete),
    LAYOUT_AT(region_header, sizes),
    LAYOUT_AT(region_header, journal_len),
    LAYOUT_AT(region_header, in_hand),
    LAYOUT_AT(region_header, suspect),
    LAYOUT_AT(region_header, visible),
    LAYOUT_AT(region_header, counters),
    LAYOUT_AT(region_header, log),
    LAYOUT_AT(region_header, journal),
    LAYOUT_SIZE(counters),
    LAYOUT_AT(counters, next_connection_id),
    LAYOUT_AT(counters, generation),
    LAYOUT_AT(counters, started_ms),
    LAYOUT_AT(counters, next_room_id),
    LAYOUT_AT(counters, next_past),
    LAYOUT_IS(LAYOUT_VERSION),
    LAYOUT_IS(NAME_SIZE),
    LAYOUT_IS(ROOM_NAME_SIZE),
    LAYOUT_IS(CELL_BYTES),
    LAYOUT_IS(PAGE_SIZE_BYTES),
    LAYOUT_IS(JOURNAL_BYTES),
    LAYOUT_IS(MEMBERSHIPS_PER_PERSON),
    LAYOUT_IS(PAST_ROWS),
    LAYOUT_IS(RECORD_TEXT_MAX),
    LAYOUT_IS(RECORD_TAGS_MAX),
    LAYOUT_IS(RECORD_ROOM),
    LAYOUT_IS(WIRE_FREE),
    LAYOUT_IS(WIRE_NEW),
    LAYOUT_IS(WIRE_OPEN),
    LAYOUT_IS(WIRE_ENDING),
    LAYOUT_IS(WIRE_LINGERING),
    LAYOUT_IS(WIRE_TCP),
    LAYOUT_IS(WIRE_UNIX),
    LAYOUT_IS(WIRE_TELNET),
    LAYOUT_IS(WIRE_PINGED),
    LAYOUT_IS(WIRE_FLOOD_TOLD),
    LAYOUT_IS(WIRE_PEER_FIRST),
    LAYOUT_IS(WIRE_IDLE_WARNED),
    LAYOUT_IS(PERSON_REGISTERED),
    LAYOUT_IS(PERSON_GUEST),
    LAYOUT_IS(PERSON_GONE),
    LAYOUT_IS(PERSON_AWAY),
    LAYOUT_IS(PERSON_KILLED),
    LAYOUT_IS(PERSON_INVISIBLE),
    LAYOUT_IS(PERSON_WALLOPS),
    LAYOUT_IS(PERSON_OPERATOR),
    LAYOUT_IS(PERSON_BOT),
    LAYOUT_IS(PERSON_CURIOUS),
    LAYOUT_IS(ROOM_PERMANENT),
    LAYOUT_IS(ROOM_INVITE_ONLY),
    LAYOUT_IS(ROOM_MODERATED),
    LAYOUT_IS(ROOM_NO_EXTERNAL),
    LAYOUT_IS(ROOM_SECRET),
    LAYOUT_IS(ROOM_TOPIC_LOCKED),
    LAYOUT_IS(ROOM_BANS),
    LAYOUT_IS(ROOM_EXCEPTIONS),
    LAYOUT_IS(ROOM_INVITATIONS),
    LAYOUT_IS(ROOM_LISTS),
    LAYOUT_IS(MEMBER_OPERATOR),
    LAYOUT_IS(MEMBER_VOICE),
    LAYOUT_IS(RECORD_SAID),
    LAYOUT_IS(RECORD_ACTION),
    LAYOUT_IS(RECORD_NOTICE),
    LAYOUT_IS(RECORD_JOINED),
    LAYOUT_IS(RECORD_LEFT),
    LAYOUT_IS(RECORD_QUIT),
    LAYOUT_IS(RECORD_RENAMED),
    LAYOUT_IS(RECORD_TOPIC),
    LAYOUT_IS(RECORD_AWAY),
    LAYOUT_IS(RECORD_KICKED),
    LAYOUT_IS(RECORD_MODES),
    LAYOUT_IS(RECORD_INVITED),
    LAYOUT_IS(RECORD_REALNAME),
    LAYOUT_IS(RECORD_HOST),
    LAYOUT_IS(RECORD_ACCOUNT),
    LAYOUT_IS(RECORD_TAGGED),
    LAYOUT_IS(RECORD_WALLOPS),
    LAYOUT_IS(RECORD_FIELDS),
    LAYOUT_IS(RECORD_BY_BOT),
    LAYOUT_IS(RECORD_BY_DAEMON),
    LAYOUT_IS(RECORD_TARGET),
    LAYOUT_IS(RECORD_BY_ACCOUNT),
    LAYOUT_IS(RECORD_TAGS),
    LAYOUT_IS(LINK_BOX),
    LAYOUT_IS(IN_HAND_NOTHING),
    LAYOUT_IS(IN_HAND_START),
    LAYOUT_IS(IN_HAND_LINE),
    LAYOUT_IS(IN_HAND_FLUSH),
};

#define LAYOUT_WAS(until, name, value)                                                             \
    {                                                                                              \
        until,                                                                                     \
        {                                                                                          \
            name, value                                                                            \
        }                                                                                          \
    }

/* What was otherwise, or had another name, up to a version. */
static const struct {
    unsigned until;
    struct layout_entry entry;
} layout_past[] = {
    LAYOUT_WAS(1, "size of room", sizeof(struct room_1)),
    LAYOUT_WAS(1, "room.id", offsetof(struct room_1, id)),
    LAYOUT_WAS(1, "room.flags", offsetof(struct room_1, flags)),
    LAYOUT_WAS(1, "room.name", offsetof(struct room_1, name)),
    LAYOUT_WAS(1, "room.chain", offsetof(struct room_1, chain)),
    LAYOUT_WAS(1, "room.first_member", offsetof(struct room_1, first_member)),
    LAYOUT_WAS(1, "room.last_member", offsetof(struct room_1, last_member)),
    LAYOUT_WAS(1, "room.n_members", offsetof(struct room_1, n_members)),
    LAYOUT_WAS(1, "room.n_memberships", offsetof(struct room_1, n_memberships)),
    LAYOUT_WAS(1, "room.topic", offsetof(struct room_1, topic)),
    LAYOUT_WAS(1, "room.topic_by", offsetof(struct room_1, topic_by)),
    LAYOUT_WAS(1, "room.topic_ms", offsetof(struct room_1, topic_ms)),
    LAYOUT_WAS(1, "room.born_ms", offsetof(struct room_1, born_ms)),
    LAYOUT_WAS(1, "room.next_serial", offsetof(struct room_1, next_serial)),
    LAYOUT_WAS(1, "room.modes", offsetof(struct room_1, modes)),
    LAYOUT_WAS(1, "wire_output.reserved", offsetof(struct wire_output, batch)),
    LAYOUT_WAS(1, "wire_flood.reserved", offsetof(struct wire_flood, told_minute)),
    LAYOUT_WAS(1, "person.modes", offsetof(struct person, more)),
    LAYOUT_WAS(1, "record.reserved", offsetof(struct record, flags)),
    LAYOUT_WAS(1, "counters.reserved", offsetof(struct counters, next_past)),
    LAYOUT_WAS(1, "LAYOUT_VERSION", 1),
    LAYOUT_WAS(2, "person_more.reserved", offsetof(struct person_more, marks)),
    LAYOUT_WAS(2, "LAYOUT_VERSION", 2),
    LAYOUT_WAS(3, "LAYOUT_VERSION", 3),
};

/* What is compiled in for this line of a version's table; NULL: nothing is. */
static inline const struct layout_entry *layout_find(struct text name, unsigned version)
{
    for (size_t i = 0; i < ARRAY_SIZE(layout_past); i++) {
        if (version <= layout_past[i].until &&
            text_equal(name, text_of(layout_past[i].entry.name))) {
            return &layout_past[i].entry;
        }
    }
    for (size_t i = 0; i < ARRAY_SIZE(layout_table); i++) {
        if (text_equal(name, text_of(layout_table[i].name))) {
            return &layout_table[i];
        }
    }
    return NULL;
}

/* Appends one line for each entry. */
static inline void layout_print(struct buf *out)
{
    for (size_t i = 0; i < ARRAY_SIZE(layout_table); i++) {
        buf_format(out, "%s: %zu\n", layout_table[i].name, layout_table[i].value);
    }
}

#endif
