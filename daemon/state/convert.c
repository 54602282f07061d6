/* SPDX-License-Identifier: MIT */
/* A new layout gets the structs it changed in layout_N.h, a member in the union, a step in the
 * table. A step sees valid rows only as far as the journal was rolled back: their contents may be
 * damaged, so it follows no reference. */
#include "state/convert.h"

#include "state/layout_1.h"

#include <assert.h>
#include <string.h>

/* By the layout that has it. */
union convert_room {
    struct room_1 in_1;
    struct room in_2; /* and in 3 and 4 */
};

typedef void (*convert_room_fn)(union convert_room *room);

/* Whoever was not in a room could not speak there. */
static void convert_room_1(union convert_room *room)
{
    const struct room_1 old = room->in_1;

    room->in_2 = (struct room){ .id = old.id,
                                .flags = old.flags,
                                .chain = old.chain,
                                .first_member = old.first_member,
                                .last_member = old.last_member,
                                .n_members = old.n_members,
                                .n_memberships = old.n_memberships,
                                .topic = old.topic,
                                .topic_by = old.topic_by,
                                .topic_ms = old.topic_ms,
                                .born_ms = old.born_ms,
                                .next_serial = old.next_serial,
                                .modes = ROOM_NO_EXTERNAL };
    memcpy(room->in_2.name, old.name, sizeof(old.name));
}

/* Rooms are the same. Layout 3 gives a name to what was reserved of people, and 0; in layout 4
 * several connections may name one page of output: who knows nothing of that must not take it over.
 */
static void convert_room_nothing(union convert_room *room)
{
    (void)room;
}

/* By the layout they lead away from. */
static const convert_room_fn convert_room_steps[] = {
    [1] = convert_room_1,
    [2] = convert_room_nothing,
    [3] = convert_room_nothing,
};

static_assert(ARRAY_SIZE(convert_room_steps) == LAYOUT_VERSION, "a step is missing");

struct room convert_room(const struct region *region, uint32_t row)
{
    uint32_t layout = region->header->layout;
    size_t size = region_room_size(layout);
    union convert_room room = { 0 };

    assert(layout >= LAYOUT_FIRST); /* region_adopt() accepts no other */
    memcpy(&room, (const char *)region->rooms + row * size, size);
    for (; layout < LAYOUT_VERSION; layout++) {
        convert_room_steps[layout](&room);
    }
    return room.in_2;
}

/* Free rows stay zero. */
void convert_tables(struct region *to, const struct region *from)
{
    size_t n = size_min(to->header->sizes.rooms, from->header->sizes.rooms);

    for (uint32_t row = 1; row < n; row++) {
        struct room room = convert_room(from, row);

        if (room.id != 0) {
            to->rooms[row] = room;
        }
    }
    if (from->past != NULL) {
        memcpy(to->past, from->past, PAST_ROWS * sizeof(struct past));
    }
}
