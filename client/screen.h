/* SPDX-License-Identifier: MIT */
/* The terminal as a screen: shows a grid, rings the bell, hands out the bytes of the keyboard. It
 * alone knows ncurses, which does not leave screen.c. */
#ifndef CLIENT_SCREEN_H
#define CLIENT_SCREEN_H

#include "grid.h"

struct screen;

enum screen_outcome { SCREEN_UNABLE = 1 /* the terminal's type is unknown, or cannot do enough */ };

/* Takes standard input and output over. Returns 0 and the screen, which the caller owns; or
 * SCREEN_UNABLE, and the terminal is as it was; or -errno. */
must_check int screen_new(const char *type, struct screen **out_screen);
/* Gives the terminal back as it was. Takes NULL; returns NULL. */
struct screen *screen_free(struct screen *s);

bool screen_has_colour(const struct screen *s);
/* The size there is now; false if it is the same as before. */
bool screen_measure(struct screen *s, unsigned *out_rows, unsigned *out_columns);
void screen_show(struct screen *s, const struct grid *g);
void screen_ring(struct screen *s);
/* A sequence that shows nothing on the screen. */
void screen_send(struct screen *s, struct text sequence);
void screen_redraw(struct screen *s); /* all of it, with the next screen_show() */
/* Gives the terminal back for a while, and takes it again. Both may be called twice. */
void screen_pause(struct screen *s);
void screen_resume(struct screen *s);

#endif
