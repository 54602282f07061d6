/* SPDX-License-Identifier: MIT */
/* Rooms and talking in IRC. A list of rooms or targets is done one step at a time, each step a
 * transaction of its own: so an answer stands behind what it answers, whatever their number. */
#include "front/irc.h"

#include "chat/people.h"
#include "chat/rooms.h"
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

int irc_next_step(struct reader *reader, struct text list, uint32_t most)
{
    uint32_t step = reader_wire(reader)->in.step;

    if (irc_list_item(list, step + 1).len == 0) {
        return FRONT_DONE;
    }
    if (step + 1 >= most) {
        irc_numeric(reader, ERR_TOOMANYTARGETS, "%.*s :Too many targets, the rest was ignored",
                    (int)utf8_fit(irc_list_item(list, step + 1), NAME_SIZE),
                    irc_list_item(list, step + 1).at);
        return FRONT_DONE;
    }
    return FRONT_MORE;
}

static struct text irc_step_item(struct reader *reader, struct text list)
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
    return rooms_count_of(hub, reader->row) > 0 ? FRONT_MORE : FRONT_DONE;
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
    r = rooms_join(hub, reader->row, name, ROOMS_JOIN_QUIETLY, reader->exchange->now, &room);
    if (r == 0) {
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
    uint32_t room = rooms_find(hub, name);
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

/* ---- talking ---- */

enum { CTCP_MARK = 0x01 };

/* "\x01ACTION text\x01" is the record's kind, not its text. */
static enum record_kind irc_kind_of(struct text *text)
{
    const struct text action = TEXT("\x01"
                                    "ACTION ");

    if (!text_starts_with(*text, action)) {
        return RECORD_SAID;
    }
    *text = (struct text){ text->at + action.len, text->len - action.len };
    if (text->len > 0 && text->at[text->len - 1] == CTCP_MARK) {
        text->len--;
    }
    return RECORD_ACTION;
}

static int irc_send_to(struct reader *reader, struct text target, enum record_kind kind,
                       struct text text)
{
    struct hub *hub = reader_hub(reader);
    uint32_t row;

    if (target.len > 0 && target.at[0] == '#') {
        row = rooms_find(hub, target);
        return row == 0 ? CHAT_NO_ROOM
                        : rooms_say(hub, reader->row, row, kind, text, reader->exchange->now);
    }
    row = people_find_registered(hub, target);
    if (row == 0) {
        return CHAT_NO_PERSON;
    }
    return people_tell(hub, reader->row, row, kind, text, reader->exchange->now);
}

int irc_run_privmsg(struct reader *reader, const struct irc_message *message, struct buf *reason)
{
    struct text target = irc_step_item(reader, message->params[0]);
    struct text text = message->n_params > 1 ? message->params[1] : TEXT_NONE;
    enum record_kind kind = irc_kind_of(&text);
    int r;

    (void)reason;
    if (message->n_params == 0 || target.len == 0) {
        irc_numeric(reader, ERR_NORECIPIENT, ":No recipient given (PRIVMSG)");
        return FRONT_DONE;
    }
    r = irc_send_to(reader, target, kind, text);
    if (r == CHAT_NOT_MEMBER) {
        irc_numeric(reader, ERR_CANNOTSENDTOCHAN, "%.*s :You are not in that channel",
                    TEXT_ARG(target));
    } else if (r != 0) {
        irc_refuse(reader, r, target);
    } else if (target.at[0] != '#') {
        irc_put_away(reader, people_find_registered(reader_hub(reader), target));
    }
    return irc_next_step(reader, message->params[0], IRC_TARGETS_MAX);
}

/* A notice is never answered (RFC 2812, 3.3.2), so that programs do not talk for ever. */
int irc_run_notice(struct reader *reader, const struct irc_message *message, struct buf *reason)
{
    uint32_t step = reader_wire(reader)->in.step;

    (void)reason;
    if (message->n_params < 2) {
        return FRONT_DONE;
    }
    (void)!irc_send_to(reader, irc_step_item(reader, message->params[0]), RECORD_NOTICE,
                       message->params[1]);
    return step + 1 < IRC_TARGETS_MAX && irc_list_item(message->params[0], step + 1).len > 0
               ? FRONT_MORE
               : FRONT_DONE;
}

/* ---- about a room ---- */

int irc_run_topic(struct reader *reader, const struct irc_message *message, struct buf *reason)
{
    struct hub *hub = reader_hub(reader);
    struct text name = message->params[0];
    uint32_t room = rooms_find(hub, name);
    struct text topic = message->params[1];
    int r = CHAT_NO_ROOM;

    (void)reason;
    if (room != 0 && message->n_params < 2) {
        irc_put_topic(reader, hub_room(hub, room), true);
        return FRONT_DONE;
    }
    if (room != 0) {
        topic.len = utf8_fit(topic, TOPIC_MAX);
        r = rooms_set_topic(hub, reader->row, room, topic, reader->exchange->now);
    }
    if (r != 0) {
        irc_refuse(reader, r, name);
    }
    return FRONT_DONE;
}

int irc_run_names(struct reader *reader, const struct irc_message *message, struct buf *reason)
{
    struct hub *hub = reader_hub(reader);
    struct text name =
        message->n_params > 0 ? irc_step_item(reader, message->params[0]) : TEXT("*");
    uint32_t room = rooms_find(hub, name);

    (void)reason;
    if (room == 0) {
        irc_numeric(reader, RPL_ENDOFNAMES, "%.*s :End of /NAMES list",
                    (int)utf8_fit(name, NAME_SIZE), name.at);
    } else {
        output_set_answer(reader, IRC_ANSWER_NAMES, room, 0, hub_room(hub, room)->id);
    }
    return message->n_params > 0 ? irc_next_step(reader, message->params[0], IRC_TARGETS_MAX)
                                 : FRONT_DONE;
}

/* ---- modes: there are none to set yet; what clients ask on joining is answered truthfully ---- */

static void irc_put_user_mode(struct reader *reader, struct text nick)
{
    if (text_equal_nocase(nick, text_of(reader_person(reader)->nick))) {
        irc_numeric(reader, RPL_UMODEIS, "+");
    } else if (people_find_registered(reader_hub(reader), nick) != 0) {
        irc_numeric(reader, ERR_USERSDONTMATCH, ":Can't change mode for other users");
    } else {
        irc_refuse(reader, CHAT_NO_PERSON, nick);
    }
}

/* n and t are known, and nobody may change them; no other mode is known. "b" alone asks for a list.
 */
static void irc_refuse_mode(struct reader *reader, const struct room *room, struct text modes)
{
    for (size_t i = 0; i < modes.len; i++) {
        if (modes.at[i] == '+' || modes.at[i] == '-') {
            continue;
        }
        if (modes.at[i] != 'n' && modes.at[i] != 't' && modes.at[i] != 'b') {
            irc_numeric(reader, ERR_UNKNOWNMODE, "%c :is unknown mode char to me for %s",
                        modes.at[i] > ' ' && modes.at[i] <= '~' ? modes.at[i] : '?', room->name);
            return;
        }
    }
    irc_numeric(reader, ERR_CHANOPRIVSNEEDED, "%s :You're not channel operator", room->name);
}

static bool irc_is_ban_query(const struct irc_message *message)
{
    struct text modes = message->params[1];

    return message->n_params == 2 &&
           (text_equal(modes, TEXT("b")) || text_equal(modes, TEXT("+b")));
}

int irc_run_mode(struct reader *reader, const struct irc_message *message, struct buf *reason)
{
    struct hub *hub = reader_hub(reader);
    struct text name = message->params[0];
    uint32_t room = rooms_find(hub, name);

    (void)reason;
    if (name.at[0] != '#') {
        irc_put_user_mode(reader, name);
        return FRONT_DONE;
    }
    if (room == 0) {
        irc_refuse(reader, CHAT_NO_ROOM, name);
    } else if (irc_is_ban_query(message)) {
        irc_numeric(reader, RPL_ENDOFBANLIST, "%s :End of channel ban list",
                    hub_room(hub, room)->name);
    } else if (message->n_params > 1) {
        irc_refuse_mode(reader, hub_room(hub, room), message->params[1]);
    } else {
        irc_numeric(reader, RPL_CHANNELMODEIS, "%s +n", hub_room(hub, room)->name);
        irc_numeric(reader, RPL_CREATIONTIME, "%s %llu", hub_room(hub, room)->name,
                    (unsigned long long)(hub_room(hub, room)->born_ms / 1000));
    }
    return FRONT_DONE;
}
