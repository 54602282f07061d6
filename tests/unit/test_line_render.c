/* SPDX-License-Identifier: MIT */
/* front/line_render: records as a dumb terminal shows them: one line each, and no byte that could
 * do harm there. */
#include "front/line.h"
#include "lib/utf8.h"
#include "support/render_rig.h"

#include <stdio.h>

static const uint64_t TODAY_MS = 1767322980678; /* 2026-01-02 03:03 */
static const uint64_t DAY_MS = 86400000;

static struct draft draft_of(enum record_kind kind, const char *text)
{
    return (struct draft){ .kind = kind,
                           .real_ms = TODAY_MS,
                           .who = TEXT("ann"),
                           .source = TEXT("~a@host"),
                           .where = TEXT("#tea"),
                           .text = text_of(text) };
}

struct shown {
    enum record_kind kind;
    uint32_t flavour;
    const char *text, *line;
};

/* clang-format off */
static const struct shown shown[] = {
    { RECORD_SAID,    0,               "hello",   "03:03 <ann> hello\r\n" },
    { RECORD_SAID,    LINE_OTHER_ROOM, "hello",   "03:03 #tea <ann> hello\r\n" },
    { RECORD_SAID,    LINE_EARLIER,    "hello",   "earlier 03:03 <ann> hello\r\n" },
    { RECORD_ACTION,  0,               "waves",   "03:03 * ann waves\r\n" },
    { RECORD_ACTION,  LINE_OTHER_ROOM, "waves",   "03:03 #tea * ann waves\r\n" },
    { RECORD_NOTICE,  0,               "psst",    "03:03 -ann- psst\r\n" },
    { RECORD_JOINED,  0,               "",        "03:03 -- ann has joined #tea\r\n" },
    { RECORD_JOINED,  LINE_OWN,        "",        "03:03 -- you have joined #tea\r\n" },
    { RECORD_LEFT,    0,               "",        "03:03 -- ann has left #tea\r\n" },
    { RECORD_LEFT,    LINE_OWN,        "why",     "03:03 -- you have left #tea (why)\r\n" },
    { RECORD_QUIT,    0,               "",        "03:03 -- ann has quit\r\n" },
    { RECORD_QUIT,    0,               "why",     "03:03 -- ann has quit (why)\r\n" },
    { RECORD_RENAMED, 0,               "bob",     "03:03 -- ann is now known as bob\r\n" },
    { RECORD_RENAMED, LINE_OWN,        "bob",     "03:03 -- you are now known as bob\r\n" },
    { RECORD_TOPIC,   0,               "green",   "03:03 -- ann set the topic of #tea: green\r\n" },
    { RECORD_TOPIC,   LINE_OWN,        "",        "03:03 -- you cleared the topic of #tea\r\n" },
    { RECORD_AWAY,    0,               "eating",  "03:03 -- ann is away (eating)\r\n" },
    { RECORD_AWAY,    LINE_OWN,        "",        "03:03 -- you are back\r\n" },
    { RECORD_SAID,    0,  "\x02" "bold\x03" "4,5red\x0F\x01", "03:03 <ann> boldred\r\n" },
    { RECORD_TOPIC,   0,  "\x1Fgreen",            "03:03 -- ann set the topic of #tea: green\r\n" },
    { RECORD_QUIT,    0,  "\x16why\x0F",          "03:03 -- ann has quit (why)\r\n" },
};
/* clang-format on */

static void each_kind_of_record_is_a_line(void **state)
{
    struct render_rig *f = *state;

    for (size_t i = 0; i < ARRAY_SIZE(shown); i++) {
        struct draft draft = draft_of(shown[i].kind, shown[i].text);

        assert_string_equal(render_rig_bytes(f, &front_line, &draft, LINE_BASE | shown[i].flavour),
                            shown[i].line);
    }
}

static void a_private_message_says_from_whom_to_whom(void **state)
{
    struct render_rig *f = *state;
    struct draft draft = draft_of(RECORD_SAID, "psst");

    draft.where = TEXT("bob");
    assert_string_equal(render_rig_bytes(f, &front_line, &draft, LINE_BASE),
                        "03:03 [ann -> you] psst\r\n");
    assert_string_equal(render_rig_bytes(f, &front_line, &draft, LINE_BASE | LINE_OWN),
                        "03:03 [you -> bob] psst\r\n");
    draft.kind = RECORD_ACTION;
    assert_string_equal(render_rig_bytes(f, &front_line, &draft, LINE_BASE),
                        "03:03 [ann -> you] * ann psst\r\n");
}

static void what_was_said_on_another_day_shows_the_day(void **state)
{
    struct render_rig *f = *state;
    struct draft draft = draft_of(RECORD_SAID, "x");

    f->chat->exchange.now.real_ms = TODAY_MS + DAY_MS;
    assert_string_equal(render_rig_bytes(f, &front_line, &draft, LINE_BASE),
                        "Jan  2 03:03 <ann> x\r\n");
    f->chat->exchange.now.real_ms = TODAY_MS + 365 * DAY_MS; /* the same day of another year */
    assert_string_equal(render_rig_bytes(f, &front_line, &draft, LINE_BASE),
                        "Jan  2 03:03 <ann> x\r\n");
}

/* What IRC lets through in a text must not reach a terminal. */
static void no_control_byte_reaches_the_terminal(void **state)
{
    struct render_rig *f = *state;
    char all[32];
    static const enum record_kind kinds[] = { RECORD_SAID, RECORD_ACTION, RECORD_NOTICE,
                                              RECORD_LEFT, RECORD_QUIT,   RECORD_TOPIC,
                                              RECORD_AWAY };

    for (size_t i = 0; i < sizeof(all); i++) {
        all[i] = (char)(i + 1 == 32 ? 0x7f : i + 1);
    }
    for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
        struct draft draft = draft_of(kinds[i], "");
        const char *bytes;

        draft.text = (struct text){ all, sizeof(all) };
        bytes = render_rig_bytes(f, &front_line, &draft, LINE_BASE);
        assert_true(utf8_is_clean((struct text){ bytes, strlen(bytes) - 2 }, UTF8_KEEP_NONE));
    }
}

static void the_longest_message_fits_a_rendering_and_loses_nothing(void **state)
{
    struct render_rig *f = *state;
    struct draft draft = { .kind = RECORD_SAID,
                           .real_ms = TODAY_MS - DAY_MS,
                           .who = TEXT("n23456789-123456789-123456789-"),
                           .where = TEXT("#23456789-123456789-123456789-123456789-123456789-"),
                           .text = render_rig_text(RECORD_TEXT_MAX, "\xE2\x82\xAC") };
    const char *bytes =
        render_rig_bytes(f, &front_line, &draft, LINE_BASE | LINE_OTHER_ROOM | LINE_EARLIER);

    assert_non_null(strstr(bytes, "> \xE2\x82\xAC"));
    assert_true(strlen(bytes) > draft.text.len);
    assert_true(strlen(bytes) < draft.text.len + 128);
}

/* ---- who sees what ---- */

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
    draft.kind = RECORD_JOINED;
    assert_int_equal(flavour_of(f, &view, &draft), LINE_BASE | LINE_OWN);
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
    struct view view;

    chat_say(f->chat, ann, chat_join(f->chat, ann, "#tea", 0), "x");
    chat_leave(f->chat, ann, rooms_find(f->chat->hub, TEXT("#tea")));
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        RENDER_TEST(each_kind_of_record_is_a_line),
        RENDER_TEST(a_private_message_says_from_whom_to_whom),
        RENDER_TEST(what_was_said_on_another_day_shows_the_day),
        RENDER_TEST(no_control_byte_reaches_the_terminal),
        RENDER_TEST(the_longest_message_fits_a_rendering_and_loses_nothing),
        RENDER_TEST(ones_own_words_are_not_echoed_but_ones_comings_are_told),
        RENDER_TEST(in_a_crowd_nobody_is_told_who_comes_goes_and_is_away),
        RENDER_TEST(history_is_what_was_said_and_nothing_else),
        RENDER_TEST(what_programs_say_to_each_other_is_hidden),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
