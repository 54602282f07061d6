/* SPDX-License-Identifier: MIT */
/* SEARCH: messages that contain some words, in a batch. What narrows it is written like tags. What
 * is found is the oldest from the time `after` on, without one the newest, in the order in which it
 * was said.
 * Source: soju.im/search (its documentation, doc/ext/search.md). */
#include "front/irc.h"

#include "chat/members.h"
#include "chat/names.h"
#include "chat/rooms.h"
#include "front/recall.h"
#include "lib/timestamp.h"
#include "lib/utf8.h"

enum { IRC_SEARCH_REF_SIZE = 16 };

struct irc_searched {
    struct recall_search search;
    char words[QUESTION_WORDS_SIZE], who[NAME_SIZE], in[ROOM_NAME_SIZE];
    char ref[IRC_SEARCH_REF_SIZE]; /* of the batch */
};

static int irc_fail_search(struct reader *reader, const char *code, struct text what,
                           const char *words)
{
    struct text word = text_cut_word(&what);

    if (word.len > 0 && word.at[0] != ':') {
        irc_line(reader, "FAIL SEARCH %s %.*s :%s", code, (int)utf8_fit(word, ROOM_NAME_SIZE),
                 word.at, words);
    } else {
        irc_line(reader, "FAIL SEARCH %s :%s", code, words);
    }
    return FRONT_DONE;
}

/* The value of a key, unescaped; empty: it is not given. False: it is too long. */
static bool irc_search_value(struct text attributes, struct text key, char *space, size_t size,
                             struct text *out)
{
    struct buf value = buf_over(space, size);

    (void)irc_tag(attributes, key, &value);
    *out = buf_text(&value);
    return !value.full;
}

/* Inclusive, so it is one millisecond further out. */
static bool irc_search_time(struct text attributes, struct text key, int further, struct bound *out)
{
    char space[64];
    struct text value;

    if (!irc_search_value(attributes, key, space, sizeof(space), &value)) {
        return false;
    }
    if (value.len == 0) {
        return true;
    }
    out->is_ms = true;
    if (!timestamp_read(value, &out->at)) {
        return false;
    }
    out->at = further < 0 ? out->at - (out->at > 0) : out->at + 1;
    return true;
}

static bool irc_search_limit(struct text attributes, uint32_t *out)
{
    char space[32];
    struct text value;
    uint64_t limit = RECALL_SEARCH_MAX;

    if (!irc_search_value(attributes, TEXT("limit"), space, sizeof(space), &value) ||
        (value.len > 0 && (!text_number(value, UINT32_MAX, &limit) || limit == 0))) {
        return false;
    }
    *out = (uint32_t)u64_min(limit, RECALL_SEARCH_MAX);
    return true;
}

/* A room that the reader is in, or somebody it talks with. */
static bool irc_search_place(const struct reader *reader, struct text in,
                             struct recall_search *search)
{
    const struct hub *hub = reader_hub(reader);

    if (in.len > 0 && in.at[0] == '#') {
        search->room = rooms_find_known(hub, reader->row, in);
        return search->room != 0 && members_find(hub, reader->row, search->room) != 0;
    }
    search->with = in;
    return in.len == 0 || name_is_nick(in);
}

/* NULL, or the attribute that is wrong. */
static const char *irc_read_search(const struct reader *reader, struct text attributes,
                                   struct irc_searched *out)
{
    struct recall_search *search = &out->search;
    struct text in = TEXT_NONE;

    /* a batch has no place for a topic, nor may one use up the limit */
    search->is_said_only = true;
    if (!irc_search_value(attributes, TEXT("text"), out->words, sizeof(out->words) - 1,
                          &search->words)) {
        return "text";
    }
    if (!irc_search_value(attributes, TEXT("from"), out->who, sizeof(out->who) - 1, &search->who)) {
        return "from";
    }
    if (!irc_search_time(attributes, TEXT("after"), -1, &search->from)) {
        return "after";
    }
    search->is_from_oldest = search->from.is_ms;
    if (!irc_search_time(attributes, TEXT("before"), 1, &search->to)) {
        return "before";
    }
    if (!irc_search_limit(attributes, &search->limit)) {
        return "limit";
    }
    return irc_search_value(attributes, TEXT("in"), out->in, sizeof(out->in), &in) &&
                   irc_search_place(reader, in, search)
               ? NULL
               : "in";
}

/* wire.answer: how many were shown; the number of the last one; the first that is too new. */
static void irc_resume_search(const struct reader *reader, struct recall_search *search,
                              uint32_t *n_shown)
{
    const struct wire *wire = reader_wire(reader);

    search->end = reader_hub(reader)->state->header->log.next_number;
    if (wire->in.step > 0) {
        *n_shown = wire->answer.row;
        search->shown = wire->answer.at;
        search->end = wire->answer.until;
        search->limit -= (uint32_t)u64_min(*n_shown, search->limit);
    }
}

/* Behind the batch: a batch of messages has no words for it. */
static void irc_warn_cut(struct reader *reader, const struct recall_search *search)
{
    irc_line(reader,
             "WARN SEARCH NOT_ALL :There is much to look through, and not all of it was; %s=TIME "
             "looks further",
             search->is_from_oldest ? "after" : "before");
}

static int irc_show_found(struct reader *reader, struct irc_searched *searched, uint32_t n_shown)
{
    uint32_t limit = searched->search.limit + n_shown;
    const struct record *record;
    bool fits = true;

    if (reader_wire(reader)->in.step == 0) {
        irc_open_replay(reader, searched->ref, "soju.im/search");
    }
    while (fits && (record = inquiry_next(reader->answer, NULL)) != NULL) {
        fits = irc_put_replayed(reader, searched->ref, record, 0);
        searched->search.shown = fits ? record->number : searched->search.shown;
        n_shown += fits;
    }
    if ((!fits || reader->answer->is_full) && n_shown < limit) {
        output_set_answer(reader, IRC_ANSWER_PAUSE, n_shown, searched->search.shown,
                          searched->search.end);
        return FRONT_MORE;
    }
    irc_close_replay(reader, searched->ref);
    if (reader->answer->found.is_cut && n_shown < limit) {
        irc_warn_cut(reader, &searched->search);
    }
    return FRONT_DONE;
}

/* Also between two parts of the answer. */
static int irc_refuse_search(struct reader *reader, const struct irc_searched *searched,
                             const char *code, const char *what, const char *words)
{
    if (reader_wire(reader)->in.step > 0) {
        irc_close_replay(reader, searched->ref);
    }
    return irc_fail_search(reader, code, text_of(what), words);
}

int irc_run_search(struct reader *reader, const struct irc_message *message, struct buf *reason)
{
    struct irc_searched searched = { 0 };
    struct buf ref = buf_over(searched.ref, sizeof(searched.ref));
    const char *wrong = irc_read_search(reader, message->params[0], &searched);
    uint32_t n_shown = 0;
    int r;

    (void)reason;
    buf_format(&ref, "s%x%c", (uint32_t)reader_wire(reader)->in.consumed & 0xfffff, '\0');
    if (wrong != NULL) { /* also in a later step: put out of the room meanwhile */
        return irc_refuse_search(reader, &searched, "INVALID_PARAMS", wrong, "Invalid parameters");
    }
    irc_resume_search(reader, &searched.search, &n_shown);
    r = recall_search(reader, &searched.search);
    if (r == RECALL_ASKED) {
        return FRONT_ASKS;
    }
    return r == HISTORY_OLDER ? irc_refuse_search(reader, &searched, "INTERNAL_ERROR", "",
                                                  "The search could not be run")
                              : irc_show_found(reader, &searched, n_shown);
}
