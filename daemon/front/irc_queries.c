/* SPDX-License-Identifier: MIT */
/* Questions about people and the server in IRC. */
#include "front/irc.h"

#include "chat/people.h"
#include "chat/rooms.h"
#include "lib/host.h"
#include "lib/utf8.h"

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
        if (hub_membership(hub, m)->until != UNTIL_OPEN) {
            continue;
        }
        if (buf_space(&rooms) < ROOM_NAME_SIZE) {
            irc_flush_whois_rooms(reader, row, &rooms);
        }
        buf_format(&rooms, "%s ", hub_room(hub, hub_membership(hub, m)->room)->name);
    }
    irc_flush_whois_rooms(reader, row, &rooms);
}

static void irc_put_whois(struct reader *reader, uint32_t row)
{
    const struct hub *hub = reader_hub(reader);
    const struct person *person = hub_person(hub, row);
    char user_space[64], host_space[64], real_space[REALNAME_MAX];
    struct buf user = buf_over(user_space, sizeof(user_space));
    struct buf host = buf_over(host_space, sizeof(host_space));
    struct buf real = buf_over(real_space, sizeof(real_space));

    state_get_text(hub->state, person->user, &user);
    if (user.len == 0) {
        buf_text_put(&user, TEXT("guest"));
    }
    host_print(hub->state->wires[row].host, &host);
    state_get_text(hub->state, person->realname, &real);
    irc_numeric(reader, RPL_WHOISUSER, "%s %.*s %.*s * :%.*s", person->nick,
                TEXT_ARG(buf_text(&user)), TEXT_ARG(buf_text(&host)), TEXT_ARG(buf_text(&real)));
    irc_put_whois_rooms(reader, row);
    irc_put_away(reader, row);
    irc_numeric(reader, RPL_WHOISSERVER, "%s %s :%s", person->nick, reader->exchange->server_name,
                hub->state->wires[row].front == FRONT_IRC ? "by IRC" : "by the line");
    irc_numeric(
        reader, RPL_WHOISIDLE, "%s %llu %llu :seconds idle, signon time", person->nick,
        (unsigned long long)((reader->exchange->now.boot_ms - person->spoke_ms) / 1000),
        (unsigned long long)((reader->exchange->now.real_ms -
                              (reader->exchange->now.boot_ms - hub->state->wires[row].born_ms)) /
                             1000));
}

int irc_run_whois(struct reader *reader, const struct irc_message *message, struct buf *reason)
{
    /* "WHOIS server nick" asks the same of us as "WHOIS nick". */
    struct text nick = message->params[message->n_params > 1 ? 1 : 0];
    uint32_t row;

    (void)reason;
    if (nick.len == 0) {
        irc_numeric(reader, ERR_NONICKNAMEGIVEN, ":No nickname given");
        return FRONT_DONE;
    }
    row = people_find_registered(reader_hub(reader), nick);
    if (row == 0) {
        irc_refuse(reader, CHAT_NO_PERSON, nick);
    } else {
        irc_put_whois(reader, row);
    }
    irc_numeric(reader, RPL_ENDOFWHOIS, "%.*s :End of WHOIS list", (int)utf8_fit(nick, NAME_SIZE),
                nick.at);
    return FRONT_DONE;
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

int irc_run_ison(struct reader *reader, const struct irc_message *message, struct buf *reason)
{
    const struct hub *hub = reader_hub(reader);
    char space[400];
    struct buf there = buf_over(space, sizeof(space));
    struct text rest = TEXT_NONE, name;
    int param = 0;

    (void)reason;
    while ((name = irc_next_name(message, &param, &rest)).len > 0) {
        uint32_t row = people_find_registered(hub, name);

        if (row != 0) {
            buf_format(&there, "%s ", hub_person(hub, row)->nick);
        }
    }
    irc_numeric(reader, RPL_ISON, ":%.*s", TEXT_ARG(buf_text(&there)));
    return FRONT_DONE;
}

int irc_run_userhost(struct reader *reader, const struct irc_message *message, struct buf *reason)
{
    const struct hub *hub = reader_hub(reader);
    char space[400];
    struct buf there = buf_over(space, sizeof(space));
    struct text rest = TEXT_NONE, name;
    int param = 0;

    (void)reason;
    for (int n = 0; n < IRC_USERHOST_MAX; n++) {
        uint32_t row;

        name = irc_next_name(message, &param, &rest);
        row = people_find_registered(hub, name);
        if (row != 0 && buf_space(&there) > NAME_SIZE + RECORD_SOURCE_SIZE) {
            buf_format(&there, "%s=%c", hub_person(hub, row)->nick,
                       hub_person(hub, row)->flags & PERSON_AWAY ? '-' : '+');
            people_source(hub, row, &there);
            buf_char(&there, ' ');
        }
    }
    irc_numeric(reader, RPL_USERHOST, ":%.*s", TEXT_ARG(buf_text(&there)));
    return FRONT_DONE;
}
