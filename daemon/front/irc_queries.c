/* SPDX-License-Identifier: MIT */
/* Short questions about people in IRC: who was here (WHOWAS), who is there (ISON, USERHOST). */
#include "front/irc.h"

#include "chat/past.h"
#include "chat/people.h"
#include "chat/records.h"
#include "lib/utf8.h"

#include <time.h>

/* ---- WHOWAS ---- */

static void irc_put_past(struct reader *reader, const struct past *past)
{
    time_t gone = (time_t)(past->gone_ms / 1000);
    struct tm utc;
    char when[64];

    (void)gmtime_r(&gone, &utc);
    (void)strftime(when, sizeof(when), "%A, %Y-%m-%d %H:%M:%S UTC", &utc);
    irc_numeric(reader, RPL_WHOWASUSER, "%s %s %s * :%s", past->nick, past->user, past->host,
                past->realname);
    irc_numeric(reader, RPL_WHOISSERVER, "%s %s :%s", past->nick, reader->exchange->server_name,
                when);
    if (past->account[0] != '\0') {
        irc_numeric(reader, RPL_WHOISACCOUNT, "%s %s :was logged in as", past->nick, past->account);
    }
}

/* The latest first; at most so many. False: the rest is for the next step. walk->n: shown so far.
 */
static bool irc_put_whowas(struct reader *reader, struct text nick, uint64_t most,
                           struct irc_walk *walk)
{
    for (;; walk->n++) {
        const struct past *past =
            walk->n < most ? past_find(reader_hub(reader), nick, (uint32_t)walk->n) : NULL;

        if (!irc_walk_has_room(reader, walk)) {
            return false;
        }
        if (past == NULL) {
            break;
        }
        irc_put_past(reader, past);
    }
    nick.len = utf8_fit(nick, NAME_SIZE);
    if (walk->n == 0) {
        irc_numeric(reader, ERR_WASNOSUCHNICK, "%.*s :There was no such nickname", TEXT_ARG(nick));
    }
    irc_numeric(reader, RPL_ENDOFWHOWAS, "%.*s :End of WHOWAS", TEXT_ARG(nick));
    return true;
}

/* What is no positive number asks for all. */
static uint64_t irc_whowas_most(const struct irc_message *message)
{
    uint64_t most = 0;

    if (message->n_params > 1 && !text_number(message->params[1], PAST_ROWS, &most)) {
        return PAST_ROWS;
    }
    return most > 0 ? most : PAST_ROWS;
}

/* walk.at: of the nicks asked for. */
int irc_run_whowas(struct reader *reader, const struct irc_message *message, struct buf *reason)
{
    struct text nicks = message->n_params > 0 ? message->params[0] : TEXT_NONE;
    struct irc_walk walk = irc_walk_begin(reader);
    struct text nick;

    (void)reason;
    if (irc_list_item(nicks, 0).len == 0) {
        irc_numeric(reader, ERR_NONICKNAMEGIVEN, ":No nickname given");
        return FRONT_DONE;
    }
    while ((nick = irc_list_item(nicks, (uint32_t)walk.at)).len > 0 && walk.at < IRC_WHOIS_MAX) {
        if (!irc_put_whowas(reader, nick, irc_whowas_most(message), &walk)) {
            return irc_walk_pause(reader, &walk);
        }
        walk.at++;
        walk.n = 0;
    }
    if (nick.len > 0) {
        irc_numeric(reader, ERR_TOOMANYTARGETS, "%.*s :Too many targets, the rest was ignored",
                    (int)utf8_fit(nick, NAME_SIZE), nick.at);
    }
    return FRONT_DONE;
}

/* ---- ISON, USERHOST ---- */

/* How one who is there appears in the answer. */
typedef void (*irc_there_fn)(const struct hub *hub, uint32_t row, struct buf *out);

static void irc_put_ison(const struct hub *hub, uint32_t row, struct buf *out)
{
    buf_text_put(out, text_of(hub_person(hub, row)->nick));
}

static void irc_put_userhost(const struct hub *hub, uint32_t row, struct buf *out)
{
    uint32_t flags = hub_person(hub, row)->flags;

    buf_format(out, "%s%s=%c", hub_person(hub, row)->nick, flags & PERSON_OPERATOR ? "*" : "",
               flags & PERSON_AWAY ? '-' : '+');
    people_source(hub, row, out);
}

/* The names given, in one parameter or several. */
static struct text irc_next_name(const struct irc_message *message, int *param, struct text *rest)
{
    for (;;) {
        struct text name = text_cut_word(rest);

        if (name.len > 0 || *param >= message->n_params) {
            return name;
        }
        *rest = message->params[(*param)++];
    }
}

enum { IRC_THERE_SIZE = NAME_SIZE + SOURCE_SIZE + 4 }; /* of one, at most, with a space */

/* Whoever is there of the first `most` names, as far as one line has room. */
static void irc_put_there(struct reader *reader, const struct irc_message *message, uint32_t most,
                          irc_there_fn put, struct buf *out)
{
    const struct hub *hub = reader_hub(reader);
    struct text rest = TEXT_NONE, name;
    int param = 0;

    for (uint32_t n = 0; n < most; n++) {
        char space[IRC_THERE_SIZE];
        struct buf one = buf_over(space, sizeof(space));
        uint32_t row;

        name = irc_next_name(message, &param, &rest);
        if (name.len == 0) {
            return;
        }
        row = people_find_registered(hub, name);
        if (row != 0) {
            buf_text_put(&one, out->len > 0 ? TEXT(" ") : TEXT_NONE);
            put(hub, row, &one);
            buf_text_put(out, buf_text(&one));
        }
    }
}

int irc_run_ison(struct reader *reader, const struct irc_message *message, struct buf *reason)
{
    char space[IRC_NAMES_WIDTH + 40];
    struct buf there = buf_over(space, sizeof(space));

    (void)reason;
    irc_put_there(reader, message, IRC_LINE_MAX, irc_put_ison, &there);
    irc_numeric(reader, RPL_ISON, ":%.*s", TEXT_ARG(buf_text(&there)));
    return FRONT_DONE;
}

int irc_run_userhost(struct reader *reader, const struct irc_message *message, struct buf *reason)
{
    char space[IRC_NAMES_WIDTH + 40];
    struct buf there = buf_over(space, sizeof(space));

    (void)reason;
    irc_put_there(reader, message, IRC_USERHOST_MAX, irc_put_userhost, &there);
    irc_numeric(reader, RPL_USERHOST, ":%.*s", TEXT_ARG(buf_text(&there)));
    return FRONT_DONE;
}
