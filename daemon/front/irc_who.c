/* SPDX-License-Identifier: MIT */
/* WHO and WHOX: who is in a room, or who somebody is, one line each. Which fields WHOX asks for,
 * and its token, ride in the upper halves of the answer's numbers, so that an answer that fills a
 * page goes on as it began. Source: modern.ircdocs.horse (WHO), ircv3.net/specs/extensions/whox. */
#include "front/irc.h"

#include "chat/people.h"
#include "chat/rooms.h"
#include "lib/host.h"
#include "lib/utf8.h"

enum { WHO_TOKEN_MAX = 3, WHO_DIGITS = 1000, WHO_HALF = 32 };

/* What is asked for: bit n stands for the n-th letter of WHOX_LETTERS; 0: plain WHO. The token is
 * 1000 times the number of its digits, and its number. */
struct irc_who {
    uint32_t fields;
    uint32_t token;
};

/* In the order in which they are answered. */
static const char WHOX_LETTERS[] = "tcuihsnfdlaor";

/* ---- one line ---- */

/* What the line about one person is made of. */
struct irc_who_line {
    const char *room; /* borrowed; "*" if it was asked by nick */
    const struct person *person;
    char user_space[64], host_space[64], real_space[REALNAME_MAX];
    struct text user, host, real;
};

static void irc_who_read(const struct hub *hub, uint32_t room, uint32_t row,
                         struct irc_who_line *line)
{
    struct buf user = buf_over(line->user_space, sizeof(line->user_space));
    struct buf host = buf_over(line->host_space, sizeof(line->host_space));
    struct buf real = buf_over(line->real_space, sizeof(line->real_space));

    line->room = room != 0 ? hub_room(hub, room)->name : "*";
    line->person = hub_person(hub, row);
    state_get_text(hub->state, line->person->user, &user);
    if (user.len == 0) {
        buf_text_put(&user, TEXT("guest"));
    }
    host_print(hub->state->wires[row].host, &host);
    state_get_text(hub->state, line->person->realname, &real);
    line->user = buf_text(&user);
    line->host = buf_text(&host);
    line->real = buf_text(&real);
}

static char irc_who_flag(const struct person *person)
{
    return person->flags & PERSON_AWAY ? 'G' : 'H'; /* gone, here */
}

static void irc_put_who(struct reader *reader, const struct irc_who_line *line)
{
    irc_numeric(reader, RPL_WHOREPLY, "%s %.*s %.*s %s %s %c :0 %.*s", line->room,
                TEXT_ARG(line->user), TEXT_ARG(line->host), reader->exchange->server_name,
                line->person->nick, irc_who_flag(line->person), TEXT_ARG(line->real));
}

static void irc_put_who_field(const struct exchange *exchange, char letter,
                              const struct irc_who_line *line, struct buf *out)
{
    switch (letter) {
    case 'c': buf_text_put(out, text_of(line->room)); break;
    case 'u': buf_text_put(out, line->user); break;
    case 'i':
    case 'h': buf_text_put(out, line->host); break;
    case 's': buf_text_put(out, text_of(exchange->server_name)); break;
    case 'n': buf_text_put(out, text_of(line->person->nick)); break;
    case 'f': buf_char(out, irc_who_flag(line->person)); break;
    case 'l': buf_number(out, (exchange->now.boot_ms - line->person->spoke_ms) / 1000); break;
    case 'o': buf_text_put(out, TEXT("n/a")); break; /* there are no channel operators */
    case 'r':
        buf_char(out, ':');
        buf_text_put(out, line->real);
        break;
    default: buf_char(out, '0'); break; /* hops, account: none */
    }
}

static void irc_put_whox(struct reader *reader, struct irc_who who, const struct irc_who_line *line)
{
    char space[IRC_LINE_MAX];
    struct buf fields = buf_over(space, sizeof(space));

    for (size_t i = 0; WHOX_LETTERS[i] != '\0'; i++) {
        if (!(who.fields & 1U << i)) {
            continue;
        }
        if (fields.len > 0) {
            buf_char(&fields, ' ');
        }
        if (WHOX_LETTERS[i] == 't') {
            buf_format(&fields, "%0*u", (int)(who.token / WHO_DIGITS), who.token % WHO_DIGITS);
        } else {
            irc_put_who_field(reader->exchange, WHOX_LETTERS[i], line, &fields);
        }
    }
    irc_numeric(reader, RPL_WHOSPCRPL, "%.*s", TEXT_ARG(buf_text(&fields)));
}

/* `room`: 0 if it was asked by nick. */
static void irc_put_one(struct reader *reader, struct irc_who who, uint32_t room, uint32_t row)
{
    struct irc_who_line line;

    irc_who_read(reader_hub(reader), room, row, &line);
    if (who.fields != 0) {
        irc_put_whox(reader, who, &line);
    } else {
        irc_put_who(reader, &line);
    }
}

/* ---- the answer ---- */

void irc_answer_who(struct reader *reader, const struct wire_answer *answer)
{
    const struct hub *hub = reader_hub(reader);
    struct irc_who who = { .fields = (uint32_t)(answer->until >> WHO_HALF),
                           .token = (uint32_t)(answer->at >> WHO_HALF) };
    uint32_t at = (uint32_t)answer->at;
    uint32_t m;

    if (!rooms_exists(hub, answer->row, (uint32_t)answer->until)) {
        irc_numeric(reader, RPL_ENDOFWHO, "* :End of WHO list");
        output_set_answer(reader, 0, 0, 0, 0);
        return;
    }
    m = rooms_member_after(hub, answer->row, at, 0);
    while (m != 0 && buf_space(&reader->output) > IRC_ROW_NEEDED) {
        irc_put_one(reader, who, answer->row, hub_membership(hub, m)->person);
        at = hub_membership(hub, m)->serial;
        m = rooms_member_after(hub, answer->row, at, m);
    }
    if (m == 0) {
        irc_numeric(reader, RPL_ENDOFWHO, "%s :End of WHO list", hub_room(hub, answer->row)->name);
        output_set_answer(reader, 0, 0, 0, 0);
    } else {
        output_set_answer(reader, IRC_ANSWER_WHO, answer->row, at | (uint64_t)who.token << WHO_HALF,
                          answer->until);
    }
}

/* ---- the question ---- */

static uint32_t irc_who_bit(char letter)
{
    for (uint32_t i = 0; WHOX_LETTERS[i] != '\0'; i++) {
        if (WHOX_LETTERS[i] == text_lower(letter)) {
            return 1U << i;
        }
    }
    return 0; /* the specification: unknown ones are ignored */
}

/* "%tcuhn,743", or with letters before the '%' that choose whom to show: all are shown. */
static struct irc_who irc_who_asked(struct text how)
{
    struct irc_who who = { .fields = 0 };
    struct text fields;
    uint64_t token = 0;

    (void)text_cut(&how, '%');
    fields = text_cut(&how, ',');
    for (size_t i = 0; i < fields.len; i++) {
        who.fields |= irc_who_bit(fields.at[i]);
    }
    if (how.len > 0 && how.len <= WHO_TOKEN_MAX && text_number(how, WHO_DIGITS - 1, &token)) {
        who.token = (uint32_t)(how.len * WHO_DIGITS + token);
    }
    return who;
}

int irc_run_who(struct reader *reader, const struct irc_message *message, struct buf *reason)
{
    struct hub *hub = reader_hub(reader);
    struct text mask = message->n_params > 0 ? message->params[0] : TEXT("*");
    struct irc_who who = irc_who_asked(message->n_params > 1 ? message->params[1] : TEXT_NONE);
    uint32_t room = rooms_find(hub, mask);
    uint32_t row = people_find_registered(hub, mask);

    (void)reason;
    if (room != 0) {
        output_set_answer(reader, IRC_ANSWER_WHO, room, (uint64_t)who.token << WHO_HALF,
                          hub_room(hub, room)->id | (uint64_t)who.fields << WHO_HALF);
        return FRONT_DONE;
    }
    if (row != 0) {
        irc_put_one(reader, who, 0, row);
    }
    irc_numeric(reader, RPL_ENDOFWHO, "%.*s :End of WHO list", (int)utf8_fit(mask, ROOM_NAME_SIZE),
                mask.at);
    return FRONT_DONE;
}
