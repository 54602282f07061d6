/* SPDX-License-Identifier: MIT */
/* What was said at another time. An answer to SEARCH comes as a batch of messages that look like
 * new ones; each becomes a line of information that says when and where it was said. */
#include "found.h"

#include "registration.h"

#include "lib/timestamp.h"
#include "lib/utf8.h"

#include <string.h>

enum { FOUND_TIMES_SIZE = 80 };

/* "2026-11-22T09:51:43.000Z" (IRCv3 server-time); anything else is not a time. */
time_t found_time(struct text tags, time_t now)
{
    char bytes[32];
    struct buf value = buf_over(bytes, sizeof(bytes));
    uint64_t ms;

    return irc_tag(tags, TEXT("time"), &value) && timestamp_read(buf_text(&value), &ms)
               ? (time_t)(ms / 1000)
               : now;
}

/* ---- asking ---- */

/* A value of a tag (IRCv3 message-tags). */
static void found_put_value(struct buf *out, struct text value)
{
    for (size_t i = 0; i < value.len; i++) {
        switch (value.at[i]) {
        case ';': buf_text_put(out, TEXT("\\:")); break;
        case '\\': buf_text_put(out, TEXT("\\\\")); break;
        default: buf_char(out, value.at[i]);
        }
    }
}

/* What a question is made of. */
struct found_question {
    struct text who, room;
    uint64_t since_ms, before_ms; /* 0: not given */
};

/* As /search understands it on the daemon's line front end. False: it is not a time. */
static bool found_take_word(struct text word, time_t now, struct found_question *out,
                            struct buf *words)
{
    uint64_t now_ms = (uint64_t)now * 1000;

    if (text_cut_prefix(&word, TEXT("from:"))) {
        out->who = word;
    } else if (text_cut_prefix(&word, TEXT("since:"))) {
        return timestamp_read_typed(word, now_ms, &out->since_ms);
    } else if (text_cut_prefix(&word, TEXT("before:"))) {
        return timestamp_read_typed(word, now_ms, &out->before_ms);
    } else if (irc_is_room(word)) {
        out->room = word;
    } else {
        buf_text_put(words, words->len > 0 ? TEXT("\\s") : TEXT_NONE);
        found_put_value(words, word);
    }
    return true;
}

static void found_put_time(struct buf *out, const char *key, uint64_t ms)
{
    if (ms > 0) {
        buf_text_put(out, text_of(key));
        timestamp_put(ms, out);
    }
}

int found_ask(struct model *m, struct text rest, time_t now)
{
    struct buf words = buf_over(m->scratch, sizeof(m->scratch));
    struct found_question question = { .since_ms = 0 };
    char bytes[FOUND_TIMES_SIZE];
    struct buf times = buf_over(bytes, sizeof(bytes));
    struct text word;

    if (!registration_has_search(m)) {
        return FOUND_UNSUPPORTED;
    }
    while ((word = text_cut_word(&rest)).len > 0) {
        if (!found_take_word(word, now, &question, &words)) {
            return FOUND_NOT_A_TIME;
        }
    }
    found_put_time(&times, ";after=", question.since_ms);
    found_put_time(&times, ";before=", question.before_ms);
    model_send(m, "SEARCH text=%.*s;from=%.*s;in=%.*s%.*s", TEXT_ARG(buf_text(&words)),
               TEXT_ARG(question.who), TEXT_ARG(question.room), TEXT_ARG(buf_text(&times)));
    return 0;
}

/* ---- hearing ---- */

static struct text found_ref(const struct model *m)
{
    return (struct text){ .at = m->found_ref.at, .len = m->found_ref.len };
}

/* BATCH +REF soju.im/search, and BATCH -REF. */
bool found_batch(struct model *m, const struct irc_message *message, struct event *event)
{
    struct text type = message->n_params > 1 ? message->params[1] : TEXT_NONE;
    struct text ref = TEXT_NONE;
    char sign = irc_batch_sign(message, &ref);

    if (sign == '+' && text_equal(type, TEXT("soju.im/search")) && ref.len <= MODEL_NAME_MAX) {
        model_name_set(&m->found_ref, ref);
        m->n_found = 0;
    } else if (sign == '-' && text_equal(ref, found_ref(m))) {
        event->kind = EVENT_INFO;
        event->room = model_room(m);
        event->text = m->n_found == 0 ? TEXT("nothing was found") : TEXT("that was what was found");
        m->found_ref.len = 0;
    }
    return sign != '\0';
}

bool found_has(const struct model *m, struct text tags)
{
    return irc_is_in_batch(tags, found_ref(m));
}

void found_show(struct model *m, struct text tags, time_t now, struct event *event)
{
    struct buf b = buf_over(m->scratch, sizeof(m->scratch));
    struct text where = event->room.len > 0 ? event->room : event->whom;
    bool is_action = event->kind == EVENT_ACTION;
    char when[32] = "";
    struct tm tm;

    if (!found_has(m, tags) || !event_is_talk(event)) {
        return;
    }
    if (localtime_r(&event->at, &tm) != NULL) {
        (void)strftime(when, sizeof(when), "%Y-%m-%d %H:%M", &tm);
    }
    buf_format(&b, "%s %.*s ", when, TEXT_ARG(where));
    buf_format(&b, is_action ? "* %.*s %.*s" : "<%.*s> %.*s", TEXT_ARG(event->who),
               (int)utf8_fit(event->text, buf_space(&b) - MODEL_NAME_MAX), event->text.at);
    m->n_found++;
    *event = (struct event){
        .kind = EVENT_INFO, .at = now, .room = model_room(m), .text = buf_text(&b)
    };
}
