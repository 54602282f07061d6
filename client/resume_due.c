/* SPDX-License-Identifier: MIT */
/* What there is to show when a conversation has been asked about. A part of resume. Owns the words
 * around what was missed, and that nothing is shown twice. */
#include "resume_inside.h"

static void resume_put_due(struct resume *r, enum resume_due what, struct text line)
{
    const char letter = (char)what;

    bytes_put(&r->due, (struct text){ .at = &letter, .len = 1 });
    bytes_put(&r->due, line);
    bytes_put(&r->due, TEXT("\n"));
}

void resume_put_words(struct resume *r, const struct place *place, struct text words)
{
    char bytes[PLACES_NAME_MAX + 128];
    struct buf line = buf_over(bytes, sizeof(bytes));

    buf_format(&line, "%.*s %.*s", TEXT_ARG(place_name(place)), TEXT_ARG(words));
    resume_put_due(r, RESUME_WORDS, buf_text(&line));
}

static unsigned resume_n_messages(const struct resume *r)
{
    unsigned n = 0;

    for (size_t i = 0; i < r->n_pages; i++) {
        n += r->pages[i].n;
    }
    return n;
}

static void resume_put_missed(const struct resume *r, unsigned n, struct buf *out)
{
    bool is_cut = r->n_pages == RESUME_PAGES && !r->has_anchor && r->pages[RESUME_PAGES - 1].n > 0;
    bool is_gone = r->place->newest.id_len > 0 && !r->has_anchor && !is_cut;

    if (is_cut) {
        buf_format(out, "more than %u messages you missed; the last %u:", n, n);
    } else if (is_gone && n == 0) {
        buf_text_put(out, TEXT("if anything was said meanwhile, it is gone"));
    } else if (n > 0) {
        buf_format(out, "%s%u message%s you missed:", is_gone ? "some messages are gone; " : "", n,
                   n == 1 ? "" : "s");
    }
}

static void resume_put_header(struct resume *r)
{
    char bytes[128];
    struct buf words = buf_over(bytes, sizeof(bytes));
    unsigned n = resume_n_messages(r);

    switch (r->place->wish) {
    case PLACES_NOTHING: return;
    case PLACES_MISSED: resume_put_missed(r, n, &words); break;
    case PLACES_LAST:
        if (n > 0) {
            buf_format(&words, n == 1 ? "the last message:" : "the last %u messages:", n);
        }
        break;
    case PLACES_EARLIER:
        if (n == 0) {
            buf_text_put(&words, TEXT("nothing that was said earlier is known"));
        } else {
            buf_format(&words, "%u earlier message%s:", n, n == 1 ? "" : "s");
        }
        break;
    }
    if (words.len > 0) {
        resume_put_words(r, r->place, buf_text(&words));
    }
}

void resume_put_pages(struct resume *r)
{
    enum resume_due what = r->place->wish == PLACES_MISSED ? RESUME_NEW : RESUME_PAST;

    for (size_t i = r->n_pages; i > 0; i--) {
        struct text rest = bytes_text(&r->pages[i - 1].lines);

        while (rest.len > 0) {
            resume_put_due(r, what, text_cut(&rest, '\n'));
        }
    }
}

static bool resume_has_id(struct text line, const struct places_mark *mark)
{
    struct irc_message message;
    struct places_mark other;

    if (irc_parse(line, &message) != 0) {
        return false;
    }
    other = places_mark_of(message.tags);
    return mark->id_len > 0 && text_equal(places_mark_id(&other), places_mark_id(mark));
}

/* What was said between our JOIN and our question comes twice: by itself, and in the answer. */
static bool resume_is_in_answer(const struct resume *r, struct text line)
{
    struct text rest = r->n_pages == 0 ? TEXT_NONE : bytes_text(&r->pages[0].lines);
    struct irc_message message;
    struct places_mark mark;

    if (irc_parse(line, &message) != 0) {
        return false;
    }
    mark = places_mark_of(message.tags);
    while (rest.len > 0) {
        if (resume_has_id(text_cut(&rest, '\n'), &mark)) {
            return true;
        }
    }
    return false;
}

void resume_release(struct resume *r, struct place *place, bool has_answer)
{
    struct text rest = bytes_text(&place->held);
    unsigned n = 0;

    while (rest.len > 0) {
        struct text line = text_cut(&rest, '\n');

        /* what came once the answer had begun cannot be in it: this looks far enough */
        if (!has_answer || n++ >= RESUME_PAGE || !resume_is_in_answer(r, line)) {
            resume_put_due(r, RESUME_NEW, line);
        }
    }
    r->n_held -= bytes_text(&place->held).len;
    bytes_fini(&place->held);
    place->wish = PLACES_NOTHING;
}

void resume_finish(struct resume *r)
{
    resume_put_header(r);
    resume_put_pages(r);
    resume_release(r, r->place, true);
    resume_drop_pages(r);
    r->place = NULL;
}

enum resume_due resume_next(struct resume *r, struct text *out_line)
{
    struct text rest;
    enum resume_due what;

    bytes_drop(&r->due, r->n_due_taken);
    r->n_due_taken = 0;
    rest = bytes_text(&r->due);
    if (rest.len == 0) {
        bytes_fini(&r->due);
        return RESUME_NO_MORE;
    }
    what = (enum resume_due)rest.at[0];
    *out_line = text_cut(&rest, '\n');
    *out_line = (struct text){ .at = out_line->at + 1, .len = out_line->len - 1 };
    r->n_due_taken = bytes_text(&r->due).len - rest.len;
    return what;
}
