/* SPDX-License-Identifier: MIT */
/* store/archivist: the thread archives what is committed while the loop goes on, sleeps when there
 * is nothing, and ends when it is told to. The one test with a thread: it waits for what must come,
 * never for a time. */
#include "store/archivist.h"
#include "support/archive_rig.h"

#include <sched.h>
#include <signal.h>

static void wait_for(struct archivist *archivist, uint64_t position)
{
    while (archive_position(archivist->archive) < position) {
        (void)sched_yield();
    }
}

static void fall_asleep(struct archivist *archivist)
{
    while (!__atomic_load_n(&archivist->is_asleep, __ATOMIC_SEQ_CST)) {
        (void)sched_yield();
    }
}

static void the_thread_keeps_up_with_a_ring_that_is_overwritten_many_times(void **state)
{
    struct archive_rig *rig = *state;
    struct archivist archivist;

    assert_int_equal(archivist_start(&archivist, rig->archive), 0);
    for (int i = 0; i < 2000; i++) {
        while (!archive_has_room(rig->archive, &rig->base.state, RECORD_ROOM)) {
            archivist_hurry(&archivist);
            (void)sched_yield();
        }
        (void)archive_rig_say(rig, i % 3 == 0 ? rig->tea : rig->lobby,
                              "as long as a line is, about");
        if (i % 10 == 0) {
            archivist_wake(&archivist);
        }
    }
    archivist_stop(&archivist, true);
    assert_true(rig->base.state.header->log.tail > UINT64_C(3) * STATE_RIG_LOG_BYTES);
    assert_string_equal(archive_rig_sql(rig, "SELECT count(*) FROM records"), "2000");
    assert_string_equal(archive_rig_sql(rig, "SELECT max(number) FROM records"), "2000");
    assert_string_equal(archive_rig_sql(rig, ARCHIVE_RIG_GAPS), "");
}

static void one_who_sleeps_is_woken(void **state)
{
    struct archive_rig *rig = *state;
    struct archivist archivist;

    assert_int_equal(archivist_start(&archivist, rig->archive), 0);
    for (int i = 0; i < 5; i++) {
        fall_asleep(&archivist);
        (void)archive_rig_say(rig, rig->lobby, "are you there?");
        archivist_wake(&archivist);
        archivist_wake(&archivist);
        wait_for(&archivist, rig->base.state.header->log.tail);
    }
    fall_asleep(&archivist);
    (void)archive_rig_say(rig, rig->lobby, "quick!");
    archivist_hurry(&archivist);
    wait_for(&archivist, rig->base.state.header->log.tail);
    archivist_stop(&archivist, false);
    assert_string_equal(archive_rig_sql(rig, ARCHIVE_RIG_NUMBERS), "1 2 3 4 5 6");
}

static void what_is_said_before_the_end_is_drained(void **state)
{
    struct archive_rig *rig = *state;
    struct archivist archivist;

    for (int i = 0; i < 20; i++) {
        assert_int_equal(archivist_start(&archivist, rig->archive), 0);
        archive_rig_say_many(rig, rig->lobby, 5);
        archivist_stop(&archivist, true);
        assert_false(archive_is_behind(rig->archive));
    }
    assert_string_equal(archive_rig_sql(rig, "SELECT count(*) FROM records"), "100");
}

static void a_failing_archive_ends_too_and_what_it_waits_for_comes(void **state)
{
    struct archive_rig *rig = *state;
    struct archivist archivist;
    char folder[128];

    archive_rig_close(rig);
    (void)snprintf(folder, sizeof(folder), "%s/later", rig->folder);
    (void)snprintf(rig->path, sizeof(rig->path), "%s/later/archive.db", rig->folder);
    archive_rig_open(rig);
    archive_rig_say_many(rig, rig->lobby, 1);
    assert_int_equal(archivist_start(&archivist, rig->archive), 0);
    while (!archive_is_failing(rig->archive)) {
        (void)sched_yield();
    }
    archivist_stop(&archivist, true);
    assert_int_equal(archivist_start(&archivist, rig->archive), 0);
    assert_int_equal(mkdir(folder, 0700), 0);
    wait_for(&archivist, rig->base.state.header->log.tail);
    archivist_stop(&archivist, true);
    assert_false(archive_is_failing(rig->archive));
}

/* Signals are for the loop. */
static void the_thread_takes_no_signal(void **state)
{
    struct archive_rig *rig = *state;
    struct archivist archivist;
    sigset_t before, after, term;
    siginfo_t info;

    (void)sigemptyset(&before);
    (void)sigemptyset(&after);
    assert_int_equal(pthread_sigmask(SIG_SETMASK, NULL, &before), 0);
    assert_int_equal(archivist_start(&archivist, rig->archive), 0);
    assert_int_equal(pthread_sigmask(SIG_SETMASK, NULL, &after), 0);
    for (int i = 1; i < NSIG; i++) {
        assert_int_equal(sigismember(&before, i), sigismember(&after, i));
    }
    (void)sigemptyset(&term);
    (void)sigaddset(&term, SIGTERM);
    assert_int_equal(pthread_sigmask(SIG_BLOCK, &term, NULL), 0);
    assert_int_equal(kill(getpid(), SIGTERM), 0); /* would end us, if the thread took it */
    assert_int_equal(sigwaitinfo(&term, &info), SIGTERM);
    assert_int_equal(pthread_sigmask(SIG_SETMASK, &before, NULL), 0);
    archivist_stop(&archivist, false);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ARCHIVE_TEST(the_thread_keeps_up_with_a_ring_that_is_overwritten_many_times),
        ARCHIVE_TEST(one_who_sleeps_is_woken),
        ARCHIVE_TEST(what_is_said_before_the_end_is_drained),
        ARCHIVE_TEST(a_failing_archive_ends_too_and_what_it_waits_for_comes),
        ARCHIVE_TEST(the_thread_takes_no_signal),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
