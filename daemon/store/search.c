/* SPDX-License-Identifier: MIT */
/* What the index leads to, or else all there is, and looking at it. */
#include "store/search.h"

#include "lib/utf8.h"
#include "state/log.h"
#include "store/words.h"

#include <assert.h>
#include <errno.h>
#include <string.h>
#include <time.h>

enum {
    NS_PER_MS = 1000000,
    SEARCH_PAGE = 500, /* records that are read at once where nothing is looked up */
    SEARCH_KINDS = KINDS_SAID | 1 << RECORD_TOPIC, /* as words_are_in() */
};

/* ---- words ---- */

static size_t search_characters(struct text word)
{
    size_t n = 0;

    for (size_t i = 0; i < word.len; i++) {
        n += ((unsigned char)word.at[i] & 0xC0) != 0x80;
    }
    return n;
}

static void search_cut_words(struct search *search)
{
    struct text rest = text_of(search->question->words);

    for (struct text word; (word = text_cut_word(&rest)).len > 0; search->n_words++) {
        uint32_t at = search->n_words;

        assert(at < SEARCH_WORDS_MAX);
        if (search_characters(word) >= WORDS_LEAST) {
            at = search->n_long++;
            search->words[search->n_words] = search->words[at];
        }
        search->words[at] = word;
    }
}

static uint32_t search_kinds(const struct search *search)
{
    return search->question->is_said_only ? KINDS_SAID : SEARCH_KINDS;
}

static bool search_fits(const struct search *search, const struct record *record)
{
    struct text who = text_of(search->question->who), t = record_field(record, RECORD_TEXT);

    if (who.len > 0 && !text_equal_nocase(record_field(record, RECORD_WHO), who)) {
        return false;
    }
    for (uint32_t i = 0; i < search->n_words; i++) {
        if (!utf8_has_nocase(t, search->words[i])) {
            return false;
        }
    }
    return (search_kinds(search) >> record->kind & 1) != 0 && words_are_in(record->kind, t) &&
           (record->kind == RECORD_ACTION || !text_starts_with(t, TEXT("\x01"))); /* not CTCP */
}

/* ---- looking at what was found ---- */

static uint64_t search_now_ns(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 * NS_PER_MS + (uint64_t)now.tv_nsec;
}

/* Looks at the clock now and then. */
static bool search_is_done(struct search *search)
{
    bool is_spent = search->n_looks >= SEARCH_LOOKS ||
                    (search->n_looks % 64 == 63 && search_now_ns() > search->deadline_ns);

    if (search->hits->n < search->hits->limit && is_spent) {
        search->is_cut = true;
    }
    return search->is_cut || search->hits->n == search->hits->limit;
}

/* Of numbers in the order of the search. */
static int search_look(struct search *search, uint64_t number)
{
    const struct record *record;
    uint32_t scope = 0;
    int r = lookup_record(search->lookup, number, &record);

    search->n_looks++;
    search->reached = number;
    if (r == DATABASE_ROW && search_fits(search, record)) {
        r = lookup_is_allowed(search->lookup, record, &scope);
        if (r == DATABASE_ROW) {
            search->hits->at[search->hits->n++] = (struct hit){ number, scope };
        }
    }
    return r < 0 ? r : 0;
}

/* ---- by the index ---- */

/* The index does not know where in a text its tokens stand: what has all of a word's may have the
 * word, and search_fits() looks whether it has. Every third token will do, and the last. */
static void search_add_word(struct search *search, struct text word)
{
    uint32_t tokens[QUESTION_WORDS_SIZE];
    size_t n = words_text_tokens(word, tokens);

    for (size_t i = 0; i < n; i++) {
        if (i % WORDS_LEAST == 0 || i == n - 1) {
            search->tokens[search->n_tokens++] = tokens[i];
        }
    }
}

static void search_add_tokens(struct search *search)
{
    struct text who = text_of(search->question->who);

    if (who.len > 0) {
        search->tokens[search->n_tokens++] = words_who_token(who);
    }
    for (uint32_t i = 0; i < search->n_long; i++) {
        search_add_word(search, search->words[i]);
    }
    assert(search->n_tokens <= ARRAY_SIZE(search->tokens));
}

/* Leaves what the segment has in the spots. */
static int search_places(struct search *search, uint64_t segment, struct span *span)
{
    const struct lookup *lookup = search->lookup;
    struct span all = { 0 };
    int r = 0;

    for (uint32_t i = 0; i < lookup->n_spots && r == 0; i++) {
        struct span one;

        r = lookup_token(search->lookup, segment, words_place_token(lookup->spots[i].id), &one);
        span_add(&all, &one);
    }
    span_intersect(span, &all);
    return r;
}

/* What of the segment may fit; no lists are read any more once nothing does. A few places are asked
 * for first, many only if they are fewer than what would have to be looked at. */
static int search_candidates(struct search *search, uint64_t segment, struct span *out)
{
    uint32_t n_spots = search->lookup->n_spots;
    int r = 0;

    memset(out, 0xff, sizeof(*out));
    if (n_spots <= SEARCH_PLACES) {
        r = search_places(search, segment, out);
    }
    for (uint32_t i = 0; i < search->n_tokens && r == 0 && span_count(out) > 0; i++) {
        struct span one;

        r = lookup_token(search->lookup, segment, search->tokens[i], &one);
        span_intersect(out, &one);
    }
    if (r == 0 && n_spots > SEARCH_PLACES && n_spots < span_count(out)) {
        r = search_places(search, segment, out);
    }
    return r;
}

/* In the order of the search. */
static int search_segment(struct search *search, const struct piece *piece)
{
    struct span span;
    uint32_t offset;
    int r = search_candidates(search, piece->segment, &span);

    while (r == 0 && span_take(&span, !search->question->is_from_oldest, &offset)) {
        uint64_t number = piece->first + offset;

        if (number < piece->range.low || number >= piece->range.high) {
            continue;
        }
        if (search_is_done(search)) {
            break;
        }
        r = search_look(search, number);
    }
    return r;
}

/* ---- by reading ---- */

/* One page of the places, from its newest record on, or its oldest; *range is what is behind it
 * then, or empty. */
static int search_read_page(struct search *search, struct range *range)
{
    bool is_up = search->question->is_from_oldest;
    struct hits page;
    int r = hits_init(&page, SEARCH_PAGE, !is_up);

    if (r == 0) {
        r = lookup_all_hits(search->lookup, range, search_kinds(search), &page);
    }
    for (uint32_t i = 0; i < page.n && r == 0 && !search_is_done(search); i++) {
        r = search_look(search, page.at[i].number);
    }
    if (page.n < SEARCH_PAGE) {
        range->low = range->high;
    } else if (is_up) {
        range->low = page.at[page.n - 1].number + 1;
    } else {
        range->high = page.at[page.n - 1].number;
    }
    hits_fini(&page);
    return r;
}

static int search_by_reading(struct search *search, struct range range)
{
    int r = 0;

    while (r == 0 && range.low < range.high && !search_is_done(search)) {
        r = search_read_page(search, &range);
    }
    return r;
}

/* ---- piece by piece ---- */

/* The piece is done. */
static void search_pass(struct search *search, const struct piece *piece, struct range *left)
{
    if (search->question->is_from_oldest) {
        left->low = piece->range.high;
        search->reached = left->low - 1;
    } else {
        left->high = piece->range.low;
        search->reached = left->high;
    }
}

/* Most ranges without a segment are those between two conversations: there each place would be
 * asked for what cannot be there. */
static int search_rest(struct search *search, const struct range *range)
{
    uint64_t last = 0;
    int r = lookup_last_before(search->lookup, range->high, &last);

    return r == DATABASE_ROW && last >= range->low ? search_by_reading(search, *range) : r;
}

static int search_piece(struct search *search, const struct range *left, struct piece *piece)
{
    int r = search->question->is_from_oldest ? lookup_first_piece(search->lookup, left, piece)
                                             : lookup_last_piece(search->lookup, left, piece);

    if (r == 0) {
        r = piece->segment == 0 ? search_rest(search, &piece->range)
                                : search_segment(search, piece);
    }
    return r < 0 ? r : 0;
}

static int search_in_pieces(struct search *search, struct range left)
{
    struct piece piece;
    int r = 0;

    search_add_tokens(search);
    while (left.low < left.high) {
        r = search_piece(search, &left, &piece);
        if (r < 0 || search_is_done(search)) {
            return r;
        }
        search_pass(search, &piece, &left);
        if (left.low < left.high && search_now_ns() > search->deadline_ns) {
            search->is_cut = true;
            return 0;
        }
    }
    return r;
}

int search_run(struct search *search, struct lookup *lookup, const struct search_question *question,
               struct hits *hits)
{
    struct range range;
    int r = lookup_range(lookup, &question->from, &question->to, &range);

    *search = (struct search){ .lookup = lookup, .question = question, .hits = hits };
    if (r < 0 || lookup->n_spots == 0 || hits->limit == 0) {
        return r;
    }
    if (question->end > 0) {
        range.high = u64_min(range.high, question->end);
    }
    search_cut_words(search);
    search->reached = question->is_from_oldest ? u64_max(range.low, 1) - 1 : range.high;
    search->deadline_ns = question->budget_ms > 0
                              ? search_now_ns() + (uint64_t)question->budget_ms * NS_PER_MS
                              : UINT64_MAX;
    if (search->n_long > 0 || question->who[0] != '\0') {
        r = search_in_pieces(search, range);
    } else {
        r = search_by_reading(search, range);
    }
    if (!search->is_cut && hits->n < hits->limit) {
        search->reached = question->is_from_oldest ? range.high - 1 : range.low;
    }
    return r;
}
