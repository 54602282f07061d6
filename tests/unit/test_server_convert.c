/* SPDX-License-Identifier: MIT */
/* app/server_region: a start over the region of an older daemon. Nobody who chats notices; whatever
 * goes wrong in the middle leaves the old region to the next start. */
#include "support/start_rig.h"

#include "support/old_region.h"

#include <sys/resource.h>
#include <sys/wait.h>

enum { KILLED = 7, FAILED = 8, BLOCKED = 65536 };

static uint32_t old_layout; /* of the older daemon; each in turn */
static unsigned n_moved, n_waiting;

static void count_moves(enum report_level level, const char *line,
                        const struct report_field *fields, size_t n)
{
    (void)fields;
    (void)n;
    n_moved += level == REPORT_NOTICE && strstr(line, "moved into a region of layout") != NULL;
    n_waiting += level == REPORT_WARNING && strstr(line, "limits have to wait") != NULL;
}

/* The daemon ends, and leaves what an older one would have left. */
static int rig_age(struct rig *rig)
{
    struct region region = { .fd = -1 };
    int old;

    assert_int_equal(region_adopt(&region, rig_die(rig)), 0);
    old = old_region_make(&region, old_layout);
    (void)region_close(&region, false);
    report_set_sink(count_moves);
    n_moved = 0;
    n_waiting = 0;
    return old;
}

/* What the fd store has lives on, whatever a start does with its own. */
static int rig_start_stored(struct rig *rig, int store)
{
    return rig_try_start(rig, fcntl(store, F_DUPFD_CLOEXEC, 0));
}

static void read_in_hand(int store, struct in_hand *out)
{
    assert_int_equal(pread(store, out, sizeof(*out), offsetof(struct region_header, in_hand)),
                     sizeof(*out));
}

static uint32_t read_layout(int store)
{
    uint32_t layout;

    assert_int_equal(pread(store, &layout, sizeof(layout), offsetof(struct region_header, layout)),
                     sizeof(layout));
    return layout;
}

static void rig_expect_talk(struct rig *rig, const char *words)
{
    rig_say(rig, ANN, words);
    rig_say(rig, ANN, "\n");
    rig_settle(rig);
    assert_non_null(strstr(rig_hear(rig, BOB), words));
    rig_say(rig, BOB, words);
    rig_say(rig, BOB, "\n");
    rig_settle(rig);
    assert_non_null(strstr(rig_hear(rig, ANN), words));
}

/* ---- unnoticed ---- */

static void a_line_may_be_begun_before_the_upgrade_and_ended_after_it(void **state)
{
    struct rig *rig = *state;
    char first[sizeof(rig->heard)];

    rig_say(rig, ANN, "one\nhalf a li");
    rig_settle(rig);
    (void)snprintf(first, sizeof(first), "%s", rig_hear(rig, BOB));
    assert_non_null(strstr(first, "one"));
    assert_int_equal(rig_try_start(rig, rig_age(rig)), 0);
    rig_settle(rig);
    assert_string_equal(rig_hear(rig, BOB), "");
    assert_string_equal(rig_hear(rig, ANN), "");
    rig_say(rig, ANN, "ne\n");
    rig_settle(rig);
    assert_non_null(strstr(rig_hear(rig, BOB), "half a line"));
    assert_int_equal(strchr(rig->heard, '\n')[1], '\0'); /* and nothing else */
    rig_expect_talk(rig, "and on it goes");
}

static void it_is_said_once_and_the_new_region_is_to_be_stored(void **state)
{
    struct rig *rig = *state;
    const struct region_header *header;

    rig->config.limits.rooms += 10; /* in the same move */
    assert_int_equal(rig_try_start(rig, rig_age(rig)), 0);
    header = rig->server.state.header;
    assert_true(rig->server.is_region_new);
    assert_int_equal(header->layout, LAYOUT_VERSION);
    assert_int_equal(header->sizes.rooms, rig->config.limits.rooms + 1);
    assert_int_equal(header->in_hand.kind, IN_HAND_NOTHING);
    assert_int_equal(n_moved, 1);
    assert_int_equal(rig_try_start(rig, rig_die(rig)), 0);
    assert_false(rig->server.is_region_new);
    assert_int_equal(n_moved, 1);
}

/* ---- dying in the middle ---- */

static unsigned n_points_left;

static void die_at_point(struct tx_observer *observer, enum tx_point point, const void *at,
                         size_t len)
{
    (void)observer;
    (void)point;
    (void)at;
    (void)len;
    if (--n_points_left == 0) {
        _exit(KILLED);
    }
}

/* A start in a process of its own that is killed at the n-th point; returns how it ended. */
static int rig_start_and_die(struct rig *rig, int store, unsigned n)
{
    int status;
    pid_t pid = fork();

    assert_true(pid >= 0);
    if (pid == 0) {
        n_points_left = n;
        rig->observer.on_point = die_at_point;
        _exit(rig_start_stored(rig, store) == 0 ? 0 : FAILED);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

/* The last start is not killed, but it is over before anybody stored its region. */
static void a_start_that_dies_at_any_point_leaves_the_old_region_to_the_next(void **state)
{
    static const struct in_hand nothing[2];
    struct rig *rig = *state;
    struct in_hand in_hand;
    unsigned n = 0;
    int store, ended;

    rig_say(rig, ANN, "half a ");
    rig_settle(rig);
    store = rig_age(rig);
    do {
        ended = rig_start_and_die(rig, store, ++n);
        assert_true(ended == KILLED || ended == 0);
        assert_int_equal(read_layout(store), old_layout);
        read_in_hand(store, &in_hand);
        assert_int_equal(in_hand.kind, ended == KILLED ? IN_HAND_START : IN_HAND_NOTHING);
        assert_int_equal(
            pwrite(store, nothing, sizeof(nothing), offsetof(struct region_header, in_hand)),
            sizeof(nothing)); /* so many in a row would be too many */
    } while (ended == KILLED);
    assert_true(n > 5);
    assert_int_equal(rig_try_start(rig, store), 0);
    rig_say(rig, ANN, "line\n");
    rig_settle(rig);
    assert_non_null(strstr(rig_hear(rig, BOB), "half a line"));
    rig_expect_talk(rig, "and on it goes");
}

/* The limit kills with a signal, in region_create(). */
static void a_start_that_dies_while_it_makes_the_new_region_leaves_the_old_one(void **state)
{
    struct rig *rig = *state;
    int store = rig_age(rig), ended;
    struct rlimit old, small;

    assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
    small = (struct rlimit){ BLOCKED, old.rlim_max };
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    ended = rig_start_and_die(rig, store, 1);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
    assert_int_equal(ended, -SIGXFSZ);
    assert_int_equal(read_layout(store), old_layout);
    assert_int_equal(rig_try_start(rig, store), 0);
    rig_expect_talk(rig, "words");
}

static void a_region_whose_conversion_no_start_survives_is_refused(void **state)
{
    struct rig *rig = *state;
    int store = rig_age(rig);

    for (int i = 0; i < SERVER_POISON_KILLS; i++) {
        assert_int_equal(rig_start_and_die(rig, store, 1), KILLED);
    }
    assert_int_equal(rig_try_start(rig, store), REGION_DAMAGED);
}

/* ---- no memory ---- */

static int rig_start_with_little(struct rig *rig, int store, rlim_t bytes)
{
    struct rlimit old, small;
    int r;

    (void)signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
    small = (struct rlimit){ bytes, old.rlim_max };
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    r = rig_start_stored(rig, store);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
    (void)signal(SIGXFSZ, SIG_DFL);
    return r;
}

static void a_start_that_cannot_make_the_new_region_fails_as_often_as_need_be(void **state)
{
    struct rig *rig = *state;
    int store = rig_age(rig);

    for (int i = 0; i < 2 * SERVER_POISON_KILLS; i++) {
        struct in_hand in_hand;

        assert_int_equal(rig_start_with_little(rig, store, BLOCKED), -EFBIG);
        read_in_hand(store, &in_hand);
        assert_int_equal(in_hand.kind, IN_HAND_NOTHING);
    }
    assert_int_equal(n_moved + n_waiting, 0);
    assert_int_equal(rig_try_start(rig, store), 0);
    rig_expect_talk(rig, "words");
}

static void new_limits_wait_where_the_layout_cannot(void **state)
{
    struct rig *rig = *state;
    int store = rig_age(rig);

    rig->config.limits.log_bytes = 1 << 24;
    assert_int_equal(rig_start_with_little(rig, store, 1 << 22), 0);
    assert_int_equal(rig->server.state.header->layout, LAYOUT_VERSION);
    assert_int_equal(rig->server.state.header->sizes.log_bytes, 1 << 20);
    assert_int_equal(n_waiting, 1);
    assert_int_equal(n_moved, 1);
    (void)close(store);
    rig_expect_talk(rig, "words");
    assert_int_equal(rig_try_start(rig, rig_die(rig)), 0);
    assert_int_equal(rig->server.state.header->sizes.log_bytes, 1 << 24);
    rig_expect_talk(rig, "more words");
}

/* ---- what the old daemon died of ---- */

static int rig_die_old_with(struct rig *rig, enum in_hand_kind kind, uint64_t id, uint64_t offset)
{
    state_set_in_hand(&rig->server.state, kind, id, offset);
    rig->server.state.region.header->in_hand.signal = SIGSEGV;
    return rig_age(rig);
}

static void a_line_that_killed_three_runs_is_refused_over_the_upgrade_too(void **state)
{
    struct rig *rig = *state;

    rig_say(rig, ANN, "poison\nantidote\n");
    for (int i = 0; i < SERVER_POISON_STARTS; i++) {
        int store = rig_die_old_with(rig, IN_HAND_LINE, rig_wire(rig, ANN)->id,
                                     rig_wire(rig, ANN)->in.consumed);

        assert_int_equal(rig_try_start(rig, store), 0);
    }
    rig_settle(rig);
    assert_non_null(strstr(rig_hear(rig, BOB), "antidote"));
    assert_null(strstr(rig->heard, "poison"));
}

static void damage_is_found_in_what_was_converted_and_the_old_region_handed_back(void **state)
{
    struct rig *rig = *state;
    int store, copy;

    rig->server.state.region.rooms[1].n_members += 1;
    store = rig_die_old_with(rig, IN_HAND_LINE, 1, 0);
    copy = fcntl(store, F_DUPFD_CLOEXEC, 0);
    assert_int_equal(rig_try_start(rig, store), REGION_DAMAGED);
    assert_int_equal(read_layout(copy), old_layout);
    (void)close(copy);
}

static void a_transaction_of_the_old_daemon_is_rolled_back_first(void **state)
{
    struct rig *rig = *state;
    struct region old = { .fd = -1 };
    size_t size = region_room_size(old_layout);
    struct tx tx;

    assert_int_equal(region_adopt(&old, rig_age(rig)), 0);
    (void)tx_init(&tx, &old, NULL);
    tx_begin(&tx);
    memset(tx_edit(&tx, (const char *)old.rooms + size, size), 0x55, size);
    memset(tx_edit(&tx, &old.cells[0], sizeof(struct cell)), 0x55, sizeof(struct cell));
    assert_int_equal(rig_try_start(rig, region_close(&old, true)), 0);
    rig_expect_talk(rig, "words");
    assert_null(state_check(&rig->server.state));
}

static void a_journal_of_an_older_layout_that_cannot_be_is_not_rolled_back(void **state)
{
    struct rig *rig = *state;
    uint64_t len = 640;
    int store = rig_age(rig);
    char bytes[640];

    memset(bytes, 0xff, sizeof(bytes));
    assert_int_equal(pwrite(store, bytes, sizeof(bytes), offsetof(struct region_header, journal)),
                     640);
    assert_int_equal(pwrite(store, &len, sizeof(len), offsetof(struct region_header, journal_len)),
                     sizeof(len));
    assert_int_equal(rig_try_start(rig, store), REGION_DAMAGED);
}

static void a_region_of_no_layout_we_know_is_handed_back(void **state)
{
    static const uint32_t unknown[] = { 0, LAYOUT_VERSION + 1, UINT32_MAX };
    struct rig *rig = *state;

    for (size_t i = 0; i < ARRAY_SIZE(unknown); i++) {
        int store = rig_age(rig);

        assert_int_equal(
            pwrite(store, &unknown[i], sizeof(unknown[i]), offsetof(struct region_header, layout)),
            sizeof(unknown[i]));
        assert_int_equal(rig_try_start(rig, store), REGION_UNKNOWN);
        assert_int_equal(rig_try_start(rig, -1), 0); /* life goes on in a new one */
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_line_may_be_begun_before_the_upgrade_and_ended_after_it),
        TEST(it_is_said_once_and_the_new_region_is_to_be_stored),
        TEST(a_start_that_dies_at_any_point_leaves_the_old_region_to_the_next),
        TEST(a_start_that_dies_while_it_makes_the_new_region_leaves_the_old_one),
        TEST(a_region_whose_conversion_no_start_survives_is_refused),
        TEST(a_start_that_cannot_make_the_new_region_fails_as_often_as_need_be),
        TEST(new_limits_wait_where_the_layout_cannot),
        TEST(a_line_that_killed_three_runs_is_refused_over_the_upgrade_too),
        TEST(damage_is_found_in_what_was_converted_and_the_old_region_handed_back),
        TEST(a_transaction_of_the_old_daemon_is_rolled_back_first),
        TEST(a_journal_of_an_older_layout_that_cannot_be_is_not_rolled_back),
        TEST(a_region_of_no_layout_we_know_is_handed_back),
    };
    int n_failed = 0;

    for (old_layout = LAYOUT_FIRST; old_layout < LAYOUT_VERSION; old_layout++) {
        n_failed += cmocka_run_group_tests(tests, NULL, NULL);
    }
    return n_failed;
}
