/* SPDX-License-Identifier: MIT */
/* The terminal, or the pipe that stands in its place. It alone touches termios and standard input
 * and output. Where it can, it edits the line itself, so that what arrives is written above what is
 * being typed; where it cannot, lines are read as they come and no escape sequence is written. */
#ifndef CLIENT_TERM_H
#define CLIENT_TERM_H

#include "bytes.h"
#include "edit.h"

#include <termios.h>

enum {
    TERM_LINE_MAX = EDIT_LINE_MAX, /* a longer line is handed out in pieces */
    TERM_PROMPT_MAX = 80
};

enum term_colour {
    TERM_COLOUR_AUTO, /* on a terminal that is not dumb, unless NO_COLOR is set (no-color.org) */
    TERM_COLOUR_ALWAYS,
    TERM_COLOUR_NEVER
};

enum term_outcome {
    TERM_LINE = 1,
    TERM_AGAIN, /* no whole line yet */
    TERM_END,   /* ^C, ^D, or the end of the input */
    TERM_STOP   /* ^Z */
};

struct term_config {
    int in, out; /* borrowed descriptors; never made non-blocking: others share them */
    bool is_plain;
    enum term_colour colour;
    const char *type;     /* $TERM, may be NULL */
    const char *no_color; /* $NO_COLOR, may be NULL */
};

struct term {
    int in, out;
    bool is_editing;  /* else lines are read as they come */
    bool is_terminal; /* a person types, rather than a program */
    bool is_raw;
    bool has_colour;
    bool has_ended; /* the input */
    bool is_broken; /* the output: nothing more is written */
    struct termios saved;
    struct bytes input;
    size_t n_given;    /* bytes of input that the last line borrows */
    struct edit *edit; /* owned; NULL unless is_editing */
    char prompt[TERM_PROMPT_MAX];
    size_t prompt_len;
};

/* True if lines can be edited, or a screen drawn: both ends are one terminal of a useful type. */
bool term_can_edit(const struct term_config *config);
bool term_wants_colour(const struct term_config *config);
/* Decides what the terminal can do. Returns 0 or -errno; term_fini() may be called either way. */
must_check int term_init(struct term *t, const struct term_config *config);
/* Takes the line being typed off the screen and gives the terminal back as it was. */
void term_fini(struct term *t);

/* Reads once; only to be called when there is something. Returns 0 or -errno. */
must_check int term_read(struct term *t);
/* The next line that was read; borrowed until the next call. Returns an outcome. */
must_check int term_next_line(struct term *t, struct text *out_line);

/* Writes whole lines above the line being typed. */
void term_print(struct term *t, struct text lines);
void term_set_prompt(struct term *t, struct text prompt);
void term_redraw(struct term *t);
/* Gives the terminal back for a while, and takes it again. Both may be called twice. */
void term_pause(struct term *t);
void term_resume(struct term *t);

#endif
