/* SPDX-License-Identifier: MIT */
/* Floods of IRC: what each line costs, and that a PING is answered while the lines before it still
 * wait for their turn. Knows no bucket. */
#include "front/irc.h"

#include "lib/utf8.h"

enum { IRC_COST_REGISTERING = FLOOD_TOKEN / 4 }; /* clients say it all at once */

/* The command; what is behind it stays in `rest`. */
static struct text irc_cut_command(struct text *rest)
{
    struct text word = text_cut_word(rest);

    if (word.len > 0 && word.at[0] == '@') {
        word = text_cut_word(rest);
    }
    if (word.len > 0 && word.at[0] == ':') {
        word = text_cut_word(rest);
    }
    return word;
}

/* All that a client must say to be let in. */
static bool irc_is_registering(struct text command)
{
    static const struct text names[] = { TEXT("NICK"), TEXT("USER"), TEXT("PASS") };

    for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
        if (text_equal_nocase(names[i], command)) {
            return true;
        }
    }
    return false;
}

/* Walks through a table (struct irc_walk) are paid for in their first step: how many more there are
 * is not the asker's doing, and each waits until what it wrote was read. */
static bool irc_is_paid(const struct exchange *exchange, uint32_t row, struct text command)
{
    static const struct text walks[] = { TEXT("CHATHISTORY"), TEXT("LIST"), TEXT("SEARCH"),
                                         TEXT("WALLOPS"),     TEXT("WHO"),  TEXT("WHOWAS") };
    bool is_walk = false;

    for (size_t i = 0; i < ARRAY_SIZE(walks); i++) {
        is_walk |= text_equal_nocase(walks[i], command);
    }
    return is_walk && exchange->hub.state->wires[row].in.step > 0;
}

/* Long lines fill the log faster: so many bytes more cost one token more. */
enum { IRC_BYTES_PER_TOKEN = 1024 };

uint32_t irc_cost(const struct exchange *exchange, uint32_t row, struct text line)
{
    uint32_t length = (uint32_t)line.len / IRC_BYTES_PER_TOKEN * FLOOD_TOKEN;
    struct text command = irc_cut_command(&line);

    if (irc_is_paid(exchange, row, command)) {
        return 0;
    }
    if (!(hub_person(&exchange->hub, row)->flags & PERSON_REGISTERED) &&
        irc_is_registering(command)) {
        return IRC_COST_REGISTERING;
    }
    if (line.len == 0 && text_equal_nocase(command, TEXT("NAMES"))) {
        return irc_command_cost(TEXT("LIST")); /* all rooms */
    }
    return irc_command_cost(command) + length;
}

/* ---- what does not wait ---- */

/* As irc_take_line() sees it: what is too long is refused in its turn. */
static bool irc_is_long(struct text line)
{
    struct text tags = TEXT_NONE;

    if (line.len > 0 && line.at[0] == '@') {
        tags = text_cut(&line, ' ');
    }
    return line.len > IRC_LINE_MAX || tags.len > IRC_CLIENT_TAGS_MAX + 1;
}

/* With a token, and without a label: an answer that has to carry one is written where the others
 * are. */
static bool irc_is_plain_ping(struct text line)
{
    char space[IRC_CLIENT_TAGS_MAX + 1];
    struct buf label = buf_over(space, sizeof(space));
    struct irc_message message;

    return !irc_is_long(line) && irc_parse(line, &message) == 0 && message.n_params > 0 &&
           message.params[0].len > 0 && !irc_tag(message.tags, TEXT("label"), &label);
}

/* A PONG overtakes what was said, records, and the answers to questions. It does not overtake what
 * decides where words go: clients take it as the proof that the JOIN before it was answered, and
 * say the next line in that room (client/model.h does). */
enum front_urgency irc_urgency(struct text line)
{
    static const struct text marks[] = { TEXT("JOIN"), TEXT("PART"), TEXT("NICK") };
    struct text rest = line;
    struct text command = irc_cut_command(&rest);

    if (text_equal_nocase(command, TEXT("PING"))) {
        return irc_is_plain_ping(line) ? FRONT_URGENT : FRONT_IN_TURN;
    }
    for (size_t i = 0; i < ARRAY_SIZE(marks); i++) {
        if (text_equal_nocase(command, marks[i])) {
            return FRONT_MARK;
        }
    }
    return FRONT_IN_TURN;
}

void irc_put_pong(const struct reader *reader, struct buf *out, struct text token)
{
    const char *server = reader->exchange->server_name;

    buf_format(out, ":%s PONG %s :%.*s\r\n", server, server, (int)utf8_fit(token, IRC_LINE_MAX / 2),
               token.at);
}

void irc_answer_urgent(struct reader *reader, struct text line)
{
    char space[(IRC_TAGS_MAX + IRC_LINE_MAX) * UTF8_REPLACEMENT_BYTES];
    struct buf clean = buf_over(space, sizeof(space));
    struct irc_message message;

    if (irc_read(line, &clean, &message) && message.n_params > 0) {
        irc_put_pong(reader, output_urgent(reader), message.params[0]);
    }
}
