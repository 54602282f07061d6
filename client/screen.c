/* SPDX-License-Identifier: MIT */
/* The terminal as a screen. Owns ncurses: cells go out through it, and it sends only what has
 * changed. Keys are read as bytes by others, since what they mean must be testable without a
 * terminal. A character that the C library takes for wider or narrower than we do is replaced: a
 * wrong character does less harm than a row that is out of step. */
#include "screen.h"

#include "grapheme.h"

#include <errno.h>
#include <locale.h>
#include <ncurses.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <wchar.h>

enum { SCREEN_PAIRS_SIDE = 17 }; /* the terminal's own colour and the sixteen */

/* Bracketed paste and focus reports (XTerm Control Sequences). */
static const char screen_modes_on[] = "\x1B[?2004h\x1B[?1004h";
static const char screen_modes_off[] = "\x1B[?2004l\x1B[?1004l";

struct screen {
    SCREEN *curses; /* owned */
    bool has_colour;
    bool is_paused;
    unsigned rows, columns;
    struct grid shown; /* what curses was given last; no cells: it must be given all */
    bool has_pair[SCREEN_PAIRS_SIDE * SCREEN_PAIRS_SIDE];
};

static void screen_write(struct text bytes)
{
    (void)!write(STDOUT_FILENO, bytes.at, bytes.len); /* if it is lost, so is the terminal */
}

/* We send UTF-8 whatever the locale says: rooms are full of it. */
static void screen_set_locale(void)
{
    if (setlocale(LC_CTYPE, "") == NULL || MB_CUR_MAX == 1) {
        (void)setlocale(LC_CTYPE, "C.UTF-8");
    }
}

static bool screen_can(const char *name)
{
    const char *sequence = tigetstr(name);

    return sequence != NULL && sequence != (const char *)-1;
}

static void screen_begin(struct screen *s)
{
    (void)raw();
    (void)noecho();
    (void)nonl();
    (void)leaveok(stdscr, FALSE);
    (void)intrflush(stdscr, FALSE);
    (void)typeahead(-1); /* a screen is never left half drawn because somebody types */
    s->has_colour = has_colors();
    if (s->has_colour) {
        (void)start_color();
        (void)use_default_colors();
    }
    screen_write(text_of(screen_modes_on));
}

int screen_new(const char *type, struct screen **out_screen)
{
    struct screen *s = calloc(1, sizeof(*s));

    if (s == NULL) {
        return -ENOMEM;
    }
    screen_set_locale();
    s->curses = newterm(type, stdout, stdin);
    if (s->curses == NULL || !screen_can("cup") || !screen_can("ed")) {
        (void)screen_free(s);
        return SCREEN_UNABLE;
    }
    screen_begin(s);
    *out_screen = s;
    return 0;
}

struct screen *screen_free(struct screen *s)
{
    if (s != NULL && s->curses != NULL) {
        screen_pause(s);
        delscreen(s->curses);
    }
    if (s != NULL) {
        grid_fini(&s->shown);
    }
    free(s);
    return NULL;
}

bool screen_has_colour(const struct screen *s)
{
    return s->has_colour;
}

bool screen_measure(struct screen *s, unsigned *out_rows, unsigned *out_columns)
{
    struct winsize size;
    unsigned rows = (unsigned)LINES, columns = (unsigned)COLS;

    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row > 0 && size.ws_col > 0) {
        rows = size.ws_row;
        columns = size.ws_col;
    }
    if (rows == s->rows && columns == s->columns) {
        return false;
    }
    s->rows = rows;
    s->columns = columns;
    (void)resizeterm((int)rows, (int)columns);
    (void)clearok(curscr, TRUE);
    grid_fini(&s->shown);
    *out_rows = rows;
    *out_columns = columns;
    return true;
}

/* -- cells -- */

static attr_t screen_attributes(struct style style)
{
    static const struct {
        unsigned bit;
        attr_t attribute;
    } rows[] = {
        { STYLE_BOLD, A_BOLD },           { STYLE_DIM, A_DIM },         { STYLE_ITALIC, A_ITALIC },
        { STYLE_UNDERLINE, A_UNDERLINE }, { STYLE_REVERSE, A_REVERSE },
    };
    attr_t attributes = A_NORMAL;

    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        if ((style.bits & rows[i].bit) != 0) {
            attributes |= rows[i].attribute;
        }
    }
    return attributes;
}

/* A terminal of eight colours shows the bright ones as bold. */
static short screen_colour(int8_t colour, attr_t *attributes)
{
    if (colour >= 8 && COLORS < 16) {
        *attributes |= A_BOLD;
        return (short)(colour - 8);
    }
    return colour;
}

/* Pairs are made when they are first used. */
static short screen_pair(struct screen *s, struct style style, attr_t *attributes)
{
    short ink = screen_colour(style.ink, attributes);
    attr_t ignored = 0;
    short paper = screen_colour(style.paper, &ignored);
    short pair = (short)((ink + 1) * SCREEN_PAIRS_SIDE + paper + 1);

    if (!s->has_colour || pair == 0 || pair >= COLOR_PAIRS) {
        return 0;
    }
    if (!s->has_pair[pair]) {
        if (init_pair(pair, ink, paper) == ERR) {
            return 0;
        }
        s->has_pair[pair] = true;
    }
    return pair;
}

/* False if the C library does not think that it takes the cell's columns. */
static bool screen_wide(const struct cell *cell, wchar_t wide[static CCHARW_MAX + 1])
{
    struct text rest = { .at = cell->bytes, .len = cell->len };
    size_t n = 0;

    while (rest.len > 0 && n < CCHARW_MAX) {
        size_t len;
        wchar_t code = (wchar_t)grapheme_code(rest, &len);
        int columns = wcwidth(code);

        if (columns != (n == 0 ? cell->columns : 0)) {
            break;
        }
        wide[n++] = code;
        rest = (struct text){ .at = rest.at + len, .len = rest.len - len };
    }
    wide[n] = L'\0';
    return n > 0;
}

static void screen_put_cell(struct screen *s, int row, int column, const struct cell *cell)
{
    static const wchar_t replacements[] = L"??";
    wchar_t wide[CCHARW_MAX + 1];
    attr_t attributes = screen_attributes(cell->style);
    short pair = screen_pair(s, cell->style, &attributes);
    cchar_t out;

    if (!screen_wide(cell, wide)) {
        wide[0] = replacements[0];
        wide[1] = L'\0';
    }
    if (setcchar(&out, wide, attributes, pair, NULL) == OK) {
        (void)mvadd_wch(row, column, &out);
    }
    if (cell->columns == 2 && wide[0] == replacements[0]) {
        (void)mvadd_wch(row, column + 1, &out);
    }
}

static bool screen_is_blank(const struct cell *cell)
{
    return cell->len == 1 && cell->bytes[0] == ' ' && style_equal(cell->style, STYLE_PLAIN);
}

static void screen_put_row(struct screen *s, const struct grid *g, unsigned row)
{
    (void)move((int)row, 0);
    (void)clrtoeol();
    for (unsigned column = 0; column < g->columns && column < s->columns; column++) {
        const struct cell *cell = grid_cell(g, row, column);

        if (cell->columns > 0 && !screen_is_blank(cell)) {
            screen_put_cell(s, (int)row, (int)column, cell);
        }
    }
}

/* curses would find out what has changed by itself, but being given a cell costs it, and us, 600
 * instructions: mostly it is one row. */
void screen_show(struct screen *s, const struct grid *g)
{
    if (s->is_paused) {
        return;
    }
    if (g->rows != s->shown.rows || g->columns != s->shown.columns) {
        (void)erase();
    }
    for (unsigned row = 0; row < g->rows && row < s->rows; row++) {
        if (!grid_row_equal(g, &s->shown, row)) {
            screen_put_row(s, g, row);
        }
    }
    grid_copy(&s->shown, g);
    (void)move((int)g->cursor_row, (int)g->cursor_column);
    (void)refresh();
}

void screen_ring(struct screen *s)
{
    if (!s->is_paused) {
        (void)beep();
        (void)fflush(stdout);
    }
}

/* Between two refreshes nothing of the screen is left in a buffer. */
void screen_send(struct screen *s, struct text sequence)
{
    if (!s->is_paused) {
        screen_write(sequence);
    }
}

void screen_redraw(struct screen *s)
{
    (void)s;
    (void)clearok(curscr, TRUE);
}

void screen_pause(struct screen *s)
{
    if (!s->is_paused) {
        s->is_paused = true;
        screen_write(text_of(screen_modes_off));
        (void)endwin();
    }
}

void screen_resume(struct screen *s)
{
    if (s->is_paused) {
        s->is_paused = false;
        (void)refresh();
        screen_write(text_of(screen_modes_on));
        screen_redraw(s);
    }
}
