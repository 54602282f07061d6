/* SPDX-License-Identifier: MIT */
/* The first exchange with a server. Owns the choice of capabilities and of another nick when ours
 * is taken; knows nothing of rooms but that they are joined at its end. A server's refusal ends the
 * model here, never by silence: what is not understood is left to others. */
#include "registration.h"

#include "nick_wish.h"
#include "sasl.h"

#include <string.h>

enum {
    REGISTRATION_NICK_TRIES = 9,
    REGISTRATION_NICK_SHORT = 9, /* bytes every server allows (RFC 2812, 1.2.1) */
};

typedef void (*registration_handler)(struct model *, const struct irc_message *, struct event *);

struct registration_row {
    struct text command;
    registration_handler handle;
};

static struct text registration_last(const struct irc_message *message)
{
    return message->n_params == 0 ? TEXT_NONE : message->params[message->n_params - 1];
}

/* For whom it is of use. */
enum registration_use {
    REGISTRATION_FOR_ALL,
    REGISTRATION_FOR_PEOPLE, /* who saw something before the connection was lost */
    REGISTRATION_FOR_OWN,    /* where the own words are shown */
    REGISTRATION_FOR_STATE,  /* where members are kept */
    REGISTRATION_FOR_PAST,   /* people, and who wants nothing of it: else some is sent unasked */
};

/* What we make use of, if it is offered (ircv3.net/irc). Tags, batches and changed hosts need no
 * more than not to be shown as something else; that is done in heard.c. */
static const struct {
    struct text name;
    enum registration_use use;
} registration_capabilities[] = {
    { { "server-time", 11 }, REGISTRATION_FOR_ALL },
    { { "echo-message", 12 }, REGISTRATION_FOR_OWN },
    { { "message-tags", 12 }, REGISTRATION_FOR_PEOPLE },
    { { "multi-prefix", 12 }, REGISTRATION_FOR_STATE },
    { { "away-notify", 11 }, REGISTRATION_FOR_STATE },
    { { "chghost", 7 }, REGISTRATION_FOR_STATE },
    { { "setname", 7 }, REGISTRATION_FOR_STATE },
    { { "batch", 5 }, REGISTRATION_FOR_ALL },
    { { "soju.im/search", 14 }, REGISTRATION_FOR_ALL },
    { { "labeled-response", 16 }, REGISTRATION_FOR_OWN },
    { { "draft/chathistory", 17 }, REGISTRATION_FOR_PAST },
};

enum { REGISTRATION_SEARCH = 8 };

bool registration_has_search(const struct model *m)
{
    return (m->offered & 1U << REGISTRATION_SEARCH) != 0;
}

static bool registration_is_of_use(const struct model *m, enum registration_use use)
{
    switch (use) {
    case REGISTRATION_FOR_ALL: return true;
    case REGISTRATION_FOR_PEOPLE: return !m->config.is_paced;
    case REGISTRATION_FOR_OWN: return m->config.shows_own;
    case REGISTRATION_FOR_PAST: return !m->config.is_paced || m->config.n_history == 0;
    case REGISTRATION_FOR_STATE: break;
    }
    return m->config.keeps_state;
}

static bool registration_asks_for(const struct model *m, size_t i)
{
    return (m->offered & 1U << i) != 0 &&
           registration_is_of_use(m, registration_capabilities[i].use);
}

static void registration_note_capabilities(struct model *m, struct text list)
{
    struct text word = text_cut_word(&list);

    while (word.len > 0) {
        struct text name = text_cut(&word, '='); /* CAP LS 302 may give a value */

        for (size_t i = 0; i < ARRAY_SIZE(registration_capabilities); i++) {
            bool is_it = text_equal(name, registration_capabilities[i].name);

            m->offered |= is_it ? 1U << i : 0;
        }
        sasl_note(m, name, word);
        word = text_cut_word(&list);
    }
}

static void registration_request(struct model *m)
{
    char bytes[256];
    struct buf b = buf_over(bytes, sizeof(bytes));

    for (size_t i = 0; i < ARRAY_SIZE(registration_capabilities); i++) {
        if (registration_asks_for(m, i)) {
            buf_text_put(&b, b.len > 0 ? TEXT(" ") : TEXT_NONE);
            buf_text_put(&b, registration_capabilities[i].name);
        }
    }
    sasl_request(m, &b);
    if (b.len == 0) {
        model_send(m, "CAP END");
    } else {
        model_send(m, "CAP REQ :%.*s", TEXT_ARG(buf_text(&b)));
    }
}

static bool registration_lists(struct text list, struct text capability)
{
    struct text word = text_cut_word(&list);

    while (word.len > 0 && !text_equal(word, capability)) {
        word = text_cut_word(&list);
    }
    return word.len > 0;
}

/* Those that change what we do. */
static void registration_set(struct model *m, struct text list, bool is_on)
{
    const struct {
        struct text name;
        bool *has;
    } rows[] = {
        { TEXT("echo-message"), &m->has_echo },
        { TEXT("labeled-response"), &m->has_labels },
        { TEXT("draft/chathistory"), &m->has_history },
    };

    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        *rows[i].has = registration_lists(list, rows[i].name) ? is_on : *rows[i].has;
    }
}

static void registration_granted(struct model *m, struct text list, bool has_more)
{
    registration_set(m, list, true);
    if (!sasl_begin(m, list) && !sasl_goes_on(m) && !has_more) {
        model_send(m, "CAP END");
    }
}

/* CAP <nick> <subcommand> [*] :<list>; the '*' says that more follows. */
static void registration_cap(struct model *m, const struct irc_message *message,
                             struct event *event)
{
    struct text list = registration_last(message);
    struct text what = message->n_params < 2 ? TEXT_NONE : message->params[1];
    bool has_more = message->n_params >= 4;

    (void)event;
    if (text_equal_nocase(what, TEXT("LS"))) {
        registration_note_capabilities(m, list);
        if (!has_more) {
            registration_request(m);
        }
    } else if (text_equal_nocase(what, TEXT("ACK"))) {
        registration_granted(m, list, has_more);
    } else if (text_equal_nocase(what, TEXT("NAK"))) {
        model_send(m, "CAP END");
    } else if (text_equal_nocase(what, TEXT("DEL"))) {
        registration_set(m, list, false);
    }
}

/* Only now is it certain what we are called: servers may cut a nick that is too long. */
static void registration_welcome(struct model *m, const struct irc_message *message,
                                 struct event *event)
{
    struct buf b = buf_over(m->scratch, sizeof(m->scratch));

    if (sasl_is_missing(m)) {
        return;
    }
    model_name_set(&m->nick, message->params[0]);
    m->state = MODEL_JOINING;
    for (size_t i = 0; m->n_rejoin == 0 && i < m->config.n_rooms; i++) {
        model_send(m, "JOIN %s", m->config.rooms[i]);
    }
    for (size_t i = 0; i < m->n_rejoin; i++) {
        model_send(m, "JOIN %.*s", (int)m->rejoin[i].len, m->rejoin[i].at);
    }
    model_ping(m);
    buf_format(&b, "you are %.*s", TEXT_ARG(model_nick(m)));
    if (nick_wish_is_awaited(m)) {
        buf_format(&b, " until %.*s is free", (int)m->wish.nick.len, m->wish.nick.at);
    }
    event->kind = EVENT_INFO;
    event->text = buf_text(&b);
}

/* The wish with as many underscores behind it as tries have failed, within the limit. */
static void registration_next_nick(struct model *m)
{
    char bytes[MODEL_NAME_MAX];
    struct buf nick = buf_over(bytes, size_min(m->nick_limit, sizeof(bytes)));
    size_t keep = size_min(m->wish.nick.len, nick.size - m->nick_tries);

    buf_put(&nick, m->wish.nick.at, keep);
    for (unsigned i = 0; i < m->nick_tries; i++) {
        buf_char(&nick, '_');
    }
    model_name_set(&m->nick, buf_text(&nick));
    model_send(m, "NICK %.*s", TEXT_ARG(buf_text(&nick)));
}

static void registration_taken(struct model *m, const struct irc_message *message,
                               struct event *event)
{
    struct model_name old = m->nick;
    struct buf b = buf_over(m->scratch, sizeof(m->scratch));

    if (++m->nick_tries > REGISTRATION_NICK_TRIES - 1) {
        model_refuse(m, registration_last(message));
        return;
    }
    nick_wish_is_taken(m);
    registration_next_nick(m);
    buf_format(&b, "the nickname %.*s is taken, trying %.*s", (int)old.len, old.at,
               TEXT_ARG(model_nick(m)));
    event->kind = EVENT_INFO;
    event->text = buf_text(&b);
}

/* Too long for this server, perhaps: the shortest limit there is gets one try. */
static void registration_bad_nick(struct model *m, const struct irc_message *message,
                                  struct event *event)
{
    struct buf b = buf_over(m->scratch, sizeof(m->scratch));

    if (m->nick.len <= REGISTRATION_NICK_SHORT) {
        model_refuse(m, registration_last(message));
        return;
    }
    m->nick_limit = REGISTRATION_NICK_SHORT;
    registration_next_nick(m);
    if (m->nick_tries == 0) {
        nick_wish_replace(m, model_nick(m));
    }
    buf_format(&b, "the server does not accept this nickname, trying %.*s",
               TEXT_ARG(model_nick(m)));
    event->kind = EVENT_INFO;
    event->text = buf_text(&b);
}

static void registration_refused(struct model *m, const struct irc_message *message,
                                 struct event *event)
{
    (void)event;
    model_refuse(m, registration_last(message));
}

/* Without CAP, or asked too early for its taste: then it simply has none. */
static void registration_ignored(struct model *m, const struct irc_message *message,
                                 struct event *event)
{
    (void)m;
    (void)message;
    (void)event;
}

static const struct registration_row registration_rows[] = {
    { { "001", 3 }, registration_welcome },  { { "421", 3 }, registration_ignored },
    { { "431", 3 }, registration_bad_nick }, { { "432", 3 }, registration_bad_nick },
    { { "433", 3 }, registration_taken },    { { "436", 3 }, registration_taken },
    { { "437", 3 }, registration_taken },    { { "451", 3 }, registration_ignored },
    { { "463", 3 }, registration_refused },  { { "464", 3 }, registration_refused },
    { { "465", 3 }, registration_refused },  { { "466", 3 }, registration_refused },
    { { "484", 3 }, registration_refused },
};

bool registration_take(struct model *m, const struct irc_message *message, struct event *event)
{
    if (text_equal_nocase(message->command, TEXT("CAP"))) {
        registration_cap(m, message, event);
        return true;
    }
    if (m->state != MODEL_REGISTERING || message->n_params == 0) {
        return false;
    }
    if (sasl_take(m, message, event)) {
        return true;
    }
    for (size_t i = 0; i < ARRAY_SIZE(registration_rows); i++) {
        if (text_equal(message->command, registration_rows[i].command)) {
            registration_rows[i].handle(m, message, event);
            return true;
        }
    }
    return false;
}
