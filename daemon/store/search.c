/* SPDX-License-Identifier: MIT */
/* The question in FTS5's language, and looking at what it leads to. */
#include "store/search.h"

#include "lib/utf8.h"
#include "state/log.h"
#include "store/words.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <time.h>

enum {
    NS_PER_MS = 1000000,
    SEARCH_PAGE = 500, /* records that are read at once where nothing is looked up */
    SEARCH_EXPRESSION_SIZE = SEARCH_PLACES * (128 + 8 * QUESTION_WORDS_SIZE),
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
    return (search_kinds(search) >> record->kind & 1) != 0 &&
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

/* One more token that a hit must have: a string of FTS5, in quotes, those within doubled. */
static void search_put_token(struct buf *out, struct text token)
{
    bool is_first = out->len == 0 || out->at[out->len - 1] == ' '; /* behind OR */

    buf_text_put(out, is_first ? TEXT("\"") : TEXT(" AND \""));
    for (size_t i = 0; i < token.len; i++) {
        if (token.at[i] == '"') {
            buf_char(out, '"');
        }
        buf_char(out, token.at[i]);
    }
    buf_char(out, '"');
}

/* Characters of a word, which has as many. */
static struct text search_slice(struct text word, size_t first, size_t n)
{
    size_t begin = utf8_span(word, first);
    struct text rest = { .at = word.at + begin, .len = word.len - begin };

    return (struct text){ .at = rest.at, .len = utf8_span(rest, n) };
}

/* The index does not know where in a text its tokens stand, so the word cannot be one string, which
 * would be a phrase: what has all of these may have the word, and search_fits() looks whether it
 * has. Every third token will do, and the last. */
static void search_put_word(struct buf *out, struct text word)
{
    size_t n = search_characters(word);

    for (size_t i = 0; i < n; i += WORDS_LEAST) {
        search_put_token(out, search_slice(word, size_min(i, n - WORDS_LEAST), WORDS_LEAST));
    }
}

/* The mark is empty again behind it. */
static void search_put_mark(struct buf *out, struct buf *mark)
{
    search_put_token(out, buf_text(mark));
    mark->len = 0;
}

/* All of it in the stretch of `number` (0: anywhere) and the spot (NULL: in any). */
static void search_put_all(const struct search *search, uint64_t number, const struct spot *spot,
                           struct buf *out)
{
    struct text who = text_of(search->question->who);
    char space[WORDS_MARK_BYTES];
    struct buf mark = buf_over(space, sizeof(space));

    if (number > 0) {
        words_mark_stretch(&mark, number);
        search_put_mark(out, &mark);
    }
    if (spot != NULL) {
        words_mark_place(&mark, spot->id);
        search_put_mark(out, &mark);
    }
    if (who.len > 0) {
        words_mark_who(&mark, who);
        search_put_mark(out, &mark);
    }
    for (uint32_t i = 0; i < search->n_long; i++) {
        search_put_word(out, search->words[i]);
    }
}

static void search_express(const struct search *search, uint64_t number, struct buf *out)
{
    const struct lookup *lookup = search->lookup;

    if (lookup->n_spots > SEARCH_PLACES) {
        search_put_all(search, number, NULL, out);
        return;
    }
    for (uint32_t i = 0; i < lookup->n_spots; i++) {
        if (i > 0) {
            buf_text_put(out, TEXT(" OR "));
        }
        search_put_all(search, number, &lookup->spots[i], out);
    }
}

/* What is in the range and, but for a `number` of 0, in its stretch. */
static int search_stretch(struct search *search, uint64_t number, const struct range *range,
                          char *space)
{
    bool is_up = search->question->is_from_oldest;
    sqlite3_stmt *find = search->lookup->statements[is_up ? LOOKUP_SEARCH_UP : LOOKUP_SEARCH];
    struct buf expression = buf_over(space, SEARCH_EXPRESSION_SIZE);
    int r = 0;

    search_express(search, number, &expression);
    assert(!expression.full);
    database_bind_text(find, 1, buf_text(&expression));
    database_bind_u64(find, 2, range->low);
    database_bind_u64(find, 3, range->high);
    while (!search_is_done(search) &&
           (r = database_next(&search->lookup->database, find)) == DATABASE_ROW) {
        r = search_look(search, database_u64(find, 0));
        if (r < 0) {
            break;
        }
    }
    (void)sqlite3_reset(find);
    (void)sqlite3_clear_bindings(find); /* they point into what is not kept */
    return r < 0 ? r : 0;
}

/* A record of the next stretch: the newest that is left, or the oldest. DATABASE_ROW, 0: none. */
static int search_next(struct search *search, const struct range *left, uint64_t *out)
{
    uint64_t ms;
    int r = search->question->is_from_oldest
                ? lookup_first_from(search->lookup, left->low, out, &ms)
                : lookup_last_before(search->lookup, left->high, out);

    return r == DATABASE_ROW && (*out < left->low || *out >= left->high) ? 0 : r;
}

/* The stretch of this record is done. */
static void search_pass(struct search *search, uint64_t number, struct range *left)
{
    uint64_t stretch = number >> WORDS_STRETCH_BITS;

    if (search->question->is_from_oldest) {
        left->low = u64_min((stretch + 1) << WORDS_STRETCH_BITS, left->high);
        search->reached = left->low - 1;
    } else {
        left->high = u64_max(stretch << WORDS_STRETCH_BITS, left->low);
        search->reached = left->high;
    }
}

/* Stretches without records, between conversations, are passed over. */
static int search_in_stretches(struct search *search, const struct range *range, char *space)
{
    struct range left = *range;
    uint64_t number = 0;
    int r;

    while ((r = search_next(search, &left, &number)) == DATABASE_ROW) {
        r = search_stretch(search, number, &left, space);
        if (r < 0 || search_is_done(search)) {
            return r;
        }
        search_pass(search, number, &left);
        if (search_now_ns() > search->deadline_ns && left.low < left.high) {
            search->is_cut = true;
            return 0;
        }
    }
    return r;
}

static int search_by_index(struct search *search, const struct range *range)
{
    char *space = calloc(1, SEARCH_EXPRESSION_SIZE);
    int r;

    if (space == NULL) {
        return -ENOMEM;
    }
    r = search->question->budget_ms > 0 ? search_in_stretches(search, range, space)
                                        : search_stretch(search, 0, range, space);
    free(space);
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
        r = search_by_index(search, &range);
    } else {
        r = search_by_reading(search, range);
    }
    if (!search->is_cut && hits->n < hits->limit) {
        search->reached = question->is_from_oldest ? range.high - 1 : range.low;
    }
    return r;
}
