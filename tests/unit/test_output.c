/* SPDX-License-Identifier: MIT */
/* front/output: pages that others are sent too. Whoever is told something else has one of its own
 * from then on, with what is unsent; the others go on as they were. */
#include "support/chat_rig.h"

static const char SHARED[] = "what both of them are told";

enum { SKIPPED = 5, SENT = 5 }; /* bytes: before those of `late` begin, and what it has taken */

/* Two to whom the same bytes are due, which lie in one page; to `late` not the first of them. */
struct pair {
    struct chat_rig *rig;
    uint32_t early, late, page;
    uint64_t written; /* of `late` */
};

static const struct wire_output *pair_output(const struct pair *pair, uint32_t row)
{
    return &pair->rig->base.state.wires[row].out;
}

static void pair_owe(const struct pair *pair, uint32_t row, size_t start)
{
    struct wire_output *out = state_edit_output(&pair->rig->base.state, row);

    out->page = pair->page;
    out->base = out->produced - start;
    out->produced = out->base + strlen(SHARED);
}

static struct pair pair_of(void **state)
{
    struct chat_rig *rig = *state;
    struct pages *pages = &rig->base.state.pages;
    struct pair pair = { .rig = rig };

    pair.early = chat_person(rig, FRONT_LINE, "ann");
    pair.late = chat_person(rig, FRONT_LINE, "bob");
    (void)chat_join(rig, pair.early, "#a", 0);
    (void)chat_join(rig, pair.late, "#a", 0);
    (void)chat_hear(rig, pair.early);
    (void)chat_hear(rig, pair.late);
    pair.page = pages_lend(pages, PAGE_OUTPUT);
    pages_share(pages, pair.page);
    memcpy(region_page(&rig->base.state.region, pair.page), SHARED, strlen(SHARED));
    pair.written = pair_output(&pair, pair.late)->produced + SENT;
    chat_begin(rig);
    pair_owe(&pair, pair.early, 0);
    pair_owe(&pair, pair.late, SKIPPED);
    chat_commit(rig);
    return pair;
}

/* What `row` is still to be sent when the kernel took `written` bytes; then it has taken all. */
static void pair_expect(const struct pair *pair, uint32_t row, uint64_t written, const char *bytes)
{
    struct state *state = &pair->rig->base.state;
    const struct wire_output *out = pair_output(pair, row);

    assert_int_equal(out->produced - written, strlen(bytes));
    assert_memory_equal(region_page(&state->region, out->page) + (written - out->base), bytes,
                        strlen(bytes));
    pages_give_back(&state->pages, out->page, PAGE_OUTPUT);
}

static void pair_expect_first(const struct pair *pair)
{
    pair_expect(pair, pair->early, pair_output(pair, pair->early)->base, SHARED);
}

/* Says something to `late` alone. */
static void pair_tell(const struct pair *pair)
{
    struct reader reader;

    chat_begin(pair->rig);
    assert_int_equal(output_open(&reader, &pair->rig->exchange, pair->late, pair->written), 0);
    assert_int_equal(buf_space(&reader.output),
                     PAGE_SIZE_BYTES - (strlen(SHARED) - SKIPPED - SENT));
    buf_text_put(output_private(&reader), TEXT(", and one of them"));
    output_close(&reader);
    chat_commit(pair->rig);
}

static void who_is_told_something_else_moves_to_a_page_of_its_own(void **state)
{
    struct pair pair = pair_of(state);
    const struct pages *pages = &pair.rig->base.state.pages;

    pair_tell(&pair);
    assert_int_equal(pages->n_lent[PAGE_OUTPUT], 2);
    assert_false(pages_is_shared(pages, pair.page));
    pair_expect(&pair, pair.late, pair.written, "of them are told, and one of them");
    pair_expect_first(&pair);
    assert_int_equal(pages->n_lent[PAGE_OUTPUT], 0);
}

/* What was shared lies where it is no more when the others are done. */
static void the_last_holder_goes_on_in_the_page(void **state)
{
    struct pair pair = pair_of(state);
    const struct pages *pages = &pair.rig->base.state.pages;
    struct reader reader;

    pair_expect_first(&pair);
    chat_begin(pair.rig);
    assert_int_equal(output_open(&reader, &pair.rig->exchange, pair.late, pair.written), 0);
    assert_int_equal(reader.page, pair.page);
    buf_text_put(output_private(&reader), TEXT(", and one of them"));
    output_close(&reader);
    chat_commit(pair.rig);
    assert_int_equal(pages->n_lent[PAGE_OUTPUT], 1);
    pair_expect(&pair, pair.late, pair.written, "of them are told, and one of them");
    assert_int_equal(pages->n_lent[PAGE_OUTPUT], 0);
}

static void to_whom_nothing_is_said_goes_on_sharing(void **state)
{
    struct pair pair = pair_of(state);
    const struct pages *pages = &pair.rig->base.state.pages;
    struct reader reader;

    chat_begin(pair.rig);
    assert_int_equal(output_open(&reader, &pair.rig->exchange, pair.late, pair.written), 0);
    output_close(&reader);
    chat_commit(pair.rig);
    assert_int_equal(pages->n_lent[PAGE_OUTPUT], 1);
    assert_true(pages_is_shared(pages, pair.page));
    pair_expect(&pair, pair.late, pair.written, "of them are told");
    pair_expect_first(&pair);
}

static void without_a_page_of_its_own_there_is_no_room(void **state)
{
    struct pair pair = pair_of(state);
    uint32_t *lent = calloc(state_rig_sizes.pages, sizeof(*lent));
    struct reader reader;
    uint32_t n;

    assert_non_null(lent);
    n = chat_lend_all(pair.rig, lent);
    chat_begin(pair.rig);
    assert_int_equal(output_open(&reader, &pair.rig->exchange, pair.late, pair.written), 0);
    assert_int_equal(buf_space(&reader.output), 0);
    assert_false(output_pull(&reader, 1));
    output_close(&reader);
    chat_commit(pair.rig);
    chat_give_back(pair.rig, lent, n);
    free(lent);
    pair_expect(&pair, pair.late, pair.written, "of them are told");
    pair_expect_first(&pair);
}

/* Who uses which page is learned anew. */
static void pair_claim(const struct pair *pair)
{
    struct state *state = &pair->rig->base.state;

    pages_fini(&state->pages);
    assert_int_equal(pages_init(&state->pages, &state->region), 0);
    pages_claim(&state->pages, pair->page, PAGE_OUTPUT);
    pages_claim(&state->pages, pair->page, PAGE_OUTPUT);
    pages_open(&state->pages);
}

/* Killed at each point of the transaction: what is unsent is the same, with the words or without.
 */
static void a_crash_changes_nothing_of_what_is_unsent(void **state)
{
    static const char all[] = "of them are told, and one of them";
    struct pair pair = pair_of(state);
    struct state_rig *base = &pair.rig->base;
    struct wire_output before = *pair_output(&pair, pair.late);
    volatile uint64_t point = 0;

    do {
        pair_claim(&pair);
        point++;
        base->dies_at = base->n_points + point;
        if (setjmp(base->death) == 0) {
            pair_tell(&pair);
            fail();
        }
        base->dies_at = 0;
        chat_rig_restart(pair.rig);
        assert_memory_equal(region_page(&base->state.region, pair.page), SHARED, strlen(SHARED));
    } while (memcmp(pair_output(&pair, pair.late), &before, sizeof(before)) == 0);
    assert_true(point > 1);
    assert_int_not_equal(pair_output(&pair, pair.late)->page, pair.page);
    assert_memory_equal(region_page(&base->state.region, pair_output(&pair, pair.late)->page), all,
                        strlen(all));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CHAT_TEST(who_is_told_something_else_moves_to_a_page_of_its_own),
        CHAT_TEST(the_last_holder_goes_on_in_the_page),
        CHAT_TEST(to_whom_nothing_is_said_goes_on_sharing),
        CHAT_TEST(without_a_page_of_its_own_there_is_no_room),
        CHAT_TEST(a_crash_changes_nothing_of_what_is_unsent),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
