/* SPDX-License-Identifier: MIT */
/* What the user can set, each with a name, a default and a sentence; /set and the configuration
 * file go through the same table. Pure. */
#ifndef CLIENT_SETTINGS_H
#define CLIENT_SETTINGS_H

#include "lib/text.h"

enum settings_bell {
    SETTINGS_BELL_OFF,
    SETTINGS_BELL_PRIVATE,
    SETTINGS_BELL_MENTIONS,
    SETTINGS_BELL_ALL
};

/* By which of the terminal's sequences the desktop is told; alert.h has their sources. */
enum settings_notify {
    SETTINGS_NOTIFY_OFF,
    SETTINGS_NOTIFY_AUTO, /* as the terminal's name says */
    SETTINGS_NOTIFY_OSC9,
    SETTINGS_NOTIFY_OSC777,
    SETTINGS_NOTIFY_OSC99
};

struct settings {
    enum settings_bell bell;
    enum settings_notify notify;
    bool shows_members;
    bool logs;               /* what is said is kept in files */
    bool shows_comings;      /* who joins, leaves, is renamed */
    uint64_t n_history;      /* messages shown of a room that is entered */
    uint64_t scrollback_mib; /* for each window */
};

enum settings_outcome {
    SETTINGS_UNKNOWN = 1, /* there is no such setting */
    SETTINGS_BAD          /* out_why says what would be right */
};

void settings_init(struct settings *s);
must_check int settings_set(struct settings *s, struct text name, struct text value,
                            struct buf *out_why);
/* It means nothing in line mode. */
bool settings_is_for_screen(struct text name);
/* "bell mentions   when to ring: ..." for each, a line each; without a screen for those that mean
 * something then. */
void settings_put_all(const struct settings *s, bool has_screen, struct buf *out);
/* The line of one; else SETTINGS_UNKNOWN, and `out` says so. */
must_check int settings_put_one(const struct settings *s, struct text name, struct buf *out);

#endif
