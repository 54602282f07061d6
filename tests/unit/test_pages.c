/* SPDX-License-Identifier: MIT */
/* state/pages: no page is lent twice, talkers never take the readers' half, and the next borrower
 * gets the page that is still hot. */
#include "support/state_rig.h"

#include <sys/stat.h>

enum { PAGES = 159 }; /* that can be lent; page 0 never is */

static int setup(void **state)
{
    static struct state_rig rig;

    state_rig_init(&rig);
    *state = &rig;
    return 0;
}

static int teardown(void **state)
{
    state_rig_fini(*state);
    return 0;
}

static void every_page_is_lent_once_and_page_0_never(void **state)
{
    struct pages *pages = &((struct state_rig *)*state)->state.pages;
    bool is_lent[PAGES + 1] = { true };

    for (int i = 0; i < PAGES; i++) {
        uint32_t page = pages_lend(pages, PAGE_OUTPUT);

        assert_in_range(page, 1, PAGES);
        assert_false(is_lent[page]);
        is_lent[page] = true;
    }
    assert_int_equal(pages_lend(pages, PAGE_OUTPUT), 0);
    assert_int_equal(pages_lend(pages, PAGE_INPUT), 0);
    pages_give_back(pages, 5, PAGE_OUTPUT);
    assert_int_equal(pages_lend(pages, PAGE_INPUT), 5);
}

static void input_gets_half_of_the_pages_and_not_one_more(void **state)
{
    struct pages *pages = &((struct state_rig *)*state)->state.pages;
    uint32_t page = 0;

    for (int i = 0; i < PAGES / 2; i++) {
        page = pages_lend(pages, PAGE_INPUT);
        assert_int_not_equal(page, 0);
    }
    assert_int_equal(pages_lend(pages, PAGE_INPUT), 0);
    assert_int_not_equal(pages_lend(pages, PAGE_OUTPUT), 0);
    pages_give_back(pages, page, PAGE_INPUT);
    assert_int_equal(pages_lend(pages, PAGE_INPUT), page);
}

static void the_page_given_back_last_is_lent_next(void **state)
{
    struct pages *pages = &((struct state_rig *)*state)->state.pages;
    uint32_t a = pages_lend(pages, PAGE_OUTPUT);
    uint32_t b = pages_lend(pages, PAGE_INPUT);

    pages_give_back(pages, a, PAGE_OUTPUT);
    pages_give_back(pages, b, PAGE_INPUT);
    assert_int_equal(pages_lend(pages, PAGE_OUTPUT), b);
    assert_int_equal(pages_lend(pages, PAGE_OUTPUT), a);
}

static void lend_many(struct pages *pages, uint32_t lent[], size_t n)
{
    for (size_t i = 0; i < n; i++) {
        lent[i] = pages_lend(pages, PAGE_OUTPUT);
        assert_int_not_equal(lent[i], 0);
    }
}

static void after_a_burst_the_system_gets_all_memory_back_but_the_warm_pages(void **state)
{
    struct state_rig *rig = *state;
    struct pages *pages = &rig->state.pages;
    struct stat before, after;
    uint32_t lent[PAGES];

    assert_int_equal(fstat(rig->state.region.fd, &before), 0);
    lend_many(pages, lent, PAGES);
    assert_int_equal(pages->n_reserved, PAGES);
    for (size_t i = 0; i < PAGES; i++) {
        pages_give_back(pages, lent[i], PAGE_OUTPUT);
    }
    assert_int_equal(pages->n_reserved, PAGES_KEPT_WARM);
    assert_int_equal(pages->n_free, PAGES);
    assert_int_equal(fstat(rig->state.region.fd, &after), 0);
    assert_int_equal((after.st_blocks - before.st_blocks) * 512, PAGES_KEPT_WARM * PAGE_SIZE_BYTES);
}

/* Else each lending and giving back would cost two system calls from then on. */
static void after_a_burst_the_next_borrowers_get_warm_pages(void **state)
{
    struct pages *pages = &((struct state_rig *)*state)->state.pages;
    uint32_t lent[PAGES];

    lend_many(pages, lent, PAGES);
    for (size_t i = 0; i < PAGES; i++) {
        pages_give_back(pages, lent[i], PAGE_OUTPUT);
    }
    for (size_t i = 0; i < PAGES_KEPT_WARM; i++) {
        assert_true(pages->accounts[pages->free_pages[pages->n_free - 1]].is_reserved);
        lent[i] = pages_lend(pages, PAGE_OUTPUT);
    }
    assert_int_equal(pages->n_reserved, PAGES_KEPT_WARM);
    lent[PAGES_KEPT_WARM] = pages_lend(pages, PAGE_OUTPUT);
    assert_int_equal(pages->n_reserved, PAGES_KEPT_WARM + 1);
}

static void they_run_cold_when_too_few_warm_ones_are_left_for_a_turn(void **state)
{
    struct pages *pages = &((struct state_rig *)*state)->state.pages;
    uint32_t lent[PAGES];

    assert_false(pages_are_running_cold(pages)); /* none was ever warmed: they may be */
    lend_many(pages, lent, PAGES_KEPT_WARM);
    assert_true(pages_are_running_cold(pages));
    pages_give_back(pages, lent[0], PAGE_OUTPUT);
    assert_true(pages_are_running_cold(pages));
    pages_give_back(pages, lent[1], PAGE_OUTPUT);
    assert_false(pages_are_running_cold(pages)); /* one to read into, one to answer in */
    assert_int_equal(pages_lend(pages, PAGE_INPUT), lent[1]);
    assert_int_equal(pages_lend(pages, PAGE_OUTPUT), lent[0]);
    assert_int_equal(pages->n_warmed, PAGES_KEPT_WARM);
}

static void no_page_is_lost_through_thousands_of_loans(void **state)
{
    struct pages *pages = &((struct state_rig *)*state)->state.pages;
    bool is_lent[PAGES + 1] = { false };
    uint32_t n_lent = 0;
    unsigned seed = 1;

    for (int i = 0; i < 20000; i++) {
        uint32_t page = 1 + (uint32_t)rand_r(&seed) % PAGES;

        if (is_lent[page] && rand_r(&seed) % 5000 < i % 5000) {
            pages_give_back(pages, page, PAGE_OUTPUT);
            is_lent[page] = false;
            n_lent--;
        } else if ((page = pages_lend(pages, PAGE_OUTPUT)) != 0) {
            assert_false(is_lent[page]);
            assert_int_equal(pages->accounts[page].is_reserved, 1);
            is_lent[page] = true;
            n_lent++;
        }
        assert_int_equal(pages->n_free + n_lent, PAGES);
        assert_true(pages->n_reserved - n_lent <= PAGES_KEPT_WARM);
    }
}

static void claimed_pages_are_not_lent_and_count_as_lent(void **state)
{
    struct state_rig *rig = *state;
    struct pages *pages = &rig->state.pages;
    uint32_t lent[PAGES];

    pages_fini(pages);
    assert_int_equal(pages_init(pages, &rig->state.region), 0);
    pages_claim(pages, 1, PAGE_INPUT);
    pages_claim(pages, PAGES, PAGE_OUTPUT);
    pages_open(pages);
    assert_int_equal(pages->n_lent[PAGE_INPUT], 1);
    assert_int_equal(pages->n_lent[PAGE_OUTPUT], 1);
    assert_int_equal(pages->n_reserved, 2);
    lend_many(pages, lent, PAGES - 2);
    for (size_t i = 0; i < PAGES - 2; i++) {
        assert_in_range(lent[i], 2, PAGES - 1);
    }
    assert_int_equal(pages_lend(pages, PAGE_OUTPUT), 0);
    pages_give_back(pages, 1, PAGE_INPUT);
    assert_int_equal(pages_lend(pages, PAGE_OUTPUT), 1);
}

static void a_shared_page_is_free_when_nobody_holds_it(void **state)
{
    struct pages *pages = &((struct state_rig *)*state)->state.pages;
    uint32_t page = pages_lend(pages, PAGE_OUTPUT);
    uint64_t n_returned = pages->n_returned;

    assert_false(pages_is_shared(pages, page));
    pages_share(pages, page);
    pages_share(pages, page);
    for (int n_holders = 3; n_holders > 1; n_holders--) {
        assert_true(pages_is_shared(pages, page));
        pages_give_back(pages, page, PAGE_OUTPUT);
        assert_int_equal(pages->n_lent[PAGE_OUTPUT], 1);
        assert_int_equal(pages->n_returned, n_returned); /* nobody who waits has a reason to look */
    }
    assert_false(pages_is_shared(pages, page));
    pages_give_back(pages, page, PAGE_OUTPUT);
    assert_int_equal(pages->n_lent[PAGE_OUTPUT], 0);
    assert_int_equal(pages->n_returned, n_returned + 1);
    assert_int_equal(pages_lend(pages, PAGE_INPUT), page);
    assert_false(pages_is_shared(pages, page));
}

static void who_claims_a_claimed_page_of_output_shares_it(void **state)
{
    struct state_rig *rig = *state;
    struct pages *pages = &rig->state.pages;

    pages_fini(pages);
    assert_int_equal(pages_init(pages, &rig->state.region), 0);
    pages_claim(pages, 7, PAGE_OUTPUT);
    pages_claim(pages, 7, PAGE_OUTPUT);
    pages_open(pages);
    assert_int_equal(pages->n_lent[PAGE_OUTPUT], 1);
    assert_int_equal(pages->n_reserved, 1);
    assert_int_equal(pages->n_free, PAGES - 1);
    pages_give_back(pages, 7, PAGE_OUTPUT);
    assert_int_equal(pages->n_free, PAGES - 1);
    pages_give_back(pages, 7, PAGE_OUTPUT);
    assert_int_equal(pages->n_free, PAGES);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_page_is_lent_once_and_page_0_never),
        TEST(input_gets_half_of_the_pages_and_not_one_more),
        TEST(the_page_given_back_last_is_lent_next),
        TEST(after_a_burst_the_system_gets_all_memory_back_but_the_warm_pages),
        TEST(after_a_burst_the_next_borrowers_get_warm_pages),
        TEST(they_run_cold_when_too_few_warm_ones_are_left_for_a_turn),
        TEST(no_page_is_lost_through_thousands_of_loans),
        TEST(claimed_pages_are_not_lent_and_count_as_lent),
        TEST(a_shared_page_is_free_when_nobody_holds_it),
        TEST(who_claims_a_claimed_page_of_output_shares_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
