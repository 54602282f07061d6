/* SPDX-License-Identifier: MIT */
/* client/desk_paste: many pasted lines wait for what was said before them to be heard, go where
 * they were pasted, and can be stopped. */
#include "support/desk_rig.h"

#include <setjmp.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { LINES = 100 };

static struct desk_rig rig;

static void hear(const char *line)
{
    desk_rig_hear(&rig, text_of(line));
}

static int set_up(void **state)
{
    (void)state;
    desk_rig_begin(&rig, 12, 72);
    hear(":irc CAP * LS :echo-message");
    hear(":irc CAP * ACK :echo-message");
    desk_rig_enter(&rig);
    hear(":ann!a@h JOIN #tea");
    desk_rig_type(&rig, TEXT("/join #lobby\r")); /* looks at it again */
    bytes_fini(&rig.model.out);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    desk_rig_end(&rig);
    return 0;
}

/* Pastes lines of forty bytes and says yes. */
static void paste(size_t n)
{
    desk_rig_type(&rig, TEXT("\x1B[200~"));
    for (size_t i = 0; i < n; i++) {
        char line[64];

        (void)snprintf(line, sizeof(line), "line %034zu\r", i);
        desk_rig_type(&rig, text_of(line));
    }
    desk_rig_type(&rig, TEXT("\x1B[201~y"));
}

/* How many lines have been said to #lobby, all in order, from `first` on. */
static size_t said_from(size_t first)
{
    struct text rest = bytes_text(&rig.model.out);
    size_t n = 0;

    while (rest.len > 0) {
        struct text line = text_cut(&rest, '\n');
        char wanted[96];

        (void)snprintf(wanted, sizeof(wanted), "PRIVMSG #lobby :line %034zu\r", first + n);
        assert_true(text_equal(line, text_of(wanted)));
        n++;
    }
    bytes_fini(&rig.model.out);
    return n;
}

static void echo(size_t i)
{
    char line[96];

    (void)snprintf(line, sizeof(line), ":ann!a@h PRIVMSG #lobby :line %034zu", i);
    hear(line);
    desk_rig_say(&rig);
}

static void lines_wait_until_what_was_said_is_heard(void **state)
{
    size_t n, n_more;

    (void)state;
    paste(LINES);
    n = said_from(0);
    assert_in_range(bytes_text(&rig.model.unheard).len, DESK_PASTE_AHEAD, DESK_PASTE_AHEAD + 63);
    echo(0);
    assert_in_range(bytes_text(&rig.model.unheard).len, DESK_PASTE_AHEAD, DESK_PASTE_AHEAD + 63);
    assert_int_equal(said_from(n), 1);
    for (size_t i = 1; i <= n; i++) {
        echo(i);
    }
    n_more = said_from(n + 1);
    assert_int_equal(n_more, n);
}

static void all_are_said_in_the_end(void **state)
{
    size_t n = 0;

    (void)state;
    paste(LINES);
    for (size_t i = 0; i < LINES; i++) {
        n += said_from(n);
        echo(i);
    }
    assert_int_equal(n + said_from(n), LINES);
    assert_int_equal(rig.desk.n_pasted, 0);
}

static void they_go_where_they_were_pasted(void **state)
{
    size_t n;

    (void)state;
    paste(LINES);
    n = said_from(0);
    desk_rig_type(&rig, TEXT("/join #tea\r"));
    bytes_fini(&rig.model.out);
    echo(0);
    assert_int_equal(said_from(n), 1);
    desk_rig_type(&rig, TEXT("milk?\r"));
    assert_true(text_equal(bytes_text(&rig.model.out), TEXT("PRIVMSG #tea :milk?\r\n")));
}

static void another_paste_elsewhere_waits_behind_it(void **state)
{
    size_t n;

    (void)state;
    paste(LINES);
    n = said_from(0);
    desk_rig_type(&rig, TEXT("/join #tea\r"));
    desk_rig_type(&rig, TEXT("\x1B[200~green\rmilk\x1B[201~y"));
    bytes_fini(&rig.model.out);
    for (size_t i = 0; i + n < LINES; i++) {
        echo(i);
        assert_int_equal(said_from(n + i), 1);
    }
    echo(LINES - n);
    assert_true(text_starts_with(bytes_text(&rig.model.out), TEXT("PRIVMSG #tea :green\r\n")));
}

static void they_can_be_stopped(void **state)
{
    static char bytes[DESK_RIG_SCREEN_MAX];
    struct buf screen = buf_over(bytes, sizeof(bytes) - 1);
    size_t n;

    (void)state;
    paste(LINES);
    n = said_from(0);
    desk_rig_put_screen(&rig, &screen);
    (void)snprintf(bytes + sizeof(bytes) / 2, 64, "%zu more to say, ^C stops", LINES - n);
    assert_non_null(strstr(bytes, bytes + sizeof(bytes) / 2));
    desk_rig_type(&rig, TEXT("half a thought\x03"));
    (void)snprintf(bytes + sizeof(bytes) / 2, 64, "%zu pasted lines are not said", LINES - n);
    screen = buf_over(bytes, sizeof(bytes) / 2 - 1);
    desk_rig_put_screen(&rig, &screen);
    assert_non_null(strstr(bytes, bytes + sizeof(bytes) / 2));
    assert_non_null(strstr(bytes, "half a thought"));
    for (size_t i = 0; i < n; i++) {
        echo(i);
    }
    assert_int_equal(said_from(0), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(lines_wait_until_what_was_said_is_heard, set_up, tear_down),
        cmocka_unit_test_setup_teardown(all_are_said_in_the_end, set_up, tear_down),
        cmocka_unit_test_setup_teardown(they_go_where_they_were_pasted, set_up, tear_down),
        cmocka_unit_test_setup_teardown(another_paste_elsewhere_waits_behind_it, set_up, tear_down),
        cmocka_unit_test_setup_teardown(they_can_be_stopped, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
