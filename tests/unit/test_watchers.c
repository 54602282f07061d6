/* SPDX-License-Identifier: MIT */
/* chat/watchers and chat/watched: who must be told has news, and nobody else; a list survives the
 * process with what was told; limits hold; whoever goes leaves nothing behind. */
#include "support/watch_rig.h"

#include <stdio.h>

static void forget(struct chat_rig *rig, uint32_t person)
{
    chat_begin(rig);
    people_forget(rig->hub, person);
    state_free_wire(&rig->base.state, person);
    chat_commit(rig);
}

/* Whether there was news; there is none any more. */
static bool take_news(struct chat_rig *rig, uint32_t person)
{
    bool had_news = watchers_has_news(rig->hub, person);

    watchers_settle(rig->hub, person);
    return had_news;
}

static void assert_list(struct chat_rig *rig, uint32_t person, const char *wanted)
{
    char space[WATCHED_SIZE + 1] = { 0 };
    struct buf text = buf_over(space, sizeof(space) - 1);
    struct watched_list list;

    watched_read(rig->hub, person, &list);
    for (uint32_t i = 0; i < list.n; i++) {
        buf_format(&text, "%s%c%s", i > 0 ? " " : "", list.items[i].is_there ? '+' : '-',
                   list.items[i].nick);
    }
    assert_string_equal(space, wanted);
}

static void the_coming_and_going_of_a_nick_is_news_to_who_watches_it(void **state)
{
    struct chat_rig *rig = *state;
    uint32_t wat = chat_person(rig, FRONT_IRC, "wat");
    uint32_t two = chat_person(rig, FRONT_IRC, "two");
    uint32_t ann;

    watch_nick(rig, wat, "ANN");
    watch_nick(rig, two, "bob");
    assert_false(take_news(rig, wat));
    ann = chat_person(rig, FRONT_IRC, "ann");
    assert_true(take_news(rig, wat));
    chat_quit(rig, ann);
    assert_true(take_news(rig, wat));
    assert_false(take_news(rig, two));
}

static void who_has_news_is_woken(void **state)
{
    struct chat_rig *rig = *state;
    uint32_t wat = chat_person(rig, FRONT_LINE, "wat");

    watch_nick(rig, wat, "ann");
    assert_int_equal(hub_take_woken_person(rig->hub), 0);
    (void)chat_person(rig, FRONT_LINE, "ann");
    assert_int_equal(hub_take_woken_person(rig->hub), wat);
    assert_int_equal(hub_take_woken_person(rig->hub), 0);
}

static void nobody_hears_of_who_is_not_registered(void **state)
{
    struct chat_rig *rig = *state;
    uint32_t wat = chat_person(rig, FRONT_IRC, "wat");
    uint32_t row = chat_connect(rig, FRONT_IRC);

    watch_nick(rig, wat, "ann");
    watch_nick(rig, wat, "bob");
    watch_rename(rig, row, "ann");
    watch_rename(rig, row, "bob");
    chat_quit(rig, row);
    forget(rig, row);
    assert_false(take_news(rig, wat));
}

static void a_new_nick_is_news_to_who_watches_the_old_or_the_new_one(void **state)
{
    struct chat_rig *rig = *state;
    uint32_t ann = chat_person(rig, FRONT_IRC, "ann");
    uint32_t old = chat_person(rig, FRONT_IRC, "old");
    uint32_t new = chat_person(rig, FRONT_IRC, "new");
    uint32_t both = chat_person(rig, FRONT_IRC, "both");

    watch_nick(rig, old, "ann");
    watch_nick(rig, new, "bob");
    watch_nick(rig, both, "ann");
    watch_nick(rig, both, "bob");
    watch_rename(rig, ann, "bob");
    assert_true(take_news(rig, old));
    assert_true(take_news(rig, new));
    assert_true(take_news(rig, both));
    watch_rename(rig, ann, "cat");
    assert_false(take_news(rig, old));
    assert_true(take_news(rig, new));
}

static void what_is_true_is_seen_by_looking(void **state)
{
    struct chat_rig *rig = *state;
    uint32_t wat = chat_person(rig, FRONT_IRC, "wat");
    struct watched_list list;

    watch_nick(rig, wat, "ann");
    watch_nick(rig, wat, "bob");
    (void)chat_person(rig, FRONT_IRC, "BOB");
    assert_list(rig, wat, "-ann -bob");
    chat_begin(rig);
    watched_read(rig->hub, wat, &list);
    watched_look(rig->hub, &list.items[1]);
    watched_store_item(rig->hub, wat, &list.items[1]);
    chat_commit(rig);
    assert_list(rig, wat, "-ann +BOB");
}

static void who_is_taken_off_the_list_is_no_news_any_more(void **state)
{
    struct chat_rig *rig = *state;
    uint32_t wat = chat_person(rig, FRONT_IRC, "wat");

    watch_nick(rig, wat, "ann");
    watch_nick(rig, wat, "bob");
    watch_nick(rig, wat, "cat");
    unwatch_nick(rig, wat, "BOB");
    unwatch_nick(rig, wat, "nobody");
    assert_list(rig, wat, "-ann -cat");
    (void)chat_person(rig, FRONT_IRC, "bob");
    assert_false(take_news(rig, wat));
    (void)chat_person(rig, FRONT_IRC, "cat");
    assert_true(take_news(rig, wat));
    unwatch_nick(rig, wat, "ann");
    unwatch_nick(rig, wat, "cat");
    assert_int_equal(hub_person(rig->hub, wat)->more, 0);
    assert_int_equal(rig->hub->watchers.n_used, 0);
}

static void a_list_can_be_cut_when_there_is_no_cell_left(void **state)
{
    struct chat_rig *rig = *state;
    struct state *region = &rig->base.state;
    uint32_t wat = chat_person(rig, FRONT_IRC, "wat");
    uint32_t free_cells;

    watch_nick(rig, wat, "ann");
    watch_nick(rig, wat, "bob");
    free_cells = region->free_cells.n_free;
    region->free_cells.n_free = 0;
    assert_int_equal(watch_try(rig, wat, "cat"), CHAT_FULL);
    unwatch_nick(rig, wat, "ann");
    assert_list(rig, wat, "-bob");
    unwatch_nick(rig, wat, "bob");
    assert_list(rig, wat, "");
    region->free_cells.n_free = free_cells;
    watch_nick(rig, wat, "dan");
    assert_list(rig, wat, "-dan");
    (void)chat_person(rig, FRONT_IRC, "ann");
    assert_false(take_news(rig, wat));
}

static void a_list_has_room_for_so_many_and_no_more(void **state)
{
    struct chat_rig *rig = *state;
    uint32_t wat = chat_person(rig, FRONT_IRC, "wat");
    struct watched_list list;
    char nick[NAME_SIZE];

    chat_begin(rig);
    watched_read(rig->hub, wat, &list);
    for (int i = 0; i < WATCHED_MAX; i++) {
        (void)snprintf(nick, sizeof(nick), "n%029d", i); /* as long as a nick can be */
        assert_int_equal(watched_add(&list, text_of(nick)), 0);
    }
    assert_int_equal(watched_add(&list, text_of(nick)), 0);
    assert_int_equal(watched_add(&list, TEXT("one_more")), CHAT_LIST_FULL);
    assert_int_equal(watched_add(&list, TEXT("not a nick")), CHAT_BAD_NAME);
    assert_int_equal(watched_store(rig->hub, wat, &list), 0);
    chat_commit(rig);
    watched_read(rig->hub, wat, &list);
    assert_int_equal(list.n, WATCHED_MAX);
    assert_string_equal(list.items[WATCHED_MAX - 1].nick, nick);
    (void)chat_person(rig, FRONT_IRC, nick);
    assert_true(take_news(rig, wat));
    unwatch_nick(rig, wat, nick);
    watch_nick(rig, wat, "one_more");
}

static void all_who_watch_one_nick_have_news_of_it(void **state)
{
    struct chat_rig *rig = *state;
    uint32_t rows[12];
    char nick[NAME_SIZE];

    for (uint32_t i = 0; i < ARRAY_SIZE(rows); i++) {
        (void)snprintf(nick, sizeof(nick), "w%u", i);
        rows[i] = chat_person(rig, FRONT_IRC, nick);
        for (uint32_t k = 0; k < 10; k++) { /* so that the table grows */
            (void)snprintf(nick, sizeof(nick), "other_%u_%u", i, k);
            watch_nick(rig, rows[i], nick);
        }
        watch_nick(rig, rows[i], "ann");
    }
    unwatch_nick(rig, rows[3], "ann");
    (void)chat_person(rig, FRONT_IRC, "ann");
    for (uint32_t i = 0; i < ARRAY_SIZE(rows); i++) {
        assert_int_equal(take_news(rig, rows[i]), i != 3);
    }
    (void)chat_person(rig, FRONT_IRC, "other_7_9");
    for (uint32_t i = 0; i < ARRAY_SIZE(rows); i++) {
        assert_int_equal(take_news(rig, rows[i]), i == 7);
    }
}

static void who_is_gone_watches_nobody(void **state)
{
    struct chat_rig *rig = *state;
    uint32_t wat = chat_person(rig, FRONT_IRC, "wat");
    uint32_t cells = rig->base.state.free_cells.n_free;

    watch_nick(rig, wat, "ann");
    watch_nick(rig, wat, "bob");
    chat_quit(rig, wat);
    forget(rig, wat);
    assert_int_equal(rig->hub->watchers.n_used, 0);
    assert_int_equal(rig->base.state.free_cells.n_free, cells);
    (void)chat_person(rig, FRONT_IRC, "ann"); /* in the same row, perhaps */
    assert_int_equal(hub_take_woken_person(rig->hub), 0);
}

static void a_start_knows_who_watches_and_lets_them_look(void **state)
{
    struct chat_rig *rig = *state;
    uint32_t wat = chat_person(rig, FRONT_IRC, "wat");
    uint32_t two = chat_person(rig, FRONT_IRC, "two");
    uint32_t ann;

    watch_nick(rig, wat, "ann");
    watch_nick(rig, wat, "bob");
    unwatch_nick(rig, wat, "ann");
    chat_rig_restart(rig);
    assert_int_equal(hub_take_woken_person(rig->hub), wat);
    assert_int_equal(hub_take_woken_person(rig->hub), 0);
    assert_true(take_news(rig, wat));
    assert_false(take_news(rig, two));
    ann = chat_person(rig, FRONT_IRC, "ann");
    assert_false(take_news(rig, wat));
    watch_rename(rig, ann, "bob");
    assert_true(take_news(rig, wat));
    assert_list(rig, wat, "-bob");
    unwatch_nick(rig, wat, "bob");
    assert_int_equal(rig->hub->watchers.n_used, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CHAT_TEST(the_coming_and_going_of_a_nick_is_news_to_who_watches_it),
        CHAT_TEST(who_has_news_is_woken),
        CHAT_TEST(nobody_hears_of_who_is_not_registered),
        CHAT_TEST(a_new_nick_is_news_to_who_watches_the_old_or_the_new_one),
        CHAT_TEST(what_is_true_is_seen_by_looking),
        CHAT_TEST(who_is_taken_off_the_list_is_no_news_any_more),
        CHAT_TEST(a_list_can_be_cut_when_there_is_no_cell_left),
        CHAT_TEST(a_list_has_room_for_so_many_and_no_more),
        CHAT_TEST(all_who_watch_one_nick_have_news_of_it),
        CHAT_TEST(who_is_gone_watches_nobody),
        CHAT_TEST(a_start_knows_who_watches_and_lets_them_look),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
