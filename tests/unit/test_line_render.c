/* SPDX-License-Identifier: MIT */
/* front/line_render: records as a dumb terminal shows them: one line each, and no byte that could
 * do harm there. */
#include "front/line.h"
#include "lib/utf8.h"
#include "support/render_rig.h"

static const uint64_t TODAY_MS = 1767322980678; /* 2026-01-02 03:03 */
static const uint64_t DAY_MS = 86400000;

static struct draft draft_of(enum record_kind kind, const char *text)
{
    return (struct draft){ .kind = kind,
                           .real_ms = TODAY_MS,
                           .who = TEXT("ann"),
                           .source = TEXT("~a@host"),
                           .where = TEXT("#tea"),
                           .target = TEXT("bob"),
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
    { RECORD_JOINED,  LINE_OWN | LINE_RUNS_ROOM, "", "03:03 -- you have joined #tea, and are its operator\r\n" },
    { RECORD_KICKED,  0,               "",        "03:03 -- ann has thrown bob out of #tea\r\n" },
    { RECORD_KICKED,  0,               "noisy",   "03:03 -- ann has thrown bob out of #tea (noisy)\r\n" },
    { RECORD_KICKED,  LINE_OWN,        "noisy",   "03:03 -- you have thrown bob out of #tea (noisy)\r\n" },
    { RECORD_KICKED,  LINE_TARGET,     "noisy",   "03:03 -- ann has thrown you out of #tea (noisy)\r\n"
                                                  "-- you are in no room now; /join #lobby\r\n" },
    { RECORD_KICKED,  LINE_OWN | LINE_TARGET, "", "03:03 -- you have thrown yourself out of #tea\r\n"
                                                  "-- you are in no room now; /join #lobby\r\n" },
    { RECORD_MODES,   0,               "+o-m bob", "03:03 -- bob is an operator of #tea; #tea is no longer moderated (by ann)\r\n" },
    { RECORD_MODES,   LINE_OWN,        "+b *!*@h", "03:03 -- #tea bans *!*@h (by you)\r\n" },
    { RECORD_INVITED, 0,               "",        "03:03 -- ann has invited bob to #tea\r\n" },
    { RECORD_INVITED, LINE_OWN,        "",        "03:03 -- you have invited bob to #tea\r\n" },
    { RECORD_INVITED, LINE_TARGET,     "",        "03:03 -- ann invites you to #tea; /join #tea\r\n" },
    { RECORD_INVITED, LINE_OWN | LINE_TARGET, "", "03:03 -- you have invited yourself to #tea\r\n" },
    { RECORD_WALLOPS, 0,               "fire",    "03:03 -- to operators, from ann: fire\r\n" },
    { RECORD_WALLOPS, LINE_OWN,        "fire",    "03:03 -- to operators, from you: fire\r\n" },
    { RECORD_KICKED,  0,  "\x02" "noisy\x0F",     "03:03 -- ann has thrown bob out of #tea (noisy)\r\n" },
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

static void what_is_said_to_a_rank_or_from_outside_says_so(void **state)
{
    struct render_rig *f = *state;
    struct draft draft = draft_of(RECORD_SAID, "psst");

    assert_string_equal(render_rig_bytes(f, &front_line, &draft, LINE_BASE | LINE_OWN),
                        "03:03 [you -> #tea] psst\r\n"); /* from outside, in the own box */
    assert_string_equal(
        render_rig_bytes(f, &front_line, &draft, LINE_BASE | LINE_OWN | LINE_EARLIER),
        "earlier 03:03 <ann> psst\r\n");
    draft.where = TEXT("@#tea");
    assert_string_equal(render_rig_bytes(f, &front_line, &draft, LINE_BASE),
                        "03:03 @#tea <ann> psst\r\n");
    assert_string_equal(render_rig_bytes(f, &front_line, &draft, LINE_BASE | LINE_OTHER_ROOM),
                        "03:03 @#tea <ann> psst\r\n");
    draft.where = TEXT("+#tea");
    draft.kind = RECORD_ACTION;
    assert_string_equal(render_rig_bytes(f, &front_line, &draft, LINE_BASE),
                        "03:03 +#tea * ann psst\r\n");
}

static void who_is_thrown_out_is_told_where_plain_lines_go(void **state)
{
    struct render_rig *f = *state;
    uint32_t ann = chat_person(f->chat, FRONT_LINE, "ann");
    uint32_t room = chat_join(f->chat, ann, "#other", 0);
    struct draft draft = draft_of(RECORD_KICKED, "");

    assert_string_equal(render_rig_bytes(f, &front_line, &draft,
                                         LINE_BASE | LINE_TARGET | room << LINE_DETAIL_SHIFT),
                        "03:03 -- ann has thrown you out of #tea\r\n"
                        "-- what you type now goes to #other\r\n");
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
                                              RECORD_AWAY, RECORD_KICKED, RECORD_WALLOPS };

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        RENDER_TEST(each_kind_of_record_is_a_line),
        RENDER_TEST(a_private_message_says_from_whom_to_whom),
        RENDER_TEST(what_is_said_to_a_rank_or_from_outside_says_so),
        RENDER_TEST(who_is_thrown_out_is_told_where_plain_lines_go),
        RENDER_TEST(what_was_said_on_another_day_shows_the_day),
        RENDER_TEST(no_control_byte_reaches_the_terminal),
        RENDER_TEST(the_longest_message_fits_a_rendering_and_loses_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
