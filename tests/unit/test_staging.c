/* SPDX-License-Identifier: MIT */
/* store/staging: what waits, when it is written, and that it is written whole. */
#include "store/staging.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { ROW_SIZE = 512 };

struct rig {
    char folder[40], path[64];
    struct database database;
    struct staging staging;
    char row[ROW_SIZE];
};

static int set_up(void **state)
{
    static struct rig rig;

    rig = (struct rig){ .folder = "/tmp/partyline-staging-XXXXXX" };
    assert_non_null(mkdtemp(rig.folder));
    (void)snprintf(rig.path, sizeof(rig.path), "%s/archive.db", rig.folder);
    assert_int_equal(database_open(&rig.database, rig.path, DATABASE_WRITES), 0);
    assert_int_equal(staging_init(&rig.staging, &rig.database), 0);
    *state = &rig;
    return 0;
}

static int tear_down(void **state)
{
    struct rig *rig = *state;

    staging_fini(&rig->staging);
    database_close(&rig->database);
    assert_int_equal(unlink(rig->path), 0);
    assert_int_equal(rmdir(rig->folder), 0);
    return 0;
}

/* What a query for one row gives: its columns with bars between. */
static const char *ask(struct rig *rig, const char *sql)
{
    struct buf out = buf_over(rig->row, sizeof(rig->row) - 1);
    sqlite3_stmt *statement = NULL;

    assert_int_equal(database_prepare(&rig->database, sql, &statement), 0);
    assert_int_equal(database_next(&rig->database, statement), DATABASE_ROW);
    for (int i = 0; i < sqlite3_column_count(statement); i++) {
        bool is_null = sqlite3_column_type(statement, i) == SQLITE_NULL;

        buf_text_put(&out, i > 0 ? TEXT("|") : TEXT_NONE);
        buf_text_put(&out, is_null ? TEXT("NULL") : database_text(statement, i));
    }
    (void)sqlite3_finalize(statement);
    rig->row[out.len] = '\0';
    return rig->row;
}

static void check_counts(struct rig *rig, const char *counts)
{
    assert_string_equal(
        ask(rig, "SELECT (SELECT count(*) FROM records), (SELECT count(*) FROM placements)"),
        counts);
}

/* ---- records ---- */

static struct record *record_of(uint64_t number, const struct text fields[RECORD_FIELDS])
{
    static _Alignas(struct record) char space[RECORD_ROOM];
    struct record *record = (struct record *)(void *)space;
    struct buf out = buf_over(space, sizeof(space));

    *record = (struct record){ .kind = RECORD_SAID, .number = number };
    out.len = sizeof(*record);
    for (int i = 0; i < RECORD_FIELDS; i++) {
        record->len[i] = (uint16_t)fields[i].len;
        buf_text_put(&out, fields[i]);
    }
    assert_false(out.full);
    record->size = (uint32_t)out.len;
    return record;
}

static void put_extra(struct record *record, enum record_extra_kind kind, struct text t)
{
    struct record_extra extra = { .kind = (uint16_t)kind, .len = (uint16_t)t.len };

    memcpy((char *)record + record->size, &extra, sizeof(extra));
    memcpy((char *)record + record->size + sizeof(extra), t.at, t.len);
    record->size += (uint32_t)(sizeof(extra) + t.len);
    record->n_extras++;
}

/* A record of so many bytes of text, in so many places. */
static int add(struct rig *rig, uint64_t number, size_t n_text, uint64_t n_places)
{
    static char bytes[RECORD_TEXT_MAX];
    struct text fields[RECORD_FIELDS] = {
        TEXT("ann"), TEXT("ann@host"), TEXT("#tea"), { .at = bytes, .len = n_text }
    };

    memset(bytes, 'x', sizeof(bytes));
    for (uint64_t i = 1; i <= n_places; i++) {
        staging_place(&rig->staging, &(struct placement){ .place = i, .number = number });
    }
    return staging_add(&rig->staging, record_of(number, fields), TEXT("11 22 33 44 55"));
}

static void add_many(struct rig *rig, uint64_t first, uint64_t n, size_t n_text, uint64_t n_places)
{
    for (uint64_t i = 0; i < n; i++) {
        assert_int_equal(add(rig, first + i, n_text, n_places), 0);
    }
}

/* ---- tests ---- */

static void every_column_has_its_value(void **state)
{
    static const struct text fields[] = { TEXT("ann"), TEXT("ann@host"), TEXT("#tea"),
                                          TEXT("hello") };
    struct rig *rig = *state;
    struct record *record = record_of(7, fields);

    record->real_ms = 1234;
    record->flags = 3;
    record->author_id = 42;
    put_extra(record, RECORD_TARGET, TEXT("bob"));
    put_extra(record, RECORD_BY_ACCOUNT, TEXT("anna"));
    put_extra(record, RECORD_TAGS, TEXT("+a=b"));
    staging_place(
        &rig->staging,
        &(struct placement){ .place = 5, .is_event = 1, .number = 7, .kind = 8, .least = 2 });
    assert_int_equal(staging_add(&rig->staging, record, TEXT("5 9")), 0);
    assert_int_equal(staging_write(&rig->staging), 0);
    assert_string_equal(ask(rig, "SELECT * FROM records"),
                        "7|1234|1|3|42|ann|ann@host|#tea|hello|bob|anna|+a=b|5 9");
    assert_string_equal(ask(rig, "SELECT place, is_event, number, kind, least FROM placements"),
                        "5|1|7|8|2");
}

static void what_a_record_lacks_is_empty_or_null(void **state)
{
    static const struct text fields[RECORD_FIELDS] = { { .len = 0 } };
    struct rig *rig = *state;

    assert_int_equal(staging_add(&rig->staging, record_of(1, fields), TEXT_NONE), 0);
    assert_int_equal(staging_write(&rig->staging), 0);
    assert_string_equal(ask(rig, "SELECT who, source, place, text, target, account, tags, places, "
                                 "typeof(who), typeof(places) FROM records"),
                        "||||NULL|NULL|NULL||text|text");
}

static void numbers_beyond_those_of_sqlite_are_its_largest(void **state)
{
    struct rig *rig = *state;

    add_many(rig, UINT64_MAX, 1, 1, 0);
    assert_int_equal(staging_write(&rig->staging), 0);
    assert_string_equal(ask(rig, "SELECT number FROM records"), "9223372036854775807");
}

static void records_wait_until_there_is_room_for_no_other(void **state)
{
    struct rig *rig = *state;

    add_many(rig, 1, STAGING_RECORDS - 1, 1, 1);
    check_counts(rig, "0|0");
    add_many(rig, STAGING_RECORDS, 1, 1, 1);
    check_counts(rig, "512|512");
    add_many(rig, STAGING_RECORDS + 1, 1, 1, 1);
    check_counts(rig, "512|512");
    assert_int_equal(staging_write(&rig->staging), 0);
    check_counts(rig, "513|513");
}

/* All links of a record are placed before it comes. */
static void placements_are_written_while_there_is_room_for_those_of_another(void **state)
{
    struct rig *rig = *state;

    add_many(rig, 1, 4, 1, LOG_LINKS_MAX);
    check_counts(rig, "0|0");
    add_many(rig, 5, 1, 1, 0);
    check_counts(rig, "0|0");
    add_many(rig, 6, 1, 1, 1); /* now another's do not fit */
    check_counts(rig, "6|513");
    add_many(rig, 7, 5, 1, LOG_LINKS_MAX);
    check_counts(rig, "11|1153");
}

static void bytes_are_written_while_there_is_room_for_a_large_record(void **state)
{
    struct rig *rig = *state;
    uint64_t n = 0;

    while (rig->staging.n_bytes + RECORD_TEXT_MAX + 64 <=
           STAGING_BYTES - RECORD_ROOM - PLACES_SIZE) {
        add_many(rig, ++n, 1, RECORD_TEXT_MAX, 1);
    }
    check_counts(rig, "0|0");
    add_many(rig, ++n, 1, RECORD_TEXT_MAX, 1);
    assert_int_equal(rig->staging.n_bytes, 0);
    assert_string_equal(ask(rig, "SELECT count(*) = max(number) AND min(length(text)) = 4096 AND "
                                 "max(length(text)) = 4096 AND sum(places <> '11 22 33 44 55') = 0 "
                                 "FROM records"),
                        "1");
}

static void nothing_is_written_twice_or_out_of_nothing(void **state)
{
    struct rig *rig = *state;

    assert_int_equal(staging_write(&rig->staging), 0);
    add_many(rig, 1, 1, 1, 1);
    assert_int_equal(staging_write(&rig->staging), 0);
    assert_int_equal(staging_write(&rig->staging), 0);
    check_counts(rig, "1|1");
}

static void what_is_forgotten_is_not_written(void **state)
{
    struct rig *rig = *state;

    add_many(rig, 1, 3, 1, 1);
    staging_forget(&rig->staging);
    add_many(rig, 4, 1, 1, 1);
    assert_int_equal(staging_write(&rig->staging), 0);
    assert_string_equal(ask(rig, "SELECT group_concat(number) FROM records"), "4");
    check_counts(rig, "1|1");
}

static void a_number_that_is_there_is_said_and_nothing_is_left_half(void **state)
{
    struct rig *rig = *state;

    add_many(rig, 2, 1, 1, 1);
    assert_int_equal(staging_write(&rig->staging), 0);
    add_many(rig, 1, 3, 1, 1);
    assert_int_equal(staging_write(&rig->staging), -EEXIST);
    assert_string_equal(rig->database.why, "UNIQUE constraint failed: records.number");
    staging_forget(&rig->staging);
    check_counts(rig, "1|1");
}

#define STAGING_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STAGING_TEST(every_column_has_its_value),
        STAGING_TEST(what_a_record_lacks_is_empty_or_null),
        STAGING_TEST(numbers_beyond_those_of_sqlite_are_its_largest),
        STAGING_TEST(records_wait_until_there_is_room_for_no_other),
        STAGING_TEST(placements_are_written_while_there_is_room_for_those_of_another),
        STAGING_TEST(bytes_are_written_while_there_is_room_for_a_large_record),
        STAGING_TEST(nothing_is_written_twice_or_out_of_nothing),
        STAGING_TEST(what_is_forgotten_is_not_written),
        STAGING_TEST(a_number_that_is_there_is_said_and_nothing_is_left_half),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
