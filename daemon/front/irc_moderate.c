/* SPDX-License-Identifier: MIT */
/* KICK and INVITE in IRC. Those who are concerned hear of both by the record. Source:
 * modern.ircdocs.horse, "KICK message", "INVITE message". */
#include "front/irc.h"

#include "chat/invitations.h"
#include "chat/people.h"
#include "chat/permissions.h"
#include "chat/rooms.h"
#include "lib/utf8.h"

/* "NICK #ROOM :words", as refusals that are about both go. */
static void irc_refuse_in_room(struct reader *reader, int outcome, uint32_t room, struct text nick)
{
    const char *name = hub_room(reader_hub(reader), room)->name;

    nick.len = utf8_fit(nick, NAME_SIZE);
    if (outcome == CHAT_TARGET_ABSENT) {
        irc_numeric(reader, ERR_USERNOTINCHANNEL, "%.*s %s :They aren't on that channel",
                    TEXT_ARG(nick), name);
    } else if (outcome == CHAT_TARGET_THERE) {
        irc_numeric(reader, ERR_USERONCHANNEL, "%.*s %s :is already on channel", TEXT_ARG(nick),
                    name);
    } else if (outcome == CHAT_NO_PERSON) {
        irc_refuse(reader, outcome, nick);
    } else {
        irc_refuse(reader, outcome, text_of(name));
    }
}

/* ---- KICK ---- */

static int irc_kick(struct reader *reader, uint32_t room, struct text nick, struct text why)
{
    struct hub *hub = reader_hub(reader);
    struct kick kick = { .room = room, .target = people_find_registered(hub, nick) };

    if (kick.target == 0) {
        return CHAT_NO_PERSON;
    }
    why.len = utf8_fit(why, REASON_MAX);
    kick.reason = why.len > 0 ? why : text_of(reader_person(reader)->nick);
    return rooms_kick(hub, reader->row, &kick, reader->exchange->now);
}

/* One room, one nick a step. Who may not throw one out may not throw out the next, and is told so
 * once. */
int irc_run_kick(struct reader *reader, const struct irc_message *message, struct buf *reason)
{
    struct hub *hub = reader_hub(reader);
    struct text nick = irc_step_item(reader, message->params[1]);
    uint32_t room = rooms_find_known(hub, reader->row, message->params[0]);
    int r;

    (void)reason;
    if (nick.len == 0) {
        irc_refuse(reader, CHAT_NO_ARGUMENT, TEXT("KICK"));
        return FRONT_DONE;
    }
    if (room == 0) {
        irc_refuse(reader, CHAT_NO_ROOM, message->params[0]);
        return FRONT_DONE;
    }
    r = may_change(hub, reader->row, room);
    if (r != 0) {
        irc_refuse_in_room(reader, r, room, nick);
        return FRONT_DONE;
    }
    r = irc_kick(reader, room, nick, message->n_params > 2 ? message->params[2] : TEXT_NONE);
    if (r != 0) {
        irc_refuse_in_room(reader, r, room, nick);
    }
    return irc_next_step(reader, message->params[1], IRC_KICKS_MAX);
}

/* ---- INVITE ---- */

/* The rooms one was invited to and has not entered since. */
static void irc_list_invitations(struct reader *reader)
{
    const struct hub *hub = reader_hub(reader);
    uint32_t room;

    for (uint32_t n = 0; (room = invitations_room(hub, reader->row, n)) != 0; n++) {
        irc_numeric(reader, RPL_INVITELIST, "%s", hub_room(hub, room)->name);
    }
    irc_numeric(reader, RPL_ENDOFINVITELIST, ":End of /INVITE list");
}

static void irc_invite(struct reader *reader, uint32_t room, struct text nick)
{
    struct hub *hub = reader_hub(reader);
    uint32_t target = people_find_registered(hub, nick);
    int r = target == 0 ? CHAT_NO_PERSON
                        : rooms_invite(hub, reader->row, room, target, reader->exchange->now);

    if (r == CHAT_FULL) {
        irc_numeric(reader, RPL_TRYAGAIN, "INVITE :There is no room for that now");
    } else if (r != 0) {
        irc_refuse_in_room(reader, r, room, nick);
    } else {
        irc_numeric(reader, RPL_INVITING, "%s %s", hub_person(hub, target)->nick,
                    hub_room(hub, room)->name);
        irc_put_away(reader, target);
    }
}

int irc_run_invite(struct reader *reader, const struct irc_message *message, struct buf *reason)
{
    uint32_t room;

    (void)reason;
    if (message->n_params == 0) {
        irc_list_invitations(reader);
        return FRONT_DONE;
    }
    if (message->n_params < 2 || message->params[0].len == 0) {
        irc_refuse(reader, CHAT_NO_ARGUMENT, TEXT("INVITE"));
        return FRONT_DONE;
    }
    room = rooms_find_known(reader_hub(reader), reader->row, message->params[1]);
    if (room == 0) {
        irc_refuse(reader, CHAT_NO_ROOM, message->params[1]);
    } else {
        irc_invite(reader, room, message->params[0]);
    }
    return FRONT_DONE;
}
