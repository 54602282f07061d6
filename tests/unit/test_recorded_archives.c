/* SPDX-License-Identifier: MIT */
/* Databases that releases have left: data/archive-N.db, of schema version N, must open, be
 * migrated, give back what was said, and take more; data/archive-N.sql is the schema of version N.
 * A change of the schema needs a new DATABASE_VERSION, a step in store/schema.c, and a new
 * recording, which is made by (in tests/)
 *
 *     ../build/dev/tests/test_recorded_archives record
 *
 * The files of versions that were released are never changed. */
#include "store/database.h"
#include "support/keep_rig.h"

enum { PATH_SIZE = 64, SCHEMA_MAX = 16384, DATABASE_MAX = 400000 };

#define SCHEMA_SQL                                                                                 \
    "SELECT group_concat(sql, ';' || char(10)) || ';' || char(10) FROM (SELECT sql FROM "          \
    "sqlite_schema WHERE sql IS NOT NULL ORDER BY type, name)"

static void path_of(char path[PATH_SIZE], int version, const char *suffix)
{
    (void)snprintf(path, PATH_SIZE, "data/archive-%d.%s", version, suffix);
}

static size_t read_file(const char *path, char *to, size_t size)
{
    FILE *file = fopen(path, "re");
    size_t len;

    assert_non_null(file);
    len = fread(to, 1, size, file);
    assert_int_equal(fclose(file), 0);
    assert_true(len < size);
    return len;
}

static void write_file(const char *path, const char *bytes, size_t len)
{
    FILE *file = fopen(path, "we");

    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, len, file), len);
    assert_int_equal(fclose(file), 0);
}

/* Some of everything. */
static void talk(struct archive_rig *rig)
{
    static const struct text lobby = { "#lobby", 6 };
    struct draft draft = { .kind = RECORD_SAID,
                           .author_id = 2,
                           .who = TEXT("Bob"),
                           .source = TEXT("bob@host"),
                           .where = TEXT("@#lobby"),
                           .text = TEXT("operators only"),
                           .target = TEXT("cat"),
                           .account = TEXT("robert"),
                           .tags = TEXT("+x=1"),
                           .flags = RECORD_BY_BOT };

    assert_int_equal(archive_set_permanent(rig->archive, &lobby, 1), 0);
    (void)archive_rig_say(rig, rig->lobby, "hello 日本語");
    (void)archive_rig_say(rig, rig->tea, "milk first");
    (void)archive_rig_do(rig, RECORD_QUIT, "", "bye");
    (void)archive_rig_tell(rig, "psst");
    (void)archive_rig_append(rig, &draft, &rig->lobby, 1);
    archive_rig_settle(rig);
    (void)archive_rig_sql(rig, "INSERT INTO gaps VALUES(7, 9)");
}

static int record(void)
{
    static char bytes[DATABASE_MAX];
    char path[PATH_SIZE];
    void *state;
    struct archive_rig *rig;

    (void)archive_rig_set_up(&state);
    rig = state;
    talk(rig);
    archive_rig_close(rig); /* the last connection moves the write-ahead log into the file */
    path_of(path, DATABASE_VERSION, "db");
    write_file(path, bytes, read_file(rig->path, bytes, sizeof(bytes)));
    (void)archive_rig_sql(rig, SCHEMA_SQL);
    path_of(path, DATABASE_VERSION, "sql");
    write_file(path, rig->heard, strlen(rig->heard));
    archive_rig_open(rig);
    return archive_rig_tear_down(&state);
}

static void expect_schema(struct archive_rig *rig)
{
    static char recorded[SCHEMA_MAX];
    char path[PATH_SIZE];

    path_of(path, DATABASE_VERSION, "sql");
    recorded[read_file(path, recorded, sizeof(recorded) - 1)] = '\0';
    assert_string_equal(archive_rig_sql(rig, SCHEMA_SQL), recorded);
}

static void the_schema_is_the_recorded_one(void **state)
{
    struct archive_rig *rig = *state;

    assert_int_equal(archive_open(rig->archive), 0);
    expect_schema(rig);
}

static void expect_what_was_said(struct archive_rig *rig)
{
    struct scope lobby = archive_rig_room(rig, rig->lobby);

    assert_string_equal(archive_rig_all(rig, archive_rig_named(SCOPE_PERMANENT, "#lobby")),
                        "1:hello 日本語 3:bye");
    assert_string_equal(archive_rig_all(rig, archive_rig_room(rig, rig->tea)),
                        "2:milk first 3:bye");
    assert_string_equal(archive_rig_all(rig, archive_rig_box(rig, 2, "ann")), "4:psst");
    assert_string_equal(archive_rig_search(rig, &lobby, 1, "日本語"), "1:hello 日本語");
    lobby.rank = 2;
    assert_string_equal(archive_rig_search(rig, &lobby, 1, "operators"), "5:operators only");
    assert_string_equal(archive_rig_sql(rig, "SELECT target || account || tags || flags "
                                             "FROM records WHERE number = 5"),
                        "catrobert+x=11");
    assert_string_equal(archive_rig_sql(rig, ARCHIVE_RIG_GAPS), "7-9");
}

static void expect_found(struct archive_rig *rig, const char *words, const char *wanted)
{
    struct scope tea = archive_rig_room(rig, rig->tea);

    assert_string_equal(archive_rig_search(rig, &tea, 1, words), wanted);
}

static void archives_of_all_versions_open_and_go_on(void **state)
{
    struct archive_rig *rig = *state;
    static char bytes[DATABASE_MAX];
    char path[PATH_SIZE];

    for (int version = 1; version <= DATABASE_VERSION; version++) {
        archive_rig_close(rig);
        state_rig_fini(&rig->base);
        archive_rig_begin(rig, 1000, 1); /* the conversation that was recorded */
        path_of(path, version, "db");
        write_file(rig->path, bytes, read_file(path, bytes, sizeof(bytes)));
        archive_rig_open(rig);
        assert_int_equal(archive_open(rig->archive), 0);
        assert_int_equal(archive_last_number(rig->archive), 5);
        expect_what_was_said(rig);
        tidy(rig, 0); /* makes an index, and drops the former one */
        expect_schema(rig);
        expect_what_was_said(rig);
        archive_rig_new_region(rig, 100);
        (void)archive_rig_say(rig, rig->tea, "more");
        archive_rig_settle(rig);
        assert_string_equal(archive_rig_all(rig, archive_rig_room(rig, rig->tea)), "100:more");
        expect_found(rig, "MORE", "100:more");
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        ARCHIVE_TEST(the_schema_is_the_recorded_one),
        ARCHIVE_TEST(archives_of_all_versions_open_and_go_on),
    };

    if (argc == 2 && strcmp(argv[1], "record") == 0) {
        return record();
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
