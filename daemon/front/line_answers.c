/* SPDX-License-Identifier: MIT */
/* The long answers of the line front end, each written a page at a time. */
#include "front/line.h"

#include "chat/members.h"
#include "chat/permissions.h"
#include "chat/rooms.h"
#include "chat/talk.h"
#include "lib/irc_format.h"

#include <string.h>

enum { LINE_ANSWER_ROOM_NEEDED = 2048, LINE_ROW_NEEDED = 1024 };

bool line_answer_may_go_on(const struct reader *reader, const struct wire_answer *answer)
{
    return rooms_exists(reader_hub(reader), answer->row, (uint32_t)answer->until) &&
           may_know_of(reader_hub(reader), reader->row, answer->row);
}

static void line_end_answer(struct reader *reader)
{
    output_set_answer(reader, 0, 0, 0, 0);
}

/* ---- names ---- */

/* "ann (operator)" */
static void line_put_member(const struct hub *hub, const struct membership *membership,
                            struct buf *out)
{
    buf_text_put(out, text_of(hub_person(hub, membership->person)->nick));
    if (membership->flags & MEMBER_OPERATOR) {
        buf_text_put(out, TEXT(" (operator)"));
    } else if (membership->flags & MEMBER_VOICE) {
        buf_text_put(out, TEXT(" (voice)"));
    }
}

/* One line of names, "-- in #tea: ann, bob"; returns the serial of the last one looked at, 0: no
 * more. Who is invisible is shown to those who share a room. */
static uint64_t line_put_names(struct reader *reader, uint32_t room, uint64_t after)
{
    const struct hub *hub = reader_hub(reader);
    char space[LINE_WIDTH + NAME_SIZE];
    struct buf names = buf_over(space, sizeof(space));
    uint32_t m = 0;

    while (names.len < LINE_WIDTH - 16 - size_min(strlen(hub_room(hub, room)->name), 20)) {
        m = members_after(hub, room, (uint32_t)after, m);
        if (m == 0) {
            break;
        }
        after = hub_membership(hub, m)->serial;
        if (may_find(hub, reader->row, hub_membership(hub, m)->person)) {
            buf_text_put(&names, names.len > 0 ? TEXT(", ") : TEXT_NONE);
            line_put_member(hub, hub_membership(hub, m), &names);
        }
    }
    if (names.len > 0) {
        buf_format(&reader->output, "-- in %s: %.*s\r\n", hub_room(hub, room)->name,
                   TEXT_ARG(buf_text(&names)));
    }
    return m == 0 ? 0 : after;
}

static void line_answer_names(struct reader *reader, const struct wire_answer *answer)
{
    uint64_t at = answer->at;
    size_t start = reader->output.len;

    if (!line_answer_may_go_on(reader, answer)) {
        line_end_answer(reader);
        return;
    }
    do {
        at = line_put_names(reader, answer->row, at);
    } while (at != 0 && buf_space(&reader->output) > LINE_ROW_NEEDED);
    if (at == 0 && answer->at == 0 && reader->output.len == start) {
        line_say(reader, "nobody whom you can see is in %s",
                 hub_room(reader_hub(reader), answer->row)->name);
    }
    if (at == 0) {
        line_end_answer(reader);
    } else {
        output_set_answer(reader, LINE_ANSWER_NAMES, answer->row, at, answer->until);
    }
}

/* ---- entering a room ---- */

/* IRC's formatting codes are in it, which no terminal must get. */
static void line_put_topic_text(struct reader *reader, const struct room *room)
{
    char space[TOPIC_MAX];
    struct buf topic = buf_over(space, sizeof(space));

    state_get_text(reader_hub(reader)->state, room->topic, &topic);
    irc_format_strip(buf_text(&topic), &reader->output);
}

static void line_put_topic(struct reader *reader, const struct room *room)
{
    struct buf *out = &reader->output;

    if (room->topic == 0) {
        return;
    }
    buf_text_put(out, TEXT("-- topic: "));
    line_put_topic_text(reader, room);
    if (room->topic_by != 0) {
        buf_text_put(out, TEXT(" (set by "));
        state_get_text(reader_hub(reader)->state, room->topic_by, out);
        buf_char(out, ')');
    }
    buf_text_put(out, TEXT("\r\n"));
}

static void line_answer_room(struct reader *reader, const struct wire_answer *answer)
{
    const struct room *room = hub_room(reader_hub(reader), answer->row);

    if (!line_answer_may_go_on(reader, answer)) {
        line_end_answer(reader);
        return;
    }
    line_put_topic(reader, room);
    if (room->n_members > LINE_QUIET_ABOVE) {
        line_say(reader, "%u people are in %s; /who lists them", room->n_members, room->name);
        line_end_answer(reader);
        return;
    }
    if (room->n_members == 1) {
        line_say(reader, "nobody else is in %s yet", room->name);
        line_end_answer(reader);
        return;
    }
    output_set_answer(reader, LINE_ANSWER_NAMES, answer->row, 0, answer->until);
}

/* ---- the list of rooms ---- */

static void line_put_room(struct reader *reader, uint32_t row)
{
    const struct room *room = hub_room(reader_hub(reader), row);
    struct buf *out = &reader->output;

    buf_format(out, "-- %s  %u %s", room->name, room->n_members,
               room->n_members == 1 ? "person" : "people");
    if (members_find(reader_hub(reader), reader->row, row) != 0) {
        buf_text_put(out, TEXT(", you among them"));
    }
    if (room->topic != 0) {
        buf_text_put(out, TEXT("  "));
        line_put_topic_text(reader, room);
    }
    buf_text_put(out, TEXT("\r\n"));
}

static void line_answer_rooms(struct reader *reader, const struct wire_answer *answer)
{
    const struct state *state = reader_hub(reader)->state;

    for (uint32_t row = (uint32_t)answer->at + 1; row < state->header->sizes.rooms; row++) {
        if (state->rooms[row].id == 0 || !may_know_of(reader_hub(reader), reader->row, row)) {
            continue;
        }
        if (buf_space(&reader->output) < LINE_ROW_NEEDED) {
            output_set_answer(reader, LINE_ANSWER_ROOMS, 0, row - 1, 0);
            return;
        }
        line_put_room(reader, row);
    }
    line_end_answer(reader);
}

/* ---- lines in steps ---- */

/* The numbers stay. */
static void line_answer_pause(struct reader *reader, const struct wire_answer *answer)
{
    output_set_answer(reader, 0, answer->row, answer->at, answer->until);
}

void line_continue_answer(struct reader *reader)
{
    const struct wire_answer answer = reader_wire(reader)->answer;

    if (buf_space(&reader->output) < LINE_ANSWER_ROOM_NEEDED) {
        return;
    }
    switch ((enum line_answer)answer.kind) {
    case LINE_ANSWER_ROOM: line_answer_room(reader, &answer); break;
    case LINE_ANSWER_NAMES: line_answer_names(reader, &answer); break;
    case LINE_ANSWER_ROOMS: line_answer_rooms(reader, &answer); break;
    case LINE_ANSWER_OLD_HISTORY: line_end_answer(reader); break;
    case LINE_ANSWER_BANS:
    case LINE_ANSWER_EXCEPTIONS:
    case LINE_ANSWER_INVITATIONS: line_answer_masks(reader, &answer); break;
    case LINE_ANSWER_PAST: line_answer_past(reader, &answer); break;
    case LINE_ANSWER_PAUSE: line_answer_pause(reader, &answer); break;
    }
}
