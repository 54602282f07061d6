/* SPDX-License-Identifier: MIT */
/* The table of IRC commands, and HELP, which shows it. */
#include "front/irc.h"

#include "lib/utf8.h"

static int irc_run_ping(struct reader *reader, const struct irc_message *message,
                        struct buf *reason)
{
    (void)reason;
    irc_put_pong(reader, output_private(reader), message->params[0]);
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

enum { /* who may use a command: flags that a person must have */
       IRC_ANYBODY = 0,
       IRC_GUEST = PERSON_REGISTERED, /* everybody who has been welcomed */
       IRC_STAFF = PERSON_REGISTERED | PERSON_OPERATOR,
};

/* Flood control: what a line of a command costs. */
enum {
    IRC_FREE = 0,                /* nothing comes behind it */
    IRC_TINY = FLOOD_TOKEN / 10, /* a sign of life: not nothing, since it is work, too */
    IRC_CHEAP = FLOOD_TOKEN / 4, /* what clients say all at once */
    IRC_USUAL = FLOOD_TOKEN,
    IRC_DOUBLE = 2 * FLOOD_TOKEN, /* told to everybody around, or a long answer */
    IRC_DEAR = 3 * FLOOD_TOKEN,   /* an answer as long as there are rooms */
    IRC_GUESS = 4 * FLOOD_TOKEN,  /* at a password, which takes time to check */
};

struct irc_command {
    struct text name;
    int n_needed;  /* parameters */
    uint32_t who;  /* may use it: flags of the person that must be set */
    uint32_t cost; /* flood control */
    irc_run_fn run;
    const char *usage;
    const char *help;
};

static int irc_run_help(struct reader *reader, const struct irc_message *message,
                        struct buf *reason);

/* clang-format off */
static const struct irc_command IRC_COMMANDS[] = {
    { TEXT("ADMIN"),     0, IRC_GUEST,   IRC_USUAL, irc_run_admin,     "",                                "who runs this server" },
    { TEXT("AWAY"),      0, IRC_GUEST,   IRC_USUAL, irc_run_away,      "[:WHY]",                          "you are away; without WHY: back" },
    { TEXT("CAP"),       1, IRC_ANYBODY, IRC_CHEAP, irc_run_cap,       "LS|LIST|REQ|END [:NAMES]",        "capabilities (IRCv3)" },
    { TEXT("CHATHISTORY"), 0, IRC_GUEST, IRC_DOUBLE,irc_run_chathistory, "LATEST|BEFORE|AFTER|AROUND|BETWEEN WHERE FROM [TO] LIMIT | TARGETS FROM TO LIMIT", "what was said before" },
    { TEXT("HELP"),      0, IRC_GUEST,   IRC_DOUBLE,irc_run_help,      "[COMMAND]",                       "this list, or one line of it" },
    { TEXT("INFO"),      0, IRC_GUEST,   IRC_USUAL, irc_run_info,      "",                                "what this server is" },
    { TEXT("INVITE"),    0, IRC_GUEST,   IRC_USUAL, irc_run_invite,    "[NICK #ROOM]",                    "let somebody in; alone: where you are invited" },
    { TEXT("ISON"),      1, IRC_GUEST,   IRC_USUAL, irc_run_ison,      "NICK...",                         "who of these is there" },
    { TEXT("JOIN"),      1, IRC_GUEST,   IRC_USUAL, irc_run_join,      "#ROOM[,#ROOM] [KEY[,KEY]]",       "enter rooms; JOIN 0: leave all" },
    { TEXT("KICK"),      2, IRC_GUEST,   IRC_USUAL, irc_run_kick,      "#ROOM NICK[,NICK] [:WHY]",        "throw somebody out" },
    { TEXT("KILL"),      2, IRC_STAFF,   IRC_USUAL, irc_run_kill,      "NICK :WHY",                       "end somebody's connection" },
    { TEXT("LINKS"),     0, IRC_GUEST,   IRC_USUAL, irc_run_links,     "[[SERVER] MASK]",                 "the servers: this one" },
    { TEXT("LIST"),      0, IRC_GUEST,   IRC_DEAR,  irc_run_list,      "[#ROOM[,#ROOM] | CONDITIONS]",    "the rooms there are: *MASK* !*MASK* >N <N C>MIN C<MIN T>MIN T<MIN" },
    { TEXT("LUSERS"),    0, IRC_GUEST,   IRC_USUAL, irc_run_lusers,    "",                                "how many are here" },
    { TEXT("MARKREAD"),  0, IRC_GUEST,   IRC_CHEAP, irc_run_markread,  "#ROOM|NICK [timestamp=TIME]",     "up to when you have read" },
    { TEXT("MODE"),      1, IRC_GUEST,   IRC_USUAL, irc_run_mode,      "#ROOM|NICK [+-MODES [WHAT...]]", "show or set the modes of a room or of yours" },
    { TEXT("MONITOR"),   1, IRC_GUEST,   IRC_USUAL, irc_run_monitor,   "+|- NICK[,NICK] | C | L | S",     "be told who comes and goes" },
    { TEXT("MOTD"),      0, IRC_GUEST,   IRC_USUAL, irc_run_motd,      "",                                "the message of the day" },
    { TEXT("NAMES"),     0, IRC_GUEST,   IRC_USUAL, irc_run_names,     "#ROOM[,#ROOM]",                   "who is there" },
    { TEXT("NICK"),      0, IRC_ANYBODY, IRC_DOUBLE,irc_run_nick,      "NICK",                            "be called NICK" },
    { TEXT("NOTICE"),    0, IRC_GUEST,   IRC_USUAL, irc_run_notice,    "WHOM[,WHOM] :TEXT",               "say something that is not answered" },
    { TEXT("OPER"),      2, IRC_GUEST,   IRC_GUESS, irc_run_oper,      "NAME PASSWORD",                   "become operator of the server" },
    { TEXT("PART"),      1, IRC_GUEST,   IRC_USUAL, irc_run_part,      "#ROOM[,#ROOM] [:WHY]",            "leave rooms" },
    { TEXT("PASS"),      1, IRC_ANYBODY, IRC_USUAL, irc_run_pass,      "PASSWORD",                        "taken and not looked at" },
    { TEXT("PING"),      1, IRC_ANYBODY, IRC_TINY,  irc_run_ping,      "TOKEN",                           "is answered by PONG" },
    { TEXT("PONG"),      0, IRC_ANYBODY, IRC_TINY,  irc_run_pong,      "[TOKEN]",                         "the answer to a PING" },
    { TEXT("PRIVMSG"),   0, IRC_GUEST,   IRC_USUAL, irc_run_privmsg,   "WHOM[,WHOM] :TEXT",               "say something to a room or to somebody" },
    { TEXT("QUIT"),      0, IRC_ANYBODY, IRC_FREE,  irc_run_quit,      "[:WHY]",                          "say goodbye" },
    { TEXT("REHASH"),    0, IRC_STAFF,   IRC_DEAR,  irc_run_rehash,    "",                                "read the configuration again" },
    { TEXT("SEARCH"),    1, IRC_GUEST,   IRC_DOUBLE,irc_run_search,    "text=WORDS[;in=WHERE][;from=NICK][;after=TIME][;before=TIME][;limit=N]", "what was said with WORDS" },
    { TEXT("SETNAME"),   1, IRC_GUEST,   IRC_DOUBLE,irc_run_setname,   ":REALNAME",                        "your name in full from now on" },
    { TEXT("STATS"),     0, IRC_GUEST,   IRC_DOUBLE,irc_run_stats,     "[u|o|p|f]",                       "uptime; operators, and numbers" },
    { TEXT("TAGMSG"),    1, IRC_GUEST,   IRC_CHEAP, irc_run_tagmsg,    "WHOM[,WHOM]",                      "send tags alone, such as +typing" },
    { TEXT("TIME"),      0, IRC_GUEST,   IRC_USUAL, irc_run_time,      "",                                "the time here" },
    { TEXT("TOPIC"),     1, IRC_GUEST,   IRC_USUAL, irc_run_topic,     "#ROOM [:TEXT]",                   "show or set what a room is about" },
    { TEXT("USER"),      4, IRC_ANYBODY, IRC_USUAL, irc_run_user,      "USER 0 * :REALNAME",              "who you are, on connecting" },
    { TEXT("USERHOST"),  1, IRC_GUEST,   IRC_USUAL, irc_run_userhost,  "NICK...",                         "hosts of up to 5 people" },
    { TEXT("VERSION"),   0, IRC_GUEST,   IRC_USUAL, irc_run_version,   "",                                "the version of this server" },
    { TEXT("WALLOPS"),   1, IRC_STAFF,   IRC_DOUBLE,irc_run_wallops,   ":TEXT",                           "say something to all who listen (mode w)" },
    { TEXT("WHO"),       0, IRC_GUEST,   IRC_DOUBLE,irc_run_who,       "[#ROOM|NICK|MASK [FLAGS][%FIELDS[,TOKEN]]]", "who is there, in detail" },
    { TEXT("WHOIS"),     0, IRC_GUEST,   IRC_USUAL, irc_run_whois,     "[SERVER] NICK[,NICK]",            "who somebody is" },
    { TEXT("WHOWAS"),    0, IRC_GUEST,   IRC_DOUBLE,irc_run_whowas,    "NICK[,NICK] [COUNT]",             "who had a nick and is gone" },
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

uint32_t irc_command_cost(struct text name)
{
    const struct irc_command *command = irc_find_command(name);

    return command == NULL ? (uint32_t)IRC_USUAL : command->cost;
}

static void irc_put_help(struct reader *reader, const struct irc_command *command)
{
    irc_numeric(reader, RPL_HELPSTART, "%.*s :%.*s %s", TEXT_ARG(command->name),
                TEXT_ARG(command->name), command->usage);
    irc_numeric(reader, RPL_HELPTXT, "%.*s :%s", TEXT_ARG(command->name), command->help);
    irc_numeric(reader, RPL_ENDOFHELP, "%.*s :End of /HELP", TEXT_ARG(command->name));
}

/* The list of all commands. */
void irc_answer_help(struct reader *reader, const struct wire_answer *answer)
{
    size_t i = (size_t)answer->at;

    if (i == 0) {
        irc_numeric(reader, RPL_HELPSTART, "index :The commands of this server:");
    }
    for (; i < ARRAY_SIZE(IRC_COMMANDS) && buf_space(&reader->output) > IRC_ROW_NEEDED; i++) {
        irc_numeric(reader, RPL_HELPTXT, "index :%-8.*s %s", TEXT_ARG(IRC_COMMANDS[i].name),
                    IRC_COMMANDS[i].help);
    }
    if (i == ARRAY_SIZE(IRC_COMMANDS)) {
        irc_numeric(reader, RPL_ENDOFHELP, "index :End of /HELP");
    }
    output_set_answer(reader, i == ARRAY_SIZE(IRC_COMMANDS) ? 0 : IRC_ANSWER_HELP, 0, i, 0);
}

static int irc_run_help(struct reader *reader, const struct irc_message *message,
                        struct buf *reason)
{
    struct text name = message->n_params > 0 ? message->params[0] : TEXT_NONE;
    const struct irc_command *command = irc_find_command(name);

    (void)reason;
    if (name.len == 0) {
        output_set_answer(reader, IRC_ANSWER_HELP, 0, 0, 0);
    } else if (command != NULL) {
        irc_put_help(reader, command);
    } else {
        irc_numeric(reader, ERR_HELPNOTFOUND, "%.*s :There is no such command",
                    (int)utf8_fit(name, NAME_SIZE), name.at);
    }
    return FRONT_DONE;
}

/* What stands between a command and its function; 0: nothing. */
static bool irc_may_run(struct reader *reader, const struct irc_command *command,
                        const struct irc_message *message)
{
    uint32_t flags = reader_person(reader)->flags;
    bool is_registered = (flags & PERSON_REGISTERED) != 0;

    if (!is_registered && (command == NULL || command->who != IRC_ANYBODY)) {
        irc_numeric(reader, ERR_NOTREGISTERED, ":You have not registered");
    } else if (command == NULL) {
        irc_numeric(reader, ERR_UNKNOWNCOMMAND, "%.*s :Unknown command",
                    (int)utf8_fit(message->command, NAME_SIZE), message->command.at);
    } else if ((flags & command->who) != command->who) {
        irc_numeric(reader, ERR_NOPRIVILEGES, ":Permission Denied- You're not an IRC operator");
    } else if (message->n_params < command->n_needed ||
               (command->n_needed > 0 && message->params[0].len == 0)) {
        irc_numeric(reader, ERR_NEEDMOREPARAMS, "%.*s :Not enough parameters",
                    TEXT_ARG(command->name));
    } else {
        return true;
    }
    return false;
}

int irc_command(struct reader *reader, const struct irc_message *message, struct buf *reason)
{
    const struct irc_command *command = irc_find_command(message->command);

    return irc_may_run(reader, command, message) ? command->run(reader, message, reason)
                                                 : FRONT_DONE;
}
