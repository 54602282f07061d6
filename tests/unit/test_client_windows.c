/* SPDX-License-Identifier: MIT */
/* client/windows, window and pen: what is kept is clean, what rings, and what a code looks like. */
#include "support/desk_rig.h"

#include "pen.h"

#include "lib/utf8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct desk_rig rig;

static int set_up(void **state)
{
    (void)state;
    desk_rig_begin(&rig, 10, 60);
    desk_rig_enter(&rig);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    desk_rig_end(&rig);
    return 0;
}

static void hear(const char *line)
{
    desk_rig_hear(&rig, text_of(line));
}

static void what_is_kept_has_no_controls_but_formatting(void **state)
{
    const struct scrollback *s = &windows_current(&rig.desk.windows)->scrollback;
    struct scrollback_record record;

    (void)state;
    hear(":b\x1B"
         "ob!b@h PRIVMSG #lobby :\x02"
         "bold\x1B[2J \xE2\x80\xAE\xFF\x07");
    scrollback_get(s, scrollback_last(s), &record);
    assert_true(utf8_is_clean(record.who, UTF8_KEEP_NONE));
    assert_true(text_equal(record.text, TEXT("\x02"
                                             "bold[2J \xEF\xBF\xBD")));
}

static bool rings_for(const char *line)
{
    hear(line);
    if (rig.desk.windows.rings) {
        rig.desk.windows.rings = false;
        return true;
    }
    return false;
}

static void the_bell_rings_for_what_is_wanted(void **state)
{
    static const char room[] = ":bob!b@h PRIVMSG #lobby :hello";
    static const char mention[] = ":bob!b@h PRIVMSG #lobby :hello ANN!";
    static const char private[] = ":bob!b@h PRIVMSG ann :hello";
    static const char own[] = ":ann!a@h PRIVMSG #lobby :ann";
    static const char notice[] = ":irc.test NOTICE ann :ann";
    static const char kick[] = ":bob!b@h KICK #lobby cat :out";
    static const char kicked[] = ":bob!b@h KICK #lobby Ann :out";

    (void)state;
    for (int bell = SETTINGS_BELL_OFF; bell <= SETTINGS_BELL_ALL; bell++) {
        rig.desk.settings.bell = (enum settings_bell)bell;
        assert_int_equal(rings_for(room), bell == SETTINGS_BELL_ALL);
        assert_int_equal(rings_for(mention), bell >= SETTINGS_BELL_MENTIONS);
        assert_int_equal(rings_for(private), bell >= SETTINGS_BELL_PRIVATE);
        assert_false(rings_for(own));
        assert_false(rings_for(notice));
        assert_false(rings_for(kick));
        assert_int_equal(rings_for(kicked), bell >= SETTINGS_BELL_MENTIONS);
        hear(":ann!a@h JOIN #lobby");
    }
}

static void a_window_without_the_terminals_focus_counts(void **state)
{
    const struct window *w = windows_current(&rig.desk.windows);

    (void)state;
    hear(":bob!b@h PRIVMSG #lobby :seen");
    assert_int_equal(w->n_unread, 0);
    desk_rig_type(&rig, TEXT("\x1B[O"));
    hear(":bob!b@h PRIVMSG #lobby :ann?");
    assert_int_equal(w->n_unread, 1);
    assert_int_equal(w->n_mentions, 1);
    desk_rig_type(&rig, TEXT("\x1B[I"));
    assert_int_equal(w->n_unread, 0);
    assert_true(w->first_unread != SCROLLBACK_NOWHERE);
}

static void strangers_cannot_open_windows_without_end(void **state)
{
    (void)state;
    for (int i = 0; i < 2 * WINDOWS_MAX; i++) {
        char line[64];

        (void)snprintf(line, sizeof(line), ":n%d!b@h PRIVMSG ann :hello", i);
        hear(line);
    }
    assert_int_equal(rig.desk.windows.n, WINDOWS_MAX);
    assert_true(rig.desk.windows.list[0]->n_unread > 0);
}

static void a_pasted_line_that_is_too_long_asks_and_goes_in_pieces(void **state)
{
    size_t n_sent = 0;

    (void)state;
    desk_rig_type(&rig, TEXT("\x1B[200~"));
    for (int i = 0; i < EDIT_LINE_MAX + 10; i++) {
        desk_rig_type(&rig, TEXT("/"));
    }
    desk_rig_type(&rig, TEXT("\x1B[201~"));
    assert_int_equal(rig.desk.mode, DESK_ASKING);
    desk_rig_type(&rig, TEXT("e")); /* it does not fit */
    assert_int_equal(rig.desk.mode, DESK_ASKING);
    desk_rig_type(&rig, TEXT("y"));
    for (struct text rest = bytes_text(&rig.model.out); rest.len > 0;) {
        struct text line = text_cut(&rest, '\n');

        assert_true(text_starts_with(line, TEXT("PRIVMSG #lobby :/")));
        n_sent += line.len - sizeof("PRIVMSG #lobby :\r") + 1;
    }
    assert_int_equal(n_sent, EDIT_LINE_MAX + 10);
    assert_int_equal(rig.desk.edit.len, 0);
}

/* Each character with what distinguishes it: "aB" is a bold a. */
static const char *looks_of(const char *t)
{
    static const char names[] = "BDIURS";
    static char looks[256];
    struct buf b = buf_over(looks, sizeof(looks) - 1);
    struct pen p = pen_begin(text_of(t), STYLE_PLAIN);
    struct pen_piece piece;

    while (pen_next(&p, &piece)) {
        buf_text_put(&b, piece.text);
        for (unsigned i = 0; i < sizeof(names) - 1; i++) {
            buf_text_put(&b, (piece.style.bits & 1U << i) != 0
                                 ? (struct text){ .at = names + i, .len = 1 }
                                 : TEXT_NONE);
        }
        if (piece.style.ink >= 0 || piece.style.paper >= 0) {
            buf_format(&b, "%d/%d", piece.style.ink, piece.style.paper);
        }
    }
    looks[b.len] = '\0';
    return looks;
}

static void codes_change_the_look_until_they_end(void **state)
{
    static const struct {
        const char *text, *looks;
    } rows[] = {
        { "a\x02z\x02y", "azBy" },
        { "\x02\x1Dz\x1Fy\x1E\x16x\x0Fw", "zBIyBIUxBIURSw" },
        { "\x03"
          "4z\x03y",
          "z9/-1y" },
        { "\x03"
          "04,12z\x02y\x0Fx",
          "z9/12yB9/12x" },
        { "\x03"
          "4,z\x03"
          "99y",
          ",9/-1z9/-1y" },
        { "\x04"
          "FF0000z\x11y",
          "zy" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        assert_string_equal(looks_of(rows[i].text), rows[i].looks);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_is_kept_has_no_controls_but_formatting),
        TEST(the_bell_rings_for_what_is_wanted),
        TEST(a_window_without_the_terminals_focus_counts),
        TEST(strangers_cannot_open_windows_without_end),
        TEST(a_pasted_line_that_is_too_long_asks_and_goes_in_pieces),
        TEST(codes_change_the_look_until_they_end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
