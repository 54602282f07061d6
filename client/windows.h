/* SPDX-License-Identifier: MIT */
/* All conversations, and which one the user looks at. Pure. Takes the events that the model makes
 * to the windows where a person expects them, and counts what has not been seen. */
#ifndef CLIENT_WINDOWS_H
#define CLIENT_WINDOWS_H

#include "alert.h"
#include "settings.h"
#include "window.h"

enum { WINDOWS_MAX = 1 + 2 * MODEL_ROOMS_MAX };

struct windows {
    const struct model *model;        /* borrowed */
    const struct settings *settings;  /* borrowed */
    struct window *list[WINDOWS_MAX]; /* owned; the first one is the server's */
    size_t n, current, before;        /* before: the one looked at until then */
    bool has_focus;                   /* the terminal is being looked at, as far as we know */
    bool wants_names;                 /* the user has asked who is there, since the last room */
    bool rings;         /* something has happened that the user wants to hear; to be reset */
    struct alert alert; /* what spoke to the user while has_focus was false */
};

void windows_init(struct windows *ws, const struct model *model, const struct settings *settings);
void windows_fini(struct windows *ws);

/* The model has handled it already. */
void windows_take(struct windows *ws, const struct event *event);
/* A line of our own in the current window. */
void windows_note(struct windows *ws, enum event_kind kind, time_t at, struct text text);

struct window *windows_current(const struct windows *ws);
struct window *windows_find(const struct windows *ws, struct text name); /* NULL: none */
/* Finds or makes it; the server's window if there is no room for more. */
struct window *windows_open(struct windows *ws, enum window_kind kind, struct text name);
/* The server's window stays. */
void windows_close(struct windows *ws, struct window *w);

void windows_show(struct windows *ws, size_t i); /* nothing if there are not so many */
void windows_show_this(struct windows *ws, const struct window *w);
/* The next window with a mention, or else with something unread, or else the one before. */
void windows_show_next_unread(struct windows *ws);

#endif
