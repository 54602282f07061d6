/* SPDX-License-Identifier: MIT */
/* WHO and WHOX: understanding the question, and the line about one person. */
#include "front/irc_who.h"

#include "chat/masks.h"
#include "chat/members.h"
#include "chat/people.h"
#include "chat/records.h"
#include "lib/host.h"
#include "lib/mask.h"
#include "lib/utf8.h"

enum {
    WHO_TOKEN_MAX = 3,
    WHOX_FIELDS_MAX = 408, /* bytes: what a line has behind the longest server and nick */
};

/* In the order in which they are answered. */
static const char WHOX_LETTERS[] = "tcuihsnfdlaor";

/* ---- the question ---- */

static uint32_t irc_who_field(char letter)
{
    for (uint32_t i = 0; WHOX_LETTERS[i] != '\0'; i++) {
        if (WHOX_LETTERS[i] == text_lower(letter)) {
            return 1U << i;
        }
    }
    return 0; /* the specification: unknown ones are ignored */
}

static uint32_t irc_who_compared(char letter)
{
    switch (text_lower(letter)) {
    case 'n': return WHO_NICK;
    case 'u': return WHO_USER;
    case 'h': return WHO_HOST;
    case 'i': return WHO_ADDRESS;
    case 'r': return WHO_REALNAME;
    case 'a': return WHO_ACCOUNT;
    default: return 0;
    }
}

static struct text irc_who_token(struct text given)
{
    uint64_t number;

    return given.len <= WHO_TOKEN_MAX && text_number(given, UINT32_MAX, &number) ? given
                                                                                 : TEXT("0");
}

/* "o" or "nuh%tcuhn,743": how to find them, what to show of them, and a number that tells answers
 * apart. */
void irc_who_read(const struct irc_message *message, struct irc_who *out)
{
    struct text how = message->n_params > 1 ? message->params[1] : TEXT_NONE;
    struct text flags = text_cut(&how, '%');
    struct text fields = text_cut(&how, ',');

    *out = (struct irc_who){ .mask = message->n_params > 0 ? message->params[0] : TEXT_NONE,
                             .token = irc_who_token(how) };
    if (out->mask.len == 0 || text_equal(out->mask, TEXT("0"))) { /* RFC 2812, 3.6.1 */
        out->mask = TEXT("*");
    }
    for (size_t i = 0; i < flags.len; i++) {
        out->compared |= irc_who_compared(flags.at[i]);
        out->wants_operators |= text_lower(flags.at[i]) == 'o';
    }
    if (out->compared == 0) {
        out->compared = WHO_NICK | WHO_USER | WHO_HOST | WHO_REALNAME;
    }
    for (size_t i = 0; i < fields.len; i++) {
        out->fields |= irc_who_field(fields.at[i]);
    }
}

/* ---- a person ---- */

/* What the line about one person is made of, as the reader may see it. */
struct irc_who_line {
    const char *room; /* borrowed; "*": none in particular */
    const struct person *person;
    char user_space[SOURCE_SIZE], host_space[SOURCE_SIZE], address_space[SOURCE_SIZE];
    char real_space[REALNAME_MAX], account_space[NAME_SIZE], flags_space[8];
    struct buf user, host, address, real, account, flags;
};

/* Of who was given another host to be seen only by itself and by operators. */
static void irc_put_who_address(const struct reader *reader, uint32_t row, struct buf *out)
{
    const struct state *state = reader_hub(reader)->state;

    if (row == reader->row || state_person_more(state, row).host == 0 ||
        (reader_person(reader)->flags & PERSON_OPERATOR)) {
        host_print(state->wires[row].host, out);
    } else {
        buf_text_put(out, TEXT("255.255.255.255")); /* what clients know as "hidden" */
    }
}

/* Gone or here, operator of the server, rank in the room, bot. */
static void irc_put_who_flags(const struct reader *reader, uint32_t rank, uint32_t flags,
                              struct buf *out)
{
    buf_char(out, flags & PERSON_AWAY ? 'G' : 'H');
    if (flags & PERSON_OPERATOR) {
        buf_char(out, '*');
    }
    irc_put_prefix(reader, rank, out);
    if (flags & PERSON_BOT) {
        buf_char(out, 'B');
    }
}

static void irc_who_look(const struct reader *reader, uint32_t room, uint32_t row,
                         struct irc_who_line *line)
{
    const struct hub *hub = reader_hub(reader);

    line->room = room != 0 ? hub_room(hub, room)->name : "*";
    line->person = hub_person(hub, row);
    line->user = buf_over(line->user_space, sizeof(line->user_space));
    line->host = buf_over(line->host_space, sizeof(line->host_space));
    line->address = buf_over(line->address_space, sizeof(line->address_space));
    line->real = buf_over(line->real_space, sizeof(line->real_space));
    line->account = buf_over(line->account_space, sizeof(line->account_space));
    line->flags = buf_over(line->flags_space, sizeof(line->flags_space));
    people_user(hub, row, &line->user);
    people_host(hub, row, &line->host);
    irc_put_who_address(reader, row, &line->address);
    state_get_text(hub->state, line->person->realname, &line->real);
    people_account(hub, row, &line->account);
    irc_put_who_flags(reader, room != 0 ? members_rank(hub, row, room) : 0, line->person->flags,
                      &line->flags);
}

bool irc_who_matches(const struct reader *reader, const struct irc_who *who, uint32_t row)
{
    struct irc_who_line line;

    if (who->mask.len > MASK_MAX) {
        return false; /* comparing takes time */
    }
    irc_who_look(reader, 0, row, &line);
    return ((who->compared & WHO_NICK) && mask_match(who->mask, text_of(line.person->nick))) ||
           ((who->compared & WHO_USER) && mask_match(who->mask, buf_text(&line.user))) ||
           ((who->compared & WHO_HOST) && mask_match(who->mask, buf_text(&line.host))) ||
           ((who->compared & WHO_ADDRESS) && mask_match(who->mask, buf_text(&line.address))) ||
           ((who->compared & WHO_REALNAME) && mask_match(who->mask, buf_text(&line.real))) ||
           ((who->compared & WHO_ACCOUNT) && mask_match(who->mask, buf_text(&line.account)));
}

/* ---- the line ---- */

static void irc_put_plain_who(struct reader *reader, const struct irc_who_line *line)
{
    irc_numeric(reader, RPL_WHOREPLY, "%s %.*s %.*s %s %s %.*s :0 %.*s", line->room,
                TEXT_ARG(buf_text(&line->user)), TEXT_ARG(buf_text(&line->host)),
                reader->exchange->server_name, line->person->nick, TEXT_ARG(buf_text(&line->flags)),
                TEXT_ARG(buf_text(&line->real)));
}

static void irc_put_who_field(const struct exchange *exchange, char letter,
                              const struct irc_who_line *line, struct buf *out)
{
    switch (letter) {
    case 'c': buf_text_put(out, text_of(line->room)); break;
    case 'u': buf_text_put(out, buf_text(&line->user)); break;
    case 'i': buf_text_put(out, buf_text(&line->address)); break;
    case 'h': buf_text_put(out, buf_text(&line->host)); break;
    case 's': buf_text_put(out, text_of(exchange->server_name)); break;
    case 'n': buf_text_put(out, text_of(line->person->nick)); break;
    case 'f': buf_text_put(out, buf_text(&line->flags)); break;
    case 'd': buf_char(out, '0'); break; /* hops: there is one server */
    case 'l': buf_number(out, (exchange->now.boot_ms - line->person->spoke_ms) / 1000); break;
    case 'a':
        buf_text_put(out, line->account.len > 0 ? buf_text(&line->account) : TEXT("0"));
        break;
    case 'o': buf_text_put(out, TEXT("n/a")); break; /* operators have no levels */
    case 'r':                                        /* the last one: takes what is left */
        buf_char(out, ':');
        buf_put(out, line->real.at, utf8_fit(buf_text(&line->real), buf_space(out)));
        break;
    default: break;
    }
}

static void irc_put_whox(struct reader *reader, const struct irc_who *who,
                         const struct irc_who_line *line)
{
    char space[WHOX_FIELDS_MAX];
    struct buf fields = buf_over(space, sizeof(space));

    for (size_t i = 0; WHOX_LETTERS[i] != '\0'; i++) {
        if (!(who->fields & 1U << i)) {
            continue;
        }
        if (fields.len > 0) {
            buf_char(&fields, ' ');
        }
        if (WHOX_LETTERS[i] == 't') {
            buf_text_put(&fields, who->token);
        } else {
            irc_put_who_field(reader->exchange, WHOX_LETTERS[i], line, &fields);
        }
    }
    irc_numeric(reader, RPL_WHOSPCRPL, "%.*s", TEXT_ARG(buf_text(&fields)));
}

void irc_put_who(struct reader *reader, const struct irc_who *who, uint32_t room, uint32_t person)
{
    struct irc_who_line line;

    irc_who_look(reader, room, person, &line);
    if (who->fields != 0) {
        irc_put_whox(reader, who, &line);
    } else {
        irc_put_plain_who(reader, &line);
    }
}
