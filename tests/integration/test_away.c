/* SPDX-License-Identifier: MIT */
/* Nobody is there for an hour: the daemon died and could not be started. Whoever was waited for
 * gets some seconds more then, since no peer is to blame for that time. */
#include "support/rig.h"

#include <setjmp.h>

#include <cmocka.h>

enum { AN_HOUR_MS = 3600000, MS_PER_S = 1000, MANY = 100 };

static int setup(void **state)
{
    struct rig *rig = rig_new();

    rig->config.limits.lines_per_second = 0;
    rig->config.timeouts.ping_s = 100;
    rig->config.timeouts.ping_reply_s = 20;
    rig->config.timeouts.registration_s = 30;
    rig->config.timeouts.linger_s = 5;
    rig_start(rig);
    (void)rig_connect(rig, "ann", RIG_LINE);
    (void)rig_connect(rig, "bob", RIG_IRC);
    rig_settle(rig);
    *state = rig;
    return 0;
}

static int teardown(void **state)
{
    rig_free(*state);
    return 0;
}

static void enter(struct rig *rig)
{
    struct peer *bob = rig_peer(rig, TEXT("bob"));

    peer_say(bob, "NICK bob\r\nUSER b 0 * :B\r\nJOIN #lobby");
    rig_settle(rig);
    peer_skip(bob);
}

static void pass_time(struct rig *rig, uint64_t ms)
{
    rig->server.clock.boot_ms += ms;
    rig->server.clock.real_ms += ms;
}

/* The daemon dies and comes back. If bob did not read, he does so a second later. */
static void pass_an_hour(struct rig *rig)
{
    struct peer *bob = rig_peer(rig, TEXT("bob"));

    pass_time(rig, AN_HOUR_MS);
    rig_restart(rig);
    if (bob->is_stopped) {
        rig_stop_reading(rig, bob);
    }
    pass_time(rig, MS_PER_S);
    rig_settle(rig);
    rig_read_again(rig, bob);
}

static void what_is_due_to_who_says_goodbye_is_sent(void **state)
{
    struct rig *rig = *state;
    struct peer *bob = rig_peer(rig, TEXT("bob"));

    enter(rig);
    rig_stop_reading(rig, bob);
    peer_say(rig_peer(rig, TEXT("ann")), "wait");
    peer_say(bob, "QUIT");
    rig_settle(rig);
    pass_an_hour(rig);
    peer_expect_line(bob, ":guest1!*PRIVMSG #lobby :wait");
    peer_expect_line(bob, "ERROR :*");
}

/* So much that there is no room to say goodbye. */
static void what_is_due_to_who_has_half_closed_is_sent(void **state)
{
    struct rig *rig = *state;
    struct peer *bob = rig_peer(rig, TEXT("bob"));

    enter(rig);
    rig_stop_reading(rig, bob);
    for (int i = 0; i < MANY; i++) {
        peer_say(rig_peer(rig, TEXT("ann")), "wait %0400d", i);
    }
    peer_half_close(bob);
    rig_settle(rig);
    pass_an_hour(rig);
    assert_int_equal(peer_count_lines(bob, "PRIVMSG #lobby :wait "), MANY);
}

static void a_newcomer_may_still_register(void **state)
{
    struct rig *rig = *state;
    struct peer *bob = rig_peer(rig, TEXT("bob"));

    peer_say(bob, "NICK bob");
    rig_settle(rig);
    pass_an_hour(rig);
    peer_skip(bob); /* it may be pinged */
    peer_say(bob, "USER b 0 * :B");
    rig_settle(rig);
    peer_expect_line(bob, "* 001 bob *");
}

/* Ten seconds, of which one is over when the first round begins. */
static void who_is_waited_for_is_not_waited_for_longer(void **state)
{
    struct rig *rig = *state;
    struct peer *bob = rig_peer(rig, TEXT("bob"));

    peer_say(bob, "NICK bob");
    rig_settle(rig);
    pass_an_hour(rig);
    peer_skip(bob);
    rig_advance(rig, SERVER_GRACE_MS - MS_PER_S - 1);
    peer_expect_nothing(bob);
    rig_advance(rig, 1);
    peer_expect_line(bob, "ERROR :*you did not register in time");
}

static void a_ping_that_nobody_could_send_may_still_be_answered(void **state)
{
    struct rig *rig = *state;
    struct peer *bob = rig_peer(rig, TEXT("bob"));

    enter(rig);
    rig_stop_reading(rig, bob);
    rig_advance(rig, 100ULL * MS_PER_S); /* the ping is written, and not sent */
    pass_an_hour(rig);
    peer_expect_line(bob, "*PING*");
    rig_advance(rig, 5ULL * MS_PER_S);
    peer_expect_nothing(bob);
    peer_say(bob, "PONG x");
    rig_settle(rig);
    rig_advance(rig, 30ULL * MS_PER_S);
    peer_expect_nothing(bob);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_is_due_to_who_says_goodbye_is_sent, setup, teardown),
        cmocka_unit_test_setup_teardown(what_is_due_to_who_has_half_closed_is_sent, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_newcomer_may_still_register, setup, teardown),
        cmocka_unit_test_setup_teardown(who_is_waited_for_is_not_waited_for_longer, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_ping_that_nobody_could_send_may_still_be_answered, setup,
                                        teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
