/* SPDX-License-Identifier: MIT */
/* The disk fails while answers out of the archive are half read: each of them ends with a word that
 * it is not whole, and nobody else notices. */
#include "support/disk_rig.h"
#include "support/rig.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { SAID = 100, FILLER = 400, AT_ONCE = 20, FILLERS_MAX = 20000, RECEIVE_BUFFER = 4096 };

/* How often it is in what the peer has not read yet, which stays unread. */
static int count(struct peer *peer, const char *part)
{
    struct text rest = peer_unseen(peer);
    size_t len = strlen(part);
    int n = 0;

    for (; rest.len >= len; rest = (struct text){ rest.at + 1, rest.len - 1 }) {
        n += memcmp(rest.at, part, len) == 0;
    }
    return n;
}

static struct rig *start(void)
{
    struct rig *rig = rig_new();

    disk_rig_install();
    rig->config.limits.lines_per_second = 0;
    rig->config.listen.send_buffer = RECEIVE_BUFFER;
    free(rig->config.archive.file);
    rig->config.archive.file = strdup("kept.db");
    rig_start(rig);
    peer_say(rig_connect(rig, "ann", RIG_IRC), "NICK ann\r\nUSER a 0 * :A\r\nJOIN #c");
    peer_say(rig_connect(rig, "eve", RIG_IRC), "NICK eve\r\nUSER e 0 * :E\r\nJOIN #c");
    rig_settle(rig);
    return rig;
}

static void say_much(struct rig *rig, const char *where, int n)
{
    char filler[FILLER + 1];

    memset(filler, '.', FILLER);
    filler[FILLER] = '\0';
    for (int i = 1; i <= n; i++) {
        peer_say(rig_peer(rig, TEXT("ann")), "PRIVMSG %s :needle %d %s", where, i, filler);
        if (i % AT_ONCE == 0) {
            rig_settle(rig);
        }
    }
}

/* Until the log has nothing of it. */
static void forget(struct rig *rig)
{
    const struct log_state *log = &rig->server.state.header->log;
    uint64_t end = log->tail;

    for (int n = 0; log->head < end; n++) {
        assert_true(n < FILLERS_MAX / AT_ONCE);
        say_much(rig, "ann", AT_ONCE);
    }
}

static struct peer *slow(struct rig *rig, const char *name, enum rig_door door, const char *hello)
{
    struct peer *peer;

    rig->receive_buffer = RECEIVE_BUFFER;
    peer = rig_connect(rig, name, door);
    peer_say(peer, "%s", hello);
    rig_settle(rig);
    peer_skip(peer);
    return peer;
}

static void an_answer_that_cannot_be_read_to_its_end_says_so(void **state)
{
    struct rig *rig = *state;
    struct peer *slows[3];

    say_much(rig, "#c", SAID);
    forget(rig);
    slows[0] = slow(rig, "bob", RIG_IRC,
                    "CAP REQ batch\r\nNICK bob\r\nUSER b 0 * :B\r\nCAP END\r\nJOIN #c");
    slows[1] = slow(rig, "cat", RIG_IRC,
                    "CAP REQ batch\r\nNICK cat\r\nUSER c 0 * :C\r\nCAP END\r\nJOIN #c");
    slows[2] = slow(rig, "dan", RIG_LINE, "/nick dan\r\n/join #c");
    for (size_t i = 0; i < ARRAY_SIZE(slows); i++) {
        slows[i]->is_stopped = true;
    }
    peer_say(slows[0], "CHATHISTORY LATEST #c * %d", SAID);
    peer_say(slows[1], "SEARCH text=needle;in=#c");
    peer_say(slows[2], "/history #c all");
    rig_settle(rig);
    disk_rig_fail(1, SQLITE_FULL, true);
    peer_skip(rig_peer(rig, TEXT("eve")));
    say_much(rig, "#c", 1);
    rig_settle(rig);
    for (size_t i = 0; i < ARRAY_SIZE(slows); i++) {
        slows[i]->is_stopped = false;
        rig_settle(rig);
    }
    assert_int_equal(count(slows[0], "BATCH -"), 1);
    assert_int_equal(count(slows[0], "FAIL CHATHISTORY MESSAGE_ERROR LATEST #c :The rest"), 1);
    assert_int_equal(count(slows[1], "BATCH -"), 1);
    assert_int_equal(count(slows[1], "FAIL SEARCH INTERNAL_ERROR :"), 1);
    assert_int_equal(count(slows[2], "-- the rest cannot be read just now"), 1);
    peer_say(slows[2], "/search needle");
    rig_settle(rig);
    assert_int_equal(count(slows[2], "-- what was said cannot be searched just now"), 1);
    assert_int_equal(count(rig_peer(rig, TEXT("eve")), "PRIVMSG #c :needle 1 "), 1);
    disk_rig_fail(0, SQLITE_OK, false);
}

static int set_up(void **state)
{
    *state = start();
    return 0;
}

static int tear_down(void **state)
{
    rig_free(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_answer_that_cannot_be_read_to_its_end_says_so, set_up,
                                        tear_down),
    };

    return cmocka_run_group_tests_name("recall_broken", tests, NULL, NULL);
}
