/* SPDX-License-Identifier: MIT */
/* The long answers of the IRC front end, each written a page at a time. */
#include "front/irc.h"

#include "chat/members.h"
#include "chat/people.h"
#include "chat/permissions.h"
#include "chat/records.h"
#include "chat/rooms.h"
#include "chat/talk.h"

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

/* ---- rooms ---- */

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

/* ---- names ---- */

void irc_put_prefix(const struct reader *reader, uint32_t rank, struct buf *out)
{
    if (rank & MEMBER_OPERATOR) {
        buf_char(out, '@');
    }
    if ((rank & MEMBER_VOICE) &&
        (!(rank & MEMBER_OPERATOR) || (reader_person(reader)->caps & IRC_CAP_MULTI_PREFIX) != 0)) {
        buf_char(out, '+');
    }
}

bool irc_sees_member(const struct reader *reader, bool is_inside, uint32_t person)
{
    return is_inside || may_find(reader_hub(reader), reader->row, person);
}

/* An answer to NAMES while a part of it is written. */
struct irc_names {
    struct reader *reader;
    uint32_t room;
    uint32_t at, last; /* serial and membership of the last one looked at */
    uint32_t n_looked; /* members, in this part */
    bool is_inside;    /* the reader is in the room, and sees everybody */
};

enum { IRC_NAMES_LOOKS_MAX = 4096 };

static void irc_put_name(struct reader *reader, const struct membership *membership)
{
    struct buf *out = &reader->output;

    irc_put_prefix(reader, membership->flags, out);
    buf_text_put(out, text_of(hub_person(reader_hub(reader), membership->person)->nick));
    if (reader_person(reader)->caps & IRC_CAP_USERHOST_IN_NAMES) {
        buf_char(out, '!');
        people_source(reader_hub(reader), membership->person, out);
    }
}

static void irc_begin_names(struct reader *reader, uint32_t room)
{
    const struct room *about = hub_room(reader_hub(reader), room);
    struct buf *out = &reader->output;

    irc_put_numeric(reader, RPL_NAMREPLY, out);
    buf_text_put(out, (about->modes & ROOM_SECRET) != 0 ? TEXT("@ ") : TEXT("= "));
    buf_text_put(out, text_of(about->name));
    buf_text_put(out, TEXT(" :"));
}

/* One 353, or none if nobody is left; false: that was the last. A part of the answer in which
 * nobody was to be seen has an empty one, since an answer goes on only behind something. */
static bool irc_put_names(struct irc_names *names)
{
    const struct hub *hub = reader_hub(names->reader);
    struct buf *out = &names->reader->output;
    size_t start = out->len, list = 0;
    uint32_t m = members_after(hub, names->room, names->at, names->last);

    for (; m != 0 && out->len - start <= IRC_NAMES_WIDTH && names->n_looked < IRC_NAMES_LOOKS_MAX;
         m = members_next(hub, m)) {
        names->last = m;
        names->at = hub_membership(hub, m)->serial;
        names->n_looked++;
        if (!irc_sees_member(names->reader, names->is_inside, hub_membership(hub, m)->person)) {
            continue;
        }
        if (list == 0) {
            irc_begin_names(names->reader, names->room);
            list = out->len;
        }
        if (out->len > list) {
            buf_char(out, ' ');
        }
        irc_put_name(names->reader, hub_membership(hub, m));
    }
    if (list == 0 && m != 0) {
        irc_begin_names(names->reader, names->room);
    }
    if (out->len > start) {
        buf_text_put(out, TEXT("\r\n"));
    }
    return m != 0;
}

/* The room of an answer may be gone, or unknown to the reader by now; the answer then just ends. */
static bool irc_is_answer_void(const struct reader *reader, const struct wire_answer *answer)
{
    const struct hub *hub = reader_hub(reader);

    return !rooms_exists(hub, answer->row, (uint32_t)answer->until) ||
           !may_know_of(hub, reader->row, answer->row);
}

/* Who enters is shown what was said before, behind all else that is to be known of the room. */
static void irc_end_names(struct reader *reader, const struct wire_answer *answer)
{
    if (answer->kind == IRC_ANSWER_JOINED) {
        irc_begin_replay(reader, answer);
    } else {
        irc_end_answer(reader);
    }
}

static void irc_answer_names(struct reader *reader, const struct wire_answer *answer)
{
    const struct hub *hub = reader_hub(reader);
    struct irc_names names = { .reader = reader, .room = answer->row, .at = (uint32_t)answer->at };
    bool is_more;

    if (irc_is_answer_void(reader, answer)) {
        irc_numeric(reader, RPL_ENDOFNAMES, "* :End of /NAMES list");
        irc_end_answer(reader);
        return;
    }
    if (answer->kind == IRC_ANSWER_JOINED && answer->at == 0) {
        irc_put_topic(reader, hub_room(hub, answer->row), false);
        if (reader_person(reader)->caps & IRC_NO_IMPLICIT_NAMES) {
            irc_end_names(reader, answer);
            return;
        }
    }
    names.is_inside = members_find(hub, reader->row, answer->row) != 0;
    do {
        is_more = irc_put_names(&names);
    } while (is_more && buf_space(&reader->output) > IRC_ROW_NEEDED &&
             names.n_looked < IRC_NAMES_LOOKS_MAX);
    if (!is_more) {
        irc_numeric(reader, RPL_ENDOFNAMES, "%s :End of /NAMES list",
                    hub_room(hub, answer->row)->name);
        irc_end_names(reader, answer);
    } else {
        output_set_answer(reader, answer->kind, answer->row, names.at, answer->until);
    }
}

/* ---- walks ---- */

struct irc_walk irc_walk_begin(const struct reader *reader)
{
    const struct wire *wire = reader_wire(reader);
    struct irc_walk walk = { .at = 0 };

    if (wire->in.step > 0) {
        walk.at = wire->answer.at;
        walk.n = wire->answer.until;
    }
    return walk;
}

/* A row, and what stands behind the last one. */
bool irc_walk_has_room(const struct reader *reader, struct irc_walk *walk)
{
    return walk->n_looked++ < IRC_LOOKS_MAX && buf_space(&reader->output) >= IRC_ROW_NEEDED;
}

int irc_walk_pause(struct reader *reader, const struct irc_walk *walk)
{
    output_set_answer(reader, IRC_ANSWER_PAUSE, 0, walk->at, walk->n);
    return FRONT_MORE;
}

/* The numbers stay. */
static void irc_answer_pause(struct reader *reader, const struct wire_answer *answer)
{
    output_set_answer(reader, 0, answer->row, answer->at, answer->until);
}

void irc_continue_answer(struct reader *reader)
{
    const struct wire_answer answer = reader_wire(reader)->answer;

    if (buf_space(&reader->output) < 2 * (size_t)IRC_ROW_NEEDED) {
        return;
    }
    switch ((enum irc_answer)answer.kind) {
    case IRC_ANSWER_MOTD: irc_answer_motd(reader, &answer); break;
    case IRC_ANSWER_JOINED:
    case IRC_ANSWER_NAMES: irc_answer_names(reader, &answer); break;
    case IRC_ANSWER_PAUSE: irc_answer_pause(reader, &answer); break;
    case IRC_ANSWER_OLD_LIST: irc_end_answer(reader); break;
    case IRC_ANSWER_HELP: irc_answer_help(reader, &answer); break;
    case IRC_ANSWER_MASKS: irc_answer_masks(reader, &answer); break;
    case IRC_ANSWER_STATS: irc_answer_stats(reader, &answer); break;
    case IRC_ANSWER_REPLAY: irc_answer_replay(reader, &answer); break;
    }
}
