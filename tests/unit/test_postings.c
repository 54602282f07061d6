/* SPDX-License-Identifier: MIT */
/* store/postings: what was added is found, by all tokens and no others, whatever the lists are
 * like; and what is no leaf is nothing. */
#include "store/postings.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { LEAVES_MAX = 1024 };

/* What the rows of the archive would be. */
struct leaves {
    struct postings postings;
    uint32_t tokens[LEAVES_MAX];
    char bytes[LEAVES_MAX][POSTINGS_LEAF_SIZE];
    size_t lens[LEAVES_MAX];
    size_t n;
};

static struct leaves leaves;

static int set_up(void **state)
{
    (void)state;
    leaves.n = 0;
    return postings_init(&leaves.postings);
}

static int tear_down(void **state)
{
    (void)state;
    postings_fini(&leaves.postings);
    return 0;
}

static void add(uint32_t offset, uint32_t token)
{
    assert_true(postings_add(&leaves.postings, offset, &token, 1));
}

static void make(void)
{
    postings_sort(&leaves.postings);
    for (leaves.n = 0;; leaves.n++) {
        struct buf out;

        assert_true(leaves.n < LEAVES_MAX);
        out = buf_over(leaves.bytes[leaves.n], POSTINGS_LEAF_SIZE);
        if (!postings_next_leaf(&leaves.postings, &out, &leaves.tokens[leaves.n])) {
            return;
        }
        assert_false(out.full);
        leaves.lens[leaves.n] = out.len;
    }
}

static uint32_t random_below(uint32_t n)
{
    static uint64_t seed = 1;

    seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407;
    return (uint32_t)(seed >> 33) % n;
}

/* As a B-tree does: in the last leaf that does not begin behind it. */
static struct span find(uint32_t token)
{
    struct text leaf = TEXT_NONE;
    struct span span;

    for (size_t i = 0; i < leaves.n && leaves.tokens[i] <= token; i++) {
        leaf = (struct text){ .at = leaves.bytes[i], .len = leaves.lens[i] };
    }
    postings_find(leaf, token, &span);
    return span;
}

static bool has(uint32_t token, uint32_t offset)
{
    struct span span = find(token);

    return (span.bits[offset / 64] >> offset % 64 & 1) != 0;
}

static uint32_t count(uint32_t token)
{
    struct span span = find(token);
    uint32_t n = 0, offset;

    while (span_take(&span, false, &offset)) {
        n++;
    }
    return n;
}

static void nothing_has_no_leaves(void **state)
{
    (void)state;
    make();
    assert_int_equal(leaves.n, 0);
    assert_int_equal(count(0), 0);
}

static void the_first_and_the_last_are_found(void **state)
{
    uint32_t last = (1 << POSTINGS_TOKEN_BITS) - 1;

    (void)state;
    add(0, 0);
    add(0, last);
    add(POSTINGS_SPAN - 1, 0);
    add(POSTINGS_SPAN - 1, 7);
    make();
    assert_int_equal(leaves.n, 1);
    assert_true(has(0, 0) && has(0, POSTINGS_SPAN - 1) && has(last, 0) &&
                has(7, POSTINGS_SPAN - 1));
    assert_int_equal(count(0) + count(7) + count(last), 4);
    assert_int_equal(count(1), 0);
    assert_int_equal(count(last - 1), 0);
}

/* 511 bytes of distances, and one more, which makes it bits. */
static void long_lists_become_bits(void **state)
{
    (void)state;
    for (uint32_t offset = 0; offset < 512; offset++) {
        if (offset < 511) {
            add(offset, 1);
        }
        add(offset, 2);
    }
    for (uint32_t offset = 512; offset < POSTINGS_SPAN; offset++) {
        add(offset, 3);
    }
    make();
    assert_int_equal(leaves.lens[0], (4 + 511) + (4 + 512) + (4 + 512));
    assert_int_equal(count(1), 511);
    assert_int_equal(count(2), 512);
    assert_int_equal(count(3), POSTINGS_SPAN - 512);
    assert_true(has(1, 510) && !has(1, 511) && has(2, 511) && !has(2, 512) && has(3, 512));
}

static void what_is_added_twice_is_there_once(void **state)
{
    uint32_t tokens[] = { 5, 5, 6, 5 };

    (void)state;
    assert_true(postings_add(&leaves.postings, 9, tokens, ARRAY_SIZE(tokens)));
    make();
    assert_int_equal(leaves.lens[0], 2 * (4 + 1));
    assert_true(has(5, 9) && has(6, 9));
    assert_int_equal(count(5), 1);
}

/* Distances of one byte end with 127. */
static void distances_take_one_byte_or_two(void **state)
{
    (void)state;
    add(126, 1);
    add(127, 2);
    make();
    assert_int_equal(leaves.lens[0], (4 + 1) + (4 + 2));
    assert_true(has(1, 126) && has(2, 127));
    assert_int_equal(count(1) + count(2), 2);
}

/* Lists of five bytes and of six, so many in all; then one of the longest. */
static void fill(uint32_t n_fives, uint32_t n_sixes)
{
    for (uint32_t token = 0; token < n_fives + n_sixes; token++) {
        add(token < n_fives ? 0 : 128, token);
    }
    for (uint32_t offset = 129; offset < 129 + 512; offset++) {
        add(offset, n_fives + n_sixes);
    }
    make();
    assert_int_equal(count(n_fives + n_sixes), 512);
    assert_true(has(0, 0) && has(n_fives + n_sixes - 1, 128));
}

static void a_leaf_is_filled_to_the_last_byte(void **state)
{
    (void)state;
    fill(692, 4); /* 3484 */
    assert_int_equal(leaves.n, 1);
    assert_int_equal(leaves.lens[0], POSTINGS_LEAF_SIZE);
}

static void a_list_that_does_not_fit_begins_the_next_leaf(void **state)
{
    (void)state;
    fill(691, 5); /* 3485 */
    assert_int_equal(leaves.n, 2);
    assert_int_equal(leaves.lens[0], 3485);
}

/* 127 bytes that say 127, and one more. */
static void distances_that_lead_too_far_end_there(void **state)
{
    struct text far[] = { TEXT("\x02\x10\x00\x00\x01\x7f"), TEXT("\x03\x10\x00\x00\x01\xff\x7f"),
                          TEXT("\x02\x10\x00\x00\x81\x20") };
    struct span span;

    (void)state;
    postings_find(far[0], 1, &span);
    assert_int_equal(span.bits[0], 1);
    assert_int_equal(span.bits[2], 0);
    for (size_t i = 0; i < ARRAY_SIZE(far); i++) {
        postings_find(far[i], 1, &span);
    }
}

static void there_is_room_for_so_many(void **state)
{
    static uint32_t tokens[POSTINGS_MAX];

    (void)state;
    assert_false(postings_add(&leaves.postings, 0, tokens, POSTINGS_MAX + 1));
    assert_true(postings_add(&leaves.postings, 0, tokens, POSTINGS_MAX - 1));
    assert_false(postings_add(&leaves.postings, 1, tokens, 2));
    assert_true(postings_add(&leaves.postings, 2, tokens, 1));
    make();
    assert_int_equal(count(0), 2);
    assert_true(has(0, 0) && has(0, 2));
}

/* Most tokens are rare, some are in nearly all. */
static void what_was_added_is_found(void **state)
{
    enum { TOKENS = 3000 };
    static bool wanted[TOKENS][POSTINGS_SPAN];

    (void)state;
    memset(wanted, 0, sizeof(wanted));
    for (uint32_t offset = 0; offset < POSTINGS_SPAN; offset++) {
        for (int i = 0; i < 60; i++) {
            uint32_t token = random_below(1 + random_below(TOKENS));

            wanted[token][offset] = true;
            add(offset, token * 347);
        }
    }
    make();
    assert_true(leaves.n > 50);
    for (uint32_t token = 0; token < TOKENS; token++) {
        struct span span = find(token * 347);

        for (uint32_t offset = 0; offset < POSTINGS_SPAN; offset++) {
            assert_int_equal(span.bits[offset / 64] >> offset % 64 & 1, wanted[token][offset]);
        }
        assert_int_equal(count(token * 347 + 1), 0);
    }
}

/* Of leaves that are cut or changed somewhere nothing is said but numbers of the span. */
static void what_is_no_leaf_does_no_harm(void **state)
{
    (void)state;
    for (uint32_t offset = 0; offset < 600; offset++) {
        add(offset, 1);
        add(offset * 6, 2);
        add(offset, 1000 + offset);
    }
    make();
    for (int i = 0; i < 20000; i++) {
        uint32_t len = random_below((uint32_t)leaves.lens[0] + 1);
        char *bytes = malloc(len); /* of its own, so that the sanitizer sees what is read behind */
        struct span span;

        assert_true(bytes != NULL || len == 0);
        memcpy(bytes, leaves.bytes[0], len);
        if (len > 0) {
            bytes[random_below(len)] = (char)random_below(256);
        }
        postings_find((struct text){ .at = bytes, .len = len }, random_below(1600), &span);
        free(bytes);
    }
}

static void sets_are_joined_and_cut(void **state)
{
    struct span a = { .bits = { 6, 1 } }, b = { .bits = { 3 } };
    uint32_t offset;

    (void)state;
    assert_int_equal(span_count(&a), 3);
    span_intersect(&a, &b);
    assert_int_equal(a.bits[0], 2);
    assert_int_equal(a.bits[1], 0);
    span_add(&a, &(struct span){ .bits = { [63] = UINT64_C(1) << 63 } });
    assert_true(span_take(&a, true, &offset));
    assert_int_equal(offset, POSTINGS_SPAN - 1);
    span_add(&a, &b);
    assert_true(span_take(&a, false, &offset));
    assert_int_equal(offset, 0);
    assert_true(span_take(&a, true, &offset));
    assert_int_equal(offset, 1);
    assert_int_equal(span_count(&a), 0);
    assert_false(span_take(&a, true, &offset));
}

#define POSTINGS_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        POSTINGS_TEST(nothing_has_no_leaves),
        POSTINGS_TEST(the_first_and_the_last_are_found),
        POSTINGS_TEST(long_lists_become_bits),
        POSTINGS_TEST(what_is_added_twice_is_there_once),
        POSTINGS_TEST(distances_take_one_byte_or_two),
        POSTINGS_TEST(a_leaf_is_filled_to_the_last_byte),
        POSTINGS_TEST(a_list_that_does_not_fit_begins_the_next_leaf),
        POSTINGS_TEST(distances_that_lead_too_far_end_there),
        POSTINGS_TEST(there_is_room_for_so_many),
        POSTINGS_TEST(what_was_added_is_found),
        POSTINGS_TEST(what_is_no_leaf_does_no_harm),
        POSTINGS_TEST(sets_are_joined_and_cut),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
