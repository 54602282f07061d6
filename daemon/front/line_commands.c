/* SPDX-License-Identifier: MIT */
/* The commands of the line front end: rows of one table, which is the help text too. */
#include "front/line.h"

#include "chat/names.h"
#include "chat/people.h"
#include "chat/rooms.h"
#include "lib/irc_format.h"
#include "lib/utf8.h"

#include <string.h>

typedef int (*line_run_fn)(struct reader *reader, struct text args, struct buf *reason);

struct line_command {
    struct text name;
    struct text other_name; /* what users of other chats type */
    uint32_t n_needed;      /* words that must be there */
    const char *usage;
    const char *help;
    line_run_fn run;
};

static int line_run_help(struct reader *reader, struct text args, struct buf *reason);

/* The room a word names; without a word, the one that plain lines go to. 0 after an explanation. */
static uint32_t line_room_named(struct reader *reader, struct text *args)
{
    const struct person *person = reader_person(reader);
    uint32_t room;

    if (args->len > 0 && args->at[0] == '#') {
        struct text name = text_cut_word(args);

        room = rooms_find(reader_hub(reader), name);
        if (room == 0) {
            line_refuse(reader, CHAT_NO_ROOM, name);
        }
        return room;
    }
    if (person->current == 0) {
        line_say(reader, "you are in no room; /join %s", reader->exchange->lobby);
        return 0;
    }
    return hub_membership(reader_hub(reader), person->current)->room;
}

static int line_run_nick(struct reader *reader, struct text args, struct buf *reason)
{
    struct text name = text_cut_word(&args);
    int r = people_rename(reader_hub(reader), reader->row, name, reader->exchange->now);

    (void)reason;
    if (r != 0) {
        line_refuse(reader, r, name);
    }
    return FRONT_DONE;
}

/* People forget the '#'. */
static struct text line_room_name(struct text word, char space[ROOM_NAME_SIZE])
{
    struct buf name = buf_over(space, ROOM_NAME_SIZE);

    if (word.len > 0 && word.at[0] == '#') {
        return word;
    }
    buf_char(&name, '#');
    buf_text_put(&name, word);
    return name.full ? word : buf_text(&name);
}

static int line_run_join(struct reader *reader, struct text args, struct buf *reason)
{
    struct hub *hub = reader_hub(reader);
    char space[ROOM_NAME_SIZE];
    struct text name = line_room_name(text_cut_word(&args), space);
    uint32_t room;
    int r = rooms_join(hub, reader->row, name, hub->limits.history_on_join, reader->exchange->now,
                       &room);

    (void)reason;
    if (r == CHAT_ALREADY_MEMBER) {
        state_edit_person(hub->state, reader->row)->current =
            rooms_membership(hub, reader->row, room);
        line_say(reader, "what you type now goes to %s", hub_room(hub, room)->name);
    } else if (r != 0) {
        line_refuse(reader, r, name);
    } else {
        output_set_answer(reader, LINE_ANSWER_ROOM, room, 0, hub_room(hub, room)->id);
    }
    return FRONT_DONE;
}

static int line_run_leave(struct reader *reader, struct text args, struct buf *reason)
{
    struct hub *hub = reader_hub(reader);
    uint32_t room = line_room_named(reader, &args);
    const struct person *person = reader_person(reader);
    int r;

    (void)reason;
    if (room == 0) {
        return FRONT_DONE;
    }
    if (args.len > REASON_MAX) {
        args.len = utf8_fit(args, REASON_MAX);
    }
    r = rooms_leave(hub, reader->row, room, args, reader->exchange->now);
    if (r != 0) {
        line_refuse(reader, r, text_of(hub_room(hub, room)->name));
    } else if (person->current == 0) {
        line_say(reader, "you are in no room now; /join %s", reader->exchange->lobby);
    } else {
        line_say(reader, "what you type now goes to %s",
                 hub_room(hub, hub_membership(hub, person->current)->room)->name);
    }
    return FRONT_DONE;
}

static int line_run_rooms(struct reader *reader, struct text args, struct buf *reason)
{
    (void)args;
    (void)reason;
    output_set_answer(reader, LINE_ANSWER_ROOMS, 0, 0, 0);
    return FRONT_DONE;
}

static int line_run_who(struct reader *reader, struct text args, struct buf *reason)
{
    uint32_t room = line_room_named(reader, &args);

    (void)reason;
    if (room != 0) {
        output_set_answer(reader, LINE_ANSWER_NAMES, room, 0,
                          hub_room(reader_hub(reader), room)->id);
    }
    return FRONT_DONE;
}

static void line_put_away(struct reader *reader, uint32_t row)
{
    const struct person *person = hub_person(reader_hub(reader), row);
    char space[AWAY_MAX], clean_space[AWAY_MAX];
    struct buf why = buf_over(space, sizeof(space));
    struct buf clean = buf_over(clean_space, sizeof(clean_space));

    state_get_text(reader_hub(reader)->state, person->away, &why);
    irc_format_strip(buf_text(&why), &clean);
    line_say(reader, "%s is away (%.*s)", person->nick, TEXT_ARG(buf_text(&clean)));
}

static int line_run_msg(struct reader *reader, struct text args, struct buf *reason)
{
    struct hub *hub = reader_hub(reader);
    struct text nick = text_cut_word(&args);
    uint32_t target = people_find_registered(hub, nick);
    int r = CHAT_NO_PERSON;

    (void)reason;
    if (target != 0) {
        r = people_tell(hub, reader->row, target, RECORD_SAID, args, reader->exchange->now);
    }
    if (r != 0) {
        line_refuse(reader, r, nick);
    } else if (hub_person(hub, target)->flags & PERSON_AWAY) {
        line_put_away(reader, target);
    }
    return FRONT_DONE;
}

static int line_run_away(struct reader *reader, struct text args, struct buf *reason)
{
    int r;

    (void)reason;
    args.len = utf8_fit(args, AWAY_MAX);
    if (args.len == 0 && !(reader_person(reader)->flags & PERSON_AWAY)) {
        line_say(reader, "you are not away");
        return FRONT_DONE;
    }
    r = people_set_away(reader_hub(reader), reader->row, args, reader->exchange->now);
    if (r != 0) {
        line_refuse(reader, r, args);
    }
    return FRONT_DONE;
}

static int line_run_back(struct reader *reader, struct text args, struct buf *reason)
{
    (void)args;
    return line_run_away(reader, TEXT_NONE, reason);
}

static int line_run_me(struct reader *reader, struct text args, struct buf *reason)
{
    struct text none = TEXT_NONE;
    uint32_t room = line_room_named(reader, &none);
    int r;

    (void)reason;
    if (room == 0) {
        return FRONT_DONE;
    }
    r = rooms_say(reader_hub(reader), reader->row, room, RECORD_ACTION, args,
                  reader->exchange->now);
    if (r != 0) {
        line_refuse(reader, r, args);
    }
    return FRONT_DONE;
}

static int line_run_topic(struct reader *reader, struct text args, struct buf *reason)
{
    struct hub *hub = reader_hub(reader);
    uint32_t room = line_room_named(reader, &args);
    int r;

    (void)reason;
    if (room == 0) {
        return FRONT_DONE;
    }
    if (args.len == 0) {
        if (hub_room(hub, room)->topic == 0) {
            line_say(reader, "%s has no topic; /topic TEXT sets one", hub_room(hub, room)->name);
        } else {
            output_set_answer(reader, LINE_ANSWER_ROOM, room, 0, hub_room(hub, room)->id);
        }
        return FRONT_DONE;
    }
    r = rooms_set_topic(hub, reader->row, room, text_equal(args, TEXT("-")) ? TEXT_NONE : args,
                        reader->exchange->now);
    if (r != 0) {
        line_refuse(reader, r, text_of(hub_room(hub, room)->name));
    }
    return FRONT_DONE;
}

static int line_run_history(struct reader *reader, struct text args, struct buf *reason)
{
    struct hub *hub = reader_hub(reader);
    uint32_t room = line_room_named(reader, &args);
    uint64_t n = LINE_HISTORY_DEFAULT;

    (void)reason;
    if (room == 0) {
        return FRONT_DONE;
    }
    if (rooms_membership(hub, reader->row, room) == 0) {
        line_refuse(reader, CHAT_NOT_MEMBER, text_of(hub_room(hub, room)->name));
        return FRONT_DONE;
    }
    if (args.len > 0 && !text_number(args, LINE_HISTORY_MAX, &n)) {
        line_say(reader, "/history takes a number from 0 to %d", LINE_HISTORY_MAX);
        return FRONT_DONE;
    }
    output_set_answer(reader, LINE_ANSWER_HISTORY, room,
                      rooms_history_cursor(hub, room, (uint32_t)n).due,
                      hub_room(hub, room)->chain.end);
    return FRONT_DONE;
}

static int line_run_quit(struct reader *reader, struct text args, struct buf *reason)
{
    (void)reader;
    args.len = utf8_fit(args, REASON_MAX);
    buf_text_put(reason, args);
    return FRONT_QUIT;
}

/* clang-format off */
static const struct line_command LINE_COMMANDS[] = {
    { TEXT("help"),    TEXT("?"),     0, "/help [COMMAND]",      "this list, or one line of it",                line_run_help },
    { TEXT("nick"),    TEXT("name"),  1, "/nick NAME",           "be called NAME",                              line_run_nick },
    { TEXT("join"),    TEXT("j"),     1, "/join #ROOM",          "enter a room, or make it the one you talk to", line_run_join },
    { TEXT("leave"),   TEXT("part"),  0, "/leave [#ROOM] [WHY]", "leave a room",                                line_run_leave },
    { TEXT("rooms"),   TEXT("list"),  0, "/rooms",               "the rooms there are",                         line_run_rooms },
    { TEXT("who"),     TEXT("names"), 0, "/who [#ROOM]",         "who is there",                                line_run_who },
    { TEXT("msg"),     TEXT("tell"),  2, "/msg NAME TEXT",       "say something to one person alone",           line_run_msg },
    { TEXT("away"),    TEXT("afk"),   0, "/away [WHY]",          "tell who writes to you that you are away",    line_run_away },
    { TEXT("back"),    TEXT("here"),  0, "/back",                "you are here again",                          line_run_back },
    { TEXT("me"),      TEXT("action"), 1, "/me TEXT",            "do something: * you wave",                    line_run_me },
    { TEXT("topic"),   TEXT("t"),     0, "/topic [TEXT | -]",    "show, set or clear the room's topic",         line_run_topic },
    { TEXT("history"), TEXT("h"),     0, "/history [#ROOM] [N]", "what was said before",                        line_run_history },
    { TEXT("quit"),    TEXT("exit"),  0, "/quit [WHY]",          "say goodbye",                                 line_run_quit },
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
    if (text_starts_with(name, TEXT("/"))) {
        name = (struct text){ name.at + 1, name.len - 1 };
    }
    only = name.len > 0 ? line_find_command(name) : NULL;
    for (size_t i = 0; i < ARRAY_SIZE(LINE_COMMANDS); i++) {
        if (only == NULL || only == &LINE_COMMANDS[i]) {
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
