/* SPDX-License-Identifier: MIT */
/* limits.flush_interval_ms: a busy room costs one send for each reader and interval; and the log
 * never overtakes who reads, however long the interval. (What people see: transcripts/paced.chat.)
 */
#include "support/rig.h"

#include <setjmp.h>
#include <string.h>

#include <cmocka.h>

enum {
    INTERVAL_MS = 1000, /* the longest */
    MESSAGES = 500,
    MESSAGE_BYTES = 400, /* so that they are more than three times the log */
    LOG_BYTES = 65536,
    READERS = 3,
};

static const char *const names[READERS] = { "bob", "cat", "dan" };

static int setup(void **state)
{
    struct rig *rig = rig_new();

    rig->config.limits.lines_per_second = 0;
    rig->config.limits.log_bytes = LOG_BYTES;
    rig->config.limits.flush_interval_ms = INTERVAL_MS;
    rig_start(rig);
    for (size_t i = 0; i < READERS; i++) {
        (void)rig_connect(rig, names[i], RIG_LINE);
    }
    peer_say(rig_connect(rig, "ann", RIG_IRC), "NICK ann\r\nUSER a 0 * :A\r\nJOIN #lobby");
    rig_settle(rig);
    rig_advance(rig, INTERVAL_MS); /* what coming in made known is told, */
    rig_advance(rig, INTERVAL_MS); /* and a pause was */
    for (size_t i = 0; i < READERS; i++) {
        peer_skip(rig_peer(rig, text_of(names[i])));
    }
    *state = rig;
    return 0;
}

static int teardown(void **state)
{
    rig_free(*state);
    return 0;
}

static void say(struct rig *rig, int n_bytes)
{
    char message[MESSAGE_BYTES + 1];

    memset(message, '.', (size_t)n_bytes);
    message[n_bytes] = '\0';
    peer_say(rig_peer(rig, TEXT("ann")), "PRIVMSG #lobby :said %s", message);
    rig_settle(rig);
}

static void expect_all_heard(struct rig *rig, size_t n)
{
    for (size_t i = 0; i < READERS; i++) {
        assert_int_equal(peer_count_lines(rig_peer(rig, text_of(names[i])), "<ann> said"), n);
    }
}

static void many_messages_in_an_interval_cost_each_reader_one_send(void **state)
{
    struct rig *rig = *state;
    uint64_t n_sends;

    say(rig, 1);
    expect_all_heard(rig, 1);
    n_sends = rig->server.counts.n_sends;
    for (int i = 0; i < 20; i++) {
        say(rig, 1);
    }
    assert_int_equal(rig->server.counts.n_sends, n_sends);
    expect_all_heard(rig, 0);
    rig_advance(rig, INTERVAL_MS);
    assert_int_equal(rig->server.counts.n_sends, n_sends + READERS);
    expect_all_heard(rig, 20);
}

static void who_reads_is_not_overtaken_within_an_interval(void **state)
{
    struct rig *rig = *state;

    for (int i = 0; i < MESSAGES; i++) {
        say(rig, MESSAGE_BYTES);
    }
    rig_advance(rig, INTERVAL_MS);
    expect_all_heard(rig, MESSAGES);
}

static void nothing_waits_any_more_once_the_interval_is_taken_back(void **state)
{
    struct rig *rig = *state;

    say(rig, 1);
    say(rig, 1);
    expect_all_heard(rig, 1);
    rig->config.limits.flush_interval_ms = 0;
    server_apply_config(&rig->server);
    rig_settle(rig);
    say(rig, 1);
    expect_all_heard(rig, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(many_messages_in_an_interval_cost_each_reader_one_send,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(who_reads_is_not_overtaken_within_an_interval, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(nothing_waits_any_more_once_the_interval_is_taken_back,
                                        setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
