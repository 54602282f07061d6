/* SPDX-License-Identifier: MIT */
/* What the user types. Owns the commands' names, arguments and help. A mistake is answered here, in
 * words that say what would be right, and never reaches the server. */
#include "typed_inside.h"

#include "found.h"
#include "lib/irc.h"
#include "lib/utf8.h"
#include "nick_wish.h"

enum { TYPED_HISTORY = 50 };

void typed_fail(struct model *m, struct event *event, const char *format, ...)
{
    struct buf b = buf_over(m->scratch, sizeof(m->scratch));
    va_list arguments;

    va_start(arguments, format);
    buf_vformat(&b, format, arguments);
    va_end(arguments);
    event->kind = EVENT_ERROR;
    event->text = buf_text(&b);
    m->has_refused = true;
}

struct text typed_room(const struct model *m)
{
    return irc_is_room(model_target(m)) ? model_target(m) : TEXT_NONE;
}

bool typed_has_room(struct model *m, struct event *event)
{
    if (typed_room(m).len == 0) {
        typed_fail(m, event,
                   m->n_rooms == 0 ? "you are in no room: /join #lobby" : "this is not a room");
    }
    return typed_room(m).len > 0;
}

static bool typed_has_target(struct model *m, struct event *event)
{
    if (model_target(m).len == 0) {
        typed_fail(m, event, "you are in no room: /join #lobby");
    }
    return model_target(m).len > 0;
}

/* The own words, unless the server sends them back. */
static void typed_show(struct model *m, struct text target, struct text text, struct event *event)
{
    if (!m->config.shows_own || m->has_echo) {
        event->kind = EVENT_NONE;
        return;
    }
    event->is_own = true;
    event->who = model_nick(m);
    event->text = text;
    if (irc_is_room(target)) {
        event->room = target;
        event->is_elsewhere = !text_equal_nocase(target, model_room(m));
    } else {
        event->whom = target;
    }
}

static void typed_say(struct model *m, struct text text, struct event *event)
{
    if (text.len == 0 || !typed_has_target(m, event)) {
        return;
    }
    event->kind = EVENT_MESSAGE;
    model_say(m, model_target(m), text, false);
    typed_show(m, model_target(m), text, event);
}

static void typed_me(struct model *m, struct text text, struct event *event)
{
    if (!typed_has_target(m, event)) {
        return;
    }
    event->kind = EVENT_ACTION;
    model_say(m, model_target(m), text, true);
    typed_show(m, model_target(m), text, event);
}

static void typed_msg(struct model *m, struct text rest, struct event *event)
{
    struct text target = text_cut_word(&rest);

    event->kind = EVENT_MESSAGE;
    model_say(m, target, rest, false);
    typed_show(m, target, rest, event);
}

static void typed_nick(struct model *m, struct text rest, struct event *event)
{
    struct text name = text_cut_word(&rest);

    (void)event;
    nick_wish_choose(m, name);
    model_send(m, "NICK %.*s", TEXT_ARG(name));
}

struct text typed_room_name(struct text word, struct buf *b)
{
    buf_text_put(b, irc_is_room(word) ? TEXT_NONE : TEXT("#"));
    buf_text_put(b, word);
    return buf_text(b);
}

/* A room that we are in already is only looked at again. */
static void typed_join(struct model *m, struct text rest, struct event *event)
{
    struct buf b = buf_over(m->scratch, sizeof(m->scratch));
    struct text name = typed_room_name(text_cut_word(&rest), &b);
    size_t i = model_find_room(m, name);

    (void)event;
    if (i < m->n_rooms) {
        m->current = i;
        return;
    }
    model_send(m, "JOIN %.*s%s%.*s", TEXT_ARG(name), rest.len == 0 ? "" : " ", TEXT_ARG(rest));
    m->is_entering = true;
    model_ping(m); /* the answer to JOIN comes before its PONG */
}

/* The first word is a room only if we are in it, or if it can be nothing else. */
static void typed_leave(struct model *m, struct text rest, struct event *event)
{
    struct buf b = buf_over(m->scratch, sizeof(m->scratch));
    struct text why = rest;
    struct text word = text_cut_word(&why);
    struct text room = typed_room_name(word, &b);

    if (!typed_has_room(m, event)) {
        return;
    }
    if (!irc_is_room(word) && model_find_room(m, room) == m->n_rooms) {
        room = typed_room(m);
        why = rest;
    }
    model_send(m, why.len == 0 ? "PART %.*s%.*s" : "PART %.*s :%.*s", TEXT_ARG(room),
               TEXT_ARG(why));
}

static void typed_rooms(struct model *m, struct text rest, struct event *event)
{
    (void)event;
    model_send(m, "LIST%s%.*s", rest.len == 0 ? "" : " ", TEXT_ARG(rest));
}

static void typed_who(struct model *m, struct text rest, struct event *event)
{
    if (rest.len > 0 || typed_has_room(m, event)) {
        model_send(m, "NAMES %.*s", TEXT_ARG(rest.len > 0 ? rest : typed_room(m)));
    }
}

static void typed_topic(struct model *m, struct text rest, struct event *event)
{
    if (!typed_has_room(m, event)) {
        return;
    }
    model_send(m, rest.len == 0 ? "TOPIC %.*s%.*s" : "TOPIC %.*s :%.*s", TEXT_ARG(typed_room(m)),
               TEXT_ARG(rest));
}

static void typed_quit(struct model *m, struct text rest, struct event *event)
{
    (void)event;
    model_leave(m, rest);
}

static void typed_away(struct model *m, struct text rest, struct event *event)
{
    (void)event;
    model_send(m, "AWAY :%.*s", TEXT_ARG(rest.len == 0 ? TEXT("away") : rest));
}

static void typed_back(struct model *m, struct text rest, struct event *event)
{
    (void)rest;
    (void)event;
    model_send(m, "AWAY");
}

static void typed_whois(struct model *m, struct text rest, struct event *event)
{
    (void)event;
    model_send(m, "WHOIS %.*s", TEXT_ARG(rest));
}

static void typed_search(struct model *m, struct text rest, struct event *event)
{
    switch (found_ask(m, rest, event->at)) {
    case FOUND_UNSUPPORTED: typed_fail(m, event, "this server has no search"); break;
    case FOUND_NOT_A_TIME:
        typed_fail(m, event, "times are 10:30, 2h, 2026-11-22 or 3d: since:2h, before:10:30");
        break;
    default: break;
    }
}

/* Of this conversation, or with a number of messages. */
static void typed_history(struct model *m, struct text rest, struct event *event)
{
    char bytes[IRC_LINE_MAX + 1];
    struct buf line = buf_over(bytes, sizeof(bytes));
    uint64_t n = TYPED_HISTORY;

    if (rest.len > 0 && (!text_number(rest, RESUME_PAGE, &n) || n == 0)) {
        typed_fail(m, event, "usage: /history [N], N is at most %d", RESUME_PAGE);
    } else if (!m->has_history) {
        typed_fail(m, event, "this server does not tell what was said");
    } else if (!typed_has_target(m, event)) {
        return;
    } else if (!resume_earlier(&m->resume, model_target(m), (unsigned)n)) {
        typed_fail(m, event, "too much is being asked about already; try again in a moment");
    } else if (resume_ask(&m->resume, event->at, &line)) {
        model_send(m, "%.*s", TEXT_ARG(buf_text(&line)));
    }
}

static void typed_again(struct model *m, struct text rest, struct event *event)
{
    (void)rest;
    if (!model_say_again(m)) {
        typed_fail(m, event, "all that you said was heard, as far as is known");
    }
}

static void typed_raw(struct model *m, struct text rest, struct event *event)
{
    (void)event;
    model_send(m, "%.*s", TEXT_ARG(rest));
}

static const struct typed_command typed_commands[] = {
    { TYPED_MORE, "help", "[COMMAND]", "tell about a command; also /help all, /help keys", 0, true,
      typed_help },
    { TYPED_TALK, "nick", "NAME", "change your nickname", 1, false, typed_nick },
    { TYPED_ROOMS, "join", "ROOM [KEY]", "enter a room, or go back to one you are in", 1, false,
      typed_join },
    { TYPED_ROOMS, "leave", "[ROOM] [WHY]", "leave this room, or another one", 0, false,
      typed_leave },
    { TYPED_ROOMS, "part", "", NULL, 0, false, typed_leave },
    { TYPED_ROOMS, "rooms", "", "list the rooms there are", 0, false, typed_rooms },
    { TYPED_ROOMS, "list", "", NULL, 0, false, typed_rooms },
    { TYPED_ROOMS, "who", "[ROOM]", "list who is in the room", 0, false, typed_who },
    { TYPED_ROOMS, "names", "", NULL, 0, false, typed_who },
    { TYPED_TALK, "msg", "WHO TEXT", "say something to one person, or in another room", 2, false,
      typed_msg },
    { TYPED_TALK, "me", "TEXT", "say what you are doing", 1, false, typed_me },
    { TYPED_ROOMS, "topic", "[TEXT]", "show the room's topic, or set it", 0, false, typed_topic },
    { TYPED_TALK, "away", "[WHY]", "tell people that you are not here", 0, false, typed_away },
    { TYPED_TALK, "back", "", "tell them that you are here again", 0, false, typed_back },
    { TYPED_TALK, "whois", "WHO", "ask who somebody is", 1, false, typed_whois },
    { TYPED_ROOMS, "invite", "WHO [ROOM]", "invite somebody into this room, or another one", 1,
      false, typed_invite },
    { TYPED_CHARGE, "kick", "WHO [WHY]", "put somebody out of this room", 1, false, typed_kick },
    { TYPED_CHARGE, "ban", "WHO", "keep a nick, or all of a mask like *!*@host, out of this room",
      1, false, typed_ban },
    { TYPED_CHARGE, "unban", "WHO", "let them in again", 1, false, typed_unban },
    { TYPED_CHARGE, "op", "WHO...", "make somebody an operator of this room", 1, false, typed_op },
    { TYPED_CHARGE, "deop", "WHO...", "no longer", 1, false, typed_deop },
    { TYPED_CHARGE, "voice", "WHO...", "let somebody speak in this room when it is moderated", 1,
      false, typed_voice },
    { TYPED_CHARGE, "devoice", "WHO...", "no longer", 1, false, typed_devoice },
    { TYPED_CHARGE, "mode", "[CHANGE]", "show the room's modes, or change them", 0, false,
      typed_mode },
    { TYPED_PAST, "find", "WORDS",
      "find what was ever said; also #ROOM, from:NAME, since:2h, before:10:30", 1, false,
      typed_search },
    { TYPED_PAST, "history", "[N]", "show N messages that were said earlier", 0, false,
      typed_history },
    { TYPED_PAST, "again", "", "say again what was not heard before the connection was lost", 0,
      false, typed_again },
    { TYPED_MORE, "set", "[NAME VALUE]", "show the settings, or change one", 0, true, typed_set },
    { TYPED_MORE, "raw", "LINE", "send a line of the IRC protocol as it is", 1, false, typed_raw },
    { TYPED_MORE, "quit", "[WHY]", "say goodbye and leave", 0, true, typed_quit },
};

const struct typed_command *typed_row(size_t i)
{
    return i < ARRAY_SIZE(typed_commands) ? &typed_commands[i] : NULL;
}

const char *typed_name(size_t i)
{
    return i < ARRAY_SIZE(typed_commands) ? typed_commands[i].name : NULL;
}

/* By its name, or by the beginning of it if only one command begins so. */
const struct typed_command *typed_find(struct text name)
{
    const struct typed_command *found = NULL;
    int n_found = 0;

    for (size_t i = 0; i < ARRAY_SIZE(typed_commands); i++) {
        struct text full = text_of(typed_commands[i].name);

        if (text_equal_nocase(name, full)) {
            return &typed_commands[i];
        }
        if (name.len < full.len &&
            text_equal_nocase(name, (struct text){ .at = full.at, .len = name.len })) {
            found = &typed_commands[i];
            n_found++;
        }
    }
    return n_found == 1 ? found : NULL;
}

static bool typed_is_command(struct text line)
{
    return line.len > 0 && line.at[0] == '/' && (line.len == 1 || line.at[1] != '/');
}

static struct text typed_skip(struct text t, size_t n)
{
    return (struct text){ .at = t.at + n, .len = t.len - n };
}

static bool typed_has_words(struct text rest, int n)
{
    while (n > 0 && text_cut_word(&rest).len > 0) {
        n--;
    }
    return n == 0;
}

static void typed_command(struct model *m, struct text rest, struct event *event)
{
    struct text name = text_cut_word(&rest);
    const struct typed_command *c = typed_find(name);

    rest = text_trim(rest);
    if (c == NULL) {
        typed_fail(m, event, "there is no command /%.*s; /help lists them all", TEXT_ARG(name));
    } else if (!typed_has_words(rest, c->n_needed)) {
        typed_fail(m, event, "usage: /%s %s", c->name, c->arguments);
    } else {
        c->run(m, rest, event);
    }
}

bool typed_is_local(struct text line)
{
    const struct typed_command *c;

    if (!typed_is_command(line)) {
        return false;
    }
    line = typed_skip(line, 1);
    c = typed_find(text_cut_word(&line));
    return c == NULL || c->is_local;
}

void typed_line(struct model *m, struct text line, time_t now, struct event *out_event)
{
    *out_event = (struct event){ .kind = EVENT_NONE, .at = now };
    if (typed_is_command(line)) {
        typed_command(m, typed_skip(line, 1), out_event);
        return;
    }
    if (text_starts_with(line, TEXT("//"))) {
        line = typed_skip(line, 1);
    }
    typed_say(m, line, out_event);
}
