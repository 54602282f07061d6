/* SPDX-License-Identifier: MIT */
/* front/follow: who may take what others were shown, and what is left alone where that cannot be.
 * That it is the same as what a pull would bring is in test_pull_shared.c. */
#include "support/chat_rig.h"

#include <stdlib.h>

/* Two who listen in a room, and one who said something that the first of them has heard. */
struct trio {
    struct chat_rig *rig;
    uint32_t speaker, first, second, room;
};

static struct trio trio_after_a_line(void **state)
{
    struct chat_rig *rig = *state;
    struct trio trio = { .rig = rig };

    trio.speaker = chat_person(rig, FRONT_LINE, "ann");
    trio.first = chat_person(rig, FRONT_LINE, "bob");
    trio.second = chat_person(rig, FRONT_LINE, "cat");
    trio.room = chat_join(rig, trio.speaker, "#a", 0);
    (void)chat_join(rig, trio.first, "#a", 0);
    (void)chat_join(rig, trio.second, "#a", 0);
    (void)chat_hear(rig, trio.first);
    (void)chat_hear(rig, trio.second);
    renderings_reset(&rig->exchange.renderings);
    chat_say(rig, trio.speaker, trio.room, "hello");
    assert_non_null(strstr(chat_hear(rig, trio.first), "hello"));
    return trio;
}

static const struct wire_output *trio_output(const struct trio *trio)
{
    return &trio->rig->base.state.wires[trio->second].out;
}

/* Refused, and everything as it was? */
static void trio_refuses(const struct trio *trio, uint64_t written)
{
    struct state *state = &trio->rig->base.state;
    struct wire_output out = *trio_output(trio);
    uint32_t n_lent = state->pages.n_lent[PAGE_OUTPUT];

    assert_false(output_follow(&trio->rig->exchange, trio->second, written));
    assert_memory_equal(trio_output(trio), &out, sizeof(out));
    assert_int_equal(state->pages.n_lent[PAGE_OUTPUT], n_lent);
}

static void who_stands_where_another_stood_takes_its_bytes(void **state)
{
    struct trio trio = trio_after_a_line(state);
    unsigned n_followed = 0;

    assert_non_null(strstr(chat_follow(trio.rig, trio.second, &n_followed), "hello"));
    assert_int_equal(n_followed, 1);
}

static void to_whom_nothing_is_due_nothing_is_done(void **state)
{
    struct trio trio = trio_after_a_line(state);
    uint64_t produced;

    (void)chat_hear(trio.rig, trio.second);
    produced = trio_output(&trio)->produced;
    assert_true(output_follow(&trio.rig->exchange, trio.second, produced));
    assert_int_equal(trio_output(&trio)->produced, produced);
    assert_int_equal(trio.rig->base.state.pages.n_lent[PAGE_OUTPUT], 0);
}

/* Its page holds what the kernel has not taken: it must not get another one. */
static void who_has_unsent_bytes_keeps_its_page(void **state)
{
    struct trio trio = trio_after_a_line(state);

    trio_refuses(&trio, trio_output(&trio)->produced - 1);
    assert_non_null(strstr(chat_hear(trio.rig, trio.second), "hello"));
}

static void nobody_was_shown_it_before(void **state)
{
    struct trio trio = trio_after_a_line(state);

    renderings_reset(&trio.rig->exchange.renderings);
    trio_refuses(&trio, trio_output(&trio)->produced);
}

static void without_a_page_it_stays_due(void **state)
{
    struct trio trio = trio_after_a_line(state);
    struct pages *pages = &trio.rig->base.state.pages;
    uint32_t *lent = calloc(pages->n_pages, sizeof(*lent));
    uint32_t n = 0;

    assert_non_null(lent);
    while ((lent[n] = pages_lend(pages, PAGE_OUTPUT)) != 0) {
        n++;
    }
    trio_refuses(&trio, trio_output(&trio)->produced);
    while (n > 0) {
        pages_give_back(pages, lent[--n], PAGE_OUTPUT);
    }
    free(lent);
    assert_non_null(strstr(chat_hear(trio.rig, trio.second), "hello"));
}

/* Nobody else is told of the operators' words; they are passed without a page. */
static void what_is_hidden_is_passed(void **state)
{
    struct trio trio = trio_after_a_line(state);
    struct chat_rig *rig = trio.rig;
    struct utterance said = { .kind = RECORD_SAID,
                              .text = TEXT("between us"),
                              .least = MEMBER_OPERATOR };

    (void)chat_hear(rig, trio.second);
    chat_begin(rig);
    assert_int_equal(talk_in_room(rig->hub, trio.speaker, trio.room, &said, rig->exchange.now), 0);
    chat_commit(rig);
    assert_string_equal(chat_hear(rig, trio.first), "");
    assert_true(output_follow(&rig->exchange, trio.second, trio_output(&trio)->produced));
    assert_int_equal(rig->base.state.pages.n_lent[PAGE_OUTPUT], 0);
    renderings_reset(&rig->exchange.renderings); /* true from now on only if nothing is due */
    assert_true(output_follow(&rig->exchange, trio.second, trio_output(&trio)->produced));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CHAT_TEST(who_stands_where_another_stood_takes_its_bytes),
        CHAT_TEST(to_whom_nothing_is_due_nothing_is_done),
        CHAT_TEST(who_has_unsent_bytes_keeps_its_page),
        CHAT_TEST(nobody_was_shown_it_before),
        CHAT_TEST(without_a_page_it_stays_due),
        CHAT_TEST(what_is_hidden_is_passed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
