/* SPDX-License-Identifier: MIT */
/* Registration: CAP, PASS, NICK and USER in any order; the welcome when all is there. */
#include "front/irc.h"

#include "chat/names.h"
#include "chat/people.h"
#include "chat/rooms.h"
#include "lib/utf8.h"

#include <time.h>

struct irc_cap_name {
    struct text name;
    uint32_t cap;
};

static const struct irc_cap_name IRC_CAPS[] = {
    { TEXT("away-notify"), IRC_CAP_AWAY_NOTIFY },
    { TEXT("cap-notify"), IRC_CAP_NOTIFY },
    { TEXT("echo-message"), IRC_CAP_ECHO_MESSAGE },
    { TEXT("extended-join"), IRC_CAP_EXTENDED_JOIN },
    { TEXT("server-time"), IRC_CAP_SERVER_TIME },
    { TEXT("userhost-in-names"), IRC_CAP_USERHOST_IN_NAMES },
};

/* ---- the welcome ---- */

static void irc_put_isupport(struct reader *reader)
{
    irc_numeric(reader, RPL_ISUPPORT,
                "CASEMAPPING=ascii CHANTYPES=# CHANLIMIT=#:%u CHANNELLEN=%d NICKLEN=%d "
                "TOPICLEN=%d USERLEN=%d AWAYLEN=%d :are supported by this server",
                reader->exchange->rooms_per_person, ROOM_NAME_MAX, NICK_MAX, TOPIC_MAX, USER_MAX,
                AWAY_MAX);
    irc_numeric(
        reader, RPL_ISUPPORT,
        "NETWORK=Partyline PREFIX= CHANMODES=,,,nt MODES=1 MAXTARGETS=%d "
        "TARGMAX=PRIVMSG:%d,NOTICE:%d,JOIN:%d,PART:%d,NAMES:%d,LIST:%d ELIST=U UTF8ONLY WHOX "
        ":are supported by this server",
        IRC_TARGETS_MAX, IRC_TARGETS_MAX, IRC_TARGETS_MAX, IRC_ROOMS_MAX, IRC_ROOMS_MAX,
        IRC_TARGETS_MAX, IRC_ROOMS_MAX);
}

static void irc_welcome(struct reader *reader)
{
    const struct exchange *exchange = reader->exchange;
    char space[RECORD_SOURCE_SIZE];
    struct buf source = buf_over(space, sizeof(space));
    time_t started = (time_t)(exchange->started_ms / 1000);
    struct tm utc;
    char date[64];

    people_source(reader_hub(reader), reader->row, &source);
    (void)gmtime_r(&started, &utc);
    (void)strftime(date, sizeof(date), "%Y-%m-%d %H:%M UTC", &utc);
    irc_numeric(reader, RPL_WELCOME, ":Welcome to %s, %s!%.*s", exchange->server_name,
                reader_person(reader)->nick, (int)source.len, source.at);
    irc_numeric(reader, RPL_YOURHOST, ":Your host is %s, running partyline-" PARTYLINE_VERSION,
                exchange->server_name);
    irc_numeric(reader, RPL_CREATED, ":The conversation began on %s", date);
    irc_numeric(reader, RPL_MYINFO, "%s partyline-" PARTYLINE_VERSION " i nt",
                exchange->server_name);
    irc_put_isupport(reader);
    irc_put_lusers_welcome(reader);
    output_set_answer(reader, IRC_ANSWER_MOTD, 0, 0, 0);
}

static void irc_register_if_ready(struct reader *reader)
{
    const struct person *person = reader_person(reader);

    if ((person->flags & PERSON_REGISTERED) || person->nick[0] == '\0' ||
        !(person->caps & IRC_HAS_USER) || (person->caps & IRC_NEGOTIATING)) {
        return;
    }
    people_register(reader_hub(reader), reader->row, reader->exchange->now);
    irc_welcome(reader);
}

/* ---- CAP ---- */

static uint32_t *irc_edit_caps(struct reader *reader)
{
    return &state_edit_person(reader_hub(reader)->state, reader->row)->caps;
}

static const char *irc_nick_or_star(const struct reader *reader)
{
    const struct person *person = reader_person(reader);

    return person->nick[0] != '\0' ? person->nick : "*";
}

static void irc_put_caps(const struct reader *reader, uint32_t caps, struct buf *out)
{
    (void)reader;
    for (size_t i = 0; i < ARRAY_SIZE(IRC_CAPS); i++) {
        if (caps & IRC_CAPS[i].cap) {
            if (out->len > 0) {
                buf_char(out, ' ');
            }
            buf_text_put(out, IRC_CAPS[i].name);
        }
    }
}

static void irc_list_caps(struct reader *reader, const char *verb, uint32_t caps)
{
    char space[256];
    struct buf names = buf_over(space, sizeof(space));

    irc_put_caps(reader, caps, &names);
    irc_line(reader, "CAP %s %s :%.*s", irc_nick_or_star(reader), verb, (int)names.len, names.at);
}

static uint32_t irc_cap_named(struct text name)
{
    for (size_t i = 0; i < ARRAY_SIZE(IRC_CAPS); i++) {
        if (text_equal(IRC_CAPS[i].name, name)) {
            return IRC_CAPS[i].cap;
        }
    }
    return 0;
}

/* All of a request or nothing of it (IRCv3 capability negotiation). */
static void irc_request_caps(struct reader *reader, struct text wanted)
{
    uint32_t caps = reader_person(reader)->caps;
    struct text rest = wanted, name;

    while ((name = text_cut_word(&rest)).len > 0) {
        bool is_off = name.at[0] == '-';
        uint32_t cap = irc_cap_named(is_off ? (struct text){ name.at + 1, name.len - 1 } : name);

        if (cap == 0) {
            irc_line(reader, "CAP %s NAK :%.*s", irc_nick_or_star(reader),
                     (int)utf8_fit(wanted, IRC_LINE_MAX / 2), wanted.at);
            return;
        }
        caps = is_off ? caps & ~cap : caps | cap;
    }
    *irc_edit_caps(reader) = caps;
    irc_line(reader, "CAP %s ACK :%.*s", irc_nick_or_star(reader),
             (int)utf8_fit(wanted, IRC_LINE_MAX / 2), wanted.at);
}

int irc_run_cap(struct reader *reader, const struct irc_message *message, struct buf *reason)
{
    struct text verb = message->params[0];
    bool is_registered = (reader_person(reader)->flags & PERSON_REGISTERED) != 0;

    (void)reason;
    if (text_equal_nocase(verb, TEXT("END"))) {
        *irc_edit_caps(reader) &= ~(uint32_t)IRC_NEGOTIATING;
        irc_register_if_ready(reader);
        return FRONT_DONE;
    }
    if (text_equal_nocase(verb, TEXT("LIST"))) {
        irc_list_caps(reader, "LIST", reader_person(reader)->caps & IRC_CAPS_ALL);
        return FRONT_DONE;
    }
    if (!is_registered &&
        (text_equal_nocase(verb, TEXT("LS")) || text_equal_nocase(verb, TEXT("REQ")))) {
        *irc_edit_caps(reader) |= IRC_NEGOTIATING;
    }
    if (text_equal_nocase(verb, TEXT("LS"))) {
        irc_list_caps(reader, "LS", IRC_CAPS_ALL);
    } else if (text_equal_nocase(verb, TEXT("REQ")) && message->n_params > 1) {
        irc_request_caps(reader, message->params[1]);
    } else {
        irc_numeric(reader, ERR_INVALIDCAPCMD, "%.*s :Invalid CAP command",
                    (int)utf8_fit(verb, NICK_MAX), verb.at);
    }
    return FRONT_DONE;
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
