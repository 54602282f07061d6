/* SPDX-License-Identifier: MIT */
/* chat/names: what may be a name, at the limits and one past them. */
#include "chat/names.h"
#include "state/layout.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

/* clang-format off */
static const struct {
    const char *name;
    bool is_nick, is_guest, is_room;
} names[] = {
    { "",            false, false, false },
    { "a",           true,  false, false },
    { "Ann",         true,  false, false },
    { "ann-2",       true,  false, false },
    { "-ann",        false, false, false },
    { "2ann",        false, false, false },
    { "_[]\\`^{}|",  true,  false, false },
    { "an n",        false, false, false },
    { "ann!",        false, false, false },
    { "ann@host",    false, false, false },
    { "a.b",         false, false, false },
    { "a,b",         false, false, false },
    { "a:b",         false, false, false },
    { "*",           false, false, false },
    { "/help",       false, false, false },
    { "\xC3\xA4nne", false, false, false },
    { "an\x01n",     false, false, false },
    { "guest",       true,  false, false },
    { "guest1",      true,  true,  false },
    { "GuEsT007",    true,  true,  false },
    { "guest1a",     true,  false, false },
    { "guest-1",     true,  false, false },
    { "guests",      true,  false, false },
    { "gues1",       true,  false, false },
    { "#",           false, false, false },
    { "#a",          false, false, true },
    { "a#",          false, false, false },
    { "##",          false, false, true },
    { "#a#b",        false, false, true },
    { "#a b",        false, false, false },
    { "#a,b",        false, false, false },
    { "#a:b",        false, false, true },
    { "#\xC3\xA4",   false, false, true },
    { "#\xC3",       false, false, false },
    { "#\xEF\xBF\xBD", false, false, false }, /* stands for any byte */
    { "#a\xEF\xBF\xBE", false, false, true },
    { "#a\x07",      false, false, false },
    { "#a\x02",      false, false, false },
    { "#a\tb",       false, false, false },
    { "#\xE2\x80\xAE", false, false, false },
    { "&local",      false, false, false },
};
/* clang-format on */

static void names_are_told_apart(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
        struct text t = text_of(names[i].name);

        assert_int_equal(name_is_nick(t), names[i].is_nick);
        assert_int_equal(name_is_guest(t), names[i].is_guest);
        assert_int_equal(name_is_room(t), names[i].is_room);
    }
}

static void a_nul_is_part_of_no_name(void **state)
{
    (void)state;
    assert_false(name_is_nick(TEXT("a\0b")));
    assert_false(name_is_nick(TEXT("\0")));
    assert_false(name_is_room(TEXT("#a\0b")));
    assert_false(name_is_guest(TEXT("guest\0")));
}

static void names_at_the_limit_are_names_and_one_byte_more_is_not(void **state)
{
    char name[ROOM_NAME_MAX + 1];

    (void)state;
    memset(name, 'a', sizeof(name));
    assert_true(name_is_nick((struct text){ name, NICK_MAX }));
    assert_false(name_is_nick((struct text){ name, NICK_MAX + 1 }));
    name[0] = '#';
    assert_true(name_is_room((struct text){ name, ROOM_NAME_MAX }));
    assert_false(name_is_room((struct text){ name, ROOM_NAME_MAX + 1 }));
    assert_true((int)NICK_MAX < (int)NAME_SIZE);
    assert_true((int)ROOM_NAME_MAX < (int)ROOM_NAME_SIZE);
}

static void the_guest_name_of_any_connection_is_a_guests_nickname(void **state)
{
    static const uint64_t ids[] = { 1, 10, 4711, UINT64_MAX };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(ids); i++) {
        char space[NICK_MAX];
        struct buf name = buf_over(space, sizeof(space));

        name_guest(ids[i], &name);
        assert_false(name.full);
        assert_true(name_is_nick(buf_text(&name)));
        assert_true(name_is_guest(buf_text(&name)));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_told_apart),
        cmocka_unit_test(a_nul_is_part_of_no_name),
        cmocka_unit_test(names_at_the_limit_are_names_and_one_byte_more_is_not),
        cmocka_unit_test(the_guest_name_of_any_connection_is_a_guests_nickname),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
