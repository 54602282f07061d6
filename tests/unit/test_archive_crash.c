/* SPDX-License-Identifier: MIT */
/* store/archive across death: the process is killed at every write to the database's files, and
 * between any two commits; the next one goes on without a gap and without a repeat. Also the ring
 * that overtakes it. */
#include "support/disk_rig.h"
#include "support/keep_rig.h"

#include <sys/wait.h>

/* In a child: archives all there is, and dies at the n-th write. True if it did. */
static bool die_archiving(struct archive_rig *rig, long n)
{
    pid_t child = fork();
    int status = -1;

    assert_true(child >= 0);
    if (child == 0) {
        disk_rig_install();
        disk_rig_fail(n, SQLITE_OK, false);
        archive_rig_open(rig);
        while (archive_step(rig->archive) == ARCHIVE_MORE) {
        }
        _exit(EXIT_FAILURE);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status) == EXIT_SUCCESS;
}

static void remove_database(struct archive_rig *rig)
{
    static const char *const ends[] = { "", "-wal", "-shm" };
    char path[128];

    for (size_t i = 0; i < ARRAY_SIZE(ends); i++) {
        (void)snprintf(path, sizeof(path), "%s%s", rig->path, ends[i]);
        (void)unlink(path);
    }
}

/* What killed processes left is as if nothing had happened. */
static void expect_all(struct archive_rig *rig)
{
    assert_string_equal(archive_rig_sql(rig, ARCHIVE_RIG_NUMBERS), "1 2 3 4 5 6 7 8");
    assert_string_equal(archive_rig_sql(rig, ARCHIVE_RIG_GAPS), "");
    assert_string_equal(archive_rig_all(rig, archive_rig_room(rig, rig->lobby)),
                        "1:m0 2:m1 3:m2 4:m3 5:gone");
    assert_string_equal(archive_rig_all(rig, archive_rig_room(rig, rig->tea)), "5:gone 6:m0 7:m1");
    assert_string_equal(archive_rig_sql(rig, "SELECT sum(records) FROM places"), "10");
    assert_string_equal(archive_rig_sql(rig, "PRAGMA integrity_check"), "ok");
}

/* No record is in two segments, few are in none, and what is in one is found by it. */
static void expect_index(struct archive_rig *rig)
{
    struct scope lobby = archive_rig_room(rig, rig->lobby);
    struct search_question question = {
        .scopes = &lobby, .n_scopes = 1, .limit = 10, .who = "ann"
    };
    struct search_answer answer;

    tidy(rig, 0);
    assert_string_equal(
        archive_rig_sql(rig, "SELECT count(*) > 4 AND count(*) = count(DISTINCT number) "
                             "FROM records JOIN segments ON number BETWEEN first AND last"),
        "1");
    assert_string_equal(archive_rig_sql(rig, "SELECT count(*) FROM postings WHERE id >> 20 "
                                             "NOT IN (SELECT id FROM segments)"),
                        "0");
    rig->heard_len = 0;
    assert_int_equal(
        archive_search(archive_rig_reader(rig), &question, archive_rig_hear, rig, &answer), 0);
    assert_string_equal(rig->heard, "1:m0 2:m1 3:m2 4:m3");
}

static void talk(struct archive_rig *rig)
{
    archive_rig_say_many(rig, rig->lobby, 4);
    (void)archive_rig_do(rig, RECORD_QUIT, "", "gone");
    archive_rig_say_many(rig, rig->tea, 2);
    (void)archive_rig_tell(rig, "psst");
}

static void killed_at_any_write_it_goes_on_without_gap_or_repeat(void **state)
{
    struct archive_rig *rig = *state;
    long n = 0;

    archive_rig_close(rig);
    rig->settings.batch_records = 3;
    rig->settings.segment_span = 4;
    talk(rig);
    while (n++, die_archiving(rig, n)) {
        archive_rig_open(rig);
        archive_rig_settle(rig);
        expect_all(rig);
        expect_index(rig);
        archive_rig_close(rig);
        remove_database(rig);
    }
    assert_true(n > 30);
    archive_rig_open(rig);
}

/* Each process makes some writes and dies; all of them together come to the end. */
static void killed_again_and_again_it_comes_to_the_end(void **state)
{
    struct archive_rig *rig = *state;
    int deaths = 0;

    archive_rig_settle(rig); /* the schema is there: a dozen writes do not suffice for it */
    archive_rig_close(rig);
    rig->settings.batch_records = 1;
    rig->settings.segment_span = 4;
    talk(rig);
    while (die_archiving(rig, 20)) {
        assert_true(++deaths < 100);
    }
    assert_true(deaths > 2);
    archive_rig_open(rig);
    archive_rig_settle(rig);
    expect_all(rig);
    expect_index(rig);
}

/* ---- dropped between two steps ---- */

static void dropped_after_any_step_it_goes_on_behind_it(void **state)
{
    struct archive_rig *rig = *state;

    archive_rig_close(rig);
    rig->settings.batch_records = 1;
    talk(rig);
    for (int i = 0; i < 8; i++) {
        archive_rig_open(rig);
        assert_int_equal(archive_step(rig->archive), i < 7 ? ARCHIVE_MORE : 0);
        archive_rig_close(rig);
        state_rig_restart(&rig->base);
    }
    archive_rig_open(rig);
    assert_int_equal(archive_step(rig->archive), 0);
    expect_all(rig);
}

static void a_new_region_is_archived_from_its_first_record(void **state)
{
    struct archive_rig *rig = *state;

    archive_rig_say_many(rig, rig->lobby, 3);
    archive_rig_settle(rig);
    assert_int_equal(archive_last_number(rig->archive), 3);
    archive_rig_new_region(rig, 1000);
    assert_int_equal(archive_open(rig->archive), 0);
    assert_int_equal(archive_last_number(rig->archive), 3);
    archive_rig_say_many(rig, rig->lobby, 2);
    archive_rig_settle(rig);
    assert_string_equal(archive_rig_sql(rig, ARCHIVE_RIG_NUMBERS), "1 2 3 1000 1001");
    assert_string_equal(archive_rig_sql(rig, ARCHIVE_RIG_GAPS), "");
}

/* ---- the ring overtakes ---- */

static void fill_ring(struct archive_rig *rig)
{
    uint64_t head = rig->base.state.header->log.head;

    while (rig->base.state.header->log.head < head + STATE_RIG_LOG_BYTES) {
        (void)state_rig_append(&rig->base, &rig->lobby, 1, 1000);
    }
}

static void expect_gap(struct archive_rig *rig, uint64_t first)
{
    struct archive_status status;
    uint64_t last_lost = log_record(&rig->base.state, rig->base.state.header->log.head)->number - 1;
    char gap[64];

    archive_rig_settle(rig);
    (void)snprintf(gap, sizeof(gap), "%llu-%llu", (unsigned long long)first,
                   (unsigned long long)last_lost);
    assert_string_equal(archive_rig_sql(rig, ARCHIVE_RIG_GAPS), gap);
    archive_get_status(rig->archive, &status);
    assert_int_equal(status.n_lost, last_lost - first + 1);
    assert_string_equal(archive_rig_sql(rig, "SELECT max(number) - min(number) + 1 - count(*) - "
                                             "(SELECT last - first + 1 FROM gaps) FROM records"),
                        "0");
}

static void what_the_ring_took_is_a_gap(void **state)
{
    struct archive_rig *rig = *state;

    archive_rig_say_many(rig, rig->lobby, 3);
    archive_rig_settle(rig);
    fill_ring(rig);
    expect_gap(rig, 4);
}

static void what_the_ring_took_while_nobody_archived_is_a_gap(void **state)
{
    struct archive_rig *rig = *state;

    archive_rig_say_many(rig, rig->lobby, 3);
    archive_rig_settle(rig);
    archive_rig_close(rig);
    fill_ring(rig);
    archive_rig_open(rig);
    expect_gap(rig, 4);
}

static void what_was_never_to_be_archived_is_no_gap(void **state)
{
    struct archive_rig *rig = *state;

    fill_ring(rig);
    archive_rig_settle(rig);
    assert_string_equal(archive_rig_sql(rig, ARCHIVE_RIG_GAPS), "");
}

static void the_ring_has_room_as_long_as_nothing_unarchived_is_taken(void **state)
{
    struct archive_rig *rig = *state;
    const struct log_state *log = &rig->base.state.header->log;

    archive_rig_settle(rig);
    while (archive_has_room(rig->archive, &rig->base.state, RECORD_ROOM)) {
        (void)state_rig_append(&rig->base, &rig->lobby, 1, 1000);
        assert_int_equal(log->head, 0);
    }
    assert_true(log->tail + RECORD_ROOM > STATE_RIG_LOG_BYTES);
    archive_rig_settle(rig);
    assert_true(archive_has_room(rig->archive, &rig->base.state, RECORD_ROOM));
    assert_true(archive_has_room(rig->archive, &rig->base.state, STATE_RIG_LOG_BYTES));
    assert_false(archive_has_room(rig->archive, &rig->base.state, STATE_RIG_LOG_BYTES + 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ARCHIVE_TEST(killed_at_any_write_it_goes_on_without_gap_or_repeat),
        ARCHIVE_TEST(killed_again_and_again_it_comes_to_the_end),
        ARCHIVE_TEST(dropped_after_any_step_it_goes_on_behind_it),
        ARCHIVE_TEST(a_new_region_is_archived_from_its_first_record),
        ARCHIVE_TEST(what_the_ring_took_is_a_gap),
        ARCHIVE_TEST(what_the_ring_took_while_nobody_archived_is_a_gap),
        ARCHIVE_TEST(what_was_never_to_be_archived_is_no_gap),
        ARCHIVE_TEST(the_ring_has_room_as_long_as_nothing_unarchived_is_taken),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
