/* SPDX-License-Identifier: MIT */
/* WHO: who is in a room, who somebody is, or all whom a mask fits; one line each. Rooms and masks
 * are walks: see struct irc_walk. */
#include "front/irc_who.h"

#include "chat/members.h"
#include "chat/people.h"
#include "chat/permissions.h"
#include "chat/rooms.h"
#include "lib/utf8.h"

static bool irc_who_wants(const struct reader *reader, const struct irc_who *who, uint32_t person)
{
    return !who->wants_operators ||
           (hub_person(reader_hub(reader), person)->flags & PERSON_OPERATOR) != 0;
}

static int irc_end_who(struct reader *reader, struct text what)
{
    irc_numeric(reader, RPL_ENDOFWHO, "%.*s :End of WHO list", (int)utf8_fit(what, ROOM_NAME_SIZE),
                what.at);
    return FRONT_DONE;
}

/* walk.at: serial of the last member looked at; walk.n: room.id. */
static int irc_who_of_room(struct reader *reader, const struct irc_who *who, uint32_t room)
{
    const struct hub *hub = reader_hub(reader);
    struct irc_walk walk = irc_walk_begin(reader);
    bool is_inside = members_find(hub, reader->row, room) != 0;
    uint32_t m;

    if (walk.n != hub_room(hub, room)->id) { /* begins, or the room is another one by now */
        walk.at = 0;
        walk.n = hub_room(hub, room)->id;
    }
    for (m = members_after(hub, room, (uint32_t)walk.at, 0); m != 0; m = members_next(hub, m)) {
        uint32_t person = hub_membership(hub, m)->person;

        if (!irc_walk_has_room(reader, &walk)) {
            return irc_walk_pause(reader, &walk);
        }
        walk.at = hub_membership(hub, m)->serial;
        if (irc_who_wants(reader, who, person) && irc_sees_member(reader, is_inside, person)) {
            irc_put_who(reader, who, room, person);
        }
    }
    return irc_end_who(reader, text_of(hub_room(hub, room)->name));
}

static bool irc_is_found(const struct reader *reader, const struct irc_who *who, uint32_t row)
{
    const struct hub *hub = reader_hub(reader);
    uint32_t flags = hub_person(hub, row)->flags;

    return (flags & PERSON_REGISTERED) && !(flags & PERSON_GONE) &&
           irc_who_wants(reader, who, row) && irc_who_matches(reader, who, row) &&
           may_find(hub, reader->row, row);
}

/* walk.at: row of the last person looked at; walk.n: how many were found. */
static int irc_who_of_mask(struct reader *reader, const struct irc_who *who)
{
    uint32_t n_rows = reader_hub(reader)->state->header->sizes.wires;
    struct irc_walk walk = irc_walk_begin(reader);
    bool is_limited = !(reader_person(reader)->flags & PERSON_OPERATOR);

    for (; walk.at + 1 < n_rows; walk.at++) {
        uint32_t row = (uint32_t)walk.at + 1;

        if (!irc_walk_has_room(reader, &walk)) {
            return irc_walk_pause(reader, &walk);
        }
        if (!irc_is_found(reader, who, row)) {
            continue;
        }
        if (is_limited && walk.n == IRC_WHO_MAX) {
            irc_numeric(reader, ERR_TOOMANYMATCHES,
                        "WHO :Too many lines in the output, restrict your query");
            break;
        }
        irc_put_who(reader, who, 0, row);
        walk.n++;
    }
    return irc_end_who(reader, who->mask);
}

int irc_run_who(struct reader *reader, const struct irc_message *message, struct buf *reason)
{
    struct hub *hub = reader_hub(reader);
    struct irc_who who;
    uint32_t room, row;

    (void)reason;
    irc_who_read(message, &who);
    room = rooms_find_known(hub, reader->row, who.mask);
    if (room != 0) {
        return irc_who_of_room(reader, &who, room);
    }
    if (who.mask.at[0] == '#') {
        return irc_end_who(reader, who.mask);
    }
    row = who.compared & WHO_NICK ? people_find_registered(hub, who.mask) : 0;
    if (row == 0) {
        return irc_who_of_mask(reader, &who);
    }
    if (irc_who_wants(reader, &who, row)) {
        irc_put_who(reader, &who, 0, row);
    }
    return irc_end_who(reader, who.mask);
}
