/* SPDX-License-Identifier: MIT */
/* Commands about rooms: entering and leaving, who is there, topic. */
#include "front/line.h"

#include "chat/members.h"
#include "chat/rooms.h"
#include "chat/talk.h"
#include "front/recall.h"
#include "lib/utf8.h"

uint32_t line_room_named(struct reader *reader, struct text *args)
{
    const struct person *person = reader_person(reader);
    uint32_t room;

    if (args->len > 0 && args->at[0] == '#') {
        struct text name = text_cut_word(args);

        room = rooms_find_known(reader_hub(reader), reader->row, name);
        if (room == 0) {
            line_refuse(reader, CHAT_NO_ROOM, name);
        }
        return room;
    }
    if (person->current == 0) {
        line_say(reader, "you are in no room; /join %s", reader->exchange->lobby);
        return 0;
    }
    return hub_membership(reader_hub(reader), person->current)->room;
}

/* People forget the '#'. */
static struct text line_room_name(struct text word, char space[ROOM_NAME_SIZE])
{
    struct buf name = buf_over(space, ROOM_NAME_SIZE);

    if (word.len > 0 && word.at[0] == '#') {
        return word;
    }
    buf_char(&name, '#');
    buf_text_put(&name, word);
    return name.full ? word : buf_text(&name);
}

int line_enter(struct reader *reader, struct joining *joining, uint32_t *out_room)
{
    struct hub *hub = reader_hub(reader);
    uint32_t n = rooms_history_on_join(hub, joining->name), row = rooms_find(hub, joining->name);
    bool is_short = row != 0 && recall_is_short(reader, row, n);
    int r;

    joining->history = is_short ? 0 : n;
    r = rooms_join(hub, reader->row, joining, reader->exchange->now, out_room);
    if (r == 0) {
        output_set_answer(reader, is_short ? LINE_ANSWER_PAST : LINE_ANSWER_ROOM, *out_room, 0,
                          hub_room(hub, *out_room)->id);
    }
    return r;
}

int line_run_join(struct reader *reader, struct text args, struct buf *reason)
{
    struct hub *hub = reader_hub(reader);
    char space[ROOM_NAME_SIZE];
    struct text name = line_room_name(text_cut_word(&args), space);
    uint32_t room;
    int r =
        line_enter(reader, &(struct joining){ .name = name, .key = text_cut_word(&args) }, &room);

    (void)reason;
    if (r == CHAT_ALREADY_MEMBER) {
        state_edit_person(hub->state, reader->row)->current = members_find(hub, reader->row, room);
        line_say(reader, "what you type now goes to %s", hub_room(hub, room)->name);
    } else if (r != 0) {
        line_refuse(reader, r, name);
    }
    return FRONT_DONE;
}

int line_run_leave(struct reader *reader, struct text args, struct buf *reason)
{
    struct hub *hub = reader_hub(reader);
    uint32_t room = line_room_named(reader, &args);
    const struct person *person = reader_person(reader);
    int r;

    (void)reason;
    if (room == 0) {
        return FRONT_DONE;
    }
    if (args.len > REASON_MAX) {
        args.len = utf8_fit(args, REASON_MAX);
    }
    r = rooms_leave(hub, reader->row, room, args, reader->exchange->now);
    if (r != 0) {
        line_refuse(reader, r, text_of(hub_room(hub, room)->name));
    } else if (person->current == 0) {
        line_say(reader, "you are in no room now; /join %s", reader->exchange->lobby);
    } else {
        line_say(reader, "what you type now goes to %s",
                 hub_room(hub, hub_membership(hub, person->current)->room)->name);
    }
    return FRONT_DONE;
}

int line_run_rooms(struct reader *reader, struct text args, struct buf *reason)
{
    (void)args;
    (void)reason;
    output_set_answer(reader, LINE_ANSWER_ROOMS, 0, 0, 0);
    return FRONT_DONE;
}

int line_run_who(struct reader *reader, struct text args, struct buf *reason)
{
    uint32_t room = line_room_named(reader, &args);

    (void)reason;
    if (room != 0) {
        output_set_answer(reader, LINE_ANSWER_NAMES, room, 0,
                          hub_room(reader_hub(reader), room)->id);
    }
    return FRONT_DONE;
}

int line_run_topic(struct reader *reader, struct text args, struct buf *reason)
{
    struct hub *hub = reader_hub(reader);
    uint32_t room = line_room_named(reader, &args);
    int r;

    (void)reason;
    if (room == 0) {
        return FRONT_DONE;
    }
    if (args.len == 0) {
        if (hub_room(hub, room)->topic == 0) {
            line_say(reader, "%s has no topic; /topic TEXT sets one", hub_room(hub, room)->name);
        } else {
            output_set_answer(reader, LINE_ANSWER_ROOM, room, 0, hub_room(hub, room)->id);
        }
        return FRONT_DONE;
    }
    r = talk_set_topic(hub, reader->row, room, text_equal(args, TEXT("-")) ? TEXT_NONE : args,
                       reader->exchange->now);
    if (r != 0) {
        line_refuse(reader, r, text_of(hub_room(hub, room)->name));
    } else {
        line_say_done_outside(reader, room);
    }
    return FRONT_DONE;
}
