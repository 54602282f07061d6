/* SPDX-License-Identifier: MIT */
/* What was said while we were not there. Owns the questions and their order, and what is made of
 * the answers. A question begins a millisecond before the last message that was shown: if that one
 * comes once more, nothing between is missing. */
#include "resume_inside.h"

#include "lib/timestamp.h"

enum { RESUME_DAY_MS = 24 * 3600 * 1000 };

/* ---- life ---- */

void resume_drop_pages(struct resume *r)
{
    for (size_t i = 0; i < RESUME_PAGES; i++) {
        bytes_fini(&r->pages[i].lines);
        r->pages[i] = (struct resume_page){ .n = 0 };
    }
    r->n_pages = 0;
    r->has_anchor = false;
}

void resume_disown_batch(struct resume *r)
{
    r->is_unasked = true;
}

void resume_fini(struct resume *r)
{
    resume_drop_pages(r);
    places_fini(&r->places);
    bytes_fini(&r->due);
}

/* What waited was not shown, so it is missed like all that follows. */
void resume_restart(struct resume *r)
{
    resume_drop_pages(r);
    for (size_t i = 0; i < PLACES_MAX; i++) {
        r->places.rows[i].wish = PLACES_NOTHING;
        bytes_fini(&r->places.rows[i].held);
    }
    if (!r->is_behind) {
        r->lost_ms = r->heard_ms;
    }
    r->is_behind = r->lost_ms > 0;
    r->n_held = 0;
    r->wants_targets = false;
    r->is_let_in = false;
    r->asking = RESUME_IDLE;
    r->place = NULL;
    r->ref_len = 0;
    r->limit = 0;
    r->is_by_time = false;
}

/* ---- wishes ---- */

void resume_entered(struct resume *r, struct text room, struct text tags, unsigned n)
{
    struct place *place = places_open(&r->places, room);
    struct places_mark joined = places_mark_of(tags);

    if (place == NULL || place->wish != PLACES_NOTHING) {
        return;
    }
    if (places_mark_is_known(&place->newest)) {
        place->wish = PLACES_MISSED;
    } else {
        place->newest = (struct places_mark){ .ms = joined.ms };
        place->n_wished = n;
        place->wish = n > 0 ? PLACES_LAST : PLACES_NOTHING;
    }
    r->heard_ms = joined.ms > r->heard_ms ? joined.ms : r->heard_ms;
}

void resume_let_in(struct resume *r)
{
    r->is_let_in = true;
    r->wants_targets = r->lost_ms > 0;
}

bool resume_earlier(struct resume *r, struct text name, unsigned n)
{
    struct place *place = places_open(&r->places, name);

    if (place != NULL && place->wish == PLACES_NOTHING) {
        place->wish = PLACES_EARLIER;
        place->n_wished = n;
    }
    return place != NULL;
}

/* ---- asking ---- */

static unsigned resume_page_size(const struct resume *r, unsigned n_wanted)
{
    unsigned n = n_wanted < RESUME_PAGE ? n_wanted : RESUME_PAGE;

    return r->limit > 0 && r->limit < n ? r->limit : n;
}

static void resume_put_time(uint64_t ms, struct buf *out)
{
    buf_text_put(out, TEXT("timestamp="));
    timestamp_put(ms, out);
}

/* The id, if there is one, since several messages may have one time. */
static void resume_put_mark(const struct resume *r, const struct places_mark *mark, struct buf *out)
{
    if (mark->id_len > 0 && !(r->is_by_time && mark->ms > 0)) {
        buf_text_put(out, TEXT("msgid="));
        buf_text_put(out, places_mark_id(mark));
    } else {
        resume_put_time(mark->ms, out);
    }
}

/* Behind which to look: the last message shown shall be in the answer, if it can be known again. */
static void resume_put_anchor(const struct resume *r, const struct places_mark *mark,
                              struct buf *out)
{
    if (mark->ms > 0) {
        resume_put_time(mark->ms - (mark->id_len > 0 ? 1 : 0), out);
    } else {
        resume_put_mark(r, mark, out);
    }
}

static void resume_put_question(const struct resume *r, struct buf *out)
{
    const struct place *place = r->place;
    const struct resume_page *last = r->n_pages > 0 ? &r->pages[r->n_pages - 1] : NULL;
    struct text name = place_name(place);

    if (place->wish == PLACES_MISSED && last != NULL) {
        buf_format(out, "CHATHISTORY BETWEEN %.*s ", TEXT_ARG(name));
        resume_put_mark(r, &last->first, out);
        buf_char(out, ' ');
        resume_put_anchor(r, &place->newest, out);
    } else if (place->wish == PLACES_MISSED) {
        buf_format(out, "CHATHISTORY LATEST %.*s ", TEXT_ARG(name));
        resume_put_anchor(r, &place->newest, out);
    } else if (place->wish == PLACES_EARLIER && places_mark_is_known(&place->oldest)) {
        buf_format(out, "CHATHISTORY BEFORE %.*s ", TEXT_ARG(name));
        resume_put_mark(r, &place->oldest, out);
    } else {
        buf_format(out, "CHATHISTORY LATEST %.*s *", TEXT_ARG(name));
    }
    buf_format(out, " %u", r->n_asked);
}

static void resume_put_targets(struct resume *r, time_t now, struct buf *out)
{
    buf_text_put(out, TEXT("CHATHISTORY TARGETS "));
    resume_put_time(r->lost_ms, out);
    buf_char(out, ' ');
    resume_put_time((uint64_t)now * 1000 + RESUME_DAY_MS, out); /* clocks differ */
    buf_format(out, " %u", resume_page_size(r, RESUME_PAGE));
    r->wants_targets = false;
    r->asking = RESUME_TARGETS;
}

bool resume_ask(struct resume *r, time_t now, struct buf *out_line)
{
    if (r->asking != RESUME_IDLE) {
        return false;
    }
    r->asked_at = now;
    if (r->place == NULL && r->wants_targets) {
        resume_put_targets(r, now, out_line);
        return true;
    }
    r->place = r->place == NULL ? places_next(&r->places) : r->place;
    if (r->place == NULL) {
        r->is_behind &= !r->is_let_in;
        return false;
    }
    r->n_asked =
        resume_page_size(r, r->place->wish == PLACES_MISSED ? RESUME_PAGE : r->place->n_wished);
    resume_put_question(r, out_line);
    r->asking = RESUME_PLACE;
    return true;
}

/* ---- patience ---- */

bool resume_is_idle(const struct resume *r)
{
    return r->asking == RESUME_IDLE && r->place == NULL && !r->wants_targets &&
           bytes_text(&r->due).len == 0;
}

time_t resume_deadline(const struct resume *r)
{
    return r->asking == RESUME_IDLE ? 0 : r->asked_at + RESUME_PATIENCE_S;
}

/* Whoever does not answer one question is asked no other. */
void resume_give_up(struct resume *r)
{
    if (r->asking == RESUME_PLACE) {
        resume_put_words(r, r->place, TEXT("the server does not answer what was said here"));
        resume_put_pages(r);
    }
    for (size_t i = 0; i < PLACES_MAX; i++) {
        resume_release(r, &r->places.rows[i], false);
    }
    resume_drop_pages(r);
    r->asking = RESUME_IDLE;
    r->place = NULL;
    r->wants_targets = false;
    r->is_let_in = false; /* the next connection is asked for the same once more */
    resume_disown_batch(r);
}
