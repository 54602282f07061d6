/* SPDX-License-Identifier: MIT */
/* Golden screens: the scripts in tests/screens say what a server sends and which keys are pressed,
 * and show what is sent and what is seen. A run writes its script anew, with what was really sent
 * and seen, and both must be equal. SCREENS_WRITE=1 keeps what was written: then read the
 * difference.
 *
 *     < LINE      the server says; \xHH is a byte          type TEXT   \xHH as well
 *     > LINE      we have said                             key NAME... as in client/keys.h
 *     at HH:MM    of day +N: "at 09:00 +1"                 paste TEXT  "\n" between lines
 *     size ROWS COLUMNS      no colour         enter: we are let in, and are in #lobby
 *     lost        the connection is, and there is another one
 *     screen ... end         what is seen; the cursor is '|' */
#include "support/desk_rig.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { SCRIPT_MAX = 256 * 1024 };

static struct desk_rig rig;
static char script[SCRIPT_MAX], written[SCRIPT_MAX];

static const struct {
    const char *name, *bytes;
} key_rows[] = {
    { "Up", "\x1B[A" },       { "Down", "\x1B[B" },  { "Left", "\x1B[D" }, { "Right", "\x1B[C" },
    { "PgUp", "\x1B[5~" },    { "PgDn", "\x1B[6~" }, { "F7", "\x1B[18~" }, { "FocusIn", "\x1B[I" },
    { "FocusOut", "\x1B[O" }, { "Enter", "\r" },     { "Tab", "\t" },      { "Backspace", "\x7F" },
    { "Home", "\x1B[H" },     { "End", "\x1B[F" },
};

static void put_key(struct text name, struct buf *out)
{
    for (size_t i = 0; i < ARRAY_SIZE(key_rows); i++) {
        if (text_equal(name, text_of(key_rows[i].name))) {
            buf_text_put(out, text_of(key_rows[i].bytes));
            return;
        }
    }
    assert_true(name.len == 3 && name.at[1] == '-');
    if (name.at[0] == 'M') {
        buf_char(out, '\x1B');
    }
    buf_char(out, (char)(name.at[0] == 'M' ? name.at[2] : name.at[2] & 0x1F));
}

/* "\x02" and "\n" become bytes. */
static struct text unescape(struct text t, struct buf *out)
{
    for (size_t i = 0; i < t.len; i++) {
        if (t.at[i] == '\\' && i + 3 < t.len && t.at[i + 1] == 'x') {
            char digits[3] = { t.at[i + 2], t.at[i + 3], '\0' };

            buf_char(out, (char)strtol(digits, NULL, 16));
            i += 3;
        } else if (t.at[i] == '\\' && i + 1 < t.len && strchr("nr", t.at[i + 1]) != NULL) {
            buf_char(out, (char)(t.at[i + 1] == 'n' ? '\n' : '\r'));
            i++;
        } else {
            buf_char(out, t.at[i]);
        }
    }
    return buf_text(out);
}

static void press(struct text names)
{
    for (struct text name = text_cut_word(&names); name.len > 0; name = text_cut_word(&names)) {
        char bytes[16];
        struct buf b = buf_over(bytes, sizeof(bytes));

        if (text_equal(name, TEXT("Esc"))) {
            desk_rig_type(&rig, TEXT("\x1B"));
            desk_flush_keys(&rig.desk, rig.now);
            continue;
        }
        put_key(name, &b);
        desk_rig_type(&rig, buf_text(&b));
    }
}

static void put_escaped(struct text t, struct buf *out)
{
    for (size_t i = 0; i < t.len; i++) {
        if ((unsigned char)t.at[i] < 0x20) {
            buf_format(out, "\\x%02X", (unsigned)t.at[i]);
        } else {
            buf_char(out, t.at[i]);
        }
    }
}

static void put_sent(struct buf *out)
{
    struct text sent = bytes_text(&rig.model.out);

    while (sent.len > 0) {
        buf_text_put(out, TEXT("> "));
        put_escaped(text_cut(&sent, '\r'), out);
        buf_char(out, '\n');
        (void)text_cut(&sent, '\n');
    }
    bytes_fini(&rig.model.out);
}

static uint64_t number(struct text t)
{
    uint64_t n = 0;

    assert_true(text_number(t, 100000, &n));
    return n;
}

static void set_time(struct text rest)
{
    struct text minutes = text_cut_word(&rest);
    struct text hours = text_cut(&minutes, ':');

    rig.now = DESK_RIG_MORNING + (time_t)(number(hours) * 3600 + number(minutes) * 60);
    if (rest.len > 0) {
        (void)text_cut(&rest, '+');
        rig.now += (time_t)(number(rest) * 24 * 3600);
    }
}

static void run_step(struct text line)
{
    char bytes[8192];
    struct buf b = buf_over(bytes, sizeof(bytes));
    struct text rest = line;
    struct text what = text_cut(&rest, ' ');

    if (text_equal(what, TEXT("<"))) {
        desk_rig_hear(&rig, unescape(rest, &b));
    } else if (text_equal(what, TEXT("type"))) {
        desk_rig_type(&rig, unescape(rest, &b));
    } else if (text_equal(what, TEXT("key"))) {
        press(rest);
    } else if (text_equal(what, TEXT("paste"))) {
        buf_text_put(&b, TEXT("\x1B[200~"));
        (void)unescape(rest, &b);
        buf_text_put(&b, TEXT("\x1B[201~"));
        desk_rig_type(&rig, buf_text(&b));
    } else if (text_equal(what, TEXT("at"))) {
        set_time(rest);
    } else if (text_equal(what, TEXT("size"))) {
        unsigned rows = (unsigned)number(text_cut_word(&rest));

        desk_resize(&rig.desk, rows, (unsigned)number(rest));
    } else if (text_equal(what, TEXT("enter"))) {
        desk_rig_enter(&rig);
    } else if (text_equal(what, TEXT("lost"))) {
        desk_rig_lose(&rig);
    } else if (text_equal(line, TEXT("no colour"))) {
        rig.desk.has_colour = false;
    } else if (what.len > 0 && what.at[0] != '#') {
        fail_msg("not a step: %.*s", TEXT_ARG(line));
    }
}

static void run_script(struct text rest, struct buf *out)
{
    desk_rig_begin(&rig, 12, 72);
    while (rest.len > 0) {
        struct text line = text_cut(&rest, '\n');

        if (text_starts_with(line, TEXT("> "))) {
            continue; /* written by the step that sends it */
        }
        buf_format(out, "%.*s\n", TEXT_ARG(line));
        if (text_equal(line, TEXT("screen"))) {
            desk_rig_put_screen(&rig, out);
            buf_text_put(out, TEXT("end\n"));
            while (rest.len > 0 && !text_equal(line, TEXT("end"))) {
                line = text_cut(&rest, '\n');
            }
            continue;
        }
        run_step(line);
        put_sent(out);
    }
    desk_rig_end(&rig);
}

static void write_script(const char *path, struct text t)
{
    FILE *file = fopen(path, "we");

    assert_non_null(file);
    assert_int_equal(fwrite(t.at, 1, t.len, file), t.len);
    assert_int_equal(fclose(file), 0);
}

/* NULL if both are equal, else the first line of `a` that differs. */
static const char *first_difference(struct text a, struct text b)
{
    static char where[512];

    while (a.len > 0 || b.len > 0) {
        struct text x = text_cut(&a, '\n'), y = text_cut(&b, '\n');

        if (!text_equal(x, y)) {
            (void)snprintf(where, sizeof(where), "is      |%.*s|\nexpected|%.*s|", TEXT_ARG(x),
                           TEXT_ARG(y));
            return where;
        }
    }
    return NULL;
}

static bool run_file(const char *name)
{
    char path[512];
    struct buf out = buf_over(written, sizeof(written));
    const char *difference;
    struct text text;
    FILE *file;

    (void)snprintf(path, sizeof(path), "screens/%s", name);
    file = fopen(path, "re");
    assert_non_null(file);
    text = (struct text){ .at = script, .len = fread(script, 1, sizeof(script), file) };
    (void)fclose(file);
    run_script(text, &out);
    difference = first_difference(buf_text(&out), text);
    if (difference != NULL && getenv("SCREENS_WRITE") != NULL) {
        write_script(path, buf_text(&out));
        return true;
    }
    if (difference != NULL) {
        print_error("%s:\n%s\n%.*s\n", path, difference, TEXT_ARG(buf_text(&out)));
    }
    return difference == NULL;
}

static int is_script(const struct dirent *entry)
{
    return strstr(entry->d_name, ".screen") != NULL;
}

static void every_script_shows_what_it_says(void **state)
{
    struct dirent **entries;
    int n = scandir("screens", &entries, is_script, alphasort), n_wrong = 0;

    (void)state;
    assert_true(n > 0);
    for (int i = 0; i < n; i++) {
        n_wrong += run_file(entries[i]->d_name) ? 0 : 1;
        free(entries[i]);
    }
    free(entries);
    assert_int_equal(n_wrong, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(every_script_shows_what_it_says) };

    (void)setenv("TZ", "UTC", 1);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
