/* SPDX-License-Identifier: MIT */
/* store/archive: every record of the log comes into the database once, in order, and belongs to the
 * places that heard it, whatever is dropped on the way. */
#include "store/filing.h"
#include "support/archive_rig.h"

static void records_come_in_order_and_once(void **state)
{
    struct archive_rig *rig = *state;

    archive_rig_say_many(rig, rig->lobby, 3);
    archive_rig_settle(rig);
    archive_rig_settle(rig);
    archive_rig_say_many(rig, rig->lobby, 2);
    archive_rig_settle(rig);
    assert_string_equal(archive_rig_sql(rig, ARCHIVE_RIG_NUMBERS), "1 2 3 4 5");
    assert_string_equal(archive_rig_all(rig, archive_rig_room(rig, rig->lobby)),
                        "1:m0 2:m1 3:m2 4:m0 5:m1");
    assert_int_equal(archive_position(rig->archive), rig->base.state.header->log.tail);
    assert_false(archive_is_behind(rig->archive));
}

static void what_is_not_committed_is_not_archived(void **state)
{
    struct archive_rig *rig = *state;
    struct draft draft = { .kind = RECORD_SAID, .text = TEXT("never") };

    (void)archive_rig_say(rig, rig->lobby, "one");
    state_rig_begin(&rig->base);
    (void)log_append(&rig->base.state, &draft, &rig->lobby, 1);
    archive_rig_settle(rig);
    state_commit(&rig->base.state);
    assert_string_equal(archive_rig_sql(rig, ARCHIVE_RIG_NUMBERS), "1");
    assert_true(archive_is_behind(rig->archive));
    archive_rig_settle(rig);
    assert_string_equal(archive_rig_sql(rig, ARCHIVE_RIG_NUMBERS), "1 2");
}

static int check_whole(void *context, uint32_t scope, const struct record *record)
{
    int *n = context;

    assert_int_equal(scope, 0);
    assert_int_equal(record->number, 1);
    assert_int_equal(record->real_ms, 1010);
    assert_int_equal(record->kind, RECORD_KICKED);
    assert_int_equal(record->flags, RECORD_BY_BOT);
    assert_true(record->author_id == UINT64_C(1) << 40);
    assert_true(text_equal(record_field(record, RECORD_WHO), TEXT("ann")));
    assert_true(text_equal(record_field(record, RECORD_SOURCE), TEXT("~ann@host")));
    assert_true(text_equal(record_field(record, RECORD_WHERE), TEXT("#lobby")));
    assert_true(text_equal(record_field(record, RECORD_TEXT), TEXT("'; DROP TABLE records; --")));
    assert_true(text_equal(record_extra(record, RECORD_TARGET), TEXT("bob")));
    assert_true(text_equal(record_extra(record, RECORD_BY_ACCOUNT), TEXT_NONE));
    assert_true(text_equal(record_extra(record, RECORD_TAGS), TEXT("+x=1;+y")));
    (*n)++;
    return 0;
}

static void a_record_is_given_back_whole(void **state)
{
    struct archive_rig *rig = *state;
    struct draft draft = { .kind = RECORD_KICKED,
                           .author_id = UINT64_C(1) << 40,
                           .who = TEXT("ann"),
                           .source = TEXT("~ann@host"),
                           .where = TEXT("#lobby"),
                           .text = TEXT("'; DROP TABLE records; --"),
                           .target = TEXT("bob"),
                           .tags = TEXT("+x=1;+y"),
                           .flags = RECORD_BY_BOT };
    struct scope scope = archive_rig_room(rig, rig->lobby);
    struct history_question question = {
        .scopes = &scope, .n_scopes = 1, .limit = 5, .kinds = KINDS_ALL
    };
    struct history_answer answer;
    int n = 0;

    (void)archive_rig_append(rig, &draft, &rig->lobby, 1);
    archive_rig_settle(rig);
    assert_int_equal(archive_history(archive_rig_reader(rig), &question, check_whole, &n, &answer),
                     0);
    assert_int_equal(n, 1);
}

static void the_largest_record_is_given_back(void **state)
{
    struct archive_rig *rig = *state;
    static char text[RECORD_TEXT_MAX + 1], tags[RECORD_TAGS_MAX + 1];
    struct draft draft = { .kind = RECORD_SAID, .where = TEXT("#lobby") };

    memset(text, 'x', RECORD_TEXT_MAX);
    memset(tags, 'y', RECORD_TAGS_MAX);
    draft.text = text_of(text);
    draft.tags = text_of(tags);
    (void)archive_rig_append(rig, &draft, &rig->lobby, 1);
    archive_rig_settle(rig);
    assert_int_equal(strlen(archive_rig_all(rig, archive_rig_room(rig, rig->lobby))),
                     2 + RECORD_TEXT_MAX);
}

static void a_batch_ends_at_its_limits_and_the_next_goes_on(void **state)
{
    struct archive_rig *rig = *state;

    archive_rig_close(rig);
    rig->settings.batch_records = 3;
    archive_rig_open(rig);
    archive_rig_say_many(rig, rig->lobby, 7);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(archive_step(rig->archive), ARCHIVE_MORE);
    }
    assert_string_equal(archive_rig_sql(rig, ARCHIVE_RIG_NUMBERS), "1 2 3 4 5 6");
    assert_int_equal(archive_step(rig->archive), 0);
    archive_rig_close(rig);
    rig->settings.batch_records = 0;
    rig->settings.batch_bytes = 1;
    archive_rig_open(rig);
    archive_rig_say_many(rig, rig->lobby, 2);
    assert_int_equal(archive_step(rig->archive), ARCHIVE_MORE);
    assert_int_equal(archive_step(rig->archive), 0);
    assert_string_equal(archive_rig_sql(rig, ARCHIVE_RIG_NUMBERS), "1 2 3 4 5 6 7 8 9");
}

static void a_batch_is_full_when_its_bytes_are_there(void **state)
{
    struct archive_rig *rig = *state;
    const struct log_state *log = &rig->base.state.header->log;
    uint64_t begin;

    archive_rig_settle(rig);
    begin = log->tail;
    archive_rig_say_many(rig, rig->lobby, 2);
    archive_rig_close(rig);
    rig->settings.batch_bytes = (uint32_t)(log->tail - begin) + 1; /* one short of it */
    archive_rig_open(rig);
    assert_int_equal(archive_position(rig->archive), begin);
    assert_false(archive_has_batch(rig->archive, &rig->base.state));
    archive_rig_close(rig);
    rig->settings.batch_bytes--;
    archive_rig_open(rig);
    assert_true(archive_has_batch(rig->archive, &rig->base.state));
    archive_rig_settle(rig);
    assert_false(archive_has_batch(rig->archive, &rig->base.state));
}

/* ---- places ---- */

/* Many share a slot of the cache then, and take turns in it. */
static void more_places_than_the_cache_has_are_counted_right(void **state)
{
    enum { PLACES = 2 * FILING_SLOTS, ROUNDS = 2 };
    struct archive_rig *rig = *state;
    char wanted[32];

    for (unsigned n = 0; n < ROUNDS * PLACES; n++) {
        archive_rig_tell_as(rig, n % PLACES);
        if (n % 128 == 127) { /* the log keeps no more */
            archive_rig_settle(rig);
        }
    }
    (void)snprintf(wanted, sizeof(wanted), "%d 2 2", PLACES);
    assert_string_equal(archive_rig_sql(rig, "SELECT format('%d %d %d', count(*), min(records), "
                                             "max(records)) FROM places"),
                        wanted);
}

static void a_record_of_several_rooms_is_in_each_and_stored_once(void **state)
{
    struct archive_rig *rig = *state;

    (void)archive_rig_say(rig, rig->lobby, "in the lobby");
    (void)archive_rig_say(rig, rig->tea, "at tea");
    (void)archive_rig_do(rig, RECORD_QUIT, "", "bye");
    archive_rig_settle(rig);
    assert_string_equal(archive_rig_all(rig, archive_rig_room(rig, rig->lobby)),
                        "1:in the lobby 3:bye");
    assert_string_equal(archive_rig_all(rig, archive_rig_room(rig, rig->tea)), "2:at tea 3:bye");
    assert_string_equal(archive_rig_sql(rig, "SELECT count(*) FROM records"), "3");
    assert_string_equal(archive_rig_sql(rig, "SELECT sum(records) FROM places"), "4");
    assert_string_equal(archive_rig_sql(rig, "SELECT sum(bytes) FROM places"), "24");
}

static void a_private_message_is_in_both_boxes_under_the_others_nick(void **state)
{
    struct archive_rig *rig = *state;

    (void)archive_rig_tell(rig, "psst");
    archive_rig_settle(rig);
    assert_string_equal(archive_rig_all(rig, archive_rig_box(rig, 1, "bob")), "1:psst");
    assert_string_equal(archive_rig_all(rig, archive_rig_box(rig, 2, "ANN")), "1:psst");
    assert_string_equal(archive_rig_all(rig, archive_rig_box(rig, 1, "ann")), "");
    assert_string_equal(archive_rig_all(rig, archive_rig_box(rig, 1, "")), "1:psst");
    assert_string_equal(archive_rig_all(rig, archive_rig_box(rig, 3, "")), "");
}

static void the_box_of_a_connection_of_a_large_number_is_its_own(void **state)
{
    struct archive_rig *rig = *state;
    struct draft draft = { .kind = RECORD_SAID, .who = TEXT("Ann"), .where = TEXT("Cat") };
    uint32_t owners[2] = { rig->ann | LINK_BOX };

    state_begin(&rig->base.state);
    state_edit_wire(&rig->base.state, rig->ann)->id = UINT64_C(0x1fffffffe);
    state_edit_counters(&rig->base.state)->next_connection_id = UINT64_C(0x200000003);
    state_commit(&rig->base.state);
    owners[1] = state_rig_wire(&rig->base) | LINK_BOX;
    draft.author_id = UINT64_C(0x1fffffffe);
    draft.text = TEXT("psst");
    (void)archive_rig_append(rig, &draft, owners, 2);
    archive_rig_settle(rig);
    assert_string_equal(archive_rig_all(rig, archive_rig_box(rig, UINT64_C(0x1fffffffe), "cat")),
                        "1:psst");
    assert_string_equal(archive_rig_all(rig, archive_rig_box(rig, UINT64_C(0x200000003), "ann")),
                        "1:psst");
}

static void who_says_it_from_outside_finds_it_in_the_own_box(void **state)
{
    struct archive_rig *rig = *state;
    uint32_t owners[] = { rig->lobby, rig->ann | LINK_BOX };
    struct draft draft = {
        .kind = RECORD_SAID, .author_id = 1, .where = TEXT("#lobby"), .text = TEXT("from outside")
    };

    (void)archive_rig_append(rig, &draft, owners, 2);
    archive_rig_settle(rig);
    assert_string_equal(archive_rig_all(rig, archive_rig_room(rig, rig->lobby)), "1:from outside");
    assert_string_equal(archive_rig_all(rig, archive_rig_box(rig, 1, "")), "1:from outside");
}

static void what_is_said_to_a_rank_is_for_that_rank(void **state)
{
    struct archive_rig *rig = *state;
    struct scope scope = archive_rig_room(rig, rig->lobby);

    (void)archive_rig_do(rig, RECORD_SAID, "#lobby", "all");
    (void)archive_rig_do(rig, RECORD_SAID, "+#lobby", "voiced");
    (void)archive_rig_do(rig, RECORD_SAID, "@#lobby", "operators");
    archive_rig_settle(rig);
    assert_string_equal(archive_rig_all(rig, scope), "1:all");
    assert_string_equal(archive_rig_search(rig, &scope, 1, "operators"), "");
    scope.rank = 1;
    assert_string_equal(archive_rig_all(rig, scope), "1:all 2:voiced");
    scope.rank = 2;
    assert_string_equal(archive_rig_all(rig, scope), "1:all 2:voiced 3:operators");
    assert_string_equal(archive_rig_search(rig, &scope, 1, "operators"), "3:operators");
    assert_string_equal(archive_rig_sql(rig, "SELECT name FROM places"), "#lobby");
}

static void many_places_don_t_confuse_the_cache(void **state)
{
    struct archive_rig *rig = *state;
    uint32_t rooms[60];
    char name[16];

    for (unsigned i = 0; i < ARRAY_SIZE(rooms); i++) {
        rooms[i] = state_rig_room(&rig->base);
    }
    for (unsigned i = 0; i < 240; i++) {
        uint32_t owners[2] = { rooms[i % 60], rig->ann | LINK_BOX };
        struct draft draft = { .kind = RECORD_SAID, .author_id = 1, .text = TEXT("x") };

        (void)snprintf(name, sizeof(name), "n%u", i % 120);
        draft.where = text_of(name);
        (void)archive_rig_append(rig, &draft, owners, 2);
    }
    archive_rig_settle(rig);
    assert_string_equal(archive_rig_sql(rig, "SELECT count(*) FROM places"), "180");
    assert_string_equal(
        archive_rig_sql(rig, "SELECT count(*) FROM places WHERE records <> "
                             "(SELECT count(*) FROM placements WHERE place = places.id)"),
        "0");
}

/* ---- rooms that end and rooms that stay ---- */

static void a_room_made_again_has_another_history(void **state)
{
    struct archive_rig *rig = *state;
    struct scope old = archive_rig_room(rig, rig->tea);
    uint32_t row = rig->tea;

    (void)archive_rig_say(rig, rig->tea, "before");
    archive_rig_settle(rig);
    state_begin(&rig->base.state);
    state_free_room(&rig->base.state, rig->tea);
    state_commit(&rig->base.state);
    rig->tea = state_rig_room(&rig->base);
    assert_int_equal(rig->tea, row);
    (void)archive_rig_say(rig, rig->tea, "after");
    archive_rig_settle(rig);
    assert_string_equal(archive_rig_all(rig, old), "1:before");
    assert_string_equal(archive_rig_all(rig, archive_rig_room(rig, rig->tea)), "2:after");
    assert_string_equal(archive_rig_all(rig, archive_rig_named(SCOPE_PERMANENT, "#tea")), "");
    assert_string_equal(archive_rig_all(rig, archive_rig_named(SCOPE_NAMED, "#tea")), "2:after");
}

static void a_permanent_room_is_one_through_all_conversations(void **state)
{
    struct archive_rig *rig = *state;
    static const struct text names[] = { { "#den", 4 }, { "#TEA", 4 } };

    (void)archive_rig_say(rig, rig->lobby, "temporary");
    assert_int_equal(archive_set_permanent(rig->archive, names, ARRAY_SIZE(names)), 0);
    (void)archive_rig_say(rig, rig->tea, "one");
    archive_rig_settle(rig);
    archive_rig_new_region(rig, 100);
    assert_int_equal(archive_set_permanent(rig->archive, names, ARRAY_SIZE(names)), 0);
    (void)archive_rig_say(rig, rig->lobby, "other");
    (void)archive_rig_say(rig, rig->tea, "two");
    archive_rig_settle(rig);
    assert_string_equal(archive_rig_all(rig, archive_rig_named(SCOPE_PERMANENT, "#tea")),
                        "2:one 101:two");
    assert_string_equal(archive_rig_all(rig, archive_rig_room(rig, rig->lobby)), "100:other");
    assert_string_equal(archive_rig_all(rig, archive_rig_named(SCOPE_PERMANENT, "#lobby")), "");
}

static void a_room_becomes_permanent_with_the_next_thing_said(void **state)
{
    struct archive_rig *rig = *state;
    static const struct text name = { "#lobby", 6 };

    (void)archive_rig_say(rig, rig->lobby, "one");
    archive_rig_settle(rig);
    assert_int_equal(archive_set_permanent(rig->archive, &name, 1), 0);
    archive_rig_settle(rig);
    assert_string_equal(archive_rig_all(rig, archive_rig_named(SCOPE_PERMANENT, "#lobby")), "");
    (void)archive_rig_say(rig, rig->lobby, "two");
    archive_rig_settle(rig);
    assert_string_equal(archive_rig_all(rig, archive_rig_named(SCOPE_PERMANENT, "#LOBBY")),
                        "1:one 2:two");
    assert_int_equal(archive_set_permanent(rig->archive, NULL, 0), 0);
    (void)archive_rig_say(rig, rig->lobby, "three");
    archive_rig_settle(rig);
    assert_string_equal(archive_rig_all(rig, archive_rig_named(SCOPE_PERMANENT, "#lobby")),
                        "1:one 2:two 3:three");
}

static void a_room_is_named_by_the_first_record_that_says_its_name(void **state)
{
    struct archive_rig *rig = *state;

    (void)archive_rig_do(rig, RECORD_AWAY, "", "who knows where");
    archive_rig_settle(rig);
    assert_string_equal(archive_rig_all(rig, archive_rig_named(SCOPE_NAMED, "#tea")), "");
    (void)archive_rig_say(rig, rig->tea, "here");
    archive_rig_settle(rig);
    assert_string_equal(archive_rig_all(rig, archive_rig_named(SCOPE_NAMED, "#tea")),
                        "1:who knows where 2:here");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ARCHIVE_TEST(records_come_in_order_and_once),
        ARCHIVE_TEST(what_is_not_committed_is_not_archived),
        ARCHIVE_TEST(a_record_is_given_back_whole),
        ARCHIVE_TEST(the_largest_record_is_given_back),
        ARCHIVE_TEST(a_batch_is_full_when_its_bytes_are_there),
        ARCHIVE_TEST(a_batch_ends_at_its_limits_and_the_next_goes_on),
        ARCHIVE_TEST(more_places_than_the_cache_has_are_counted_right),
        ARCHIVE_TEST(a_record_of_several_rooms_is_in_each_and_stored_once),
        ARCHIVE_TEST(a_private_message_is_in_both_boxes_under_the_others_nick),
        ARCHIVE_TEST(the_box_of_a_connection_of_a_large_number_is_its_own),
        ARCHIVE_TEST(who_says_it_from_outside_finds_it_in_the_own_box),
        ARCHIVE_TEST(what_is_said_to_a_rank_is_for_that_rank),
        ARCHIVE_TEST(many_places_don_t_confuse_the_cache),
        ARCHIVE_TEST(a_room_made_again_has_another_history),
        ARCHIVE_TEST(a_permanent_room_is_one_through_all_conversations),
        ARCHIVE_TEST(a_room_becomes_permanent_with_the_next_thing_said),
        ARCHIVE_TEST(a_room_is_named_by_the_first_record_that_says_its_name),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
