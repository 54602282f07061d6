/* SPDX-License-Identifier: MIT */
/* Turns: who has one in which dispatch, and how long the loop waits. */
#include "support/loop_rig.h"

#include <signal.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/time.h>

static void a_watch_that_asks_again_has_its_turn_in_the_next_dispatch(void **state)
{
    struct rig *rig = *state;

    rig->ends[0].asks_again = true;
    watch_again(&rig->ends[0].watch);
    loop_dispatch(&rig->loop);
    assert_int_equal(rig->ends[0].n_turns, 1);
    assert_true(loop_is_ready(&rig->loop));
    rig->ends[0].asks_again = false;
    loop_dispatch(&rig->loop);
    assert_int_equal(rig->ends[0].n_turns, 2);
    assert_false(loop_is_ready(&rig->loop));
    loop_dispatch(&rig->loop);
    assert_int_equal(rig->ends[0].n_turns, 2);
}

static void asking_twice_and_an_edge_make_one_turn(void **state)
{
    struct rig *rig = *state;

    watch_again(&rig->ends[0].watch);
    watch_again(&rig->ends[1].watch);
    watch_again(&rig->ends[0].watch);
    end_send(&rig->ends[0], 1);
    rig_step(rig);
    assert_int_equal(rig->ends[0].n_turns, 1);
    assert_int_equal(rig->ends[1].n_turns, 1);
}

static void a_watch_stopped_by_anothers_turn_has_none(void **state)
{
    struct rig *rig = *state;

    rig->ends[0].stops = &rig->ends[1].watch;
    for (size_t i = 0; i < RIG_PAIRS; i++) {
        watch_again(&rig->ends[i].watch);
    }
    loop_dispatch(&rig->loop);
    assert_int_equal(rig->ends[0].n_turns, 1);
    assert_int_equal(rig->ends[1].n_turns, 0);
    assert_int_equal(rig->ends[2].n_turns, 1);
}

static void a_watch_may_stop_itself_though_it_asked_again(void **state)
{
    struct rig *rig = *state;

    rig->ends[0].asks_again = true;
    rig->ends[0].stops = &rig->ends[0].watch;
    watch_again(&rig->ends[0].watch);
    loop_dispatch(&rig->loop);
    assert_false(loop_is_ready(&rig->loop));
    watch_again(&rig->ends[0].watch); /* of a stopped one: nothing */
    assert_false(loop_is_ready(&rig->loop));
    assert_int_equal(rig->loop.n_watches, RIG_PAIRS - 1);
}

static void on_ready_free(struct watch *watch)
{
    watch_stop(watch);
    free(watch);
}

static void a_watch_may_be_freed_in_its_own_turn(void **state)
{
    struct rig *rig = *state;
    struct watch *watch = calloc(1, sizeof(*watch));
    int fd = eventfd(1, EFD_NONBLOCK | EFD_CLOEXEC);

    assert_non_null(watch);
    assert_int_equal(watch_start(watch, &rig->loop, fd, WATCH_READABLE, on_ready_free), 0);
    rig_step(rig); /* the address sanitizer looks on */
    close(fd);
}

static void waiting_ends_at_once_while_somebody_is_ready(void **state)
{
    struct rig *rig = *state;

    watch_again(&rig->ends[0].watch);
    assert_int_equal(loop_wait(&rig->loop, -1), 0); /* else this never ends */
    end_send(&rig->ends[1], 1);
    assert_int_equal(loop_wait(&rig->loop, -1), 0);
    loop_dispatch(&rig->loop);
    assert_int_equal(rig->ends[0].n_turns, 1);
    assert_int_equal(rig->ends[1].n_turns, 1); /* and what has arrived is seen all the same */
}

static void on_alarm(int signo)
{
    (void)signo;
}

static void a_signal_that_cuts_the_wait_short_is_no_failure(void **state)
{
    const struct itimerval often = { { 0, 1000 }, { 0, 1000 } }; /* again, if it comes too early */
    const struct itimerval never = { 0 };
    struct sigaction action = { .sa_handler = on_alarm };
    struct rig *rig = *state;

    assert_int_equal(sigaction(SIGALRM, &action, NULL), 0);
    assert_int_equal(setitimer(ITIMER_REAL, &often, NULL), 0);
    assert_int_equal(loop_wait(&rig->loop, -1), 0);
    assert_int_equal(setitimer(ITIMER_REAL, &never, NULL), 0);
    assert_false(loop_is_ready(&rig->loop));
}

static void more_watches_than_one_wait_can_report_all_have_a_turn(void **state)
{
    enum { N = 700 };
    static struct end ends[N];
    struct rig *rig = *state;

    memset(ends, 0, sizeof(ends));
    for (size_t i = 0; i < N; i++) {
        int fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC); /* writable from the start */

        assert_int_equal(watch_start(&ends[i].watch, &rig->loop, fd, 0, end_on_ready), 0);
    }
    rig_step(rig);
    rig_step(rig);
    for (size_t i = 0; i < N; i++) {
        assert_int_equal(ends[i].n_turns, 1);
        watch_stop(&ends[i].watch);
        close(ends[i].watch.fd);
    }
}

static void a_loop_that_ended_leaves_its_watches_unlinked(void **state)
{
    struct loop *loop = calloc(1, sizeof(*loop));
    struct end end = { 0 };
    int fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);

    (void)state;
    assert_non_null(loop);
    assert_int_equal(loop_init(loop), 0);
    assert_int_equal(watch_start(&end.watch, loop, fd, WATCH_READABLE, end_on_ready), 0);
    loop_fini(loop);
    free(loop);
    assert_false(list_has_node(&end.watch.ready));
    close(fd);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_watch_that_asks_again_has_its_turn_in_the_next_dispatch),
        TEST(asking_twice_and_an_edge_make_one_turn),
        TEST(a_watch_stopped_by_anothers_turn_has_none),
        TEST(a_watch_may_stop_itself_though_it_asked_again),
        TEST(a_watch_may_be_freed_in_its_own_turn),
        TEST(waiting_ends_at_once_while_somebody_is_ready),
        TEST(a_signal_that_cuts_the_wait_short_is_no_failure),
        TEST(more_watches_than_one_wait_can_report_all_have_a_turn),
        TEST(a_loop_that_ended_leaves_its_watches_unlinked),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
