/* SPDX-License-Identifier: MIT */
/* What operators of the server do to people of all kinds: those who do not read, those of whom
 * there are many, and what a crash between the command and its effect changes: nothing. */
#include "support/rig.h"

#include "chat/people.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum {
    MESSAGES = 400,
    MESSAGE_BYTES = 500, /* all of them more than page and buffers hold */
    LISTENERS = 140,     /* more than one record has links */
    CONNECTIONS = 600,   /* several steps of a line */
};

static const char ACCOUNT[] =
    "op *@* $6$rounds=1000$partyline$4F68cPI8hmPyf/wRqysmcYXv2sHY/7/5pJsV4RSwmPD0JRLVnRALw4mRkaz"
    "uWVZuWT3J/jyR8mjS.vuUp3rEr1";

static int setup(void **state)
{
    struct rig *rig = rig_new();
    struct config_list *accounts = &rig->config.operators.accounts;

    rig->config.limits.lines_per_second = 0;
    rig->config.limits.connections = CONNECTIONS;
    rig->config.limits.memberships = CONNECTIONS;
    rig->config.limits.connections_per_address = 0;
    rig->config.listen.send_buffer = 4096;
    accounts->items = realloc(accounts->items, sizeof(*accounts->items));
    accounts->items[0] = strdup(ACCOUNT);
    accounts->n = 1;
    rig_start(rig);
    *state = rig;
    return 0;
}

static int teardown(void **state)
{
    rig_free(*state);
    return 0;
}

static struct peer *irc_person(struct rig *rig, const char *nick, const char *more)
{
    struct peer *peer = rig_connect(rig, nick, RIG_IRC);

    peer_say(peer, "NICK %s\r\nUSER u 0 * :R\r\n%s", nick, more);
    rig_settle(rig);
    peer_skip(peer);
    return peer;
}

static bool is_there(struct rig *rig, const char *nick)
{
    return people_find(&rig->server.exchange.hub, text_of(nick)) != 0;
}

static void expect_quit(struct peer *peer, const char *nick, const char *reason)
{
    char wanted[128];

    (void)snprintf(wanted, sizeof(wanted), ":%s!*@127.0.0.1 QUIT :%s", nick, reason);
    peer_expect_line(peer, wanted);
}

/* Nothing goes out to bob any more, and his page is full. */
static struct peer *bob_who_does_not_read(struct rig *rig, struct peer *ann)
{
    struct peer *bob;
    char text[MESSAGE_BYTES + 1];

    memset(text, '.', MESSAGE_BYTES);
    text[MESSAGE_BYTES] = '\0';
    rig->receive_buffer = 4096;
    bob = irc_person(rig, "bob", "JOIN #r");
    bob->is_stopped = true;
    for (int i = 0; i < MESSAGES; i++) {
        peer_say(ann, "PRIVMSG bob :%.*s", MESSAGE_BYTES - 30, text);
        rig_settle(rig);
    }
    peer_skip(ann);
    assert_false(watch_has(&rig_session(rig, bob)->watch, WATCH_WRITABLE));
    return bob;
}

static void who_does_not_read_is_killed_all_the_same(void **state)
{
    struct rig *rig = *state;
    struct peer *ann = irc_person(rig, "ann", "JOIN #r\r\nOPER op secret");
    struct peer *bob = bob_who_does_not_read(rig, ann);

    peer_say(ann, "KILL bob :read");
    rig_settle(rig);
    expect_quit(ann, "bob", "Killed (ann (read))");
    assert_false(is_there(rig, "bob"));
    rig_advance(rig, 6000);
    assert_null(rig_session(rig, bob));
}

static void kill_in_region(struct rig *rig, const char *nick)
{
    struct hub *hub = &rig->server.exchange.hub;
    uint32_t ann = people_find(hub, TEXT("ann")), target = people_find(hub, text_of(nick));

    assert_true(ann != 0 && target != 0);
    state_begin(&rig->server.state);
    assert_int_equal(people_kill(hub, ann, target, TEXT("boo")), 0);
    state_commit(&rig->server.state);
}

/* What they sent before the daemon came back is not heard either. */
static void a_crash_between_the_kill_and_the_end_is_not_noticed(void **state)
{
    struct rig *rig = *state;
    struct peer *ann = irc_person(rig, "ann", "JOIN #r\r\nOPER op secret");
    struct peer *bob = irc_person(rig, "bob", "JOIN #r");
    struct peer *lin = rig_connect(rig, "lin", RIG_LINE);

    peer_skip(ann);
    peer_skip(lin);
    kill_in_region(rig, "bob");
    kill_in_region(rig, "guest3");
    peer_say(bob, "PRIVMSG #r :still here");
    rig_restart(rig);
    rig_settle(rig);
    expect_quit(ann, "bob", "Killed (ann (boo))");
    peer_expect_nothing(ann);
    peer_expect_line(bob, "ERROR :Closing link: Killed (ann (boo))");
    peer_expect_eof(bob);
    peer_expect_line(lin, "-- goodbye: Killed (ann (boo)) *");
    peer_expect_eof(lin);
}

static void who_was_killed_cannot_change_the_reason(void **state)
{
    struct rig *rig = *state;
    struct peer *ann = irc_person(rig, "ann", "JOIN #r\r\nOPER op secret");
    struct peer *bob = irc_person(rig, "bob", "JOIN #r");

    peer_skip(ann);
    kill_in_region(rig, "bob");
    peer_say(bob, "AWAY :of my own\r\nPRIVMSG #r :boo");
    rig_settle(rig);
    expect_quit(ann, "bob", "Killed (ann (boo))");
    peer_expect_nothing(ann);
}

static void all_who_listen_hear_wallops_however_many_they_are(void **state)
{
    struct rig *rig = *state;
    struct peer *ann = irc_person(rig, "ann", "OPER op secret");
    char nick[PEER_NAME_SIZE];

    for (int i = 0; i < LISTENERS; i++) {
        (void)snprintf(nick, sizeof(nick), "p%d", i);
        (void)irc_person(rig, nick, "");
        peer_say(rig_peer(rig, text_of(nick)), "MODE %s %s", nick, i % 7 == 0 ? "-w" : "+w");
    }
    rig_settle(rig);
    rig->config.limits.lines_per_second = 1; /* it is one line, whatever its steps are */
    rig->config.limits.line_burst = 1;
    peer_say(ann, "WALLOPS :to all");
    rig_settle(rig);
    for (int i = 0; i < LISTENERS; i++) {
        (void)snprintf(nick, sizeof(nick), "p%d", i);
        assert_int_equal(peer_count_lines(rig_peer(rig, text_of(nick)), "WALLOPS :to all"),
                         i % 7 != 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define RIGGED(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
        RIGGED(who_does_not_read_is_killed_all_the_same),
        RIGGED(a_crash_between_the_kill_and_the_end_is_not_noticed),
        RIGGED(who_was_killed_cannot_change_the_reason),
        RIGGED(all_who_listen_hear_wallops_however_many_they_are),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
