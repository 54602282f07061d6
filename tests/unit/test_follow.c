/* SPDX-License-Identifier: MIT */
/* front/follow: who is shown what together, and what they hold together then. Who is left alone is
 * in test_follow_refused.c; that it is the same as what a pull would bring is in
 * test_pull_shared.c. */
#include "support/trio_rig.h"

#include <stdio.h>

static void those_who_stand_together_share_a_page(void **state)
{
    struct trio trio = trio_after_a_line(state);
    uint64_t written[] = { trio_output(&trio, trio.first)->produced,
                           trio_output(&trio, trio.second)->produced };

    assert_true(trio_add(&trio, trio.first));
    assert_true(trio_add(&trio, trio.second));
    trio_commit(&trio);
    assert_int_equal(trio_n_lent(&trio), 1);
    assert_int_equal(trio_output(&trio, trio.first)->page, trio_output(&trio, trio.second)->page);
    trio_expect(&trio, trio.first, written[0], "hello");
    trio_expect(&trio, trio.second, written[1], "hello");
    assert_int_equal(trio_n_lent(&trio), 0);
}

/* Who has heard half of it is shown the other half, out of the same page. */
static void who_stands_further_on_shares_it_too(void **state)
{
    struct trio trio = trio_after_a_line(state);
    uint64_t written[2];

    (void)chat_hear(trio.rig, trio.second);
    chat_say(trio.rig, trio.speaker, trio.room, "again");
    renderings_reset(&trio.rig->exchange.renderings);
    written[0] = trio_output(&trio, trio.first)->produced;
    written[1] = trio_output(&trio, trio.second)->produced;
    assert_true(trio_add(&trio, trio.first));
    assert_true(trio_add(&trio, trio.second));
    trio_commit(&trio);
    assert_int_equal(trio_n_lent(&trio), 1);
    assert_non_null(strstr(chat_take(trio.rig, trio.first, written[0]), "hello"));
    trio_expect(&trio, trio.second, written[1], "again");
}

/* A run that a pull has made serves them as well. */
static void what_was_pulled_is_taken(void **state)
{
    struct trio trio = trio_after_a_line(state);
    uint64_t n_rendered, written;

    (void)chat_hear(trio.rig, trio.first);
    n_rendered = trio.rig->exchange.renderings.n_rendered + trio.rig->exchange.renderings.n_reused;
    written = trio_output(&trio, trio.second)->produced;
    assert_true(trio_add(&trio, trio.second));
    trio_commit(&trio);
    trio_expect(&trio, trio.second, written, "hello");
    assert_int_equal(trio.rig->exchange.renderings.n_rendered +
                         trio.rig->exchange.renderings.n_reused,
                     n_rendered);
}

static void to_whom_nothing_is_due_nothing_is_done(void **state)
{
    struct trio trio = trio_after_a_line(state);
    uint64_t produced;

    (void)chat_hear(trio.rig, trio.second);
    produced = trio_output(&trio, trio.second)->produced;
    assert_true(trio_add(&trio, trio.second));
    trio_commit(&trio);
    assert_int_equal(trio_output(&trio, trio.second)->produced, produced);
    assert_int_equal(trio_n_lent(&trio), 0);
}

/* Nobody else is told of the operators' words; they are passed without a page. */
static void what_is_hidden_is_passed(void **state)
{
    struct trio trio = trio_in_a_room(state);
    struct chat_rig *rig = trio.rig;
    uint64_t produced = trio_output(&trio, trio.second)->produced;
    struct utterance said = { .kind = RECORD_SAID,
                              .text = TEXT("between us"),
                              .least = MEMBER_OPERATOR };

    chat_begin(rig);
    assert_int_equal(talk_in_room(rig->hub, trio.speaker, trio.room, &said, rig->exchange.now), 0);
    chat_commit(rig);
    assert_true(trio_add(&trio, trio.first));
    assert_true(trio_add(&trio, trio.second));
    trio_commit(&trio);
    assert_int_equal(trio_n_lent(&trio), 0);
    assert_int_equal(trio_output(&trio, trio.second)->produced, produced);
    assert_string_equal(chat_hear(rig, trio.second), "");
}

/* As many as there may be fit the journal. */
static void a_whole_group_fits_the_journal(void **state)
{
    struct trio trio = trio_in_a_room(state);
    struct chat_rig *rig = trio.rig;
    uint32_t rows[FOLLOWERS_MAX];
    uint64_t written[FOLLOWERS_MAX];

    for (size_t i = 0; i < FOLLOWERS_MAX; i++) {
        char nick[16];

        (void)snprintf(nick, sizeof(nick), "p%zu", i);
        rows[i] = chat_person(rig, FRONT_LINE, nick);
        (void)chat_join(rig, rows[i], "#a", 0);
    }
    for (size_t i = 0; i < FOLLOWERS_MAX; i++) {
        (void)chat_hear(rig, rows[i]);
        written[i] = trio_output(&trio, rows[i])->produced;
    }
    rig->exchange.now.real_ms += 60000; /* so that the minute is stored, too */
    chat_say(rig, trio.speaker, trio.room, "hello");
    renderings_reset(&rig->exchange.renderings);
    rig->base.journal_peak = 0;
    for (size_t i = 0; i < FOLLOWERS_MAX; i++) {
        assert_true(trio_add(&trio, rows[i]));
    }
    trio_commit(&trio);
    assert_true(rig->base.journal_peak <= FOLLOWERS_MAX * 112);
    assert_int_equal(trio_n_lent(&trio), 1);
    for (size_t i = 0; i < FOLLOWERS_MAX; i++) {
        trio_expect(&trio, rows[i], written[i], "hello");
    }
    assert_int_equal(trio_n_lent(&trio), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CHAT_TEST(those_who_stand_together_share_a_page),
        CHAT_TEST(who_stands_further_on_shares_it_too),
        CHAT_TEST(what_was_pulled_is_taken),
        CHAT_TEST(to_whom_nothing_is_due_nothing_is_done),
        CHAT_TEST(what_is_hidden_is_passed),
        CHAT_TEST(a_whole_group_fits_the_journal),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
