/* SPDX-License-Identifier: MIT */
/* What the desktop is to show while nobody looks at the terminal: which message, when, and in which
 * sequence of the terminal's own. Pure; time is an argument. What comes faster than the desktop
 * should show it waits, and only the last of it is shown, with how many there were.
 *
 * Sequences: OSC 9 is iTerm2's ("Proprietary Escape Codes"), OSC 777 rxvt-unicode's (its extension
 * "notify"), OSC 99 kitty's ("Desktop notifications"). tmux passes on what is packed for it, if it
 * is allowed to (tmux(1), allow-passthrough). */
#ifndef CLIENT_ALERT_H
#define CLIENT_ALERT_H

#include "scrollback.h"
#include "settings.h"

enum {
    ALERT_INTERVAL_MS = 10 * 1000, /* between two */
    ALERT_TITLE_MAX = 160,         /* bytes; the rest is cut */
    ALERT_BODY_MAX = 320,
    ALERT_BYTES_MAX = 1024 /* of a sequence */
};

struct alert { /* all zero: nothing waits, nothing was shown */
    char title[ALERT_TITLE_MAX], body[ALERT_BODY_MAX];
    size_t title_len, body_len;
    unsigned n; /* messages that wait; `title` and `body` are the last one's */
    bool was_shown;
    int64_t shown_ms; /* on the monotonic clock, as below */
};

/* What sequences go to. */
struct alert_place {
    enum settings_notify known; /* what it is known to understand; SETTINGS_NOTIFY_OFF: nothing */
    bool is_tmux;               /* which is to pass it on */
};

/* What the environment says, through `look`, which returns NULL for a variable that is not set. */
struct alert_place alert_place(const char *(*look)(const char *name));

/* `room` is empty in private. */
void alert_add(struct alert *a, struct text room, const struct scrollback_record *record);
/* The user looks: what waits needs not be shown any more. */
void alert_drop(struct alert *a);
/* When what waits may be shown; INT64_MAX if nothing does. */
int64_t alert_due_ms(const struct alert *a);
/* Writes what waits as a sequence of at most ALERT_BYTES_MAX that shows nothing on the screen,
 * whether or not it gets to the desktop; for SETTINGS_NOTIFY_OFF, and for SETTINGS_NOTIFY_AUTO
 * where nothing is known of the terminal, nothing. Then nothing waits. */
void alert_put(struct alert *a, enum settings_notify wish, const struct alert_place *place,
               int64_t now_ms, struct buf *out);

#endif
