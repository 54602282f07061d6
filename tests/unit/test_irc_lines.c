/* SPDX-License-Identifier: MIT */
/* front/irc: lines at the limits of RFC 1459 and IRCv3 message-tags and one byte past them, lists
 * that are worked through step by step, and what may be said before registration. */
#include "chat/names.h"
#include "chat/past.h"
#include "support/irc_rig.h"

#include <stdio.h>

static const char *take(struct chat_rig *rig, uint32_t person, struct text line)
{
    return irc_rig_take(rig, person, line)->text;
}

#define TOO_LONG(nick) ":test.example 417 " nick " :Input line was too long\r\n"

static void a_line_of_510_bytes_is_taken_and_one_of_511_is_not(void **state)
{
    struct chat_rig *rig = *state;
    uint32_t ann = chat_person(rig, FRONT_IRC, "ann");
    char line[IRC_LINE_MAX + 1];

    memset(line, 'x', sizeof(line));
    memcpy(line, "PRIVMSG ann :", 13);
    assert_non_null(
        strstr(take(rig, ann, (struct text){ line, IRC_LINE_MAX }), "PRIVMSG ann :xxx"));
    assert_string_equal(take(rig, ann, (struct text){ line, IRC_LINE_MAX + 1 }), TOO_LONG("ann"));
}

/* IRCv3 message-tags: 4094 bytes of tags from a client, and then 512 for the rest all the same. */
static void tags_have_a_limit_of_their_own(void **state)
{
    static const struct {
        size_t tags_len, rest_len; /* without '@' and the space */
        bool is_taken;
    } rows[] = { { 1, IRC_LINE_MAX, true },
                 { 1, IRC_LINE_MAX + 1, false },
                 { IRC_CLIENT_TAGS_MAX, 10, true },
                 { IRC_CLIENT_TAGS_MAX + 1, 10, false },
                 { IRC_CLIENT_TAGS_MAX, IRC_LINE_MAX, true } };
    struct chat_rig *rig = *state;
    uint32_t ann = chat_person(rig, FRONT_IRC, "ann");

    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        char line[IRC_TAGS_MAX + IRC_LINE_MAX];
        struct buf out = buf_over(line, sizeof(line));

        memset(line, 'x', sizeof(line));
        buf_char(&out, '@');
        out.len += rows[i].tags_len;
        buf_text_put(&out, TEXT(" PING :"));
        out.len += rows[i].rest_len - strlen("PING :");
        assert_int_equal(strstr(take(rig, ann, buf_text(&out)), " 417 ") == NULL, rows[i].is_taken);
    }
}

static void bytes_that_are_not_utf8_arrive_as_replacement_characters(void **state)
{
    struct chat_rig *rig = *state;
    uint32_t ann = chat_person(rig, FRONT_IRC, "ann");

    assert_string_equal(take(rig, ann,
                             TEXT("PRIVMSG ann :a\xff\x02"
                                  "b\x1B")),
                        ":ann!guest@10.0.0.1 PRIVMSG ann :a\xEF\xBF\xBD\x02"
                        "b\r\n");
}

/* What a dialogue cannot cause: a log that overtakes, and a line that makes the daemon fail. */
static void what_went_wrong_is_a_standard_reply_to_who_asked_for_those(void **state)
{
    struct chat_rig *rig = *state;
    uint32_t ann = chat_person(rig, FRONT_IRC, "ann");
    struct reader reader;

    chat_open_reader(rig, ann, &reader);
    front_irc.lost(&reader, 1);
    front_irc.line_refused(&reader);
    assert_string_equal(
        chat_close_reader(rig, &reader),
        ":test.example NOTICE ann :you missed 1 message while you were not reading\r\n"
        ":test.example NOTICE ann :your last line made the server fail, and was refused\r\n");
    chat_open_reader(rig, ann, &reader);
    state_edit_person(&rig->base.state, ann)->caps = IRC_CAP_STANDARD_REPLIES;
    front_irc.lost(&reader, 2);
    front_irc.line_refused(&reader);
    assert_string_equal(
        chat_close_reader(rig, &reader),
        ":test.example WARN * MESSAGES_LOST :you missed 2 messages while you were not reading\r\n"
        ":test.example FAIL * LINE_REFUSED :your last line made the server fail, and was "
        "refused\r\n");
}

static void only_spaces_separate_words(void **state)
{
    char space[64];
    struct buf out = buf_over(space, sizeof(space));
    struct irc_message message;

    (void)state;
    assert_true(irc_read(TEXT("@a=b\tc JOIN #a\tb,x #c\x07 :#d\te"), &out, &message));
    assert_true(text_equal(message.tags, TEXT("a=b\tc")));
    assert_int_equal(message.n_params, 3);
    assert_true(text_equal(message.params[0], TEXT("#a\xEF\xBF\xBD"
                                                   "b,x")));
    assert_true(text_equal(message.params[1], TEXT("#c"))); /* a key, say */
    assert_true(text_equal(message.params[2], TEXT("#d\te")));
    out.len = 0;
    assert_true(irc_read(TEXT("INVITE bob #c\x07"), &out, &message));
    assert_true(text_equal(message.params[1], TEXT("#c\xEF\xBF\xBD")));
    assert_false(irc_read(TEXT("\x07 x"), &out, &message));
    assert_false(out.full);
}

static void lines_without_a_command_are_passed_over(void **state)
{
    static const char *const lines[] = { "", "   ", ":ann", "@a=b", ":ann ", "@a :b" };
    struct chat_rig *rig = *state;
    uint32_t ann = chat_person(rig, FRONT_IRC, "ann");

    for (size_t i = 0; i < ARRAY_SIZE(lines); i++) {
        assert_string_equal(take(rig, ann, text_of(lines[i])), "");
    }
}

static void a_list_of_rooms_is_joined_one_after_the_other(void **state)
{
    struct chat_rig *rig = *state;
    uint32_t ann = chat_person(rig, FRONT_IRC, "ann");

    irc_rig_answer(rig, ann, irc_rig_take(rig, ann, TEXT("JOIN #a,#b,bad,#c")));
    assert_int_equal(members_count_of(rig->hub, ann), 3);
    assert_string_equal(take(rig, ann, TEXT("PART #a,#c,#d :bye")),
                        ":ann!guest@10.0.0.1 PART #a :bye\r\n"
                        ":ann!guest@10.0.0.1 PART #c :bye\r\n"
                        ":test.example 403 ann #d :No such channel\r\n");
    (void)take(rig, ann, TEXT("JOIN 0"));
    assert_int_equal(members_count_of(rig->hub, ann), 0);
}

static void targets_at_the_limit_are_served_and_the_rest_is_told(void **state)
{
    struct chat_rig *rig = *state;
    uint32_t ann = chat_person(rig, FRONT_IRC, "ann");
    uint32_t bob = chat_person(rig, FRONT_IRC, "bob");

    assert_string_equal(take(rig, ann, TEXT("PRIVMSG bob,bob,bob,bob :x")), "");
    assert_int_equal(hub_person(rig->hub, bob)->box.end, IRC_TARGETS_MAX);
    assert_string_equal(take(rig, ann, TEXT("PRIVMSG bob,bob,bob,bob,cat :x")),
                        ":test.example 407 ann cat :Too many targets, the rest was ignored\r\n");
    assert_int_equal(hub_person(rig->hub, bob)->box.end, 2 * IRC_TARGETS_MAX);
}

static void before_registration_nothing_but_registering_is_heard(void **state)
{
    struct chat_rig *rig = *state;
    uint32_t row = chat_connect(rig, FRONT_IRC);

    assert_string_equal(take(rig, row, TEXT("JOIN #a")),
                        ":test.example 451 * :You have not registered\r\n");
    assert_string_equal(take(rig, row, TEXT("NONSENSE")),
                        ":test.example 451 * :You have not registered\r\n");
    assert_non_null(strstr(take(rig, row, TEXT("CAP LS 302")), " CAP * LS :"));
    assert_string_equal(take(rig, row, TEXT("NICK ann")), "");
    assert_string_equal(take(rig, row, TEXT("USER a 0 * :A")), "");
    assert_int_equal(people_count(rig->hub), 0);
    assert_non_null(strstr(take(rig, row, TEXT("CAP END")), " 001 ann :Welcome"));
    assert_int_equal(people_count(rig->hub), 1);
}

static void capabilities_are_granted_all_or_none(void **state)
{
    struct chat_rig *rig = *state;
    uint32_t ann = chat_person(rig, FRONT_IRC, "ann");

    (void)take(rig, ann, TEXT("CAP REQ :server-time nonsense"));
    assert_int_equal(hub_person(rig->hub, ann)->caps & IRC_CAPS_ALL, 0);
    (void)take(rig, ann, TEXT("CAP REQ :server-time echo-message"));
    assert_int_equal(hub_person(rig->hub, ann)->caps & IRC_CAPS_ALL,
                     IRC_CAP_SERVER_TIME | IRC_CAP_ECHO_MESSAGE);
    (void)take(rig, ann, TEXT("CAP REQ :-server-time"));
    assert_int_equal(hub_person(rig->hub, ann)->caps & IRC_CAPS_ALL, IRC_CAP_ECHO_MESSAGE);
}

/* The longest that a server, a room and a person can be. */
static uint32_t longest_person(struct chat_rig *rig)
{
    uint32_t row = chat_person(rig, FRONT_IRC, "n23456789-123456789-123456789-");
    struct state *state = &rig->base.state;
    char text[AWAY_MAX];

    memset(text, 'x', sizeof(text));
    rig->exchange.server_name = "s23456789-123456789-123456789-123456789-123456789-123456789-123";
    chat_begin(rig);
    memset(state_edit_wire(state, row)->host, 0x11, sizeof(state->wires[row].host));
    state_set_text(state, &state_edit_person(state, row)->user,
                   (struct text){ text, USER_MAX + 1 }); /* with the '~' */
    state_set_text(state, &state_edit_person(state, row)->realname,
                   (struct text){ text, REALNAME_MAX });
    state_edit_person(state, row)->caps |= IRC_CAP_EXTENDED_JOIN | IRC_CAP_MULTI_PREFIX;
    people_set_mode(rig->hub, row, PERSON_OPERATOR, true);
    people_set_mode(rig->hub, row, PERSON_BOT, true);
    assert_int_equal(
        people_set_host(rig->hub, row, (struct text){ text, HOST_MAX }, rig->exchange.now), 0);
    assert_int_equal(
        people_set_account(rig->hub, row, (struct text){ text, NICK_MAX }, rig->exchange.now), 0);
    past_add(rig->hub, row, rig->exchange.now);
    assert_int_equal(
        people_set_away(rig->hub, row, (struct text){ text, AWAY_MAX }, rig->exchange.now), 0);
    chat_commit(rig);
    (void)chat_join(rig, row, "#23456789-123456789-123456789-123456789-123456789-", 0);
    return row;
}

static void every_line_of_an_answer_fits_512_bytes_with_the_longest_names(void **state)
{
    static const char *const questions[] = {
        "WHO #23456789-123456789-123456789-123456789-123456789- %tcuihsnfdlaor,743",
        "WHO #23456789-123456789-123456789-123456789-123456789-",
        "WHO n23456789-123456789-123456789- %tcuihsnfdlaor,743",
        "WHOIS n23456789-123456789-123456789-",
        "WHOWAS n23456789-123456789-123456789-",
        "NAMES #23456789-123456789-123456789-123456789-123456789-",
        "LIST",
        "LIST #23456789-123456789-123456789-123456789-123456789-",
        "PRIVMSG n23456789-123456789-123456789- :x",
        "USERHOST n23456789-123456789-123456789- n23456789-123456789-123456789-",
        "HELP",
        "INFO",
        "LINKS",
        "LUSERS",
    };
    struct chat_rig *rig = *state;
    uint32_t row = longest_person(rig);
    struct reader reader;

    for (int i = 1; i < MEMBERSHIPS_PER_PERSON - 1; i++) {
        char name[ROOM_NAME_SIZE];

        (void)snprintf(name, sizeof(name), "#%049d", i);
        assert_non_null(strstr(chat_hear(rig, row), "JOIN"));
        (void)chat_join(rig, row, name, 0);
    }
    assert_non_null(strstr(chat_hear(rig, row), "JOIN"));
    rig->exchange.now.boot_ms = UINT32_MAX * 1000ULL; /* idle for ever */
    for (size_t i = 0; i < ARRAY_SIZE(questions); i++) {
        const char *heard = take(rig, row, text_of(questions[i]));
        struct text rest, line;

        if (rig->base.state.wires[row].answer.kind != 0) {
            chat_open_reader(rig, row, &reader);
            front_irc.answer(&reader);
            heard = chat_close_reader(rig, &reader);
        }
        rest = text_of(heard);
        assert_in_range(rest.len, 1, REPLY_ROOM);
        while ((line = text_cut(&rest, '\n')).len > 0) {
            assert_in_range(line.len, 1, IRC_LINE_MAX + 1); /* with CR */
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CHAT_TEST(a_line_of_510_bytes_is_taken_and_one_of_511_is_not),
        CHAT_TEST(tags_have_a_limit_of_their_own),
        CHAT_TEST(bytes_that_are_not_utf8_arrive_as_replacement_characters),
        CHAT_TEST(what_went_wrong_is_a_standard_reply_to_who_asked_for_those),
        CHAT_TEST(only_spaces_separate_words),
        CHAT_TEST(lines_without_a_command_are_passed_over),
        CHAT_TEST(a_list_of_rooms_is_joined_one_after_the_other),
        CHAT_TEST(targets_at_the_limit_are_served_and_the_rest_is_told),
        CHAT_TEST(before_registration_nothing_but_registering_is_heard),
        CHAT_TEST(capabilities_are_granted_all_or_none),
        CHAT_TEST(every_line_of_an_answer_fits_512_bytes_with_the_longest_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
