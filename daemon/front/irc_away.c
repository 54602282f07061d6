/* SPDX-License-Identifier: MIT */
/* Being away in IRC: AWAY itself, and telling who asks or writes (RFC 2812, 4.1). That the others
 * of a room hear of it is a record (IRCv3 away-notify); see irc_render.c. */
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
