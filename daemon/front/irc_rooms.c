/* SPDX-License-Identifier: MIT */
/* Entering and leaving rooms in IRC. A list of rooms or targets is done one step at a time, each
 * step a transaction of its own: so an answer stands behind what it answers, whatever their number.
 */
#include "front/irc.h"

#include "chat/members.h"
#include "chat/people.h"
#include "chat/rooms.h"
#include "chat/talk.h"
#include "lib/utf8.h"

struct text irc_list_item(struct text list, uint32_t n)
{
    while (list.len > 0) {
        struct text item = text_cut(&list, ',');

        if (item.len > 0 && n-- == 0) {
            return item;
        }
    }
    return TEXT_NONE;
}

static void irc_tell_limit(struct reader *reader, struct text first_left_out)
{
    irc_numeric(reader, ERR_TOOMANYTARGETS, "%.*s :Too many targets, the rest was ignored",
                (int)utf8_fit(first_left_out, NAME_SIZE), first_left_out.at);
}

int irc_next_step(struct reader *reader, struct text list, uint32_t most)
{
    uint32_t step = reader_wire(reader)->in.step;
    struct text next = irc_list_item(list, step + 1);

    if (next.len == 0) {
        return FRONT_DONE;
    }
    if (step + 1 >= most && reader_wire(reader)->answer.kind == 0) {
        irc_tell_limit(reader, next);
        return FRONT_DONE;
    }
    return FRONT_MORE;
}

bool irc_is_past_limit(struct reader *reader, struct text list, uint32_t most)
{
    uint32_t step = reader_wire(reader)->in.step;

    if (step < most) {
        return false;
    }
    irc_tell_limit(reader, irc_list_item(list, step));
    return true;
}

struct text irc_step_item(struct reader *reader, struct text list)
{
    return irc_list_item(list, reader_wire(reader)->in.step);
}

/* JOIN 0: leave all rooms (RFC 2812, 3.2.1). One room a step. */
static int irc_leave_all(struct reader *reader)
{
    struct hub *hub = reader_hub(reader);
    uint32_t m = reader_person(reader)->first_membership;

    while (m != 0 && hub_membership(hub, m)->until != UNTIL_OPEN) {
        m = hub_membership(hub, m)->own_next;
    }
    if (m == 0) {
        return FRONT_DONE;
    }
    (void)!rooms_leave(hub, reader->row, hub_membership(hub, m)->room, TEXT_NONE,
                       reader->exchange->now);
    return members_count_of(hub, reader->row) > 0 ? FRONT_MORE : FRONT_DONE;
}

/* Keys stand in the order of the rooms, and may be fewer. */
static struct text irc_nth_key(const struct irc_message *message, uint32_t n)
{
    struct text keys = message->n_params > 1 ? message->params[1] : TEXT_NONE;

    while (n-- > 0 && keys.len > 0) {
        (void)text_cut(&keys, ',');
    }
    return text_cut(&keys, ',');
}

/* Right behind the JOIN. */
static void irc_tell_marker(struct reader *reader, uint32_t room)
{
    if (reader_person(reader)->caps & IRC_CAP_READ_MARKER) {
        irc_put_marker(reader, text_of(hub_room(reader_hub(reader), room)->name));
    }
}

int irc_run_join(struct reader *reader, const struct irc_message *message, struct buf *reason)
{
    struct hub *hub = reader_hub(reader);
    struct text name = irc_step_item(reader, message->params[0]);
    uint32_t room;
    int r;

    (void)reason;
    if (text_equal(message->params[0], TEXT("0"))) {
        return irc_leave_all(reader);
    }
    if (irc_is_past_limit(reader, message->params[0], IRC_ROOMS_MAX)) {
        return FRONT_DONE;
    }
    r = rooms_join(hub, reader->row,
                   &(struct joining){ .name = name,
                                      .key = irc_nth_key(message, reader_wire(reader)->in.step) },
                   reader->exchange->now, &room);
    if (r == 0) {
        irc_tell_marker(reader, room);
        output_set_answer(reader, IRC_ANSWER_JOINED, room, 0, hub_room(hub, room)->id);
    } else if (r != CHAT_ALREADY_MEMBER) {
        irc_refuse(reader, r, name);
    }
    return irc_next_step(reader, message->params[0], IRC_ROOMS_MAX);
}

int irc_run_part(struct reader *reader, const struct irc_message *message, struct buf *reason)
{
    struct hub *hub = reader_hub(reader);
    struct text name = irc_step_item(reader, message->params[0]);
    struct text why = message->n_params > 1 ? message->params[1] : TEXT_NONE;
    uint32_t room = rooms_find_known(hub, reader->row, name);
    int r = CHAT_NO_ROOM;

    (void)reason;
    why.len = utf8_fit(why, REASON_MAX);
    if (room != 0) {
        r = rooms_leave(hub, reader->row, room, why, reader->exchange->now);
    }
    if (r != 0) {
        irc_refuse(reader, r, name);
    }
    return irc_next_step(reader, message->params[0], IRC_ROOMS_MAX);
}

/* ---- about a room ---- */

int irc_run_topic(struct reader *reader, const struct irc_message *message, struct buf *reason)
{
    struct hub *hub = reader_hub(reader);
    struct text name = message->params[0];
    uint32_t room = rooms_find_known(hub, reader->row, name);
    struct text topic = message->params[1];
    int r = CHAT_NO_ROOM;

    (void)reason;
    if (room != 0 && message->n_params < 2) {
        irc_put_topic(reader, hub_room(hub, room), true);
        return FRONT_DONE;
    }
    if (room != 0) {
        topic.len = utf8_fit(topic, TOPIC_MAX);
        r = talk_set_topic(hub, reader->row, room, topic, reader->exchange->now);
    }
    if (r == CHAT_FULL) {
        irc_numeric(reader, RPL_TRYAGAIN, "TOPIC :There is no room for that now");
    } else if (r != 0) {
        irc_refuse(reader, r, name);
    }
    return FRONT_DONE;
}

int irc_run_names(struct reader *reader, const struct irc_message *message, struct buf *reason)
{
    struct hub *hub = reader_hub(reader);
    struct text name =
        message->n_params > 0 ? irc_step_item(reader, message->params[0]) : TEXT("*");
    uint32_t room = rooms_find_known(hub, reader->row, name);

    (void)reason;
    if (message->n_params > 0 && irc_is_past_limit(reader, message->params[0], IRC_TARGETS_MAX)) {
        return FRONT_DONE;
    }
    if (room == 0) {
        irc_numeric(reader, RPL_ENDOFNAMES, "%.*s :End of /NAMES list",
                    (int)utf8_fit(name, NAME_SIZE), name.at);
    } else {
        output_set_answer(reader, IRC_ANSWER_NAMES, room, 0, hub_room(hub, room)->id);
    }
    return message->n_params > 0 ? irc_next_step(reader, message->params[0], IRC_TARGETS_MAX)
                                 : FRONT_DONE;
}
