/* SPDX-License-Identifier: MIT */
/* A text cut into rows. Owns where a row may end: at a space, which then is not seen, or inside a
 * word that is longer than a row, never inside a character. */
#include "wrap.h"

struct wrap wrap_begin(struct text t, struct style base, unsigned columns)
{
    return (struct wrap){ .pen = pen_begin(t, base), .columns = columns == 0 ? 1 : columns };
}

struct wrap_cut {
    const char *end; /* of the row */
    struct pen next; /* what the next row begins with */
};

static bool wrap_is_space(const struct pen_piece *piece)
{
    return piece->text.len == 1 && piece->text.at[0] == ' ';
}

static struct wrap_cut wrap_cut_at(struct pen next)
{
    return (struct wrap_cut){ .end = next.rest.at, .next = next };
}

/* Walks until the row is full. A character wider than the whole row stands in a row of its own,
 * where nothing of it is drawn. */
static struct wrap_cut wrap_find(const struct wrap *w)
{
    struct pen p = w->pen;
    struct pen before = p;
    struct pen_piece piece;
    struct wrap_cut cut = { .end = NULL };
    unsigned used = 0;

    while (pen_next(&p, &piece)) {
        if (wrap_is_space(&piece) && used > 0) {
            cut = (struct wrap_cut){ .end = piece.text.at, .next = p };
        }
        if (used + piece.columns > w->columns) {
            return cut.end != NULL ? cut : wrap_cut_at(used == 0 ? p : before);
        }
        used += piece.columns;
        before = p;
    }
    return wrap_cut_at(p);
}

bool wrap_next(struct wrap *w, struct pen *out_row)
{
    struct wrap_cut cut;

    if (w->has_begun && w->pen.rest.len == 0) {
        return false;
    }
    cut = wrap_find(w);
    *out_row = w->pen;
    out_row->rest.len = (size_t)(cut.end - w->pen.rest.at);
    w->pen = cut.next;
    w->has_begun = true;
    return true;
}

unsigned wrap_rows(struct text t, unsigned columns)
{
    struct wrap w = wrap_begin(t, STYLE_PLAIN, columns);
    struct pen row;
    unsigned n = 0;

    while (wrap_next(&w, &row)) {
        n++;
    }
    return n;
}
