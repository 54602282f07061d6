/* SPDX-License-Identifier: MIT */
/* What one says about oneself in IRC: AWAY (RFC 2812, 4.1) and SETNAME (IRCv3 setname). That the
 * others of a room hear of it is a record; see irc_render.c. */
#include "front/irc.h"

#include "chat/people.h"
#include "lib/utf8.h"

int irc_run_away(struct reader *reader, const struct irc_message *message, struct buf *reason)
{
    struct text why = message->n_params > 0 ? message->params[0] : TEXT_NONE;
    int r;

    (void)reason;
    why.len = utf8_fit(why, AWAY_MAX);
    r = people_set_away(reader_hub(reader), reader->row, why, reader->exchange->now);
    if (r != 0) {
        irc_numeric(reader, RPL_TRYAGAIN, "AWAY :There is no room for that now");
    } else if (why.len > 0) {
        irc_numeric(reader, RPL_NOWAWAY, ":You have been marked as being away");
    } else {
        irc_numeric(reader, RPL_UNAWAY, ":You are no longer marked as being away");
    }
    return FRONT_DONE;
}

void irc_put_away(struct reader *reader, uint32_t row)
{
    const struct hub *hub = reader_hub(reader);
    const struct person *person = hub_person(hub, row);
    char space[AWAY_MAX];
    struct buf why = buf_over(space, sizeof(space));

    if (person->flags & PERSON_AWAY) {
        state_get_text(hub->state, person->away, &why);
        irc_numeric(reader, RPL_AWAY, "%s :%.*s", person->nick, TEXT_ARG(buf_text(&why)));
    }
}

/* Errors are standard replies to everybody: the specification knows no others. */
int irc_run_setname(struct reader *reader, const struct irc_message *message, struct buf *reason)
{
    struct text name = message->params[0];
    int r = people_set_realname(reader_hub(reader), reader->row, name, reader->exchange->now);

    (void)reason;
    if (r == CHAT_TEXT_TOO_LONG) {
        irc_line(reader, "FAIL SETNAME INVALID_REALNAME :That is longer than %d bytes",
                 REALNAME_MAX);
    } else if (r != 0) {
        irc_line(reader, "FAIL SETNAME CANNOT_CHANGE_REALNAME :There is no room for that now");
    } else if (!(reader_person(reader)->caps & IRC_CAP_SETNAME)) {
        irc_line(reader, "NOTICE %s :Your realname is now %.*s", irc_nick_or_star(reader),
                 TEXT_ARG(name));
    }
    return FRONT_DONE;
}
