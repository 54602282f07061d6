/* SPDX-License-Identifier: MIT */
/* front/irc_flavour: which capability shows what to whom, and that what makes no difference to a
 * record makes no second rendering of it. */
#include "front/irc.h"
#include "support/render_rig.h"

#include <stdio.h>

static struct draft draft_of(enum record_kind kind)
{
    return (struct draft){ .kind = kind,
                           .real_ms = 1767322980678,
                           .who = TEXT("ann"),
                           .source = TEXT("~a@host"),
                           .where = TEXT("#tea"),
                           .text = TEXT("text"),
                           .target = TEXT("bob") };
}

struct eyes {
    struct render_rig *f;
    uint32_t row;
    struct reader reader;
};

static struct eyes eyes_of(struct render_rig *f, uint32_t caps)
{
    struct eyes eyes = { .f = f, .row = chat_person(f->chat, FRONT_IRC, "eve") };

    eyes.reader =
        (struct reader){ .exchange = &f->chat->exchange, .front = &front_irc, .row = eyes.row };
    chat_begin(f->chat);
    state_edit_person(&f->chat->base.state, eyes.row)->caps = caps;
    chat_commit(f->chat);
    return eyes;
}

static void ask_for(struct eyes *eyes, uint32_t caps)
{
    chat_begin(eyes->f->chat);
    state_edit_person(&eyes->f->chat->base.state, eyes->row)->caps = caps;
    chat_commit(eyes->f->chat);
}

static uint32_t flavour(struct eyes *eyes, const struct draft *draft, uint32_t membership)
{
    return irc_flavour_of(&eyes->reader, render_rig_record(eyes->f, draft),
                          (struct place){ .membership = membership });
}

static void some_kinds_are_shown_only_to_who_asked_for_them(void **state)
{
    static const struct {
        enum record_kind kind;
        uint32_t cap;
    } rows[] = {
        { RECORD_AWAY, IRC_CAP_AWAY_NOTIFY },
        { RECORD_REALNAME, IRC_CAP_SETNAME },
        { RECORD_HOST, IRC_CAP_CHGHOST },
        { RECORD_ACCOUNT, IRC_CAP_ACCOUNT_NOTIFY },
        { RECORD_TAGGED, IRC_CAP_MESSAGE_TAGS },
        { RECORD_SAID, 0 },
        { RECORD_ACTION, 0 },
        { RECORD_NOTICE, 0 },
        { RECORD_JOINED, 0 },
        { RECORD_LEFT, 0 },
        { RECORD_QUIT, 0 },
        { RECORD_RENAMED, 0 },
        { RECORD_TOPIC, 0 },
        { RECORD_KICKED, 0 },
        { RECORD_MODES, 0 },
        { RECORD_WALLOPS, 0 },
        { RECORD_INVITED, IRC_CAP_INVITE_NOTIFY },
    };
    struct eyes eyes = eyes_of(*state, 0);
    uint32_t room = chat_join(eyes.f->chat, eyes.row, "#tea", 0);
    uint32_t m = members_find(eyes.f->chat->hub, eyes.row, room);

    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct draft draft = draft_of(rows[i].kind);

        ask_for(&eyes, IRC_CAPS_ALL & ~rows[i].cap);
        assert_int_equal(flavour(&eyes, &draft, m) == FLAVOUR_HIDDEN, rows[i].cap != 0);
        ask_for(&eyes, rows[i].cap);
        assert_int_not_equal(flavour(&eyes, &draft, m), FLAVOUR_HIDDEN);
    }
}

/* Whoever is invited sees it in the own box, whatever was asked for. */
static void an_invitation_is_shown_to_the_invited(void **state)
{
    struct eyes eyes = eyes_of(*state, 0);
    struct draft draft = draft_of(RECORD_INVITED);

    assert_int_equal(flavour(&eyes, &draft, 0), IRC_BASE);
}

static void all_capabilities_together_make_one_flavour_of_a_plain_message(void **state)
{
    struct eyes eyes = eyes_of(*state, IRC_CAPS_ALL);
    struct draft draft = draft_of(RECORD_SAID);

    assert_int_equal(flavour(&eyes, &draft, 0), IRC_BASE | IRC_TIMED | IRC_TAGGED);
    ask_for(&eyes, IRC_CAPS_ALL & ~(uint32_t)(IRC_CAP_SERVER_TIME | IRC_CAP_MESSAGE_TAGS));
    assert_int_equal(flavour(&eyes, &draft, 0), IRC_BASE);
    draft.account = TEXT("ann");
    assert_int_equal(flavour(&eyes, &draft, 0), IRC_BASE | IRC_BY_ACCOUNT);
}

static void what_is_for_a_rank_is_shown_to_that_rank_and_to_its_author(void **state)
{
    struct eyes eyes = eyes_of(*state, IRC_CAP_ECHO_MESSAGE);
    struct chat_rig *chat = eyes.f->chat;
    uint32_t room = chat_join(chat, eyes.row, "#tea", 0); /* as its operator */
    uint32_t m = members_find(chat->hub, eyes.row, room);
    struct draft above = draft_of(RECORD_SAID), voiced = draft_of(RECORD_NOTICE);

    above.where = TEXT("@#tea");
    voiced.where = TEXT("+#tea");
    assert_int_not_equal(flavour(&eyes, &above, m), FLAVOUR_HIDDEN);
    assert_int_not_equal(flavour(&eyes, &voiced, m), FLAVOUR_HIDDEN);
    assert_int_equal(irc_view_of(&eyes.reader, m), IRC_BASE | IRC_VOICED | IRC_RUNS_ROOM);
    chat_begin(chat);
    members_set_rank(chat->hub, m, MEMBER_OPERATOR, false);
    members_set_rank(chat->hub, m, MEMBER_VOICE, true);
    chat_commit(chat);
    assert_int_equal(flavour(&eyes, &above, m), FLAVOUR_HIDDEN);
    assert_int_not_equal(flavour(&eyes, &voiced, m), FLAVOUR_HIDDEN);
    assert_int_equal(irc_view_of(&eyes.reader, m), IRC_BASE | IRC_VOICED);
    above.author_id = chat->base.state.wires[eyes.row].id;
    assert_int_not_equal(flavour(&eyes, &above, m), FLAVOUR_HIDDEN);
}

/* With echo-message: the echo, and what arrives. */
static void what_is_said_to_oneself_is_shown_twice_to_who_wants_echoes(void **state)
{
    static const enum record_kind kinds[] = { RECORD_SAID, RECORD_ACTION, RECORD_NOTICE,
                                              RECORD_TAGGED };
    struct eyes eyes = eyes_of(*state, 0);

    for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
        struct draft draft = draft_of(kinds[i]);

        draft.author_id = eyes.f->chat->base.state.wires[eyes.row].id;
        draft.where = draft.who;
        ask_for(&eyes, IRC_CAP_MESSAGE_TAGS);
        assert_int_equal(flavour(&eyes, &draft, 0), IRC_BASE | IRC_TAGGED);
        ask_for(&eyes, IRC_CAP_MESSAGE_TAGS | IRC_CAP_ECHO_MESSAGE);
        assert_int_equal(flavour(&eyes, &draft, 0), IRC_BASE | IRC_TAGGED | IRC_TWICE);
        draft.where = TEXT("bob");
        assert_int_equal(flavour(&eyes, &draft, 0), IRC_BASE | IRC_TAGGED);
        draft.where = draft.who;
        draft.author_id++; /* another of that name, whose words are of before */
        assert_int_equal(flavour(&eyes, &draft, 0), IRC_BASE | IRC_TAGGED);
    }
}

/* ---- tags ---- */

static void tags_stand_in_front_as_the_reader_asked(void **state)
{
    struct render_rig *f = *state;
    struct draft draft = draft_of(RECORD_SAID);
    char expected[256];
    uint64_t number;

    draft.account = TEXT("anna");
    draft.tags = TEXT("+typing=active");
    draft.flags = RECORD_BY_BOT;
    assert_string_equal(render_rig_bytes(f, &front_irc, &draft, IRC_BASE),
                        ":ann!~a@host PRIVMSG #tea :text\r\n");
    assert_string_equal(render_rig_bytes(f, &front_irc, &draft, IRC_BASE | IRC_BY_ACCOUNT),
                        "@account=anna :ann!~a@host PRIVMSG #tea :text\r\n");
    number = f->chat->base.state.header->log.next_number;
    (void)snprintf(expected, sizeof(expected),
                   "@msgid=%llu;bot;+typing=active :ann!~a@host PRIVMSG #tea :text\r\n",
                   (unsigned long long)number);
    assert_string_equal(render_rig_bytes(f, &front_irc, &draft, IRC_BASE | IRC_TAGGED), expected);
    (void)snprintf(expected, sizeof(expected),
                   "@time=2026-01-02T03:03:00.678Z;account=anna;msgid=%llu;bot;+typing=active "
                   ":ann!~a@host PRIVMSG #tea :text\r\n",
                   (unsigned long long)number + 1);
    assert_string_equal(
        render_rig_bytes(f, &front_irc, &draft, IRC_BASE | IRC_TIMED | IRC_TAGGED | IRC_BY_ACCOUNT),
        expected);
}

static void an_account_stands_in_an_extended_join(void **state)
{
    struct render_rig *f = *state;
    struct draft draft = draft_of(RECORD_JOINED);

    draft.account = TEXT("anna");
    assert_string_equal(render_rig_bytes(f, &front_irc, &draft, IRC_BASE | IRC_WHOLE_JOIN),
                        ":ann!~a@host JOIN #tea anna :text\r\n");
}

/* Of the longest names, as ACTION, in several pieces with all tags: there is still room for the
 * answer that somebody is away. */
static void what_is_shown_twice_fits_the_room_of_what_is_said(void **state)
{
    enum { MOST = 600, AWAY_ANSWER = 512 };
    struct render_rig *f = *state;
    struct eyes eyes = eyes_of(f, IRC_CAPS_ALL);
    struct draft draft = draft_of(RECORD_ACTION);
    char tags[MOST];

    memset(tags, 'x', sizeof(tags));
    draft.author_id = f->chat->base.state.wires[eyes.row].id;
    draft.account = TEXT("a23456789-123456789-123456789-");
    draft.source = TEXT("~23456789-123456789-@1111:2222:3333:4444:5555:6666:7777:8888");
    draft.flags = RECORD_BY_BOT;
    draft.who = draft.where = draft.account;
    for (size_t n_tags = 0; n_tags <= MOST; n_tags += 100) {
        draft.tags = (struct text){ tags, n_tags };
        draft.text = render_rig_text(MOST - n_tags, "x");
        assert_true(flavour(&eyes, &draft, 0) & IRC_TWICE);
        assert_true(strlen(render_rig_bytes(f, &front_irc, &draft, flavour(&eyes, &draft, 0))) +
                        AWAY_ANSWER <
                    TALK_ROOM);
        draft.text = render_rig_text(MOST - n_tags + 1, "x");
        assert_false(flavour(&eyes, &draft, 0) & IRC_TWICE);
    }
}

/* 4094 bytes from a client and the longest line stay within a rendering. */
static void the_longest_tags_of_a_client_fit(void **state)
{
    struct render_rig *f = *state;
    struct draft draft = draft_of(RECORD_SAID);
    char tags[RECORD_TAGS_MAX];

    memset(tags, 'x', sizeof(tags));
    draft.tags = (struct text){ tags, sizeof(tags) };
    draft.text = render_rig_text(IRC_LINE_MAX, "x");
    (void)render_rig_bytes(f, &front_irc, &draft,
                           IRC_BASE | IRC_TIMED | IRC_TAGGED | IRC_BY_ACCOUNT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        RENDER_TEST(some_kinds_are_shown_only_to_who_asked_for_them),
        RENDER_TEST(an_invitation_is_shown_to_the_invited),
        RENDER_TEST(all_capabilities_together_make_one_flavour_of_a_plain_message),
        RENDER_TEST(what_is_for_a_rank_is_shown_to_that_rank_and_to_its_author),
        RENDER_TEST(what_is_said_to_oneself_is_shown_twice_to_who_wants_echoes),
        RENDER_TEST(what_is_shown_twice_fits_the_room_of_what_is_said),
        RENDER_TEST(tags_stand_in_front_as_the_reader_asked),
        RENDER_TEST(an_account_stands_in_an_extended_join),
        RENDER_TEST(the_longest_tags_of_a_client_fit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
