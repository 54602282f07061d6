/* SPDX-License-Identifier: MIT */
/* The commands of the line front end: rows of one table, which is the help text too. What they do
 * is in line_rooms.c, line_people.c, line_moderate.c. */
#include "front/line.h"

#include "lib/utf8.h"

typedef int (*line_run_fn)(struct reader *reader, struct text args, struct buf *reason);

struct line_command {
    struct text name;
    struct text other_name; /* what users of other chats type */
    uint32_t n_needed;      /* words that must be there */
    const char *usage;
    const char *help; /* NULL: this and the row above it share a line of the help */
    line_run_fn run;
};

static int line_run_help(struct reader *reader, struct text args, struct buf *reason);

static int line_run_quit(struct reader *reader, struct text args, struct buf *reason)
{
    (void)reader;
    args.len = utf8_fit(args, REASON_MAX);
    buf_text_put(reason, args);
    return FRONT_QUIT;
}

/* clang-format off */
static const struct line_command LINE_COMMANDS[] = {
    { TEXT("help"),    TEXT("?"),         0, "/help [COMMAND]",         "this list, or one line of it",                    line_run_help },
    { TEXT("nick"),    TEXT("name"),      1, "/nick NAME",              "be called NAME",                                  line_run_nick },
    { TEXT("join"),    TEXT("j"),         1, "/join #ROOM [KEY]",       "enter a room, or make it the one you talk to",    line_run_join },
    { TEXT("leave"),   TEXT("part"),      0, "/leave [#ROOM] [WHY]",    "leave a room",                                    line_run_leave },
    { TEXT("rooms"),   TEXT("list"),      0, "/rooms",                  "the rooms there are",                             line_run_rooms },
    { TEXT("who"),     TEXT("names"),     0, "/who [#ROOM]",            "who is there",                                    line_run_who },
    { TEXT("whois"),   TEXT("wi"),        1, "/whois NAME",             "who that is, and where",                          line_run_whois },
    { TEXT("msg"),     TEXT("tell"),      2, "/msg NAME|#ROOM TEXT",    "say something to one person, or in a room",       line_run_msg },
    { TEXT("away"),    TEXT("afk"),       0, "/away [WHY]",             "tell who writes to you that you are away",        line_run_away },
    { TEXT("back"),    TEXT("here"),      0, "/back",                   "you are here again",                              line_run_back },
    { TEXT("me"),      TEXT("action"),    1, "/me TEXT",                "do something: * you wave",                        line_run_me },
    { TEXT("topic"),   TEXT("t"),         0, "/topic [TEXT | -]",       "show, set or clear the room's topic",             line_run_topic },
    { TEXT("history"), TEXT("h"),         0, "/history [#ROOM] [N]",    "what was said: N messages, all, or since 10:30 or 2h", line_run_history },
    { TEXT("search"),  TEXT("find"),      0, "/search WORDS",           "what was said with WORDS; also #ROOM, from:NAME, since:2h", line_run_search },
    { TEXT("invite"),  TEXT("inv"),       1, "/invite NAME [#ROOM]",    "ask somebody to come, and open the door",         line_run_invite },
    { TEXT("kick"),    TEXT("k"),         1, "/kick NAME [WHY]",        "throw somebody out of the room",                  line_run_kick },
    { TEXT("ban"),     TEXT("b"),         1, "/ban, /unban NAME",       "keep somebody out, or no longer",                 line_run_ban },
    { TEXT("unban"),   TEXT("ub"),        1, "/ban, /unban NAME",       NULL,                                              line_run_unban },
    { TEXT("bans"),    TEXT("banlist"),   0, "/bans [#ROOM]",           "who is kept out, since when, by whom",            line_run_bans },
    { TEXT("op"),      TEXT("promote"),   1, "/op, /deop NAME",         "make somebody an operator, or no longer",         line_run_op },
    { TEXT("deop"),    TEXT("demote"),    1, "/op, /deop NAME",         NULL,                                              line_run_deop },
    { TEXT("voice"),   TEXT("v"),         1, "/voice, /devoice NAME",   "let somebody talk where few may, or no longer",   line_run_voice },
    { TEXT("devoice"), TEXT("dv"),        1, "/voice, /devoice NAME",   NULL,                                              line_run_devoice },
    { TEXT("mode"),    TEXT("modes"),     0, "/mode [#ROOM] [MODES]",   "show or change the rules of the room, as in IRC", line_run_mode },
    { TEXT("oper"),    TEXT("operator"),  2, "/oper NAME PASSWORD",     "become operator of the server",                   line_run_oper },
    { TEXT("kill"),    TEXT("disconnect"), 1, "/kill NAME [WHY]",       "throw somebody off the server, as its operator",  line_run_kill },
    { TEXT("wallops"), TEXT("wall"),      1, "/wallops TEXT",           "tell it all who listen to operators, as one",     line_run_wallops },
    { TEXT("quit"),    TEXT("exit"),      0, "/quit [WHY]",             "say goodbye",                                     line_run_quit },
};
/* clang-format on */

static const struct line_command *line_find_command(struct text name)
{
    for (size_t i = 0; i < ARRAY_SIZE(LINE_COMMANDS); i++) {
        if (text_equal_nocase(LINE_COMMANDS[i].name, name) ||
            text_equal_nocase(LINE_COMMANDS[i].other_name, name)) {
            return &LINE_COMMANDS[i];
        }
    }
    return NULL;
}

static int line_run_help(struct reader *reader, struct text args, struct buf *reason)
{
    struct text name = text_cut_word(&args);
    const struct line_command *only;

    (void)reason;
    (void)text_cut_prefix(&name, TEXT("/"));
    only = name.len > 0 ? line_find_command(name) : NULL;
    while (only != NULL && only->help == NULL) {
        only--;
    }
    for (size_t i = 0; i < ARRAY_SIZE(LINE_COMMANDS); i++) {
        if (LINE_COMMANDS[i].help != NULL && (only == NULL || only == &LINE_COMMANDS[i])) {
            line_say(reader, "%-21s %s", LINE_COMMANDS[i].usage, LINE_COMMANDS[i].help);
        }
    }
    if (only == NULL) {
        line_say(reader, "%-21s %s", "//TEXT", "say /TEXT itself");
    }
    return FRONT_DONE;
}

static bool line_has_words(struct text args, uint32_t n)
{
    while (n > 0 && text_cut_word(&args).len > 0) {
        n--;
    }
    return n == 0;
}

int line_command(struct reader *reader, struct text text, struct buf *reason)
{
    struct text args = text;
    struct text name = text_cut_word(&args);
    const struct line_command *command = line_find_command(name);

    if (command == NULL) {
        line_say(reader, "there is no command /%.*s; /help lists them, //%.*s says it",
                 (int)utf8_fit(name, NICK_MAX), name.at, (int)utf8_fit(name, NICK_MAX), name.at);
        return FRONT_DONE;
    }
    if (!line_has_words(args, command->n_needed)) {
        line_say(reader, "it goes like this: %s", command->usage);
        return FRONT_DONE;
    }
    return command->run(reader, args, reason);
}
