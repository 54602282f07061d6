/* SPDX-License-Identifier: MIT */
/* store/reader, history: each window gives exactly what lies in it, in the order of the log, of the
 * places that were asked for and no other, by number and by time, at every limit. */
#include "support/archive_rig.h"

static struct bound at_number(uint64_t number)
{
    return (struct bound){ .at = number };
}

static struct bound at_ms(uint64_t ms)
{
    return (struct bound){ .is_ms = true, .at = ms };
}

/* Of the lobby: what was said. */
static const char *ask(struct archive_rig *rig, enum window window, struct bound from,
                       struct bound to, uint32_t limit)
{
    static struct scope scope;
    struct history_question question = { .scopes = &scope,
                                         .n_scopes = 1,
                                         .window = window,
                                         .from = from,
                                         .to = to,
                                         .limit = limit,
                                         .kinds = KINDS_SAID };

    scope = archive_rig_room(rig, rig->lobby);
    return archive_rig_ask(rig, &question);
}

static const struct bound none;

/* 1 and 3 to 8 in the lobby; 2 at tea; 5 is an event in both. Record n is of the time 1000 + 10n.
 */
static void talk(struct archive_rig *rig)
{
    (void)archive_rig_say(rig, rig->lobby, "a");
    (void)archive_rig_say(rig, rig->tea, "b");
    (void)archive_rig_say(rig, rig->lobby, "c");
    (void)archive_rig_say(rig, rig->lobby, "d");
    (void)archive_rig_do(rig, RECORD_AWAY, "", "e");
    (void)archive_rig_do(rig, RECORD_ACTION, "#lobby", "f");
    (void)archive_rig_do(rig, RECORD_NOTICE, "#lobby", "g");
    (void)archive_rig_say(rig, rig->lobby, "h");
    archive_rig_settle(rig);
}

struct window_case {
    enum window window;
    struct bound from, to;
    uint32_t limit;
    const char *expected;
};

static const struct window_case cases[] = {
    { WINDOW_LATEST, { false, 0 }, { false, 0 }, 1000, "1:a 3:c 4:d 6:f 7:g 8:h" },
    { WINDOW_LATEST, { false, 0 }, { false, 0 }, 2, "7:g 8:h" },
    { WINDOW_LATEST, { false, 0 }, { false, 0 }, 0, "" },
    { WINDOW_LATEST, { false, 4 }, { false, 0 }, 2, "7:g 8:h" },
    { WINDOW_LATEST, { false, 7 }, { false, 0 }, 2, "8:h" },
    { WINDOW_LATEST, { false, 8 }, { false, 0 }, 2, "" },
    { WINDOW_LATEST, { true, 1070 }, { false, 0 }, 9, "8:h" },
    { WINDOW_LATEST, { true, 1069 }, { false, 0 }, 9, "7:g 8:h" },
    { WINDOW_LATEST, { true, 9999 }, { false, 0 }, 9, "" },
    { WINDOW_BEFORE, { false, 0 }, { false, 6 }, 2, "3:c 4:d" },
    { WINDOW_BEFORE, { false, 0 }, { false, 5 }, 2, "3:c 4:d" },
    { WINDOW_BEFORE, { false, 0 }, { false, 1 }, 2, "" },
    { WINDOW_BEFORE, { false, 0 }, { true, 1060 }, 1, "4:d" },
    { WINDOW_BEFORE, { false, 0 }, { true, 1061 }, 1, "6:f" },
    { WINDOW_BEFORE, { false, 0 }, { true, 1 }, 1, "" },
    { WINDOW_AFTER, { false, 3 }, { false, 0 }, 2, "4:d 6:f" },
    { WINDOW_AFTER, { false, 4 }, { false, 0 }, 9, "6:f 7:g 8:h" },
    { WINDOW_AFTER, { true, 1030 }, { false, 0 }, 1, "4:d" },
    { WINDOW_AFTER, { true, 1029 }, { false, 0 }, 1, "3:c" },
    { WINDOW_AFTER, { true, 0 }, { false, 0 }, 1, "1:a" },
    { WINDOW_BETWEEN, { false, 1 }, { false, 7 }, 9, "3:c 4:d 6:f" },
    { WINDOW_BETWEEN, { false, 1 }, { false, 7 }, 2, "3:c 4:d" },
    { WINDOW_BETWEEN, { false, 7 }, { false, 1 }, 9, "3:c 4:d 6:f" },
    { WINDOW_BETWEEN, { false, 7 }, { false, 1 }, 2, "4:d 6:f" },
    { WINDOW_BETWEEN, { true, 1010 }, { true, 1070 }, 2, "3:c 4:d" },
    { WINDOW_BETWEEN, { true, 1070 }, { true, 1010 }, 2, "4:d 6:f" },
    { WINDOW_BETWEEN, { false, 3 }, { false, 4 }, 2, "" },
    { WINDOW_BETWEEN, { false, 4 }, { false, 4 }, 2, "" },
    { WINDOW_BEFORE, { false, 0 }, { false, INT64_MAX }, 1, "8:h" },
    { WINDOW_BEFORE, { false, 0 }, { false, UINT64_MAX }, 1, "8:h" },
    { WINDOW_AFTER, { false, UINT64_MAX - 1 }, { false, 0 }, 1, "" },
    { WINDOW_BETWEEN, { false, 6 }, { false, UINT64_MAX - 1 }, 9, "7:g 8:h" },
    { WINDOW_BETWEEN, { false, UINT64_MAX - 1 }, { false, 6 }, 1, "8:h" },
    { WINDOW_AROUND, { false, UINT64_MAX - 1 }, { false, 0 }, 4, "7:g 8:h" },
    { WINDOW_AROUND, { false, 4 }, { false, 0 }, 4, "1:a 3:c 4:d 6:f" },
    { WINDOW_AROUND, { false, 4 }, { false, 0 }, 3, "3:c 4:d 6:f" },
    { WINDOW_AROUND, { false, 4 }, { false, 0 }, 1, "4:d" },
    { WINDOW_AROUND, { true, 1040 }, { false, 0 }, 3, "3:c 4:d 6:f" },
    { WINDOW_AROUND, { true, 1050 }, { false, 0 }, 2, "4:d 6:f" },
};

static void each_window_gives_what_lies_in_it(void **state)
{
    struct archive_rig *rig = *state;

    talk(rig);
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        const struct window_case *it = &cases[i];

        assert_string_equal(ask(rig, it->window, it->from, it->to, it->limit), it->expected);
    }
}

static void of_many_there_are_never_more_than_a_thousand(void **state)
{
    struct archive_rig *rig = *state;
    const char *heard;
    int n = 1;

    for (int i = 0; i < 3; i++) {
        archive_rig_say_many(rig, rig->lobby, 400);
        archive_rig_settle(rig); /* the ring is small */
    }
    heard = ask(rig, WINDOW_LATEST, none, none, UINT32_MAX);
    for (const char *c = heard; *c != '\0'; c++) {
        n += *c == ' ';
    }
    assert_int_equal(n, QUESTION_LIMIT_MAX);
    assert_int_equal(strncmp(heard, "201:", 4), 0);
    assert_string_equal(ask(rig, WINDOW_AFTER, at_number(1198), none, UINT32_MAX),
                        "1199:m398 1200:m399");
}

static void events_are_given_to_who_wants_them(void **state)
{
    struct archive_rig *rig = *state;
    struct scope scope = archive_rig_room(rig, rig->tea);
    struct history_question question = {
        .scopes = &scope, .n_scopes = 1, .limit = 9, .kinds = KINDS_SAID
    };

    talk(rig);
    assert_string_equal(archive_rig_ask(rig, &question), "2:b");
    question.kinds = KINDS_ALL;
    assert_string_equal(archive_rig_ask(rig, &question), "2:b 5:e");
    question.kinds = 1 << RECORD_AWAY;
    assert_string_equal(archive_rig_ask(rig, &question), "5:e");
    question.kinds = 1 << RECORD_QUIT | 1 << RECORD_NOTICE;
    assert_string_equal(archive_rig_ask(rig, &question), "");
}

static void of_several_rooms_each_record_is_given_once_in_order(void **state)
{
    struct archive_rig *rig = *state;
    struct scope scopes[] = { archive_rig_room(rig, rig->lobby), archive_rig_room(rig, rig->tea),
                              archive_rig_room(rig, rig->lobby) };
    struct history_question question = {
        .scopes = scopes, .n_scopes = 3, .limit = 1000, .kinds = KINDS_ALL
    };

    talk(rig);
    assert_string_equal(archive_rig_ask(rig, &question), "1:a 2:b 3:c 4:d 5:e 6:f 7:g 8:h");
    for (uint32_t limit = 1; limit < 8; limit++) {
        question.limit = limit;
        question.window = WINDOW_LATEST;
        assert_string_equal(archive_rig_ask(rig, &question),
                            &"1:a 2:b 3:c 4:d 5:e 6:f 7:g 8:h"[4 * (8 - limit)]);
        question.window = WINDOW_AFTER;
        assert_int_equal(strncmp(archive_rig_ask(rig, &question), "1:a 2:b 3:c 4:d 5:e 6:f 7:g 8:h",
                                 4 * limit - 1),
                         0);
        assert_int_equal(strlen(rig->heard), 4 * limit - 1);
    }
}

static void what_was_before_is_not_for_who_came_later(void **state)
{
    struct archive_rig *rig = *state;
    struct scope scope = archive_rig_room(rig, rig->lobby);

    talk(rig);
    scope.since = 6;
    assert_string_equal(archive_rig_all(rig, scope), "6:f 7:g 8:h");
    assert_string_equal(archive_rig_search(rig, &scope, 1, "d"), "");
    assert_string_equal(archive_rig_search(rig, &scope, 1, "f"), "6:f");
    (void)archive_rig_say(rig, rig->lobby, "earlier");
    (void)archive_rig_say(rig, rig->lobby, "a little later");
    archive_rig_settle(rig);
    scope.since = 10;
    assert_string_equal(archive_rig_search(rig, &scope, 1, "lie"), "");
    assert_string_equal(archive_rig_search(rig, &scope, 1, "little"), "10:a little later");
}

static void another_conversations_room_of_the_same_id_is_another(void **state)
{
    struct archive_rig *rig = *state;
    struct scope scope = archive_rig_room(rig, rig->lobby);

    talk(rig);
    scope.conversation++;
    assert_string_equal(archive_rig_all(rig, scope), "");
    scope = archive_rig_box(rig, 1, "");
    assert_string_equal(archive_rig_all(rig, scope), "");
}

static int stop_at_second(void *context, uint32_t scope, const struct record *record)
{
    int *n = context;

    (void)scope;
    (void)record;
    return ++*n == 2 ? -ECANCELED : 0;
}

static void who_has_heard_enough_ends_the_answer(void **state)
{
    struct archive_rig *rig = *state;
    struct scope scope = archive_rig_room(rig, rig->lobby);
    struct history_question question = {
        .scopes = &scope, .n_scopes = 1, .limit = 9, .kinds = KINDS_SAID
    };
    struct history_answer answer;
    int n = 0;

    talk(rig);
    assert_int_equal(
        archive_history(archive_rig_reader(rig), &question, stop_at_second, &n, &answer),
        -ECANCELED);
    assert_int_equal(n, 2);
    assert_int_equal(answer.n, 6); /* of the whole window all the same */
    assert_int_equal(answer.newest, 8);
    assert_string_equal(archive_rig_ask(rig, &question), "1:a 3:c 4:d 6:f 7:g 8:h");
}

/* Of another kind than there are, too long for a record, gone. */
static void what_is_no_record_is_passed_over(void **state)
{
    struct archive_rig *rig = *state;

    talk(rig);
    (void)archive_rig_sql(rig, "UPDATE records SET kind = 0 WHERE number = 1");
    (void)archive_rig_sql(rig, "UPDATE records SET kind = 18 WHERE number = 3");
    (void)archive_rig_sql(rig, "UPDATE records SET kind = 257 WHERE number = 4");
    (void)archive_rig_sql(rig, "UPDATE records SET text = hex(zeroblob(40000)) WHERE number = 6");
    (void)archive_rig_sql(rig, "DELETE FROM records WHERE number = 7");
    assert_string_equal(ask(rig, WINDOW_AFTER, none, none, 9), "8:h");
    assert_string_equal(ask(rig, WINDOW_LATEST, none, none, 2), "8:h");
}

/* ---- targets ---- */

static void expect_targets(struct archive_rig *rig, const struct history_question *question,
                           const char *expected)
{
    struct target targets[4];
    char text[256] = "";
    size_t len = 0;
    uint32_t n = 0;

    assert_int_equal(archive_targets(archive_rig_reader(rig), question, targets, &n), 0);
    for (uint32_t i = 0; i < n; i++) {
        len +=
            (size_t)snprintf(text + len, sizeof(text) - len, "%s%u:%s:%llu", i > 0 ? " " : "",
                             targets[i].scope, targets[i].name, (unsigned long long)targets[i].ms);
    }
    assert_string_equal(text, expected);
}

static void targets_are_where_something_was_said_between_two_times(void **state)
{
    struct archive_rig *rig = *state;
    struct scope scopes[] = { archive_rig_room(rig, rig->tea), archive_rig_room(rig, rig->lobby),
                              archive_rig_box(rig, 1, "") };
    struct history_question question = { .scopes = scopes, .n_scopes = 3, .limit = 4 };

    talk(rig);
    (void)archive_rig_tell(rig, "psst");
    archive_rig_settle(rig);
    expect_targets(rig, &question, "0:#Tea:1020 1:#lobby:1080 2:Bob:1090");
    question.limit = 2;
    expect_targets(rig, &question, "1:#lobby:1080 2:Bob:1090");
    question.limit = 4;
    question.from = at_ms(1020);
    question.to = at_ms(1090);
    expect_targets(rig, &question, "1:#lobby:1080");
    question.from = at_ms(1019);
    question.to = at_ms(1030);
    expect_targets(rig, &question, "0:#Tea:1020");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ARCHIVE_TEST(each_window_gives_what_lies_in_it),
        ARCHIVE_TEST(of_many_there_are_never_more_than_a_thousand),
        ARCHIVE_TEST(events_are_given_to_who_wants_them),
        ARCHIVE_TEST(of_several_rooms_each_record_is_given_once_in_order),
        ARCHIVE_TEST(what_was_before_is_not_for_who_came_later),
        ARCHIVE_TEST(another_conversations_room_of_the_same_id_is_another),
        ARCHIVE_TEST(who_has_heard_enough_ends_the_answer),
        ARCHIVE_TEST(what_is_no_record_is_passed_over),
        ARCHIVE_TEST(targets_are_where_something_was_said_between_two_times),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
