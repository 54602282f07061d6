/* SPDX-License-Identifier: MIT */
/* Text with formatting codes. Owns what each code does to the look: colours beyond the sixteen that
 * everyone has are passed over, and so is "monospace", which a terminal always is. */
#include "pen.h"

#include "grapheme.h"

#include "lib/irc_format.h"

struct pen pen_begin(struct text t, struct style base)
{
    return (struct pen){ .rest = t, .base = base, .style = base };
}

static void pen_skip(struct pen *p, size_t n)
{
    p->rest = (struct text){ .at = p->rest.at + n, .len = p->rest.len - n };
}

/* IRC's numbers to those of terminals. */
static int8_t pen_colour(struct text digits, int8_t base)
{
    static const int8_t colours[] = { 15, 0, 4, 2, 9, 1, 5, 3, 11, 10, 6, 14, 12, 13, 8, 7 };
    uint64_t number;

    if (!text_number(digits, 99, &number) || number >= ARRAY_SIZE(colours)) {
        return base;
    }
    return colours[number];
}

/* `code` is 03 and what belongs to it: "", "N" or "N,M". */
static void pen_set_colour(struct pen *p, struct text code)
{
    struct text paper = { .at = code.at + 1, .len = code.len - 1 };
    struct text ink = text_cut(&paper, ',');

    if (ink.len == 0) {
        p->style.ink = p->base.ink;
        p->style.paper = p->base.paper;
        return;
    }
    p->style.ink = pen_colour(ink, p->base.ink);
    if (paper.len > 0) {
        p->style.paper = pen_colour(paper, p->base.paper);
    }
}

static unsigned pen_bit(char code)
{
    switch (code) {
    case 0x02: return STYLE_BOLD;
    case 0x16: return STYLE_REVERSE;
    case 0x1D: return STYLE_ITALIC;
    case 0x1E: return STYLE_STRIKE;
    case 0x1F: return STYLE_UNDERLINE;
    default: return 0;
    }
}

static void pen_take_code(struct pen *p)
{
    char code = p->rest.at[0];
    size_t len = 1;

    if (code == 0x03 || code == 0x04) {
        len = irc_format_color_len(p->rest, 0);
    }
    if (code == 0x03) {
        pen_set_colour(p, (struct text){ .at = p->rest.at, .len = len });
    } else if (code == 0x0F) {
        p->style = p->base;
    } else {
        p->style.bits = (uint8_t)(p->style.bits ^ pen_bit(code));
    }
    pen_skip(p, len);
}

bool pen_next(struct pen *p, struct pen_piece *out_piece)
{
    struct grapheme g;

    while (p->rest.len > 0 && ((unsigned char)p->rest.at[0] < 0x20 || p->rest.at[0] == 0x7F)) {
        pen_take_code(p);
    }
    if (p->rest.len == 0) {
        return false;
    }
    g = grapheme_first(p->rest);
    out_piece->text = (struct text){ .at = p->rest.at, .len = g.len };
    out_piece->columns = g.columns;
    out_piece->style = p->style;
    pen_skip(p, g.len);
    return true;
}
