/* SPDX-License-Identifier: MIT */
/* Talking in IRC: PRIVMSG, NOTICE and TAGMSG, to rooms, to those of a room who have a rank, to
 * people; one target a step. Sources: RFC 2812, 3.3; IRCv3 message-tags. */
#include "front/irc.h"

#include "chat/members.h"
#include "chat/people.h"
#include "chat/permissions.h"
#include "chat/rooms.h"
#include "chat/talk.h"
#include "lib/utf8.h"

/* "@#room" and "+#room" (005 STATUSMSG): for those of the room with at least that rank. */
static uint32_t irc_cut_rank(struct text *target)
{
    char mark = (char)(target->len > 1 && target->at[1] == '#' ? target->at[0] : '\0');

    if (mark != '@' && mark != '+') {
        return 0;
    }
    *target = (struct text){ target->at + 1, target->len - 1 };
    return mark == '@' ? MEMBER_OPERATOR : MEMBER_VOICE;
}

static int irc_send_to_room(struct reader *reader, struct text name,
                            const struct utterance *utterance)
{
    struct hub *hub = reader_hub(reader);
    uint32_t room = rooms_find(hub, name);
    int r = CHAT_NO_ROOM;

    if (room != 0) {
        r = talk_in_room(hub, reader->row, room, utterance, reader->exchange->now);
    }
    return r != 0 && room != 0 && !may_know_of(hub, reader->row, room) ? CHAT_NO_ROOM : r;
}

static int irc_send_to(struct reader *reader, struct text target, struct utterance utterance)
{
    struct hub *hub = reader_hub(reader);
    uint32_t row;

    utterance.least = irc_cut_rank(&target);
    if (target.len > 0 && target.at[0] == '#') {
        return irc_send_to_room(reader, target, &utterance);
    }
    row = people_find_registered(hub, target);
    return row == 0 ? CHAT_NO_PERSON
                    : talk_to(hub, reader->row, row, &utterance, reader->exchange->now);
}

/* To the target of this step. Tags are passed on for who negotiated that it sends any. */
static int irc_send(struct reader *reader, const struct irc_message *message,
                    struct utterance utterance)
{
    char space[RECORD_TAGS_MAX];
    struct buf tags = buf_over(space, sizeof(space));

    if (reader_person(reader)->caps & IRC_CAP_MESSAGE_TAGS) {
        irc_client_tags(message->tags, &tags);
        utterance.tags = buf_text(&tags);
    }
    return irc_send_to(reader, irc_step_item(reader, message->params[0]), utterance);
}

/* 404 and the like name the target as it was given. */
static void irc_refuse_target(struct reader *reader, int outcome, struct text target)
{
    bool is_nick = target.at[0] != '#' && target.at[0] != '@' && target.at[0] != '+';

    irc_refuse(reader, outcome == CHAT_NO_ROOM && is_nick ? CHAT_NO_PERSON : outcome, target);
}

int irc_run_privmsg(struct reader *reader, const struct irc_message *message, struct buf *reason)
{
    struct text target = irc_step_item(reader, message->params[0]);
    struct utterance said = { .text = message->n_params > 1 ? message->params[1] : TEXT_NONE };
    int r;

    (void)reason;
    if (message->n_params == 0 || target.len == 0) {
        irc_numeric(reader, ERR_NORECIPIENT, ":No recipient given (PRIVMSG)");
        return FRONT_DONE;
    }
    said.kind = irc_cut_action(&said.text) ? RECORD_ACTION : RECORD_SAID;
    r = irc_send(reader, message, said);
    if (r != 0) {
        irc_refuse_target(reader, r, target);
    } else if (people_find_registered(reader_hub(reader), target) != 0) {
        irc_put_away(reader, people_find_registered(reader_hub(reader), target));
    }
    return irc_next_step(reader, message->params[0], IRC_TARGETS_MAX);
}

/* To the next target without a word, also when there are too many. */
static int irc_next_silent_step(struct reader *reader, struct text list)
{
    uint32_t step = reader_wire(reader)->in.step;

    return step + 1 < IRC_TARGETS_MAX && irc_list_item(list, step + 1).len > 0 ? FRONT_MORE
                                                                               : FRONT_DONE;
}

/* A notice is never answered (RFC 2812, 3.3.2), so that programs do not talk for ever. */
int irc_run_notice(struct reader *reader, const struct irc_message *message, struct buf *reason)
{
    (void)reason;
    if (message->n_params < 2) {
        return FRONT_DONE;
    }
    (void)!irc_send(reader, message,
                    (struct utterance){ .kind = RECORD_NOTICE, .text = message->params[1] });
    return irc_next_silent_step(reader, message->params[0]);
}

/* A client that says "is typing" has nobody who could read that it may not. */
static bool irc_is_silent(int outcome)
{
    return outcome == CHAT_NO_TEXT || outcome == CHAT_MODERATED || outcome == CHAT_SILENCED ||
           outcome == CHAT_NO_EXTERNAL;
}

/* Tags alone, such as "is typing". Without one that is for clients there is nothing to send. */
int irc_run_tagmsg(struct reader *reader, const struct irc_message *message, struct buf *reason)
{
    struct text target = irc_step_item(reader, message->params[0]);
    int r;

    (void)reason;
    if (!(reader_person(reader)->caps & IRC_CAP_MESSAGE_TAGS)) {
        irc_numeric(reader, ERR_UNKNOWNCOMMAND, "TAGMSG :Unknown command without message-tags");
        return FRONT_DONE;
    }
    r = irc_send(reader, message, (struct utterance){ .kind = RECORD_TAGGED });
    if (r != 0 && !irc_is_silent(r)) {
        irc_refuse_target(reader, r, target);
    }
    return irc_next_step(reader, message->params[0], IRC_TARGETS_MAX);
}
