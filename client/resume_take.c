/* SPDX-License-Identifier: MIT */
/* What the server answers, and what it says meanwhile. A part of resume. Nothing that a server
 * sends in history can do more than be shown: of its lines only messages are kept. */
#include "resume_inside.h"

#include <string.h>

static bool resume_wants_more(const struct resume *r)
{
    const struct resume_page *page = &r->pages[r->n_pages - 1];

    return r->place->wish == PLACES_MISSED && !r->has_anchor && page->n > 0 &&
           r->n_pages < RESUME_PAGES && (page->n >= r->n_asked || r->place->newest.id_len > 0);
}

static void resume_end_batch(struct resume *r)
{
    bool is_page = r->asking == RESUME_PLACE && !r->is_unasked;

    r->ref_len = 0;
    if (r->is_unasked) {
        return;
    }
    r->asking = RESUME_IDLE;
    if (is_page && !resume_wants_more(r)) {
        resume_finish(r);
    }
}

static struct text resume_param(const struct irc_message *message, int i)
{
    return i < message->n_params ? message->params[i] : TEXT_NONE;
}

static struct text resume_ref(const struct resume *r)
{
    return (struct text){ .at = r->ref, .len = r->ref_len };
}

/* "BATCH +REF chathistory #room", "BATCH +REF draft/chathistory-targets" */
static bool resume_begin_batch(struct resume *r, const struct irc_message *message, struct text ref)
{
    struct text type = resume_param(message, 1);
    bool is_history = text_equal(type, TEXT("chathistory"));
    bool is_targets = text_equal(type, TEXT("draft/chathistory-targets"));

    if (!(is_history || is_targets) || (r->ref_len > 0 && !r->is_unasked) ||
        ref.len > RESUME_REF_MAX) {
        return false;
    }
    memcpy(r->ref, ref.at, ref.len);
    r->ref_len = ref.len;
    r->is_unasked = is_history
                        ? r->asking != RESUME_PLACE ||
                              !text_equal_nocase(resume_param(message, 2), place_name(r->place))
                        : r->asking != RESUME_TARGETS;
    if (is_history && !r->is_unasked) {
        r->n_pages++;
    }
    return true;
}

static bool resume_take_batch(struct resume *r, const struct irc_message *message)
{
    struct text ref = TEXT_NONE;

    switch (irc_batch_sign(message, &ref)) {
    case '+': return resume_begin_batch(r, message, ref);
    case '-':
        if (r->ref_len > 0 && text_equal(ref, resume_ref(r))) {
            resume_end_batch(r);
            return true;
        }
        return false;
    default: return false;
    }
}

bool resume_is_past(const struct resume *r, struct text tags)
{
    return r->is_unasked && irc_is_in_batch(tags, resume_ref(r));
}

static bool resume_is_message(const struct irc_message *message)
{
    return message->n_params >= 2 && (text_equal_nocase(message->command, TEXT("PRIVMSG")) ||
                                      text_equal_nocase(message->command, TEXT("NOTICE")));
}

/* Up to the last message that was shown, all have been. */
static void resume_take_message(struct resume *r, struct text line,
                                const struct irc_message *message)
{
    struct resume_page *page = &r->pages[r->n_pages - 1];
    const struct places_mark *newest = &r->place->newest;
    struct places_mark mark = places_mark_of(message->tags);

    if (!resume_is_message(message) || bytes_text(&page->lines).len + line.len > RESUME_BYTES_MAX) {
        return;
    }
    if (r->place->wish == PLACES_MISSED && newest->id_len > 0 &&
        text_equal(places_mark_id(&mark), places_mark_id(newest))) {
        bytes_fini(&page->lines);
        page->n = 0;
        r->has_anchor = true;
        return;
    }
    page->first = page->n == 0 ? mark : page->first;
    page->n++;
    bytes_put(&page->lines, line);
    bytes_put(&page->lines, TEXT("\n"));
}

/* CHATHISTORY TARGETS <name> <time of its newest message> */
static void resume_take_target(struct resume *r, const struct irc_message *message)
{
    struct text name = resume_param(message, 1);
    struct place *place;

    if (!text_equal_nocase(message->command, TEXT("CHATHISTORY")) || irc_is_room(name)) {
        return;
    }
    place = places_open(&r->places, name);
    if (place != NULL && place->wish == PLACES_NOTHING) {
        place->newest.ms = place->newest.ms > 0 ? place->newest.ms : r->lost_ms;
        place->wish = PLACES_MISSED;
    }
}

static bool resume_take_failure(struct resume *r, const struct irc_message *message)
{
    if (r->asking == RESUME_IDLE || !text_equal_nocase(message->command, TEXT("FAIL")) ||
        !text_equal_nocase(resume_param(message, 0), TEXT("CHATHISTORY"))) {
        return false;
    }
    resume_disown_batch(r);
    if (r->asking == RESUME_PLACE) {
        if (r->place->wish != PLACES_LAST) {
            resume_put_words(r, r->place, TEXT("the server does not tell what was said here"));
        }
        resume_release(r, r->place, false);
        resume_drop_pages(r);
        r->place = NULL;
    }
    r->asking = RESUME_IDLE;
    return true;
}

/* With whom it was said, or where; empty: neither. */
static struct text resume_where(const struct irc_message *message, struct text me)
{
    struct text target = resume_param(message, 0), who = irc_source_nick(message->source);

    if (irc_is_room(target)) {
        return target;
    }
    if (text_equal_nocase(who, me)) {
        return target;
    }
    return text_equal_nocase(target, me) ? who : TEXT_NONE;
}

/* Not what comes in a batch: that is no news, but an answer to something else. */
static bool resume_hold(struct resume *r, struct text line, const struct irc_message *message,
                        struct text me)
{
    struct place *place = places_find(&r->places, resume_where(message, me));
    struct text ref;

    if (place == NULL || place->wish == PLACES_NOTHING || place->wish == PLACES_EARLIER ||
        !resume_is_message(message) || irc_tag_raw(message->tags, TEXT("batch"), &ref)) {
        return false;
    }
    bytes_put(&place->held, line);
    bytes_put(&place->held, TEXT("\n"));
    r->n_held += line.len + 1;
    if (r->n_held > RESUME_HELD_MAX) {
        resume_give_up(r);
    }
    return true;
}

bool resume_take(struct resume *r, struct text line, const struct irc_message *message,
                 struct text me)
{
    if (resume_take_batch(r, message)) {
        return true;
    }
    if (irc_is_in_batch(message->tags, resume_ref(r)) && !r->is_unasked) {
        if (r->asking == RESUME_PLACE) {
            resume_take_message(r, line, message);
        } else {
            resume_take_target(r, message);
        }
        return true;
    }
    return resume_take_failure(r, message) || resume_hold(r, line, message, me);
}

/* Rooms are known since we entered them; of people, those who have talked with us. Servers have
 * names with dots. */
void resume_shown(struct resume *r, const struct irc_message *message, struct text me)
{
    struct places_mark mark = places_mark_of(message->tags);
    struct text where = resume_where(message, me);
    struct place *place = places_find(&r->places, where);

    if (place == NULL && mark.id_len > 0 && text_find(where, '.') == where.len) {
        place = places_open(&r->places, where);
    }
    if (place != NULL) {
        place_heard(place, &mark);
    }
    r->heard_ms = mark.ms > r->heard_ms ? mark.ms : r->heard_ms;
}
