/* SPDX-License-Identifier: MIT */
/* SASL PLAIN. Owns how far it has come; the credentials are the caller's, and what is made of them
 * here is wiped when it is queued. */
#include "sasl.h"

#include "base64.h"
#include "credentials.h"

#include <string.h>

enum sasl_step {
    SASL_NOT_OFFERED,
    SASL_OFFERED,
    SASL_OTHERS_OFFERED, /* mechanisms, of which none is PLAIN */
    SASL_ASKED,
    SASL_SENT,
    SASL_DONE
};

enum { SASL_PLAIN_MAX = 2 * CREDENTIALS_ACCOUNT_MAX + 2 + CREDENTIALS_PASSWORD_MAX };

static bool sasl_is_wanted(const struct model *m)
{
    return m->config.credentials != NULL && m->state == MODEL_REGISTERING;
}

static void sasl_refuse(struct model *m, struct text why)
{
    char bytes[sizeof(m->refusal)];
    struct buf b = buf_over(bytes, sizeof(bytes));

    buf_format(&b, "not logged in as %s: ", m->config.credentials->account);
    buf_put(&b, why.at, size_min(why.len, buf_space(&b)));
    model_refuse(m, buf_text(&b));
}

void sasl_note(struct model *m, struct text name, struct text value)
{
    if (!text_equal(name, TEXT("sasl")) || m->sasl > SASL_OTHERS_OFFERED) {
        return; /* or it has begun, and is not begun anew */
    }
    m->sasl = value.len == 0 ? SASL_OFFERED : SASL_OTHERS_OFFERED;
    while (value.len > 0) {
        if (text_equal_nocase(text_cut(&value, ','), TEXT("PLAIN"))) {
            m->sasl = SASL_OFFERED;
        }
    }
}

void sasl_request(struct model *m, struct buf *names)
{
    if (!sasl_is_wanted(m) || (m->sasl != SASL_OFFERED && sasl_is_missing(m))) {
        return;
    }
    buf_text_put(names, names->len > 0 ? TEXT(" ") : TEXT_NONE);
    buf_text_put(names, TEXT("sasl"));
}

bool sasl_begin(struct model *m, struct text capabilities)
{
    struct text word = text_cut_word(&capabilities);

    while (word.len > 0 && !text_equal(word, TEXT("sasl"))) {
        word = text_cut_word(&capabilities);
    }
    if (word.len == 0 || !sasl_is_wanted(m) || m->sasl != SASL_OFFERED) {
        return false;
    }
    m->sasl = SASL_ASKED;
    model_send(m, "AUTHENTICATE PLAIN");
    return true;
}

bool sasl_goes_on(const struct model *m)
{
    return m->sasl == SASL_ASKED || m->sasl == SASL_SENT;
}

/* Why somebody is not logged in when he should be. */
static struct text sasl_what_is_missing(enum sasl_step step)
{
    switch (step) {
    case SASL_NOT_OFFERED: return TEXT("the server has no accounts (SASL)");
    case SASL_OTHERS_OFFERED: return TEXT("the server takes no passwords (SASL PLAIN)");
    case SASL_OFFERED:
    case SASL_ASKED:
    case SASL_SENT:
    case SASL_DONE: break;
    }
    return TEXT("the server went on without it");
}

bool sasl_is_missing(struct model *m)
{
    if (!sasl_is_wanted(m) || m->sasl == SASL_DONE) {
        return false;
    }
    sasl_refuse(m, sasl_what_is_missing((enum sasl_step)m->sasl));
    return true;
}

/* In pieces; one that is not full is the last, if need be an empty one. */
static void sasl_put_chunks(struct model *m, struct text encoded)
{
    size_t n;

    do {
        n = size_min(encoded.len, SASL_CHUNK_MAX);
        bytes_put(&m->out, TEXT("AUTHENTICATE "));
        bytes_put(&m->out, n > 0 ? (struct text){ .at = encoded.at, .len = n } : TEXT("+"));
        bytes_put(&m->out, TEXT("\r\n"));
        encoded = (struct text){ .at = encoded.at + n, .len = encoded.len - n };
    } while (n == SASL_CHUNK_MAX);
}

static void sasl_send(struct model *m)
{
    const struct credentials *c = m->config.credentials;
    char plain_bytes[SASL_PLAIN_MAX], encoded_bytes[BASE64_SIZE(SASL_PLAIN_MAX)];
    struct buf plain = buf_over(plain_bytes, sizeof(plain_bytes));
    struct buf encoded = buf_over(encoded_bytes, sizeof(encoded_bytes));

    for (int i = 0; i < 2; i++) { /* who acts, and whose password it is: the same */
        buf_text_put(&plain, text_of(c->account));
        buf_char(&plain, '\0');
    }
    buf_put(&plain, c->password, c->password_len);
    base64_put(buf_text(&plain), &encoded);
    sasl_put_chunks(m, buf_text(&encoded));
    explicit_bzero(plain_bytes, sizeof(plain_bytes));
    explicit_bzero(encoded_bytes, sizeof(encoded_bytes));
}

static struct text sasl_last(const struct irc_message *message)
{
    return message->params[message->n_params - 1];
}

static void sasl_challenge(struct model *m, const struct irc_message *message, struct event *event)
{
    (void)event;
    if (m->sasl != SASL_ASKED) {
        return; /* what was asked for is said already; never twice */
    }
    if (!text_equal(message->params[0], TEXT("+"))) {
        sasl_refuse(m, TEXT("the server wants something that PLAIN does not have"));
        return;
    }
    m->sasl = SASL_SENT;
    sasl_send(m);
}

static void sasl_logged_in(struct model *m, const struct irc_message *message, struct event *event)
{
    (void)m;
    event->kind = EVENT_INFO;
    event->text = sasl_last(message);
}

static void sasl_succeed(struct model *m, const struct irc_message *message, struct event *event)
{
    (void)message;
    (void)event;
    if (m->sasl != SASL_SENT) {
        return;
    }
    m->sasl = SASL_DONE;
    if (!m->config.credentials->is_kept) {
        credentials_wipe(m->config.credentials);
    }
    model_send(m, "CAP END");
}

static void sasl_fail(struct model *m, const struct irc_message *message, struct event *event)
{
    (void)event;
    sasl_refuse(m, sasl_last(message));
}

static void sasl_mechanisms(struct model *m, const struct irc_message *message, struct event *event)
{
    (void)message;
    (void)event;
    sasl_refuse(m, sasl_what_is_missing(SASL_OTHERS_OFFERED));
}

static const struct {
    struct text command;
    int n_needed;
    void (*handle)(struct model *, const struct irc_message *, struct event *);
} sasl_rows[] = {
    { { "AUTHENTICATE", 12 }, 1, sasl_challenge },
    { { "900", 3 }, 1, sasl_logged_in },
    { { "902", 3 }, 1, sasl_fail }, /* a nick that is locked */
    { { "903", 3 }, 1, sasl_succeed },
    { { "904", 3 }, 1, sasl_fail },
    { { "905", 3 }, 1, sasl_fail },    /* too long */
    { { "906", 3 }, 1, sasl_fail },    /* aborted */
    { { "907", 3 }, 1, sasl_succeed }, /* logged in already */
    { { "908", 3 }, 1, sasl_mechanisms },
};

bool sasl_take(struct model *m, const struct irc_message *message, struct event *event)
{
    for (size_t i = 0; sasl_is_wanted(m) && i < ARRAY_SIZE(sasl_rows); i++) {
        if (text_equal_nocase(message->command, sasl_rows[i].command) &&
            message->n_params >= sasl_rows[i].n_needed) {
            sasl_rows[i].handle(m, message, event);
            return true;
        }
    }
    return false;
}
