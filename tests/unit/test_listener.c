/* SPDX-License-Identifier: MIT */
/* Accepting: budgets, pausing and resuming, full queues, stopping. */
#include "support/listener_rig.h"

#include <fcntl.h>
#include <sys/resource.h>

static void all_that_wait_are_taken_in_one_turn(void **state)
{
    struct rig *rig = *state;

    rig_start(rig, "127.0.0.1:0", RIG_BACKLOG);
    rig_connect(rig, 5);
    rig_step(rig);
    assert_int_equal(rig->n_taken, 5);
    assert_int_equal(rig->listener.n_accepted, 5);
    assert_false(loop_is_ready(&rig->loop));
    assert_false(watch_has(&rig->listener.watch, WATCH_READABLE)); /* EAGAIN was seen */
}

static void more_than_a_turn_takes_are_taken_in_the_next_without_a_new_edge(void **state)
{
    struct rig *rig = *state;

    rig_start(rig, "127.0.0.1:0", RIG_BACKLOG);
    rig_connect(rig, LISTENER_ACCEPTS_PER_TURN + 3);
    rig_step(rig);
    assert_int_equal(rig->n_taken, LISTENER_ACCEPTS_PER_TURN);
    assert_true(loop_is_ready(&rig->loop));
    assert_true(watch_has(&rig->listener.watch, WATCH_READABLE));
    loop_dispatch(&rig->loop); /* no wait: nothing but memory says that there are more */
    assert_int_equal(rig->n_taken, LISTENER_ACCEPTS_PER_TURN + 3);
}

static void those_who_came_before_the_start_are_taken(void **state)
{
    struct rig *rig = *state;
    struct address address = address_of("127.0.0.1:0");
    int fd = listener_open(&address, RIG_BACKLOG, 0);

    assert_int_equal(getsockname(fd, (struct sockaddr *)&address.storage, &address.len), 0);
    rig->clients[rig->n_clients++] = connect_to(&address);
    assert_int_equal(rig_start_fd(rig, fd), 0);
    rig_step(rig);
    assert_int_equal(rig->n_taken, 1);
}

static void a_callee_that_says_no_gets_no_more_until_it_resumes(void **state)
{
    struct rig *rig = *state;

    rig_start(rig, "127.0.0.1:0", RIG_BACKLOG);
    rig->takes_at_most = 2;
    rig_connect(rig, 4);
    rig_step(rig);
    assert_int_equal(rig->n_taken, 2);
    assert_true(rig->listener.is_paused);
    assert_false(loop_is_ready(&rig->loop));
    rig_connect(rig, 1); /* a new edge changes nothing */
    rig_step(rig);
    timers_run(&rig->timers, rig->clock.boot_ms + 1000000, 10); /* nor does time */
    rig_step(rig);
    assert_int_equal(rig->n_taken, 2);
    rig->takes_at_most = SIZE_MAX;
    listener_resume(&rig->listener);
    loop_dispatch(&rig->loop); /* without an edge */
    assert_int_equal(rig->n_taken, 5);
    assert_int_equal(heard.n_warnings, 0); /* it was asked for */
}

static void pausing_from_outside_lasts_until_resume(void **state)
{
    struct rig *rig = *state;

    rig_start(rig, "127.0.0.1:0", RIG_BACKLOG);
    listener_pause(&rig->listener);
    rig_connect(rig, 1);
    rig_step(rig);
    assert_int_equal(rig->n_taken, 0);
    assert_int_equal(planted.n_calls, 0);
    listener_resume(&rig->listener);
    listener_resume(&rig->listener);
    rig_step(rig);
    assert_int_equal(rig->n_taken, 1);
}

/* Leaves no descriptor to have: the limit is set to the lowest free number. */
static struct rlimit take_all_descriptors(void)
{
    struct rlimit old;
    struct rlimit none;
    int lowest = dup(STDERR_FILENO);

    assert_true(lowest >= 0);
    close(lowest);
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &old), 0);
    none = (struct rlimit){ .rlim_cur = (rlim_t)lowest, .rlim_max = old.rlim_max };
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
    return old;
}

static void without_descriptors_one_accept_a_second_is_tried_and_said_once(void **state)
{
    struct rig *rig = *state;
    struct rlimit old;

    rig_start(rig, "127.0.0.1:0", RIG_BACKLOG);
    rig_connect(rig, 3);
    old = take_all_descriptors();
    for (int i = 0; i < 6; i++) {
        rig_step(rig);
        rig_step(rig); /* no spin: the second finds nothing to do */
        rig->clock.boot_ms += LISTENER_RETRY_MS;
        timers_run(&rig->timers, rig->clock.boot_ms, 10);
    }
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &old), 0);
    assert_int_equal(planted.n_calls, 6);
    assert_int_equal(rig->listener.n_pauses, 6);
    assert_int_equal(rig->listener.pause_reason, EMFILE);
    assert_int_equal(heard.n_warnings, 1);
    assert_non_null(strstr(heard.last, "listener test: "));
}

static void after_a_shortage_those_who_waited_are_taken_when_the_timer_is_due(void **state)
{
    struct rig *rig = *state;
    struct kernel_queue queue;
    struct rlimit old;

    rig_start(rig, "127.0.0.1:0", RIG_BACKLOG);
    rig_connect(rig, 3);
    old = take_all_descriptors();
    rig_step(rig);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &old), 0);
    assert_true(rig->listener.is_paused);
    assert_int_equal(kernel_listen_queue(rig->listener.fd, &queue), 0);
    assert_int_equal(queue.waiting, 3); /* nobody was turned away */
    timers_run(&rig->timers, rig->clock.boot_ms + LISTENER_RETRY_MS - 1, 10);
    rig_step(rig);
    assert_int_equal(rig->n_taken, 0);
    timers_run(&rig->timers, rig->clock.boot_ms + LISTENER_RETRY_MS, 10);
    rig_step(rig);
    assert_int_equal(rig->n_taken, 3);
    assert_int_equal(rig->listener.pause_reason, 0);
}

static void one_who_left_ends_a_shortage_before_the_timer_does(void **state)
{
    struct rig *rig = *state;

    rig_start(rig, "127.0.0.1:0", RIG_BACKLOG);
    rig_connect(rig, 1);
    planted.error = ENFILE;
    planted.n = 1;
    rig_step(rig);
    assert_true(timer_is_set(&rig->listener.retry));
    listener_resume(&rig->listener);
    assert_false(timer_is_set(&rig->listener.retry));
    rig_step(rig);
    assert_int_equal(rig->n_taken, 1);
}

static void whatever_is_wrong_with_us_pauses_and_is_said_once(void **state)
{
    static const int errors[] = { EMFILE, ENFILE, ENOBUFS, ENOMEM, EPERM, EINVAL };
    struct rig *rig = *state;

    rig_start(rig, "127.0.0.1:0", RIG_BACKLOG);
    for (size_t i = 0; i < ARRAY_SIZE(errors); i++) {
        heard.n_warnings = 0;
        planted.error = errors[i];
        planted.n = 2;
        rig_connect(rig, 1);
        rig_step(rig);
        assert_int_equal(rig->listener.pause_reason, errors[i]);
        listener_resume(&rig->listener);
        rig_step(rig);
        assert_true(rig->listener.is_paused);
        assert_int_equal(heard.n_warnings, 1);
        listener_resume(&rig->listener);
        rig_step(rig);
        assert_int_equal(rig->n_taken, i + 1);
    }
}

static void a_shortage_that_lets_one_through_at_a_time_is_said_once(void **state)
{
    struct rig *rig = *state;

    rig_start(rig, "127.0.0.1:0", RIG_BACKLOG);
    rig_connect(rig, 4);
    planted.error = EMFILE;
    planted.every = 2; /* each time one descriptor has come free, and one only */
    for (size_t i = 1; i <= 4; i++) {
        rig_step(rig);
        assert_int_equal(rig->n_taken, i);
        assert_int_equal(heard.n_warnings, 1);
        listener_resume(&rig->listener);
    }
}

static void a_shortage_that_comes_back_after_it_was_over_is_said_again(void **state)
{
    struct rig *rig = *state;

    rig_start(rig, "127.0.0.1:0", RIG_BACKLOG);
    for (unsigned i = 1; i <= 2; i++) {
        planted.error = EMFILE;
        planted.n = 1;
        rig_connect(rig, 1);
        rig_step(rig);
        assert_int_equal(heard.n_warnings, i);
        listener_resume(&rig->listener);
        rig_step(rig);
    }
}

static void a_connection_that_failed_on_its_way_does_not_stop_the_others(void **state)
{
    static const int errors[] = { EINTR,       ECONNABORTED, ENETDOWN, EPROTO,
                                  ENOPROTOOPT, EHOSTDOWN,    ENONET,   EHOSTUNREACH,
                                  EOPNOTSUPP,  ENETUNREACH,  ETIMEDOUT };
    struct rig *rig = *state;

    rig_start(rig, "127.0.0.1:0", RIG_BACKLOG);
    for (size_t i = 0; i < ARRAY_SIZE(errors); i++) {
        rig_connect(rig, 1);
        planted.error = errors[i];
        planted.n = 2;
        rig_step(rig);
        assert_int_equal(rig->n_taken, i + 1);
        assert_false(rig->listener.is_paused);
    }
    assert_int_equal(heard.n_warnings, 0);
}

static void failed_connections_spend_the_budget_of_a_turn(void **state)
{
    struct rig *rig = *state;

    rig_start(rig, "127.0.0.1:0", RIG_BACKLOG);
    planted.error = ECONNABORTED;
    planted.n = UINT32_MAX;
    rig_connect(rig, 1);
    rig_step(rig);
    assert_int_equal(planted.n_calls, LISTENER_ACCEPTS_PER_TURN);
    assert_true(loop_is_ready(&rig->loop));
}

static void a_callee_may_stop_the_listener(void **state)
{
    struct rig *rig = *state;

    rig_start(rig, "127.0.0.1:0", RIG_BACKLOG);
    rig->stops_listener = true;
    rig_connect(rig, 3);
    rig_step(rig);
    assert_int_equal(rig->n_taken, 1);
    assert_int_equal(planted.n_calls, 1);
    assert_int_equal(rig->listener.fd, -1);
    assert_int_equal(rig->loop.n_watches, 0);
    assert_int_equal(rig->timers.n_reserved, 0);
}

static void a_full_queue_is_reported_once_each_time_it_fills(void **state)
{
    struct rig *rig = *state;
    struct kernel_queue queue;

    rig_start(rig, "127.0.0.1:0", 1);
    for (unsigned i = 1; i <= 2; i++) {
        rig_connect(rig, 1);
        assert_int_equal(listener_look(&rig->listener, &queue), 0);
        assert_int_equal(heard.n_notices, i - 1); /* 1/1 has room for one more */
        rig_connect(rig, 1);
        assert_int_equal(listener_look(&rig->listener, &queue), 0);
        assert_int_equal(listener_look(&rig->listener, &queue), 0);
        assert_int_equal(queue.waiting, 2);
        assert_int_equal(queue.limit, 1);
        assert_int_equal(heard.n_notices, i);
        assert_int_equal(rig->listener.n_full, i);
        assert_non_null(strstr(heard.last, "2/1"));
        rig_step(rig);
        assert_int_equal(listener_look(&rig->listener, &queue), 0);
        assert_int_equal(queue.waiting, 0);
    }
}

static void a_turn_sees_the_full_queue_before_it_empties_it(void **state)
{
    struct rig *rig = *state;

    rig_start(rig, "127.0.0.1:0", 1);
    rig_connect(rig, 2);
    rig_step(rig);
    assert_int_equal(rig->n_taken, 2);
    assert_int_equal(heard.n_notices, 1);
}

static void a_kept_descriptor_goes_on_queueing_for_the_next(void **state)
{
    struct rig *rig = *state;
    struct address address;
    int fd;

    rig_start(rig, "127.0.0.1:0", RIG_BACKLOG);
    address = rig->listener.address;
    fd = listener_stop(&rig->listener, true);
    assert_true(fd >= 0);
    assert_int_equal(listener_stop(&rig->listener, true), -1); /* it was given away */
    rig->clients[rig->n_clients++] = connect_to(&address);
    assert_int_equal(listener_take(fd, 0), 0);
    assert_int_equal(rig_start_fd(rig, fd), 0);
    rig_step(rig);
    assert_int_equal(rig->n_taken, 1);
}

static void a_zeroed_listener_can_be_stopped_and_paused(void **state)
{
    struct listener zeroed = { 0 };
    int stdin_flags = fcntl(STDIN_FILENO, F_GETFD);

    (void)state;
    assert_int_equal(listener_stop(&zeroed, false), -1);
    assert_int_equal(listener_stop(&zeroed, true), -1);
    listener_pause(&zeroed);
    listener_resume(&zeroed);
    assert_int_equal(fcntl(STDIN_FILENO, F_GETFD), stdin_flags);
}

static void a_start_that_fails_closes_the_descriptor(void **state)
{
    struct rig *rig = *state;
    int ends[2];

    assert_int_equal(pipe(ends), 0);
    assert_int_equal(rig_start_fd(rig, ends[0]), -ENOTSOCK);
    assert_int_equal(fcntl(ends[0], F_GETFD), -1);
    assert_int_equal(rig->loop.n_watches, 0);
    assert_int_equal(rig->timers.n_reserved, 0);
    close(ends[1]);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(all_that_wait_are_taken_in_one_turn),
        TEST(more_than_a_turn_takes_are_taken_in_the_next_without_a_new_edge),
        TEST(those_who_came_before_the_start_are_taken),
        TEST(a_callee_that_says_no_gets_no_more_until_it_resumes),
        TEST(pausing_from_outside_lasts_until_resume),
        TEST(without_descriptors_one_accept_a_second_is_tried_and_said_once),
        TEST(after_a_shortage_those_who_waited_are_taken_when_the_timer_is_due),
        TEST(one_who_left_ends_a_shortage_before_the_timer_does),
        TEST(whatever_is_wrong_with_us_pauses_and_is_said_once),
        TEST(a_shortage_that_lets_one_through_at_a_time_is_said_once),
        TEST(a_shortage_that_comes_back_after_it_was_over_is_said_again),
        TEST(a_connection_that_failed_on_its_way_does_not_stop_the_others),
        TEST(failed_connections_spend_the_budget_of_a_turn),
        TEST(a_callee_may_stop_the_listener),
        TEST(a_full_queue_is_reported_once_each_time_it_fills),
        TEST(a_turn_sees_the_full_queue_before_it_empties_it),
        TEST(a_kept_descriptor_goes_on_queueing_for_the_next),
        TEST(a_zeroed_listener_can_be_stopped_and_paused),
        TEST(a_start_that_fails_closes_the_descriptor),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
