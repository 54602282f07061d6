/* SPDX-License-Identifier: MIT */
/* Operators of the server in IRC: becoming one, and what they may do. Sources: RFC 2812, 3.1.4,
 * 3.7.1, 4.2, 4.7; 396 as in InspIRCd and UnrealIRCd. DIE and RESTART are the service manager's. */
#include "front/irc.h"

#include "chat/people.h"
#include "chat/records.h"
#include "chat/talk.h"

static void irc_put_own_mode(struct reader *reader, const char *change)
{
    const char *nick = reader_person(reader)->nick;
    char space[SOURCE_SIZE];
    struct buf source = buf_over(space, sizeof(space));

    people_source(reader_hub(reader), reader->row, &source);
    buf_format(output_private(reader), ":%s!%.*s MODE %s :%s\r\n", nick,
               TEXT_ARG(buf_text(&source)), nick, change);
}

int irc_run_oper(struct reader *reader, const struct irc_message *message, struct buf *reason)
{
    bool was_operator = (reader_person(reader)->flags & PERSON_OPERATOR) != 0;
    struct operator_account account;
    int r = operator_login(reader, message->params[0], message->params[1], &account);

    (void)reason;
    if (r == OPERATOR_BUSY) {
        irc_numeric(reader, RPL_TRYAGAIN, "OPER :Too many wrong passwords just now, try again");
        return FRONT_DONE;
    }
    if (r !=
        0) { /* the same for a wrong name or mask; only the time for hashing tells them apart */
        irc_numeric(reader, ERR_PASSWDMISMATCH, ":Password incorrect");
        return FRONT_DONE;
    }
    irc_numeric(reader, RPL_YOUREOPER, ":You are now an IRC operator");
    if (!was_operator) {
        irc_put_own_mode(reader, "+o");
    }
    if (account.host.len > 0) {
        irc_numeric(reader, RPL_VISIBLEHOST, "%.*s :is now your displayed host",
                    TEXT_ARG(account.host));
    }
    return FRONT_DONE;
}

int irc_run_kill(struct reader *reader, const struct irc_message *message, struct buf *reason)
{
    struct text nick = message->params[0], why = message->params[1];
    uint32_t target = people_find_registered(reader_hub(reader), nick);
    int r = CHAT_NO_PERSON;

    (void)reason;
    if (target != 0) {
        r = operator_kill(reader, target, why);
    }
    if (r != 0) {
        irc_refuse(reader, r, nick);
    }
    return FRONT_DONE;
}

int irc_run_wallops(struct reader *reader, const struct irc_message *message, struct buf *reason)
{
    struct hub *hub = reader_hub(reader);
    uint32_t step = reader_wire(reader)->in.step;
    int r = talk_wallops(hub, reader->row, message->params[0], step, reader->exchange->now);

    (void)reason;
    if (r != 0) {
        irc_refuse(reader, r, TEXT_NONE);
        return FRONT_DONE;
    }
    return talk_wallops_is_last(hub, step) ? FRONT_DONE : FRONT_MORE;
}

int irc_run_rehash(struct reader *reader, const struct irc_message *message, struct buf *reason)
{
    (void)message;
    (void)reason;
    operator_rehash(reader);
    irc_numeric(reader, RPL_REHASHING, "partylined.conf :Rehashing");
    return FRONT_DONE;
}
