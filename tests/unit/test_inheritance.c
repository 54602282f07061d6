/* SPDX-License-Identifier: MIT */
/* app/inheritance: what came back is sorted by name, the newest region counts, and how the previous
 * run ended is told if it can be read. */
#include "app/inheritance.h"

#include "lib/report.h"
#include "support/store_rig.h"

struct rig {
    struct store_rig store;
    struct activation activation;
    struct activation_fd fds[16];
    struct inheritance inheritance;
    char directory[40];
    size_t n_open; /* descriptors when it began */
};

static void ignore_reports(enum report_level level, const char *line,
                           const struct report_field *fields, size_t n)
{
    (void)level;
    (void)line;
    (void)fields;
    (void)n;
}

static int setup(void **state)
{
    struct rig *rig = calloc(1, sizeof(*rig));

    assert_non_null(rig);
    rig->n_open = store_rig_count_open();
    store_rig_init(&rig->store);
    rig->activation.fds = rig->fds;
    rig->inheritance.region_fd = -1;
    (void)snprintf(rig->directory, sizeof(rig->directory), "/tmp/partyline-XXXXXX");
    assert_non_null(mkdtemp(rig->directory));
    assert_int_equal(setenv("RUNTIME_DIRECTORY", rig->directory, 1), 0);
    report_set_sink(ignore_reports);
    *state = rig;
    return 0;
}

static int teardown(void **state)
{
    struct rig *rig = *state;
    char path[64];
    size_t n_left;

    inheritance_fini(&rig->inheritance);
    for (size_t i = 0; i < rig->activation.n; i++) {
        fd_close_slot(&rig->fds[i].fd);
        free(rig->fds[i].name);
    }
    store_rig_fini(&rig->store);
    (void)snprintf(path, sizeof(path), "%s/last-end", rig->directory);
    (void)unlink(path);
    (void)rmdir(rig->directory);
    (void)unsetenv("RUNTIME_DIRECTORY");
    report_set_sink(NULL);
    n_left = store_rig_count_open();
    assert_int_equal(n_left, rig->n_open);
    free(rig);
    return 0;
}

/* The manager hands this over; the descriptor becomes the rig's. */
static void rig_give(struct rig *rig, enum activation_kind kind, const char *name, int fd)
{
    assert_true(rig->activation.n < ARRAY_SIZE(rig->fds));
    rig->fds[rig->activation.n++] =
        (struct activation_fd){ .kind = kind, .name = strdup(name), .fd = fd };
}

/* A box with these connections. */
static void rig_give_box(struct rig *rig, const char *name, const int *fds, uint64_t n)
{
    int pair[2];

    assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair), 0);
    for (uint64_t id = 1; id <= n; id++) {
        assert_int_equal(rights_send(pair[1], &id, sizeof(id), fds[id - 1], 0), 0);
    }
    (void)close(pair[1]);
    rig_give(rig, ACTIVATION_STORED, name, pair[0]);
}

static void rig_init(struct rig *rig, bool is_on)
{
    assert_int_equal(
        inheritance_init(&rig->inheritance, &rig->activation, &rig->store.notify, is_on), 0);
    store_rig_hear(&rig->store);
}

/* ---- sorting ---- */

static void the_newest_region_counts_and_the_older_ones_go(void **state)
{
    static const struct {
        unsigned order[3];
        const char *story;
    } rows[] = {
        { { 7, 9, 10 }, "-region-7 -region-9 " },
        { { 10, 9, 7 }, "-region-9 -region-7 " },
        { { 9, 10, 7 }, "-region-9 -region-7 " },
    };

    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct rig *rig = *state;

        for (int k = 0; k < 3; k++) {
            char name[24];

            (void)snprintf(name, sizeof(name), "region-%u", rows[i].order[k]);
            rig_give(rig, ACTIVATION_STORED, name, store_rig_connection(rows[i].order[k]));
        }
        rig_init(rig, true);
        assert_int_equal(rig->inheritance.region_number, 10);
        assert_int_equal(store_rig_identity(rig->inheritance.region_fd), 10);
        assert_string_equal(rig->store.story, rows[i].story);
        (void)teardown(state);
        (void)setup(state);
    }
}

static void what_is_unknown_and_what_listens_is_left_alone(void **state)
{
    static const char *const names[] = { "region-", "region-x", "region-4294967295",
                                         "box-",    "stored",   "" };
    struct rig *rig = *state;

    for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
        rig_give(rig, ACTIVATION_STORED, names[i], store_rig_connection(i));
    }
    rig_give(rig, ACTIVATION_LINE, "region-5", store_rig_connection(5));
    rig_give(rig, ACTIVATION_STORED, "box-3", store_rig_connection(3)); /* of the right name */
    rig_init(rig, true);
    assert_int_equal(rig->inheritance.region_fd, -1);
    assert_int_equal(rig->inheritance.n_kept, 0);
    assert_string_equal(rig->store.story, "");
    for (size_t i = 0; i < rig->activation.n; i++) {
        assert_true(rig->fds[i].fd >= 0);
    }
}

static void connections_come_out_of_their_boxes(void **state)
{
    struct rig *rig = *state;
    const int fds[2] = { store_rig_connection(1), store_rig_connection(2) };

    rig_give_box(rig, "box-4", fds, 2);
    rig_give_box(rig, "box-5", fds, 1); /* the first is in both */
    rig_init(rig, true);
    assert_int_equal(rig->inheritance.n_kept, 2);
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(store_rig_identity(rig->inheritance.kept[i].fd),
                         rig->inheritance.kept[i].id);
        (void)close(fds[i]);
    }
    assert_non_null(inheritance_keeper(&rig->inheritance));
}

static void when_nothing_is_kept_nothing_is_touched(void **state)
{
    struct rig *rig = *state;

    rig_give(rig, ACTIVATION_STORED, "region-1", store_rig_connection(1));
    rig_give_box(rig, "box-1", NULL, 0);
    rig_init(rig, false);
    assert_null(inheritance_keeper(&rig->inheritance));
    assert_int_equal(rig->inheritance.region_fd, -1);
    assert_true(rig->fds[0].fd >= 0);
    assert_string_equal(rig->store.story, "");
}

static void a_new_region_is_stored_before_the_old_one_goes(void **state)
{
    struct rig *rig = *state;
    int fd = store_rig_connection(1);

    rig_init(rig, true);
    assert_int_equal(inheritance_store_region(&rig->inheritance, fd), 0);
    assert_int_equal(inheritance_store_region(&rig->inheritance, fd), 0);
    store_rig_hear(&rig->store);
    assert_string_equal(rig->store.story, "+region-1 +region-2 -region-1 ");
    fd_close_slot(&rig->store.manager);
    rig->store.manager = -1;
    assert_true(inheritance_store_region(&rig->inheritance, fd) < 0);
    assert_int_equal(rig->inheritance.region_number, 2);
    (void)close(fd);
}

/* ---- dismissing ---- */

static void who_is_dismissed_is_told_and_gets_the_end(void **state)
{
    struct rig *rig = *state;
    int ours[100], theirs[100];

    for (int i = 0; i < 100; i++) {
        int pair[2];

        assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), 0);
        ours[i] = pair[0];
        theirs[i] = pair[1];
    }
    rig_give_box(rig, "box-1", ours, 100);
    store_rig_put(&rig->store, "box-1", fcntl(rig->fds[0].fd, F_DUPFD_CLOEXEC, 0));
    rig_init(rig, true);
    assert_int_equal(rig->inheritance.n_kept, 100);
    inheritance_dismiss(&rig->inheritance);
    store_rig_hear(&rig->store);
    assert_string_equal(rig->store.story, "+box-1 -box-1 ");
    assert_int_equal(rig->inheritance.n_kept, 0);
    for (int i = 0; i < 100; i++) {
        char heard[256] = { 0 };

        (void)close(ours[i]);
        assert_true(recv(theirs[i], heard, sizeof(heard) - 1, MSG_DONTWAIT) > 0);
        assert_non_null(strstr(heard, "please connect again\r\n"));
        assert_int_equal(recv(theirs[i], heard, sizeof(heard), MSG_DONTWAIT), 0);
        (void)close(theirs[i]);
    }
}

/* ---- the line for the operator ---- */

static void rig_write_last_end(struct rig *rig, const char *content)
{
    char path[64];
    FILE *file;

    (void)snprintf(path, sizeof(path), "%s/last-end", rig->directory);
    file = fopen(path, "we");
    assert_non_null(file);
    assert_true(fputs(content, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static void rig_expect_words(struct rig *rig, uint32_t n, const char *expected)
{
    char words[256] = { 0 };
    struct buf out = buf_over(words, sizeof(words) - 1);

    rig_init(rig, true);
    inheritance_describe(&rig->inheritance, n, 20000, &out);
    assert_string_equal(words, expected);
    inheritance_fini(&rig->inheritance);
}

static void the_operator_learns_why_and_how_long(void **state)
{
    static const struct {
        const char *content; /* of last-end; NULL: there is none */
        uint32_t n;
        const char *words;
    } rows[] = {
        { NULL, 2, "2 connections were kept" },
        { "", 0, "0 connections were kept" },
        { "\n", 0, "0 connections were kept" },
        { "garbage\n", 1, "1 connection was kept" },
        { "signal/killed/KILL 19.25\n", 1,
          "1 connection was kept over a pause of 750 ms; the previous run ended by "
          "signal/killed/KILL" },
        { "signal/killed/KILL soon\n", 3,
          "3 connections were kept; the previous run ended by signal/killed/KILL" },
        { "success/exited/0 20.5\n", 3, /* in the future: of another boot */
          "3 connections were kept; the previous run ended by success/exited/0" },
        { "x -5\n", 3, "3 connections were kept; the previous run ended by x" },
        { "x inf\n", 3, "3 connections were kept; the previous run ended by x" },
        { "x nan\n", 3, "3 connections were kept; the previous run ended by x" },
        { "x 1e300\n", 3, "3 connections were kept; the previous run ended by x" },
    };
    struct rig *rig = *state;

    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        if (rows[i].content != NULL) {
            rig_write_last_end(rig, rows[i].content);
        }
        rig_expect_words(rig, rows[i].n, rows[i].words);
    }
}

static void a_reason_without_end_is_cut(void **state)
{
    struct rig *rig = *state;
    char content[4096];

    memset(content, 'x', sizeof(content));
    content[110] = ' ';
    content[sizeof(content) - 1] = '\0';
    rig_write_last_end(rig, content);
    rig_init(rig, true);
    assert_int_equal(strlen(rig->inheritance.why), sizeof(rig->inheritance.why) - 1);
}

static void without_a_runtime_directory_nothing_is_known(void **state)
{
    struct rig *rig = *state;

    rig_write_last_end(rig, "x 1\n");
    (void)unsetenv("RUNTIME_DIRECTORY");
    rig_expect_words(rig, 5, "5 connections were kept");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_newest_region_counts_and_the_older_ones_go),
        TEST(what_is_unknown_and_what_listens_is_left_alone),
        TEST(connections_come_out_of_their_boxes),
        TEST(when_nothing_is_kept_nothing_is_touched),
        TEST(a_new_region_is_stored_before_the_old_one_goes),
        TEST(who_is_dismissed_is_told_and_gets_the_end),
        TEST(the_operator_learns_why_and_how_long),
        TEST(a_reason_without_end_is_cut),
        TEST(without_a_runtime_directory_nothing_is_known),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
