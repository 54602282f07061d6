/* SPDX-License-Identifier: MIT */
/* app/boxes: whatever moment a process ends at, the next one gets each living connection once; and
 * what has ended leaves nothing behind. */
#include "support/boxes_rig.h"

/* ---- filling and peeking ---- */

static void a_full_box_is_followed_by_a_second_one(void **state)
{
    struct boxes_rig *rig = *state;

    boxes_rig_keep(rig, 1, BOX_SIZE);
    assert_string_equal(rig->store.story, "+box-1 ");
    boxes_rig_keep(rig, BOX_SIZE + 1, BOX_SIZE + 1);
    assert_string_equal(rig->store.story, "+box-1 +box-2 ");
}

static void what_was_kept_comes_back_and_a_restart_takes_nothing_out(void **state)
{
    struct boxes_rig *rig = *state;

    boxes_rig_keep(rig, 1, 300);
    for (int i = 0; i < 3; i++) { /* as if each start died before it was done */
        boxes_rig_restart(rig);
        boxes_rig_expect_alive(rig, 1, 300);
    }
    assert_string_equal(rig->store.story, "+box-1 +box-2 +box-3 ");
}

static void new_boxes_have_names_that_no_stored_one_has(void **state)
{
    struct boxes_rig *rig = *state;

    boxes_rig_keep(rig, 1, 200);
    boxes_rig_restart_from(rig, 1);
    boxes_rig_keep(rig, 201, 201);
    assert_string_equal(rig->store.story, "+box-1 +box-2 +box-3 ");
}

static void forgetting_what_was_never_kept_changes_nothing(void **state)
{
    struct boxes_rig *rig = *state;

    boxes_rig_keep(rig, 1, 2);
    boxes_rig_forget(rig, 3, 100);
    boxes_rig_restart(rig);
    boxes_rig_expect_alive(rig, 1, 2);
}

/* Another program's message, an entry without a descriptor, something that is no box. */
static void what_cannot_be_read_costs_nobody_else_the_connection(void **state)
{
    struct boxes_rig *rig = *state;
    struct kept *kept = NULL;
    size_t n_kept = 0;
    int pair[2], fd = store_rig_connection(5);

    boxes_rig_keep(rig, 1, 3);
    assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair), 0);
    store_rig_put(&rig->store, "box-7", pair[0]);
    assert_int_equal(send(pair[1], "what?", 5, 0), 5);
    assert_int_equal(send(pair[1], "12345678", 8, 0), 8);
    assert_int_equal(rights_send(pair[1], &(uint64_t){ 5 }, 8, fd, 0), 0);
    (void)close(fd);
    (void)close(pair[1]);
    boxes_rig_restart(rig);
    assert_int_equal(boxes_rig_count_alive(rig), 4);
    assert_int_not_equal(rig->fds[5], -1);
    assert_int_equal(boxes_restore(&rig->boxes, "box-8", rig->fds[1], &kept, &n_kept),
                     BOXES_UNREADABLE);
    assert_int_equal(boxes_restore(&rig->boxes, "box-x", pair[0], &kept, &n_kept),
                     BOXES_UNREADABLE);
    assert_null(kept);
}

static void only_a_word_and_a_number_is_the_name_of_a_box(void **state)
{
    static const struct {
        const char *name;
        bool is_box;
    } rows[] = { { "box-1", true },   { "box-4294967294", true }, { "box-4294967295", false },
                 { "box-", false },   { "box-1x", false },        { "box--1", false },
                 { "xbox-1", false }, { "region-1", false },      { "", false } };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        assert_int_equal(boxes_is_name(rows[i].name), rows[i].is_box);
    }
}

/* ---- emptying ---- */

static void a_box_goes_only_when_its_living_stand_in_another(void **state)
{
    struct boxes_rig *rig = *state;

    boxes_rig_keep(rig, 1, 2 * BOX_SIZE);
    boxes_rig_forget(rig, 1, BOX_DEAD_LIMIT - 1);
    assert_string_equal(rig->store.story, "+box-1 +box-2 ");
    boxes_rig_forget(rig, BOX_DEAD_LIMIT, BOX_DEAD_LIMIT);
    assert_string_equal(rig->store.story, "+box-1 +box-2 +box-3 -box-1 ");
    boxes_rig_restart(rig);
    boxes_rig_expect_alive(rig, BOX_DEAD_LIMIT + 1, 2 * BOX_SIZE);
}

/* Whatever the manager has when it hears that box 1 may go must already be elsewhere: the process
 * dies right after that message. */
static void a_crash_right_after_a_box_went_loses_nobody(void **state)
{
    struct boxes_rig *rig = *state;

    boxes_rig_keep(rig, 1, 2 * BOX_SIZE);
    for (uint64_t id = 1; id <= BOX_DEAD_LIMIT; id++) {
        rig->boxes.keeper.forget(&rig->boxes.keeper, id);
    }
    while (strstr(rig->store.story, "-box-1") == NULL) {
        assert_true(store_rig_hear_one(&rig->store));
    }
    assert_false(store_rig_hear_one(&rig->store)); /* it was the last word */
    boxes_rig_restart(rig);
    boxes_rig_expect_alive(rig, BOX_DEAD_LIMIT + 1, 2 * BOX_SIZE);
}

/* The new box was stored, the process died before the old one was removed. */
static void a_move_that_a_crash_cut_short_gives_each_connection_once(void **state)
{
    for (size_t from = 0; from < 2; from++) {
        struct boxes_rig *rig = *state;
        int old_box;

        boxes_rig_keep(rig, 1, 100);
        old_box = fcntl(rig->store.stored[0].fd, F_DUPFD_CLOEXEC, 0);
        boxes_rig_restart(rig);
        boxes_rig_keep(rig, 200, 200);
        boxes_rig_forget(rig, 1, BOX_DEAD_LIMIT); /* 68 move */
        assert_int_equal(store_rig_find(&rig->store, "box-1"), -1);
        store_rig_put(&rig->store, "box-1", old_box);
        for (int i = 0; i < 2; i++) {
            boxes_rig_restart_from(rig, from); /* fails on what comes twice */
            assert_int_equal(boxes_rig_count_alive(rig), 101);
        }
        boxes_rig_forget(rig, 1, BOX_DEAD_LIMIT); /* strays: it is emptied once more */
        boxes_rig_forget(rig, 200, 200);
        boxes_rig_expect_alive(rig, BOX_DEAD_LIMIT + 1, 100);
        (void)boxes_rig_teardown(state);
        (void)boxes_rig_setup(state);
    }
}

/* It filled up with short visits; nobody is left to die in it. */
static void a_box_of_the_dead_goes_when_the_next_is_opened(void **state)
{
    struct boxes_rig *rig = *state;

    for (uint64_t id = 1; id <= BOX_SIZE; id++) {
        boxes_rig_keep(rig, id, id);
        boxes_rig_forget(rig, id, id);
    }
    assert_string_equal(rig->store.story, "+box-1 ");
    boxes_rig_keep(rig, 1000, 1000);
    assert_string_equal(rig->store.story, "+box-1 +box-2 -box-1 ");
}

static void thousands_of_comings_and_goings_leave_few_boxes(void **state)
{
    enum { LIVING = 300, COMINGS = 20000 };
    struct boxes_rig *rig = *state;
    uint64_t ids[LIVING] = { 0 };
    uint32_t dice = 1;

    for (uint64_t id = 1; id <= COMINGS; id++) {
        uint32_t place = (dice = dice * 1664525 + 1013904223) / 65536 % LIVING;

        if (ids[place] != 0) {
            boxes_rig_forget(rig, ids[place], ids[place]);
        }
        ids[place] = id;
        boxes_rig_keep(rig, id, id);
        assert_true(rig->boxes.n_boxes == rig->store.n_stored);
        assert_true(rig->store.n_stored <= LIVING * 4 / 3 / BOX_SIZE + 3);
        rig->store.story_len = 0;
    }
    boxes_rig_restart(rig);
    assert_in_range(boxes_rig_count_alive(rig), LIVING, LIVING + 4 * BOX_DEAD_LIMIT + BOX_SIZE);
    for (int place = 0; place < LIVING; place++) {
        assert_int_not_equal(rig->fds[ids[place]], -1);
    }
}

/* ---- tidying ---- */

static void small_boxes_are_merged_and_a_single_one_is_left_alone(void **state)
{
    struct boxes_rig *rig = *state;

    for (uint64_t id = 1; id <= 5; id++) { /* five short runs, untidy */
        boxes_rig_keep(rig, id, id);
        boxes_rig_restart(rig);
    }
    assert_int_equal(rig->store.n_stored, 5);
    store_rig_forget_story(&rig->store);
    for (int i = 0; i < 5; i++) {
        boxes_rig_tidy(rig);
        assert_string_equal(rig->store.story, "+box-6 -box-1 -box-2 -box-3 -box-4 -box-5 ");
        boxes_rig_restart(rig);
        boxes_rig_expect_alive(rig, 1, 5);
    }
}

static void many_short_runs_leave_few_boxes(void **state)
{
    struct boxes_rig *rig = *state;

    for (uint64_t id = 1; id <= 500; id += 10) {
        boxes_rig_keep(rig, id, id + 9);
        boxes_rig_restart(rig);
        boxes_rig_tidy(rig);
        assert_true(rig->store.n_stored <= id / (BOX_SIZE / 2) + 2);
    }
    boxes_rig_expect_alive(rig, 1, 500);
}

static void a_box_in_which_nothing_lives_is_removed(void **state)
{
    struct boxes_rig *rig = *state;
    const struct index *by_id = &rig->boxes.by_id;

    boxes_rig_keep(rig, 1, 3);
    boxes_rig_restart(rig);
    boxes_rig_forget(rig, 1, 3);
    assert_int_equal(rig->store.n_stored, 0);
    boxes_rig_keep(rig, 4, 300);
    boxes_remove_all(&rig->boxes);
    store_rig_hear(&rig->store);
    assert_int_equal(rig->store.n_stored, 0);
    for (uint64_t id = 4; id <= 300; id++) {
        assert_int_equal(index_first(by_id, index_hash(by_id, &id, sizeof(id))), 0);
    }
    boxes_rig_close_all(rig);
    boxes_rig_keep(rig, 4, 4);
    boxes_rig_restart(rig);
    boxes_rig_expect_alive(rig, 4, 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BOXES_TEST(a_full_box_is_followed_by_a_second_one),
        BOXES_TEST(what_was_kept_comes_back_and_a_restart_takes_nothing_out),
        BOXES_TEST(new_boxes_have_names_that_no_stored_one_has),
        BOXES_TEST(forgetting_what_was_never_kept_changes_nothing),
        BOXES_TEST(what_cannot_be_read_costs_nobody_else_the_connection),
        BOXES_TEST(only_a_word_and_a_number_is_the_name_of_a_box),
        BOXES_TEST(a_box_goes_only_when_its_living_stand_in_another),
        BOXES_TEST(a_crash_right_after_a_box_went_loses_nobody),
        BOXES_TEST(a_move_that_a_crash_cut_short_gives_each_connection_once),
        BOXES_TEST(a_box_of_the_dead_goes_when_the_next_is_opened),
        BOXES_TEST(thousands_of_comings_and_goings_leave_few_boxes),
        BOXES_TEST(small_boxes_are_merged_and_a_single_one_is_left_alone),
        BOXES_TEST(many_short_runs_leave_few_boxes),
        BOXES_TEST(a_box_in_which_nothing_lives_is_removed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
