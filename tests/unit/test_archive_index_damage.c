/* SPDX-License-Identifier: MIT */
/* store/indexer, store/former_index: an index that somebody changed, that cannot be written, or
 * that an older version left. */
#include "store/former_index.h"
#include "support/index_rig.h"

/* Whatever somebody wrote there: it leads to nothing that is not looked at. */
static void lists_that_somebody_changed_do_no_harm(void **state)
{
    struct archive_rig *rig = *state;

    say_words(rig, 2 * SPAN);
    (void)archive_rig_sql(rig, "UPDATE postings SET lists = randomblob(length(lists))");
    (void)find(rig, "needle");
    (void)archive_rig_sql(rig, "UPDATE postings SET lists = x''");
    assert_string_equal(find(rig, "needle"), "");
}

static void expect_refused(struct archive_rig *rig, const char *change)
{
    char sql[128];

    (void)snprintf(sql, sizeof(sql), "UPDATE segments SET %s WHERE first = 5", change);
    (void)archive_rig_sql(rig, sql);
    expect(rig,
           "SELECT group_concat(id || ',' || first || ',' || last || ',' || lost, ' ') "
           "FROM segments",
           "1,1,4,0 2,5,8,0");
}

/* A search that came across them would go round in circles. */
static void segments_that_cannot_be_are_refused(void **state)
{
    static const char *const changes[] = { "id = 0",          "id = -1",   "id = 4398046511104",
                                           "first = -5",      "first = 9", "last = 4",
                                           "last = 5 + 4096", "lost = -1" };
    struct archive_rig *rig = *state;

    say_words(rig, 2 * SPAN);
    for (size_t i = 0; i < ARRAY_SIZE(changes); i++) {
        expect_refused(rig, changes[i]);
    }
    (void)archive_rig_sql(rig, "UPDATE segments SET last = 5 + 4095 WHERE first = 5");
    expect(rig, "SELECT last FROM segments WHERE first = 5", "4100");
}

/* Somebody deleted some rows, and left others. */
static void lists_of_no_segment_are_not_taken_for_a_new_one(void **state)
{
    struct archive_rig *rig = *state;

    say_words(rig, 2 * SPAN);
    (void)archive_rig_sql(rig, "DELETE FROM segments");
    archive_rig_close(rig);
    archive_rig_open(rig);
    say_words(rig, 1);
    tidy(rig, 0);
    expect(rig, SEGMENTS, "0-1 2-5 6-9");
    assert_string_equal(find(rig, "needle 0"), "1:needle 0 9:needle 0");
    assert_string_equal(find(rig, "needle 7"), "8:needle 7");
}

/* What cannot be indexed is archived, and found by reading. */
static void a_failing_index_holds_nothing_up(void **state)
{
    struct archive_rig *rig = *state;
    int r;

    archive_rig_close(rig);
    rig->settings.batch_records = 3;
    archive_rig_open(rig);
    say_words(rig, 1);
    (void)archive_rig_sql(rig, "CREATE TRIGGER no BEFORE INSERT ON postings BEGIN "
                               "SELECT raise(ABORT, 'broken'); END");
    archive_rig_say_many(rig, rig->lobby, 3 * SPAN);
    while ((r = archive_step(rig->archive)) == ARCHIVE_MORE) {
    }
    assert_true(r < 0);
    assert_true(archive_is_failing(rig->archive));
    expect(rig, "SELECT count(*) FROM records", "13");
    assert_string_equal(find(rig, "needle"), "1:needle 0");
    (void)archive_rig_sql(rig, "DROP TRIGGER no");
    archive_rig_settle(rig);
    assert_false(archive_is_failing(rig->archive));
    expect(rig, "SELECT count(*) > 0 FROM segments", "1");
}

/* As archives of version 3 have; so many rows in each step. */
static void the_former_index_goes_bit_by_bit(void **state)
{
    struct archive_rig *rig = *state;
    char sql[256];

    say_words(rig, 1);
    (void)archive_rig_sql(rig, "CREATE VIRTUAL TABLE words USING fts5(text, content='')");
    (void)snprintf(sql, sizeof(sql),
                   "WITH n(i) AS (SELECT 11 UNION ALL SELECT i + 1 FROM n WHERE i < 11 + %d) "
                   "INSERT INTO words_data SELECT i, x'00' FROM n",
                   FORMER_INDEX_ROWS);
    (void)archive_rig_sql(rig, sql);
    assert_int_equal(archive_tidy(rig->archive, 0), ARCHIVE_MORE);
    expect(rig, "SELECT count(*) FROM words_data WHERE id > 10", "1");
    assert_int_equal(archive_tidy(rig->archive, 0), ARCHIVE_MORE);
    expect(rig, "SELECT count(*) FROM words_data WHERE id > 10", "0");
    assert_int_equal(archive_tidy(rig->archive, 0), 0);
    expect(rig, "SELECT count(*) FROM sqlite_schema WHERE name LIKE 'words%'", "0");
    assert_int_equal(archive_tidy(rig->archive, 0), 0);
    assert_string_equal(find(rig, "needle"), "1:needle 0");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        INDEX_TEST(lists_that_somebody_changed_do_no_harm),
        INDEX_TEST(segments_that_cannot_be_are_refused),
        INDEX_TEST(lists_of_no_segment_are_not_taken_for_a_new_one),
        INDEX_TEST(a_failing_index_holds_nothing_up),
        INDEX_TEST(the_former_index_goes_bit_by_bit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
