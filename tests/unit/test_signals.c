/* SPDX-License-Identifier: MIT */
/* Signals as input: taken in by a turn of the loop, never by the default action. */
#include "net/signals.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

struct rig {
    struct loop loop;
    struct signals signals;
    unsigned n_caught[NSIG];
    bool stops_itself;
};

static void rig_on_signal(struct signals *signals, int signo)
{
    struct rig *rig = container_of(signals, struct rig, signals);

    rig->n_caught[signo]++;
    if (rig->stops_itself) {
        signals_stop(signals);
    }
}

static int setup(void **state)
{
    struct rig *rig = calloc(1, sizeof(*rig));

    if (rig == NULL || loop_init(&rig->loop) < 0) {
        return -1;
    }
    *state = rig;
    return signals_start(&rig->signals, &rig->loop, rig_on_signal);
}

/* Takes what is still pending before the mask is given back, or it would end the test. */
static int teardown(void **state)
{
    const struct timespec at_once = { 0 };
    struct rig *rig = *state;
    sigset_t set;

    signals_stop(&rig->signals);
    loop_fini(&rig->loop);
    free(rig);
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGHUP);
    sigaddset(&set, SIGUSR1);
    while (sigtimedwait(&set, NULL, &at_once) > 0) {
        /* until none is pending */
    }
    return sigprocmask(SIG_UNBLOCK, &set, NULL);
}

static void rig_step(struct rig *rig)
{
    assert_int_equal(loop_wait(&rig->loop, 0), 0);
    loop_dispatch(&rig->loop);
}

static void each_of_the_four_signals_arrives_through_the_loop(void **state)
{
    static const int wanted[] = { SIGTERM, SIGINT, SIGHUP, SIGUSR1 };
    struct rig *rig = *state;

    for (size_t i = 0; i < ARRAY_SIZE(wanted); i++) {
        assert_int_equal(raise(wanted[i]), 0);
    }
    rig_step(rig);
    for (size_t i = 0; i < ARRAY_SIZE(wanted); i++) {
        assert_int_equal(rig->n_caught[wanted[i]], 1);
    }
}

static void a_signal_that_comes_after_all_were_taken_is_a_new_edge(void **state)
{
    struct rig *rig = *state;

    for (unsigned i = 1; i <= 3; i++) {
        assert_int_equal(raise(SIGHUP), 0);
        rig_step(rig);
        assert_int_equal(rig->n_caught[SIGHUP], i);
        rig_step(rig);
        assert_int_equal(rig->n_caught[SIGHUP], i);
    }
}

static void writing_to_a_closed_pipe_fails_and_does_not_kill(void **state)
{
    int ends[2];

    (void)state;
    assert_int_equal(pipe(ends), 0);
    close(ends[0]);
    assert_int_equal(write(ends[1], "x", 1), -1);
    assert_int_equal(errno, EPIPE);
    close(ends[1]);
}

static void a_call_may_stop_the_signals(void **state)
{
    struct rig *rig = *state;

    rig->stops_itself = true;
    assert_int_equal(raise(SIGTERM), 0);
    assert_int_equal(raise(SIGHUP), 0);
    rig_step(rig);
    assert_int_equal(rig->n_caught[SIGTERM] + rig->n_caught[SIGHUP], 1);
    assert_int_equal(rig->loop.n_watches, 0);
}

static void after_the_stop_signals_stay_blocked(void **state)
{
    struct rig *rig = *state;

    signals_stop(&rig->signals);
    signals_stop(&rig->signals);
    assert_int_equal(raise(SIGTERM), 0); /* else this is the end */
    rig_step(rig);
    assert_int_equal(rig->n_caught[SIGTERM], 0);
}

static void a_start_that_fails_leaves_nothing_behind(void **state)
{
    struct loop broken = { .epoll_fd = -1 };
    struct signals signals;
    int stdin_flags = fcntl(STDIN_FILENO, F_GETFD);

    (void)state;
    list_init(&broken.ready);
    assert_int_equal(signals_start(&signals, &broken, rig_on_signal), -EBADF);
    assert_int_equal(signals.fd, -1);
    signals_stop(&signals);
    signals = (struct signals){ 0 };
    signals_stop(&signals); /* zeroed: standard input stays open */
    assert_int_equal(fcntl(STDIN_FILENO, F_GETFD), stdin_flags);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(each_of_the_four_signals_arrives_through_the_loop),
        TEST(a_signal_that_comes_after_all_were_taken_is_a_new_edge),
        TEST(writing_to_a_closed_pipe_fails_and_does_not_kill),
        TEST(a_call_may_stop_the_signals),
        TEST(after_the_stop_signals_stay_blocked),
        TEST(a_start_that_fails_leaves_nothing_behind),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
