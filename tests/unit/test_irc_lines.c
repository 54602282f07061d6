/* SPDX-License-Identifier: MIT */
/* front/irc: lines at the limits of RFC 1459 and IRCv3 message-tags and one byte past them, lists
 * that are worked through step by step, and what may be said before registration. */
#include "front/irc.h"
#include "support/chat_rig.h"

/* Handles the line as the session does, step by step; returns what was answered. */
static const char *take(struct chat_rig *rig, uint32_t person, struct text line)
{
    static char all[4 * PAGE_SIZE_BYTES];
    char space[REASON_MAX];
    struct buf reason = buf_over(space, sizeof(space));
    struct reader reader;
    size_t len = 0;
    int r;

    do {
        const char *heard;

        chat_open_reader(rig, person, &reader);
        assert_true(output_pull(&reader, 0));
        r = front_irc.line(&reader, line, &reason);
        assert_true(output_pull(&reader, 0));
        if (r == FRONT_MORE) {
            state_edit_input(&rig->base.state, person)->step++;
        } else {
            state_edit_input(&rig->base.state, person)->step = 0;
        }
        heard = chat_close_reader(rig, &reader);
        assert_true(len + strlen(heard) < sizeof(all));
        memcpy(all + len, heard, strlen(heard) + 1);
        len += strlen(heard);
    } while (r == FRONT_MORE);
    return all;
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

    (void)take(rig, ann, TEXT("JOIN #a,#b,bad,#c"));
    assert_int_equal(rooms_count_of(rig->hub, ann), 3);
    assert_string_equal(take(rig, ann, TEXT("PART #a,#c,#d :bye")),
                        ":ann!guest@10.0.0.1 PART #a :bye\r\n"
                        ":ann!guest@10.0.0.1 PART #c :bye\r\n"
                        ":test.example 403 ann #d :No such channel\r\n");
    (void)take(rig, ann, TEXT("JOIN 0"));
    assert_int_equal(rooms_count_of(rig->hub, ann), 0);
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
    assert_string_equal(take(rig, row, TEXT("CAP LS 302")),
                        ":test.example CAP * LS :cap-notify echo-message server-time "
                        "userhost-in-names\r\n");
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        CHAT_TEST(a_line_of_510_bytes_is_taken_and_one_of_511_is_not),
        CHAT_TEST(tags_have_a_limit_of_their_own),
        CHAT_TEST(bytes_that_are_not_utf8_arrive_as_replacement_characters),
        CHAT_TEST(lines_without_a_command_are_passed_over),
        CHAT_TEST(a_list_of_rooms_is_joined_one_after_the_other),
        CHAT_TEST(targets_at_the_limit_are_served_and_the_rest_is_told),
        CHAT_TEST(before_registration_nothing_but_registering_is_heard),
        CHAT_TEST(capabilities_are_granted_all_or_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
