/* SPDX-License-Identifier: MIT */
/* A hostile server and any keys: each cell of the screen is text that no terminal obeys and takes
 * the columns it says, whatever the size. Input: lines; "k" and bytes are keys, "s" and two letters
 * a size, all others come from the server. */
#include "support/desk_rig.h"

#include "grapheme.h"
#include "lib/utf8.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { FUZZ_INPUT_MAX = 16 * 1024 };

static void fuzz_assert(bool is_true)
{
    if (!is_true) {
        abort();
    }
}

static void fuzz_check_cell(const struct grid *g, unsigned row, unsigned column)
{
    const struct cell *cell = grid_cell(g, row, column);
    struct text t = { .at = cell->bytes, .len = cell->len };
    size_t len;

    fuzz_assert(cell->columns <= 2);
    if (cell->columns == 0) {
        fuzz_assert(column > 0 && grid_cell(g, row, column - 1)->columns == 2 && t.len == 0);
        return;
    }
    fuzz_assert(t.len > 0 && utf8_is_clean(t, UTF8_KEEP_NONE));
    fuzz_assert(grapheme_code_columns(grapheme_code(t, &len)) == cell->columns);
    fuzz_assert(cell->columns == 1 || column + 1 < g->columns);
    for (size_t at = len; at < t.len; at += len) {
        fuzz_assert(grapheme_is_mark(
            grapheme_code((struct text){ .at = t.at + at, .len = t.len - at }, &len)));
    }
}

static void fuzz_check(struct desk_rig *r)
{
    const struct grid *g = &r->desk.grid;

    desk_draw(&r->desk);
    for (unsigned row = 0; row < g->rows; row++) {
        for (unsigned column = 0; column < g->columns; column++) {
            fuzz_check_cell(g, row, column);
        }
    }
    fuzz_assert(g->cursor_row < g->rows && g->cursor_column < g->columns);
}

static void fuzz_step(struct desk_rig *r, struct text line)
{
    struct text rest = { .at = line.at + 1, .len = line.len == 0 ? 0 : line.len - 1 };

    if (line.len > 0 && line.at[0] == 'k') {
        desk_rig_type(r, rest);
    } else if (line.len > 2 && line.at[0] == 's') {
        desk_resize(&r->desk, 1 + (unsigned char)line.at[1] % 40,
                    1 + (unsigned char)line.at[2] % 120);
    } else if (text_equal(line, TEXT("lost"))) {
        desk_rig_lose(r);
    } else {
        desk_rig_hear(r, line);
    }
    bytes_fini(&r->model.out);
    fuzz_check(r);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct desk_rig rig;
    struct text input = { (const char *)data, size_min(size, FUZZ_INPUT_MAX) };

    desk_rig_begin(&rig, 10, 70);
    desk_rig_enter(&rig);
    while (input.len > 0) {
        fuzz_step(&rig, text_cut(&input, '\n'));
    }
    desk_rig_end(&rig);
    return 0;
}
