/* SPDX-License-Identifier: MIT */
/* Whoever does not read costs a page and a cursor, keeps nobody else waiting, and is told exactly
 * how much it missed, whether the daemon crashes meanwhile or not. */
#include "support/rig.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum {
    MESSAGES = 3000,
    MESSAGE_BYTES = 600, /* so that they are more than the log's 1 MiB */
    AT_ONCE = 50,
    BETWEEN_CRASHES = 400,
};

static int setup(void **state)
{
    struct rig *rig = rig_new();

    rig->config.limits.lines_per_second = 0;
    rig->config.listen.send_buffer = 4096;
    rig_start(rig);
    (void)rig_connect(rig, "ann", RIG_LINE);
    (void)rig_connect(rig, "cat", RIG_LINE);
    rig->receive_buffer = 8192;
    (void)rig_connect(rig, "bob", RIG_LINE);
    (void)rig_connect(rig, "irc", RIG_IRC);
    peer_say(rig_peer(rig, TEXT("irc")), "NICK irc\r\nUSER i 0 * :I\r\nJOIN #lobby");
    rig_settle(rig);
    *state = rig;
    return 0;
}

static int teardown(void **state)
{
    rig_free(*state);
    return 0;
}

static void flood(struct rig *rig, const char *from, int n, int between_crashes)
{
    char padding[MESSAGE_BYTES + 1];

    memset(padding, '.', MESSAGE_BYTES);
    padding[MESSAGE_BYTES] = '\0';
    for (int i = 1; i <= n; i++) {
        peer_say(rig_peer(rig, text_of(from)), "message %d %s", i, padding);
        if (i % AT_ONCE == 0) {
            rig_settle(rig);
        }
        if (between_crashes > 0 && i % between_crashes == 0) {
            rig_restart(rig);
        }
    }
    rig_settle(rig);
}

/* The number behind `word` in the line, or 0. */
static unsigned long number_behind(struct text line, const char *word)
{
    char copy[256] = { 0 };
    const char *at;

    memcpy(copy, line.at, size_min(line.len, sizeof(copy) - 1));
    at = strstr(copy, word);
    return at == NULL ? 0 : strtoul(at + strlen(word), NULL, 10);
}

struct heard {
    unsigned long n_received, n_missed, n_notices, last;
};

/* Every message is either there, in order, or counted as missed at the place where it is missing.
 */
static struct heard listen_to_all(struct peer *peer)
{
    struct heard heard = { 0 };
    struct text line;

    while (peer_next_line(peer, &line)) {
        unsigned long number = number_behind(line, "message ");
        unsigned long n_missed = number_behind(line, "you missed ");

        if (n_missed > 0) {
            heard.n_missed += n_missed;
            heard.n_notices++;
            heard.last += n_missed;
        } else if (number > 0) {
            assert_int_equal(number, heard.last + 1);
            heard.last = number;
            heard.n_received++;
        }
    }
    return heard;
}

static void expect_complete(struct peer *peer)
{
    struct heard heard = listen_to_all(peer);

    assert_true(heard.n_missed > 0);
    assert_int_equal(heard.n_received + heard.n_missed, MESSAGES);
    assert_int_equal(heard.last, MESSAGES);
}

static void expect_pages(const struct rig *rig, uint32_t most)
{
    const struct pages *pages = &rig->server.state.pages;

    assert_true(pages->n_lent[PAGE_OUTPUT] <= most);
    assert_int_equal(pages->n_lent[PAGE_INPUT], 0);
}

static void a_stalled_reader_is_told_exactly_what_it_missed_and_others_hear_everything(void **state)
{
    struct rig *rig = *state;
    struct peer *bob = rig_peer(rig, TEXT("bob")), *cat = rig_peer(rig, TEXT("cat"));

    bob->is_stopped = true;
    flood(rig, "ann", MESSAGES, 0);
    assert_int_equal(listen_to_all(cat).n_received, MESSAGES);
    expect_pages(rig, 1); /* bob's */
    bob->is_stopped = false;
    rig_settle(rig);
    expect_complete(bob);
    expect_pages(rig, 0);
}

static void a_stalled_irc_client_is_told_too(void **state)
{
    struct rig *rig = *state;
    struct peer *irc = rig_peer(rig, TEXT("irc"));

    irc->is_stopped = true;
    flood(rig, "ann", MESSAGES, 0);
    irc->is_stopped = false;
    rig_settle(rig);
    expect_complete(irc);
}

static void crashes_do_not_change_what_a_stalled_reader_is_told(void **state)
{
    struct rig *rig = *state;
    struct peer *bob = rig_peer(rig, TEXT("bob")), *cat = rig_peer(rig, TEXT("cat"));

    bob->is_stopped = true;
    flood(rig, "ann", MESSAGES, BETWEEN_CRASHES);
    assert_int_equal(listen_to_all(cat).n_received, MESSAGES);
    bob->is_stopped = false;
    rig_restart(rig);
    rig_settle(rig);
    expect_complete(bob);
}

static void what_a_stalled_reader_says_is_heard_when_it_reads_again(void **state)
{
    struct rig *rig = *state;
    struct peer *bob = rig_peer(rig, TEXT("bob")), *cat = rig_peer(rig, TEXT("cat"));

    bob->is_stopped = true;
    flood(rig, "ann", MESSAGES, 0);
    peer_skip(cat);
    peer_say(bob, "I am still here");
    rig_settle(rig);
    bob->is_stopped = false;
    rig_settle(rig);
    peer_expect_line(cat, "* I am still here");
}

/* The second that it has for closing first begins when it has everything. */
static void who_says_goodbye_and_reads_late_gets_everything(void **state)
{
    struct rig *rig = *state;
    struct peer *irc = rig_peer(rig, TEXT("irc"));

    peer_skip(irc);
    rig_stop_reading(rig, irc);
    peer_say(rig_peer(rig, TEXT("ann")), "wait");
    peer_say(irc, "QUIT");
    rig_settle(rig);
    rig_advance(rig, 2 * SESSION_COURTESY_MS);
    rig_read_again(rig, irc);
    peer_expect_line(irc, ":guest1!*PRIVMSG #lobby :wait");
    peer_expect_line(irc, "ERROR :*");
    peer_expect_nothing(irc);
    rig_advance(rig, SESSION_COURTESY_MS);
    peer_expect_eof(irc);
}

static void a_reader_that_stays_away_can_still_be_reset(void **state)
{
    struct rig *rig = *state;
    struct peer *bob = rig_peer(rig, TEXT("bob")), *cat = rig_peer(rig, TEXT("cat"));

    bob->is_stopped = true;
    flood(rig, "ann", MESSAGES / 10, 0);
    peer_skip(cat);
    peer_reset(bob);
    rig_settle(rig);
    peer_expect_line(cat, "* guest3 has quit (connection lost)");
    expect_pages(rig, 0);
    assert_int_equal(rig->server.n_sessions, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            a_stalled_reader_is_told_exactly_what_it_missed_and_others_hear_everything, setup,
            teardown),
        cmocka_unit_test_setup_teardown(a_stalled_irc_client_is_told_too, setup, teardown),
        cmocka_unit_test_setup_teardown(crashes_do_not_change_what_a_stalled_reader_is_told, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(what_a_stalled_reader_says_is_heard_when_it_reads_again,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(who_says_goodbye_and_reads_late_gets_everything, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_reader_that_stays_away_can_still_be_reset, setup,
                                        teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
