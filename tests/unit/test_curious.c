/* SPDX-License-Identifier: MIT */
/* chat/watchers: who hears what changes about those it watches. */
#include "front/irc.h"
#include "support/watch_rig.h"

#include <stdio.h>

static void be_curious(struct chat_rig *rig, uint32_t person, bool is_on)
{
    chat_begin(rig);
    people_set_mode(rig->hub, person, PERSON_CURIOUS, is_on);
    chat_commit(rig);
}

static void the_curious_are_those_who_watch_and_asked(void **state)
{
    struct chat_rig *rig = *state;
    uint32_t ann = chat_person(rig, FRONT_IRC, "ann");
    uint32_t wat = chat_person(rig, FRONT_IRC, "wat");
    uint32_t two = chat_person(rig, FRONT_IRC, "two");
    uint32_t gone = chat_person(rig, FRONT_IRC, "gone");
    uint32_t other = chat_person(rig, FRONT_IRC, "other");
    uint32_t found[CURIOUS_MAX];

    watch_nick(rig, ann, "ann");
    watch_nick(rig, wat, "Ann");
    watch_nick(rig, two, "ann");
    watch_nick(rig, gone, "ann");
    watch_nick(rig, other, "bob");
    be_curious(rig, ann, true);
    be_curious(rig, wat, true);
    be_curious(rig, gone, true);
    be_curious(rig, other, true);
    chat_quit(rig, gone);
    assert_int_equal(watchers_curious(rig->hub, ann, found), 1);
    assert_int_equal(found[0], wat);
    be_curious(rig, wat, false);
    assert_int_equal(watchers_curious(rig->hub, ann, found), 0);
}

/* The hash of every nick is one that another has, too: what is in the list decides. */
static void a_nick_of_the_same_hash_is_another_nick(void **state)
{
    struct chat_rig *rig = *state;
    uint32_t ann = chat_person(rig, FRONT_IRC, "ann");
    uint32_t wat = chat_person(rig, FRONT_IRC, "wat");
    uint32_t found[CURIOUS_MAX];
    uint32_t row;

    watch_nick(rig, wat, "bob");
    be_curious(rig, wat, true);
    chat_begin(rig);
    assert_true(watchers_reserve(rig->hub, wat, 2));
    watchers_add(rig->hub, wat, TEXT("ann")); /* as if "bob" had its hash */
    assert_int_equal(watchers_curious(rig->hub, ann, found), 0);
    chat_commit(rig);
    watch_nick(rig, wat, "ann");
    chat_begin(rig);
    assert_true(watchers_reserve(rig->hub, wat, 3));
    watchers_add(rig->hub, wat, TEXT("ann"));
    assert_int_equal(watchers_curious(rig->hub, ann, found), 1);
    chat_commit(rig);
    row = found[0];
    assert_int_equal(row, wat);
}

static const enum record_kind CHANGES[] = { RECORD_AWAY, RECORD_REALNAME, RECORD_HOST,
                                            RECORD_ACCOUNT };

static void a_change_reaches_the_curious_once(void **state)
{
    struct chat_rig *rig = *state;
    uint32_t ann = chat_person(rig, FRONT_IRC, "ann");
    uint32_t wat = chat_person(rig, FRONT_IRC, "wat");
    const struct chain *box = &hub_person(rig->hub, wat)->box;

    watch_nick(rig, wat, "ann");
    be_curious(rig, wat, true);
    for (size_t i = 0; i < ARRAY_SIZE(CHANGES); i++) {
        chat_begin(rig);
        record_change(rig->hub, ann, CHANGES[i], TEXT("new"), rig->exchange.now);
        chat_commit(rig);
        assert_int_equal(box->end, i + 1);
    }
    watch_rename(rig, ann, "bob");
    assert_int_equal(box->end, ARRAY_SIZE(CHANGES));
}

static void set_caps(struct chat_rig *rig, uint32_t person, uint32_t caps)
{
    chat_begin(rig);
    state_edit_person(&rig->base.state, person)->caps = caps;
    chat_commit(rig);
}

static void change_everything(struct chat_rig *rig, uint32_t person)
{
    chat_begin(rig);
    assert_int_equal(people_set_away(rig->hub, person, TEXT("tea"), rig->exchange.now), 0);
    assert_int_equal(people_set_account(rig->hub, person, TEXT("acc"), rig->exchange.now), 0);
    assert_int_equal(people_set_realname(rig->hub, person, TEXT("Ann O."), rig->exchange.now), 0);
    assert_int_equal(people_set_host(rig->hub, person, TEXT("cloak"), rig->exchange.now), 0);
    chat_commit(rig);
}

static void each_kind_of_change_is_shown_to_who_asked_for_it(void **state)
{
    static const struct {
        uint32_t caps;
        const char *heard;
    } rows[] = {
        { 0, "" },
        { IRC_CAP_AWAY_NOTIFY, ":ann!guest@10.0.0.1 AWAY :tea\r\n" },
        { IRC_CAP_ACCOUNT_NOTIFY, ":ann!guest@10.0.0.1 ACCOUNT acc\r\n" },
        { IRC_CAP_SETNAME, ":ann!guest@10.0.0.1 SETNAME :Ann O.\r\n" },
        { IRC_CAP_CHGHOST, ":ann!guest@10.0.0.1 CHGHOST guest cloak\r\n" },
    };
    struct chat_rig *rig = *state;
    uint32_t ann = chat_person(rig, FRONT_IRC, "ann");
    uint32_t watchers[ARRAY_SIZE(rows)];

    for (uint32_t i = 0; i < ARRAY_SIZE(rows); i++) {
        char nick[NAME_SIZE];

        (void)snprintf(nick, sizeof(nick), "w%u", i);
        watchers[i] = chat_person(rig, FRONT_IRC, nick);
        watch_nick(rig, watchers[i], "ann");
        be_curious(rig, watchers[i], true);
        set_caps(rig, watchers[i], rows[i].caps);
    }
    change_everything(rig, ann);
    for (uint32_t i = 0; i < ARRAY_SIZE(rows); i++) {
        assert_string_equal(chat_hear(rig, watchers[i]), rows[i].heard);
    }
}

/* Before and after a start, which chains them in another order: the same ones. */
static void a_change_reaches_so_many_of_the_curious_and_no_more(void **state)
{
    struct chat_rig *rig = *state;
    uint32_t ann = chat_person(rig, FRONT_IRC, "ann");
    uint32_t before[CURIOUS_MAX], after[CURIOUS_MAX];

    for (uint32_t i = 0; i < CURIOUS_MAX + 1; i++) {
        char nick[NAME_SIZE];
        uint32_t row;

        assert_int_equal(watchers_curious(rig->hub, ann, before), i);
        (void)snprintf(nick, sizeof(nick), "w%u", i);
        row = chat_person(rig, FRONT_IRC, nick);
        watch_nick(rig, row, "ann");
        be_curious(rig, row, true);
    }
    assert_int_equal(watchers_curious(rig->hub, ann, before), CURIOUS_MAX);
    chat_begin(rig);
    assert_int_equal(people_set_away(rig->hub, ann, TEXT("tea"), rig->exchange.now), 0);
    chat_commit(rig);
    chat_rig_restart(rig);
    assert_int_equal(watchers_curious(rig->hub, ann, after), CURIOUS_MAX);
    assert_memory_equal(before, after, sizeof(before));
    for (uint32_t i = 0; i < CURIOUS_MAX; i++) {
        assert_int_equal(hub_person(rig->hub, after[i])->box.end, 1);
        assert_true(i == 0 || after[i] > after[i - 1]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CHAT_TEST(the_curious_are_those_who_watch_and_asked),
        CHAT_TEST(a_nick_of_the_same_hash_is_another_nick),
        CHAT_TEST(a_change_reaches_the_curious_once),
        CHAT_TEST(each_kind_of_change_is_shown_to_who_asked_for_it),
        CHAT_TEST(a_change_reaches_so_many_of_the_curious_and_no_more),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
