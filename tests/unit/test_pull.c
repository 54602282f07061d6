/* SPDX-License-Identifier: MIT */
/* front/pull: what a reader gets is every record of its rooms and its box, once, in the one order
 * of their numbers; what the log took from it is counted exactly; a membership ends where its
 * person left. */
#include "support/chat_rig.h"

#include <stdio.h>

struct pull_rig {
    struct chat_rig *chat;
    uint32_t ann, bob;
    uint32_t a, b; /* rooms both are in; all is read */
};

static int setup(void **state)
{
    static struct pull_rig f;

    if (chat_rig_set_up(state) != 0) {
        return -1;
    }
    f = (struct pull_rig){ .chat = *state };
    f.ann = chat_person(f.chat, FRONT_IRC, "ann");
    f.bob = chat_person(f.chat, FRONT_IRC, "bob");
    f.a = chat_join(f.chat, f.ann, "#a", 0);
    f.b = chat_join(f.chat, f.ann, "#b", 0);
    (void)chat_join(f.chat, f.bob, "#a", 0);
    (void)chat_join(f.chat, f.bob, "#b", 0);
    (void)chat_hear(f.chat, f.ann);
    (void)chat_hear(f.chat, f.bob);
    *state = &f;
    return 0;
}

static int teardown(void **state)
{
    struct pull_rig *f = *state;

    *state = f->chat;
    return chat_rig_tear_down(state);
}

#define SAID(who, where, what) ":" who "!guest@10.0.0.1 PRIVMSG " where " :" what "\r\n"

static void several_rooms_and_the_box_are_read_in_the_order_of_numbers(void **state)
{
    struct pull_rig *f = *state;

    chat_say(f->chat, f->ann, f->b, "1");
    chat_say(f->chat, f->ann, f->a, "2");
    chat_tell(f->chat, f->ann, f->bob, "3");
    chat_say(f->chat, f->ann, f->a, "4");
    chat_say(f->chat, f->ann, f->b, "5");
    chat_tell(f->chat, f->ann, f->bob, "6");
    assert_string_equal(chat_hear(f->chat, f->bob),
                        SAID("ann", "#b", "1") SAID("ann", "#a", "2") SAID("ann", "bob", "3")
                            SAID("ann", "#a", "4") SAID("ann", "#b", "5") SAID("ann", "bob", "6"));
    assert_string_equal(chat_hear(f->chat, f->bob), "");
}

static void a_record_of_several_rooms_is_read_once(void **state)
{
    struct pull_rig *f = *state;

    chat_say(f->chat, f->ann, f->b, "1");
    chat_quit(f->chat, f->ann);
    chat_say(f->chat, f->bob, f->a, "2");
    assert_string_equal(chat_hear(f->chat, f->bob),
                        SAID("ann", "#b", "1") ":ann!guest@10.0.0.1 QUIT :bye\r\n");
    assert_string_equal(chat_hear(f->chat, f->bob), "");
}

static void ones_own_messages_are_hidden_unless_wanted(void **state)
{
    struct pull_rig *f = *state;

    chat_say(f->chat, f->ann, f->a, "1");
    chat_tell(f->chat, f->ann, f->bob, "2");
    assert_string_equal(chat_hear(f->chat, f->ann), "");
    chat_tell(f->chat, f->ann, f->ann, "3"); /* but for those to oneself */
    assert_string_equal(chat_hear(f->chat, f->ann), SAID("ann", "ann", "3"));
    chat_begin(f->chat);
    state_edit_person(&f->chat->base.state, f->ann)->caps = 2; /* echo-message */
    chat_commit(f->chat);
    chat_say(f->chat, f->ann, f->a, "4");
    assert_string_equal(chat_hear(f->chat, f->ann), SAID("ann", "#a", "4"));
}

static void a_record_is_rendered_once_for_all_readers_of_a_flavour(void **state)
{
    struct pull_rig *f = *state;
    uint32_t cat = chat_person(f->chat, FRONT_IRC, "cat");
    uint64_t n;

    (void)chat_join(f->chat, cat, "#a", 0);
    (void)chat_hear(f->chat, cat);
    (void)chat_hear(f->chat, f->bob);
    chat_say(f->chat, f->ann, f->a, "1");
    n = f->chat->exchange.renderings.n_rendered;
    assert_string_equal(chat_hear(f->chat, f->bob), chat_hear(f->chat, cat));
    assert_int_equal(f->chat->exchange.renderings.n_rendered, n + 1);
}

/* ---- a page that is too small ---- */

static void what_finds_no_room_is_read_next_time_and_nothing_twice(void **state)
{
    struct pull_rig *f = *state;
    static char all[8 * PAGE_SIZE_BYTES], text[3001];
    char mark[16];
    size_t len = 0, n_pulls = 0;
    bool is_all = false;

    memset(text, 'x', 3000);
    for (int i = 0; i < 12; i++) {
        (void)snprintf(mark, sizeof(mark), "%d:", 100 + i);
        memcpy(text, mark, strlen(mark));
        chat_say(f->chat, f->ann, i % 2 == 0 ? f->a : f->b, text);
    }
    while (!is_all) {
        struct reader reader;
        const char *heard;

        chat_open_reader(f->chat, f->bob, &reader);
        is_all = output_pull(&reader, 0);
        assert_int_equal(reader.is_behind, !is_all);
        heard = chat_close_reader(f->chat, &reader);
        memcpy(all + len, heard, strlen(heard) + 1);
        len += strlen(heard);
        n_pulls++;
    }
    assert_true(n_pulls > 2);
    for (int i = 0; i < 12; i++) {
        const char *at;

        (void)snprintf(mark, sizeof(mark), ":%d:", 100 + i);
        at = strstr(all, mark);
        assert_non_null(at);
        assert_null(strstr(at + 1, mark));
    }
}

static void bytes_that_must_stay_free_stay_free(void **state)
{
    struct pull_rig *f = *state;
    struct reader reader;
    size_t one = strlen(SAID("ann", "#a", "1"));

    chat_say(f->chat, f->ann, f->a, "1");
    chat_open_reader(f->chat, f->bob, &reader);
    assert_false(output_pull(&reader, PAGE_SIZE_BYTES - one + 1));
    assert_true(reader.is_behind);
    assert_true(output_pull(&reader, PAGE_SIZE_BYTES - one));
    assert_false(reader.is_behind);
    assert_string_equal(chat_close_reader(f->chat, &reader), SAID("ann", "#a", "1"));
}

/* ---- overtaken ---- */

/* Fills the log in a room of its own until the chain of `room` begins at `first`. */
static void overtake(struct pull_rig *f, uint32_t room, uint64_t first)
{
    uint32_t filler = state_rig_room(&f->chat->base);

    while (hub_room(f->chat->hub, room)->chain.first < first) {
        (void)state_rig_append(&f->chat->base, &filler, 1, 10);
        log_make_room(&f->chat->base.state); /* now, and not when the reader comes */
    }
    assert_int_equal(hub_room(f->chat->hub, room)->chain.first, first);
}

static void assert_lost(struct pull_rig *f, unsigned n, const char *then)
{
    char expected[512] = "";

    if (n > 0) {
        (void)snprintf(expected, sizeof(expected),
                       ":test.example NOTICE bob :you missed %u %s while you were not reading\r\n",
                       n, n == 1 ? "message" : "messages");
    }
    strcat(expected, then);
    assert_string_equal(chat_hear(f->chat, f->bob), expected);
}

static void a_reader_is_told_exactly_how_many_records_it_lost(void **state)
{
    struct pull_rig *f = *state;
    uint64_t due = hub_room(f->chat->hub, f->a)->chain.end;
    static const char *const rest[] = { SAID("ann", "#a", "0") SAID("ann", "#a", "1"),
                                        SAID("ann", "#a", "1"), "" };

    for (unsigned n = 0; n <= 2; n++) {
        chat_say(f->chat, f->ann, f->a, "0");
        chat_say(f->chat, f->ann, f->a, "1");
        overtake(f, f->a, due + n);
        assert_lost(f, n, rest[n]);
        assert_lost(f, 0, "");
        due += 2;
    }
}

static void losses_of_several_rooms_and_the_box_are_one_sum(void **state)
{
    struct pull_rig *f = *state;
    uint32_t filler = state_rig_room(&f->chat->base);

    chat_say(f->chat, f->ann, f->a, "1");
    chat_say(f->chat, f->ann, f->a, "2");
    chat_say(f->chat, f->ann, f->b, "3");
    chat_tell(f->chat, f->ann, f->bob, "4");
    while (hub_person(f->chat->hub, f->bob)->box.first < 1) {
        (void)state_rig_append(&f->chat->base, &filler, 1, 10);
    }
    chat_say(f->chat, f->ann, f->b, "5");
    assert_lost(f, 4, SAID("ann", "#b", "5"));
}

static void history_that_was_only_offered_is_not_lost(void **state)
{
    struct pull_rig *f = *state;
    uint32_t cat;
    uint64_t joined;

    for (int i = 0; i < 5; i++) {
        chat_say(f->chat, f->ann, f->a, "before");
    }
    cat = chat_person(f->chat, FRONT_LINE, "cat");
    (void)chat_join(f->chat, cat, "#a", 5);
    joined = hub_room(f->chat->hub, f->a)->chain.end - 1;
    overtake(f, f->a, joined);
    assert_string_equal(chat_hear(f->chat, cat), "03:03 -- you have joined #a\r\n");
}

static void the_notice_of_lost_records_waits_for_room(void **state)
{
    struct pull_rig *f = *state;
    struct reader reader;

    chat_say(f->chat, f->ann, f->a, "0");
    overtake(f, f->a, hub_room(f->chat->hub, f->a)->chain.end);
    chat_open_reader(f->chat, f->bob, &reader);
    assert_false(output_pull(&reader, PAGE_SIZE_BYTES - 255));
    assert_true(reader.is_behind);
    assert_string_equal(chat_close_reader(f->chat, &reader), "");
    assert_lost(f, 1, "");
}

/* ---- where a membership ends ---- */

static void who_left_hears_the_room_up_to_the_own_leaving_and_nothing_after(void **state)
{
    struct pull_rig *f = *state;

    chat_say(f->chat, f->ann, f->a, "1");
    chat_leave(f->chat, f->bob, f->a);
    chat_say(f->chat, f->ann, f->a, "2");
    chat_say(f->chat, f->ann, f->b, "3");
    assert_int_equal(hub_person(f->chat->hub, f->bob)->n_memberships, 2);
    assert_string_equal(
        chat_hear(f->chat, f->bob),
        SAID("ann", "#a", "1") ":bob!guest@10.0.0.1 PART #a\r\n" SAID("ann", "#b", "3"));
    assert_int_equal(hub_person(f->chat->hub, f->bob)->n_memberships, 1);
    assert_int_equal(hub_room(f->chat->hub, f->a)->n_memberships, 1);
}

static void a_membership_that_was_overtaken_beyond_its_end_goes_too(void **state)
{
    struct pull_rig *f = *state;

    chat_leave(f->chat, f->bob, f->a);
    chat_say(f->chat, f->ann, f->a, "after");
    overtake(f, f->a, hub_room(f->chat->hub, f->a)->chain.end);
    assert_lost(f, 1, ""); /* the own leaving; what came after it was never due */
    assert_int_equal(hub_person(f->chat->hub, f->bob)->n_memberships, 1);
}

static void leaving_and_joining_again_unread_loses_and_repeats_nothing(void **state)
{
    struct pull_rig *f = *state;

    chat_leave(f->chat, f->bob, f->a);
    chat_say(f->chat, f->ann, f->a, "unheard");
    (void)chat_join(f->chat, f->bob, "#a", 0);
    chat_say(f->chat, f->ann, f->a, "heard");
    assert_string_equal(chat_hear(f->chat, f->bob),
                        ":bob!guest@10.0.0.1 PART #a\r\n"
                        ":bob!guest@10.0.0.1 JOIN #a\r\n" SAID("ann", "#a", "heard"));
}

static void the_last_pull_of_the_last_who_left_removes_the_room(void **state)
{
    struct pull_rig *f = *state;

    chat_leave(f->chat, f->ann, f->a);
    (void)chat_hear(f->chat, f->ann);
    chat_leave(f->chat, f->bob, f->a);
    chat_leave(f->chat, f->bob, f->b);
    assert_int_not_equal(hub_room(f->chat->hub, f->a)->id, 0);
    (void)chat_hear(f->chat, f->bob);
    assert_int_equal(hub_room(f->chat->hub, f->a)->id, 0);
    assert_int_equal(rooms_find(f->chat->hub, TEXT("#b")), f->b);
    assert_int_equal(hub_person(f->chat->hub, f->bob)->n_memberships, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(several_rooms_and_the_box_are_read_in_the_order_of_numbers),
        TEST(a_record_of_several_rooms_is_read_once),
        TEST(ones_own_messages_are_hidden_unless_wanted),
        TEST(a_record_is_rendered_once_for_all_readers_of_a_flavour),
        TEST(what_finds_no_room_is_read_next_time_and_nothing_twice),
        TEST(bytes_that_must_stay_free_stay_free),
        TEST(a_reader_is_told_exactly_how_many_records_it_lost),
        TEST(losses_of_several_rooms_and_the_box_are_one_sum),
        TEST(history_that_was_only_offered_is_not_lost),
        TEST(the_notice_of_lost_records_waits_for_room),
        TEST(who_left_hears_the_room_up_to_the_own_leaving_and_nothing_after),
        TEST(a_membership_that_was_overtaken_beyond_its_end_goes_too),
        TEST(leaving_and_joining_again_unread_loses_and_repeats_nothing),
        TEST(the_last_pull_of_the_last_who_left_removes_the_room),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
