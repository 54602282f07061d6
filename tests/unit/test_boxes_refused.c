/* SPDX-License-Identifier: MIT */
/* app/boxes, when the service manager is behind, has hung up or has no room: the server is told,
 * and nothing that was stored is lost. */
#include "support/boxes_rig.h"

#include <sys/resource.h>
#include <sys/wait.h>

/* Connections end while nobody hears it. */
static void rig_forget_unheard(struct boxes_rig *rig, uint64_t first, uint64_t last)
{
    for (uint64_t id = first; id <= last; id++) {
        boxes_rig_close(rig, id);
        rig->boxes.keeper.forget(&rig->boxes.keeper, id);
    }
}

static void no_more_boxes_than_the_store_may_hold_are_opened(void **state)
{
    struct boxes_rig *rig = *state;
    struct kept *kept = NULL;
    size_t n_kept = 0;

    for (uint64_t id = 1; id <= BOXES_MAX; id++) {
        boxes_rig_keep(rig, id, id);
        boxes_rig_restart(rig); /* a box that came back is not filled any more */
    }
    assert_int_equal(boxes_rig_try_to_keep(rig, 1000), -ENOSPC);
    assert_int_equal(rig->store.n_stored, BOXES_MAX);
    assert_int_equal(
        boxes_restore(&rig->boxes, "box-9999", rig->store.stored[0].fd, &kept, &n_kept),
        BOXES_UNREADABLE);
    boxes_rig_forget(rig, 7, 7); /* and its box goes */
    assert_int_equal(rig->store.n_stored, BOXES_MAX - 1);
    boxes_rig_keep(rig, 1000, 1000);
    boxes_rig_restart(rig);
    assert_int_equal(boxes_rig_count_alive(rig), BOXES_MAX);
}

/* The manager does not read: its queue is full. */
static void a_manager_that_is_behind_is_reported_and_asked_again_later(void **state)
{
    struct boxes_rig *rig = *state;
    int fd = store_rig_connection(5);
    int r = 0;

    boxes_rig_keep(rig, 1, 4);
    boxes_rig_restart(rig);
    while (notify_ping(&rig->store.notify) == 0) {
    }
    assert_int_equal(rig->boxes.keeper.keep(&rig->boxes.keeper, 5, fd), -EAGAIN);
    rig_forget_unheard(rig, 1, 4); /* the box should go, and can't */
    store_rig_hear(&rig->store);
    assert_int_equal(rig->store.n_stored, 1);
    r = rig->boxes.keeper.keep(&rig->boxes.keeper, 5, fd);
    assert_int_equal(r, 0);
    store_rig_hear(&rig->store);
    assert_string_equal(rig->store.story, "+box-1 +box-2 -box-1 ");
    (void)close(fd);
    boxes_rig_restart(rig);
    boxes_rig_expect_alive(rig, 5, 5);
}

/* A move that fails half way leaves the rest where it is. */
static void a_box_that_cannot_be_emptied_keeps_everybody(void **state)
{
    struct boxes_rig *rig = *state;

    boxes_rig_keep(rig, 1, 100);
    boxes_rig_restart(rig);
    while (notify_ping(&rig->store.notify) == 0) {
    }
    rig_forget_unheard(rig, 1, BOX_DEAD_LIMIT);
    store_rig_hear(&rig->store);
    assert_string_equal(rig->store.story, "+box-1 ");
    boxes_rig_restart(rig);
    boxes_rig_expect_alive(rig, 1, 100); /* the dead too: the server ends them again */
    boxes_rig_forget(rig, 1, BOX_DEAD_LIMIT);
    assert_string_equal(rig->store.story, "+box-1 +box-2 -box-1 ");
    boxes_rig_restart(rig);
    boxes_rig_expect_alive(rig, BOX_DEAD_LIMIT + 1, 100);
}

/* No descriptor is left for a new box, while one after the other ends. */
static void the_last_one_alive_in_a_box_that_cannot_be_emptied_keeps_it(void **state)
{
    struct boxes_rig *rig = *state;
    struct rlimit limit, none;

    boxes_rig_keep(rig, 1, 100);
    boxes_rig_restart(rig);
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
    none = (struct rlimit){ 0, limit.rlim_max };
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
    rig_forget_unheard(rig, 1, 99);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
    store_rig_hear(&rig->store);
    assert_string_equal(rig->store.story, "+box-1 ");
    boxes_rig_keep(rig, 101, 101); /* and now it is emptied */
    assert_string_equal(rig->store.story, "+box-1 +box-2 -box-1 ");
    boxes_rig_restart(rig);
    boxes_rig_expect_alive(rig, 100, 101);
}

static void a_manager_that_hung_up_is_reported_and_what_was_stored_stays(void **state)
{
    struct boxes_rig *rig = *state;
    int fd = store_rig_connection(500);

    boxes_rig_keep(rig, 1, BOX_SIZE);
    fd_close_slot(&rig->store.manager);
    rig->store.manager = -1;
    assert_true(rig->boxes.keeper.keep(&rig->boxes.keeper, 500, fd) < 0);
    (void)close(fd);
    boxes_rig_restart(rig);
    boxes_rig_expect_alive(rig, 1, BOX_SIZE);
}

/* Its store is full, or there is none (FileDescriptorStoreMax=0): it drops what it is given. */
static void a_box_that_the_manager_dropped_is_not_filled_any_more(void **state)
{
    struct boxes_rig *rig = *state;

    boxes_rig_keep(rig, 1, 1);
    store_rig_drop(&rig->store, "box-1");
    boxes_rig_keep(rig, 2, 3);
    assert_string_equal(rig->store.story, "+box-1 -box-1 +box-2 ");
    boxes_rig_restart(rig);
    boxes_rig_expect_alive(rig, 2, 3);
}

/* Only what is alive may count against the limit of descriptors in flight (unix(7)). */
static int fill_to_the_limit(struct boxes_rig *rig)
{
    const struct rlimit limit = { 400, 400 };
    uint64_t id = 1;

    if (setrlimit(RLIMIT_NOFILE, &limit) < 0 ||
        (geteuid() == 0 && setresuid(64123, 64123, 64123) < 0)) {
        return 77;
    }
    for (; id <= 1000; id++) { /* one at a time is alive; the open box collects the dead */
        if (boxes_rig_try_to_keep(rig, id) != 0) {
            return 1;
        }
        if (id > 200) {
            boxes_rig_forget(rig, id, id);
        }
    }
    return 0;
}

static void the_dead_do_not_use_up_the_descriptors_in_flight(void **state)
{
    struct boxes_rig *rig = *state;
    pid_t pid = fork();
    int status;

    assert_true(pid >= 0);
    if (pid == 0) {
        _exit(fill_to_the_limit(rig));
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    if (WEXITSTATUS(status) == 77) {
        skip();
    }
    assert_int_equal(WEXITSTATUS(status), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BOXES_TEST(no_more_boxes_than_the_store_may_hold_are_opened),
        BOXES_TEST(a_manager_that_is_behind_is_reported_and_asked_again_later),
        BOXES_TEST(a_box_that_cannot_be_emptied_keeps_everybody),
        BOXES_TEST(the_last_one_alive_in_a_box_that_cannot_be_emptied_keeps_it),
        BOXES_TEST(a_manager_that_hung_up_is_reported_and_what_was_stored_stays),
        BOXES_TEST(a_box_that_the_manager_dropped_is_not_filled_any_more),
        BOXES_TEST(the_dead_do_not_use_up_the_descriptors_in_flight),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
