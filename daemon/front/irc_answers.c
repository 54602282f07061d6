/* SPDX-License-Identifier: MIT */
/* The long answers of the IRC front end, each written a page at a time. */
#include "front/irc.h"

#include "chat/people.h"
#include "chat/rooms.h"

#include <string.h>

static void irc_end_answer(struct reader *reader)
{
    output_set_answer(reader, 0, 0, 0, 0);
}

/* ---- MOTD ---- */

static void irc_answer_motd(struct reader *reader, const struct wire_answer *answer)
{
    struct text all = reader->exchange->motd;
    size_t at = size_min((size_t)answer->at, all.len);
    struct text rest = { all.at + at, all.len - at };

    if (all.len == 0) {
        irc_numeric(reader, ERR_NOMOTD, ":There is no message of the day");
        irc_end_answer(reader);
        return;
    }
    if (at == 0) {
        irc_numeric(reader, RPL_MOTDSTART, ":- %s message of the day -",
                    reader->exchange->server_name);
    }
    while (rest.len > 0 && buf_space(&reader->output) > IRC_ROW_NEEDED) {
        struct text line = text_cut(&rest, '\n');

        irc_numeric(reader, RPL_MOTD, ":- %.*s", (int)size_min(line.len, 400), line.at);
    }
    if (rest.len == 0) {
        irc_numeric(reader, RPL_ENDOFMOTD, ":End of the message of the day");
        irc_end_answer(reader);
    } else {
        output_set_answer(reader, IRC_ANSWER_MOTD, 0, all.len - rest.len, 0);
    }
}

/* ---- names ---- */

void irc_put_topic(struct reader *reader, const struct room *room, bool say_none)
{
    struct state *state = reader_hub(reader)->state;
    char topic_space[TOPIC_MAX], by_space[NAME_SIZE];
    struct buf topic = buf_over(topic_space, sizeof(topic_space));
    struct buf by = buf_over(by_space, sizeof(by_space));

    if (room->topic == 0) {
        if (say_none) {
            irc_numeric(reader, RPL_NOTOPIC, "%s :No topic is set", room->name);
        }
        return;
    }
    state_get_text(state, room->topic, &topic);
    state_get_text(state, room->topic_by, &by);
    irc_numeric(reader, RPL_TOPIC, "%s :%.*s", room->name, TEXT_ARG(buf_text(&topic)));
    irc_numeric(reader, RPL_TOPICWHOTIME, "%s %.*s %llu", room->name,
                (int)(by.len > 0 ? by.len : 1), by.len > 0 ? by.at : "*",
                (unsigned long long)(room->topic_ms / 1000));
}

static void irc_put_name(struct reader *reader, uint32_t person)
{
    struct buf *out = &reader->output;

    buf_text_put(out, text_of(hub_person(reader_hub(reader), person)->nick));
    if (reader_person(reader)->caps & IRC_CAP_USERHOST_IN_NAMES) {
        buf_char(out, '!');
        people_source(reader_hub(reader), person, out);
    }
}

/* One 353; returns the serial of the last one shown, 0: no more. */
static uint64_t irc_put_names(struct reader *reader, uint32_t room, uint64_t after)
{
    const struct hub *hub = reader_hub(reader);
    struct buf *out = &reader->output;
    uint32_t m = rooms_member_after(hub, room, (uint32_t)after, 0);
    size_t start = out->len;

    if (m == 0) {
        return 0;
    }
    buf_format(out, ":%s %03d %s = %s :", reader->exchange->server_name, RPL_NAMREPLY,
               reader_person(reader)->nick, hub_room(hub, room)->name);
    for (;;) {
        irc_put_name(reader, hub_membership(hub, m)->person);
        after = hub_membership(hub, m)->serial;
        m = rooms_member_after(hub, room, (uint32_t)after, m);
        if (m == 0 || out->len - start > IRC_NAMES_WIDTH) {
            break;
        }
        buf_char(out, ' ');
    }
    buf_text_put(out, TEXT("\r\n"));
    return m == 0 ? 0 : after;
}

/* The room of an answer may be gone, or be another one by now; the answer then just ends. */
static void irc_answer_names(struct reader *reader, const struct wire_answer *answer)
{
    const struct room *room = hub_room(reader_hub(reader), answer->row);
    uint64_t at = answer->at;

    if (!rooms_exists(reader_hub(reader), answer->row, (uint32_t)answer->until)) {
        irc_numeric(reader, RPL_ENDOFNAMES, "* :End of /NAMES list");
        irc_end_answer(reader);
        return;
    }
    if (answer->kind == IRC_ANSWER_JOINED && at == 0) {
        irc_put_topic(reader, room, false);
    }
    do {
        at = irc_put_names(reader, answer->row, at);
    } while (at != 0 && buf_space(&reader->output) > IRC_ROW_NEEDED);
    if (at == 0) {
        irc_numeric(reader, RPL_ENDOFNAMES, "%s :End of /NAMES list", room->name);
        irc_end_answer(reader);
    } else {
        output_set_answer(reader, IRC_ANSWER_NAMES, answer->row, at, answer->until);
    }
}

void irc_continue_answer(struct reader *reader)
{
    const struct wire_answer answer = reader_wire(reader)->answer;

    if (buf_space(&reader->output) < 2 * IRC_ROW_NEEDED) {
        return;
    }
    switch ((enum irc_answer)answer.kind) {
    case IRC_ANSWER_MOTD: irc_answer_motd(reader, &answer); break;
    case IRC_ANSWER_JOINED:
    case IRC_ANSWER_NAMES: irc_answer_names(reader, &answer); break;
    case IRC_ANSWER_WHO: irc_answer_who(reader, &answer); break;
    case IRC_ANSWER_LIST: irc_answer_list(reader, &answer); break;
    }
}
