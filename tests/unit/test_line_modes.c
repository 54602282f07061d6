/* SPDX-License-Identifier: MIT */
/* front/line_modes: what IRC writes in letters, in words. */
#include "front/line.h"

#include <setjmp.h>
#include <string.h>

#include <cmocka.h>

struct told {
    const char *letters;
    uint32_t about; /* the reader */
    const char *words;
};

/* clang-format off */
static const struct told told[] = {
    { "+o bob",      0, "bob is an operator of #tea" },
    { "+o bob",      1, "you are an operator of #tea" },
    { "-o bob",      0, "bob is no longer an operator of #tea" },
    { "-o bob",      1, "you are no longer an operator of #tea" },
    { "+v bob",      0, "bob has a voice in #tea" },
    { "+v bob",      1, "you have a voice in #tea" },
    { "-v bob",      1, "you have no voice in #tea" },
    { "+oo bob cat", 2, "bob is an operator of #tea; you are an operator of #tea" },
    { "+o-m bob",    0, "bob is an operator of #tea; #tea is no longer moderated" },
    { "+b *!*@h",    0, "#tea bans *!*@h" },
    { "-b *!*@h",    0, "#tea no longer bans *!*@h" },
    { "+e *!*@h",    0, "#tea makes an exception of its bans for *!*@h" },
    { "-I *!*@h",    0, "#tea no longer lets in without invitation *!*@h" },
    { "+k sesame",   0, "#tea is locked with the key sesame" },
    { "-k *",        0, "#tea needs no key any more" },
    { "+l 5",        0, "#tea has room for 5 people" },
    { "+l 1",        0, "#tea has room for 1 person" },
    { "-l",          0, "#tea has room for everybody" },
    { "+is",         0, "#tea is for those who are invited; #tea is secret" },
    { "-nt",         0, "#tea hears people from outside too; #tea lets everybody set its topic" },
    { "+k-lb key *!*@h", 0, "#tea is locked with the key key; #tea has room for everybody; #tea no longer bans *!*@h" },
    { "+b \x02*!*@h\x03" "4", 0, "#tea bans *!*@h" },
    { "+Zm",         0, "#tea is moderated" },
};
/* clang-format on */

static void each_change_is_a_sentence(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(told); i++) {
        char words[512];
        struct buf out = buf_over(words, sizeof(words) - 1);

        line_put_changes(text_of(told[i].letters), told[i].about, TEXT("#tea"), &out);
        words[out.len] = '\0';
        assert_string_equal(words, told[i].words);
    }
}

static void each_mode_has_words(void **state)
{
    (void)state;
    for (size_t n = 0; mode_at(n) != NULL; n++) {
        assert_true(strlen(mode_at(n)->on) > 0);
        assert_true(strlen(mode_at(n)->off) > 0);
    }
}

static void changes_take_their_arguments_in_order(void **state)
{
    struct line_changes changes = line_changes_in(TEXT("ib-l+k\xC3 *!*@h key left"));
    struct line_change change;

    (void)state;
    assert_true(line_next_change(&changes, &change));
    assert_true(change.letter == 'i' && change.is_on && change.argument.len == 0);
    assert_true(line_next_change(&changes, &change));
    assert_true(change.letter == 'b' && text_equal(change.argument, TEXT("*!*@h")));
    assert_true(line_next_change(&changes, &change));
    assert_true(change.letter == 'l' && !change.is_on && change.argument.len == 0);
    assert_true(line_next_change(&changes, &change));
    assert_true(change.letter == 'k' && change.is_on);
    assert_true(text_equal(change.argument, TEXT("key")));
    assert_true(line_next_change(&changes, &change));
    assert_true(change.letter == '?' && change.mode == NULL); /* safe to be shown */
    assert_false(line_next_change(&changes, &change));
}

static void only_ranks_are_about_a_person(void **state)
{
    (void)state;
    assert_int_equal(line_changes_about(TEXT("+o bob"), TEXT("BOB")), 1);
    assert_int_equal(line_changes_about(TEXT("+o bobby"), TEXT("bob")), 0);
    assert_int_equal(line_changes_about(TEXT("+b-v bob bob"), TEXT("bob")), 2);
    assert_int_equal(line_changes_about(TEXT("+vvvvvvvvvvvvvvvvvvvvv a a a a a a a a a a a a a a a "
                                             "a a a a a bob"),
                                        TEXT("bob")),
                     0); /* past the bits there are: told by name */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_change_is_a_sentence),
        cmocka_unit_test(each_mode_has_words),
        cmocka_unit_test(changes_take_their_arguments_in_order),
        cmocka_unit_test(only_ranks_are_about_a_person),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
