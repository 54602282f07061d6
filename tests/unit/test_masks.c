/* SPDX-License-Identifier: MIT */
/* chat/masks and chat/invitations: lists in cells, at their limits and one past, and after a crash.
 */
#define STATE_RIG_CELLS 4000

#include "chat/masks.h"

#include "chat/invitations.h"
#include "support/chat_rig.h"

#include <stdio.h>

static int add(struct chat_rig *rig, uint32_t room, const char *mask)
{
    struct mask_entry entry = { .mask = text_of(mask), .by = TEXT("ann") };
    bool is_changed;
    int r;

    entry.set_s = rig->exchange.now.real_ms / 1000;
    chat_begin(rig);
    r = masks_add(rig->hub, room, ROOM_BANS, &entry, &is_changed);
    chat_commit(rig);
    return r == 0 && !is_changed ? -1 : r;
}

static int drop(struct chat_rig *rig, uint32_t room, const char *mask)
{
    bool is_changed;
    int r;

    chat_begin(rig);
    r = masks_remove(rig->hub, room, ROOM_BANS, text_of(mask), &is_changed);
    chat_commit(rig);
    return r == 0 && !is_changed ? -1 : r;
}

/* The masks of the list, each ended by a space. */
static const char *listed(struct chat_rig *rig, uint32_t room)
{
    static char out[MASKS_SIZE + 1];
    char space[MASKS_SIZE];
    struct text rest = masks_read(rig->hub, room, ROOM_BANS, space);
    struct buf names = buf_over(out, sizeof(out));
    struct mask_entry entry;

    while (masks_next(&rest, &entry)) {
        assert_int_equal(entry.set_s, rig->exchange.now.real_ms / 1000);
        assert_true(text_equal(entry.by, TEXT("ann")));
        buf_format(&names, "%.*s ", TEXT_ARG(entry.mask));
    }
    buf_char(&names, '\0');
    return out;
}

static void masks_are_kept_in_order_once_each_and_over_a_crash(void **state)
{
    struct chat_rig *rig = *state;
    uint32_t room = chat_join(rig, chat_person(rig, FRONT_IRC, "ann"), "#tea", 0);

    assert_string_equal(listed(rig, room), "");
    assert_int_equal(add(rig, room, "a!*@*"), 0);
    assert_int_equal(add(rig, room, "b!*@*"), 0);
    assert_int_equal(add(rig, room, "c!*@*"), 0);
    assert_int_equal(add(rig, room, "B!*@*"), -1); /* it is there */
    assert_string_equal(listed(rig, room), "a!*@* b!*@* c!*@* ");
    assert_int_equal(drop(rig, room, "B!*@*"), 0);
    assert_int_equal(drop(rig, room, "b!*@*"), -1);
    chat_rig_restart(rig);
    assert_string_equal(listed(rig, room), "a!*@* c!*@* ");
    assert_int_equal(drop(rig, room, "a!*@*"), 0);
    assert_int_equal(drop(rig, room, "c!*@*"), 0);
    assert_int_equal(hub_room(rig->hub, room)->lists[ROOM_BANS], 0);
}

/* A nick of 30 bytes and the longest mask: the entry has room for them. */
static void a_list_holds_as_many_as_the_limit_of_the_longest_and_not_one_more(void **state)
{
    struct chat_rig *rig = *state;
    uint32_t room = chat_join(rig, chat_person(rig, FRONT_IRC, "ann"), "#tea", 0);
    char mask[MASK_MAX + 1];

    for (int i = 0; i < MASKS_MAX; i++) {
        (void)snprintf(mask, sizeof(mask), "%0*d", MASK_MAX, i);
        assert_int_equal(add(rig, room, mask), 0);
    }
    assert_int_equal(add(rig, room, "one!more@*"), CHAT_LIST_FULL);
    assert_int_equal(drop(rig, room, mask), 0);
    assert_int_equal(add(rig, room, "one!more@*"), 0);
}

static void a_list_without_cells_is_refused_and_stays_as_it_was(void **state)
{
    struct chat_rig *rig = *state;
    uint32_t room = chat_join(rig, chat_person(rig, FRONT_IRC, "ann"), "#tea", 0);

    assert_int_equal(add(rig, room, "a!*@*"), 0);
    rig->base.state.free_cells.n_free = 0;
    assert_int_equal(add(rig, room, "b!*@*"), CHAT_FULL);
    assert_string_equal(listed(rig, room), "a!*@* ");
    chat_rig_restart(rig);
}

static void a_mask_is_compared_with_the_address_and_with_the_host_that_is_shown(void **state)
{
    struct chat_rig *rig = *state;
    uint32_t bob = chat_person(rig, FRONT_IRC, "bob");
    uint32_t room = chat_join(rig, chat_person(rig, FRONT_IRC, "ann"), "#tea", 0);

    chat_begin(rig);
    assert_int_equal(people_set_host(rig->hub, bob, TEXT("staff.example"), rig->exchange.now), 0);
    chat_commit(rig);
    assert_false(masks_hit(rig->hub, room, ROOM_BANS, bob));
    assert_int_equal(add(rig, room, "*!*@10.0.0.*"), 0);
    assert_true(masks_hit(rig->hub, room, ROOM_BANS, bob));
    assert_int_equal(drop(rig, room, "*!*@10.0.0.*"), 0);
    assert_int_equal(add(rig, room, "bob!guest@STAFF.*"), 0);
    assert_true(masks_hit(rig->hub, room, ROOM_BANS, bob));
    assert_false(masks_hit(rig->hub, room, ROOM_EXCEPTIONS, bob));
}

static void fill_list(struct chat_rig *rig, uint32_t room, enum room_list list)
{
    char mask[MASK_MAX + 1], nick[] = "n23456789-123456789-123456789-";
    struct mask_entry entry = { .by = text_of(nick) };
    bool is_changed;

    for (int i = 0; i < MASKS_MAX; i++) {
        (void)snprintf(mask, sizeof(mask), "%0*d", MASK_MAX, i);
        entry.mask = text_of(mask);
        entry.set_s = rig->exchange.now.real_ms / 1000;
        chat_begin(rig);
        assert_int_equal(masks_add(rig->hub, room, list, &entry, &is_changed), 0);
        chat_commit(rig);
    }
}

/* Too much for one transaction: it takes as many as there are rooms. */
static void the_last_in_many_rooms_with_full_lists_can_go(void **state)
{
    enum { ROOMS = 6 };
    struct chat_rig *rig = *state;
    uint32_t ann = chat_person(rig, FRONT_IRC, "ann");
    char name[16];
    uint32_t cells = rig->base.state.free_cells.n_free;

    for (int i = 0; i < ROOMS; i++) {
        uint32_t room;

        (void)snprintf(name, sizeof(name), "#%d", i);
        room = chat_join(rig, ann, name, 0);
        for (int list = 0; list < ROOM_LISTS; list++) {
            fill_list(rig, room, (enum room_list)list);
        }
    }
    chat_quit(rig, ann);
    (void)chat_hear(rig, ann); /* to the end: one pull forgets all of them */
    chat_rig_restart(rig);     /* nothing is left for the next start either */
    assert_int_equal(table_used(&rig->base.state.free_rooms), 0);
    assert_int_equal(rig->base.state.free_cells.n_free, cells);
}

/* Whoever fills the table with masks leaves room for topics, realnames and reasons. */
static void masks_leave_a_quarter_of_the_cells_to_what_everybody_needs(void **state)
{
    struct chat_rig *rig = *state;
    uint32_t ann = chat_person(rig, FRONT_IRC, "ann");
    uint32_t room = chat_join(rig, ann, "#tea", 0);
    struct table *cells = &rig->base.state.free_cells;
    char mask[] = "a!*@*";

    while (cells->n_free > cells->n_rows / 4 + 1) {
        (void)table_take(cells);
    }
    assert_int_equal(add(rig, room, mask), 0); /* the one cell that is to spare */
    mask[0] = 'b';
    assert_int_equal(add(rig, room, mask), CHAT_FULL);
    assert_int_equal(drop(rig, room, "a!*@*"), 0);
    chat_begin(rig);
    assert_int_equal(talk_set_topic(rig->hub, ann, room, TEXT("tea"), rig->exchange.now), 0);
    people_set_mode(rig->hub, ann, PERSON_OPERATOR, true);
    while (table_take(cells) != 0) {
    }
    assert_int_equal(people_kill(rig->hub, ann, ann, TEXT("why")), 0); /* without words */
    chat_commit(rig);
    assert_int_equal(hub_person(rig->hub, ann)->away, 0);
    chat_rig_restart(rig);
}

/* ---- invitations ---- */

static void invite(struct chat_rig *rig, uint32_t person, uint32_t id)
{
    chat_begin(rig);
    assert_int_equal(invitations_add(rig->hub, person, id), 0);
    chat_commit(rig);
}

static void the_oldest_invitation_gives_way_to_one_past_the_limit(void **state)
{
    struct chat_rig *rig = *state;
    uint32_t ann = chat_person(rig, FRONT_IRC, "ann");

    for (uint32_t id = 1; id <= INVITATIONS_MAX; id++) {
        invite(rig, ann, id);
    }
    assert_true(invitations_has(rig->hub, ann, 1));
    invite(rig, ann, 1); /* again: it is the newest now */
    invite(rig, ann, 100);
    assert_true(invitations_has(rig->hub, ann, 1));
    assert_false(invitations_has(rig->hub, ann, 2));
    assert_true(invitations_has(rig->hub, ann, 100));
    chat_rig_restart(rig);
    assert_true(invitations_has(rig->hub, ann, INVITATIONS_MAX));
    chat_begin(rig);
    for (uint32_t id = 1; id <= 100; id++) {
        invitations_remove(rig->hub, ann, id);
    }
    chat_commit(rig);
    assert_int_equal(hub_person(rig->hub, ann)->more, 0);
}

static void an_invitation_of_a_room_that_is_gone_is_none_to_the_next_of_its_name(void **state)
{
    struct chat_rig *rig = *state;
    uint32_t ann = chat_person(rig, FRONT_IRC, "ann"), bob = chat_person(rig, FRONT_IRC, "bob");
    uint32_t room = chat_join(rig, ann, "#tea", 0);

    invite(rig, bob, hub_room(rig->hub, room)->id);
    assert_int_equal(invitations_room(rig->hub, bob, 0), room);
    assert_int_equal(invitations_room(rig->hub, bob, 1), 0);
    chat_leave(rig, ann, room); /* and has not read it: the row is still there */
    room = chat_join(rig, ann, "#tea", 0);
    assert_false(invitations_has(rig->hub, bob, hub_room(rig->hub, room)->id));
    assert_int_equal(invitations_room(rig->hub, bob, 0), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CHAT_TEST(masks_are_kept_in_order_once_each_and_over_a_crash),
        CHAT_TEST(a_list_holds_as_many_as_the_limit_of_the_longest_and_not_one_more),
        CHAT_TEST(a_list_without_cells_is_refused_and_stays_as_it_was),
        CHAT_TEST(a_mask_is_compared_with_the_address_and_with_the_host_that_is_shown),
        CHAT_TEST(the_last_in_many_rooms_with_full_lists_can_go),
        CHAT_TEST(masks_leave_a_quarter_of_the_cells_to_what_everybody_needs),
        CHAT_TEST(the_oldest_invitation_gives_way_to_one_past_the_limit),
        CHAT_TEST(an_invitation_of_a_room_that_is_gone_is_none_to_the_next_of_its_name),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
