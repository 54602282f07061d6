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
    [CHAT_NOT_MEMBER] = { ERR_NOTONCHANNEL, "You are not in that channel" },
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

typedef int (*irc_run_fn)(struct reader *reader, const struct irc_message *message,
                          struct buf *reason);

struct irc_command {
    struct text name;
    int n_needed;        /* parameters */
    bool before_welcome; /* legal before registration is complete */
    irc_run_fn run;
    const char *usage;
    const char *help;
};

static int irc_run_help(struct reader *reader, const struct irc_message *message,
                        struct buf *reason);

/* clang-format off */
static const struct irc_command IRC_COMMANDS[] = {
    { TEXT("ADMIN"),    0, false, irc_run_admin,    "",                                 "who runs this server" },
    { TEXT("AWAY"),     0, false, irc_run_away,     "[:WHY]",                           "you are away; without WHY: back" },
    { TEXT("CAP"),      1, true,  irc_run_cap,      "LS|LIST|REQ|END [:NAMES]",         "capabilities (IRCv3)" },
    { TEXT("HELP"),     0, false, irc_run_help,     "[COMMAND]",                        "this list, or one line of it" },
    { TEXT("INFO"),     0, false, irc_run_info,     "",                                 "what this server is" },
    { TEXT("ISON"),     1, false, irc_run_ison,     "NICK...",                          "who of these is there" },
    { TEXT("JOIN"),     1, false, irc_run_join,     "#ROOM[,#ROOM]",                    "enter rooms; JOIN 0: leave all" },
    { TEXT("LINKS"),    0, false, irc_run_links,    "",                                 "the servers: this one" },
    { TEXT("LIST"),     0, false, irc_run_list,     "[#ROOM[,#ROOM] | >N | <N]",        "the rooms there are" },
    { TEXT("LUSERS"),   0, false, irc_run_lusers,   "",                                 "how many are here" },
    { TEXT("MODE"),     1, false, irc_run_mode,     "#ROOM | NICK",                     "the modes of a room or of yours" },
    { TEXT("MOTD"),     0, false, irc_run_motd,     "",                                 "the message of the day" },
    { TEXT("NAMES"),    0, false, irc_run_names,    "#ROOM[,#ROOM]",                    "who is there" },
    { TEXT("NICK"),     0, true,  irc_run_nick,     "NICK",                             "be called NICK" },
    { TEXT("NOTICE"),   0, false, irc_run_notice,   "WHOM[,WHOM] :TEXT",                "say something that is not answered" },
    { TEXT("PART"),     1, false, irc_run_part,     "#ROOM[,#ROOM] [:WHY]",             "leave rooms" },
    { TEXT("PASS"),     1, true,  irc_run_pass,     "PASSWORD",                         "taken and not looked at" },
    { TEXT("PING"),     1, true,  irc_run_ping,     "TOKEN",                            "is answered by PONG" },
    { TEXT("PONG"),     0, true,  irc_run_pong,     "[TOKEN]",                          "the answer to a PING" },
    { TEXT("PRIVMSG"),  0, false, irc_run_privmsg,  "WHOM[,WHOM] :TEXT",                "say something to a room or to somebody" },
    { TEXT("QUIT"),     0, true,  irc_run_quit,     "[:WHY]",                           "say goodbye" },
    { TEXT("TIME"),     0, false, irc_run_time,     "",                                 "the time here" },
    { TEXT("TOPIC"),    1, false, irc_run_topic,    "#ROOM [:TEXT]",                    "show or set what a room is about" },
    { TEXT("USER"),     4, true,  irc_run_user,     "USER 0 * :REALNAME",               "who you are, on connecting" },
    { TEXT("USERHOST"), 1, false, irc_run_userhost, "NICK...",                          "hosts of up to 5 people" },
    { TEXT("VERSION"),  0, false, irc_run_version,  "",                                 "the version of this server" },
    { TEXT("WHO"),      0, false, irc_run_who,      "#ROOM | NICK [%FIELDS[,TOKEN]]",   "who is there, in detail" },
    { TEXT("WHOIS"),    0, false, irc_run_whois,    "NICK",                             "who somebody is" },
};
/* clang-format on */

static const struct irc_command *irc_find_command(struct text name)
{
    for (size_t i = 0; i < ARRAY_SIZE(IRC_COMMANDS); i++) {
        if (text_equal_nocase(IRC_COMMANDS[i].name, name)) {
            return &IRC_COMMANDS[i];
        }
    }
    return NULL;
}

static void irc_put_help(struct reader *reader, const struct irc_command *command)
{
    irc_numeric(reader, RPL_HELPSTART, "%.*s :%.*s %s", TEXT_ARG(command->name),
                TEXT_ARG(command->name), command->usage);
    irc_numeric(reader, RPL_HELPTXT, "%.*s :%s", TEXT_ARG(command->name), command->help);
    irc_numeric(reader, RPL_ENDOFHELP, "%.*s :End of /HELP", TEXT_ARG(command->name));
}

static void irc_put_help_index(struct reader *reader)
{
    irc_numeric(reader, RPL_HELPSTART, "index :The commands of this server:");
    for (size_t i = 0; i < ARRAY_SIZE(IRC_COMMANDS); i++) {
        irc_numeric(reader, RPL_HELPTXT, "index :%-8.*s %s", TEXT_ARG(IRC_COMMANDS[i].name),
                    IRC_COMMANDS[i].help);
    }
    irc_numeric(reader, RPL_ENDOFHELP, "index :End of /HELP");
}

static int irc_run_help(struct reader *reader, const struct irc_message *message,
                        struct buf *reason)
{
    struct text name = message->n_params > 0 ? message->params[0] : TEXT_NONE;
    const struct irc_command *command = irc_find_command(name);

    (void)reason;
    if (name.len == 0) {
        irc_put_help_index(reader);
    } else if (command != NULL) {
        irc_put_help(reader, command);
    } else {
        irc_numeric(reader, ERR_HELPNOTFOUND, "%.*s :There is no such command",
                    (int)utf8_fit(name, NAME_SIZE), name.at);
    }
    return FRONT_DONE;
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
