/* SPDX-License-Identifier: MIT */
/* front/line_flavour: who of the line front end is shown what, and what is special in it for whom.
 */
#include "front/line.h"
#include "support/render_rig.h"

#include <stdio.h>

static const uint64_t TODAY_MS = 1767322980678; /* 2026-01-02 03:03 */

static struct draft draft_of(enum record_kind kind, const char *text)
{
    return (struct draft){ .kind = kind,
                           .real_ms = TODAY_MS,
                           .who = TEXT("zoe"),
                           .source = TEXT("~a@host"),
                           .where = TEXT("#tea"),
                           .target = TEXT("bob"),
                           .text = text_of(text) };
}

struct view {
    struct reader reader;
    struct place place;
};

static struct view view_of(struct render_rig *f, uint32_t person)
{
    uint32_t m = hub_person(f->chat->hub, person)->first_membership;

    return (struct view){
        .reader = { .exchange = &f->chat->exchange, .front = &front_line, .row = person },
        .place = { .membership = m,
                   .ordinal = m == 0 ? 0 : hub_membership(f->chat->hub, m)->joined },
    };
}

static uint32_t flavour_of(struct render_rig *f, const struct view *view, struct draft *draft)
{
    return line_flavour_of(&view->reader, render_rig_record(f, draft), view->place);
}

static void ones_own_words_are_not_echoed_but_ones_comings_are_told(void **state)
{
    struct render_rig *f = *state;
    uint32_t ann = chat_person(f->chat, FRONT_LINE, "ann");
    struct draft draft = draft_of(RECORD_SAID, "x");
    struct view view;

    (void)chat_join(f->chat, ann, "#tea", 0);
    view = view_of(f, ann);
    assert_int_equal(flavour_of(f, &view, &draft), LINE_BASE);
    draft.author_id = f->chat->base.state.wires[ann].id;
    assert_int_equal(flavour_of(f, &view, &draft), FLAVOUR_HIDDEN);
    draft.kind = RECORD_JOINED; /* the first one, who runs the room */
    assert_int_equal(flavour_of(f, &view, &draft), LINE_BASE | LINE_OWN | LINE_RUNS_ROOM);
    draft.kind = RECORD_QUIT;
    assert_int_equal(flavour_of(f, &view, &draft), FLAVOUR_HIDDEN);
    (void)chat_join(f->chat, ann, "#other", 0);
    draft = draft_of(RECORD_SAID, "x");
    assert_int_equal(flavour_of(f, &view, &draft), LINE_BASE | LINE_OTHER_ROOM);
}

/* The others' are meant; one's own are always shown. */
static void in_a_crowd_nobody_is_told_who_comes_goes_and_is_away(void **state)
{
    static const struct {
        enum record_kind kind;
        bool is_shown;
    } rows[] = { { RECORD_JOINED, false }, { RECORD_LEFT, false },   { RECORD_QUIT, false },
                 { RECORD_AWAY, false },   { RECORD_RENAMED, true }, { RECORD_TOPIC, true },
                 { RECORD_SAID, true } };
    struct render_rig *f = *state;
    uint32_t ann = chat_person(f->chat, FRONT_LINE, "ann");
    struct view view;

    (void)chat_join(f->chat, ann, "#tea", 0);
    view = view_of(f, ann);
    for (size_t n = 1; n <= LINE_QUIET_ABOVE; n++) {
        char nick[NAME_SIZE];

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
            struct draft draft = draft_of(rows[i].kind, "x");

            assert_int_equal(flavour_of(f, &view, &draft), LINE_BASE);
        }
        (void)snprintf(nick, sizeof(nick), "p%zu", n);
        (void)chat_join(f->chat, chat_person(f->chat, FRONT_LINE, nick), "#tea", 0);
    }
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct draft draft = draft_of(rows[i].kind, "x");

        assert_int_equal(flavour_of(f, &view, &draft),
                         rows[i].is_shown ? (uint32_t)LINE_BASE : (uint32_t)FLAVOUR_HIDDEN);
    }
}

static void history_is_what_was_said_and_nothing_else(void **state)
{
    static const struct {
        enum record_kind kind;
        bool is_shown;
    } rows[] = { { RECORD_SAID, true },    { RECORD_ACTION, true },   { RECORD_NOTICE, true },
                 { RECORD_JOINED, false }, { RECORD_LEFT, false },    { RECORD_QUIT, false },
                 { RECORD_TOPIC, false },  { RECORD_RENAMED, false }, { RECORD_AWAY, false } };
    struct render_rig *f = *state;
    uint32_t ann = chat_person(f->chat, FRONT_LINE, "ann");
    uint32_t bob = chat_person(f->chat, FRONT_LINE, "bob");
    struct view view;

    chat_say(f->chat, bob, chat_join(f->chat, bob, "#tea", 0), "x");
    (void)chat_join(f->chat, ann, "#tea", 0);
    view = view_of(f, ann);
    view.place.membership = hub_person(f->chat->hub, ann)->last_membership;
    view.place.ordinal = 1;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct draft draft = draft_of(rows[i].kind, "x");

        assert_int_equal(flavour_of(f, &view, &draft),
                         rows[i].is_shown ? LINE_BASE | LINE_EARLIER : FLAVOUR_HIDDEN);
    }
}

static void what_programs_say_to_each_other_is_hidden(void **state)
{
    struct render_rig *f = *state;
    uint32_t ann = chat_person(f->chat, FRONT_LINE, "ann");
    struct view view = view_of(f, ann);
    struct draft draft = draft_of(RECORD_SAID, "\x01"
                                               "VERSION\x01");

    assert_int_equal(flavour_of(f, &view, &draft), FLAVOUR_HIDDEN);
    draft.kind = RECORD_NOTICE;
    assert_int_equal(flavour_of(f, &view, &draft), FLAVOUR_HIDDEN);
    draft.text = TEXT("VERSION\x01");
    assert_int_equal(flavour_of(f, &view, &draft), LINE_BASE);
}

static void what_only_programs_use_is_hidden(void **state)
{
    static const enum record_kind kinds[] = { RECORD_REALNAME, RECORD_HOST, RECORD_ACCOUNT,
                                              RECORD_TAGGED };
    struct render_rig *f = *state;
    uint32_t ann = chat_person(f->chat, FRONT_LINE, "ann");
    struct view box = view_of(f, ann), view;

    (void)chat_join(f->chat, ann, "#tea", 0);
    view = view_of(f, ann);
    for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
        struct draft draft = draft_of(kinds[i], "x");

        assert_int_equal(flavour_of(f, &view, &draft), FLAVOUR_HIDDEN);
        draft.author_id = f->chat->base.state.wires[ann].id;
        assert_int_equal(flavour_of(f, &view, &draft), FLAVOUR_HIDDEN);
        assert_int_equal(flavour_of(f, &box, &draft), FLAVOUR_HIDDEN);
    }
}

static void set_rank(struct render_rig *f, uint32_t membership, uint32_t flag, bool is_on)
{
    chat_begin(f->chat);
    members_set_rank(f->chat->hub, membership, flag, is_on);
    chat_commit(f->chat);
}

/* The second member of #tea, without a rank. */
static struct view second_of_tea(struct render_rig *f, uint32_t *out_person)
{
    (void)chat_join(f->chat, chat_person(f->chat, FRONT_LINE, "ann"), "#tea", 0);
    *out_person = chat_person(f->chat, FRONT_LINE, "bob");
    (void)chat_join(f->chat, *out_person, "#tea", 0);
    return view_of(f, *out_person);
}

static void what_is_said_to_a_rank_is_shown_to_those_who_have_it(void **state)
{
    static const struct {
        uint32_t rank;
        bool sees_operators, sees_voiced;
    } rows[] = { { 0, false, false },
                 { MEMBER_VOICE, false, true },
                 { MEMBER_OPERATOR, true, true },
                 { MEMBER_OPERATOR | MEMBER_VOICE, true, true } };
    struct render_rig *f = *state;
    uint32_t bob;
    struct view view = second_of_tea(f, &bob);

    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct draft draft = draft_of(RECORD_SAID, "x");

        set_rank(f, view.place.membership, MEMBER_OPERATOR | MEMBER_VOICE, false);
        set_rank(f, view.place.membership, rows[i].rank, true);
        draft.where = TEXT("@#tea");
        assert_int_equal(flavour_of(f, &view, &draft) != FLAVOUR_HIDDEN, rows[i].sees_operators);
        draft.where = TEXT("+#tea");
        assert_int_equal(flavour_of(f, &view, &draft) != FLAVOUR_HIDDEN, rows[i].sees_voiced);
        draft.where = TEXT("#tea"); /* the same bytes for all ranks */
        assert_int_equal(flavour_of(f, &view, &draft), LINE_BASE);
    }
}

/* Runs of records are shared by those of one view. */
static void the_view_tells_ranks_apart(void **state)
{
    struct render_rig *f = *state;
    uint32_t bob;
    struct view view = second_of_tea(f, &bob);
    uint32_t m = view.place.membership, plain = line_view_of(&view.reader, m), voiced;

    set_rank(f, m, MEMBER_VOICE, true);
    voiced = line_view_of(&view.reader, m);
    assert_int_not_equal(plain, voiced);
    set_rank(f, m, MEMBER_OPERATOR, true);
    assert_int_not_equal(line_view_of(&view.reader, m), voiced);
    assert_int_not_equal(line_view_of(&view.reader, m), plain);
}

static void history_has_nothing_that_was_said_to_a_higher_rank(void **state)
{
    struct render_rig *f = *state;
    struct draft draft = draft_of(RECORD_SAID, "x");
    uint32_t bob;
    struct view view = second_of_tea(f, &bob);

    view.place.ordinal = 0;
    draft.where = TEXT("@#tea");
    assert_int_equal(flavour_of(f, &view, &draft), FLAVOUR_HIDDEN);
    draft.author_id = f->chat->base.state.wires[bob].id;
    assert_int_equal(flavour_of(f, &view, &draft), LINE_BASE | LINE_OWN | LINE_EARLIER);
}

static void ranks_given_to_the_reader_are_its_own(void **state)
{
    struct render_rig *f = *state;
    uint32_t bob;
    struct view view = second_of_tea(f, &bob);
    struct draft draft = draft_of(RECORD_MODES, "+ov-mo ann BOB bob");

    assert_int_equal(flavour_of(f, &view, &draft), LINE_BASE | 10 << LINE_DETAIL_SHIFT);
    draft.text = TEXT("+b-k bob bob");
    assert_int_equal(flavour_of(f, &view, &draft), LINE_BASE);
}

static void who_is_thrown_out_is_known_by_the_membership(void **state)
{
    struct render_rig *f = *state;
    struct chat_rig *chat = f->chat;
    struct draft draft = draft_of(RECORD_KICKED, "");
    uint32_t bob, other, ann;
    struct view view = second_of_tea(f, &bob);
    struct kick kick = { .reason = TEXT_NONE };

    assert_int_equal(flavour_of(f, &view, &draft), LINE_BASE); /* another bob */
    other = chat_join(chat, bob, "#other", 0);
    ann = people_find(chat->hub, TEXT("ann"));
    chat_begin(chat);
    kick.room = rooms_find(chat->hub, TEXT("#tea"));
    kick.target = bob;
    assert_int_equal(rooms_kick(chat->hub, ann, &kick, chat->exchange.now), 0);
    chat_commit(chat);
    view.place.ordinal = hub_membership(chat->hub, view.place.membership)->until - 1;
    assert_int_equal(flavour_of(f, &view, &draft),
                     LINE_BASE | LINE_TARGET | other << LINE_DETAIL_SHIFT);
    view.place.ordinal--;
    assert_int_equal(flavour_of(f, &view, &draft), LINE_BASE);
}

static void an_invitation_in_the_own_box_is_for_oneself(void **state)
{
    struct render_rig *f = *state;
    struct draft draft = draft_of(RECORD_INVITED, "");
    uint32_t bob;
    struct view view = second_of_tea(f, &bob);

    assert_int_equal(flavour_of(f, &view, &draft), LINE_BASE);
    view.place = (struct place){ 0 };
    assert_int_equal(flavour_of(f, &view, &draft), LINE_BASE | LINE_TARGET);
}

/* The first one is its operator. */
static void who_makes_a_room_is_told_that_it_runs_it(void **state)
{
    struct render_rig *f = *state;
    struct draft draft = draft_of(RECORD_JOINED, "");
    uint32_t bob;
    struct view view = second_of_tea(f, &bob);

    draft.author_id = f->chat->base.state.wires[bob].id;
    assert_int_equal(flavour_of(f, &view, &draft), LINE_BASE | LINE_OWN);
    view = view_of(f, people_find(f->chat->hub, TEXT("ann")));
    draft.author_id = f->chat->base.state.wires[view.reader.row].id;
    assert_int_equal(flavour_of(f, &view, &draft), LINE_BASE | LINE_OWN | LINE_RUNS_ROOM);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        RENDER_TEST(ones_own_words_are_not_echoed_but_ones_comings_are_told),
        RENDER_TEST(in_a_crowd_nobody_is_told_who_comes_goes_and_is_away),
        RENDER_TEST(history_is_what_was_said_and_nothing_else),
        RENDER_TEST(what_programs_say_to_each_other_is_hidden),
        RENDER_TEST(what_only_programs_use_is_hidden),
        RENDER_TEST(what_is_said_to_a_rank_is_shown_to_those_who_have_it),
        RENDER_TEST(the_view_tells_ranks_apart),
        RENDER_TEST(history_has_nothing_that_was_said_to_a_higher_rank),
        RENDER_TEST(ranks_given_to_the_reader_are_its_own),
        RENDER_TEST(who_is_thrown_out_is_known_by_the_membership),
        RENDER_TEST(an_invitation_in_the_own_box_is_for_oneself),
        RENDER_TEST(who_makes_a_room_is_told_that_it_runs_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
