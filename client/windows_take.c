/* SPDX-License-Identifier: MIT */
/* Where an event belongs, what is written there, and whether it counts as unread. A part of
 * windows. What people do to each other's presence is one line in each room they share. */
#include "windows.h"

#include <string.h>

enum { WINDOWS_TEXT_MAX = 20 * 1024 };

static bool windows_is_word_byte(char c)
{
    return (unsigned char)c >= 0x80 || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
           (text_lower(c) >= 'a' && text_lower(c) <= 'z');
}

/* The nick as a word of its own. */
static bool windows_speaks_to(struct text text, struct text nick)
{
    for (size_t i = 0; nick.len > 0 && i + nick.len <= text.len; i++) {
        bool is_begin = i == 0 || !windows_is_word_byte(text.at[i - 1]);
        bool is_end = i + nick.len == text.len || !windows_is_word_byte(text.at[i + nick.len]);

        if (is_begin && is_end &&
            text_equal_nocase((struct text){ .at = text.at + i, .len = nick.len }, nick)) {
            return true;
        }
    }
    return false;
}

static bool windows_is_wanted(const struct windows *ws, const struct window *w, bool is_mention)
{
    switch (ws->settings->bell) {
    case SETTINGS_BELL_OFF: return false;
    case SETTINGS_BELL_PRIVATE: return w->kind == WINDOW_QUERY;
    case SETTINGS_BELL_MENTIONS: return is_mention;
    case SETTINGS_BELL_ALL: break;
    }
    return true;
}

static bool windows_is_seen(const struct windows *ws, const struct window *w)
{
    return w == windows_current(ws) && ws->has_focus && w->scroll.at == SCROLLBACK_NOWHERE;
}

/* What is new to the user, and counts as unread where it is not seen. */
static void windows_add_news(struct windows *ws, struct window *w, struct scrollback_record *record,
                             bool is_mention)
{
    uint64_t at;

    record->flags |= is_mention ? SCROLLBACK_MENTION : 0;
    at = window_add(w, record);
    ws->rings |= windows_is_wanted(ws, w, is_mention) && !(w->kind == WINDOW_SERVER);
    if (is_mention && !ws->has_focus) {
        alert_add(&ws->alert, w->kind == WINDOW_ROOM ? window_name(w) : TEXT_NONE, record);
    }
    if (windows_is_seen(ws, w)) {
        return;
    }
    w->first_unread = w->n_unread == 0 ? at : w->first_unread;
    w->n_unread++;
    w->n_mentions += is_mention ? 1 : 0;
}

static void windows_add_talk(struct windows *ws, struct window *w, struct scrollback_record *record)
{
    bool is_notice = record->kind == EVENT_NOTICE;
    bool is_mention = !is_notice && (w->kind == WINDOW_QUERY ||
                                     windows_speaks_to(record->text, model_nick(ws->model)));

    if ((record->flags & (SCROLLBACK_OWN | SCROLLBACK_PAST)) != 0) {
        (void)window_add(w, record);
        return;
    }
    windows_add_news(ws, w, record, is_mention);
}

/* -- where it belongs -- */

/* Where answers are shown: where the question was asked. */
static struct window *windows_for_answer(const struct windows *ws)
{
    return ws->model->state == MODEL_READY || ws->model->was_let_in ? windows_current(ws)
                                                                    : ws->list[0];
}

static struct window *windows_for_notice(struct windows *ws, struct text who)
{
    struct window *w = windows_find(ws, who);

    if (w != NULL) {
        return w;
    }
    return text_find(who, '.') < who.len || who.len == 0 ? ws->list[0] : windows_for_answer(ws);
}

static struct window *windows_for_room(const struct windows *ws, struct text room)
{
    struct window *w = windows_find(ws, room);

    return w != NULL ? w : windows_for_answer(ws);
}

static struct window *windows_for_talk(struct windows *ws, const struct event *event)
{
    struct text peer = event->is_own ? event->whom : event->who;

    if (event->room.len > 0) {
        return windows_for_room(ws, event->room);
    }
    if (event->kind == EVENT_NOTICE) {
        return windows_for_notice(ws, peer);
    }
    return windows_open(ws, WINDOW_QUERY, peer);
}

/* -- what is written there -- */

static void windows_write(struct window *w, const struct event *event, const char *format, ...)
    format_like(3, 4);

static void windows_write(struct window *w, const struct event *event, const char *format, ...)
{
    char bytes[WINDOWS_TEXT_MAX];
    struct buf b = buf_over(bytes, sizeof(bytes));
    struct scrollback_record record = { .kind = event->kind, .at = event->at };
    va_list arguments;

    va_start(arguments, format);
    buf_vformat(&b, format, arguments);
    va_end(arguments);
    record.text = buf_text(&b);
    (void)window_add(w, &record);
}

static void windows_take_talk(struct windows *ws, const struct event *event)
{
    struct window *w = windows_for_talk(ws, event);
    struct scrollback_record record = { .kind = event->kind,
                                        .at = event->at,
                                        .flags = (event->is_own ? SCROLLBACK_OWN : 0) |
                                                 (event->is_past ? SCROLLBACK_PAST : 0),
                                        .who = event->who,
                                        .text = event->text };

    if (!event->is_past) {
        roster_spoke(&w->members, event->who);
    }
    windows_add_talk(ws, w, &record);
}

/* " (why)" for a format of "%s%.*s%s". */
#define WINDOWS_WHY(t) (t).len > 0 ? " (" : "", TEXT_ARG(t), (t).len > 0 ? ")" : ""

static void windows_take_join(struct windows *ws, const struct event *event)
{
    struct window *w;

    if (event->is_own) {
        w = windows_open(ws, WINDOW_ROOM, event->room);
        roster_fini(&w->members);
        window_set_topic(w, TEXT_NONE); /* it is told, if there is one */
        w->is_in = true;
        ws->wants_names = false;
        if (ws->current == 0 || ws->model->state == MODEL_READY) { /* or it was asked for */
            windows_show_this(ws, w);
        }
    }
    w = windows_find(ws, event->room);
    if (w == NULL) {
        return;
    }
    (void)roster_add(&w->members, event->who);
    if (ws->settings->shows_comings || event->is_own) {
        windows_write(w, event, "%.*s has joined", TEXT_ARG(event->who));
    }
}

static void windows_take_leave(struct windows *ws, const struct event *event)
{
    struct window *w = windows_find(ws, event->room);

    if (w == NULL) {
        return;
    }
    if (event->is_own) {
        windows_close(ws, w);
        return;
    }
    (void)roster_remove(&w->members, event->who);
    if (ws->settings->shows_comings) {
        windows_write(w, event, "%.*s has left%s%.*s%s", TEXT_ARG(event->who),
                      WINDOWS_WHY(event->text));
    }
}

/* To be put out of a room is news, wherever one looks. */
static void windows_take_kick(struct windows *ws, const struct event *event)
{
    struct window *w = windows_find(ws, event->room);
    char bytes[WINDOWS_TEXT_MAX];
    struct buf b = buf_over(bytes, sizeof(bytes));
    struct scrollback_record record = { .kind = event->kind, .at = event->at };

    if (w == NULL) {
        return;
    }
    buf_format(&b, "%.*s removes %.*s%s%.*s%s", TEXT_ARG(event->who), TEXT_ARG(event->whom),
               WINDOWS_WHY(event->text));
    record.text = buf_text(&b);
    (void)roster_remove(&w->members, event->whom);
    if (!model_is_me(ws->model, event->whom)) {
        (void)window_add(w, &record);
        return;
    }
    windows_add_news(ws, w, &record, true);
    roster_fini(&w->members);
    w->is_in = false;
}

static void windows_take_quit(struct windows *ws, const struct event *event)
{
    for (size_t i = 1; i < ws->n; i++) {
        struct window *w = ws->list[i];
        bool is_here =
            roster_remove(&w->members, event->who) || text_equal_nocase(window_name(w), event->who);

        if (is_here && ws->settings->shows_comings) {
            windows_write(w, event, "%.*s has quit%s%.*s%s", TEXT_ARG(event->who),
                          WINDOWS_WHY(event->text));
        }
    }
}

static void windows_take_nick(struct windows *ws, const struct event *event)
{
    for (size_t i = 0; i < ws->n; i++) {
        struct window *w = ws->list[i];
        bool is_query = w->kind == WINDOW_QUERY && text_equal_nocase(window_name(w), event->who);
        bool is_here = roster_rename(&w->members, event->who, event->whom) || is_query;

        if (is_query && windows_find(ws, event->whom) == NULL) {
            model_name_set(&w->name, event->whom);
        }
        if (event->is_own || (is_here && ws->settings->shows_comings)) {
            windows_write(w, event, "%.*s is now called %.*s", TEXT_ARG(event->who),
                          TEXT_ARG(event->whom));
        }
    }
}

static void windows_take_topic(struct windows *ws, const struct event *event)
{
    struct window *w = windows_for_room(ws, event->room);

    if (w->kind == WINDOW_ROOM) {
        window_set_topic(w, event->text);
    }
    if (event->who.len > 0) {
        windows_write(w, event, "%.*s sets the topic: %.*s", TEXT_ARG(event->who),
                      TEXT_ARG(event->text));
    } else {
        windows_write(w, event, "topic: %.*s", TEXT_ARG(event->text));
    }
}

static void windows_add_name(struct windows *ws, struct window *w, struct text name)
{
    const struct support *support = &ws->model->support;
    char signs[ROSTER_SIGNS_MAX + 1] = "";
    size_t n = 0;
    struct member *member;

    while (name.len > 0 && n < ROSTER_SIGNS_MAX && support_is_sign(support, name.at[0])) {
        signs[n++] = name.at[0];
        name = (struct text){ .at = name.at + 1, .len = name.len - 1 };
    }
    name.len = text_find(name, '!'); /* userhost-in-names */
    if (name.len == 0) {
        return;
    }
    member = roster_add(&w->members, name);
    for (size_t i = 0; i < n; i++) {
        member_set_sign(member, signs[i], true, support->signs);
    }
}

/* In a window of the room they are seen at the side; as text only for who has asked. */
static void windows_take_names(struct windows *ws, const struct event *event)
{
    struct window *w = windows_find(ws, event->room);
    struct text rest = event->text;
    struct text name = text_cut_word(&rest);

    while (w != NULL && w->is_in && name.len > 0) {
        windows_add_name(ws, w, name);
        name = text_cut_word(&rest);
    }
    if (w == NULL || ws->wants_names) {
        windows_write(windows_for_answer(ws), event, "in %.*s: %.*s", TEXT_ARG(event->room),
                      TEXT_ARG(event->text));
    }
}

static void windows_take_mode(struct windows *ws, const struct event *event)
{
    struct window *w = windows_for_room(ws, event->room);

    if (w->kind == WINDOW_ROOM) {
        support_apply_mode(&ws->model->support, event->text, &w->members);
    }
    windows_write(w, event, "%.*s sets mode %.*s", TEXT_ARG(event->who), TEXT_ARG(event->text));
}

static void windows_take_away(struct windows *ws, const struct event *event)
{
    for (size_t i = 1; i < ws->n; i++) {
        struct member *member = roster_find(&ws->list[i]->members, event->who);

        if (member != NULL) {
            member->is_away = event->text.len > 0;
        }
    }
}

/* Everywhere: whatever window one looks at, this is what one has to know. */
static void windows_take_loss(struct windows *ws, const struct event *event)
{
    for (size_t i = 0; i < ws->n; i++) {
        struct window *w = ws->list[i];

        w->is_in = false;
        roster_fini(&w->members);
        windows_write(w, event, "%.*s", TEXT_ARG(event->text));
    }
}

static void windows_take_lines(struct windows *ws, const struct event *event)
{
    struct text rest = event->text;

    while (rest.len > 0) {
        struct text line = text_cut(&rest, '\n');

        windows_write(windows_current(ws), event, "%.*s", TEXT_ARG(line));
    }
}

void windows_note(struct windows *ws, enum event_kind kind, time_t at, struct text text)
{
    const struct event event = { .kind = kind, .at = at, .text = text };

    windows_take_lines(ws, &event);
}

/* A person's name stands for the conversation with them. */
static struct window *windows_for_words(struct windows *ws, struct text where)
{
    if (where.len == 0) {
        return windows_for_answer(ws);
    }
    return irc_is_room(where) ? windows_for_room(ws, where) : windows_open(ws, WINDOW_QUERY, where);
}

static void windows_take_text(struct windows *ws, const struct event *event)
{
    struct window *w = windows_for_words(ws, event->room);

    windows_write(w, event, "%.*s", TEXT_ARG(event->text));
}

void windows_take(struct windows *ws, const struct event *event)
{
    switch (event->kind) {
    case EVENT_NONE: return;
    case EVENT_MESSAGE:
    case EVENT_ACTION:
    case EVENT_NOTICE: windows_take_talk(ws, event); return;
    case EVENT_JOIN: windows_take_join(ws, event); return;
    case EVENT_LEAVE: windows_take_leave(ws, event); return;
    case EVENT_QUIT: windows_take_quit(ws, event); return;
    case EVENT_KICK: windows_take_kick(ws, event); return;
    case EVENT_NICK: windows_take_nick(ws, event); return;
    case EVENT_TOPIC: windows_take_topic(ws, event); return;
    case EVENT_NAMES: windows_take_names(ws, event); return;
    case EVENT_MODE: windows_take_mode(ws, event); return;
    case EVENT_LOST: windows_take_loss(ws, event); return;
    case EVENT_AWAY: windows_take_away(ws, event); return;
    case EVENT_INFO:
    case EVENT_ERROR: windows_take_text(ws, event); return;
    case EVENT_HELP: windows_take_lines(ws, event); return;
    }
}
