/* SPDX-License-Identifier: MIT */
/* The long answers of the line front end, each written a page at a time. */
#include "front/line.h"

#include "chat/rooms.h"
#include "lib/irc_format.h"

#include <string.h>

enum { LINE_ANSWER_ROOM_NEEDED = 2048, LINE_ROW_NEEDED = 1024 };

static void line_end_answer(struct reader *reader)
{
    output_set_answer(reader, 0, 0, 0, 0);
}

/* ---- names ---- */

/* One line of names, "-- here: ann, bob"; returns the serial of the last one shown, 0: no more. */
static uint64_t line_put_names(struct reader *reader, uint32_t room, uint64_t after)
{
    const struct hub *hub = reader_hub(reader);
    struct buf *out = &reader->output;
    uint32_t m = rooms_member_after(hub, room, (uint32_t)after, 0);
    size_t start = out->len;

    if (m == 0) {
        return 0;
    }
    buf_format(out, "-- in %s: ", hub_room(hub, room)->name);
    for (;;) {
        const struct membership *membership = hub_membership(hub, m);

        buf_text_put(out, text_of(hub_person(hub, membership->person)->nick));
        after = membership->serial;
        m = rooms_member_after(hub, room, (uint32_t)after, m);
        if (m == 0 || out->len - start > LINE_WIDTH - 16) {
            break;
        }
        buf_text_put(out, TEXT(", "));
    }
    buf_text_put(out, TEXT("\r\n"));
    return m == 0 ? 0 : after;
}

static void line_answer_names(struct reader *reader, const struct wire_answer *answer)
{
    uint64_t at = answer->at;

    if (!rooms_exists(reader_hub(reader), answer->row, (uint32_t)answer->until)) {
        line_end_answer(reader);
        return;
    }
    do {
        at = line_put_names(reader, answer->row, at);
    } while (at != 0 && buf_space(&reader->output) > LINE_ROW_NEEDED);
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

    if (!rooms_exists(reader_hub(reader), answer->row, (uint32_t)answer->until)) {
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
    if (rooms_membership(reader_hub(reader), reader->row, row) != 0) {
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
        if (state->rooms[row].id == 0) {
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

/* ---- history ---- */

static void line_answer_history(struct reader *reader, const struct wire_answer *answer)
{
    const struct state *state = reader_hub(reader)->state;
    const struct chain *chain = &hub_room(reader_hub(reader), answer->row)->chain;
    uint64_t until = u64_min(answer->until, chain->end);
    struct cursor cursor;
    uint64_t pos;

    cursor = log_seek(state, answer->row, chain, answer->at);
    while (cursor.due < until && log_due(state, answer->row, chain, &cursor, &pos) == DUE_RECORD) {
        const struct record *record = log_record(state, pos);

        if (buf_space(&reader->output) < RENDERING_MAX) {
            output_set_answer(reader, LINE_ANSWER_HISTORY, answer->row, cursor.due, until);
            return;
        }
        if ((record->kind == RECORD_SAID || record->kind == RECORD_ACTION) &&
            !line_is_ctcp(record)) {
            line_render(reader->exchange, record, LINE_BASE | LINE_EARLIER, &reader->output);
        }
        cursor = cursor_after(&cursor, pos);
    }
    line_say(reader, "that was all of it");
    line_end_answer(reader);
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
    case LINE_ANSWER_HISTORY: line_answer_history(reader, &answer); break;
    }
}
