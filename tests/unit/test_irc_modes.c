/* SPDX-License-Identifier: MIT */
/* front/irc_changes: the changes of a MODE line, group by group; and a whole line of them made in
 * the transactions of its steps. */
#include "chat/modes.h"
#include "chat/names.h"
#include "front/irc.h"
#include "front/irc_changes.h"
#include "support/chat_rig.h"

#include <stdio.h>

/* All groups as text: "+o ann +v bob -b *!*@x | +n ". A question has a '?' behind its letter. */
static const char *groups_of(const char *line, uint32_t *out_n_groups)
{
    static char space[4096];
    struct buf out = buf_over(space, sizeof(space) - 1);
    struct irc_message message;
    bool is_last = false;
    uint32_t n = 0;

    memset(&message, 0, sizeof(message));
    assert_int_equal(irc_parse(text_of(line), &message), 0);
    while (!is_last) {
        struct irc_change changes[IRC_MODE_GROUP_MAX];
        uint32_t len = irc_changes_group(&message, n, changes, &is_last);

        buf_text_put(&out, n++ > 0 ? TEXT("| ") : TEXT_NONE);
        for (uint32_t i = 0; i < len; i++) {
            buf_format(&out, "%c%c%s%s%.*s ", changes[i].is_on ? '+' : '-', changes[i].letter,
                       changes[i].is_question ? "?" : "", changes[i].argument.len > 0 ? " " : "",
                       TEXT_ARG(changes[i].argument));
        }
    }
    space[out.len] = '\0';
    *out_n_groups = n;
    return space;
}

static void the_changes_of_a_line_fall_into_groups(void **state)
{
    static const struct {
        const char *line, *groups;
    } rows[] = {
        { "MODE #r +ov-b ann bob *!*@x", "+o ann +v bob -b *!*@x " },
        { "MODE #r nt", "+n +t " },
        { "MODE #r +n-t+s", "+n -t +s " },
        { "MODE #r +bn *!*@x", "+b *!*@x | +n " },
        { "MODE #r +beI a b c", "+b a | +e b | +I c " },
        { "MODE #r +imnstimnst", "+i +m +n +s +t +i | +m +n +s +t " },
        { "MODE #r +imnstb a", "+i +m +n +s +t +b a " },
        { "MODE #r +imnstib a", "+i +m +n +s +t +i | +b a " },
        /* lists asked for: once each, whatever the sign */
        { "MODE #r b", "+b? " },
        { "MODE #r -e", "-e? " },
        { "MODE #r +bbb-b+eb", "+b? | +e? " },
        { "MODE #r +bb *!*@x", "+b *!*@x | +b? " },
        { "MODE #r b :", "+b? " },
        /* what takes an argument, and what takes none */
        { "MODE #r -l+l 5", "-l +l 5 " },
        { "MODE #r -k+k a b", "-k a +k b " },
        { "MODE #r -k", "-k " },
        { "MODE #r +k", "+k " },
        { "MODE #r +o", "+o " },
        { "MODE #r +xo ann", "+x +o ann " },
        { "MODE #r +n ann bob", "+n " },
        /* nothing at all, and what is no letter */
        { "MODE #r", "" },
        { "MODE #r +-+", "" },
        { "MODE #r +\xc3\xa9n", "+? +n " },
        { "MODE #r :+n t", "+n +? +t " },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        uint32_t n;

        assert_string_equal(groups_of(rows[i].line, &n), rows[i].groups);
    }
}

static void twelve_arguments_are_looked_at_and_no_more(void **state)
{
    uint32_t n;

    (void)state;
    assert_string_equal(groups_of("MODE #r +vvvvvvvvvvvv 1 2 3 4 5 6 7 8 9 10 11 12", &n),
                        "+v 1 +v 2 +v 3 +v 4 +v 5 +v 6 | +v 7 +v 8 +v 9 +v 10 +v 11 +v 12 ");
    assert_string_equal(groups_of("MODE #r +vvvvvvvvvvvvvn 1 2 3 4 5 6 7 8 9 10 11 12 13", &n),
                        "+v 1 +v 2 +v 3 +v 4 +v 5 +v 6 | +v 7 +v 8 +v 9 +v 10 +v 11 +v 12 ");
    assert_int_equal(n, 2);
}

static void twelve_letters_without_argument_are_looked_at_and_no_more(void **state)
{
    uint32_t n;

    (void)state;
    assert_string_equal(groups_of("MODE #r nnnnnnnnnnns", &n),
                        "+n +n +n +n +n +n | +n +n +n +n +n +s ");
    assert_string_equal(groups_of("MODE #r nnnnnnnnnnnnsv ann", &n),
                        "+n +n +n +n +n +n | +n +n +n +n +n +n ");
    assert_int_equal(n, 2);
}

static void a_group_beyond_the_last_is_empty(void **state)
{
    struct irc_change changes[IRC_MODE_GROUP_MAX];
    struct irc_message message;
    bool is_last = false;

    (void)state;
    memset(&message, 0, sizeof(message));
    assert_int_equal(irc_parse(TEXT("MODE #r +bn x"), &message), 0);
    assert_int_equal(irc_changes_group(&message, 1, changes, &is_last), 1);
    assert_true(is_last);
    assert_int_equal(irc_changes_group(&message, 2, changes, &is_last), 0);
    assert_true(is_last);
    assert_int_equal(irc_changes_group(&message, 65535, changes, &is_last), 0);
    assert_true(is_last);
}

/* ---- made ---- */

/* One step of a line, as the session does it; the outcome of the front end. */
static int take_step(struct chat_rig *rig, uint32_t person, const char *line, uint16_t step)
{
    char space[REASON_MAX];
    struct buf reason = buf_over(space, sizeof(space));
    struct reader reader;
    int r;

    chat_open_reader(rig, person, &reader);
    assert_true(output_pull(&reader, 0));
    state_edit_input(&rig->base.state, person)->step = step;
    r = front_irc.line(&reader, text_of(line), &reason);
    assert_true(output_pull(&reader, 0));
    (void)chat_close_reader(rig, &reader);
    return r;
}

/* The longest there is of all: one record, one line of 512 bytes, for whoever reads it. */
static void a_group_of_the_longest_arguments_is_one_line_of_irc(void **state)
{
    struct chat_rig *rig = *state;
    uint32_t ann = chat_person(rig, FRONT_IRC, "ann");
    char room[ROOM_NAME_MAX + 1], line[IRC_LINE_MAX + 1];
    struct buf out = buf_over(line, sizeof(line) - 1);

    memset(room, 'r', sizeof(room));
    room[0] = '#';
    room[ROOM_NAME_MAX] = '\0';
    (void)chat_join(rig, ann, room, 0);
    buf_format(&out, "MODE %s +vvvvvb", room);
    for (int i = 0; i < 5; i++) {
        char nick[NICK_MAX + 1];

        memset(nick, 'a' + i, NICK_MAX);
        nick[NICK_MAX] = '\0';
        (void)chat_join(rig, chat_person(rig, FRONT_IRC, nick), room, 0);
        buf_format(&out, " %s", nick);
    }
    buf_text_put(&out, TEXT(" x!*@"));
    while (out.len < strlen("MODE  +vvvvvb") + ROOM_NAME_MAX + 5 * (NICK_MAX + 1) + 1 + MASK_MAX) {
        buf_char(&out, 'm');
    }
    line[out.len] = '\0';
    (void)chat_hear(rig, ann);
    assert_int_equal(take_step(rig, ann, line, 0), FRONT_DONE);
    assert_non_null(strstr(rig->heard, " +vvvvvb aaaaaa"));
    assert_non_null(strstr(rig->heard, "mmm\r\n"));
    assert_int_equal(strchr(rig->heard, '\n') - rig->heard, (long)strlen(rig->heard) - 1);
    assert_true(strlen(rig->heard) <= IRC_LINE_MAX + 2);
}

/* A step is done once; the one after it begins where it ended, whatever the first one changed. */
static void each_step_makes_its_own_group_alone(void **state)
{
    static const char line[] = "MODE #r +mb-m+i x!*@*";
    struct chat_rig *rig = *state;
    uint32_t ann = chat_person(rig, FRONT_IRC, "ann");
    uint32_t room = chat_join(rig, ann, "#r", 0);

    (void)chat_hear(rig, ann);
    assert_int_equal(take_step(rig, ann, line, 0), FRONT_MORE);
    assert_non_null(strstr(rig->heard, "MODE #r +mb x!*@*\r\n"));
    assert_int_equal(hub_room(rig->hub, room)->modes, ROOM_NO_EXTERNAL | ROOM_MODERATED);
    assert_int_equal(take_step(rig, ann, line, 1), FRONT_DONE);
    assert_non_null(strstr(rig->heard, "MODE #r -m+i\r\n"));
    assert_int_equal(hub_room(rig->hub, room)->modes, ROOM_NO_EXTERNAL | ROOM_INVITE_ONLY);
}

/* The numeric that a JOIN is refused with, or 0. */
static int refusal_of_join(struct chat_rig *rig, uint32_t person)
{
    assert_int_equal(take_step(rig, person, "JOIN #r", 0), FRONT_DONE);
    return strstr(rig->heard, " 474 ") != NULL ? ERR_BANNEDFROMCHAN : 0;
}

/* Who is shown with another host than the address is banned by either; the address is not told. */
static void a_ban_hits_the_address_behind_a_host_that_others_see(void **state)
{
    static const struct {
        const char *mask;
        int numeric;
    } rows[] = {
        { "10.0.0.1", ERR_BANNEDFROMCHAN },
        { "*!guest@10.0.0.?", ERR_BANNEDFROMCHAN },
        { "staff.example", ERR_BANNEDFROMCHAN },
        { "bob!*@staff.*", ERR_BANNEDFROMCHAN },
        { "10.0.0.2", 0 },
        { "ann!*@staff.*", 0 },
    };
    struct chat_rig *rig = *state;
    uint32_t ann = chat_person(rig, FRONT_IRC, "ann"), bob = chat_person(rig, FRONT_IRC, "bob");
    uint32_t room = chat_join(rig, ann, "#r", 0);

    chat_begin(rig);
    assert_int_equal(people_set_host(rig->hub, bob, TEXT("staff.example"), rig->exchange.now), 0);
    chat_commit(rig);
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        char line[64];

        (void)snprintf(line, sizeof(line), "MODE #r +b %s", rows[i].mask);
        assert_int_equal(take_step(rig, ann, line, 0), FRONT_DONE);
        assert_int_equal(refusal_of_join(rig, bob), rows[i].numeric);
        (void)snprintf(line, sizeof(line), "MODE #r -b %s", rows[i].mask);
        assert_int_equal(take_step(rig, ann, line, 0), FRONT_DONE);
        assert_int_equal(hub_room(rig->hub, room)->lists[ROOM_BANS], 0);
        (void)take_step(rig, bob, "PART #r", 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_changes_of_a_line_fall_into_groups),
        cmocka_unit_test(twelve_arguments_are_looked_at_and_no_more),
        cmocka_unit_test(twelve_letters_without_argument_are_looked_at_and_no_more),
        cmocka_unit_test(a_group_beyond_the_last_is_empty),
        CHAT_TEST(a_group_of_the_longest_arguments_is_one_line_of_irc),
        CHAT_TEST(each_step_makes_its_own_group_alone),
        CHAT_TEST(a_ban_hits_the_address_behind_a_host_that_others_see),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
