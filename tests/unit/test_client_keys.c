/* SPDX-License-Identifier: MIT */
/* client/keys: what terminals send becomes keys with names, however the bytes arrive. */
#include "keys.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static char named[4096];

/* The names of all keys, each with its text if it is one, separated by spaces. */
static const char *names_of(struct text bytes)
{
    struct keys keys = { .len = 0 };
    struct buf b = buf_over(named, sizeof(named) - 1);

    for (size_t i = 0; i < bytes.len; i++) {
        struct key key;

        if (keys_feed(&keys, bytes.at[i], &key)) {
            bool has_text = key_is(&key, "text") || key_is(&key, "paste");

            buf_format(&b, "%s%s", b.len > 0 ? " " : "", key.name);
            buf_format(&b, has_text ? ":%.*s" : "%.*s", has_text ? (int)key.text.len : 0,
                       key.text.at);
        }
    }
    keys_fini(&keys);
    named[b.len] = '\0';
    return named;
}

static void sequences_have_names(void **state)
{
    static const struct {
        const char *bytes, *names;
    } rows[] = {
        { "a", "text:a" },
        { "gr\xC3\xBC", "text:g text:r text:\xC3\xBC" },
        { "\r\n\t\x7F\x08", "Enter Enter Tab Backspace Backspace" },
        { "\x01\x1A\x1F", "C-a C-z C-_" },
        { "\x1B[A\x1BOA\x1B[1;5D\x1B[1;3C", "Up Up C-Left M-Right" },
        { "\x1B[5~\x1B[6~\x1B[3~\x1B[1~\x1B[4~", "PgUp PgDn Delete Home End" },
        { "\x1B[18~\x1BOP\x1B[Z", "F7 F1 S-Tab" },
        { "\x1B"
          "a\x1B"
          "1\x1B\x7F\x1B<",
          "M-a M-1 M-Backspace M-<" },
        { "\x1B\xC3\xBC", "M-\xC3\xBC" },
        { "\x1B[I\x1B[O", "FocusIn FocusOut" },
        { "\x1B[99~x", "text:x" },
        { "\x1B[?1;2cx", "text:x" },
        { "\x1B\x1B[Ax", "Up text:x" },
        { "\xC3(\xFFz", "text:( text:z" },
        { "\x1B[200~one\ntwo\x1B[Athree\x1B[201~x", "paste:one\ntwo\x1B[Athree text:x" },
        { "\x1B[200~\x1B[201~\x1B[200~b\x1B[201~", "paste: paste:b" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        assert_string_equal(names_of(text_of(rows[i].bytes)), rows[i].names);
    }
}

static void a_lone_escape_is_a_key_only_when_nothing_follows(void **state)
{
    struct keys keys = { .len = 0 };
    struct key key;

    (void)state;
    assert_false(keys_feed(&keys, '\x1B', &key));
    assert_true(keys_is_waiting(&keys));
    assert_true(keys_flush(&keys, &key));
    assert_string_equal(key.name, "Esc");
    assert_false(keys_flush(&keys, &key));
    assert_false(keys_feed(&keys, '\x1B', &key));
    assert_false(keys_feed(&keys, '[', &key));
    assert_false(keys_flush(&keys, &key));
    assert_true(keys_feed(&keys, 'A', &key));
    assert_string_equal(key.name, "Up");
    keys_fini(&keys);
}

static void a_paste_at_the_limit_is_whole_and_one_past_it_is_cut(void **state)
{
    (void)state;
    for (size_t extra = 0; extra <= 1; extra++) {
        size_t fits = KEYS_PASTE_MAX - 6; /* with its end mark */
        struct keys keys = { .len = 0 };
        struct key key = { .name = "" };
        const char *mark = "\x1B[201~";

        for (const char *begin = "\x1B[200~"; *begin != '\0'; begin++) {
            assert_false(keys_feed(&keys, *begin, &key));
        }
        for (size_t i = 0; i < fits + extra * 100; i++) {
            assert_false(keys_feed(&keys, 'x', &key));
        }
        for (; mark[1] != '\0'; mark++) {
            assert_false(keys_feed(&keys, *mark, &key));
        }
        assert_true(keys_feed(&keys, *mark, &key));
        assert_true(key_is(&key, "paste"));
        assert_true(key.text.len == fits || (extra == 1 && key.text.len == KEYS_PASTE_MAX));
        assert_true(keys_feed(&keys, 'y', &key));
        assert_true(key_is(&key, "text"));
        keys_fini(&keys);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sequences_have_names),
        cmocka_unit_test(a_lone_escape_is_a_key_only_when_nothing_follows),
        cmocka_unit_test(a_paste_at_the_limit_is_whole_and_one_past_it_is_cut),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
