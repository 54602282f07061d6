/* SPDX-License-Identifier: MIT */
/* store/retention: what is too old or too much goes, nothing else, and never the newest. */
#include "support/keep_rig.h"

static void keep(struct archive_rig *rig, uint64_t ms, uint64_t records, uint64_t bytes)
{
    struct archive_keep keep = { .ms = ms, .records = records, .bytes = bytes };

    assert_int_equal(archive_set_keep(rig->archive, &keep, NULL, 0), 0);
}

static void nothing_goes_without_a_limit(void **state)
{
    struct archive_rig *rig = *state;

    archive_rig_say_many(rig, rig->lobby, 5);
    archive_rig_settle(rig);
    tidy(rig, UINT64_C(1) << 42);
    assert_string_equal(archive_rig_sql(rig, ARCHIVE_RIG_NUMBERS), "1 2 3 4 5");
}

static void what_is_too_old_goes_to_the_millisecond(void **state)
{
    struct archive_rig *rig = *state;

    archive_rig_say_many(rig, rig->lobby, 3);
    (void)archive_rig_do(rig, RECORD_QUIT, "", "gone");
    (void)archive_rig_tell(rig, "psst");
    archive_rig_settle(rig);
    keep(rig, 100, 0, 0);
    tidy(rig, 1110);
    assert_string_equal(archive_rig_sql(rig, ARCHIVE_RIG_NUMBERS), "1 2 3 4 5");
    tidy(rig, 1111);
    assert_string_equal(archive_rig_sql(rig, ARCHIVE_RIG_NUMBERS), "2 3 4 5");
    tidy(rig, 1150);
    assert_string_equal(archive_rig_sql(rig, ARCHIVE_RIG_NUMBERS), "5");
    expect_consistent(rig);
    assert_string_equal(archive_rig_sql(rig, "SELECT count(*) FROM places"), "2");
}

static void the_newest_stays_and_the_numbers_go_on(void **state)
{
    struct archive_rig *rig = *state;

    archive_rig_say_many(rig, rig->lobby, 600);
    archive_rig_settle(rig);
    keep(rig, 1, 0, 0);
    tidy(rig, UINT64_C(1) << 42);
    assert_string_equal(archive_rig_sql(rig, ARCHIVE_RIG_NUMBERS), "600");
    archive_rig_close(rig);
    archive_rig_open(rig);
    archive_rig_say_many(rig, rig->lobby, 1);
    archive_rig_settle(rig);
    assert_int_equal(archive_last_number(rig->archive), 601);
    assert_string_equal(archive_rig_sql(rig, ARCHIVE_RIG_NUMBERS), "600 601");
    expect_consistent(rig);
}

static void of_each_place_the_newest_so_many_stay(void **state)
{
    struct archive_rig *rig = *state;

    archive_rig_say_many(rig, rig->lobby, 600);
    archive_rig_settle(rig);
    archive_rig_say_many(rig, rig->tea, 2);
    (void)archive_rig_do(rig, RECORD_QUIT, "", "gone"); /* 603, in both */
    archive_rig_say_many(rig, rig->lobby, 3);
    archive_rig_settle(rig);
    keep(rig, 0, 3, 0);
    tidy(rig, 0);
    assert_string_equal(archive_rig_all(rig, archive_rig_room(rig, rig->lobby)),
                        "604:m0 605:m1 606:m2");
    assert_string_equal(archive_rig_all(rig, archive_rig_room(rig, rig->tea)),
                        "601:m0 602:m1 603:gone");
    keep(rig, 0, 1, 0);
    tidy(rig, 0);
    assert_string_equal(archive_rig_sql(rig, ARCHIVE_RIG_NUMBERS), "603 606");
    expect_consistent(rig);
}

static void a_place_is_kept_to_its_size(void **state)
{
    struct archive_rig *rig = *state;

    archive_rig_say_many(rig, rig->lobby, 5); /* 102 bytes each */
    archive_rig_settle(rig);
    keep(rig, 0, 0, 510);
    tidy(rig, 0);
    assert_string_equal(archive_rig_sql(rig, "SELECT count(*) FROM records"), "5");
    keep(rig, 0, 0, 509);
    tidy(rig, 0);
    assert_string_equal(archive_rig_sql(rig, "SELECT count(*) FROM records"), "4");
    keep(rig, 0, 0, 1);
    tidy(rig, 0);
    assert_string_equal(archive_rig_sql(rig, ARCHIVE_RIG_NUMBERS), "5");
}

static void what_is_gone_is_not_found(void **state)
{
    struct archive_rig *rig = *state;
    struct scope lobby = archive_rig_room(rig, rig->lobby), ann = archive_rig_box(rig, 1, "bob"),
                 bob = archive_rig_box(rig, 2, "ann");

    (void)archive_rig_say(rig, rig->lobby, "cheese of old");
    (void)archive_rig_tell(rig, "private cheese");
    (void)archive_rig_say(rig, rig->lobby, "cheese of now");
    archive_rig_settle(rig);
    keep(rig, 0, 1, 0);
    tidy(rig, 0);
    assert_string_equal(archive_rig_search(rig, &lobby, 1, "cheese"), "3:cheese of now");
    assert_string_equal(archive_rig_search(rig, &ann, 1, "cheese"), "2:private cheese");
    assert_string_equal(archive_rig_search(rig, &bob, 1, "cheese"), "2:private cheese");
}

/* Of a record in two boxes one lets go; the other still finds it. */
static void what_one_place_lets_go_another_keeps(void **state)
{
    struct archive_rig *rig = *state;
    struct scope ann = archive_rig_box(rig, 1, "bob"), bob = archive_rig_box(rig, 2, "ann");
    uint32_t owner = rig->ann | LINK_BOX;
    struct draft draft = { .kind = RECORD_SAID,
                           .author_id = 2,
                           .who = TEXT("Bob"),
                           .where = TEXT("Ann"),
                           .text = TEXT("only here") };

    (void)archive_rig_tell(rig, "private cheese");
    (void)archive_rig_append(rig, &draft, &owner, 1);
    archive_rig_settle(rig);
    keep(rig, 0, 1, 0);
    tidy(rig, 0);
    assert_string_equal(archive_rig_all(rig, ann), "2:only here");
    assert_string_equal(archive_rig_all(rig, bob), "1:private cheese");
    assert_string_equal(archive_rig_search(rig, &ann, 1, "cheese"), "");
    assert_string_equal(archive_rig_search(rig, &bob, 1, "cheese"), "1:private cheese");
    keep(rig, 1, 0, 0);
    tidy(rig, 9999);
    expect_consistent(rig);
}

static void a_place_that_went_comes_again(void **state)
{
    struct archive_rig *rig = *state;

    archive_rig_say_many(rig, rig->lobby, 2);
    archive_rig_say_many(rig, rig->tea, 1);
    archive_rig_settle(rig);
    keep(rig, 1, 0, 0);
    tidy(rig, 9999);
    assert_string_equal(archive_rig_sql(rig, "SELECT count(*) FROM places"), "1");
    archive_rig_say_many(rig, rig->lobby, 1);
    archive_rig_settle(rig);
    assert_string_equal(archive_rig_all(rig, archive_rig_room(rig, rig->lobby)), "4:m0");
    expect_consistent(rig);
}

static void what_was_deleted_by_hand_does_not_hold_it_up(void **state)
{
    struct archive_rig *rig = *state;

    archive_rig_say_many(rig, rig->lobby, 5);
    archive_rig_settle(rig);
    (void)archive_rig_sql(rig, "DELETE FROM records WHERE number IN (1, 2)");
    keep(rig, 0, 2, 0);
    tidy(rig, 0);
    assert_string_equal(archive_rig_sql(rig, ARCHIVE_RIG_NUMBERS), "4 5");
    (void)archive_rig_sql(rig, "UPDATE records SET places = '' WHERE number = 4");
    keep(rig, 0, 1, 0);
    tidy(rig, 0);
    assert_string_equal(archive_rig_all(rig, archive_rig_room(rig, rig->lobby)), "5:m4");
    keep(rig, 1, 0, 0);
    tidy(rig, 9999);
    assert_string_equal(archive_rig_sql(rig, ARCHIVE_RIG_NUMBERS), "5");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ARCHIVE_TEST(nothing_goes_without_a_limit),
        ARCHIVE_TEST_SEGMENTS(nothing_goes_without_a_limit),
        ARCHIVE_TEST(what_is_too_old_goes_to_the_millisecond),
        ARCHIVE_TEST_SEGMENTS(what_is_too_old_goes_to_the_millisecond),
        ARCHIVE_TEST(the_newest_stays_and_the_numbers_go_on),
        ARCHIVE_TEST_SEGMENTS(the_newest_stays_and_the_numbers_go_on),
        ARCHIVE_TEST(of_each_place_the_newest_so_many_stay),
        ARCHIVE_TEST_SEGMENTS(of_each_place_the_newest_so_many_stay),
        ARCHIVE_TEST(a_place_is_kept_to_its_size),
        ARCHIVE_TEST_SEGMENTS(a_place_is_kept_to_its_size),
        ARCHIVE_TEST(what_is_gone_is_not_found),
        ARCHIVE_TEST_SEGMENTS(what_is_gone_is_not_found),
        ARCHIVE_TEST(what_one_place_lets_go_another_keeps),
        ARCHIVE_TEST_SEGMENTS(what_one_place_lets_go_another_keeps),
        ARCHIVE_TEST(a_place_that_went_comes_again),
        ARCHIVE_TEST_SEGMENTS(a_place_that_went_comes_again),
        ARCHIVE_TEST(what_was_deleted_by_hand_does_not_hold_it_up),
        ARCHIVE_TEST_SEGMENTS(what_was_deleted_by_hand_does_not_hold_it_up),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
