/* SPDX-License-Identifier: MIT */
/* picture SCRIPT: the screen that a script of tests/screens ends with, as SVG on standard output.
 * Positions are exact whatever font there is: each run of text says how wide it is, and lines are
 * drawn as lines. tests/screens/picture.screen becomes docs/pictures/client.svg. */
#include "support/screen_script.h"

enum {
    CELL_WIDTH = 9,
    CELL_HEIGHT = 20,
    BASELINE = 15,
    MARGIN = 16,
    BAR = 34,
    PICTURE_MAX = 1 << 20
};

static const char paper[] = "#171a23", ink[] = "#cfd4e2", frame[] = "#232838",
                  line_ink[] = "#4a5168";

/* The sixteen colours, on a dark ground. */
static const char *const colours[] = {
    "#3b4252", "#e0707a", "#8cc27a", "#d9b26a", "#6f9fe8", "#c08ae0", "#62bfc6", "#cfd4e2",
    "#6b7390", "#ff8f98", "#a6e08f", "#f2cf86", "#8fb8ff", "#d9a6f5", "#7fdde4", "#ffffff",
};

struct run { /* cells of one row that look the same */
    unsigned row, from, end;
    struct style style;
};

static const char *colour_of(int8_t number, const char *otherwise)
{
    return number == STYLE_OWN_COLOUR ? otherwise : colours[number];
}

static unsigned x_of(unsigned column)
{
    return MARGIN + column * CELL_WIDTH;
}

static unsigned y_of(unsigned row)
{
    return BAR + row * CELL_HEIGHT;
}

static void put_rect(unsigned x, unsigned y, unsigned width, unsigned height, const char *fill)
{
    (void)printf("<rect x=\"%u\" y=\"%u\" width=\"%u\" height=\"%u\" fill=\"%s\"/>\n", x, y, width,
                 height, fill);
}

static bool cell_is(const struct cell *cell, const char *text)
{
    return text_equal((struct text){ .at = cell->bytes, .len = cell->len }, text_of(text));
}

static bool is_across(const struct cell *cell)
{
    return cell_is(cell, "\xE2\x94\x80");
}

static bool is_down(const struct cell *cell)
{
    return cell_is(cell, "\xE2\x94\x82");
}

/* Wide characters stand alone, so that a font in which they are not twice as wide moves nothing. */
static bool is_same_run(const struct cell *a, const struct cell *b)
{
    return style_equal(a->style, b->style) && a->columns == 1 && b->columns == 1 &&
           is_across(a) == is_across(b) && !is_down(a) && !is_down(b);
}

static void put_escaped(const struct grid *g, const struct run *run)
{
    for (unsigned column = run->from; column < run->end; column++) {
        const struct cell *cell = grid_cell(g, run->row, column);

        switch (cell->bytes[0]) {
        case '<': (void)printf("&lt;"); break;
        case '>': (void)printf("&gt;"); break;
        case '&': (void)printf("&amp;"); break;
        default: (void)printf("%.*s", (int)cell->len, cell->bytes);
        }
    }
}

static void put_look(struct style style, const char *fill)
{
    (void)printf(" fill=\"%s\"", fill);
    if ((style.bits & STYLE_DIM) != 0) {
        (void)printf(" opacity=\".6\"");
    }
    if ((style.bits & STYLE_BOLD) != 0) {
        (void)printf(" font-weight=\"bold\"");
    }
    if ((style.bits & STYLE_ITALIC) != 0) {
        (void)printf(" font-style=\"italic\"");
    }
    if ((style.bits & STYLE_UNDERLINE) != 0) {
        (void)printf(" text-decoration=\"underline\"");
    }
}

static bool is_blank(const struct grid *g, unsigned row, unsigned column)
{
    return cell_is(grid_cell(g, row, column), " ");
}

static void put_text(const struct grid *g, struct run run, const char *fill)
{
    while (run.from < run.end && is_blank(g, run.row, run.from)) {
        run.from++;
    }
    while (run.end > run.from && is_blank(g, run.row, run.end - 1)) {
        run.end--;
    }
    if (run.from == run.end) {
        return;
    }
    (void)printf("<text x=\"%u\" y=\"%u\" textLength=\"%u\"", x_of(run.from),
                 y_of(run.row) + BASELINE, (run.end - run.from) * CELL_WIDTH);
    put_look(run.style, fill);
    (void)printf(">");
    put_escaped(g, &run);
    (void)printf("</text>\n");
}

static bool is_reverse(struct style style)
{
    return (style.bits & STYLE_REVERSE) != 0;
}

/* NULL: that of the window. */
static const char *ground_of(struct style style)
{
    return is_reverse(style) ? colour_of(style.ink, ink) : colour_of(style.paper, NULL);
}

static void put_run(const struct grid *g, const struct run *run)
{
    const struct cell *first = grid_cell(g, run->row, run->from);
    const char *own = is_reverse(run->style) ? colour_of(run->style.paper, paper)
                                             : colour_of(run->style.ink, ink);

    if (is_across(first)) {
        put_rect(x_of(run->from), y_of(run->row) + CELL_HEIGHT / 2,
                 (run->end - run->from) * CELL_WIDTH, 1, line_ink);
    } else if (is_down(first)) {
        put_rect(x_of(run->from) + CELL_WIDTH / 2, y_of(run->row), 1, CELL_HEIGHT, line_ink);
    } else {
        put_text(g, *run, own);
    }
}

/* As few as there can be: between two of them a seam may be seen. */
static void put_grounds(const struct grid *g, unsigned row)
{
    unsigned from = 0, end;

    for (; from < g->columns; from = end) {
        const char *ground = ground_of(grid_cell(g, row, from)->style);

        end = from + 1;
        while (end < g->columns && ground_of(grid_cell(g, row, end)->style) == ground) {
            end++;
        }
        if (ground != NULL) {
            put_rect(x_of(from), y_of(row), (end - from) * CELL_WIDTH, CELL_HEIGHT, ground);
        }
    }
}

static void put_row(const struct grid *g, unsigned row)
{
    struct run run = { .row = row };

    put_grounds(g, row);
    while (run.from < g->columns) {
        const struct cell *first = grid_cell(g, row, run.from);

        run.style = first->style;
        run.end = run.from + (first->columns == 2 ? 2 : 1);
        while (run.end < g->columns && is_same_run(first, grid_cell(g, row, run.end))) {
            run.end++;
        }
        put_run(g, &run);
        run.from = run.end;
    }
}

static void put_window(unsigned width, unsigned height)
{
    static const char *const dots[] = { "#e0707a", "#d9b26a", "#8cc27a" };

    (void)printf(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %u %u\" width=\"%u\" "
        "height=\"%u\" role=\"img\" font-family=\"ui-monospace, 'DejaVu Sans Mono', Menlo, "
        "Consolas, monospace\" font-size=\"15\" xml:space=\"preserve\">\n"
        "<title>partyline in a terminal</title>\n",
        width, height, width, height);
    (void)printf("<rect width=\"%u\" height=\"%u\" rx=\"9\" fill=\"%s\"/>\n"
                 "<path d=\"M0 26V9a9 9 0 0 1 9-9H%ua9 9 0 0 1 9 9V26z\" fill=\"%s\"/>\n",
                 width, height, paper, width - 9, frame);
    for (unsigned i = 0; i < ARRAY_SIZE(dots); i++) {
        (void)printf("<circle cx=\"%u\" cy=\"13\" r=\"5\" fill=\"%s\"/>\n", 18 + 18 * i, dots[i]);
    }
}

static void put_picture(const struct grid *g)
{
    put_window(2 * MARGIN + g->columns * CELL_WIDTH, BAR + g->rows * CELL_HEIGHT + MARGIN);
    for (unsigned row = 0; row < g->rows; row++) {
        put_row(g, row);
    }
    put_rect(x_of(g->cursor_column), y_of(g->cursor_row) + 1, CELL_WIDTH, CELL_HEIGHT - 2, ink);
    (void)printf("</svg>\n");
}

int main(int argc, char *argv[])
{
    static char script[SCRIPT_MAX], unused[PICTURE_MAX];
    static struct desk_rig rig;
    struct buf out = buf_over(unused, sizeof(unused));

    if (argc != 2) {
        (void)fprintf(stderr, "usage: picture SCRIPT\n");
        return 2;
    }
    (void)setenv("TZ", "UTC", 1);
    script_run(&rig, script_read(argv[1], script), &out);
    desk_draw(&rig.desk);
    put_picture(&rig.desk.grid);
    desk_rig_end(&rig);
    return fflush(stdout) == 0 && ferror(stdout) == 0 ? 0 : 1;
}
