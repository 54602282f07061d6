/* SPDX-License-Identifier: MIT */
/* store/reader, search: by person and time, only in what was asked for, and not for too long. Which
 * words are found, test_archive_words knows. */
#include "store/search.h"
#include "support/archive_rig.h"

static void what_programs_say_is_neither_found_nor_counted(void **state)
{
    struct archive_rig *rig = *state;
    struct scope lobby = archive_rig_room(rig, rig->lobby);
    struct search_question question = {
        .scopes = &lobby, .n_scopes = 1, .limit = 1, .words = "version"
    };
    struct search_answer answer;

    (void)archive_rig_say(rig, rig->lobby, "which version?");
    (void)archive_rig_say(rig, rig->lobby, "\001VERSION\001");
    archive_rig_settle(rig);
    for (int i = 0; i < 2; i++) { /* by the index, and by reading */
        rig->heard_len = 0;
        assert_int_equal(
            archive_search(archive_rig_reader(rig), &question, archive_rig_hear, rig, &answer), 0);
        assert_string_equal(rig->heard, "1:which version?");
        question.words[0] = '\0';
    }
}

static void what_is_not_asked_for_is_not_found(void **state)
{
    struct archive_rig *rig = *state;
    struct scope lobby = archive_rig_room(rig, rig->lobby), bob = archive_rig_box(rig, 2, "ann"),
                 other = archive_rig_box(rig, 3, "");

    (void)archive_rig_say(rig, rig->lobby, "secret in the lobby");
    (void)archive_rig_say(rig, rig->tea, "secret at tea");
    (void)archive_rig_tell(rig, "secret to bob");
    archive_rig_settle(rig);
    assert_string_equal(archive_rig_search(rig, &lobby, 1, "secret"), "1:secret in the lobby");
    assert_string_equal(archive_rig_search(rig, &bob, 1, "secret"), "3:secret to bob");
    assert_string_equal(archive_rig_search(rig, &other, 1, "secret"), "");
    assert_string_equal(archive_rig_search(rig, &lobby, 0, "secret"), "");
    assert_string_equal(archive_rig_search(rig, &lobby, 1, "se"), "1:secret in the lobby");
    assert_string_equal(archive_rig_search(rig, &other, 1, "se"), "");
}

/* The index only leads somewhere: the placement is looked up. */
static void a_token_without_a_placement_shows_nothing(void **state)
{
    struct archive_rig *rig = *state;
    struct scope lobby = archive_rig_room(rig, rig->lobby);

    (void)archive_rig_say(rig, rig->lobby, "secret");
    archive_rig_settle(rig);
    (void)archive_rig_sql(rig, "DELETE FROM placements");
    assert_string_equal(archive_rig_search(rig, &lobby, 1, "secret"), "");
}

static void topics_are_found_and_other_events_are_not(void **state)
{
    struct archive_rig *rig = *state;

    (void)archive_rig_do(rig, RECORD_TOPIC, "#lobby", "all about cheese");
    (void)archive_rig_do(rig, RECORD_QUIT, "", "no more cheese");
    assert_string_equal(archive_rig_search_rooms(rig, "cheese"), "1:all about cheese");
    assert_string_equal(archive_rig_search_rooms(rig, "ch"), "1:all about cheese");
}

static struct search_answer ask(struct archive_rig *rig, struct search_question *question)
{
    static struct scope scope;
    struct search_answer answer = { 0 };

    archive_rig_settle(rig);
    scope = archive_rig_room(rig, rig->lobby);
    question->scopes = &scope;
    question->n_scopes = 1;
    rig->heard_len = 0;
    rig->heard[0] = '\0';
    assert_int_equal(
        archive_search(archive_rig_reader(rig), question, archive_rig_hear, rig, &answer), 0);
    return answer;
}

static void a_person_is_found_by_nick_with_and_without_words(void **state)
{
    struct archive_rig *rig = *state;
    struct search_question question = { .limit = 10, .who = "BOB" };

    (void)archive_rig_say(rig, rig->lobby, "hello from ann");
    (void)archive_rig_do(rig, RECORD_SAID, "#lobby", "hello from bob");
    (void)archive_rig_do(rig, RECORD_SAID, "#Tea", "hello at tea");
    (void)archive_rig_do(rig, RECORD_SAID, "#lobby", "ok");
    (void)ask(rig, &question);
    assert_string_equal(rig->heard, "2:hello from bob 4:ok");
    (void)snprintf(question.words, sizeof(question.words), "hello");
    (void)ask(rig, &question);
    assert_string_equal(rig->heard, "2:hello from bob");
    (void)snprintf(question.words, sizeof(question.words), "ok");
    (void)ask(rig, &question);
    assert_string_equal(rig->heard, "4:ok");
    (void)snprintf(question.who, sizeof(question.who), "bo");
    (void)ask(rig, &question);
    assert_string_equal(rig->heard, "");
}

/* A topic that was taken away is an empty text: there is nothing to be found. */
static void who_took_a_topic_away_said_nothing(void **state)
{
    struct archive_rig *rig = *state;
    struct search_question question = { .limit = 10, .who = "bob" };

    (void)archive_rig_do(rig, RECORD_TOPIC, "#lobby", "");
    (void)archive_rig_do(rig, RECORD_TOPIC, "#lobby", "news");
    (void)archive_rig_do(rig, RECORD_TOPIC, "#lobby", "");
    (void)ask(rig, &question);
    assert_string_equal(rig->heard, "2:news");
    question.who[0] = '\0';
    (void)ask(rig, &question);
    assert_string_equal(rig->heard, "2:news");
}

/* The n-th conversation: so often something is said in both rooms. */
static void say_in_both(struct archive_rig *rig, unsigned n, unsigned times)
{
    static const struct text lobby = { "#lobby", 6 };

    archive_rig_new_region(rig, (uint64_t)n * 100);
    assert_int_equal(archive_set_permanent(rig->archive, &lobby, 1), 0);
    for (unsigned i = 0; i < times; i++) {
        (void)archive_rig_say(rig, rig->lobby, "needle");
        (void)archive_rig_say(rig, rig->tea, "needle at tea");
    }
    archive_rig_settle(rig);
}

/* In n conversations of a room that stays: one thing each, and as many as there are in the last. */
static void search_conversations(struct archive_rig *rig, unsigned n)
{
    struct scope scope = archive_rig_named(SCOPE_PERMANENT, "#lobby");
    char wanted[1024];
    struct buf all = buf_over(wanted, sizeof(wanted) - 1);

    rig->settings.segment_span = 2 * n;
    for (unsigned i = 1; i <= n; i++) {
        say_in_both(rig, i, i < n ? 1 : n);
        for (unsigned k = 0; k < (i < n ? 1 : n); k++) {
            buf_format(&all, "%s%u:needle", all.len > 0 ? " " : "", i * 100 + 2 * k);
        }
    }
    wanted[all.len] = '\0';
    assert_string_equal(archive_rig_sql(rig, "SELECT count(*) FROM segments WHERE last = "
                                             "(SELECT max(number) FROM records)"),
                        "1");
    assert_string_equal(archive_rig_search(rig, &scope, 1, "needle"), wanted);
}

static void a_few_conversations_are_asked_for_first(void **state)
{
    search_conversations(*state, SEARCH_PLACES);
}

/* Only where they are fewer than what has the words, as in the last. */
static void more_conversations_are_asked_for_behind_the_words(void **state)
{
    search_conversations(*state, SEARCH_PLACES + 1);
}

static void times_and_the_limit_bound_what_is_found(void **state)
{
    struct archive_rig *rig = *state;
    struct search_question question = { .limit = 2, .words = "word" };

    for (int i = 0; i < 5; i++) {
        (void)archive_rig_say(rig, rig->lobby, "word");
    }
    (void)ask(rig, &question);
    assert_string_equal(rig->heard, "4:word 5:word");
    question.to = (struct bound){ .at = 4 };
    assert_int_equal(ask(rig, &question).reached, 2);
    assert_string_equal(rig->heard, "2:word 3:word");
    question.from = (struct bound){ .is_ms = true, .at = 1020 };
    assert_int_equal(ask(rig, &question).reached, 3);
    assert_string_equal(rig->heard, "3:word");
    question.from.at = 1030;
    assert_int_equal(ask(rig, &question).n, 0);
    question.limit = 0;
    question.from.at = 0;
    assert_int_equal(ask(rig, &question).n, 0);
}

/* Two characters in 30,000 texts: the search ends before the beginning, and says where. */
static void a_search_that_would_take_long_is_cut(void **state)
{
    struct archive_rig *rig = *state;
    struct search_question question = { .limit = 10, .words = "zz" };
    struct search_answer answer;

    (void)archive_rig_say(rig, rig->lobby, "zz");
    for (int i = 0; i < 75; i++) {
        archive_rig_say_many(rig, rig->lobby, 400);
        archive_rig_settle(rig);
    }
    (void)archive_rig_say(rig, rig->lobby, "zz top");
    answer = ask(rig, &question);
    assert_string_equal(rig->heard, "30002:zz top");
    assert_true(answer.is_cut);
    assert_int_equal(answer.reached, 30002 - 19999);
    question.to = (struct bound){ .at = answer.reached };
    answer = ask(rig, &question);
    assert_string_equal(rig->heard, "1:zz");
    assert_false(answer.is_cut);
    question = (struct search_question){ .limit = 10, .words = "zz", .is_from_oldest = true };
    answer = ask(rig, &question);
    assert_string_equal(rig->heard, "1:zz");
    assert_true(answer.is_cut);
    assert_int_equal(answer.reached, 20000);
    question.from = (struct bound){ .at = answer.reached };
    answer = ask(rig, &question);
    assert_string_equal(rig->heard, "30002:zz top");
    assert_false(answer.is_cut);
}

/* With a budget it goes back bit by bit, over numbers that never were, and finds the same. */
static void a_search_with_time_enough_finds_all(void **state)
{
    struct archive_rig *rig = *state;
    struct search_question question = { .limit = 10, .words = "needle", .budget_ms = 60000 };
    static const struct text lobby = { "#lobby", 6 };
    struct search_answer answer;

    assert_int_equal(archive_set_permanent(rig->archive, &lobby, 1), 0);
    (void)archive_rig_say(rig, rig->lobby, "needle");
    archive_rig_say_many(rig, rig->lobby, 100);
    archive_rig_settle(rig);
    archive_rig_new_region(rig, UINT64_C(1) << 50);
    assert_int_equal(archive_set_permanent(rig->archive, &lobby, 1), 0);
    (void)archive_rig_say(rig, rig->lobby, "needle");
    archive_rig_say_many(rig, rig->lobby, 100);
    archive_rig_settle(rig);
    question.scopes = &(struct scope){ .kind = SCOPE_PERMANENT, .name = "#lobby" };
    question.n_scopes = 1;
    rig->heard_len = 0;
    assert_int_equal(
        archive_search(archive_rig_reader(rig), &question, archive_rig_hear, rig, &answer), 0);
    assert_string_equal(rig->heard, "1:needle 1125899906842624:needle");
    assert_false(answer.is_cut);
    assert_int_equal(answer.reached, 0);
    question.is_from_oldest = true;
    rig->heard_len = 0;
    assert_int_equal(
        archive_search(archive_rig_reader(rig), &question, archive_rig_hear, rig, &answer), 0);
    assert_string_equal(rig->heard, "1:needle 1125899906842624:needle");
    assert_false(answer.is_cut);
    assert_int_equal(answer.reached, INT64_MAX - 1);
}

static void nothing_is_missed_where_two_segments_meet(void **state)
{
    struct archive_rig *rig = *state;
    struct search_question question = { .limit = 10, .words = "needle", .budget_ms = 60000 };

    archive_rig_new_region(rig, 327678);
    for (int i = 0; i < 4; i++) {
        (void)archive_rig_say(rig, rig->lobby, "needle");
    }
    (void)ask(rig, &question);
    assert_string_equal(rig->heard, "327678:needle 327679:needle 327680:needle 327681:needle");
    question.limit = 3;
    (void)ask(rig, &question);
    assert_string_equal(rig->heard, "327679:needle 327680:needle 327681:needle");
    question.is_from_oldest = true;
    (void)ask(rig, &question);
    assert_string_equal(rig->heard, "327678:needle 327679:needle 327680:needle");
}

/* How much is found of what this one said. */
static uint32_t found_by(struct archive_rig *rig, const struct scope scopes[2], const char *who)
{
    struct search_question question = { .scopes = scopes, .n_scopes = 2, .limit = 10 };
    struct search_answer answer;

    (void)snprintf(question.who, sizeof(question.who), "%s", who);
    rig->heard_len = 0;
    assert_int_equal(
        archive_search(archive_rig_reader(rig), &question, archive_rig_hear, rig, &answer), 0);
    return answer.n;
}

/* Of one who talks with more than are looked at, the rooms are looked at first, then those it began
 * to talk with last. */
static void talks_are_searched_up_to_so_many_places_the_newest_first(void **state)
{
    struct archive_rig *rig = *state;
    struct scope scopes[] = { archive_rig_room(rig, rig->lobby), archive_rig_box(rig, 1, "") };
    unsigned n_talks = LOOKUP_SPOTS_MAX - 1;
    char newest[16];

    (void)snprintf(newest, sizeof(newest), "n%u", n_talks + 1);
    (void)archive_rig_say(rig, rig->lobby, "needle in the room");
    for (unsigned i = 1; i <= n_talks; i++) {
        archive_rig_tell_as(rig, i);
        if (i % 128 == 0 || i == n_talks) { /* the log keeps no more */
            archive_rig_settle(rig);
        }
    }
    assert_int_equal(found_by(rig, scopes, "n1"), 1);
    archive_rig_tell_as(rig, n_talks + 1);
    archive_rig_settle(rig);
    assert_int_equal(found_by(rig, scopes, "n1"), 0);
    assert_int_equal(found_by(rig, scopes, "n2"), 1);
    assert_int_equal(found_by(rig, scopes, newest), 1);
    assert_string_equal(archive_rig_search(rig, scopes, 2, "room"), "1:needle in the room");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ARCHIVE_TEST(what_programs_say_is_neither_found_nor_counted),
        ARCHIVE_TEST_SEGMENTS(what_programs_say_is_neither_found_nor_counted),
        ARCHIVE_TEST(what_is_not_asked_for_is_not_found),
        ARCHIVE_TEST_SEGMENTS(what_is_not_asked_for_is_not_found),
        ARCHIVE_TEST(a_token_without_a_placement_shows_nothing),
        ARCHIVE_TEST_SEGMENTS(a_token_without_a_placement_shows_nothing),
        ARCHIVE_TEST(topics_are_found_and_other_events_are_not),
        ARCHIVE_TEST_SEGMENTS(topics_are_found_and_other_events_are_not),
        ARCHIVE_TEST(a_person_is_found_by_nick_with_and_without_words),
        ARCHIVE_TEST_SEGMENTS(a_person_is_found_by_nick_with_and_without_words),
        ARCHIVE_TEST(who_took_a_topic_away_said_nothing),
        ARCHIVE_TEST_SEGMENTS(who_took_a_topic_away_said_nothing),
        ARCHIVE_TEST(a_few_conversations_are_asked_for_first),
        ARCHIVE_TEST(more_conversations_are_asked_for_behind_the_words),
        ARCHIVE_TEST(times_and_the_limit_bound_what_is_found),
        ARCHIVE_TEST_SEGMENTS(times_and_the_limit_bound_what_is_found),
        ARCHIVE_TEST(a_search_that_would_take_long_is_cut),
        ARCHIVE_TEST(a_search_with_time_enough_finds_all),
        ARCHIVE_TEST_SEGMENTS(a_search_with_time_enough_finds_all),
        ARCHIVE_TEST(nothing_is_missed_where_two_segments_meet),
        ARCHIVE_TEST_SEGMENTS(nothing_is_missed_where_two_segments_meet),
        ARCHIVE_TEST(talks_are_searched_up_to_so_many_places_the_newest_first),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
