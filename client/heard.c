/* SPDX-License-Identifier: MIT */
/* What the server says. Owns the order in which a line is looked at: does it wait for an answer, is
 * it of the registration, of a batch, or does its command say it all. */
#include "heard_inside.h"

#include "found.h"
#include "nick_wish.h"
#include "registration.h"

#include <string.h>

/* With echo-message, what one says to oneself comes twice: as an echo, and as it arrives. Both have
 * the same id (IRCv3 message-ids). */
static bool heard_is_second(struct model *m, const struct heard *h)
{
    char bytes[MODEL_ID_SIZE];
    struct buf id = buf_over(bytes, sizeof(bytes));
    struct text command = h->message->command;
    bool is_second;

    if (!h->is_me || !model_is_me(m, heard_param(h, 0)) ||
        !(text_equal_nocase(command, TEXT("PRIVMSG")) ||
          text_equal_nocase(command, TEXT("NOTICE"))) ||
        !irc_tag(h->message->tags, TEXT("msgid"), &id) || id.full) {
        return false;
    }
    is_second = text_equal(buf_text(&id), (struct text){ m->own_id, m->own_id_len });
    memcpy(m->own_id, bytes, id.len);
    m->own_id_len = id.len;
    return is_second;
}

/* An error about somebody or some room that we said something to; with labels it is known. */
static void heard_refusal(struct model *m, const struct heard *h)
{
    bool is_refusal = text_equal(h->message->command, TEXT("404")) ||
                      text_equal(h->message->command, TEXT("401"));

    if (is_refusal && !m->has_labels) {
        model_was_refused(m, heard_param(h, 1));
    }
}

static void heard_handle(struct model *m, struct heard *h, time_t now, struct event *event)
{
    const struct irc_message *message = h->message;
    struct text label;

    h->who = irc_source_nick(message->source);
    h->is_me = model_is_me(m, h->who);
    h->is_other =
        found_has(m, message->tags) || (!h->is_due && resume_is_past(&m->resume, message->tags));
    event->at = found_time(message->tags, now);
    event->is_own = h->is_me;
    if (irc_tag_raw(message->tags, TEXT("label"), &label)) {
        model_was_answered(m, label);
    }
    heard_refusal(m, h);
    if (heard_is_second(m, h) || registration_take(m, message, event) ||
        found_batch(m, message, event)) {
        return;
    }
    heard_dispatch(m, h, event);
    found_show(m, message->tags, now, event);
    if (event_is_talk(event)) {
        event->is_past = resume_is_past(&m->resume, message->tags);
        resume_shown(&m->resume, message, model_nick(m));
    }
}

/* Asks what is next to be asked about what was missed. */
static void heard_ask(struct model *m, time_t now)
{
    char bytes[IRC_LINE_MAX + 1];
    struct buf line = buf_over(bytes, sizeof(bytes));

    if (resume_ask(&m->resume, now, &line)) {
        model_send(m, "%.*s", TEXT_ARG(buf_text(&line)));
    }
}

void heard_line(struct model *m, struct text line, time_t now, struct event *out_event)
{
    struct irc_message message;
    struct heard h = { .message = &message };

    *out_event = (struct event){ .kind = EVENT_NONE };
    if (irc_parse(line, &message) != 0) {
        return;
    }
    if (nick_wish_take(m, &message)) {
        return;
    }
    if (!resume_take(&m->resume, line, &message, model_nick(m))) {
        heard_handle(m, &h, now, out_event);
    }
    heard_ask(m, now);
}

static void heard_due(struct model *m, struct text line, time_t now, struct event *event)
{
    struct irc_message message;
    struct heard h = { .message = &message, .is_due = true };

    if (irc_parse(line, &message) == 0) {
        heard_handle(m, &h, now, event);
    }
}

/* "WHERE TEXT" */
static void heard_words(const struct model *m, struct text line, struct event *event)
{
    event->kind = EVENT_INFO;
    heard_set_room(m, text_cut(&line, ' '), event);
    event->text = line;
}

static void heard_unsaid(struct model *m, struct text whom, struct text text, struct event *event)
{
    struct buf b = buf_over(m->scratch, sizeof(m->scratch));
    bool is_action = irc_cut_action(&text);

    event->kind = EVENT_ERROR;
    heard_set_room(m, whom, event);
    buf_format(&b, "not heard (/again says it again): %s%.*s", is_action ? "/me " : "",
               TEXT_ARG(text));
    event->text = buf_text(&b);
}

bool heard_more(struct model *m, time_t now, struct event *out_event)
{
    struct text line, whom;

    *out_event = (struct event){ .kind = EVENT_NONE, .at = now };
    switch (resume_next(&m->resume, &line)) {
    case RESUME_NO_MORE:
        if (!model_next_unsaid(m, &whom, &line)) {
            return false;
        }
        heard_unsaid(m, whom, line, out_event);
        return true;
    case RESUME_WORDS: heard_words(m, line, out_event); return true;
    case RESUME_NEW: heard_due(m, line, now, out_event); return true;
    case RESUME_PAST:
        heard_due(m, line, now, out_event);
        out_event->is_past = true;
        return true;
    }
    return false;
}
