/* SPDX-License-Identifier: MIT */
/* chat/people: one name, one person; who must hear of a change hears of it, nobody else; and who
 * goes leaves nothing behind. */
#include "support/chat_rig.h"

#include <stdio.h>

static int rename_to(struct chat_rig *rig, uint32_t person, const char *nick)
{
    int r;

    chat_begin(rig);
    r = people_rename(rig->hub, person, text_of(nick), rig->exchange.now);
    chat_commit(rig);
    return r;
}

static void assert_nick(const struct chat_rig *rig, uint32_t person, const char *nick)
{
    assert_string_equal(hub_person(rig->hub, person)->nick, nick);
    assert_int_equal(people_find(rig->hub, text_of(nick)), person);
}

static void a_person_is_found_by_nick_in_any_case(void **state)
{
    struct chat_rig *rig = *state;
    uint32_t ann = chat_person(rig, FRONT_IRC, "Ann");

    assert_int_equal(people_find(rig->hub, TEXT("aNN")), ann);
    assert_int_equal(people_find(rig->hub, TEXT("ann2")), 0);
    assert_int_equal(people_find(rig->hub, TEXT_NONE), 0);
}

static void a_name_that_cannot_be_had_is_refused_and_nothing_changes(void **state)
{
    static const struct {
        const char *nick;
        int outcome;
    } rows[] = {
        { "", CHAT_BAD_NAME },
        { "1a", CHAT_BAD_NAME },
        { "a b", CHAT_BAD_NAME },
        { "bob", CHAT_NAME_TAKEN },
        { "BOB", CHAT_NAME_TAKEN },
        { "guest7", CHAT_NAME_RESERVED },
        { "Guest7", CHAT_NAME_RESERVED },
        { "ann", CHAT_NAME_SAME },
        { "a234567890123456789012345678901", CHAT_BAD_NAME },
    };
    struct chat_rig *rig = *state;
    uint32_t ann = chat_person(rig, FRONT_IRC, "ann");
    uint64_t tail;

    (void)chat_person(rig, FRONT_IRC, "bob");
    tail = rig->base.state.header->log.tail;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        assert_int_equal(rename_to(rig, ann, rows[i].nick), rows[i].outcome);
        assert_nick(rig, ann, "ann");
    }
    assert_int_equal(rig->base.state.header->log.tail, tail);
    assert_int_equal(rename_to(rig, ann, "a23456789012345678901234567890"), 0);
}

static void one_may_change_the_case_of_ones_own_name(void **state)
{
    struct chat_rig *rig = *state;
    uint32_t ann = chat_person(rig, FRONT_IRC, "ann");

    assert_int_equal(rename_to(rig, ann, "Ann"), 0);
    assert_nick(rig, ann, "Ann");
}

static void the_old_name_is_free_at_once(void **state)
{
    struct chat_rig *rig = *state;
    uint32_t ann = chat_person(rig, FRONT_IRC, "ann");
    uint32_t bob = chat_person(rig, FRONT_IRC, "bob");

    assert_int_equal(rename_to(rig, ann, "cat"), 0);
    assert_int_equal(people_find(rig->hub, TEXT("ann")), 0);
    assert_int_equal(rename_to(rig, bob, "ann"), 0);
    assert_nick(rig, ann, "cat");
    assert_nick(rig, bob, "ann");
}

static void a_guest_who_takes_a_name_is_no_guest_any_more(void **state)
{
    struct chat_rig *rig = *state;
    uint32_t row = chat_connect(rig, FRONT_LINE);

    chat_begin(rig);
    people_name_guest(rig->hub, row);
    chat_commit(rig);
    assert_nick(rig, row, "guest1");
    assert_true(hub_person(rig->hub, row)->flags & PERSON_GUEST);
    assert_int_equal(rename_to(rig, row, "ann"), 0);
    assert_false(hub_person(rig->hub, row)->flags & PERSON_GUEST);
    assert_int_equal(people_find(rig->hub, TEXT("guest1")), 0);
}

static void only_a_name_that_others_know_is_changed_in_public(void **state)
{
    struct chat_rig *rig = *state;
    uint32_t row = chat_connect(rig, FRONT_IRC);
    uint64_t tail = rig->base.state.header->log.tail;

    assert_int_equal(rename_to(rig, row, "ann"), 0);
    assert_int_equal(rig->base.state.header->log.tail, tail);
    chat_begin(rig);
    people_register(rig->hub, row, rig->exchange.now);
    chat_commit(rig);
    assert_int_equal(rename_to(rig, row, "bob"), 0);
    assert_true(rig->base.state.header->log.tail > tail);
    assert_int_equal(people_count(rig->hub), 1);
}

static void a_new_name_is_heard_once_by_those_who_share_rooms(void **state)
{
    struct chat_rig *rig = *state;
    uint32_t ann = chat_person(rig, FRONT_IRC, "ann");
    uint32_t bob = chat_person(rig, FRONT_IRC, "bob");
    uint32_t cat = chat_person(rig, FRONT_IRC, "cat");

    (void)chat_join(rig, ann, "#a", 0);
    (void)chat_join(rig, ann, "#b", 0);
    (void)chat_join(rig, bob, "#a", 0);
    (void)chat_join(rig, bob, "#b", 0);
    (void)chat_hear(rig, bob);
    (void)chat_hear(rig, ann);
    assert_int_equal(rename_to(rig, ann, "ann2"), 0);
    assert_string_equal(chat_hear(rig, bob), ":ann!guest@10.0.0.1 NICK :ann2\r\n");
    assert_string_equal(chat_hear(rig, cat), "");
    assert_string_equal(chat_hear(rig, ann), ":ann!guest@10.0.0.1 NICK :ann2\r\n");
}

static void who_is_in_no_room_hears_the_own_new_name_alone(void **state)
{
    struct chat_rig *rig = *state;
    uint32_t ann = chat_person(rig, FRONT_IRC, "ann");

    assert_int_equal(rename_to(rig, ann, "ann2"), 0);
    assert_int_equal(hub_take_woken_person(rig->hub), ann);
    assert_int_equal(hub_take_woken_person(rig->hub), 0);
    assert_string_equal(chat_hear(rig, ann), ":ann!guest@10.0.0.1 NICK :ann2\r\n");
}

/* ---- private messages ---- */

static void a_private_message_wakes_and_reaches_the_two_it_concerns(void **state)
{
    struct chat_rig *rig = *state;
    uint32_t ann = chat_person(rig, FRONT_LINE, "ann");
    uint32_t bob = chat_person(rig, FRONT_IRC, "bob");
    uint32_t cat = chat_person(rig, FRONT_IRC, "cat");

    chat_tell(rig, ann, bob, "psst");
    assert_int_equal(hub_take_woken_person(rig->hub) + hub_take_woken_person(rig->hub), ann + bob);
    assert_int_equal(hub_take_woken_person(rig->hub), 0);
    assert_string_equal(chat_hear(rig, bob), ":ann!guest@10.0.0.1 PRIVMSG bob :psst\r\n");
    assert_string_equal(chat_hear(rig, ann), "03:03 [you -> bob] psst\r\n");
    assert_string_equal(chat_hear(rig, cat), "");
}

static void a_private_message_at_the_limit_is_taken_and_one_byte_more_is_not(void **state)
{
    static char text[RECORD_TEXT_MAX + 1];
    struct chat_rig *rig = *state;
    uint32_t ann = chat_person(rig, FRONT_LINE, "ann");

    memset(text, 'x', sizeof(text));
    chat_begin(rig);
    assert_int_equal(chat_try_tell(rig, ann, ann, TEXT_NONE), CHAT_NO_TEXT);
    assert_int_equal(chat_try_tell(rig, ann, ann, (struct text){ text, RECORD_TEXT_MAX + 1 }),
                     CHAT_TEXT_TOO_LONG);
    assert_int_equal(hub_person(rig->hub, ann)->box.end, 0);
    assert_int_equal(chat_try_tell(rig, ann, ann, (struct text){ text, RECORD_TEXT_MAX }), 0);
    assert_int_equal(hub_person(rig->hub, ann)->box.end, 1); /* to oneself: once */
    chat_commit(rig);
}

/* ---- going ---- */

static void a_name_is_free_from_the_quit_on(void **state)
{
    struct chat_rig *rig = *state;
    uint32_t ann = chat_person(rig, FRONT_IRC, "ann");
    uint32_t other;

    chat_quit(rig, ann);
    assert_int_equal(people_find(rig->hub, TEXT("ann")), 0);
    assert_int_equal(people_count(rig->hub), 0);
    other = chat_person(rig, FRONT_IRC, "ann");
    chat_quit(rig, ann); /* the second time nothing happens */
    chat_begin(rig);
    people_forget(rig->hub, ann);
    state_free_wire(&rig->base.state, ann);
    chat_commit(rig);
    assert_nick(rig, other, "ann");
}

static void after_a_restart_exactly_the_names_in_use_are_taken(void **state)
{
    struct chat_rig *rig = *state;
    uint32_t ann = chat_person(rig, FRONT_IRC, "ann");
    uint32_t bob = chat_person(rig, FRONT_IRC, "bob");

    (void)chat_join(rig, bob, "#a", 0);
    (void)chat_connect(rig, FRONT_IRC);
    chat_quit(rig, ann);
    chat_rig_restart(rig);
    assert_int_equal(people_find(rig->hub, TEXT("ann")), 0);
    assert_int_equal(people_find(rig->hub, TEXT("bob")), bob);
    assert_int_not_equal(rooms_find(rig->hub, TEXT("#A")), 0);
    assert_int_equal(rename_to(rig, bob, "ann"), 0);
    assert_nick(rig, bob, "ann");
}

/* Every room is this person's alone and has the longest topic, so that it goes too, with its text:
 * the largest transaction there is. The observer knows how much of the journal it took. */
static void the_quit_of_who_is_in_the_most_rooms_fits_the_journal(void **state)
{
    static char topic[TOPIC_MAX];
    struct chat_rig *rig = *state;
    uint32_t ann = chat_person(rig, FRONT_LINE, "ann");
    struct reader reader;

    memset(topic, 'x', sizeof(topic));
    for (int i = 0; i < MEMBERSHIPS_PER_PERSON - 1; i++) {
        char name[16];
        uint32_t room;

        (void)snprintf(name, sizeof(name), "#%d", i);
        room = chat_join(rig, ann, name, 0);
        chat_begin(rig);
        assert_int_equal(talk_set_topic(rig->hub, ann, room, (struct text){ topic, sizeof(topic) },
                                        rig->exchange.now),
                         0);
        chat_commit(rig);
        (void)chat_hear(rig, ann);
    }
    rig->base.journal_peak = 0;
    chat_open_reader(rig, ann, &reader);
    people_quit(rig->hub, ann, TEXT("bye"), rig->exchange.now);
    reader.front->farewell(&reader, TEXT("bye"));
    (void)chat_close_reader(rig, &reader);
    assert_int_equal(hub_person(rig->hub, ann)->n_memberships, 0);
    assert_int_equal(table_used(&rig->base.state.free_rooms), 0);
    assert_in_range(rig->base.journal_peak, 1, JOURNAL_BYTES * 9 / 10);
}

/* ---- being away ---- */

static int set_away(struct chat_rig *rig, uint32_t person, struct text why)
{
    int r;

    chat_begin(rig);
    r = people_set_away(rig->hub, person, why, rig->exchange.now);
    chat_commit(rig);
    return r;
}

static void a_reason_at_the_limit_is_kept_and_one_byte_more_is_refused(void **state)
{
    struct chat_rig *rig = *state;
    uint32_t ann = chat_person(rig, FRONT_LINE, "ann");
    char why[AWAY_MAX + 1], kept_space[AWAY_MAX + 1];
    struct buf kept = buf_over(kept_space, sizeof(kept_space));

    memset(why, 'x', sizeof(why));
    assert_int_equal(set_away(rig, ann, (struct text){ why, AWAY_MAX + 1 }), CHAT_TEXT_TOO_LONG);
    assert_int_equal(hub_person(rig->hub, ann)->flags & PERSON_AWAY, 0);
    assert_int_equal(set_away(rig, ann, (struct text){ why, AWAY_MAX }), 0);
    assert_int_equal(hub_person(rig->hub, ann)->flags & PERSON_AWAY, PERSON_AWAY);
    chat_rig_restart(rig);
    state_get_text(&rig->base.state, hub_person(rig->hub, ann)->away, &kept);
    assert_int_equal(kept.len, AWAY_MAX);
}

static void without_cells_nobody_goes_away_but_everybody_comes_back(void **state)
{
    struct chat_rig *rig = *state;
    uint32_t ann = chat_person(rig, FRONT_LINE, "ann");
    uint32_t bob = chat_person(rig, FRONT_LINE, "bob");

    assert_int_equal(set_away(rig, ann, TEXT("tea")), 0);
    while (table_take(&rig->base.state.free_cells) != 0) {
    }
    assert_int_equal(set_away(rig, bob, TEXT("tea")), CHAT_FULL);
    assert_int_equal(hub_person(rig->hub, bob)->flags & PERSON_AWAY, 0);
    assert_int_equal(set_away(rig, ann, TEXT_NONE), 0);
    assert_int_equal(hub_person(rig->hub, ann)->flags & PERSON_AWAY, 0);
    assert_int_equal(hub_person(rig->hub, ann)->away, 0);
}

static void who_is_here_cannot_come_back(void **state)
{
    struct chat_rig *rig = *state;
    uint32_t ann = chat_person(rig, FRONT_LINE, "ann");

    assert_int_equal(set_away(rig, ann, TEXT_NONE), 0);
    assert_string_equal(chat_hear(rig, ann), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CHAT_TEST(a_person_is_found_by_nick_in_any_case),
        CHAT_TEST(a_name_that_cannot_be_had_is_refused_and_nothing_changes),
        CHAT_TEST(one_may_change_the_case_of_ones_own_name),
        CHAT_TEST(the_old_name_is_free_at_once),
        CHAT_TEST(a_guest_who_takes_a_name_is_no_guest_any_more),
        CHAT_TEST(only_a_name_that_others_know_is_changed_in_public),
        CHAT_TEST(a_new_name_is_heard_once_by_those_who_share_rooms),
        CHAT_TEST(who_is_in_no_room_hears_the_own_new_name_alone),
        CHAT_TEST(a_private_message_wakes_and_reaches_the_two_it_concerns),
        CHAT_TEST(a_private_message_at_the_limit_is_taken_and_one_byte_more_is_not),
        CHAT_TEST(a_name_is_free_from_the_quit_on),
        CHAT_TEST(after_a_restart_exactly_the_names_in_use_are_taken),
        CHAT_TEST(the_quit_of_who_is_in_the_most_rooms_fits_the_journal),
        CHAT_TEST(a_reason_at_the_limit_is_kept_and_one_byte_more_is_refused),
        CHAT_TEST(without_cells_nobody_goes_away_but_everybody_comes_back),
        CHAT_TEST(who_is_here_cannot_come_back),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
