/* SPDX-License-Identifier: MIT */
/* store/archive and the disk: what fails is tried again and nothing is left out; what is not ours,
 * or damaged, is said and left as it is. */
#include "support/disk_rig.h"
#include "support/keep_rig.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

static void remove_database(struct archive_rig *rig)
{
    static const char *const ends[] = { "", "-wal", "-shm" };
    char path[128];

    for (size_t i = 0; i < ARRAY_SIZE(ends); i++) {
        (void)snprintf(path, sizeof(path), "%s%s", rig->path, ends[i]);
        (void)unlink(path);
    }
}

static const char *why(struct archive_rig *rig)
{
    static struct archive_status status;

    archive_get_status(rig->archive, &status);
    assert_int_equal(status.is_failing, archive_is_failing(rig->archive));
    assert_int_equal(status.is_failing, status.n_failures > 0);
    return status.why;
}

static void fail_each_write(struct archive_rig *rig, int code, bool is_new)
{
    int r = -EIO, now;

    for (long n = 1; r < 0; n++) {
        archive_rig_close(rig);
        remove_database(rig);
        archive_rig_open(rig);
        if (!is_new) {
            assert_int_equal(archive_open(rig->archive), 0);
        }
        disk_rig_fail(n, code, false);
        r = 0;
        for (now = ARCHIVE_MORE; now != 0;) {
            now = archive_step(rig->archive);
            assert_true(now == ARCHIVE_MORE || (now < 0) == (why(rig)[0] != '\0'));
            r = now < 0 ? now : r;
        }
        assert_string_equal(archive_rig_sql(rig, ARCHIVE_RIG_NUMBERS), "1 2 3 4 5");
        assert_string_equal(archive_rig_sql(rig, "SELECT sum(records) FROM places"), "5");
        disk_rig_fail(0, SQLITE_OK, false);
        tidy(rig, 0);
        assert_string_equal(
            archive_rig_sql(rig, "SELECT min(first) <= 1 AND max(last) >= 4 FROM segments"), "1");
        assert_string_equal(archive_rig_sql(rig, "PRAGMA integrity_check"), "ok");
    }
    disk_rig_fail(0, SQLITE_OK, false);
}

static void a_write_that_fails_costs_nothing(void **state)
{
    struct archive_rig *rig = *state;

    disk_rig_install();
    archive_rig_close(rig);
    rig->settings.batch_records = 2;
    rig->settings.segment_span = 2;
    archive_rig_open(rig);
    archive_rig_say_many(rig, rig->lobby, 5);
    fail_each_write(rig, SQLITE_FULL, false);
    fail_each_write(rig, SQLITE_IOERR_WRITE, false);
    fail_each_write(rig, SQLITE_FULL, true);
    fail_each_write(rig, SQLITE_IOERR_WRITE, true);
}

static void a_full_disk_is_said_and_waited_for(void **state)
{
    struct archive_rig *rig = *state;
    uint64_t position;

    disk_rig_install();
    archive_rig_close(rig);
    archive_rig_open(rig);
    archive_rig_say_many(rig, rig->lobby, 3);
    archive_rig_settle(rig);
    position = archive_position(rig->archive);
    archive_rig_say_many(rig, rig->lobby, 2);
    disk_rig_fail(1, SQLITE_FULL, true);
    for (int i = 1; i <= 3; i++) {
        struct archive_status status;

        assert_int_equal(archive_step(rig->archive), -ENOSPC);
        archive_get_status(rig->archive, &status);
        assert_int_equal(status.n_failures, i);
    }
    assert_string_equal(why(rig), "database or disk is full");
    assert_int_equal(archive_position(rig->archive), position);
    assert_string_equal(archive_rig_all(rig, archive_rig_room(rig, rig->lobby)), "1:m0 2:m1 3:m2");
    disk_rig_fail(0, SQLITE_OK, false);
    archive_rig_settle(rig);
    assert_string_equal(why(rig), "");
    assert_string_equal(archive_rig_sql(rig, ARCHIVE_RIG_NUMBERS), "1 2 3 4 5");
}

/* The kernel itself refuses: no shim. */
static void a_file_that_may_not_grow_is_waited_for(void **state)
{
    struct archive_rig *rig = *state;
    struct rlimit before, small = { 200000, 200000 };

    (void)signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    small.rlim_max = before.rlim_max;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    for (int i = 0; !archive_is_failing(rig->archive); i++) {
        assert_true(i < 1000);
        archive_rig_say_many(rig, rig->lobby, 20);
        assert_true(archive_step(rig->archive) <= ARCHIVE_MORE);
    }
    assert_string_not_equal(why(rig), "");
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    archive_rig_settle(rig);
    assert_string_equal(archive_rig_sql(rig, ARCHIVE_RIG_GAPS), "");
    assert_string_equal(archive_rig_sql(rig, "SELECT max(number) - count(*) FROM records"), "0");
}

/* Writing on into a file that nobody can find would lose it without a word: it is said, and a new
 * one gets all that the log still has. */
static void a_database_that_is_deleted_is_made_again(void **state)
{
    struct archive_rig *rig = *state;

    archive_rig_say_many(rig, rig->lobby, 3);
    archive_rig_settle(rig);
    remove_database(rig);
    archive_rig_say_many(rig, rig->lobby, 1);
    assert_int_equal(archive_step(rig->archive), -ENOENT);
    assert_string_equal(why(rig), "its file was deleted or moved away");
    archive_rig_settle(rig);
    assert_string_equal(why(rig), "");
    assert_string_equal(archive_rig_sql(rig, ARCHIVE_RIG_NUMBERS), "1 2 3 4");
}

static void a_folder_that_comes_later_is_found(void **state)
{
    struct archive_rig *rig = *state;
    char path[128];

    archive_rig_close(rig);
    (void)snprintf(path, sizeof(path), "%s/later", rig->folder);
    (void)snprintf(rig->path, sizeof(rig->path), "%s/later/archive.db", rig->folder);
    archive_rig_open(rig);
    archive_rig_say_many(rig, rig->lobby, 2);
    assert_int_equal(archive_step(rig->archive), -ENOENT);
    assert_string_equal(why(rig), "No such file or directory");
    assert_int_equal(mkdir(path, 0700), 0);
    archive_rig_settle(rig);
    assert_string_equal(archive_rig_sql(rig, ARCHIVE_RIG_NUMBERS), "1 2");
}

static void a_lock_of_somebody_else_is_waited_for(void **state)
{
    struct archive_rig *rig = *state;
    sqlite3 *other = NULL;

    archive_rig_settle(rig);
    archive_rig_say_many(rig, rig->lobby, 2);
    assert_int_equal(sqlite3_open(rig->path, &other), SQLITE_OK);
    assert_int_equal(sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(archive_step(rig->archive), -EBUSY);
    assert_string_equal(why(rig), "database is locked");
    (void)sqlite3_close(other);
    archive_rig_settle(rig);
    assert_string_equal(archive_rig_sql(rig, ARCHIVE_RIG_NUMBERS), "1 2");
}

static void who_only_reads_holds_nothing_up(void **state)
{
    struct archive_rig *rig = *state;
    sqlite3 *other = NULL;

    archive_rig_say_many(rig, rig->lobby, 2);
    archive_rig_settle(rig);
    assert_int_equal(sqlite3_open(rig->path, &other), SQLITE_OK);
    assert_int_equal(sqlite3_exec(other, "BEGIN; SELECT * FROM talk", NULL, NULL, NULL), SQLITE_OK);
    archive_rig_say_many(rig, rig->lobby, 2);
    archive_rig_settle(rig);
    (void)sqlite3_close(other);
    assert_string_equal(archive_rig_sql(rig, ARCHIVE_RIG_NUMBERS), "1 2 3 4");
}

/* ---- what is not ours ---- */

static void write_file(const char *path, const char *bytes)
{
    FILE *file = fopen(path, "we");

    assert_non_null(file);
    assert_true(fputs(bytes, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

/* The database is refused for this reason, by the archive and by a reader, and is not touched. */
static void expect_refused(struct archive_rig *rig, int r, const char *reason)
{
    struct stat before, after;
    struct archive_reader *reader = NULL;

    assert_int_equal(stat(rig->path, &before), 0);
    archive_rig_say_many(rig, rig->lobby, 1);
    assert_int_equal(archive_open(rig->archive), r);
    assert_string_equal(why(rig), reason);
    assert_int_equal(archive_step(rig->archive), r);
    assert_int_equal(archive_tidy(rig->archive, 0), r);
    assert_int_equal(stat(rig->path, &after), 0);
    assert_int_equal(before.st_size, after.st_size);
    assert_int_equal(before.st_mtim.tv_nsec, after.st_mtim.tv_nsec);
    assert_int_equal(archive_reader_new(rig->path, &reader), r);
    assert_string_equal(archive_reader_why(reader), reason);
    (void)archive_reader_free(reader);
}

static void what_is_no_database_is_left_alone(void **state)
{
    struct archive_rig *rig = *state;
    char letter[2048];

    memset(letter, 'x', sizeof(letter) - 1);
    letter[sizeof(letter) - 1] = '\0';
    write_file(rig->path, letter);
    expect_refused(rig, -EBADMSG, "file is not a database");
}

static void somebody_elses_database_is_left_alone(void **state)
{
    struct archive_rig *rig = *state;

    (void)archive_rig_sql(rig, "CREATE TABLE recipes(name)");
    expect_refused(rig, -EBADMSG, "the database is not one of Partyline's");
}

static void a_database_of_a_newer_version_is_left_alone(void **state)
{
    struct archive_rig *rig = *state;

    (void)archive_rig_sql(rig, "PRAGMA application_id = 1347705164");
    (void)archive_rig_sql(rig, "PRAGMA user_version = 1000");
    expect_refused(rig, -EPROTO, "the database is of a newer Partyline");
}

static void a_database_that_becomes_damaged_is_said_to_be(void **state)
{
    struct archive_rig *rig = *state;
    int fd, r = 0;

    archive_rig_say_many(rig, rig->lobby, 400);
    archive_rig_settle(rig);
    archive_rig_close(rig);
    fd = open(rig->path, O_RDWR | O_CLOEXEC);
    assert_true(fd >= 0);
    for (off_t at = 4096; at < 40 * 4096; at += 512) {
        assert_int_equal(pwrite(fd, "damaged!", 8, at), 8);
    }
    (void)close(fd);
    archive_rig_open(rig);
    archive_rig_say_many(rig, rig->lobby, 400);
    for (int i = 0; i < 3; i++) {
        r = archive_step(rig->archive);
        assert_true(r < 0);
    }
    assert_memory_equal(why(rig), "the database is damaged: ", 25);
    assert_int_equal(archive_position(rig->archive), 0);
}

static void an_empty_file_becomes_an_archive_for_its_owner_alone(void **state)
{
    struct archive_rig *rig = *state;
    struct stat status;

    archive_rig_say_many(rig, rig->lobby, 1);
    archive_rig_settle(rig);
    assert_int_equal(stat(rig->path, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
    archive_rig_close(rig);
    remove_database(rig);
    write_file(rig->path, "");
    archive_rig_open(rig);
    archive_rig_settle(rig);
    assert_string_equal(archive_rig_sql(rig, ARCHIVE_RIG_NUMBERS), "1");
}

/* A number that was used before is not written over. */
static void a_number_that_is_there_already_is_said(void **state)
{
    struct archive_rig *rig = *state;

    archive_rig_say_many(rig, rig->lobby, 2);
    archive_rig_settle(rig);
    archive_rig_new_region(rig, 2);
    archive_rig_say_many(rig, rig->tea, 2);
    assert_int_equal(archive_step(rig->archive), -EEXIST);
    assert_string_equal(why(rig), "UNIQUE constraint failed: records.number");
    assert_string_equal(archive_rig_sql(rig, "SELECT place FROM records WHERE number = 2"),
                        "#lobby");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ARCHIVE_TEST(a_write_that_fails_costs_nothing),
        ARCHIVE_TEST(a_full_disk_is_said_and_waited_for),
        ARCHIVE_TEST(a_file_that_may_not_grow_is_waited_for),
        ARCHIVE_TEST(a_database_that_is_deleted_is_made_again),
        ARCHIVE_TEST(a_folder_that_comes_later_is_found),
        ARCHIVE_TEST(a_lock_of_somebody_else_is_waited_for),
        ARCHIVE_TEST(who_only_reads_holds_nothing_up),
        ARCHIVE_TEST(what_is_no_database_is_left_alone),
        ARCHIVE_TEST(somebody_elses_database_is_left_alone),
        ARCHIVE_TEST(a_database_of_a_newer_version_is_left_alone),
        ARCHIVE_TEST(a_database_that_becomes_damaged_is_said_to_be),
        ARCHIVE_TEST(an_empty_file_becomes_an_archive_for_its_owner_alone),
        ARCHIVE_TEST(a_number_that_is_there_already_is_said),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
