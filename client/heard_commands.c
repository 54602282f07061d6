/* SPDX-License-Identifier: MIT */
/* What each command of a server means. A part of heard. Decides what a person is shown and what
 * only changes the model. Nothing a server sends can do more than that: unknown commands are shown
 * as text, missing parameters make no event. */
#include "heard_inside.h"

#include "answers.h"

#include "lib/irc.h"

#include <string.h>

typedef void (*heard_handler)(struct model *, const struct heard *, struct event *);

struct heard_row {
    struct text command;
    int n_needed; /* parameters */
    heard_handler handle;
};

struct text heard_param(const struct heard *h, int i)
{
    return i < h->message->n_params ? h->message->params[i] : TEXT_NONE;
}

static struct text heard_last(const struct heard *h)
{
    return heard_param(h, h->message->n_params - 1);
}

void heard_set_room(const struct model *m, struct text room, struct event *event)
{
    event->room = room;
    event->is_elsewhere = !text_equal_nocase(room, model_room(m));
}

static void heard_ping(struct model *m, const struct heard *h, struct event *event)
{
    (void)event;
    model_send(m, "PONG :%.*s", TEXT_ARG(heard_param(h, 0)));
}

static void heard_pong(struct model *m, const struct heard *h, struct event *event)
{
    static const struct text ours = { .at = "partyline-", .len = 10 };
    struct text token = heard_last(h);
    uint64_t number;

    (void)event;
    if (!text_starts_with(token, ours)) {
        return;
    }
    token = (struct text){ .at = token.at + ours.len, .len = token.len - ours.len };
    if (text_number(token, UINT32_MAX, &number) && number == m->pings) {
        model_proven(m);
    }
}

/* CTCP: ACTION is /me; anything else is a machine's question, shown and not answered. */
static void heard_ctcp(struct model *m, struct event *event)
{
    struct buf b = buf_over(m->scratch, sizeof(m->scratch));
    struct text rest = { .at = event->text.at + 1, .len = event->text.len - 1 };
    struct text content = text_cut(&rest, '\001');
    struct text what = text_cut(&content, ' ');

    if (text_equal(what, TEXT("ACTION"))) {
        event->kind = EVENT_ACTION;
        event->text = content;
        return;
    }
    buf_format(&b, "%.*s asks your client: %.*s", TEXT_ARG(event->who), TEXT_ARG(what));
    event->kind = EVENT_INFO;
    event->text = buf_text(&b);
}

/* Under the nick of the lost connection: only in what history tells. */
static bool heard_was_me(const struct model *m, const struct heard *h)
{
    return bytes_text(&m->doubtful).len > 0 && h->is_due &&
           text_equal_nocase(h->who, (struct text){ m->nick_before.at, m->nick_before.len });
}

static void heard_message(struct model *m, const struct heard *h, struct event *event)
{
    struct text target = heard_param(h, 0);

    event->kind =
        text_equal_nocase(h->message->command, TEXT("NOTICE")) ? EVENT_NOTICE : EVENT_MESSAGE;
    event->who = h->who;
    event->text = heard_param(h, 1);
    if (event->kind == EVENT_MESSAGE && !h->is_other && (h->is_me || heard_was_me(m, h))) {
        model_was_heard(m, target, event->text);
    }
    if (irc_is_room(target)) {
        heard_set_room(m, target, event);
    } else {
        event->whom = target;
    }
    if (event->kind == EVENT_MESSAGE && event->text.len > 0 && event->text.at[0] == '\001') {
        heard_ctcp(m, event);
    }
}

/* Our own JOIN is where we learn how others see us: that decides how long a message may be. */
static void heard_join(struct model *m, const struct heard *h, struct event *event)
{
    struct text room = heard_param(h, 0);

    if (h->is_me) {
        struct text mask = h->message->source;

        (void)text_cut(&mask, '!');
        m->mask_len = mask.len;
        model_add_room(m, room, m->state >= MODEL_READY);
        if (m->has_history && model_find_room(m, room) < m->n_rooms) {
            resume_entered(&m->resume, room, h->message->tags, m->config.n_history);
        }
    }
    event->kind = EVENT_JOIN;
    event->who = h->who;
    event->room = room;
}

static void heard_leave(struct model *m, const struct heard *h, struct event *event)
{
    if (h->is_me) {
        model_remove_room(m, heard_param(h, 0));
    }
    event->kind = EVENT_LEAVE;
    event->who = h->who;
    event->room = heard_param(h, 0);
    event->text = heard_param(h, 1);
}

static void heard_quit(struct model *m, const struct heard *h, struct event *event)
{
    (void)m;
    event->kind = EVENT_QUIT;
    event->who = h->who;
    event->text = heard_param(h, 0);
}

static void heard_kick(struct model *m, const struct heard *h, struct event *event)
{
    event->kind = EVENT_KICK;
    event->who = h->who;
    event->room = heard_param(h, 0);
    event->whom = heard_param(h, 1);
    event->text = heard_param(h, 2);
    if (model_is_me(m, event->whom)) {
        model_remove_room(m, event->room);
    }
}

static void heard_nick(struct model *m, const struct heard *h, struct event *event)
{
    event->kind = EVENT_NICK;
    event->who = h->who;
    event->whom = heard_param(h, 0);
    if (h->is_me) {
        model_name_set(&m->nick, event->whom);
    } else {
        places_rename(&m->resume.places, event->who, event->whom);
    }
}

static void heard_topic(struct model *m, const struct heard *h, struct event *event)
{
    event->kind = EVENT_TOPIC;
    event->who = h->who;
    heard_set_room(m, heard_param(h, 0), event);
    event->text = heard_last(h);
}

static void heard_topic_told(struct model *m, const struct heard *h, struct event *event)
{
    event->kind = EVENT_TOPIC;
    heard_set_room(m, heard_param(h, 1), event);
    event->text = heard_last(h);
}

static void heard_topic_none(struct model *m, const struct heard *h, struct event *event)
{
    event->kind = EVENT_INFO;
    heard_set_room(m, heard_param(h, 1), event);
    event->text = heard_last(h);
}

static void heard_names(struct model *m, const struct heard *h, struct event *event)
{
    (void)m;
    event->kind = EVENT_NAMES;
    event->room = heard_param(h, 2);
    event->text = text_trim(heard_last(h));
}

/* RPL_LIST: <me> <room> <how many> :<topic> */
static void heard_listed(struct model *m, const struct heard *h, struct event *event)
{
    struct buf b = buf_over(m->scratch, sizeof(m->scratch));

    buf_format(&b, "%.*s  (%.*s)  %.*s", TEXT_ARG(heard_param(h, 1)), TEXT_ARG(heard_param(h, 2)),
               TEXT_ARG(heard_param(h, 3)));
    event->kind = EVENT_INFO;
    event->text = text_trim(buf_text(&b));
}

static void heard_invite(struct model *m, const struct heard *h, struct event *event)
{
    struct buf b = buf_over(m->scratch, sizeof(m->scratch));

    buf_format(&b, "%.*s invites you: /join %.*s", TEXT_ARG(h->who), TEXT_ARG(heard_last(h)));
    event->kind = EVENT_INFO;
    event->text = buf_text(&b);
}

/* "zed: No such nick": what it is about, and the sentence, which comes last. */
static void heard_put_mistake(const struct heard *h, struct buf *b)
{
    for (int i = 1; i < h->message->n_params; i++) {
        bool is_sentence = i + 1 == h->message->n_params;

        buf_text_put(b, i == 1 ? TEXT_NONE : is_sentence ? TEXT(": ") : TEXT(" "));
        buf_text_put(b, h->message->params[i]);
    }
}

static void heard_put_params(const struct heard *h, int first, struct buf *b)
{
    for (int i = first; i < h->message->n_params; i++) {
        buf_text_put(b, i > first ? TEXT(" ") : TEXT_NONE);
        buf_text_put(b, h->message->params[i]);
    }
}

static void heard_mode(struct model *m, const struct heard *h, struct event *event)
{
    struct buf b = buf_over(m->scratch, sizeof(m->scratch));

    if (!irc_is_room(heard_param(h, 0))) {
        return; /* about ourselves, and of no interest */
    }
    heard_put_params(h, 1, &b);
    event->kind = EVENT_MODE;
    event->who = h->who;
    event->room = heard_param(h, 0);
    event->text = buf_text(&b);
}

static void heard_away(struct model *m, const struct heard *h, struct event *event)
{
    (void)m;
    event->kind = EVENT_AWAY;
    event->who = h->who;
    event->text = heard_param(h, 0);
}

/* 005: <me> <token>... :are supported */
static void heard_support(struct model *m, const struct heard *h, struct event *event)
{
    (void)event;
    for (int i = 1; i < h->message->n_params; i++) {
        support_take(&m->support, heard_param(h, i));
    }
    m->resume.limit = m->support.history_limit;
    m->resume.is_by_time = m->support.history_by_time;
}

static void heard_error(struct model *m, const struct heard *h, struct event *event)
{
    (void)event;
    if (m->state != MODEL_LEFT) { /* to our QUIT it is the usual answer */
        model_refuse(m, heard_last(h));
    }
}

/* Where nc and telnet go, everything that we send to be let in is said to the room. */
static void heard_netcat(struct model *m, const struct heard *h, struct event *event)
{
    (void)h;
    (void)event;
    if (m->state == MODEL_REGISTERING) {
        model_refuse(m,
                     TEXT("this port is for nc and telnet; IRC has one of its own, mostly 6667"));
    }
}

/* FAIL <command> <code> [context]... :<words> (IRCv3 standard-replies) */
static void heard_failure(struct model *m, const struct heard *h, struct event *event)
{
    event->kind = EVENT_ERROR;
    event->text = heard_last(h);
    m->has_refused = true;
}

/* WARN and NOTE, as above. */
static void heard_remark(struct model *m, const struct heard *h, struct event *event)
{
    (void)m;
    event->kind = EVENT_INFO;
    event->text = heard_last(h);
}

static void heard_nothing(struct model *m, const struct heard *h, struct event *event)
{
    (void)m;
    (void)h;
    (void)event;
}

static const struct heard_row heard_rows[] = {
    { { "PING", 4 }, 1, heard_ping },       { { "PONG", 4 }, 1, heard_pong },
    { { "PRIVMSG", 7 }, 2, heard_message }, { { "NOTICE", 6 }, 2, heard_message },
    { { "JOIN", 4 }, 1, heard_join },       { { "PART", 4 }, 1, heard_leave },
    { { "QUIT", 4 }, 0, heard_quit },       { { "KICK", 4 }, 2, heard_kick },
    { { "NICK", 4 }, 1, heard_nick },       { { "TOPIC", 5 }, 2, heard_topic },
    { { "INVITE", 6 }, 2, heard_invite },   { { "MODE", 4 }, 2, heard_mode },
    { { "ERROR", 5 }, 0, heard_error },     { { "322", 3 }, 3, heard_listed },
    { { "331", 3 }, 2, heard_topic_none },  { { "332", 3 }, 3, heard_topic_told },
    { { "353", 3 }, 4, heard_names },       { { "005", 3 }, 0, heard_support },
    { { "TAGMSG", 6 }, 0, heard_nothing },  { { "BATCH", 5 }, 0, heard_nothing },
    { { "FAIL", 4 }, 3, heard_failure },    { { "AWAY", 4 }, 0, heard_away },
    { { "WARN", 4 }, 3, heard_remark },     { { "NOTE", 4 }, 3, heard_remark },
    { { "--", 2 }, 2, heard_netcat },       { { "CHGHOST", 7 }, 0, heard_nothing },
    { { "SETNAME", 7 }, 0, heard_nothing },
};

/* Server's numbers, sizes and end marks, which a person need not read. */
static const char *const heard_hidden[] = {
    "002", "003", "004", "042", "250", "251", "252", "253", "254", "255", "265",
    "266", "318", "321", "323", "329", "333", "366", "375", "376", "396", "422",
};

static bool heard_is_hidden(struct text command)
{
    for (size_t i = 0; i < ARRAY_SIZE(heard_hidden); i++) {
        if (text_equal(command, text_of(heard_hidden[i]))) {
            return true;
        }
    }
    return false;
}

/* Any other message: a number from 400 on is somebody's mistake; the first parameter is our nick.
 */
static void heard_other(struct model *m, const struct heard *h, struct event *event)
{
    struct buf b = buf_over(m->scratch, sizeof(m->scratch));
    struct text command = h->message->command;
    uint64_t number;
    bool is_number = text_number(command, 999, &number);
    bool is_mistake = is_number && number >= 400 && number < 600;

    if (heard_is_hidden(command)) {
        return;
    }
    if (is_mistake) {
        heard_put_mistake(h, &b);
    } else if (!answers_put(h->message, &b)) {
        buf_text_put(&b, is_number ? TEXT_NONE : command);
        buf_text_put(&b, is_number ? TEXT_NONE : TEXT(" "));
        heard_put_params(h, is_number ? 1 : 0, &b);
    }
    event->kind = is_mistake ? EVENT_ERROR : EVENT_INFO;
    event->text = buf_text(&b);
    if (is_number && irc_is_room(heard_param(h, 1))) {
        event->room = heard_param(h, 1);
    }
    m->has_refused |= event->kind == EVENT_ERROR;
}

void heard_dispatch(struct model *m, const struct heard *h, struct event *event)
{
    for (size_t i = 0; i < ARRAY_SIZE(heard_rows); i++) {
        const struct heard_row *row = &heard_rows[i];

        if (text_equal_nocase(h->message->command, row->command)) {
            (h->message->n_params < row->n_needed ? heard_nothing : row->handle)(m, h, event);
            return;
        }
    }
    heard_other(m, h, event);
}
