/* SPDX-License-Identifier: MIT */
/* store/reader, search: words are found in any language, at any length and in any case, though the
 * index knows but three characters at a time, and not where they stand. */
#include "lib/utf8.h"
#include "support/archive_rig.h"

static void words_are_found_anywhere_in_any_case_and_order(void **state)
{
    struct archive_rig *rig = *state;

    (void)archive_rig_say(rig, rig->lobby, "The build is green");
    (void)archive_rig_say(rig, rig->tea, "greenish, rebuilding");
    (void)archive_rig_say(rig, rig->tea, "nothing");
    assert_string_equal(archive_rig_search_rooms(rig, "GREEN build"),
                        "1:The build is green 2:greenish, rebuilding");
    assert_string_equal(archive_rig_search_rooms(rig, "green the"), "1:The build is green");
    assert_string_equal(archive_rig_search_rooms(rig, "blue"), "");
    /* nobody and nothing in particular: all of it */
    assert_string_equal(archive_rig_search_rooms(rig, "  "),
                        "1:The build is green 2:greenish, rebuilding 3:nothing");
}

/* The index knows three characters at a time, and not where they stand. */
static void the_characters_of_a_word_stand_in_its_order(void **state)
{
    static const char *const words[] = { "bcd", "abcd", "abcde", "bcdef", "abcdef", "abcdefg" };
    struct archive_rig *rig = *state;

    (void)archive_rig_say(rig, rig->lobby, "xabcdefgx");
    (void)archive_rig_say(rig, rig->lobby, "defg, abcd, bcde and cdef");
    for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
        bool is_in_both = strlen(words[i]) <= strlen("abcd");

        assert_string_equal(archive_rig_search_rooms(rig, words[i]),
                            is_in_both ? "1:xabcdefgx 2:defg, abcd, bcde and cdef" : "1:xabcdefgx");
    }
    assert_string_equal(archive_rig_search_rooms(rig, "abcdefh"), "");
    assert_string_equal(archive_rig_search_rooms(rig, "今日は"), "");
}

static void letters_have_cases_in_all_languages(void **state)
{
    struct archive_rig *rig = *state;

    (void)archive_rig_say(rig, rig->lobby, "ÄH, viel Ärger");
    (void)archive_rig_say(rig, rig->lobby, "Как дела, Москва");
    assert_string_equal(archive_rig_search_rooms(rig, "äh"), "1:ÄH, viel Ärger");
    assert_string_equal(archive_rig_search_rooms(rig, "äRGER"), "1:ÄH, viel Ärger");
    assert_string_equal(archive_rig_search_rooms(rig, "МОСКВА"), "2:Как дела, Москва");
    assert_string_equal(archive_rig_search_rooms(rig, "КА ва"), "2:Как дела, Москва");
    assert_string_equal(archive_rig_search_rooms(rig, "arger"), "");
}

static void japanese_and_chinese_are_found_by_words_of_any_length(void **state)
{
    struct archive_rig *rig = *state;

    (void)archive_rig_say(rig, rig->lobby, "今日は日本語で話しましょう");
    (void)archive_rig_say(rig, rig->lobby, "我们明天在北京见面");
    assert_string_equal(archive_rig_search_rooms(rig, "日本語"), "1:今日は日本語で話しましょう");
    assert_string_equal(archive_rig_search_rooms(rig, "日本"), "1:今日は日本語で話しましょう");
    assert_string_equal(archive_rig_search_rooms(rig, "日"), "1:今日は日本語で話しましょう");
    assert_string_equal(archive_rig_search_rooms(rig, "北京"), "2:我们明天在北京见面");
    assert_string_equal(archive_rig_search_rooms(rig, "本日"), "");
    assert_string_equal(archive_rig_search_rooms(rig, "ましょう 今日"),
                        "1:今日は日本語で話しましょう");
}

static void short_words_count_beside_long_ones(void **state)
{
    struct archive_rig *rig = *state;

    (void)archive_rig_say(rig, rig->lobby, "go to the house");
    (void)archive_rig_say(rig, rig->lobby, "stay in the house");
    assert_string_equal(archive_rig_search_rooms(rig, "GO house"), "1:go to the house");
    assert_string_equal(archive_rig_search_rooms(rig, "house in"), "2:stay in the house");
    assert_string_equal(archive_rig_search_rooms(rig, "in"), "2:stay in the house");
    assert_string_equal(archive_rig_search_rooms(rig, "zz house"), "");
}

static void what_means_something_to_the_index_is_only_a_word(void **state)
{
    struct archive_rig *rig = *state;

    (void)archive_rig_say(rig, rig->lobby, "say \"hello\" AND wait");
    (void)archive_rig_say(rig, rig->lobby, "100%_sure* (yes)");
    assert_string_equal(archive_rig_search_rooms(rig, "\"hello\""), "1:say \"hello\" AND wait");
    (void)archive_rig_say(rig, rig->lobby, "5\"4\"3");
    assert_string_equal(archive_rig_search_rooms(rig, "5\"4\"3"), "3:5\"4\"3");
    assert_string_equal(archive_rig_search_rooms(rig, "AND"), "1:say \"hello\" AND wait");
    assert_string_equal(archive_rig_search_rooms(rig, "hel*"), "");
    assert_string_equal(archive_rig_search_rooms(rig, "sure* (yes)"), "2:100%_sure* (yes)");
    assert_string_equal(archive_rig_search_rooms(rig, "NOT"), "");
    assert_string_equal(archive_rig_search_rooms(rig, "marks:hello"), "");
    assert_string_equal(archive_rig_search_rooms(rig, "%_"), "2:100%_sure* (yes)");
    assert_string_equal(archive_rig_search_rooms(rig, "__"), "");
}

/* 255 bytes of words with a space between; quotes take twice the room in the question. */
static void expect_all_words_count(struct archive_rig *rig, size_t word_len, char letter)
{
    char words[QUESTION_WORDS_SIZE];
    size_t last = sizeof(words) - 2;

    memset(words, letter, sizeof(words) - 1);
    for (size_t at = word_len; at <= last; at += word_len + 1) {
        words[at] = ' ';
    }
    words[last + 1] = '\0';
    (void)archive_rig_say(rig, rig->lobby, words);
    assert_non_null(strstr(archive_rig_search_rooms(rig, words), words));
    words[words[last] == ' ' ? last - 1 : last] = 'z';
    assert_string_equal(archive_rig_search_rooms(rig, words), "");
}

static void all_words_count_that_there_is_room_for(void **state)
{
    static const size_t lens[] = { 1, 3, 4, 5, 254 };

    for (size_t i = 0; i < ARRAY_SIZE(lens); i++) {
        expect_all_words_count(*state, lens[i], 'a');
        expect_all_words_count(*state, lens[i], '"');
    }
}

static uint32_t random_below(uint32_t n)
{
    static uint64_t seed = 1;

    seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407;
    return (uint32_t)(seed >> 33) % n;
}

/* Of few characters, so that much is alike: cases, a final sigma, the sign of kelvins. */
static void put_random(struct buf *out, uint32_t n_characters, uint32_t n_different)
{
    static const char *const characters[] = { "a", "b",  "A", "ä", "Ä",  "σ", "ς",
                                              "Σ", "日", "k", "K", "\"", "%", "'" };

    for (uint32_t i = 0; i < n_characters; i++) {
        buf_text_put(out, text_of(characters[random_below(n_different)]));
    }
}

/* What the index leads to is what one finds who reads everything. */
static void expect_found_as_read(struct archive_rig *rig, char texts[][64], size_t n)
{
    char space[64], wanted[8192];
    struct buf words = buf_over(space, sizeof(space) - 1), all = buf_over(wanted, sizeof(wanted));

    put_random(&words, 3 + random_below(4), 14);
    space[words.len] = '\0';
    for (size_t i = 0; i < n; i++) {
        if (utf8_has_nocase(text_of(texts[i]), buf_text(&words))) {
            buf_format(&all, "%s%zu:%s", all.len > 0 ? " " : "", i + 1, texts[i]);
        }
    }
    assert_false(all.full);
    buf_char(&all, '\0');
    assert_string_equal(archive_rig_search_rooms(rig, space), wanted);
}

static void the_index_finds_what_reading_finds(void **state)
{
    enum { TEXTS = 300, QUESTIONS = 500 };
    static char texts[TEXTS][64];

    for (size_t i = 0; i < TEXTS; i++) {
        struct buf text = buf_over(texts[i], sizeof(texts[i]) - 1);

        put_random(&text, 1 + random_below(12), 2 + random_below(13));
        texts[i][text.len] = '\0';
        (void)archive_rig_say(*state, ((struct archive_rig *)*state)->lobby, texts[i]);
    }
    for (int i = 0; i < QUESTIONS; i++) {
        expect_found_as_read(*state, texts, TEXTS);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ARCHIVE_TEST(words_are_found_anywhere_in_any_case_and_order),
        ARCHIVE_TEST_SEGMENTS(words_are_found_anywhere_in_any_case_and_order),
        ARCHIVE_TEST(the_characters_of_a_word_stand_in_its_order),
        ARCHIVE_TEST_SEGMENTS(the_characters_of_a_word_stand_in_its_order),
        ARCHIVE_TEST(the_index_finds_what_reading_finds),
        ARCHIVE_TEST_SEGMENTS(the_index_finds_what_reading_finds),
        ARCHIVE_TEST(letters_have_cases_in_all_languages),
        ARCHIVE_TEST_SEGMENTS(letters_have_cases_in_all_languages),
        ARCHIVE_TEST(japanese_and_chinese_are_found_by_words_of_any_length),
        ARCHIVE_TEST_SEGMENTS(japanese_and_chinese_are_found_by_words_of_any_length),
        ARCHIVE_TEST(short_words_count_beside_long_ones),
        ARCHIVE_TEST_SEGMENTS(short_words_count_beside_long_ones),
        ARCHIVE_TEST(what_means_something_to_the_index_is_only_a_word),
        ARCHIVE_TEST_SEGMENTS(what_means_something_to_the_index_is_only_a_word),
        ARCHIVE_TEST(all_words_count_that_there_is_room_for),
        ARCHIVE_TEST_SEGMENTS(all_words_count_that_there_is_room_for),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
