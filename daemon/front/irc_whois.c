/* SPDX-License-Identifier: MIT */
/* WHOIS: all that the reader may know about somebody whose nick it knows, one nick a step. */
#include "front/irc.h"

#include "chat/members.h"
#include "chat/people.h"
#include "chat/permissions.h"
#include "chat/records.h"
#include "lib/host.h"
#include "lib/utf8.h"

/* One that the reader may know of; of somebody invisible, one that both are in. */
static bool irc_is_whois_room(const struct reader *reader, uint32_t row, uint32_t room)
{
    const struct hub *hub = reader_hub(reader);
    bool is_shown = row == reader->row || (reader_person(reader)->flags & PERSON_OPERATOR) ||
                    !(hub_person(hub, row)->flags & PERSON_INVISIBLE) ||
                    members_find(hub, reader->row, room) != 0;

    return is_shown && may_know_of(hub, reader->row, room);
}

static void irc_flush_whois_rooms(struct reader *reader, uint32_t row, struct buf *rooms)
{
    if (rooms->len > 0) {
        irc_numeric(reader, RPL_WHOISCHANNELS, "%s :%.*s",
                    hub_person(reader_hub(reader), row)->nick, (int)rooms->len - 1, rooms->at);
        rooms->len = 0;
    }
}

/* As many lines as it takes. */
static void irc_put_whois_rooms(struct reader *reader, uint32_t row)
{
    const struct hub *hub = reader_hub(reader);
    char space[IRC_NAMES_WIDTH];
    struct buf rooms = buf_over(space, sizeof(space));

    for (uint32_t m = hub_person(hub, row)->first_membership; m != 0;
         m = hub_membership(hub, m)->own_next) {
        const struct membership *membership = hub_membership(hub, m);

        if (membership->until != UNTIL_OPEN || !irc_is_whois_room(reader, row, membership->room)) {
            continue;
        }
        if (buf_space(&rooms) < ROOM_NAME_SIZE + 2) {
            irc_flush_whois_rooms(reader, row, &rooms);
        }
        irc_put_prefix(reader, membership->flags, &rooms);
        buf_format(&rooms, "%s ", hub_room(hub, membership->room)->name);
    }
    irc_flush_whois_rooms(reader, row, &rooms);
}

/* Where somebody really comes from: for itself and for operators. */
static void irc_put_whois_address(struct reader *reader, uint32_t row)
{
    const struct hub *hub = reader_hub(reader);
    char space[SOURCE_SIZE];
    struct buf address = buf_over(space, sizeof(space));

    if (row == reader->row || (reader_person(reader)->flags & PERSON_OPERATOR)) {
        host_print(hub->state->wires[row].host, &address);
        irc_numeric(reader, RPL_WHOISHOST, "%s :is connecting from *@%.*s %.*s",
                    hub_person(hub, row)->nick, TEXT_ARG(buf_text(&address)),
                    TEXT_ARG(buf_text(&address)));
    }
}

static void irc_put_whois_idle(struct reader *reader, uint32_t row)
{
    const struct person *person = hub_person(reader_hub(reader), row);
    const struct moment now = reader->exchange->now;
    uint64_t idle_ms = now.boot_ms - person->spoke_ms;
    uint64_t here_ms = now.boot_ms - reader_hub(reader)->state->wires[row].born_ms;

    irc_numeric(reader, RPL_WHOISIDLE, "%s %llu %llu :seconds idle, signon time", person->nick,
                (unsigned long long)(idle_ms / 1000),
                (unsigned long long)((now.real_ms - here_ms) / 1000));
}

/* What few people are: operators, bots, logged in. */
static void irc_put_whois_rank(struct reader *reader, uint32_t row)
{
    const struct hub *hub = reader_hub(reader);
    const struct person *person = hub_person(hub, row);
    char space[NAME_SIZE];
    struct buf account = buf_over(space, sizeof(space));

    if (person->flags & PERSON_OPERATOR) {
        irc_numeric(reader, RPL_WHOISOPERATOR, "%s :is an operator of this server", person->nick);
    }
    if (person->flags & PERSON_BOT) {
        irc_numeric(reader, RPL_WHOISBOT, "%s :is a bot", person->nick);
    }
    people_account(hub, row, &account);
    if (account.len > 0) {
        irc_numeric(reader, RPL_WHOISACCOUNT, "%s %.*s :is logged in as", person->nick,
                    TEXT_ARG(buf_text(&account)));
    }
}

static void irc_put_whois(struct reader *reader, uint32_t row)
{
    const struct hub *hub = reader_hub(reader);
    const struct person *person = hub_person(hub, row);
    char user_space[SOURCE_SIZE], host_space[SOURCE_SIZE], real_space[REALNAME_MAX];
    struct buf user = buf_over(user_space, sizeof(user_space));
    struct buf host = buf_over(host_space, sizeof(host_space));
    struct buf real = buf_over(real_space, sizeof(real_space));

    people_user(hub, row, &user);
    people_host(hub, row, &host);
    state_get_text(hub->state, person->realname, &real);
    irc_numeric(reader, RPL_WHOISUSER, "%s %.*s %.*s * :%.*s", person->nick,
                TEXT_ARG(buf_text(&user)), TEXT_ARG(buf_text(&host)), TEXT_ARG(buf_text(&real)));
    irc_put_whois_address(reader, row);
    irc_put_whois_rooms(reader, row);
    irc_numeric(reader, RPL_WHOISSERVER, "%s %s :%s", person->nick, reader->exchange->server_name,
                hub->state->wires[row].front == FRONT_IRC ? "by IRC" : "by the line");
    irc_put_away(reader, row);
    irc_put_whois_rank(reader, row);
    irc_put_whois_idle(reader, row);
}

/* "WHOIS server nick" asks the same of us as "WHOIS nick". */
int irc_run_whois(struct reader *reader, const struct irc_message *message, struct buf *reason)
{
    struct text nicks = message->n_params > 0 ? message->params[message->n_params > 1] : TEXT_NONE;
    struct text nick = irc_step_item(reader, nicks);
    uint32_t row = people_find_registered(reader_hub(reader), nick);
    int r;

    (void)reason;
    if (nick.len == 0) {
        irc_numeric(reader, ERR_NONICKNAMEGIVEN, ":No nickname given");
        return FRONT_DONE;
    }
    if (message->n_params > 1 && !irc_is_here(reader, message->params[0])) {
        return FRONT_DONE;
    }
    if (row == 0) {
        irc_refuse(reader, CHAT_NO_PERSON, nick);
    } else {
        irc_put_whois(reader, row);
    }
    r = irc_next_step(reader, nicks, IRC_WHOIS_MAX);
    if (r == FRONT_DONE) {
        irc_numeric(reader, RPL_ENDOFWHOIS, "%.*s :End of WHOIS list",
                    (int)utf8_fit(nicks, IRC_WHOIS_MAX * (size_t)NAME_SIZE), nicks.at);
    }
    return r;
}
