/* SPDX-License-Identifier: MIT */
/* The IRC front end: the table of commands, and the functions of struct front. */
#include "front/irc.h"

#include "chat/names.h"
#include "chat/people.h"
#include "chat/rooms.h"
#include "lib/utf8.h"

#include <string.h>

void irc_line(struct reader *reader, const char *format, ...)
{
    struct buf *out = output_private(reader);
    va_list arguments;

    buf_format(out, ":%s ", reader->exchange->server_name);
    va_start(arguments, format);
    buf_vformat(out, format, arguments);
    va_end(arguments);
    buf_text_put(out, TEXT("\r\n"));
}

void irc_numeric(struct reader *reader, enum irc_numeric numeric, const char *format, ...)
{
    const struct person *person = reader_person(reader);
    struct buf *out = output_private(reader);
    va_list arguments;

    buf_format(out, ":%s %03d %s ", reader->exchange->server_name, (int)numeric,
               person->nick[0] != '\0' ? person->nick : "*");
    va_start(arguments, format);
    buf_vformat(out, format, arguments);
    va_end(arguments);
    buf_text_put(out, TEXT("\r\n"));
}

struct irc_refusal {
    enum irc_numeric numeric;
    const char *words;
};

/* By enum chat_outcome. */
static const struct irc_refusal IRC_REFUSALS[] = {
    [CHAT_BAD_NAME] = { ERR_ERRONEUSNICKNAME, "Erroneous nickname" },
    [CHAT_NAME_TAKEN] = { ERR_NICKNAMEINUSE, "Nickname is already in use" },
    [CHAT_NAME_RESERVED] = { ERR_ERRONEUSNICKNAME, "That is a guest's nickname" },
    [CHAT_NAME_SAME] = { ERR_NICKNAMEINUSE, "That is your nickname already" },
    [CHAT_BAD_ROOM] = { ERR_BADCHANMASK, "Bad channel name" },
    [CHAT_NO_ROOM] = { ERR_NOSUCHCHANNEL, "No such channel" },
    [CHAT_NO_PERSON] = { ERR_NOSUCHNICK, "No such nick" },
    [CHAT_NOT_MEMBER] = { ERR_NOTONCHANNEL, "You're not on that channel" },
    [CHAT_ALREADY_MEMBER] = { ERR_NOTONCHANNEL, "You're on that channel already" },
    [CHAT_TOO_MANY_ROOMS] = { ERR_TOOMANYCHANNELS, "You have joined too many channels" },
    [CHAT_FULL] = { ERR_TOOMANYCHANNELS, "There is no room for that now" },
    [CHAT_NO_TEXT] = { ERR_NOTEXTTOSEND, "No text to send" },
    [CHAT_TEXT_TOO_LONG] = { ERR_INPUTTOOLONG, "Text is too long" },
};

void irc_refuse(struct reader *reader, int outcome, struct text what)
{
    const struct irc_refusal *refusal = &IRC_REFUSALS[outcome];
    struct text word = text_cut_word(&what);

    if (outcome == CHAT_NO_TEXT || word.len == 0) {
        irc_numeric(reader, refusal->numeric, ":%s", refusal->words);
        return;
    }
    irc_numeric(reader, refusal->numeric, "%.*s :%s", (int)utf8_fit(word, ROOM_NAME_SIZE), word.at,
                refusal->words);
}

/* ---- commands ---- */

static int irc_run_ping(struct reader *reader, const struct irc_message *message,
                        struct buf *reason)
{
    (void)reason;
    irc_line(reader, "PONG %s :%.*s", reader->exchange->server_name,
             (int)utf8_fit(message->params[0], IRC_LINE_MAX / 2), message->params[0].at);
    return FRONT_DONE;
}

static int irc_run_pong(struct reader *reader, const struct irc_message *message,
                        struct buf *reason)
{
    (void)reader;
    (void)message;
    (void)reason;
    return FRONT_DONE; /* any line is a sign of life */
}

static int irc_run_quit(struct reader *reader, const struct irc_message *message,
                        struct buf *reason)
{
    struct text why = message->n_params > 0 ? message->params[0] : TEXT_NONE;

    (void)reader;
    why.len = utf8_fit(why, REASON_MAX);
    buf_text_put(reason, why);
    return FRONT_QUIT;
}

static int irc_run_motd(struct reader *reader, const struct irc_message *message,
                        struct buf *reason)
{
    (void)message;
    (void)reason;
    output_set_answer(reader, IRC_ANSWER_MOTD, 0, 0, 0);
    return FRONT_DONE;
}

typedef int (*irc_run_fn)(struct reader *reader, const struct irc_message *message,
                          struct buf *reason);

struct irc_command {
    struct text name;
    int n_needed;        /* parameters */
    bool before_welcome; /* legal before registration is complete */
    irc_run_fn run;
};

static const struct irc_command IRC_COMMANDS[] = {
    { TEXT("CAP"), 1, true, irc_run_cap },
    { TEXT("ISON"), 1, false, irc_run_ison },
    { TEXT("JOIN"), 1, false, irc_run_join },
    { TEXT("LIST"), 0, false, irc_run_list },
    { TEXT("LUSERS"), 0, false, irc_run_lusers },
    { TEXT("MODE"), 1, false, irc_run_mode },
    { TEXT("MOTD"), 0, false, irc_run_motd },
    { TEXT("NAMES"), 0, false, irc_run_names },
    { TEXT("NICK"), 0, true, irc_run_nick },
    { TEXT("NOTICE"), 0, false, irc_run_notice },
    { TEXT("PART"), 1, false, irc_run_part },
    { TEXT("PASS"), 1, true, irc_run_pass },
    { TEXT("PING"), 1, true, irc_run_ping },
    { TEXT("PONG"), 0, true, irc_run_pong },
    { TEXT("PRIVMSG"), 0, false, irc_run_privmsg },
    { TEXT("QUIT"), 0, true, irc_run_quit },
    { TEXT("TOPIC"), 1, false, irc_run_topic },
    { TEXT("USER"), 4, true, irc_run_user },
    { TEXT("USERHOST"), 1, false, irc_run_userhost },
    { TEXT("VERSION"), 0, false, irc_run_version },
    { TEXT("WHO"), 0, false, irc_run_who },
    { TEXT("WHOIS"), 1, false, irc_run_whois },
};

static const struct irc_command *irc_find_command(struct text name)
{
    for (size_t i = 0; i < ARRAY_SIZE(IRC_COMMANDS); i++) {
        if (text_equal_nocase(IRC_COMMANDS[i].name, name)) {
            return &IRC_COMMANDS[i];
        }
    }
    return NULL;
}

int irc_command(struct reader *reader, const struct irc_message *message, struct buf *reason)
{
    const struct irc_command *command = irc_find_command(message->command);
    bool is_registered = (reader_person(reader)->flags & PERSON_REGISTERED) != 0;

    if (!is_registered && (command == NULL || !command->before_welcome)) {
        irc_numeric(reader, ERR_NOTREGISTERED, ":You have not registered");
        return FRONT_DONE;
    }
    if (command == NULL) {
        irc_numeric(reader, ERR_UNKNOWNCOMMAND, "%.*s :Unknown command",
                    (int)utf8_fit(message->command, NAME_SIZE), message->command.at);
        return FRONT_DONE;
    }
    if (message->n_params < command->n_needed ||
        (command->n_needed > 0 && message->params[0].len == 0)) {
        irc_numeric(reader, ERR_NEEDMOREPARAMS, "%.*s :Not enough parameters",
                    TEXT_ARG(command->name));
        return FRONT_DONE;
    }
    return command->run(reader, message, reason);
}

/* ---- struct front ---- */

static uint32_t irc_line_max(const struct exchange *exchange)
{
    (void)exchange;
    return IRC_TAGS_MAX + IRC_LINE_MAX;
}

static void irc_arrive(struct reader *reader)
{
    (void)reader; /* an IRC client speaks first */
}

static int irc_take_line(struct reader *reader, struct text line, struct buf *reason)
{
    char space[(IRC_TAGS_MAX + IRC_LINE_MAX) * UTF8_REPLACEMENT_BYTES];
    struct buf clean = buf_over(space, sizeof(space));
    struct irc_message message;
    struct text tags = TEXT_NONE, rest = line;

    if (line.len > 0 && line.at[0] == '@') {
        tags = text_cut(&rest, ' ');
    }
    if (rest.len > IRC_LINE_MAX || tags.len > IRC_CLIENT_TAGS_MAX + 1) { /* with the '@' */
        irc_numeric(reader, ERR_INPUTTOOLONG, ":Input line was too long");
        return FRONT_DONE;
    }
    utf8_clean(line, UTF8_KEEP_FORMAT, &clean);
    memset(&message, 0, sizeof(message));
    if (irc_parse(buf_text(&clean), &message) != 0) {
        return FRONT_DONE;
    }
    return irc_command(reader, &message, reason);
}

static void irc_line_too_long(struct reader *reader)
{
    irc_numeric(reader, ERR_INPUTTOOLONG, ":Input line was too long");
}

static void irc_line_refused(struct reader *reader)
{
    irc_line(reader, "NOTICE * :your last line made the server fail, and was refused");
}

static void irc_lost(struct reader *reader, uint64_t n)
{
    irc_line(reader, "NOTICE %s :you missed %llu %s while you were not reading",
             reader_person(reader)->nick, (unsigned long long)n, n == 1 ? "message" : "messages");
}

static void irc_flooding(struct reader *reader)
{
    irc_line(reader, "NOTICE %s :more than %u lines a second: yours are delayed, none is lost",
             reader_person(reader)->nick[0] != '\0' ? reader_person(reader)->nick : "*",
             reader->exchange->lines_per_second);
}

static void irc_idle(struct reader *reader, uint32_t seconds_left)
{
    irc_line(reader,
             "NOTICE %s :you have been quiet for long; say something in the next %u "
             "seconds to stay",
             reader_person(reader)->nick, seconds_left);
}

static void irc_ping(struct reader *reader)
{
    buf_format(output_private(reader), "PING :%s\r\n", reader->exchange->server_name);
}

static void irc_farewell(struct reader *reader, struct text reason)
{
    buf_format(output_private(reader), "ERROR :Closing link: %.*s\r\n", TEXT_ARG(reason));
}

const struct front front_irc = {
    .name = "irc",
    .is_telnet = false,
    .pings = true,
    .line_max = irc_line_max,
    .flavour = irc_flavour_of,
    .view = irc_view_of,
    .render = irc_render,
    .lost = irc_lost,
    .arrive = irc_arrive,
    .line = irc_take_line,
    .line_too_long = irc_line_too_long,
    .line_refused = irc_line_refused,
    .answer = irc_continue_answer,
    .flooding = irc_flooding,
    .idle = irc_idle,
    .ping = irc_ping,
    .farewell = irc_farewell,
};
