/* SPDX-License-Identifier: MIT */
/* client/support and client/roster: who has which sign, whatever letters a server has. */
#include "support.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct support support;
static struct roster members;

static int set_up(void **state)
{
    (void)state;
    support_init(&support);
    (void)roster_add(&members, TEXT("ann"));
    (void)roster_add(&members, TEXT("Bob"));
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    roster_fini(&members);
    return 0;
}

static void modes_find_their_arguments(void **state)
{
    static const struct {
        const char *tokens, *change, *ann, *bob;
    } rows[] = {
        { "", "+o ann", "@", "" },
        { "", "+ov ann ann", "@+", "" },
        { "", "+vo ann ann", "@+", "" },
        { "", "+o-o+v ann ann bob", "", "+" },
        { "", "+bo *!*@x ann", "@", "" },
        { "", "-b+o *!*@x ann", "@", "" },
        { "", "+ko key ann", "@", "" },
        { "", "-k+o key ann", "@", "" },
        { "", "+lo 5 ann", "@", "" },
        { "", "-l+o ann", "@", "" },
        { "", "+mnto ann", "@", "" },
        { "", "+o", "", "" },
        { "", "+o nobody", "", "" },
        { "", "", "", "" },
        { "PREFIX=(qov)~@+", "+qv ann ann", "~+", "" },
        { "PREFIX=(qov)~@+", "+h ann", "", "" },
        { "PREFIX=nonsense", "+h ann", "%", "" },
        { "PREFIX=(ov)@", "+h ann", "%", "" },
        { "CHANMODES=x,y,z,m", "+xyzo a b c ann", "@", "" },
        { "CHANMODES=x,y,z,m", "-xyz+o a b ann", "@", "" },
        { "CHANMODES=x,y,z,m", "+ko ann", "@", "" },
        { "CHANMODES", "+o ann", "@", "" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        tear_down(NULL);
        set_up(NULL);
        support_take(&support, text_of(rows[i].tokens));
        support_apply_mode(&support, text_of(rows[i].change), &members);
        assert_string_equal(roster_find(&members, TEXT("ANN"))->signs, rows[i].ann);
        assert_string_equal(roster_find(&members, TEXT("bob"))->signs, rows[i].bob);
    }
}

static void names_are_kept_in_order_and_once(void **state)
{
    (void)state;
    (void)roster_add(&members, TEXT("BOB"));
    (void)roster_add(&members, TEXT("Cat"));
    (void)roster_add(&members, TEXT("al"));
    assert_int_equal(members.n, 4);
    assert_string_equal(members.list[0].name, "al");
    assert_string_equal(members.list[1].name, "ann");
    assert_string_equal(members.list[2].name, "Bob");
    assert_string_equal(members.list[3].name, "Cat");
    assert_true(roster_remove(&members, TEXT("ANN")));
    assert_false(roster_remove(&members, TEXT("ann")));
    assert_null(roster_find(&members, TEXT("ann")));
}

static void a_renamed_member_keeps_its_sign_and_replaces_a_ghost(void **state)
{
    (void)state;
    support_apply_mode(&support, TEXT("+o ann"), &members);
    assert_true(roster_rename(&members, TEXT("ann"), TEXT("bob")));
    assert_int_equal(members.n, 1);
    assert_string_equal(members.list[0].name, "bob");
    assert_string_equal(members.list[0].signs, "@");
    assert_true(roster_rename(&members, TEXT("bob"), TEXT("Bob")));
    assert_string_equal(members.list[0].name, "Bob");
    assert_false(roster_rename(&members, TEXT("ann"), TEXT("x")));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(modes_find_their_arguments),
        TEST(names_are_kept_in_order_and_once),
        TEST(a_renamed_member_keeps_its_sign_and_replaces_a_ghost),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
