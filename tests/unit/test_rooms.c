/* SPDX-License-Identifier: MIT */
/* chat/rooms: who is in, who hears what from when on, what is refused, and that a room lasts as
 * long as somebody has something to read in it. */
#include "support/chat_rig.h"

#include <stdio.h>

static int join(struct chat_rig *rig, uint32_t person, struct text name)
{
    uint32_t room;
    int r;

    chat_begin(rig);
    r = chat_try_join(rig, person, name, 0, &room);
    chat_commit(rig);
    return r;
}

static void a_room_is_found_in_any_case_and_keeps_the_first_spelling(void **state)
{
    struct chat_rig *rig = *state;
    uint32_t ann = chat_person(rig, FRONT_IRC, "ann");
    uint32_t bob = chat_person(rig, FRONT_IRC, "bob");
    uint32_t room = chat_join(rig, ann, "#Tea", 0);

    assert_int_equal(chat_join(rig, bob, "#tEA", 0), room);
    assert_string_equal(hub_room(rig->hub, room)->name, "#Tea");
    assert_int_equal(rooms_find(rig->hub, TEXT("#tea")), room);
    assert_int_equal(rooms_find(rig->hub, TEXT("#te")), 0);
    assert_int_equal(hub_room(rig->hub, room)->n_members, 2);
}

static void what_is_no_rooms_name_cannot_be_joined(void **state)
{
    struct chat_rig *rig = *state;
    uint32_t ann = chat_person(rig, FRONT_IRC, "ann");

    assert_int_equal(join(rig, ann, TEXT("tea")), CHAT_BAD_ROOM);
    assert_int_equal(join(rig, ann, TEXT("#")), CHAT_BAD_ROOM);
    assert_int_equal(join(rig, ann, TEXT_NONE), CHAT_BAD_ROOM);
    assert_int_equal(members_count_of(rig->hub, ann), 0);
    assert_int_equal(table_used(&rig->base.state.free_rooms), 0);
}

static void joining_twice_is_refused_and_names_the_room(void **state)
{
    struct chat_rig *rig = *state;
    uint32_t ann = chat_person(rig, FRONT_IRC, "ann");
    uint32_t room = chat_join(rig, ann, "#tea", 0), again = 0;

    chat_begin(rig);
    assert_int_equal(chat_try_join(rig, ann, TEXT("#TEA"), 0, &again), CHAT_ALREADY_MEMBER);
    chat_commit(rig);
    assert_int_equal(again, room);
    assert_int_equal(hub_room(rig->hub, room)->n_members, 1);
}

static void a_person_may_be_in_as_many_rooms_as_the_limit_and_not_in_one_more(void **state)
{
    struct chat_rig *rig = *state;
    uint32_t ann = chat_person(rig, FRONT_IRC, "ann");

    rig->hub->limits.rooms_per_person = 3;
    (void)chat_join(rig, ann, "#1", 0);
    (void)chat_join(rig, ann, "#2", 0);
    chat_leave(rig, ann, chat_join(rig, ann, "#3", 0)); /* not read yet, but left */
    assert_int_equal(join(rig, ann, TEXT("#4")), 0);
    assert_int_equal(join(rig, ann, TEXT("#5")), CHAT_TOO_MANY_ROOMS);
    assert_int_equal(rooms_find(rig->hub, TEXT("#5")), 0);
}

static void rows_on_their_way_out_count_towards_the_rows_of_a_person(void **state)
{
    struct chat_rig *rig = *state;
    uint32_t ann = chat_person(rig, FRONT_IRC, "ann");

    for (int i = 0; i < MEMBERSHIPS_PER_PERSON; i++) {
        chat_leave(rig, ann, chat_join(rig, ann, "#tea", 0));
    }
    assert_int_equal(hub_person(rig->hub, ann)->n_memberships, MEMBERSHIPS_PER_PERSON);
    assert_int_equal(join(rig, ann, TEXT("#tea")), CHAT_TOO_MANY_ROOMS);
    (void)chat_hear(rig, ann);
    assert_int_equal(hub_person(rig->hub, ann)->n_memberships, 0);
    assert_int_equal(join(rig, ann, TEXT("#tea")), 0);
}

static void when_the_table_of_rooms_is_full_a_new_one_is_refused_and_an_old_one_not(void **state)
{
    struct chat_rig *rig = *state;
    uint32_t ann = chat_person(rig, FRONT_IRC, "ann");
    char name[16] = "";

    chat_begin(rig);
    for (uint32_t i = 1; i < state_rig_sizes.rooms; i++) {
        (void)snprintf(name, sizeof(name), "#%u", i);
        assert_int_equal(rooms_add_permanent(rig->hub, text_of(name), TEXT_NONE, ROOM_NO_EXTERNAL,
                                             rig->exchange.now),
                         0);
    }
    chat_commit(rig);
    assert_int_equal(join(rig, ann, TEXT("#new")), CHAT_FULL);
    assert_int_equal(join(rig, ann, text_of(name)), 0);
}

static void a_permanent_room_whose_topic_finds_no_room_is_refused_as_a_whole(void **state)
{
    struct chat_rig *rig = *state;
    char topic[100] = "";

    memset(topic, 'x', sizeof(topic));
    chat_begin(rig);
    while (table_take(&rig->base.state.free_cells) != 0) {
    }
    assert_int_equal(rooms_add_permanent(rig->hub, TEXT("#tea"),
                                         (struct text){ topic, sizeof(topic) }, ROOM_NO_EXTERNAL,
                                         rig->exchange.now),
                     CHAT_FULL);
    chat_commit(rig);
    assert_int_equal(rooms_find(rig->hub, TEXT("#tea")), 0);
    assert_int_equal(table_used(&rig->base.state.free_rooms), 0);
}

/* ---- lasting ---- */

static void a_room_goes_when_the_last_who_left_has_read_it(void **state)
{
    struct chat_rig *rig = *state;
    uint32_t ann = chat_person(rig, FRONT_IRC, "ann");
    uint32_t room = chat_join(rig, ann, "#tea", 0);

    chat_leave(rig, ann, room);
    assert_int_equal(rooms_find(rig->hub, TEXT("#tea")), 0); /* for others it is over at once */
    assert_int_not_equal(hub_room(rig->hub, room)->id, 0);
    assert_string_equal(chat_hear(rig, ann), ":ann!guest@10.0.0.1 JOIN #tea\r\n"
                                             ":ann!guest@10.0.0.1 PART #tea\r\n");
    assert_int_equal(hub_room(rig->hub, room)->id, 0);
    assert_int_equal(table_used(&rig->base.state.free_rooms), 0);
    assert_int_equal(table_used(&rig->base.state.free_memberships), 0);
}

static void a_permanent_room_stays_with_its_first_topic(void **state)
{
    struct chat_rig *rig = *state;
    uint32_t ann = chat_person(rig, FRONT_IRC, "ann");
    struct moment now = rig->exchange.now;
    char space[16];
    struct buf topic = buf_over(space, sizeof(space));
    uint32_t room;

    chat_begin(rig);
    assert_int_equal(
        rooms_add_permanent(rig->hub, TEXT("#tea"), TEXT("green"), ROOM_NO_EXTERNAL, now), 0);
    assert_int_equal(
        rooms_add_permanent(rig->hub, TEXT("#TEA"), TEXT("black"), ROOM_NO_EXTERNAL, now), 0);
    assert_int_equal(rooms_add_permanent(rig->hub, TEXT("tea"), TEXT_NONE, ROOM_NO_EXTERNAL, now),
                     CHAT_BAD_ROOM);
    chat_commit(rig);
    room = chat_join(rig, ann, "#tea", 0);
    chat_leave(rig, ann, room);
    (void)chat_hear(rig, ann);
    assert_int_equal(rooms_find(rig->hub, TEXT("#tea")), room);
    state_get_text(&rig->base.state, hub_room(rig->hub, room)->topic, &topic);
    assert_true(text_equal(buf_text(&topic), TEXT("green")));
}

static void the_next_room_of_a_row_is_not_taken_for_the_former_one(void **state)
{
    struct chat_rig *rig = *state;
    uint32_t ann = chat_person(rig, FRONT_IRC, "ann");
    uint32_t room = chat_join(rig, ann, "#tea", 0);
    uint32_t id = hub_room(rig->hub, room)->id;

    assert_true(rooms_exists(rig->hub, room, id));
    chat_leave(rig, ann, room);
    (void)chat_hear(rig, ann);
    assert_false(rooms_exists(rig->hub, room, id));
    assert_int_equal(chat_join(rig, ann, "#coffee", 0), room);
    assert_false(rooms_exists(rig->hub, room, id));
    assert_false(rooms_exists(rig->hub, room, 0));
    assert_false(rooms_exists(rig->hub, 0, id));
}

static void plain_lines_go_to_the_room_joined_last_of_those_left(void **state)
{
    struct chat_rig *rig = *state;
    uint32_t ann = chat_person(rig, FRONT_LINE, "ann");
    uint32_t a = chat_join(rig, ann, "#a", 0);
    uint32_t b = chat_join(rig, ann, "#b", 0);
    uint32_t c = chat_join(rig, ann, "#c", 0);

    chat_leave(rig, ann, b);
    assert_int_equal(hub_membership(rig->hub, hub_person(rig->hub, ann)->current)->room, c);
    chat_leave(rig, ann, c);
    assert_int_equal(hub_membership(rig->hub, hub_person(rig->hub, ann)->current)->room, a);
    chat_leave(rig, ann, a);
    assert_int_equal(hub_person(rig->hub, ann)->current, 0);
}

/* ---- talking ---- */

static void what_cannot_be_said_is_refused_and_leaves_no_record(void **state)
{
    static char text[RECORD_TEXT_MAX + 1];
    struct chat_rig *rig = *state;
    uint32_t ann = chat_person(rig, FRONT_LINE, "ann");
    uint32_t bob = chat_person(rig, FRONT_LINE, "bob");
    uint32_t room = chat_join(rig, ann, "#tea", 0);
    uint64_t tail = rig->base.state.header->log.tail;
    struct moment now = rig->exchange.now;

    memset(text, 'x', sizeof(text));
    chat_begin(rig);
    assert_int_equal(chat_try_say(rig, bob, room, TEXT("x")), CHAT_NO_EXTERNAL);
    assert_int_equal(chat_try_say(rig, ann, room, TEXT_NONE), CHAT_NO_TEXT);
    assert_int_equal(chat_try_say(rig, ann, room, (struct text){ text, RECORD_TEXT_MAX + 1 }),
                     CHAT_TEXT_TOO_LONG);
    assert_int_equal(talk_set_topic(rig->hub, bob, room, TEXT("x"), now), CHAT_NOT_MEMBER);
    assert_int_equal(talk_set_topic(rig->hub, ann, room, (struct text){ text, TOPIC_MAX + 1 }, now),
                     CHAT_TEXT_TOO_LONG);
    assert_int_equal(rooms_leave(rig->hub, bob, room, TEXT_NONE, now), CHAT_NOT_MEMBER);
    assert_int_equal(rig->base.state.header->log.tail, tail);
    assert_int_equal(chat_try_say(rig, ann, room, (struct text){ text, RECORD_TEXT_MAX }), 0);
    assert_int_equal(talk_set_topic(rig->hub, ann, room, (struct text){ text, TOPIC_MAX }, now), 0);
    chat_commit(rig);
}

static void who_left_cannot_speak_though_there_is_still_something_to_read(void **state)
{
    struct chat_rig *rig = *state;
    uint32_t ann = chat_person(rig, FRONT_LINE, "ann");
    uint32_t room = chat_join(rig, ann, "#tea", 0);

    chat_leave(rig, ann, room);
    assert_int_equal(hub_person(rig->hub, ann)->n_memberships, 1);
    chat_begin(rig);
    assert_int_equal(chat_try_say(rig, ann, room, TEXT("x")), CHAT_NO_EXTERNAL);
    chat_commit(rig);
}

static void an_empty_topic_clears_it(void **state)
{
    struct chat_rig *rig = *state;
    uint32_t ann = chat_person(rig, FRONT_LINE, "ann");
    uint32_t room = chat_join(rig, ann, "#tea", 0);

    chat_begin(rig);
    assert_int_equal(talk_set_topic(rig->hub, ann, room, TEXT("green"), rig->exchange.now), 0);
    chat_commit(rig);
    assert_int_not_equal(hub_room(rig->hub, room)->topic, 0);
    chat_begin(rig);
    assert_int_equal(talk_set_topic(rig->hub, ann, room, TEXT_NONE, rig->exchange.now), 0);
    chat_commit(rig);
    assert_int_equal(hub_room(rig->hub, room)->topic, 0);
}

static void members_are_walked_in_the_order_of_joining_whoever_goes_meanwhile(void **state)
{
    struct chat_rig *rig = *state;
    uint32_t people[5], room = 0, serial = 0, m = 0;
    char nick[] = "p0";

    for (size_t i = 0; i < 5; i++) {
        nick[1] = (char)('0' + i);
        people[i] = chat_person(rig, FRONT_IRC, nick);
        room = chat_join(rig, people[i], "#tea", 0);
    }
    chat_leave(rig, people[1], room);
    for (size_t i = 0; i < 5; i += i == 0 ? 2 : 1) {
        m = members_after(rig->hub, room, serial, m);
        assert_int_equal(hub_membership(rig->hub, m)->person, people[i]);
        assert_int_equal(members_after(rig->hub, room, serial, 0), m); /* without the hint */
        serial = hub_membership(rig->hub, m)->serial;
        if (i == 2) {
            chat_leave(rig, people[2], room);
            (void)chat_hear(rig, people[2]);
            m = 0;
        }
    }
    assert_int_equal(members_after(rig->hub, room, serial, m), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CHAT_TEST(a_room_is_found_in_any_case_and_keeps_the_first_spelling),
        CHAT_TEST(what_is_no_rooms_name_cannot_be_joined),
        CHAT_TEST(joining_twice_is_refused_and_names_the_room),
        CHAT_TEST(a_person_may_be_in_as_many_rooms_as_the_limit_and_not_in_one_more),
        CHAT_TEST(rows_on_their_way_out_count_towards_the_rows_of_a_person),
        CHAT_TEST(when_the_table_of_rooms_is_full_a_new_one_is_refused_and_an_old_one_not),
        CHAT_TEST(a_permanent_room_whose_topic_finds_no_room_is_refused_as_a_whole),
        CHAT_TEST(a_room_goes_when_the_last_who_left_has_read_it),
        CHAT_TEST(a_permanent_room_stays_with_its_first_topic),
        CHAT_TEST(the_next_room_of_a_row_is_not_taken_for_the_former_one),
        CHAT_TEST(plain_lines_go_to_the_room_joined_last_of_those_left),
        CHAT_TEST(what_cannot_be_said_is_refused_and_leaves_no_record),
        CHAT_TEST(who_left_cannot_speak_though_there_is_still_something_to_read),
        CHAT_TEST(an_empty_topic_clears_it),
        CHAT_TEST(members_are_walked_in_the_order_of_joining_whoever_goes_meanwhile),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
