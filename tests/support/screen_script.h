/* SPDX-License-Identifier: MIT */
/* Scripts of the full screen: what a server says and which keys are pressed.
 *
 *     < LINE      the server says; \xHH is a byte          type TEXT   \xHH as well
 *     > LINE      we have said                             key NAME... as in client/keys.h
 *     at HH:MM    of day +N: "at 09:00 +1"                 paste TEXT  "\n" between lines
 *     size ROWS COLUMNS      no colour         enter: we are let in, and are in #lobby
 *     lost        the connection is, and there is another one
 *     connection WORDS       how it stands, for the status line
 *     screen ... end         what is seen; the cursor is '|'
 *
 * What is no step of a script ends the process. */
#ifndef SUPPORT_SCREEN_SCRIPT_H
#define SUPPORT_SCREEN_SCRIPT_H

#include "support/desk_rig.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SCRIPT_MAX = 256 * 1024 };

static inline void script_fail(struct text step)
{
    (void)fprintf(stderr, "not a step of a script: %.*s\n", TEXT_ARG(step));
    abort();
}

static const struct {
    const char *name, *bytes;
} script_keys[] = {
    { "Up", "\x1B[A" },       { "Down", "\x1B[B" },  { "Left", "\x1B[D" }, { "Right", "\x1B[C" },
    { "PgUp", "\x1B[5~" },    { "PgDn", "\x1B[6~" }, { "F7", "\x1B[18~" }, { "FocusIn", "\x1B[I" },
    { "FocusOut", "\x1B[O" }, { "Enter", "\r" },     { "Tab", "\t" },      { "Backspace", "\x7F" },
    { "Home", "\x1B[H" },     { "End", "\x1B[F" },
};

static inline void script_put_key(struct text name, struct buf *out)
{
    for (size_t i = 0; i < ARRAY_SIZE(script_keys); i++) {
        if (text_equal(name, text_of(script_keys[i].name))) {
            buf_text_put(out, text_of(script_keys[i].bytes));
            return;
        }
    }
    if (name.len != 3 || name.at[1] != '-') {
        script_fail(name);
    }
    if (name.at[0] == 'M') {
        buf_char(out, '\x1B');
    }
    buf_char(out, (char)(name.at[0] == 'M' ? name.at[2] : name.at[2] & 0x1F));
}

/* "\x02" and "\n" become bytes. */
static inline struct text script_unescape(struct text t, struct buf *out)
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

static inline void script_press(struct desk_rig *rig, struct text names)
{
    for (struct text name = text_cut_word(&names); name.len > 0; name = text_cut_word(&names)) {
        char bytes[16];
        struct buf b = buf_over(bytes, sizeof(bytes));

        if (text_equal(name, TEXT("Esc"))) {
            desk_rig_type(rig, TEXT("\x1B"));
            desk_flush_keys(&rig->desk, rig->now);
            continue;
        }
        script_put_key(name, &b);
        desk_rig_type(rig, buf_text(&b));
    }
}

static inline void script_put_escaped(struct text t, struct buf *out)
{
    for (size_t i = 0; i < t.len; i++) {
        if ((unsigned char)t.at[i] < 0x20) {
            buf_format(out, "\\x%02X", (unsigned)t.at[i]);
        } else {
            buf_char(out, t.at[i]);
        }
    }
}

static inline void script_put_sent(struct desk_rig *rig, struct buf *out)
{
    struct text sent = bytes_text(&rig->model.out);

    while (sent.len > 0) {
        buf_text_put(out, TEXT("> "));
        script_put_escaped(text_cut(&sent, '\r'), out);
        buf_char(out, '\n');
        (void)text_cut(&sent, '\n');
    }
    bytes_fini(&rig->model.out);
}

static inline uint64_t script_number(struct text t)
{
    uint64_t n = 0;

    if (!text_number(t, 100000, &n)) {
        script_fail(t);
    }
    return n;
}

static inline void script_set_time(struct desk_rig *rig, struct text rest)
{
    struct text minutes = text_cut_word(&rest);
    struct text hours = text_cut(&minutes, ':');

    rig->now =
        DESK_RIG_MORNING + (time_t)(script_number(hours) * 3600 + script_number(minutes) * 60);
    if (rest.len > 0) {
        (void)text_cut(&rest, '+');
        rig->now += (time_t)(script_number(rest) * 24 * 3600);
    }
}

static inline void script_step(struct desk_rig *rig, struct text line)
{
    char bytes[8192];
    struct buf b = buf_over(bytes, sizeof(bytes));
    struct text rest = line;
    struct text what = text_cut(&rest, ' ');

    if (text_equal(what, TEXT("<"))) {
        desk_rig_hear(rig, script_unescape(rest, &b));
    } else if (text_equal(what, TEXT("type"))) {
        desk_rig_type(rig, script_unescape(rest, &b));
    } else if (text_equal(what, TEXT("key"))) {
        script_press(rig, rest);
    } else if (text_equal(what, TEXT("paste"))) {
        buf_text_put(&b, TEXT("\x1B[200~"));
        (void)script_unescape(rest, &b);
        buf_text_put(&b, TEXT("\x1B[201~"));
        desk_rig_type(rig, buf_text(&b));
    } else if (text_equal(what, TEXT("at"))) {
        script_set_time(rig, rest);
    } else if (text_equal(what, TEXT("size"))) {
        unsigned rows = (unsigned)script_number(text_cut_word(&rest));

        desk_resize(&rig->desk, rows, (unsigned)script_number(rest));
    } else if (text_equal(what, TEXT("enter"))) {
        desk_rig_enter(rig);
    } else if (text_equal(what, TEXT("lost"))) {
        desk_rig_lose(rig);
    } else if (text_equal(what, TEXT("connection"))) {
        desk_set_connection(&rig->desk, rest);
    } else if (text_equal(line, TEXT("no colour"))) {
        rig->desk.has_colour = false;
    } else if (what.len > 0 && what.at[0] != '#') {
        script_fail(line);
    }
}

/* A run writes the script anew, with what is really sent and seen. Begins the rig, which the caller
 * ends. */
static inline void script_run(struct desk_rig *rig, struct text rest, struct buf *out)
{
    desk_rig_begin(rig, 12, 72);
    while (rest.len > 0) {
        struct text line = text_cut(&rest, '\n');

        if (text_starts_with(line, TEXT("> "))) {
            continue; /* written by the step that sends it */
        }
        buf_format(out, "%.*s\n", TEXT_ARG(line));
        if (text_equal(line, TEXT("screen"))) {
            desk_rig_put_screen(rig, out);
            buf_text_put(out, TEXT("end\n"));
            while (rest.len > 0 && !text_equal(line, TEXT("end"))) {
                line = text_cut(&rest, '\n');
            }
            continue;
        }
        script_step(rig, line);
        script_put_sent(rig, out);
    }
}

/* Into memory of SCRIPT_MAX bytes. */
static inline struct text script_read(const char *path, char *bytes)
{
    FILE *file = fopen(path, "re");
    size_t len;

    if (file == NULL) {
        script_fail(text_of(path));
    }
    len = fread(bytes, 1, SCRIPT_MAX, file);
    (void)fclose(file);
    return (struct text){ .at = bytes, .len = len };
}

#endif
