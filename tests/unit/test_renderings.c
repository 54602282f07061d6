/* SPDX-License-Identifier: MIT */
/* front/renderings: what was rendered is found again under the same record and flavour, and under
 * no other, until the round ends or room is needed. */
#include "front/renderings.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static int setup(void **state)
{
    static struct renderings renderings;

    *state = &renderings;
    return renderings_init(&renderings);
}

static int teardown(void **state)
{
    renderings_fini(*state);
    return 0;
}

static struct text keep(struct renderings *r, uint64_t pos, uint32_t flavour, size_t len)
{
    struct buf out = renderings_begin(r);

    assert_int_equal(out.size, RENDERING_MAX);
    for (size_t i = 0; i < len; i++) {
        buf_char(&out, (char)('a' + (pos + flavour + i) % 26));
    }
    assert_false(out.full);
    return renderings_end(r, pos, flavour, &out);
}

static bool has(struct renderings *r, uint64_t pos, uint32_t flavour, size_t len)
{
    const struct rendering *kept = renderings_find(r, pos, flavour);
    struct text t;

    if (kept == NULL) {
        return false;
    }
    t = rendering_text(r, kept);
    assert_int_equal(t.len, len);
    for (size_t i = 0; i < len; i++) {
        assert_int_equal(t.at[i], 'a' + (pos + flavour + i) % 26);
    }
    return true;
}

static void nothing_is_found_before_it_was_rendered(void **state)
{
    struct renderings *r = *state;

    assert_false(has(r, 0, 0, 0));
    assert_false(has(r, 4096, 1, 0));
    assert_int_equal(r->n_reused, 0);
}

/* Closer to each other than any two records: they have the same place. */
static void a_record_and_flavour_find_their_own_rendering_and_no_other(void **state)
{
    struct renderings *r = *state;

    (void)keep(r, 100, 7, 10);
    (void)keep(r, 101, 7, 20);
    (void)keep(r, 102, 7, 0);
    (void)keep(r, 100, 6, 5);
    assert_true(has(r, 100, 7, 10));
    assert_true(has(r, 101, 7, 20));
    assert_true(has(r, 102, 7, 0));
    assert_true(has(r, 100, 6, 5));
    assert_false(has(r, 103, 7, 0));
    assert_false(has(r, 101, 6, 0));
    assert_int_equal(r->n_rendered, 4);
    assert_int_equal(r->n_reused, 4);
}

/* Answers out of the past come behind what was said now. */
static void what_was_said_before_the_first_has_a_place_too(void **state)
{
    struct renderings *r = *state;

    (void)keep(r, 100000, 7, 10);
    (void)keep(r, 500, 7, 20);
    assert_true(has(r, 100000, 7, 10));
    assert_true(has(r, 500, 7, 20));
}

static void the_next_round_looks_where_this_one_did(void **state)
{
    struct renderings *r = *state;
    const struct rendering *first;

    (void)keep(r, 100, 7, 10);
    first = renderings_find(r, 100, 7);
    renderings_reset(r);
    (void)keep(r, 987654, 7, 10);
    assert_ptr_equal(renderings_find(r, 987654, 7), first);
}

static void a_round_that_ended_is_forgotten(void **state)
{
    struct renderings *r = *state;

    (void)keep(r, 100, 7, 10);
    renderings_reset(r);
    assert_false(has(r, 100, 7, 10));
    (void)keep(r, 100, 7, 12);
    assert_true(has(r, 100, 7, 12));
}

static void a_rendering_of_the_largest_size_fits(void **state)
{
    struct renderings *r = *state;

    assert_int_equal(keep(r, 1, 1, RENDERING_MAX).len, RENDERING_MAX);
    assert_true(has(r, 1, 1, RENDERING_MAX));
}

static void memory_is_used_to_its_end_and_what_comes_then_replaces_all(void **state)
{
    const uint64_t n = RENDERINGS_BYTES / RENDERING_MAX;
    struct renderings *r = *state;

    for (uint64_t pos = 1; pos <= n; pos++) {
        (void)keep(r, pos, 1, RENDERING_MAX);
    }
    for (uint64_t pos = 1; pos <= n; pos++) {
        assert_true(has(r, pos, 1, RENDERING_MAX));
    }
    (void)keep(r, n + 1, 1, 1);
    assert_false(has(r, 1, 1, RENDERING_MAX));
    assert_false(has(r, n, 1, RENDERING_MAX));
    assert_true(has(r, n + 1, 1, 1));
}

static void the_table_is_never_more_than_half_full(void **state)
{
    struct renderings *r = *state;

    for (uint64_t pos = 0; pos < RENDERINGS_SLOTS / 2; pos++) {
        (void)keep(r, pos * 64, 1, 3);
    }
    for (uint64_t pos = 0; pos < RENDERINGS_SLOTS / 2; pos++) {
        assert_true(has(r, pos * 64, 1, 3));
    }
    (void)keep(r, 7, 1, 3);
    assert_int_equal(r->n_used, 1);
    assert_true(has(r, 7, 1, 3));
}

static void a_round_without_renderings_costs_no_epoch(void **state)
{
    struct renderings *r = *state;
    uint32_t epoch = r->epoch;

    renderings_reset(r);
    renderings_reset(r);
    assert_int_equal(r->epoch, epoch);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(nothing_is_found_before_it_was_rendered),
        TEST(a_record_and_flavour_find_their_own_rendering_and_no_other),
        TEST(what_was_said_before_the_first_has_a_place_too),
        TEST(the_next_round_looks_where_this_one_did),
        TEST(a_round_that_ended_is_forgotten),
        TEST(a_rendering_of_the_largest_size_fits),
        TEST(memory_is_used_to_its_end_and_what_comes_then_replaces_all),
        TEST(the_table_is_never_more_than_half_full),
        TEST(a_round_without_renderings_costs_no_epoch),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
