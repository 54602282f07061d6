/* SPDX-License-Identifier: MIT */
/* chat/marks: up to when somebody has read what. Times only move on; a list survives the process, a
 * new nick and leaving the room; limits hold; whoever goes leaves nothing behind. */
#include "chat/marks.h"

#include "support/chat_rig.h"

#include <stdio.h>

enum { UNKNOWN = 0 };

static int try_mark(struct chat_rig *rig, uint32_t person, const char *target, uint64_t ms)
{
    int r;

    chat_begin(rig);
    r = marks_set(rig->hub, person, text_of(target), ms, rig->exchange.now);
    chat_commit(rig);
    return r;
}

static void mark(struct chat_rig *rig, uint32_t person, const char *target, uint64_t ms)
{
    assert_int_equal(try_mark(rig, person, target, ms), 0);
}

static uint64_t marked(struct chat_rig *rig, uint32_t person, const char *target)
{
    uint64_t ms = UNKNOWN;

    return marks_find(rig->hub, person, text_of(target), &ms) ? ms : UNKNOWN;
}

/* "#000xxx...", as long as the name of a room can be. */
static const char *long_name(int n)
{
    static char name[ROOM_NAME_MAX + 1];

    memset(name, 'x', ROOM_NAME_MAX);
    name[snprintf(name, sizeof(name), "#%03d", n)] = 'x';
    return name;
}

static void a_target_is_known_by_its_name_in_any_case_and_to_the_millisecond(void **state)
{
    struct chat_rig *rig = *state;
    uint32_t ann = chat_person(rig, FRONT_IRC, "ann");

    assert_int_equal(marked(rig, ann, "#tea"), UNKNOWN);
    mark(rig, ann, "#tea", 1234567890123);
    mark(rig, ann, "Bob", 1);
    mark(rig, ann, "#te", 1234567890124);
    assert_int_equal(marked(rig, ann, "#TEA"), 1234567890123);
    assert_int_equal(marked(rig, ann, "bOB"), 1);
    assert_int_equal(marked(rig, ann, "#te"), 1234567890124);
    assert_int_equal(marked(rig, ann, "#t"), UNKNOWN);
    assert_int_equal(marked(rig, ann, "#teas"), UNKNOWN);
    assert_int_equal(marked(rig, ann, ""), UNKNOWN);
}

static void the_first_moment_of_all_is_not_the_same_as_none(void **state)
{
    struct chat_rig *rig = *state;
    uint32_t ann = chat_person(rig, FRONT_IRC, "ann");
    uint64_t ms = 1;

    mark(rig, ann, "#tea", 0);
    assert_true(marks_find(rig->hub, ann, TEXT("#tea"), &ms));
    assert_int_equal(ms, 0);
}

static void a_time_only_moves_on(void **state)
{
    struct chat_rig *rig = *state;
    uint32_t ann = chat_person(rig, FRONT_IRC, "ann");

    mark(rig, ann, "#a", 5000);
    mark(rig, ann, "#b", 6000);
    mark(rig, ann, "#A", 5001);
    assert_int_equal(marked(rig, ann, "#a"), 5001);
    mark(rig, ann, "#a", 5001);
    mark(rig, ann, "#a", 5000);
    mark(rig, ann, "#a", 0);
    assert_int_equal(marked(rig, ann, "#a"), 5001);
    assert_int_equal(marked(rig, ann, "#b"), 6000);
}

static void nothing_is_read_that_is_not_said_yet(void **state)
{
    struct chat_rig *rig = *state;
    uint64_t now = rig->exchange.now.real_ms;
    uint32_t ann = chat_person(rig, FRONT_IRC, "ann");

    mark(rig, ann, "#a", now);
    mark(rig, ann, "#b", now + 1);
    assert_int_equal(marked(rig, ann, "#a"), now);
    assert_int_equal(marked(rig, ann, "#b"), now);
    rig->exchange.now.real_ms++;
    mark(rig, ann, "#b", UINT64_MAX);
    assert_int_equal(marked(rig, ann, "#b"), now + 1);
}

/* What is said then still has the time of what was said before it. */
static void a_clock_that_is_set_back_does_not_keep_the_last_message_unread(void **state)
{
    struct chat_rig *rig = *state;
    uint64_t now = rig->exchange.now.real_ms;
    uint32_t ann = chat_person(rig, FRONT_IRC, "ann");
    uint32_t room = chat_join(rig, ann, "#a", 0);

    chat_say(rig, ann, room, "hello");
    rig->exchange.now.real_ms -= 60000;
    mark(rig, ann, "#a", now);
    assert_int_equal(marked(rig, ann, "#a"), now);
    mark(rig, ann, "#a", now + 1);
    assert_int_equal(marked(rig, ann, "#a"), now);
}

static void what_is_no_name_is_refused(void **state)
{
    static const char *const wrong[] = { "", "*", "#", "@#a", "#a,b", "a b", "1a", "$*" };
    struct chat_rig *rig = *state;
    uint32_t ann = chat_person(rig, FRONT_IRC, "ann");
    char nick[NICK_MAX + 2] = { 0 }, room[ROOM_NAME_MAX + 2] = "#";

    for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
        assert_int_equal(try_mark(rig, ann, wrong[i], 1), CHAT_BAD_NAME);
    }
    memset(nick, 'n', NICK_MAX);
    memset(room + 1, 'r', ROOM_NAME_MAX - 1);
    mark(rig, ann, nick, 1);
    mark(rig, ann, room, 2);
    assert_int_equal(marked(rig, ann, nick), 1);
    assert_int_equal(marked(rig, ann, room), 2);
    nick[NICK_MAX] = 'n';
    room[ROOM_NAME_MAX] = 'r';
    assert_int_equal(try_mark(rig, ann, nick, 1), CHAT_BAD_NAME);
    assert_int_equal(try_mark(rig, ann, room, 1), CHAT_BAD_NAME);
}

static void a_list_has_room_for_so_many_and_then_the_earliest_gives_way(void **state)
{
    struct chat_rig *rig = *state;
    uint32_t ann = chat_person(rig, FRONT_IRC, "ann");

    for (int i = 0; i < MARKS_MAX; i++) {
        mark(rig, ann, long_name(i), i == 70 ? 10 : 1000 + (uint64_t)i);
    }
    mark(rig, ann, long_name(0), 2000); /* it is full of those that are known */
    assert_int_equal(marked(rig, ann, long_name(70)), 10);
    rig->base.journal_peak = 0;
    mark(rig, ann, "#more", 5);
    assert_in_range(rig->base.journal_peak, 1, JOURNAL_BYTES / 2);
    assert_int_equal(marked(rig, ann, long_name(70)), UNKNOWN);
    assert_int_equal(marked(rig, ann, "#more"), 5);
    for (int i = 0; i < MARKS_MAX; i++) {
        assert_int_equal(marked(rig, ann, long_name(i)), i == 70  ? UNKNOWN
                                                         : i == 0 ? 2000
                                                                  : 1000 + (uint64_t)i);
    }
    mark(rig, ann, "#and-more", 6);
    assert_int_equal(marked(rig, ann, "#more"), UNKNOWN);
    mark(rig, ann, "#again", 3000);
    assert_int_equal(marked(rig, ann, "#and-more"), UNKNOWN);
    mark(rig, ann, "#and-again", 3000);
    assert_int_equal(marked(rig, ann, long_name(1)), UNKNOWN);
    assert_int_equal(marked(rig, ann, long_name(2)), 1002);
}

static void a_list_is_one_persons_and_stays_over_a_new_nick_and_a_restart(void **state)
{
    struct chat_rig *rig = *state;
    uint32_t ann = chat_person(rig, FRONT_IRC, "ann");
    uint32_t bob = chat_person(rig, FRONT_IRC, "bob");

    mark(rig, ann, "#tea", 5000);
    mark(rig, bob, "#tea", 6000);
    mark(rig, bob, "ann", 7000);
    chat_begin(rig);
    assert_int_equal(people_rename(rig->hub, ann, TEXT("dan"), rig->exchange.now), 0);
    chat_commit(rig);
    chat_rig_restart(rig);
    assert_int_equal(marked(rig, ann, "#tea"), 5000);
    assert_int_equal(marked(rig, ann, "ann"), UNKNOWN);
    assert_int_equal(marked(rig, bob, "#tea"), 6000);
    assert_int_equal(marked(rig, bob, "ann"), 7000);
}

static void a_mark_stays_when_its_room_is_left_and_gone(void **state)
{
    struct chat_rig *rig = *state;
    uint32_t ann = chat_person(rig, FRONT_IRC, "ann");
    uint32_t room = chat_join(rig, ann, "#tea", 0);

    mark(rig, ann, "#tea", 5000);
    chat_leave(rig, ann, room);
    (void)chat_hear(rig, ann);
    assert_int_equal(rooms_find(rig->hub, TEXT("#tea")), 0);
    assert_int_equal(marked(rig, ann, "#tea"), 5000);
}

static void who_is_gone_leaves_no_mark_behind(void **state)
{
    struct chat_rig *rig = *state;
    uint32_t ann = chat_person(rig, FRONT_IRC, "ann");
    uint32_t cells = rig->base.state.free_cells.n_free;

    for (int i = 0; i < MARKS_MAX + 1; i++) {
        mark(rig, ann, long_name(i), 1000);
    }
    chat_quit(rig, ann);
    chat_begin(rig);
    people_forget(rig->hub, ann);
    state_free_wire(&rig->base.state, ann);
    chat_commit(rig);
    assert_int_equal(rig->base.state.free_cells.n_free, cells);
    assert_int_equal(chat_person(rig, FRONT_IRC, "bob"), ann); /* in the same row */
    assert_int_equal(marked(rig, ann, long_name(1)), UNKNOWN);
}

static void without_spare_cells_a_new_target_is_refused_and_a_known_one_moves_on(void **state)
{
    struct chat_rig *rig = *state;
    struct state *region = &rig->base.state;
    uint32_t ann = chat_person(rig, FRONT_IRC, "ann");

    mark(rig, ann, "#a", 1000);
    while (region->free_cells.n_free > region->free_cells.n_rows / 4 + 2) {
        assert_int_not_equal(table_take(&region->free_cells), 0);
    }
    mark(rig, ann, "#b", 1000);
    assert_int_not_equal(table_take(&region->free_cells), 0);
    assert_int_equal(try_mark(rig, ann, "#c", 1000), CHAT_FULL);
    while (table_take(&region->free_cells) != 0) {
    }
    mark(rig, ann, "#a", 2000);
    assert_int_equal(marked(rig, ann, "#a"), 2000);
    assert_int_equal(marked(rig, ann, "#b"), 1000);
    assert_int_equal(marked(rig, ann, "#c"), UNKNOWN);
}

/* A mark's head may lie in two cells, and be written over there. */
static void marks_lie_across_cells(void **state)
{
    struct chat_rig *rig = *state;
    uint32_t ann = chat_person(rig, FRONT_IRC, "ann");
    char name[16];

    for (int i = 0; i < MARKS_MAX; i++) {
        (void)snprintf(name, sizeof(name), "#%0*d", i % 4 + 1, i);
        mark(rig, ann, name, 1);
        mark(rig, ann, name, 0x010203040506 + (uint64_t)i);
        assert_int_equal(marked(rig, ann, name), 0x010203040506 + (uint64_t)i);
    }
    for (int i = 0; i < MARKS_MAX; i++) {
        (void)snprintf(name, sizeof(name), "#%0*d", i % 4 + 1, i);
        assert_int_equal(marked(rig, ann, name), 0x010203040506 + (uint64_t)i);
    }
}

static void what_can_be_no_mark_is_passed_over_and_not_kept(void **state)
{
    static const struct text broken[] = { TEXT("\0.\0\0\0\0\0#b"), TEXT("\x03......#b"),
                                          TEXT("\x02....."), TEXT("\xff......#b") };
    struct chat_rig *rig = *state;
    uint32_t ann = chat_person(rig, FRONT_IRC, "ann");

    for (size_t i = 0; i < ARRAY_SIZE(broken); i++) {
        struct person_more more = { 0 };
        char space[64];
        struct buf bytes = buf_over(space, sizeof(space));

        buf_text_put(&bytes, TEXT("\x02\x07\0\0\0\0\0#a"));
        buf_text_put(&bytes, broken[i]);
        chat_begin(rig);
        state_set_text(&rig->base.state, &more.marks, buf_text(&bytes));
        state_set_person_more(&rig->base.state, ann, &more);
        chat_commit(rig);
        assert_int_equal(marked(rig, ann, "#a"), 7);
        assert_int_equal(marked(rig, ann, "#b"), UNKNOWN);
        assert_int_equal(marked(rig, ann, ""), UNKNOWN);
        mark(rig, ann, "#c", 8);
        assert_int_equal(marked(rig, ann, "#a"), 7);
        assert_int_equal(marked(rig, ann, "#c"), 8);
        mark(rig, ann, "#d", 9);
        assert_int_equal(marked(rig, ann, "#d"), 9);
        chat_begin(rig);
        more = state_person_more(&rig->base.state, ann);
        state_set_text(&rig->base.state, &more.marks, TEXT_NONE);
        state_set_person_more(&rig->base.state, ann, &more);
        chat_commit(rig);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CHAT_TEST(a_target_is_known_by_its_name_in_any_case_and_to_the_millisecond),
        CHAT_TEST(the_first_moment_of_all_is_not_the_same_as_none),
        CHAT_TEST(a_time_only_moves_on),
        CHAT_TEST(nothing_is_read_that_is_not_said_yet),
        CHAT_TEST(a_clock_that_is_set_back_does_not_keep_the_last_message_unread),
        CHAT_TEST(what_is_no_name_is_refused),
        CHAT_TEST(a_list_has_room_for_so_many_and_then_the_earliest_gives_way),
        CHAT_TEST(a_list_is_one_persons_and_stays_over_a_new_nick_and_a_restart),
        CHAT_TEST(a_mark_stays_when_its_room_is_left_and_gone),
        CHAT_TEST(who_is_gone_leaves_no_mark_behind),
        CHAT_TEST(without_spare_cells_a_new_target_is_refused_and_a_known_one_moves_on),
        CHAT_TEST(marks_lie_across_cells),
        CHAT_TEST(what_can_be_no_mark_is_passed_over_and_not_kept),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
