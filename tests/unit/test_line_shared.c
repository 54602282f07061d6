/* SPDX-License-Identifier: MIT */
/* front/line: what one reader was shown is kept for the others of its view, but nobody is shown the
 * words that are for somebody else. */
#include "chat/modes.h"
#include "support/chat_rig.h"

struct trio {
    struct chat_rig *chat;
    uint32_t ann, bob, cat, room;
};

/* All are in #tea, which ann runs, and have heard all; then the round is another one. */
static struct trio trio_in_tea(struct chat_rig *chat)
{
    struct trio trio = { .chat = chat,
                         .ann = chat_person(chat, FRONT_LINE, "ann"),
                         .bob = chat_person(chat, FRONT_LINE, "bob"),
                         .cat = chat_person(chat, FRONT_LINE, "cat") };

    trio.room = chat_join(chat, trio.ann, "#tea", 0);
    (void)chat_join(chat, trio.bob, "#tea", 0);
    (void)chat_join(chat, trio.cat, "#tea", 0);
    (void)chat_hear(chat, trio.ann);
    (void)chat_hear(chat, trio.bob);
    (void)chat_hear(chat, trio.cat);
    renderings_reset(&chat->exchange.renderings);
    return trio;
}

static void trio_set(const struct trio *trio, char letter, const char *nick)
{
    struct modes_change change;

    chat_begin(trio->chat);
    modes_begin(&change, trio->chat->hub, trio->ann, trio->room, trio->chat->exchange.now);
    assert_int_equal(modes_set(&change, letter, true, text_of(nick)), 0);
    modes_end(&change);
    chat_commit(trio->chat);
}

/* Whoever pulls first: what one reader is shown is kept for the others of its view. */
static void a_rank_is_told_in_other_words_to_who_gets_it(void **state)
{
    static const char told[] = "03:03 -- bob has a voice in #tea (by ann)\r\n";
    static const char you[] = "03:03 -- you have a voice in #tea (by ann)\r\n";
    struct trio trio = trio_in_tea(*state);

    trio_set(&trio, 'v', "bob");
    assert_string_equal(chat_hear(trio.chat, trio.cat), told);
    assert_string_equal(chat_hear(trio.chat, trio.bob), you);
    trio_set(&trio, 'v', "cat");
    assert_string_equal(chat_hear(trio.chat, trio.cat),
                        "03:03 -- you have a voice in #tea (by ann)\r\n");
    assert_string_equal(chat_hear(trio.chat, trio.bob),
                        "03:03 -- cat has a voice in #tea (by ann)\r\n");
    assert_string_equal(chat_hear(trio.chat, trio.ann),
                        "03:03 -- bob has a voice in #tea (by you)\r\n"
                        "03:03 -- cat has a voice in #tea (by you)\r\n");
}

static void being_thrown_out_is_told_in_other_words_to_who_is(void **state)
{
    struct trio trio = trio_in_tea(*state);
    struct chat_rig *chat = trio.chat;
    const struct kick kick = { .room = trio.room, .target = trio.bob, .reason = TEXT("noise") };

    chat_begin(chat);
    assert_int_equal(rooms_kick(chat->hub, trio.ann, &kick, chat->exchange.now), 0);
    chat_commit(chat);
    assert_string_equal(chat_hear(chat, trio.cat),
                        "03:03 -- ann has thrown bob out of #tea (noise)\r\n");
    assert_string_equal(chat_hear(chat, trio.bob),
                        "03:03 -- ann has thrown you out of #tea (noise)\r\n"
                        "-- you are in no room now; /join #lobby\r\n");
}

static void what_operators_hear_is_not_kept_for_others(void **state)
{
    struct trio trio = trio_in_tea(*state);
    struct chat_rig *chat = trio.chat;
    struct utterance said = { .kind = RECORD_SAID, .text = TEXT("psst"), .least = MEMBER_OPERATOR };

    trio_set(&trio, 'o', "bob");
    (void)chat_hear(chat, trio.ann);
    (void)chat_hear(chat, trio.bob);
    (void)chat_hear(chat, trio.cat);
    chat_begin(chat);
    assert_int_equal(talk_in_room(chat->hub, trio.ann, trio.room, &said, chat->exchange.now), 0);
    chat_commit(chat);
    chat_say(chat, trio.ann, trio.room, "for all");
    assert_string_equal(chat_hear(chat, trio.bob),
                        "03:03 @#tea <ann> psst\r\n03:03 <ann> for all\r\n");
    assert_string_equal(chat_hear(chat, trio.cat), "03:03 <ann> for all\r\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CHAT_TEST(a_rank_is_told_in_other_words_to_who_gets_it),
        CHAT_TEST(being_thrown_out_is_told_in_other_words_to_who_is),
        CHAT_TEST(what_operators_hear_is_not_kept_for_others),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
