/* SPDX-License-Identifier: MIT */
/* front/irc_render: every line is an IRC message within 512 bytes, nothing of a text is lost or
 * doubled when it is cut, and no character is cut in two. */
#include "chat/masks.h"
#include "front/irc.h"
#include "front/line.h"
#include "lib/utf8.h"
#include "support/render_rig.h"

#include <stdio.h>

enum { LINE_BYTES_MAX = IRC_LINE_MAX + 2 };

/* The longest that people and rooms can be. */
static const char LONG_NICK[] = "n23456789-123456789-123456789-";
static const char LONG_SOURCE[] = "~23456789-123456789-@1111:2222:3333:4444:5555:6666:7777:8888";
static const char LONG_ROOM[] = "#23456789-123456789-123456789-123456789-123456789-";

static struct draft draft_of(enum record_kind kind, const char *text)
{
    return (struct draft){ .kind = kind,
                           .real_ms = 1767322980678,
                           .who = TEXT("ann"),
                           .source = TEXT("~a@host"),
                           .where = TEXT("#tea"),
                           .text = text_of(text) };
}

static void each_kind_of_record_is_its_message(void **state)
{
    static const struct {
        enum record_kind kind;
        const char *text, *line;
    } rows[] = {
        { RECORD_SAID, "hello you", ":ann!~a@host PRIVMSG #tea :hello you\r\n" },
        { RECORD_SAID, ":)", ":ann!~a@host PRIVMSG #tea ::)\r\n" },
        { RECORD_ACTION, "waves",
          ":ann!~a@host PRIVMSG #tea :\x01"
          "ACTION waves\x01\r\n" },
        { RECORD_NOTICE, "psst", ":ann!~a@host NOTICE #tea :psst\r\n" },
        { RECORD_JOINED, "", ":ann!~a@host JOIN #tea\r\n" },
        { RECORD_LEFT, "", ":ann!~a@host PART #tea\r\n" },
        { RECORD_LEFT, "so long", ":ann!~a@host PART #tea :so long\r\n" },
        { RECORD_QUIT, "", ":ann!~a@host QUIT :\r\n" },
        { RECORD_QUIT, "so long", ":ann!~a@host QUIT :so long\r\n" },
        { RECORD_RENAMED, "bob", ":ann!~a@host NICK :bob\r\n" },
        { RECORD_TOPIC, "green", ":ann!~a@host TOPIC #tea :green\r\n" },
        { RECORD_TOPIC, "", ":ann!~a@host TOPIC #tea :\r\n" },
        { RECORD_AWAY, "tea", ":ann!~a@host AWAY :tea\r\n" },
        { RECORD_AWAY, "", ":ann!~a@host AWAY\r\n" },
        { RECORD_KICKED, "out", ":ann!~a@host KICK #tea bob :out\r\n" },
        { RECORD_MODES, "+o bob", ":ann!~a@host MODE #tea +o bob\r\n" },
        { RECORD_INVITED, "", ":ann!~a@host INVITE bob #tea\r\n" },
        { RECORD_REALNAME, "Ann Other", ":ann!~a@host SETNAME :Ann Other\r\n" },
        { RECORD_HOST, "~a staff", ":ann!~a@host CHGHOST ~a staff\r\n" },
        { RECORD_ACCOUNT, "ann", ":ann!~a@host ACCOUNT ann\r\n" },
        { RECORD_ACCOUNT, "", ":ann!~a@host ACCOUNT *\r\n" },
        { RECORD_TAGGED, "", ":ann!~a@host TAGMSG #tea\r\n" },
        { RECORD_WALLOPS, "fire", ":ann!~a@host WALLOPS :fire\r\n" },
    };
    struct render_rig *f = *state;

    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct draft draft = draft_of(rows[i].kind, rows[i].text);

        draft.target = TEXT("bob");
        assert_string_equal(render_rig_bytes(f, &front_irc, &draft, IRC_BASE), rows[i].line);
    }
}

static void a_join_shows_account_and_realname_to_who_asked_for_them(void **state)
{
    struct render_rig *f = *state;
    struct draft draft = draft_of(RECORD_JOINED, "Ann Other");

    assert_string_equal(render_rig_bytes(f, &front_irc, &draft, IRC_BASE | IRC_WHOLE_JOIN),
                        ":ann!~a@host JOIN #tea * :Ann Other\r\n");
    assert_string_equal(render_rig_bytes(f, &front_irc, &draft, IRC_BASE),
                        ":ann!~a@host JOIN #tea\r\n");
    assert_string_equal(render_rig_bytes(f, &front_line, &draft, LINE_BASE),
                        "03:03 -- ann has joined #tea\r\n");
}

/* Hundreds who differ in what they see of others share one rendering of what all see alike. */
static void a_message_has_the_same_flavour_with_and_without_what_it_does_not_show(void **state)
{
    static const struct {
        enum record_kind kind;
        uint32_t flavour;
    } rows[] = { { RECORD_SAID, IRC_BASE },
                 { RECORD_JOINED, IRC_BASE | IRC_WHOLE_JOIN },
                 { RECORD_AWAY, IRC_BASE } };
    struct render_rig *f = *state;
    uint32_t ann = chat_person(f->chat, FRONT_IRC, "ann");
    struct reader reader = { .exchange = &f->chat->exchange, .front = &front_irc, .row = ann };
    struct place place = { .membership = 0 };

    chat_begin(f->chat);
    state_edit_person(&f->chat->base.state, ann)->caps =
        IRC_CAP_AWAY_NOTIFY | IRC_CAP_EXTENDED_JOIN;
    chat_commit(f->chat);
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct draft draft = draft_of(rows[i].kind, "x");

        assert_int_equal(irc_flavour_of(&reader, render_rig_record(f, &draft), place),
                         rows[i].flavour);
    }
    assert_int_equal(irc_view_of(&reader, 0), IRC_BASE | IRC_AWAY | IRC_WHOLE_JOIN);
}

static void server_time_stands_in_front_to_the_millisecond(void **state)
{
    struct render_rig *f = *state;
    struct draft draft = draft_of(RECORD_SAID, "x");

    assert_string_equal(render_rig_bytes(f, &front_irc, &draft, IRC_BASE | IRC_TIMED),
                        "@time=2026-01-02T03:03:00.678Z :ann!~a@host PRIVMSG #tea :x\r\n");
}

/* ---- cutting ---- */

/* Walks the lines of a rendered message: each is complete and short enough. Joins their texts. */
static struct text join_lines(const char *bytes, bool is_action, char *joined)
{
    struct buf out = buf_over(joined, RECORD_TEXT_MAX);

    while (*bytes != '\0') {
        const char *end = strstr(bytes, "\r\n");
        const char *text = strstr(bytes, " :"); /* the tag and source have none */
        struct text piece;

        assert_non_null(end);
        if (*bytes == '@') {
            bytes = strchr(bytes, ' ') + 1;
            text = strstr(bytes, " :");
        }
        assert_true(end + 2 - bytes <= LINE_BYTES_MAX);
        assert_true(text != NULL && text < end);
        piece = (struct text){ text + 2, (size_t)(end - text - 2) };
        if (is_action) {
            assert_memory_equal(piece.at,
                                "\x01"
                                "ACTION ",
                                8);
            assert_int_equal(end[-1], '\x01');
            piece = (struct text){ piece.at + 8, piece.len - 9 };
        }
        assert_true(utf8_is_clean(piece, UTF8_KEEP_FORMAT));
        assert_true(piece.len > 0);
        buf_text_put(&out, piece);
        bytes = end + 2;
    }
    assert_false(out.full);
    return buf_text(&out);
}

static void assert_cut_well(struct render_rig *f, struct draft *draft, uint32_t flavour)
{
    char joined[RECORD_TEXT_MAX];
    const char *bytes = render_rig_bytes(f, &front_irc, draft, flavour);
    struct text text = join_lines(bytes, draft->kind == RECORD_ACTION, joined);

    assert_int_equal(text.len, draft->text.len);
    assert_memory_equal(text.at, draft->text.at, text.len);
}

static void a_text_that_just_fits_is_one_line_and_one_byte_more_is_two(void **state)
{
    struct render_rig *f = *state;
    size_t fits = LINE_BYTES_MAX - strlen(":ann!~a@host PRIVMSG #tea :\r\n");
    size_t one_line = 0;

    for (size_t len = fits - 2; len <= fits + 1; len++) {
        struct draft draft = draft_of(RECORD_SAID, "");
        const char *bytes;

        draft.text = render_rig_text(len, "x");
        bytes = render_rig_bytes(f, &front_irc, &draft, IRC_BASE);
        one_line = strstr(bytes, "\r\n")[2] == '\0' ? len : one_line;
        assert_cut_well(f, &draft, IRC_BASE);
    }
    assert_in_range(one_line, fits - 1, fits);
}

static void a_character_is_never_cut_in_two(void **state)
{
    static const char *const characters[] = { "x", "\xC3\xA4", "\xE2\x82\xAC", "\xF0\x9F\x8D\xB5" };
    struct render_rig *f = *state;

    for (size_t i = 0; i < ARRAY_SIZE(characters); i++) {
        for (size_t shift = 0; shift < 4; shift++) { /* longer names move the place of the cut */
            struct draft draft = draft_of(RECORD_SAID, "");

            draft.who = (struct text){ "annabell", 3 + shift };
            draft.text = render_rig_text(1400, characters[i]);
            assert_cut_well(f, &draft, IRC_BASE);
            draft.kind = RECORD_ACTION;
            assert_cut_well(f, &draft, IRC_BASE | IRC_TIMED);
            draft.account = text_of(LONG_NICK);
            draft.flags = RECORD_BY_BOT;
            assert_cut_well(f, &draft, IRC_BASE | IRC_TIMED | IRC_TAGGED | IRC_BY_ACCOUNT);
        }
    }
}

static void the_longest_message_of_the_longest_names_fits_a_rendering(void **state)
{
    static const char *const characters[] = { "x", "\xE2\x82\xAC", "\xF0\x9F\x8D\xB5" };
    static const enum record_kind kinds[] = { RECORD_SAID, RECORD_ACTION, RECORD_NOTICE };
    struct render_rig *f = *state;

    for (size_t i = 0; i < ARRAY_SIZE(characters) * ARRAY_SIZE(kinds); i++) {
        struct draft draft = { .kind = kinds[i % 3],
                               .real_ms = 1767322980678,
                               .who = text_of(LONG_NICK),
                               .source = text_of(LONG_SOURCE),
                               .where = text_of(LONG_ROOM),
                               .text = render_rig_text(RECORD_TEXT_MAX, characters[i / 3]) };

        assert_cut_well(f, &draft, IRC_BASE | IRC_TIMED);
    }
}

/* A topic, and a reason, are never cut: their limits are such that they fit. */
static void the_longest_event_of_the_longest_names_is_one_line(void **state)
{
    static const struct {
        enum record_kind kind;
        size_t len;
    } rows[] = { { RECORD_TOPIC, TOPIC_MAX },
                 { RECORD_LEFT, REASON_MAX },
                 { RECORD_QUIT, REASON_MAX },
                 { RECORD_KICKED, REASON_MAX },
                 { RECORD_MODES, 12 + MASK_MAX + 5 * NAME_SIZE },
                 { RECORD_INVITED, 0 },
                 { RECORD_REALNAME, REALNAME_MAX },
                 { RECORD_HOST, USER_MAX + 1 + HOST_MAX },
                 { RECORD_WALLOPS, 400 },
                 { RECORD_RENAMED, sizeof(LONG_NICK) - 1 } };
    struct render_rig *f = *state;

    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct draft draft = { .kind = rows[i].kind,
                               .who = text_of(LONG_NICK),
                               .source = text_of(LONG_SOURCE),
                               .where = text_of(LONG_ROOM),
                               .target = text_of(LONG_NICK),
                               .text = render_rig_text(rows[i].len, "x") };

        assert_true(strlen(render_rig_bytes(f, &front_irc, &draft, IRC_BASE)) <= LINE_BYTES_MAX);
    }
}

/* ":server 322 nick #room 99999 :topic" is the longest answer that carries a topic. */
static void the_longest_topic_fits_the_answers_that_show_it(void **state)
{
    enum { SERVER_NAME_MAX = 63 }; /* config_table.c */
    size_t list = strlen(":") + SERVER_NAME_MAX + strlen(" 322 ") + sizeof(LONG_NICK) +
                  sizeof(LONG_ROOM) + strlen("99999 :\r\n") + TOPIC_MAX;

    (void)state;
    assert_true(list <= LINE_BYTES_MAX);
}

/* ---- who sees what ---- */

static void what_is_hidden_from_whom(void **state)
{
    struct render_rig *f = *state;
    uint32_t ann = chat_person(f->chat, FRONT_IRC, "ann");
    struct reader reader = { .exchange = &f->chat->exchange, .front = &front_irc, .row = ann };
    struct place place = { .membership = 0 };
    struct draft draft = draft_of(RECORD_SAID, "x");

    assert_int_equal(irc_flavour_of(&reader, render_rig_record(f, &draft), place), IRC_BASE);
    draft.author_id = f->chat->base.state.wires[ann].id;
    assert_int_equal(irc_flavour_of(&reader, render_rig_record(f, &draft), place), FLAVOUR_HIDDEN);
    draft.kind = RECORD_JOINED;
    assert_int_equal(irc_flavour_of(&reader, render_rig_record(f, &draft), place), IRC_BASE);
    draft.kind = RECORD_QUIT;
    assert_int_equal(irc_flavour_of(&reader, render_rig_record(f, &draft), place), FLAVOUR_HIDDEN);
    draft.author_id = 0;
    assert_int_equal(irc_flavour_of(&reader, render_rig_record(f, &draft), place), IRC_BASE);
    draft.kind = RECORD_AWAY;
    assert_int_equal(irc_flavour_of(&reader, render_rig_record(f, &draft), place), FLAVOUR_HIDDEN);
    chat_begin(f->chat);
    state_edit_person(&f->chat->base.state, ann)->caps |= IRC_CAP_AWAY_NOTIFY;
    chat_commit(f->chat);
    assert_int_equal(irc_flavour_of(&reader, render_rig_record(f, &draft), place), IRC_BASE);
    draft.author_id = f->chat->base.state.wires[ann].id;
    assert_int_equal(irc_flavour_of(&reader, render_rig_record(f, &draft), place), FLAVOUR_HIDDEN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        RENDER_TEST(each_kind_of_record_is_its_message),
        RENDER_TEST(a_join_shows_account_and_realname_to_who_asked_for_them),
        RENDER_TEST(a_message_has_the_same_flavour_with_and_without_what_it_does_not_show),
        RENDER_TEST(server_time_stands_in_front_to_the_millisecond),
        RENDER_TEST(a_text_that_just_fits_is_one_line_and_one_byte_more_is_two),
        RENDER_TEST(a_character_is_never_cut_in_two),
        RENDER_TEST(the_longest_message_of_the_longest_names_fits_a_rendering),
        RENDER_TEST(the_longest_event_of_the_longest_names_is_one_line),
        RENDER_TEST(the_longest_topic_fits_the_answers_that_show_it),
        RENDER_TEST(what_is_hidden_from_whom),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
