/* SPDX-License-Identifier: MIT */
/* lib/mask: what '*' and '?' stand for, and what people mean by a short mask. */
#include "lib/mask.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

struct matching {
    const char *mask, *subject;
    bool matches;
};

static const struct matching matchings[] = {
    { "", "", true },
    { "", "a", false },
    { "*", "", true },
    { "*", "anything at all", true },
    { "?", "", false },
    { "?", "a", true },
    { "?", "\xc3\xa4", true }, /* one character of two bytes */
    { "??", "\xc3\xa4", false },
    { "?", "\xc3", true }, /* half of one */
    { "a?c", "abc", true },
    { "a?c", "ac", false },
    { "*!*@*", "ann!~a@192.0.2.1", true },
    { "ANN!*@*", "ann!~a@host", true },
    { "ann!*@*", "anna!~a@host", false },
    { "*!*@*.example.org", "ann!a@tea.example.org", true },
    { "*!*@*.example.org", "ann!a@tea.example.org.evil", false },
    { "*!*@192.0.2.*", "ann!a@192.0.20.1", false },
    { "a*b*c", "a-b-b-c-c", true },
    { "a*b*c", "a-c-b", false },
    { "***a***", "bab", true },
    { "*a", "ba", true },
    { "*a", "ab", false },
    { "[a]", "[a]", true }, /* no sets as in file names */
    { "[a]", "a", false },
    { "\\*", "\\tea", true }, /* nothing escapes */
};

static void masks_match_what_they_should_and_nothing_else(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(matchings); i++) {
        bool r = mask_match(text_of(matchings[i].mask), text_of(matchings[i].subject));

        if (r != matchings[i].matches) {
            fail_msg("%s and %s", matchings[i].mask, matchings[i].subject);
        }
    }
}

/* A mask that goes back at every byte is done all the same. */
static void the_worst_mask_takes_no_more_than_the_product_of_the_lengths(void **state)
{
    char mask[100], subject[200];

    (void)state;
    for (size_t i = 0; i < sizeof(mask); i += 2) {
        memcpy(mask + i, "*a", 2);
    }
    memset(subject, 'a', sizeof(subject));
    subject[sizeof(subject) - 1] = 'b';
    assert_false(
        mask_match((struct text){ mask, sizeof(mask) }, (struct text){ subject, sizeof(subject) }));
}

static void a_short_mask_is_completed_to_what_people_mean(void **state)
{
    static const char *const rows[][2] = {
        { "ann", "ann!*@*" },
        { "ann*", "ann*!*@*" },
        { "ann!a", "ann!a@*" },
        { "a@h", "*!a@h" },
        { "*@*.example.org", "*!*@*.example.org" },
        { "ann!a@h", "ann!a@h" },
        { "192.0.2.*", "*!*@192.0.2.*" },
        { "2001:db8::1", "*!*@2001:db8::1" },
        { "", "!*@*" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        char space[64];
        struct buf out = buf_over(space, sizeof(space));

        mask_complete(text_of(rows[i][0]), &out);
        assert_false(out.full);
        assert_int_equal(out.len, strlen(rows[i][1]));
        assert_memory_equal(out.at, rows[i][1], out.len);
    }
}

static void only_stars_and_question_marks_make_a_mask_wild(void **state)
{
    (void)state;
    assert_true(mask_is_wild(TEXT("a*")));
    assert_true(mask_is_wild(TEXT("?")));
    assert_false(mask_is_wild(TEXT("ann!a@h")));
    assert_false(mask_is_wild(TEXT_NONE));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(masks_match_what_they_should_and_nothing_else),
        cmocka_unit_test(the_worst_mask_takes_no_more_than_the_product_of_the_lengths),
        cmocka_unit_test(a_short_mask_is_completed_to_what_people_mean),
        cmocka_unit_test(only_stars_and_question_marks_make_a_mask_wild),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
