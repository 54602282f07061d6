/* SPDX-License-Identifier: MIT */
/* store/words: what a record is found by. */
#include "store/words.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static uint32_t tokens[WORDS_TOKENS_MAX];

static size_t tokens_of(const char *text, const char *who, const char *places)
{
    struct words words = { .text = text_of(text), .who = text_of(who), .places = text_of(places) };

    return words_tokens(&words, tokens);
}

static bool has(size_t n, uint32_t token)
{
    for (size_t i = 0; i < n; i++) {
        if (tokens[i] == token) {
            return true;
        }
    }
    return false;
}

/* All of the word's are among those of what was asked for last. */
static bool has_word(size_t n, const char *word)
{
    uint32_t of_word[16];
    size_t n_of_word = words_text_tokens(text_of(word), of_word);

    assert_in_range(n_of_word, 1, ARRAY_SIZE(of_word));
    for (size_t i = 0; i < n_of_word; i++) {
        if (!has(n, of_word[i])) {
            return false;
        }
    }
    return true;
}

static void a_record_has_one_for_each_three_characters_the_author_and_each_place(void **state)
{
    size_t n = tokens_of("abcd", "Ann", "7 12345678901");

    (void)state;
    assert_int_equal(n, 2 + 1 + 2);
    assert_true(has_word(n, "abc") && has_word(n, "bcd") && has_word(n, "abcd"));
    assert_false(has_word(n, "acd"));
    assert_true(has(n, words_who_token(TEXT("aNN"))));
    assert_false(has(n, words_who_token(TEXT("an"))));
    assert_true(has(n, words_place_token(7)) && has(n, words_place_token(12345678901)));
    assert_false(has(n, words_place_token(8)));
    assert_int_equal(tokens_of("ab", "", ""), 1);
}

static void case_does_not_count_and_stray_bytes_do(void **state)
{
    size_t n = tokens_of("ÄRger ΣΑΣ \xFF\xFE\xFF \xC3x", "a", "");

    (void)state;
    assert_true(has_word(n, "ärGER") && has_word(n, "σας") && has_word(n, "\xFF\xFE\xFF"));
    assert_true(has_word(n, " \xC3x"));
    assert_false(has_word(n, "arger") || has_word(n, "\xFE\xFE\xFF"));
}

static void fewer_than_three_characters_have_none(void **state)
{
    (void)state;
    assert_int_equal(words_text_tokens(TEXT_NONE, tokens), 0);
    assert_int_equal(words_text_tokens(TEXT("日本"), tokens), 0);
    assert_int_equal(words_text_tokens(TEXT("日本語"), tokens), 1);
}

/* They stand in the files of all archives. */
static void tokens_stay_what_they_are(void **state)
{
    size_t n = tokens_of("hello ÄÖ", "Ann", "7");
    static const uint32_t wanted[] = { 0xb4bdf, 0x1f87a, 0x3110a, 0x0381d,
                                       0x35b7b, 0x2ae20, 0xb96c8, 0x93299 };

    (void)state;
    assert_int_equal(n, ARRAY_SIZE(wanted));
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(tokens[i], wanted[i]);
    }
}

static void the_longest_of_all_have_room(void **state)
{
    static char text[RECORD_ROOM], places[RECORD_ROOM];

    (void)state;
    memset(text, 'x', sizeof(text) - 1);
    for (size_t i = 0; i + 2 < sizeof(places); i += 2) {
        memcpy(places + i, "1 ", 2);
    }
    assert_int_equal(tokens_of(text, "a", places), (RECORD_ROOM / 2 - 2) + 1 + RECORD_ROOM / 4);
    text[RECORD_TEXT_MAX] = '\0';
    assert_int_equal(tokens_of(text, "a", "1"), (RECORD_TEXT_MAX - 2) + 1 + 1);
}

static void what_is_said_has_words_and_so_have_topics(void **state)
{
    (void)state;
    assert_true(words_are_in(RECORD_SAID, TEXT("x")) && words_are_in(RECORD_TOPIC, TEXT("x")));
    assert_false(words_are_in(RECORD_SAID, TEXT_NONE) || words_are_in(RECORD_QUIT, TEXT("x")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_record_has_one_for_each_three_characters_the_author_and_each_place),
        cmocka_unit_test(case_does_not_count_and_stray_bytes_do),
        cmocka_unit_test(fewer_than_three_characters_have_none),
        cmocka_unit_test(tokens_stay_what_they_are),
        cmocka_unit_test(the_longest_of_all_have_room),
        cmocka_unit_test(what_is_said_has_words_and_so_have_topics),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
