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

enum { IRC_WORDS_SIZE = 64 };

/* Errors are standard replies to who knows those, or SETNAME; to others, words. */
static void irc_refuse_realname(struct reader *reader, int outcome)
{
    bool is_known =
        (reader_person(reader)->caps & (IRC_CAP_SETNAME | IRC_CAP_STANDARD_REPLIES)) != 0;
    bool is_long = outcome == CHAT_TEXT_TOO_LONG;
    char space[IRC_WORDS_SIZE];
    struct buf words = buf_over(space, sizeof(space));

    if (is_long) {
        buf_format(&words, "That is longer than %d bytes", REALNAME_MAX);
    } else {
        buf_text_put(&words, TEXT("There is no room for that now"));
    }
    if (is_known) {
        irc_line(reader, "FAIL SETNAME %s :%.*s",
                 is_long ? "INVALID_REALNAME" : "CANNOT_CHANGE_REALNAME",
                 TEXT_ARG(buf_text(&words)));
    } else {
        irc_line(reader, "NOTICE %s :SETNAME: %.*s", irc_nick_or_star(reader),
                 TEXT_ARG(buf_text(&words)));
    }
}

int irc_run_setname(struct reader *reader, const struct irc_message *message, struct buf *reason)
{
    struct text name = message->params[0];
    int r = people_set_realname(reader_hub(reader), reader->row, name, reader->exchange->now);

    (void)reason;
    if (r != 0) {
        irc_refuse_realname(reader, r);
    } else if (!(reader_person(reader)->caps & IRC_CAP_SETNAME)) {
        irc_line(reader, "NOTICE %s :Your realname is now %.*s", irc_nick_or_star(reader),
                 TEXT_ARG(name));
    }
    return FRONT_DONE;
}
