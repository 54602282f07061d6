/* SPDX-License-Identifier: MIT */
/* front/irc: questions whose answer is longer than a page, or whose table is longer than one step
 * may look at: WHO, LIST, WHOWAS, NAMES. Everything is said once, in order, to the end. */
#define STATE_RIG_WIRES 540

#include "chat/names.h"
#include "support/irc_rig.h"

#include <stdio.h>

enum { MANY = 200 };

/* How often `part` is heard. */
static uint32_t count(const char *heard, const char *part)
{
    uint32_t n = 0;

    for (; (heard = strstr(heard, part)) != NULL; heard++) {
        n++;
    }
    return n;
}

/* "p0" and so on; those whom `room` names join it. */
static void many_people(struct chat_rig *rig, int n, const char *room)
{
    for (int i = 0; i < n; i++) {
        char nick[NAME_SIZE];
        uint32_t person;

        (void)snprintf(nick, sizeof(nick), "p%d", i);
        person = chat_person(rig, FRONT_IRC, nick);
        if (room != NULL) {
            (void)chat_join(rig, person, room, 0);
        }
    }
}

static void set_mode(struct chat_rig *rig, uint32_t person, uint32_t mode, bool is_on)
{
    chat_begin(rig);
    people_set_mode(rig->hub, person, mode, is_on);
    chat_commit(rig);
}

static void set_caps(struct chat_rig *rig, uint32_t person, uint32_t caps)
{
    chat_begin(rig);
    state_edit_person(&rig->base.state, person)->caps |= caps;
    chat_commit(rig);
}

/* p0, p1 ... in this order, each behind `before`. */
static void assert_all_in_order(const char *heard, const char *before)
{
    for (int i = 0; i < MANY; i++) {
        char wanted[NAME_SIZE + 64];

        (void)snprintf(wanted, sizeof(wanted), "%sp%d\r\n", before, i);
        heard = strstr(heard, wanted);
        assert_non_null(heard);
    }
}

static void a_who_of_a_room_goes_on_where_its_last_step_ended(void **state)
{
    struct chat_rig *rig = *state;
    uint32_t ann = chat_person(rig, FRONT_IRC, "ann");
    struct irc_heard *heard;

    many_people(rig, MANY, "#a");
    rig->exchange.server_name = "s23456789-123456789-123456789-123456789-123456789-123456789-123";
    heard = irc_rig_take(rig, ann, TEXT("WHO #a %tn,07"));
    assert_in_range(heard->n_steps, 2, MANY / 20);
    assert_int_equal(count(heard->text, " 354 ann 07 "), MANY);
    assert_all_in_order(heard->text, " 354 ann 07 ");
    assert_int_equal(count(heard->text, " 315 ann #a "), 1);
}

static void a_labelled_answer_in_steps_is_one_batch(void **state)
{
    struct chat_rig *rig = *state;
    uint32_t ann = chat_person(rig, FRONT_IRC, "ann");
    struct irc_heard *heard;

    many_people(rig, MANY, "#a");
    rig->exchange.server_name = "s23456789-123456789-123456789-123456789-123456789-123456789-123";
    set_caps(rig, ann, IRC_CAP_LABELED_RESPONSE | IRC_CAP_BATCH | IRC_CAP_MESSAGE_TAGS);
    heard = irc_rig_take(rig, ann, TEXT("@label=x WHO #a %tn,07"));
    assert_in_range(heard->n_steps, 2, MANY);
    assert_int_equal(count(heard->text, " 354 ann 07 "), MANY);
    assert_int_equal(count(heard->text, " BATCH +"), 1);
    assert_int_equal(count(heard->text, " BATCH -"), 1);
    assert_int_equal(count(strstr(heard->text, " BATCH -"), "\r\n"), 1); /* the last line */
}

static void a_mask_that_fits_only_the_last_one_looks_through_the_table_in_steps(void **state)
{
    struct chat_rig *rig = *state;
    uint32_t ann = chat_person(rig, FRONT_IRC, "ann");
    struct irc_heard *heard;

    many_people(rig, IRC_LOOKS_MAX - 1, NULL);
    heard = irc_rig_take(rig, ann, TEXT("WHO p510* n%n"));
    assert_int_equal(count(heard->text, " 354 ann p510\r\n"), 1);
    assert_int_equal(count(heard->text, "\r\n"), 2);
    assert_int_equal(heard->n_steps, 2); /* the rows behind it are looked at as well */
}

static void a_mask_finds_so_many_and_no_more_unless_an_operator_asks(void **state)
{
    struct chat_rig *rig = *state;
    uint32_t ann = chat_person(rig, FRONT_IRC, "ann");
    const char *heard;

    many_people(rig, IRC_WHO_MAX - 1, NULL);
    heard = irc_rig_take(rig, ann, TEXT("WHO * %n"))->text;
    assert_int_equal(count(heard, " 354 ann "), IRC_WHO_MAX);
    assert_int_equal(count(heard, " 416 ann WHO "), 0);
    (void)chat_person(rig, FRONT_IRC, "onemore");
    heard = irc_rig_take(rig, ann, TEXT("WHO * %n"))->text;
    assert_int_equal(count(heard, " 354 ann "), IRC_WHO_MAX);
    assert_int_equal(count(heard, " 416 ann WHO :Too many lines in the output"), 1);
    assert_int_equal(count(heard, " 315 ann * "), 1);
    set_mode(rig, ann, PERSON_OPERATOR, true);
    heard = irc_rig_take(rig, ann, TEXT("WHO * %n"))->text;
    assert_int_equal(count(heard, " 354 ann "), IRC_WHO_MAX + 1);
    assert_int_equal(count(heard, " 416 "), 0);
}

static void a_list_of_many_rooms_names_each_once(void **state)
{
    enum { ROOMS = 60 };
    struct chat_rig *rig = *state;
    uint32_t ann = chat_person(rig, FRONT_IRC, "ann");
    struct irc_heard *heard;
    char topic[TOPIC_MAX];

    memset(topic, 'x', sizeof(topic));
    for (int i = 0; i < ROOMS; i++) {
        char name[ROOM_NAME_SIZE];
        uint32_t room;

        (void)snprintf(name, sizeof(name), "#r%d", i);
        room = chat_join(rig, ann, name, 0);
        chat_begin(rig);
        assert_int_equal(talk_set_topic(rig->hub, ann, room, (struct text){ topic, sizeof(topic) },
                                        rig->exchange.now),
                         0);
        chat_commit(rig);
        (void)chat_hear(rig, ann);
    }
    rig->exchange.server_name = "s23456789-123456789-123456789-123456789-123456789-123456789-123";
    heard = irc_rig_take(rig, ann, TEXT("LIST #r*,>0,<2,!#x*"));
    assert_in_range(heard->n_steps, 2, ROOMS);
    assert_int_equal(count(heard->text, " 322 ann #r"), ROOMS);
    assert_int_equal(count(heard->text, " 322 ann #r59 1 :xxx"), 1);
    assert_int_equal(count(heard->text, " 321 "), 1);
    assert_int_equal(count(heard->text, " 323 "), 1);
}

static void a_whowas_of_the_whole_past_is_worked_through(void **state)
{
    static const char *const nicks[] = { "one", "two" };
    struct chat_rig *rig = *state;
    uint32_t ann = chat_person(rig, FRONT_IRC, "ann");
    uint32_t bob = chat_person(rig, FRONT_IRC, "two");
    struct irc_heard *heard;

    for (int i = 0; i < 2 * PAST_ROWS; i++) {
        chat_begin(rig);
        assert_int_equal(people_rename(rig->hub, bob, text_of(nicks[i % 2]), rig->exchange.now), 0);
        chat_commit(rig);
        (void)chat_hear(rig, bob);
    }
    rig->exchange.server_name = "s23456789-123456789-123456789-123456789-123456789-123456789-123";
    heard = irc_rig_take(rig, ann, TEXT("WHOWAS one,nobody,two"));
    assert_in_range(heard->n_steps, 3, PAST_ROWS);
    assert_int_equal(count(heard->text, " 314 ann one "), PAST_ROWS / 2);
    assert_int_equal(count(heard->text, " 314 ann two "), PAST_ROWS / 2);
    assert_int_equal(count(heard->text, " 369 ann "), 3);
    assert_int_equal(count(heard->text, " 406 ann nobody "), 1);
    heard = irc_rig_take(rig, ann, TEXT("WHOWAS one 100"));
    assert_int_equal(count(heard->text, " 314 ann one "), 100);
}

/* From outside a room whose members are invisible, but for the last. */
static void names_pass_over_many_who_are_not_to_be_seen(void **state)
{
    struct chat_rig *rig = *state;
    uint32_t ann = chat_person(rig, FRONT_IRC, "ann");
    struct irc_heard *heard;

    many_people(rig, MANY, "#a");
    for (int i = 0; i < MANY - 1; i++) {
        char nick[NAME_SIZE];

        (void)snprintf(nick, sizeof(nick), "p%d", i);
        set_mode(rig, people_find(rig->hub, text_of(nick)), PERSON_INVISIBLE, true);
    }
    heard = irc_rig_take(rig, ann, TEXT("NAMES #a"));
    irc_rig_answer(rig, ann, heard);
    assert_string_equal(heard->text, ":test.example 353 ann = #a :p199\r\n"
                                     ":test.example 366 ann #a :End of /NAMES list\r\n");
    assert_int_equal(rig->hub->heads.people, MANY + 1);
    assert_int_equal(rig->hub->heads.invisible, MANY - 1);
    chat_rig_restart(rig); /* what is counted is found again */
    assert_int_equal(rig->hub->heads.people, MANY + 1);
    assert_int_equal(rig->hub->heads.invisible, MANY - 1);
    assert_int_equal(rig->hub->heads.most, MANY + 1);
}

/* In as many rooms as can be, of the longest names: the answer with tags stays within what a step
 * may write (irc_rig_take() looks). */
static void the_longest_answer_finds_room_for_a_label_too(void **state)
{
    struct chat_rig *rig = *state;
    uint32_t ann = chat_person(rig, FRONT_IRC, "ann");
    uint32_t bob = chat_person(rig, FRONT_IRC, "n23456789-123456789-123456789-");
    char name[ROOM_NAME_MAX + 1], label[IRC_LINE_MAX];

    chat_begin(rig);
    people_set_mode(rig->hub, ann, PERSON_OPERATOR, true);
    state_edit_person(&rig->base.state, ann)->caps = IRC_CAPS_ALL;
    chat_commit(rig);
    for (int i = 0; i < MEMBERSHIPS_PER_PERSON - 1; i++) {
        (void)snprintf(name, sizeof(name), "#%0*d", ROOM_NAME_MAX - 1, i);
        (void)chat_join(rig, bob, name, 0);
        (void)chat_hear(rig, bob);
    }
    (void)snprintf(label, sizeof(label), "@label=%064d WHOIS %s", 7,
                   hub_person(rig->hub, bob)->nick);
    assert_non_null(strstr(irc_rig_take(rig, ann, text_of(label))->text, "labeled-response"));
    assert_null(strstr(irc_rig_take(rig, ann, text_of(label))->text, "421"));
}

/* Bytes that are not UTF-8 become three each, and are cut into lines with all tags: what is said
 * comes back within its own, smaller room. */
static void the_longest_words_come_back_within_their_room(void **state)
{
    struct chat_rig *rig = *state;
    uint32_t ann = chat_person(rig, FRONT_IRC, "n23456789-123456789-123456789-");
    char name[ROOM_NAME_MAX + 1], line[IRC_LINE_MAX];
    int len;

    (void)snprintf(name, sizeof(name), "#%0*d", ROOM_NAME_MAX - 1, 7);
    chat_begin(rig);
    people_set_mode(rig->hub, ann, PERSON_BOT, true);
    assert_int_equal(people_set_account(rig->hub, ann, TEXT("n23456789-123456789-123456789-"),
                                        rig->exchange.now),
                     0);
    assert_int_equal(people_set_host(rig->hub, ann, TEXT("123456789.123456789.123456789.123456789"),
                                     rig->exchange.now),
                     0);
    state_edit_person(&rig->base.state, ann)->caps = IRC_CAPS_ALL;
    chat_commit(rig);
    (void)chat_join(rig, ann, name, 0);
    (void)chat_hear(rig, ann);
    len = snprintf(line, sizeof(line),
                   "PRIVMSG %s :\x01"
                   "ACTION ",
                   name);
    memset(line + len, 0xff, sizeof(line) - (size_t)len);
    assert_true(count(irc_rig_take(rig, ann, (struct text){ line, sizeof(line) })->text, "ACTION") >
                3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CHAT_TEST(a_who_of_a_room_goes_on_where_its_last_step_ended),
        CHAT_TEST(a_labelled_answer_in_steps_is_one_batch),
        CHAT_TEST(a_mask_that_fits_only_the_last_one_looks_through_the_table_in_steps),
        CHAT_TEST(a_mask_finds_so_many_and_no_more_unless_an_operator_asks),
        CHAT_TEST(a_list_of_many_rooms_names_each_once),
        CHAT_TEST(a_whowas_of_the_whole_past_is_worked_through),
        CHAT_TEST(names_pass_over_many_who_are_not_to_be_seen),
        CHAT_TEST(the_longest_answer_finds_room_for_a_label_too),
        CHAT_TEST(the_longest_words_come_back_within_their_room),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
