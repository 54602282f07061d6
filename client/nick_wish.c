/* SPDX-License-Identifier: MIT */
/* Getting back the nickname that the user wants. Owns model.wish. One question and one try are
 * under way at most, and their answers are ours alone. */
#include "nick_wish.h"

static struct text nick_wish_nick(const struct model *m)
{
    return (struct text){ .at = m->wish.nick.at, .len = m->wish.nick.len };
}

static bool nick_wish_is(const struct model *m, struct text nick)
{
    return text_equal_nocase(nick, nick_wish_nick(m));
}

void nick_wish_is_taken(struct model *m)
{
    m->wish.is_awaited = !m->config.is_paced;
}

void nick_wish_replace(struct model *m, struct text nick)
{
    m->wish = (struct model_wish){ .is_awaited = false };
    model_name_set(&m->wish.nick, nick);
}

bool nick_wish_is_awaited(const struct model *m)
{
    return m->wish.is_awaited && !nick_wish_is(m, model_nick(m));
}

void nick_wish_begin(struct model *m)
{
    m->wish.is_awaited = nick_wish_is_awaited(m);
    if (m->wish.is_awaited && m->support.has_monitor) {
        m->wish.is_monitored = true;
        model_send(m, "MONITOR + %.*s", TEXT_ARG(nick_wish_nick(m)));
    }
}

static void nick_wish_end(struct model *m)
{
    if (m->wish.is_monitored) {
        model_send(m, "MONITOR - %.*s", TEXT_ARG(nick_wish_nick(m)));
    }
    m->wish = (struct model_wish){ .nick = m->wish.nick };
}

void nick_wish_choose(struct model *m, struct text nick)
{
    if (!nick_wish_is(m, nick)) {
        nick_wish_end(m);
        nick_wish_replace(m, nick);
    }
}

static void nick_wish_try(struct model *m)
{
    if (m->wish.is_awaited && !m->wish.is_tried && m->state == MODEL_READY) {
        m->wish.is_tried = true;
        model_send(m, "NICK %.*s", TEXT_ARG(nick_wish_nick(m)));
    }
}

/* -- what the server says -- */

typedef bool (*nick_wish_handler)(struct model *, const struct irc_message *);

static bool nick_wish_heard_quit(struct model *m, const struct irc_message *message)
{
    if (nick_wish_is(m, irc_source_nick(message->source))) {
        nick_wish_try(m);
    }
    return false;
}

/* Another name of ours than the wish: from /raw, or by somebody in charge. */
static bool nick_wish_heard_nick(struct model *m, const struct irc_message *message)
{
    struct text who = irc_source_nick(message->source);

    if (model_is_me(m, who)) {
        nick_wish_end(m);
        nick_wish_replace(m, message->params[0]);
    } else if (nick_wish_is(m, who)) {
        nick_wish_try(m);
    }
    return false;
}

/* 303 <me> :nick nick */
static bool nick_wish_heard_ison(struct model *m, const struct irc_message *message)
{
    struct text rest = message->params[1];
    bool was_asked = m->wish.is_asked;
    struct text nick = text_cut_word(&rest);

    while (nick.len > 0 && !nick_wish_is(m, nick)) {
        nick = text_cut_word(&rest);
    }
    m->wish.is_asked = false;
    if (was_asked && nick.len == 0) {
        nick_wish_try(m);
    }
    return was_asked;
}

/* 730 and 731 <me> :nick!user@host,nick: true if ours is the only one. */
static bool nick_wish_is_monitored(const struct model *m, const struct irc_message *message,
                                   bool *out_has_it)
{
    struct text rest = message->params[1];
    bool is_alone = m->wish.is_monitored;

    *out_has_it = false;
    while (rest.len > 0) {
        bool is_it = nick_wish_is(m, irc_source_nick(text_cut(&rest, ',')));

        *out_has_it |= is_it;
        is_alone &= is_it;
    }
    return is_alone && *out_has_it;
}

static bool nick_wish_heard_online(struct model *m, const struct irc_message *message)
{
    bool has_it;

    return nick_wish_is_monitored(m, message, &has_it);
}

static bool nick_wish_heard_offline(struct model *m, const struct irc_message *message)
{
    bool has_it, is_alone = nick_wish_is_monitored(m, message, &has_it);

    if (has_it) {
        nick_wish_try(m);
    }
    return is_alone;
}

/* 734 <me> <limit> <nicks> :words */
static bool nick_wish_heard_full(struct model *m, const struct irc_message *message)
{
    if (!m->wish.is_monitored || message->n_params < 3 || !nick_wish_is(m, message->params[2])) {
        return false;
    }
    m->wish.is_monitored = false;
    return true;
}

/* <me> <nick> :why not. Ours is tried again later; the user's is not wanted any more. */
static bool nick_wish_refused(struct model *m, const struct irc_message *message)
{
    bool was_tried = m->wish.is_tried;

    if (m->state == MODEL_REGISTERING || !nick_wish_is(m, message->params[1])) {
        return false;
    }
    m->wish.is_tried = false;
    m->wish.n_failed++;
    m->wish.ask_at = 0;
    if (!m->wish.is_awaited) {
        nick_wish_replace(m, model_nick(m));
    }
    return was_tried;
}

static const struct {
    struct text command;
    int n_needed;
    nick_wish_handler handle;
} nick_wish_rows[] = {
    { { "QUIT", 4 }, 0, nick_wish_heard_quit },   { { "NICK", 4 }, 1, nick_wish_heard_nick },
    { { "303", 3 }, 2, nick_wish_heard_ison },    { { "730", 3 }, 2, nick_wish_heard_online },
    { { "731", 3 }, 2, nick_wish_heard_offline }, { { "734", 3 }, 2, nick_wish_heard_full },
    { { "432", 3 }, 2, nick_wish_refused },       { { "433", 3 }, 2, nick_wish_refused },
    { { "436", 3 }, 2, nick_wish_refused },       { { "437", 3 }, 2, nick_wish_refused },
    { { "438", 3 }, 2, nick_wish_refused },
};

/* History may tell of somebody who left long ago. */
static bool nick_wish_is_history(const struct irc_message *message)
{
    struct text ignored;

    return irc_tag_raw(message->tags, TEXT("batch"), &ignored);
}

bool nick_wish_take(struct model *m, const struct irc_message *message)
{
    for (size_t i = 0; i < ARRAY_SIZE(nick_wish_rows); i++) {
        if (text_equal_nocase(message->command, nick_wish_rows[i].command) &&
            message->n_params >= nick_wish_rows[i].n_needed && !nick_wish_is_history(message)) {
            return nick_wish_rows[i].handle(m, message);
        }
    }
    return false;
}

/* -- asking -- */

static time_t nick_wish_interval_s(const struct model *m)
{
    unsigned n = m->wish.n_failed > NICK_WISH_DOUBLINGS ? NICK_WISH_DOUBLINGS : m->wish.n_failed;

    return (time_t)NICK_WISH_ASK_S << n;
}

/* What MONITOR tells needs no question, unless the server did not give the nickname then. */
static bool nick_wish_asks(const struct model *m)
{
    return m->wish.is_awaited && m->state == MODEL_READY &&
           (!m->wish.is_monitored || m->wish.n_failed > 0);
}

void nick_wish_check(struct model *m, time_t now)
{
    time_t interval = nick_wish_interval_s(m);

    if (!nick_wish_asks(m)) {
        return;
    }
    if (m->wish.ask_at == 0 || m->wish.ask_at - now > interval) { /* or the clock was set back */
        m->wish.ask_at = now + interval;
    }
    if (now < m->wish.ask_at) {
        return;
    }
    m->wish.ask_at = now + interval;
    m->wish.is_asked = true;
    m->wish.is_tried = false; /* whatever has become of it */
    model_send(m, "ISON %.*s", TEXT_ARG(nick_wish_nick(m)));
}

time_t nick_wish_deadline(const struct model *m)
{
    return nick_wish_asks(m) ? m->wish.ask_at : 0;
}
