/* SPDX-License-Identifier: MIT */
/* Registration: PASS, NICK and USER in any order; the welcome when all is there. */
#include "front/irc.h"

#include "chat/names.h"
#include "chat/people.h"
#include "chat/records.h"
#include "lib/utf8.h"

#include <time.h>

/* ---- the welcome ---- */

/* It is the same for all who come. */
static const char *irc_started(struct exchange *exchange)
{
    time_t started = (time_t)(exchange->started_ms / 1000);
    struct tm utc;

    if (exchange->started[0] == '\0') {
        (void)gmtime_r(&started, &utc);
        (void)strftime(exchange->started, sizeof(exchange->started), "%Y-%m-%d %H:%M UTC", &utc);
    }
    return exchange->started;
}

static void irc_welcome(struct reader *reader)
{
    const struct exchange *exchange = reader->exchange;
    char space[SOURCE_SIZE];
    struct buf source = buf_over(space, sizeof(space));

    people_source(reader_hub(reader), reader->row, &source);
    irc_numeric(reader, RPL_WELCOME, ":Welcome to %s, %s!%.*s", exchange->server_name,
                reader_person(reader)->nick, (int)source.len, source.at);
    irc_numeric(reader, RPL_YOURHOST, ":Your host is %s, running partyline-" PARTYLINE_VERSION,
                exchange->server_name);
    irc_numeric(reader, RPL_CREATED, ":The conversation began on %s",
                irc_started(reader->exchange));
    irc_numeric(reader, RPL_MYINFO, "%s partyline-" PARTYLINE_VERSION " Biow Ibeiklmnostv Ibeklov",
                exchange->server_name);
    irc_put_isupport(reader);
    irc_put_lusers(reader);
    output_set_answer(reader, IRC_ANSWER_MOTD, 0, 0, 0);
}

void irc_register_if_ready(struct reader *reader)
{
    const struct person *person = reader_person(reader);

    if ((person->flags & PERSON_REGISTERED) || person->nick[0] == '\0' ||
        !(person->caps & IRC_HAS_USER) || (person->caps & IRC_NEGOTIATING)) {
        return;
    }
    people_register(reader_hub(reader), reader->row, reader->exchange->now);
    irc_welcome(reader);
}

/* ---- PASS, NICK, USER ---- */

/* There are no passwords yet; clients that are set to send one are let in all the same. */
int irc_run_pass(struct reader *reader, const struct irc_message *message, struct buf *reason)
{
    (void)message;
    (void)reason;
    if (reader_person(reader)->flags & PERSON_REGISTERED) {
        irc_numeric(reader, ERR_ALREADYREGISTERED, ":You may not reregister");
    }
    return FRONT_DONE;
}

int irc_run_nick(struct reader *reader, const struct irc_message *message, struct buf *reason)
{
    struct text nick = message->n_params > 0 ? message->params[0] : TEXT_NONE;
    int r;

    (void)reason;
    if (nick.len == 0) {
        irc_numeric(reader, ERR_NONICKNAMEGIVEN, ":No nickname given");
        return FRONT_DONE;
    }
    r = people_rename(reader_hub(reader), reader->row, nick, reader->exchange->now);
    if (r != 0 && r != CHAT_NAME_SAME) {
        irc_refuse(reader, r, nick);
        return FRONT_DONE;
    }
    irc_register_if_ready(reader);
    return FRONT_DONE;
}

/* The user name as others may see it: letters, digits and a few marks, with '~' because nobody has
 * checked it. */
static void irc_clean_user(struct text user, struct buf *out)
{
    buf_char(out, '~');
    for (size_t i = 0; i < user.len && out->len < USER_MAX; i++) {
        char c = text_lower(user.at[i]);

        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.') {
            buf_char(out, user.at[i]);
        }
    }
    if (out->len == 1) {
        buf_text_put(out, TEXT("user"));
    }
}

int irc_run_user(struct reader *reader, const struct irc_message *message, struct buf *reason)
{
    struct state *state = reader_hub(reader)->state;
    char user_space[USER_MAX + 8], real_space[REALNAME_MAX];
    struct buf user = buf_over(user_space, sizeof(user_space));
    struct buf real = buf_over(real_space, sizeof(real_space));
    struct text given = message->params[3];
    struct person *person;

    (void)reason;
    if (reader_person(reader)->caps & IRC_HAS_USER) {
        irc_numeric(reader, ERR_ALREADYREGISTERED, ":You may not reregister");
        return FRONT_DONE;
    }
    irc_clean_user(message->params[0], &user);
    given.len = utf8_fit(given, REALNAME_MAX);
    buf_text_put(&real, given);
    person = state_edit_person(state, reader->row);
    person->caps |= IRC_HAS_USER;
    if (state_has_cells(state, user.len + real.len + CELL_BYTES)) {
        state_set_text(state, &person->user, buf_text(&user));
        state_set_text(state, &person->realname, buf_text(&real));
    }
    irc_register_if_ready(reader);
    return FRONT_DONE;
}
