/* SPDX-License-Identifier: MIT */
/* What a person at the full screen has in front of them: windows, the line being typed, and what
 * each key does. Pure: keys and events in; lines to be said, and a screen of cells, out. */
#ifndef CLIENT_DESK_H
#define CLIENT_DESK_H

#include "complete.h"
#include "view.h"

enum {
    DESK_COMMANDS_MAX = 64,
    DESK_PROMPT_MAX = 160,
    DESK_CONNECTION_MAX = 80,
    DESK_PASTE_AHEAD = 512, /* bytes of a paste that may be said and not heard */
};

enum desk_mode {
    DESK_TYPING,
    DESK_SEARCHING, /* in the scrollback, for what is typed */
    DESK_ASKING     /* whether a paste of several lines is meant */
};

enum desk_outcome {
    DESK_AGAIN, /* nothing to do for anybody else */
    DESK_LINE,  /* there is something to say: desk_next_line() */
    DESK_END,   /* ^C or ^D on an empty line */
    DESK_STOP,  /* ^Z */
    DESK_REDRAW /* the terminal may show something else than we think */
};

struct desk {
    struct model *model; /* borrowed */
    struct settings settings;
    struct windows windows;
    struct edit edit;   /* what is typed to others */
    struct edit search; /* what is looked for */
    struct complete complete;
    struct keys keys;
    enum desk_mode mode;
    struct bytes lines;    /* to be said, each with '\n' */
    size_t n_given;        /* bytes of `lines` that the last one handed out borrows */
    struct bytes paste;    /* while asking */
    struct bytes pasted;   /* to be said when there is room: "WHERE TEXT\n" */
    size_t n_pasted;       /* lines of it that were not handed out */
    size_t n_pasted_given; /* bytes of it that the last one borrows */
    struct grid grid;
    bool has_colour;
    bool is_dirty; /* the screen is not what it should be */
    const char *commands[DESK_COMMANDS_MAX];
    char connection[DESK_CONNECTION_MAX];
    size_t connection_len;
};

/* The settings are copied, and what the model's /set changes from now on. */
void desk_init(struct desk *d, struct model *model, const struct settings *settings,
               bool has_colour);
void desk_fini(struct desk *d);

/* What the terminal sends. `now` is the time of what we say ourselves. Returns an outcome. */
must_check enum desk_outcome desk_feed(struct desk *d, char byte, time_t now);
/* Nothing has come for a moment: a lone Escape is the key of that name. */
void desk_flush_keys(struct desk *d, time_t now);
/* A line for the server or for typed.h; borrowed until the next call. */
bool desk_next_line(struct desk *d, struct text *out_line);

void desk_take(struct desk *d, const struct event *event);
void desk_set_connection(struct desk *d, struct text state);
void desk_resize(struct desk *d, unsigned rows, unsigned columns);
/* Draws d->grid anew. */
void desk_draw(struct desk *d);

/* -- parts of desk, for its own files -- */

void desk_paste(struct desk *d, struct text pasted);
/* A key while it asks whether a paste is meant. */
enum desk_outcome desk_answer(struct desk *d, const struct key *key);
bool desk_next_pasted(struct desk *d, struct text *out_line);
void desk_pasted_is_said(struct desk *d);
/* False if there was nothing to stop. */
bool desk_stop_pasting(struct desk *d, time_t now);
void desk_put_pasting(const struct desk *d, struct buf *out);

/* True if the line was a command of the desk's own. */
bool desk_command(struct desk *d, struct text line, time_t now);
const char *desk_command_name(size_t i); /* NULL behind the last one */
struct view desk_view(const struct desk *d, struct buf *prompt);
void desk_search_from(struct desk *d, uint64_t from);
/* Where what is typed goes; empty: nowhere. */
struct text desk_target(const struct desk *d);
/* The model says to the window that is looked at, and that window counts as read. */
void desk_settle(struct desk *d);
void desk_scroll_to_end(struct desk *d);

#endif
