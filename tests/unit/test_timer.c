/* SPDX-License-Identifier: MIT */
/* Deadlines: order, budget, and what calls may do to timers while others are being run. */
#include "net/timer.h"

#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

enum { RIG_TIMERS = 64 };

struct item {
    struct timer timer;
    struct rig *rig;
    unsigned n_calls;
    struct timer *victim; /* removed or cleared in the call */
    bool removes_victim;  /* else clears it */
    bool sets_again;      /* itself, to `again_ms` */
    bool was_set_in_call; /* timer_is_set() when called */
    uint64_t again_ms;
};

struct rig {
    struct timers timers;
    struct item items[RIG_TIMERS];
    struct item *called[RIG_TIMERS * 4];
    size_t n_called;
};

static void item_on_due(struct timer *timer)
{
    struct item *item = container_of(timer, struct item, timer);

    item->was_set_in_call = timer_is_set(timer);
    item->n_calls++;
    item->rig->called[item->rig->n_called++ % ARRAY_SIZE(item->rig->called)] = item;
    if (item->sets_again) {
        timer_set(timer, item->again_ms);
    }
    if (item->victim != NULL && item->removes_victim) {
        timer_remove(item->victim);
    } else if (item->victim != NULL) {
        timer_clear(item->victim);
    }
}

static int setup(void **state)
{
    struct rig *rig = calloc(1, sizeof(*rig));

    if (rig == NULL) {
        return -1;
    }
    timers_init(&rig->timers);
    for (size_t i = 0; i < RIG_TIMERS; i++) {
        rig->items[i].rig = rig;
        if (timer_add(&rig->items[i].timer, &rig->timers, item_on_due) < 0) {
            return -1;
        }
    }
    *state = rig;
    return 0;
}

static int teardown(void **state)
{
    struct rig *rig = *state;

    timers_fini(&rig->timers);
    free(rig);
    return 0;
}

static void timers_are_called_in_the_order_in_which_they_are_due(void **state)
{
    static const uint64_t due_ms[] = { 50, 10, 40, 20, 30, 5, 45 };
    struct rig *rig = *state;

    for (size_t i = 0; i < ARRAY_SIZE(due_ms); i++) {
        timer_set(&rig->items[i].timer, due_ms[i]);
    }
    timers_run(&rig->timers, 45, 100);
    assert_int_equal(rig->n_called, 6);
    for (size_t i = 1; i < rig->n_called; i++) {
        assert_true(rig->called[i - 1]->timer.due_ms < rig->called[i]->timer.due_ms);
    }
    assert_true(timer_is_set(&rig->items[0].timer));
}

static void a_timer_is_called_when_due_and_not_a_millisecond_before(void **state)
{
    struct rig *rig = *state;

    timer_set(&rig->items[0].timer, 1000);
    timers_run(&rig->timers, 999, 100);
    assert_int_equal(rig->items[0].n_calls, 0);
    timers_run(&rig->timers, 1000, 100);
    assert_int_equal(rig->items[0].n_calls, 1);
    timers_run(&rig->timers, 2000, 100);
    assert_int_equal(rig->items[0].n_calls, 1);
}

static void a_timer_is_cleared_before_its_call(void **state)
{
    struct rig *rig = *state;

    timer_set(&rig->items[0].timer, 1);
    assert_true(timer_is_set(&rig->items[0].timer));
    timers_run(&rig->timers, 1, 100);
    assert_false(rig->items[0].was_set_in_call);
    assert_false(timer_is_set(&rig->items[0].timer));
}

static void a_timer_set_again_in_its_own_call_waits_for_the_next_run(void **state)
{
    struct rig *rig = *state;

    rig->items[0].sets_again = true; /* to 0: long past */
    timer_set(&rig->items[0].timer, 1);
    timers_run(&rig->timers, 10, 100);
    assert_int_equal(rig->items[0].n_calls, 1);
    assert_int_equal(timers_wait_ms(&rig->timers, 10), 0);
    timers_run(&rig->timers, 10, 100); /* the clock need not have moved */
    assert_int_equal(rig->items[0].n_calls, 2);
}

static void a_timer_set_again_hides_no_other_that_is_due(void **state)
{
    struct rig *rig = *state;

    rig->items[0].sets_again = true;
    for (size_t i = 0; i < 8; i++) {
        timer_set(&rig->items[i].timer, i);
    }
    timers_run(&rig->timers, 10, 100);
    for (size_t i = 0; i < 8; i++) {
        assert_int_equal(rig->items[i].n_calls, 1);
    }
}

static void a_spent_budget_leaves_the_latest_for_the_next_run(void **state)
{
    struct rig *rig = *state;

    for (size_t i = 0; i < 5; i++) {
        timer_set(&rig->items[i].timer, 5 - i);
    }
    timers_run(&rig->timers, 10, 3);
    assert_int_equal(rig->n_called, 3);
    assert_ptr_equal(rig->called[0], &rig->items[4]);
    assert_ptr_equal(rig->called[2], &rig->items[2]);
    assert_int_equal(timers_wait_ms(&rig->timers, 10), 0);
    timers_run(&rig->timers, 10, 3);
    assert_int_equal(rig->n_called, 5);
    assert_int_equal(timers_wait_ms(&rig->timers, 10), -1);
}

static void setting_replaces_what_was_set(void **state)
{
    struct rig *rig = *state;

    timer_set(&rig->items[0].timer, 10);
    timer_set(&rig->items[1].timer, 20);
    timer_set(&rig->items[0].timer, 30);
    timers_run(&rig->timers, 25, 100);
    assert_int_equal(rig->n_called, 1);
    assert_ptr_equal(rig->called[0], &rig->items[1]);
    timer_set(&rig->items[0].timer, 26);
    timers_run(&rig->timers, 26, 100);
    assert_int_equal(rig->items[0].n_calls, 1);
}

static void a_due_timer_cleared_by_anothers_call_is_not_called(void **state)
{
    struct rig *rig = *state;

    rig->items[0].victim = &rig->items[1].timer;
    timer_set(&rig->items[0].timer, 1);
    timer_set(&rig->items[1].timer, 2);
    timer_set(&rig->items[2].timer, 3);
    timers_run(&rig->timers, 10, 100);
    assert_int_equal(rig->items[1].n_calls, 0);
    assert_int_equal(rig->items[2].n_calls, 1);
    assert_false(timer_is_set(&rig->items[1].timer));
}

static void a_due_timer_removed_by_anothers_call_is_not_called(void **state)
{
    struct rig *rig = *state;

    rig->items[0].victim = &rig->items[1].timer;
    rig->items[0].removes_victim = true;
    timer_set(&rig->items[0].timer, 1);
    timer_set(&rig->items[1].timer, 2);
    timers_run(&rig->timers, 10, 100);
    assert_int_equal(rig->items[1].n_calls, 0);
    assert_int_equal(rig->timers.n_reserved, RIG_TIMERS - 1);
    timers_run(&rig->timers, 10, 100);
    assert_int_equal(rig->n_called, 1);
}

static void removing_a_zeroed_or_removed_timer_does_nothing(void **state)
{
    struct rig *rig = *state;
    struct timer zeroed = { 0 };

    assert_false(timer_is_set(&zeroed));
    timer_remove(&zeroed);
    timer_clear(&zeroed);
    timer_set(&rig->items[0].timer, 1);
    timer_remove(&rig->items[0].timer);
    timer_remove(&rig->items[0].timer);
    assert_int_equal(rig->timers.n_reserved, RIG_TIMERS - 1);
    assert_int_equal(timers_wait_ms(&rig->timers, 0), -1);
}

static void the_wait_is_that_for_the_earliest(void **state)
{
    struct rig *rig = *state;

    assert_int_equal(timers_wait_ms(&rig->timers, 0), -1);
    timer_set(&rig->items[0].timer, 500);
    timer_set(&rig->items[1].timer, 300);
    assert_int_equal(timers_wait_ms(&rig->timers, 100), 200);
    assert_int_equal(timers_wait_ms(&rig->timers, 300), 0);
    assert_int_equal(timers_wait_ms(&rig->timers, 10000), 0);
    timer_clear(&rig->items[1].timer);
    assert_int_equal(timers_wait_ms(&rig->timers, 100), 400);
    timer_set(&rig->items[0].timer, UINT64_MAX);
    assert_int_equal(timers_wait_ms(&rig->timers, 100), INT_MAX);
}

/* Every timer that is set can be found in the heap where it says it is, under an earlier parent. */
static void rig_check_heap(const struct rig *rig)
{
    for (size_t i = 0; i < rig->timers.n; i++) {
        assert_int_equal(rig->timers.heap[i]->at, i);
        assert_true(i == 0 || rig->timers.heap[(i - 1) / 2]->due_ms <= rig->timers.heap[i]->due_ms);
    }
}

static void any_order_of_setting_and_clearing_keeps_the_heap_in_order(void **state)
{
    struct rig *rig = *state;
    uint32_t seed = 20240607;
    uint64_t now_ms = 0;

    for (unsigned step = 0; step < 20000; step++) {
        struct item *item;

        seed = seed * 1664525 + 1013904223;
        item = &rig->items[(seed >> 8) % RIG_TIMERS];
        if ((seed >> 16) % 4 == 0) {
            timer_clear(&item->timer);
        } else {
            timer_set(&item->timer, now_ms + (seed >> 20) % 97);
        }
        if (step % 13 == 0) {
            timers_run(&rig->timers, ++now_ms, 2);
        }
        rig_check_heap(rig);
    }
    timers_run(&rig->timers, now_ms + 100, RIG_TIMERS);
    for (size_t i = 0; i < RIG_TIMERS; i++) {
        assert_false(timer_is_set(&rig->items[i].timer));
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(timers_are_called_in_the_order_in_which_they_are_due),
        TEST(a_timer_is_called_when_due_and_not_a_millisecond_before),
        TEST(a_timer_is_cleared_before_its_call),
        TEST(a_timer_set_again_in_its_own_call_waits_for_the_next_run),
        TEST(a_timer_set_again_hides_no_other_that_is_due),
        TEST(a_spent_budget_leaves_the_latest_for_the_next_run),
        TEST(setting_replaces_what_was_set),
        TEST(a_due_timer_cleared_by_anothers_call_is_not_called),
        TEST(a_due_timer_removed_by_anothers_call_is_not_called),
        TEST(removing_a_zeroed_or_removed_timer_does_nothing),
        TEST(the_wait_is_that_for_the_earliest),
        TEST(any_order_of_setting_and_clearing_keeps_the_heap_in_order),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
