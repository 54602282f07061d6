/* SPDX-License-Identifier: MIT */
/* Edges: what brings one, what a watch remembers, and what stopping it means. */
#include "support/loop_rig.h"

#include <errno.h>
#include <sys/mman.h>

static void data_brings_one_turn_with_the_readable_edge(void **state)
{
    struct rig *rig = *state;

    end_send(&rig->ends[1], 1);
    rig_step(rig);
    assert_int_equal(rig->ends[0].n_turns, 0);
    assert_int_equal(rig->ends[1].n_turns, 1);
    assert_true(watch_has(&rig->ends[1].watch, WATCH_READABLE));
    assert_false(watch_has(&rig->ends[1].watch, WATCH_SPECIAL));
}

static void data_that_was_left_unread_brings_no_second_turn_by_itself(void **state)
{
    struct rig *rig = *state;

    end_send(&rig->ends[0], 2);
    rig_step(rig);
    rig_step(rig);
    rig_step(rig);
    assert_int_equal(rig->ends[0].n_turns, 1);
    assert_true(watch_has(&rig->ends[0].watch, WATCH_READABLE)); /* remembered all the same */
}

static void an_edge_outlives_a_spent_budget_and_another_turn(void **state)
{
    struct rig *rig = *state;
    struct end *end = &rig->ends[0];
    char byte;

    end_send(end, 2);
    rig_step(rig);
    assert_int_equal(read(end->watch.fd, &byte, 1), 1);
    watch_again(&end->watch);
    rig_step(rig);
    assert_int_equal(end->n_turns, 2);
    assert_int_not_equal(end->edges & WATCH_READABLE, 0);
}

static void only_the_edge_that_is_cleared_is_forgotten(void **state)
{
    struct rig *rig = *state;
    struct watch *watch = &rig->ends[0].watch;

    watch->edges = WATCH_READABLE | WATCH_WRITABLE;
    watch_clear(watch, WATCH_READABLE);
    assert_false(watch_has(watch, WATCH_READABLE));
    assert_true(watch_has(watch, WATCH_WRITABLE));
}

static void new_data_behind_unread_data_is_a_new_edge(void **state)
{
    struct rig *rig = *state;

    end_send(&rig->ends[0], 1);
    rig_step(rig);
    end_send(&rig->ends[0], 1);
    rig_step(rig);
    assert_int_equal(rig->ends[0].n_turns, 2);
}

static void a_peer_that_reads_brings_the_writable_edge(void **state)
{
    struct rig *rig = *state;
    struct end *end = &rig->ends[0];
    char bytes[4096] = { 0 };

    while (write(end->watch.fd, bytes, sizeof(bytes)) > 0) {
        /* until EAGAIN */
    }
    rig_step(rig);
    end->n_turns = 0;
    watch_clear(&end->watch, WATCH_WRITABLE);
    while (read(end->peer_fd, bytes, sizeof(bytes)) > 0) {
        /* until EAGAIN */
    }
    rig_step(rig);
    assert_int_equal(end->n_turns, 1);
    assert_true(watch_has(&end->watch, WATCH_WRITABLE));
}

static void half_a_close_is_something_to_read(void **state)
{
    struct rig *rig = *state;

    assert_int_equal(shutdown(rig->ends[0].peer_fd, SHUT_WR), 0);
    rig_step(rig);
    assert_int_equal(rig->ends[0].n_turns, 1);
    assert_int_equal(rig->ends[0].edges, WATCH_READABLE | WATCH_WRITABLE | WATCH_SPECIAL);
}

static void a_hangup_is_both_edges(void **state)
{
    struct rig *rig = *state;

    end_hang_up(&rig->ends[0]);
    rig_step(rig);
    assert_int_equal(rig->ends[0].edges, WATCH_READABLE | WATCH_WRITABLE | WATCH_SPECIAL);
}

static void an_error_alone_is_both_edges(void **state)
{
    struct rig *rig = *state;
    struct end end = { .peer_fd = -1 };
    int ends[2];

    assert_int_equal(pipe(ends), 0);
    close(ends[0]); /* the writer gets EPOLLERR, and neither EPOLLIN nor EPOLLHUP: epoll_ctl(2) */
    assert_int_equal(watch_start(&end.watch, &rig->loop, ends[1], 0, end_on_ready), 0);
    rig_step(rig);
    assert_int_equal(end.edges, WATCH_READABLE | WATCH_WRITABLE | WATCH_SPECIAL);
    watch_stop(&end.watch);
    close(ends[1]);
}

static void an_edge_outlives_the_arrival_of_another(void **state)
{
    struct rig *rig = *state;
    struct end *end = &rig->ends[0];
    int fd = end->watch.fd;

    watch_stop(&end->watch);
    assert_int_equal(watch_start(&end->watch, &rig->loop, fd, WATCH_READABLE, end_on_ready), 0);
    rig_step(rig); /* brings EPOLLOUT alone */
    assert_int_equal(end->edges, WATCH_READABLE | WATCH_WRITABLE);
}

static void a_stopped_watch_is_silent_though_the_open_file_lives_on_elsewhere(void **state)
{
    struct rig *rig = *state;
    struct end *end = &rig->ends[0];
    int elsewhere = dup(end->watch.fd); /* as the service manager holds it */

    watch_stop(&end->watch);
    end_send(end, 1);
    rig_step(rig);
    assert_int_equal(end->n_turns, 0);
    close(elsewhere);
}

static void stopping_drops_an_event_that_was_already_taken_in(void **state)
{
    struct rig *rig = *state;

    end_send(&rig->ends[0], 1);
    assert_int_equal(loop_wait(&rig->loop, 0), 0);
    assert_true(loop_is_ready(&rig->loop));
    watch_stop(&rig->ends[0].watch);
    assert_false(loop_is_ready(&rig->loop));
    loop_dispatch(&rig->loop);
    assert_int_equal(rig->ends[0].n_turns, 0);
}

static void stopping_a_stopped_or_zeroed_watch_does_nothing(void **state)
{
    struct rig *rig = *state;
    struct watch zeroed = { 0 };

    watch_stop(&zeroed);
    watch_again(&zeroed);
    watch_stop(&rig->ends[0].watch);
    watch_stop(&rig->ends[0].watch);
    assert_int_equal(rig->loop.n_watches, RIG_PAIRS - 1);
}

static void edges_given_at_the_start_bring_a_turn_without_waiting(void **state)
{
    struct rig *rig = *state;
    struct end *end = &rig->ends[0];
    int fd = end->watch.fd;

    watch_stop(&end->watch);
    assert_int_equal(
        watch_start(&end->watch, &rig->loop, fd, WATCH_READABLE | WATCH_WRITABLE, end_on_ready), 0);
    loop_dispatch(&rig->loop);
    assert_int_equal(end->n_turns, 1);
    assert_int_equal(end->edges, WATCH_READABLE | WATCH_WRITABLE);
}

/* The kernel says of each descriptor once that it can be written. */
static void that_it_is_still_writable_is_no_news(void **state)
{
    struct rig *rig = *state;
    struct end *end = &rig->ends[0];
    int fd = end->watch.fd;

    watch_stop(&end->watch);
    assert_int_equal(watch_start(&end->watch, &rig->loop, fd, WATCH_WRITABLE, end_on_ready), 0);
    assert_false(loop_is_ready(&rig->loop));
    rig_step(rig);
    assert_int_equal(end->n_turns, 0);
    end_send(end, 1);
    rig_step(rig);
    assert_int_equal(end->n_turns, 1);
    assert_int_equal(end->edges, WATCH_READABLE | WATCH_WRITABLE);
    end_send(end, 1); /* that there is more to read is */
    rig_step(rig);
    assert_int_equal(end->n_turns, 2);
    watch_stop(&end->watch);
    assert_int_equal(watch_start(&end->watch, &rig->loop, fd, WATCH_WRITABLE, end_on_ready), 0);
    watch_clear(&end->watch, WATCH_WRITABLE);
    rig_step(rig);
    assert_int_equal(end->n_turns, 3);
}

static void what_cannot_be_watched_leaves_a_stopped_watch(void **state)
{
    struct rig *rig = *state;
    struct watch watch;
    int file = memfd_create("plain", MFD_CLOEXEC);

    assert_int_equal(watch_start(&watch, &rig->loop, -1, WATCH_READABLE, end_on_ready), -EBADF);
    assert_int_equal(watch_start(&watch, &rig->loop, file, WATCH_READABLE, end_on_ready), -EPERM);
    assert_null(watch.loop);
    assert_false(loop_is_ready(&rig->loop));
    assert_int_equal(rig->loop.n_watches, RIG_PAIRS);
    watch_stop(&watch);
    close(file);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(data_brings_one_turn_with_the_readable_edge),
        TEST(data_that_was_left_unread_brings_no_second_turn_by_itself),
        TEST(an_edge_outlives_a_spent_budget_and_another_turn),
        TEST(only_the_edge_that_is_cleared_is_forgotten),
        TEST(new_data_behind_unread_data_is_a_new_edge),
        TEST(a_peer_that_reads_brings_the_writable_edge),
        TEST(half_a_close_is_something_to_read),
        TEST(a_hangup_is_both_edges),
        TEST(an_error_alone_is_both_edges),
        TEST(an_edge_outlives_the_arrival_of_another),
        TEST(a_stopped_watch_is_silent_though_the_open_file_lives_on_elsewhere),
        TEST(stopping_drops_an_event_that_was_already_taken_in),
        TEST(stopping_a_stopped_or_zeroed_watch_does_nothing),
        TEST(edges_given_at_the_start_bring_a_turn_without_waiting),
        TEST(that_it_is_still_writable_is_no_news),
        TEST(what_cannot_be_watched_leaves_a_stopped_watch),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
