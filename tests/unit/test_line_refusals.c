/* SPDX-License-Identifier: MIT */
/* front/line_refusals: every outcome of the hub has words, and they name what they are about. */
#include "front/line.h"
#include "support/chat_rig.h"

/* What this person is told. */
static const char *refuse(struct chat_rig *rig, uint32_t person, int outcome, struct text what)
{
    struct reader reader;

    chat_open_reader(rig, person, &reader);
    line_refuse(&reader, outcome, what);
    return chat_close_reader(rig, &reader);
}

static void every_outcome_has_words(void **state)
{
    struct chat_rig *rig = *state;
    uint32_t ann = chat_person(rig, FRONT_LINE, "ann");

    for (int outcome = 1; outcome < CHAT_OUTCOMES; outcome++) {
        const char *words = refuse(rig, ann, outcome, TEXT("#tea"));

        assert_memory_equal(words, "-- ", 3);
        assert_true(strlen(words) > 20);
        assert_null(strstr(words, "null"));
        assert_ptr_equal(strchr(words, '\n'), words + strlen(words) - 1);
    }
}

/* Somebody's endless word does not come back whole, nor cut inside a character. */
static void what_was_named_is_cut(void **state)
{
    struct chat_rig *rig = *state;
    char word[300];

    memset(word, 'x', sizeof(word));
    memcpy(word + ROOM_NAME_MAX - 1, "\xC3\xA9", 2);
    for (int outcome = 1; outcome < CHAT_OUTCOMES; outcome++) {
        const char *words = refuse(rig, chat_connect(rig, FRONT_LINE), outcome,
                                   (struct text){ word, sizeof(word) });

        assert_true(strlen(words) < 200);
        assert_null(strchr(words, '\xC3'));
    }
}

static void the_words_speak_of_the_room_or_of_what_was_named(void **state)
{
    static const struct {
        int outcome;
        const char *words;
    } rows[] = {
        { CHAT_NOT_OPERATOR, "-- only operators of #tea may do that; /who shows who they are\r\n" },
        { CHAT_NO_PERSON, "-- nobody is called bob\r\n" },
        { CHAT_TARGET_ABSENT, "-- bob is not in that room\r\n" },
        { CHAT_MODERATED,
          "-- nobody heard that: #tea is moderated, and you have no voice in it\r\n" },
        { CHAT_LIST_FULL, "-- that list is full; take something off it first\r\n" },
    };
    struct chat_rig *rig = *state;
    uint32_t ann = chat_person(rig, FRONT_LINE, "ann"), room = chat_join(rig, ann, "#tea", 0);

    (void)chat_hear(rig, ann);
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct reader reader;

        chat_open_reader(rig, ann, &reader);
        line_refuse_in(&reader, rows[i].outcome, room, TEXT("bob"));
        assert_string_equal(chat_close_reader(rig, &reader), rows[i].words);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CHAT_TEST(every_outcome_has_words),
        CHAT_TEST(what_was_named_is_cut),
        CHAT_TEST(the_words_speak_of_the_room_or_of_what_was_named),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
