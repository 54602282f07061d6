/* SPDX-License-Identifier: MIT */
/* Any bytes from a keyboard: the line stays clean, the cursor stands between characters, and the
 * part that is shown has the cursor in it. */
#include "edit.h"
#include "grapheme.h"
#include "lib/utf8.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { FUZZ_KEYS_MAX = 4096, FUZZ_CHECK_EVERY = 32 };

static void fuzz_assert(bool is_true)
{
    if (!is_true) {
        abort();
    }
}

static void fuzz_check(const struct edit *e)
{
    size_t at = 0, cursor;
    struct text view = edit_view(e, 20, &cursor);

    fuzz_assert(e->len <= EDIT_LINE_MAX && e->cursor <= e->len);
    fuzz_assert(utf8_is_clean(edit_text(e), UTF8_KEEP_NONE));
    while (at < e->cursor) {
        at += grapheme_first((struct text){ .at = e->line + at, .len = e->len - at }).len;
    }
    fuzz_assert(at == e->cursor);
    fuzz_assert(cursor < 20 && utf8_columns(view) < 20);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct edit edit;

    edit_init(&edit);
    for (size_t i = 0; i < size_min(size, FUZZ_KEYS_MAX); i++) {
        int r = edit_feed(&edit, (char)data[i]);

        fuzz_assert(r >= 0 && r < EDIT_UNKNOWN);
        if (i % FUZZ_CHECK_EVERY == 0) {
            fuzz_check(&edit);
        }
    }
    fuzz_check(&edit);
    edit_fini(&edit);
    return 0;
}
