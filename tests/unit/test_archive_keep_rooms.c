/* SPDX-License-Identifier: MIT */
/* store/retention: rooms that are kept for another time, or to another size, than all else. */
#include "support/keep_rig.h"

/* So much of all places, but so much of the rooms of this name. */
static void keep_but(struct archive_rig *rig, const struct archive_keep *all, const char *name,
                     const struct archive_keep *its)
{
    struct archive_room_keep room = { .name = text_of(name), .keep = *its };

    assert_int_equal(archive_set_keep(rig->archive, all, &room, 1), 0);
}

static const struct archive_keep FOR_EVER = { 0 };

/* Number 4 is in both rooms; 5 is the newest, which stays. */
static void say_in_both(struct archive_rig *rig)
{
    archive_rig_say_many(rig, rig->lobby, 1);
    archive_rig_say_many(rig, rig->tea, 1);
    archive_rig_say_many(rig, rig->lobby, 1);
    (void)archive_rig_do(rig, RECORD_QUIT, "", "gone");
    archive_rig_say_many(rig, rig->lobby, 1);
    archive_rig_settle(rig);
}

static void a_room_may_keep_for_longer(void **state)
{
    struct archive_rig *rig = *state;

    say_in_both(rig);
    keep_but(rig, &(struct archive_keep){ .ms = 100 }, "#TEA", &(struct archive_keep){ .ms = 200 });
    tidy(rig, 1150);
    assert_string_equal(archive_rig_sql(rig, ARCHIVE_RIG_NUMBERS), "2 4 5");
    assert_string_equal(archive_rig_all(rig, archive_rig_room(rig, rig->lobby)), "5:m0");
    assert_string_equal(archive_rig_all(rig, archive_rig_room(rig, rig->tea)), "2:m0 4:gone");
    expect_consistent(rig);
    tidy(rig, 1220);
    assert_string_equal(archive_rig_sql(rig, ARCHIVE_RIG_NUMBERS), "2 4 5");
    tidy(rig, 1221);
    assert_string_equal(archive_rig_sql(rig, ARCHIVE_RIG_NUMBERS), "4 5");
    tidy(rig, 1241);
    assert_string_equal(archive_rig_sql(rig, ARCHIVE_RIG_NUMBERS), "5");
    expect_consistent(rig);
    assert_string_equal(archive_rig_sql(rig, "SELECT count(*) FROM places"), "1");
}

static void a_room_may_keep_for_ever(void **state)
{
    struct archive_rig *rig = *state;

    say_in_both(rig);
    keep_but(rig, &(struct archive_keep){ .ms = 1, .records = 1 }, "#tea", &FOR_EVER);
    tidy(rig, UINT64_C(1) << 42);
    assert_string_equal(archive_rig_sql(rig, ARCHIVE_RIG_NUMBERS), "2 4 5");
    expect_consistent(rig);
}

static void a_room_may_keep_less(void **state)
{
    struct archive_rig *rig = *state;

    say_in_both(rig);
    keep_but(rig, &FOR_EVER, "#tea", &(struct archive_keep){ .ms = 100 });
    tidy(rig, 1120);
    assert_string_equal(archive_rig_sql(rig, ARCHIVE_RIG_NUMBERS), "1 2 3 4 5");
    tidy(rig, 1121);
    assert_string_equal(archive_rig_sql(rig, ARCHIVE_RIG_NUMBERS), "1 3 4 5");
    tidy(rig, 9999);
    assert_string_equal(archive_rig_all(rig, archive_rig_room(rig, rig->tea)), "");
    assert_string_equal(archive_rig_all(rig, archive_rig_room(rig, rig->lobby)),
                        "1:m0 3:m0 4:gone 5:m0");
    expect_consistent(rig);
}

static void a_room_may_have_a_size_of_its_own(void **state)
{
    static const struct archive_keep two = { .bytes = 204 }, three = { .bytes = 306 };
    struct archive_rig *rig = *state;

    archive_rig_say_many(rig, rig->tea, 5);
    archive_rig_say_many(rig, rig->lobby, 5);
    archive_rig_settle(rig);
    keep_but(rig, &FOR_EVER, "#tea", &three);
    tidy(rig, 0);
    assert_string_equal(archive_rig_sql(rig, ARCHIVE_RIG_NUMBERS), "3 4 5 6 7 8 9 10");
    keep_but(rig, &two, "#tea", &three);
    tidy(rig, 0);
    assert_string_equal(archive_rig_sql(rig, ARCHIVE_RIG_NUMBERS), "3 4 5 9 10");
    keep_but(rig, &(struct archive_keep){ .bytes = 1 }, "#tea", &FOR_EVER);
    tidy(rig, 0);
    assert_string_equal(archive_rig_sql(rig, ARCHIVE_RIG_NUMBERS), "3 4 5 10");
    expect_consistent(rig);
}

static void a_talk_with_somebody_of_a_rooms_name_is_no_room(void **state)
{
    struct archive_rig *rig = *state;

    (void)archive_rig_tell(rig, "psst");
    archive_rig_say_many(rig, rig->lobby, 1);
    archive_rig_settle(rig);
    keep_but(rig, &(struct archive_keep){ .ms = 1 }, "bob", &FOR_EVER);
    tidy(rig, 9999);
    assert_string_equal(archive_rig_sql(rig, ARCHIVE_RIG_NUMBERS), "2");
}

static void what_is_set_no_more_falls_back_to_what_counts_for_all(void **state)
{
    struct archive_rig *rig = *state;
    static const struct archive_keep all = { .ms = 100 };

    say_in_both(rig);
    keep_but(rig, &all, "#tea", &FOR_EVER);
    tidy(rig, 9999);
    assert_string_equal(archive_rig_sql(rig, ARCHIVE_RIG_NUMBERS), "2 4 5");
    keep_but(rig, &all, "#elsewhere", &FOR_EVER);
    tidy(rig, 9999);
    assert_string_equal(archive_rig_sql(rig, ARCHIVE_RIG_NUMBERS), "5");
    expect_consistent(rig);
}

/* What stays is passed by in steps as small as those that delete, and once. */
static void what_a_room_keeps_does_not_hold_the_others_up(void **state)
{
    struct archive_rig *rig = *state;
    struct archive_status status;

    for (int i = 0; i < 2; i++) { /* the log cannot hold all of them */
        archive_rig_say_many(rig, rig->tea, 300);
        archive_rig_settle(rig);
    }
    archive_rig_say_many(rig, rig->lobby, 2);
    archive_rig_settle(rig);
    keep_but(rig, &(struct archive_keep){ .ms = 1 }, "#tea", &FOR_EVER);
    for (int i = 0; i < 2; i++) { /* 256 each */
        assert_int_equal(archive_tidy(rig->archive, 99999), ARCHIVE_MORE);
        assert_string_equal(archive_rig_sql(rig, "SELECT count(*) FROM records"), "602");
    }
    assert_int_equal(archive_tidy(rig->archive, 99999), ARCHIVE_MORE);
    assert_string_equal(archive_rig_sql(rig, "SELECT count(*) FROM records"), "601");
    assert_int_equal(archive_tidy(rig->archive, 99999), 0);
    archive_get_status(rig->archive, &status);
    assert_int_equal(status.n_deleted, 1);
    expect_consistent(rig);
}

static void a_thousand_rooms_have_settings_of_their_own(void **state)
{
    struct archive_rig *rig = *state;
    static struct archive_room_keep rooms[1000];
    static char names[1000][8];

    for (size_t i = 0; i < ARRAY_SIZE(rooms); i++) {
        (void)snprintf(names[i], sizeof(names[i]), "#r%zu", i);
        rooms[i] = (struct archive_room_keep){ .name = text_of(names[i]), .keep = { .ms = 5 } };
    }
    rooms[999].name = TEXT("#tea");
    say_in_both(rig);
    assert_int_equal(archive_set_keep(rig->archive, &FOR_EVER, rooms, ARRAY_SIZE(rooms)), 0);
    tidy(rig, 9999);
    assert_string_equal(archive_rig_sql(rig, ARCHIVE_RIG_NUMBERS), "1 3 4 5");
}

/* The database is opened anew after a failure: what is set still counts. */
static void settings_outlast_the_file(void **state)
{
    struct archive_rig *rig = *state;

    say_in_both(rig);
    keep_but(rig, &(struct archive_keep){ .ms = 1 }, "#tea", &FOR_EVER);
    tidy(rig, 0);
    assert_int_equal(unlink(rig->path), 0);
    assert_int_equal(archive_step(rig->archive), -ENOENT);
    archive_rig_settle(rig);
    tidy(rig, 9999);
    assert_string_equal(archive_rig_sql(rig, ARCHIVE_RIG_NUMBERS), "2 4 5");
    expect_consistent(rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ARCHIVE_TEST(a_room_may_keep_for_longer),
        ARCHIVE_TEST_SEGMENTS(a_room_may_keep_for_longer),
        ARCHIVE_TEST(a_room_may_keep_for_ever),
        ARCHIVE_TEST_SEGMENTS(a_room_may_keep_for_ever),
        ARCHIVE_TEST(a_room_may_keep_less),
        ARCHIVE_TEST_SEGMENTS(a_room_may_keep_less),
        ARCHIVE_TEST(a_room_may_have_a_size_of_its_own),
        ARCHIVE_TEST_SEGMENTS(a_room_may_have_a_size_of_its_own),
        ARCHIVE_TEST(a_talk_with_somebody_of_a_rooms_name_is_no_room),
        ARCHIVE_TEST_SEGMENTS(a_talk_with_somebody_of_a_rooms_name_is_no_room),
        ARCHIVE_TEST(what_is_set_no_more_falls_back_to_what_counts_for_all),
        ARCHIVE_TEST_SEGMENTS(what_is_set_no_more_falls_back_to_what_counts_for_all),
        ARCHIVE_TEST(what_a_room_keeps_does_not_hold_the_others_up),
        ARCHIVE_TEST(a_thousand_rooms_have_settings_of_their_own),
        ARCHIVE_TEST_SEGMENTS(a_thousand_rooms_have_settings_of_their_own),
        ARCHIVE_TEST(settings_outlast_the_file),
        ARCHIVE_TEST_SEGMENTS(settings_outlast_the_file),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
