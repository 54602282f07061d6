/* SPDX-License-Identifier: MIT */
/* store/indexer: which segments there are when, and what they have. That what is found is right,
 * with segments and without, test_archive_words and test_archive_search know. */
#include "store/search.h"
#include "support/index_rig.h"

static void a_segment_is_made_when_its_last_number_is_archived(void **state)
{
    struct archive_rig *rig = *state;

    say_words(rig, SPAN - 1);
    expect(rig, SEGMENTS, "");
    say_words(rig, 1);
    expect(rig, SEGMENTS, "1-4");
    say_words(rig, 2 * SPAN - 1);
    expect(rig, SEGMENTS, "1-4 5-8");
    say_words(rig, 1);
    expect(rig, SEGMENTS, "1-4 5-8 9-12");
    expect(rig, "SELECT sum(lost) FROM segments", "0");
}

/* What is in a segment is found by it alone, what is in none by reading. */
static void segments_are_asked_and_the_rest_is_read(void **state)
{
    struct archive_rig *rig = *state;

    say_words(rig, SPAN + 2);
    assert_string_equal(find(rig, "needle"),
                        "1:needle 0 2:needle 1 3:needle 2 4:needle 3 5:needle 4 6:needle 5");
    (void)archive_rig_sql(rig, "DELETE FROM postings");
    assert_string_equal(find(rig, "needle"), "5:needle 4 6:needle 5");
    assert_string_equal(find(rig, "ne"),
                        "1:needle 0 2:needle 1 3:needle 2 4:needle 3 5:needle 4 6:needle 5");
}

static void an_archive_without_an_index_gets_one_from_the_newest_back(void **state)
{
    struct archive_rig *rig = *state;

    say_words(rig, 2 * SPAN + 2);
    (void)archive_rig_sql(rig, "DELETE FROM segments");
    (void)archive_rig_sql(rig, "DELETE FROM postings");
    archive_rig_close(rig);
    archive_rig_open(rig);
    archive_rig_settle(rig);
    expect(rig, SEGMENTS, "7-10");
    assert_int_equal(archive_tidy(rig->archive, 0), ARCHIVE_MORE);
    expect(rig, SEGMENTS, "3-6 7-10");
    say_words(rig, SPAN); /* both ways */
    expect(rig, SEGMENTS, "3-6 7-10 11-14");
    assert_int_equal(archive_tidy(rig->archive, 0), ARCHIVE_MORE);
    expect(rig, SEGMENTS, "0-2 3-6 7-10 11-14");
    assert_int_equal(archive_tidy(rig->archive, 0), 0);
    assert_string_equal(find(rig, "needle 9"), "10:needle 9");
    assert_string_equal(find(rig, "needle 2"), "3:needle 2 13:needle 2");
}

/* The daemon was upgraded, and is idle. */
static void it_does_not_wait_for_something_to_be_said(void **state)
{
    struct archive_rig *rig = *state;

    say_words(rig, SPAN + 1);
    (void)archive_rig_sql(rig, "DELETE FROM segments");
    (void)archive_rig_sql(rig, "DELETE FROM postings");
    archive_rig_new_region(rig, 1000);
    archive_rig_settle(rig);
    expect(rig, SEGMENTS, "");
    tidy(rig, 0);
    expect(rig, SEGMENTS, "0-1 2-5");
}

static void fewer_than_a_segment_wait_for_more(void **state)
{
    struct archive_rig *rig = *state;

    say_words(rig, SPAN - 1);
    tidy(rig, 0);
    expect(rig, SEGMENTS, "");
}

/* Between two conversations there are numbers that nobody has. */
static void numbers_that_never_were_are_passed_over(void **state)
{
    struct archive_rig *rig = *state;

    say_words(rig, 2);
    archive_rig_new_region(rig, UINT64_C(1) << 40);
    say_words(rig, SPAN - 1);
    expect(rig, SEGMENTS, "1099511627773-1099511627776");
    tidy(rig, 0);
    expect(rig, SEGMENTS, "0-2 1099511627773-1099511627776");
    say_words(rig, SPAN);
    expect(rig, SEGMENTS, "0-2 1099511627773-1099511627776 1099511627777-1099511627780");
}

/* Each a text of as many tokens as there may be, but for its author's and its place's. */
static void say_long(struct archive_rig *rig, unsigned n)
{
    char text[RECORD_TEXT_MAX + 1];

    memset(text, 'x', sizeof(text) - 1);
    text[sizeof(text) - 1] = '\0';
    for (unsigned i = 0; i < n; i++) {
        text[0] = (char)('a' + i % 26);
        (void)archive_rig_say(rig, rig->lobby, text);
        archive_rig_settle(rig);
    }
}

static int set_up_large(void **state)
{
    return archive_rig_set_up_span(state, POSTINGS_MAX / RECORD_TEXT_MAX + 1);
}

/* 4,096 tokens each: 128 are as many as fit. */
static void of_texts_that_are_too_long_a_segment_has_half(void **state)
{
    struct archive_rig *rig = *state;

    say_long(rig, POSTINGS_MAX / RECORD_TEXT_MAX + 1);
    expect(rig, SEGMENTS, "1-65");
    (void)archive_rig_sql(rig, "DELETE FROM segments");
    (void)archive_rig_sql(rig, "DELETE FROM postings");
    archive_rig_close(rig);
    archive_rig_open(rig);
    rig->archive->segment_span = POSTINGS_MAX / RECORD_TEXT_MAX;
    say_long(rig, 1);
    expect(rig, SEGMENTS, "3-130");
    rig->archive->indexer.span++;
    say_long(rig, POSTINGS_MAX / RECORD_TEXT_MAX + 1);
    expect(rig, SEGMENTS, "3-130 131-195");
    tidy(rig, 0);
    expect(rig, SEGMENTS, "0-2 3-130 131-195");
    (void)archive_rig_sql(rig, "DELETE FROM segments WHERE first < 131");
    (void)archive_rig_sql(rig, "DELETE FROM postings WHERE id >> 20 <> (SELECT id FROM segments)");
    rig->archive->indexer.is_known = false;
    tidy(rig, 0);
    expect(rig, SEGMENTS, "0-65 66-130 131-195");
}

static void keep(struct archive_rig *rig, uint64_t records)
{
    struct archive_keep keep = { .records = records };

    assert_int_equal(archive_set_keep(rig->archive, &keep, NULL, 0), 0);
}

static void what_is_removed_leaves_the_index(void **state)
{
    struct archive_rig *rig = *state;

    (void)archive_rig_say(rig, rig->lobby, "a very long word that goes");
    (void)archive_rig_do(rig, RECORD_LEFT, "#lobby", "not in the index");
    (void)archive_rig_say(rig, rig->lobby, "short");
    (void)archive_rig_say(rig, rig->lobby, "shore");
    archive_rig_settle(rig);
    say_words(rig, SPAN);
    keep(rig, 6);
    assert_int_equal(archive_tidy(rig->archive, 0), ARCHIVE_MORE); /* removes and is not idle */
    expect(rig, "SELECT group_concat(lost) FROM segments", "2,0");
    tidy(rig, 0);
    expect(rig, "SELECT group_concat(lost) FROM segments", "0,0");
    assert_string_equal(find(rig, "shor"), "3:short 4:shore");
    keep(rig, 4);
    tidy(rig, 0);
    expect(rig, SEGMENTS, "5-8");
    expect(rig, "SELECT count(*) FROM postings WHERE id >> 20 NOT IN (SELECT id FROM segments)",
           "0");
}

/* What is removed and was in no segment is not missing in the one before. */
static void only_what_is_in_a_segment_is_lost_by_it(void **state)
{
    struct archive_rig *rig = *state;

    say_words(rig, SPAN);
    (void)archive_rig_say(rig, rig->tea, "at tea");
    (void)archive_rig_say(rig, rig->tea, "at tea again");
    archive_rig_settle(rig);
    keep(rig, SPAN);
    tidy(rig, 0);
    expect(rig, ARCHIVE_RIG_NUMBERS, "1 2 3 4 5 6");
    assert_int_equal(archive_set_keep(rig->archive, &(struct archive_keep){ 0 },
                                      &(struct archive_room_keep){ .name = TEXT("#tea"),
                                                                   .keep = { .records = 1 } },
                                      1),
                     0);
    assert_int_equal(archive_tidy(rig->archive, 0), ARCHIVE_MORE);
    expect(rig, ARCHIVE_RIG_NUMBERS, "1 2 3 4 6");
    expect(rig, "SELECT sum(lost) FROM segments", "0");
}

static uint64_t lists_size(struct archive_rig *rig)
{
    return strtoull(archive_rig_sql(rig, "SELECT ifnull(sum(length(lists)), 0) FROM postings"),
                    NULL, 10);
}

/* Three tokens, one and one, with a number each: nothing of what went is left. */
static void what_is_left_is_as_if_it_had_been_alone(void **state)
{
    struct archive_rig *rig = *state;

    say_words(rig, 3);
    (void)archive_rig_say(rig, rig->lobby, "alone");
    archive_rig_settle(rig);
    assert_true(lists_size(rig) > (3 + 1 + 1) * (4 + 1));
    keep(rig, 1);
    tidy(rig, 0);
    expect(rig, SEGMENTS, "1-4");
    assert_int_equal(lists_size(rig), (3 + 1 + 1) * (4 + 1));
    assert_string_equal(find(rig, "alone"), "4:alone");
}

static void lose(struct archive_rig *rig, unsigned n)
{
    char sql[64];

    (void)snprintf(sql, sizeof(sql), "UPDATE segments SET lost = %u", n);
    (void)archive_rig_sql(rig, sql);
}

/* While there is other work only what lost many is made anew; then so many in a round. */
static void who_lost_most_comes_first(void **state)
{
    struct archive_rig *rig = *state;
    struct indexer *indexer = &rig->archive->indexer;

    say_words(rig, (INDEXER_TIDY_MAX + 1) * SPAN);
    lose(rig, INDEXER_LOST_MANY - 1);
    assert_int_equal(indexer_tidy(indexer, false), 0);
    (void)archive_rig_sql(rig, "UPDATE segments SET lost = lost + 1 WHERE id = 3");
    assert_int_equal(indexer_tidy(indexer, false), INDEXER_MORE);
    expect(rig, "SELECT group_concat(id) FROM segments WHERE lost = 0", "3");
    assert_int_equal(indexer_tidy(indexer, false), 0);
    lose(rig, 1);
    for (int i = 0; i < INDEXER_TIDY_MAX; i++) {
        assert_int_equal(indexer_tidy(indexer, true), INDEXER_MORE);
    }
    assert_int_equal(indexer_tidy(indexer, false), 0); /* is not the end of the round */
    assert_int_equal(indexer_tidy(indexer, true), 0);
    expect(rig, "SELECT count(*) FROM segments WHERE lost > 0", "1");
    assert_int_equal(indexer_tidy(indexer, true), INDEXER_MORE); /* the next round */
    expect(rig, "SELECT count(*) FROM segments WHERE lost > 0", "0");
}

/* A search goes through one segment after the other, and asks no place for what is between them,
 * where nobody said anything: else each of many conversations would be asked of all others. */
static void gaps_between_conversations_are_not_searched(void **state)
{
    enum { CONVERSATIONS = 12 };
    static struct lookup lookup;
    static const struct text name = { "#lobby", 6 };
    struct archive_rig *rig = *state;
    struct scope lobby = archive_rig_named(SCOPE_PERMANENT, "#lobby");
    struct search_question question = { .words = "needle 5" };
    struct search search;
    struct hits hits;

    for (unsigned i = 0; i < CONVERSATIONS; i++) {
        archive_rig_new_region(rig, (i + 1) * 1000);
        assert_int_equal(archive_set_permanent(rig->archive, &name, 1), 0);
        say_words(rig, SPAN);
    }
    tidy(rig, 0);
    assert_int_equal(lookup_init(&lookup, rig->path), 0);
    for (int i = 0; i < 2; i++) {
        question.is_from_oldest = i == 1;
        assert_int_equal(hits_init(&hits, 10, !question.is_from_oldest), 0);
        assert_int_equal(lookup_scopes(&lookup, &lobby, 1), 0);
        assert_int_equal(lookup.n_spots, CONVERSATIONS);
        assert_int_equal(search_run(&search, &lookup, &question, &hits), 0);
        assert_int_equal(hits.n, 0);
        hits_fini(&hits);
    }
    /* none of them was asked for more than the few at the ends, which are in no segment */
    assert_in_range(sqlite3_stmt_status(lookup.statements[LOOKUP_NEWEST], SQLITE_STMTSTATUS_RUN, 0),
                    0, 2 * CONVERSATIONS);
    assert_in_range(sqlite3_stmt_status(lookup.statements[LOOKUP_OLDEST], SQLITE_STMTSTATUS_RUN, 0),
                    0, 2 * CONVERSATIONS);
    lookup_fini(&lookup);
}

/* What was no text leaves as well. */
static void segments_of_events_alone_go_with_them(void **state)
{
    struct archive_rig *rig = *state;

    for (int i = 0; i < 3 * SPAN; i++) {
        (void)archive_rig_do(rig, RECORD_JOINED, "#lobby", "");
        archive_rig_settle(rig);
    }
    say_words(rig, SPAN);
    expect(rig, "SELECT count(*) FROM segments", "4");
    keep(rig, 2);
    tidy(rig, 0);
    expect(rig, ARCHIVE_RIG_NUMBERS, "15 16");
    expect(rig, SEGMENTS, "13-16");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        INDEX_TEST(a_segment_is_made_when_its_last_number_is_archived),
        INDEX_TEST(segments_are_asked_and_the_rest_is_read),
        INDEX_TEST(an_archive_without_an_index_gets_one_from_the_newest_back),
        INDEX_TEST(it_does_not_wait_for_something_to_be_said),
        INDEX_TEST(fewer_than_a_segment_wait_for_more),
        INDEX_TEST(numbers_that_never_were_are_passed_over),
        cmocka_unit_test_setup_teardown(of_texts_that_are_too_long_a_segment_has_half, set_up_large,
                                        archive_rig_tear_down),
        INDEX_TEST(what_is_removed_leaves_the_index),
        INDEX_TEST(only_what_is_in_a_segment_is_lost_by_it),
        INDEX_TEST(what_is_left_is_as_if_it_had_been_alone),
        INDEX_TEST(who_lost_most_comes_first),
        INDEX_TEST(gaps_between_conversations_are_not_searched),
        INDEX_TEST(segments_of_events_alone_go_with_them),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
