/* SPDX-License-Identifier: MIT */
/* front/follow: who is not of a group, and is left as it was. */
#include "front/irc.h"
#include "support/trio_rig.h"

#include <stdlib.h>

/* Refused, and everything as it was? */
static void trio_refuses(struct trio *trio, uint32_t row, uint64_t written)
{
    struct wire_output out = *trio_output(trio, row);
    uint32_t n_lent = trio_n_lent(trio);

    assert_false(followers_add(&trio->followers, row, written));
    assert_memory_equal(trio_output(trio, row), &out, sizeof(out));
    assert_int_equal(trio_n_lent(trio), n_lent);
}

static void trio_refuses_to_add(struct trio *trio, uint32_t row)
{
    trio_refuses(trio, row, trio_output(trio, row)->produced);
}

/* Its page holds what the kernel has not taken: it must not get another one. */
static void who_has_unsent_bytes_keeps_its_page(void **state)
{
    struct trio trio = trio_after_a_line(state);

    trio_refuses(&trio, trio.second, trio_output(&trio, trio.second)->produced - 1);
    trio_commit(&trio);
    assert_non_null(strstr(chat_hear(trio.rig, trio.second), "hello"));
}

/* The group goes on without it. */
static void who_sees_it_otherwise_is_not_of_the_group(void **state)
{
    struct trio trio = trio_after_a_line(state);
    struct chat_rig *rig = trio.rig;
    uint64_t written = trio_output(&trio, trio.first)->produced;
    uint32_t irc = chat_person(rig, FRONT_IRC, "dan");

    (void)chat_join(rig, irc, "#a", 0);
    (void)chat_hear(rig, irc);
    (void)chat_hear(rig, trio.first);
    (void)chat_hear(rig, trio.second);
    chat_say(rig, trio.speaker, trio.room, "again");
    written = trio_output(&trio, trio.first)->produced;
    assert_true(trio_add(&trio, trio.first));
    trio_refuses_to_add(&trio, irc);
    trio_commit(&trio);
    trio_expect(&trio, trio.first, written, "again");
    written = trio_output(&trio, irc)->produced;
    assert_true(trio_add(&trio, irc));
    trio_commit(&trio);
    trio_expect(&trio, irc, written, "PRIVMSG #a :again");
}

static void who_is_in_another_room_is_not_of_the_group(void **state)
{
    struct trio trio = trio_in_a_room(state);
    struct chat_rig *rig = trio.rig;
    uint32_t dan = chat_person(rig, FRONT_LINE, "dan"), eve = chat_person(rig, FRONT_LINE, "eve");
    uint32_t other = chat_join(rig, dan, "#b", 0);
    uint64_t written = trio_output(&trio, trio.first)->produced;

    (void)chat_join(rig, eve, "#b", 0);
    (void)chat_hear(rig, eve);
    chat_say(rig, trio.speaker, trio.room, "hello");
    chat_say(rig, dan, other, "hello b");
    assert_true(trio_add(&trio, trio.first));
    trio_refuses_to_add(&trio, eve);
    trio_commit(&trio);
    trio_expect(&trio, trio.first, written, "hello");
    assert_non_null(strstr(chat_hear(rig, eve), "hello b"));
}

/* What is in its box, or in a second room, has its place among the room's records. */
static void who_hears_from_elsewhere_is_left_to_a_pull(void **state)
{
    struct trio trio = trio_after_a_line(state);
    struct chat_rig *rig = trio.rig;

    chat_tell(rig, trio.speaker, trio.first, "psst");
    (void)chat_join(rig, trio.second, "#b", 0);
    trio_refuses_to_add(&trio, trio.first);
    trio_refuses_to_add(&trio, trio.second);
    trio_commit(&trio);
    assert_non_null(strstr(chat_hear(rig, trio.first), "psst"));
}

/* Others are shown its own words, it is not. */
static void who_said_some_of_it_is_left_to_a_pull(void **state)
{
    struct trio trio = trio_after_a_line(state);

    chat_say(trio.rig, trio.first, trio.room, "mine");
    trio_refuses_to_add(&trio, trio.first);
    assert_true(trio_add(&trio, trio.second));
    trio_commit(&trio);
    pages_give_back(&trio.rig->base.state.pages, trio_output(&trio, trio.second)->page,
                    PAGE_OUTPUT);
    trio_refuses_to_add(&trio, trio.first);
    trio_commit(&trio);
    assert_null(strstr(chat_hear(trio.rig, trio.first), "mine"));
}

/* At least so many bytes. */
static void trio_say_much(const struct trio *trio, size_t n_bytes)
{
    char text[1001];

    memset(text, 'x', sizeof(text) - 1);
    text[sizeof(text) - 1] = '\0';
    for (size_t n = 0; n < n_bytes; n += sizeof(text) - 1) {
        chat_say(trio->rig, trio->speaker, trio->room, text);
    }
}

/* It is told how much it missed. */
static void whom_the_log_has_overtaken_is_left_to_a_pull(void **state)
{
    struct trio trio = trio_in_a_room(state);
    struct reader reader;

    trio_say_much(&trio, 2 * STATE_RIG_LOG_BYTES);
    trio_refuses_to_add(&trio, trio.first);
    trio_commit(&trio);
    chat_open_reader(trio.rig, trio.first, &reader);
    assert_false(output_pull(&reader, 0)); /* a page of it */
    assert_non_null(strstr(chat_close_reader(trio.rig, &reader), "missed"));
}

/* A page of it, with a pull; then the rest. */
static void to_whom_more_than_a_page_is_due_is_left_to_a_pull(void **state)
{
    struct trio trio = trio_in_a_room(state);

    trio_say_much(&trio, PAGE_SIZE_BYTES);
    trio_refuses_to_add(&trio, trio.first);
    trio_refuses_to_add(&trio, trio.second);
    trio_commit(&trio);
}

static void without_a_page_it_stays_due(void **state)
{
    struct trio trio = trio_after_a_line(state);
    uint32_t *lent = calloc(state_rig_sizes.pages, sizeof(*lent));
    uint32_t n;

    assert_non_null(lent);
    n = chat_lend_all(trio.rig, lent);
    trio_refuses_to_add(&trio, trio.second);
    trio_commit(&trio);
    chat_give_back(trio.rig, lent, n);
    free(lent);
    assert_non_null(strstr(chat_hear(trio.rig, trio.second), "hello"));
}

static uint32_t trio_irc(const struct trio *trio, const char *nick, uint32_t caps)
{
    uint32_t row = chat_person(trio->rig, FRONT_IRC, nick);

    (void)chat_join(trio->rig, row, "#a", 0);
    (void)chat_hear(trio->rig, row);
    chat_begin(trio->rig);
    state_edit_person(&trio->rig->base.state, row)->caps = caps;
    chat_commit(trio->rig);
    return row;
}

/* Who asks for more than it did is shown less of the page than lies in it before that, which may be
 * more than it was ever sent. */
static void whose_page_would_begin_before_its_stream_is_left_to_a_pull(void **state)
{
    struct trio trio = trio_in_a_room(state);
    struct chat_rig *rig = trio.rig;
    struct utterance tagged = { .kind = RECORD_TAGGED, .tags = TEXT("+k=v") };
    uint32_t all = trio_irc(&trio, "all", IRC_CAP_MESSAGE_TAGS), dan = trio_irc(&trio, "dan", 0);
    uint64_t written;

    (void)chat_hear(rig, all);
    chat_begin(rig);
    assert_int_equal(talk_in_room(rig->hub, trio.speaker, trio.room, &tagged, rig->exchange.now),
                     0);
    chat_commit(rig);
    assert_string_equal(chat_hear(rig, dan), "");
    chat_begin(rig);
    state_edit_person(&rig->base.state, dan)->caps = IRC_CAP_MESSAGE_TAGS;
    *state_edit_output(&rig->base.state, dan) = (struct wire_output){ .produced = 10, .base = 10 };
    chat_commit(rig);
    chat_say(rig, trio.speaker, trio.room, "again");
    assert_true(trio_add(&trio, all));
    trio_refuses_to_add(&trio, dan);
    trio_commit(&trio);
    pages_give_back(&rig->base.state.pages, trio_output(&trio, all)->page, PAGE_OUTPUT);
    renderings_reset(&rig->exchange.renderings);
    written = trio_output(&trio, dan)->produced;
    assert_true(trio_add(&trio, dan));
    trio_commit(&trio);
    trio_expect(&trio, dan, written, "again");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CHAT_TEST(who_has_unsent_bytes_keeps_its_page),
        CHAT_TEST(who_sees_it_otherwise_is_not_of_the_group),
        CHAT_TEST(who_is_in_another_room_is_not_of_the_group),
        CHAT_TEST(who_hears_from_elsewhere_is_left_to_a_pull),
        CHAT_TEST(who_said_some_of_it_is_left_to_a_pull),
        CHAT_TEST(whom_the_log_has_overtaken_is_left_to_a_pull),
        CHAT_TEST(to_whom_more_than_a_page_is_due_is_left_to_a_pull),
        CHAT_TEST(without_a_page_it_stays_due),
        CHAT_TEST(whose_page_would_begin_before_its_stream_is_left_to_a_pull),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
