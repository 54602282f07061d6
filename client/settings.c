/* SPDX-License-Identifier: MIT */
/* What the user can set. Owns the table: a setting is a row, and either a choice of words or a
 * number within bounds. */
#include "settings.h"

#include "resume.h"

#include <string.h>

enum { SETTINGS_WORDS_MAX = 5 };

struct settings_row {
    const char *name, *help;
    const char *words[SETTINGS_WORDS_MAX]; /* the value is the index; none: a number */
    uint64_t least, most;
    bool is_for_lines; /* means something in line mode */
};

enum settings_which {
    SETTINGS_BELL,
    SETTINGS_NOTIFY,
    SETTINGS_MEMBERS,
    SETTINGS_COMINGS,
    SETTINGS_LOG,
    SETTINGS_HISTORY,
    SETTINGS_SCROLLBACK
};

static const struct settings_row settings_rows[] = {
    [SETTINGS_BELL] = { .name = "bell",
                        .help = "ring for: off, private, mentions (and private), all",
                        .words = { "off", "private", "mentions", "all" } },
    [SETTINGS_NOTIFY] = { .name = "notify",
                          .help = "desktop notifications: off, auto, osc9, osc777, osc99",
                          .words = { "off", "auto", "osc9", "osc777", "osc99" } },
    [SETTINGS_MEMBERS] = { .name = "members",
                           .help = "show who is in the room: off, on",
                           .words = { "off", "on" } },
    [SETTINGS_COMINGS] = { .name = "comings",
                           .help = "show who comes, goes and is renamed: off, on",
                           .is_for_lines = true,
                           .words = { "off", "on" } },
    [SETTINGS_LOG] = { .name = "log",
                       .help = "keep what is said in files: off, on",
                       .is_for_lines = true,
                       .words = { "off", "on" } },
    [SETTINGS_HISTORY] = { .name = "history",
                           .help = "messages shown on entering a room: 0 to 100",
                           .is_for_lines = true,
                           .most = RESUME_PAGE },
    [SETTINGS_SCROLLBACK] = { .name = "scrollback",
                              .help = "MiB kept for each new window: 1 to 4096",
                              .least = 1,
                              .most = 4096 },
};

void settings_init(struct settings *s)
{
    *s = (struct settings){ .bell = SETTINGS_BELL_MENTIONS,
                            .notify = SETTINGS_NOTIFY_AUTO,
                            .shows_members = true,
                            .shows_comings = true,
                            .n_history = 20,
                            .scrollback_mib = 64 };
}

static uint64_t settings_get(const struct settings *s, enum settings_which which)
{
    switch (which) {
    case SETTINGS_BELL: return s->bell;
    case SETTINGS_NOTIFY: return s->notify;
    case SETTINGS_MEMBERS: return s->shows_members;
    case SETTINGS_COMINGS: return s->shows_comings;
    case SETTINGS_LOG: return s->logs;
    case SETTINGS_HISTORY: return s->n_history;
    case SETTINGS_SCROLLBACK: break;
    }
    return s->scrollback_mib;
}

static void settings_put(struct settings *s, enum settings_which which, uint64_t value)
{
    switch (which) {
    case SETTINGS_BELL: s->bell = (enum settings_bell)value; return;
    case SETTINGS_NOTIFY: s->notify = (enum settings_notify)value; return;
    case SETTINGS_MEMBERS: s->shows_members = value == 1; return;
    case SETTINGS_COMINGS: s->shows_comings = value == 1; return;
    case SETTINGS_LOG: s->logs = value == 1; return;
    case SETTINGS_HISTORY: s->n_history = value; return;
    case SETTINGS_SCROLLBACK: s->scrollback_mib = value; return;
    }
}

static bool settings_parse(const struct settings_row *row, struct text value, uint64_t *out)
{
    if (row->words[0] == NULL) {
        return text_number(value, row->most, out) && *out >= row->least;
    }
    for (size_t i = 0; i < SETTINGS_WORDS_MAX && row->words[i] != NULL; i++) {
        if (text_equal_nocase(value, text_of(row->words[i]))) {
            *out = i;
            return true;
        }
    }
    return false;
}

static int settings_fail_unknown(struct text name, struct buf *out)
{
    buf_format(out, "there is no setting %.*s; /set lists them all", TEXT_ARG(name));
    return SETTINGS_UNKNOWN;
}

/* What would have been right: the help says what a setting is for, and reads as if all were well.
 */
static void settings_put_range(const struct settings_row *row, struct buf *out)
{
    buf_format(out, "%s can be ", row->name);
    if (row->words[0] == NULL) {
        buf_format(out, "a number from %llu to %llu", (unsigned long long)row->least,
                   (unsigned long long)row->most);
        return;
    }
    for (size_t i = 0; i < SETTINGS_WORDS_MAX && row->words[i] != NULL; i++) {
        bool is_last = i + 1 == SETTINGS_WORDS_MAX || row->words[i + 1] == NULL;

        buf_format(out, "%s%s", i == 0 ? "" : is_last ? " or " : ", ", row->words[i]);
    }
}

int settings_set(struct settings *s, struct text name, struct text value, struct buf *out_why)
{
    for (size_t i = 0; i < ARRAY_SIZE(settings_rows); i++) {
        uint64_t parsed;

        if (!text_equal_nocase(name, text_of(settings_rows[i].name))) {
            continue;
        }
        if (!settings_parse(&settings_rows[i], value, &parsed)) {
            settings_put_range(&settings_rows[i], out_why);
            return SETTINGS_BAD;
        }
        settings_put(s, (enum settings_which)i, parsed);
        return 0;
    }
    return settings_fail_unknown(name, out_why);
}

bool settings_is_for_screen(struct text name)
{
    for (size_t i = 0; i < ARRAY_SIZE(settings_rows); i++) {
        if (text_equal_nocase(name, text_of(settings_rows[i].name))) {
            return !settings_rows[i].is_for_lines;
        }
    }
    return false;
}

static void settings_put_row(const struct settings *s, enum settings_which which, struct buf *out)
{
    const struct settings_row *row = &settings_rows[which];
    uint64_t value = settings_get(s, which);

    buf_format(out, "%-11s", row->name);
    if (row->words[0] != NULL) {
        buf_format(out, "%-9s", row->words[value]);
    } else {
        buf_format(out, "%-9llu", (unsigned long long)value);
    }
    buf_format(out, "%s\n", row->help);
}

void settings_put_all(const struct settings *s, bool has_screen, struct buf *out)
{
    for (size_t i = 0; i < ARRAY_SIZE(settings_rows); i++) {
        if (has_screen || settings_rows[i].is_for_lines) {
            settings_put_row(s, (enum settings_which)i, out);
        }
    }
}

int settings_put_one(const struct settings *s, struct text name, struct buf *out)
{
    for (size_t i = 0; i < ARRAY_SIZE(settings_rows); i++) {
        if (text_equal_nocase(name, text_of(settings_rows[i].name))) {
            settings_put_row(s, (enum settings_which)i, out);
            return 0;
        }
    }
    return settings_fail_unknown(name, out);
}
