/* SPDX-License-Identifier: MIT */
/* Cleaning: what comes out is clean, cleaning it again changes nothing, what was clean is left as
 * it was, and a cut never splits a character. */
#include "lib/utf8.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { FUZZ_TEXT_MAX = 4096 };

static void fuzz_assert(bool is_true)
{
    if (!is_true) {
        abort();
    }
}

static void fuzz_clean(struct text in, enum utf8_keep keep)
{
    static char once_space[FUZZ_TEXT_MAX * UTF8_REPLACEMENT_BYTES];
    static char twice_space[sizeof(once_space)];
    struct buf once = buf_over(once_space, in.len * UTF8_REPLACEMENT_BYTES);
    struct buf twice = buf_over(twice_space, sizeof(twice_space));

    utf8_clean(in, keep, &once);
    fuzz_assert(!once.full);
    fuzz_assert(utf8_is_clean(buf_text(&once), keep));
    utf8_clean(buf_text(&once), keep, &twice);
    fuzz_assert(text_equal(buf_text(&once), buf_text(&twice)));
    fuzz_assert(!utf8_is_clean(in, keep) || text_equal(in, buf_text(&once)));
}

/* Clean text stays clean on both sides of every cut. */
static void fuzz_cut(struct text clean)
{
    for (size_t max = 0; max <= clean.len; max++) {
        size_t fits = utf8_fit(clean, max);
        struct text front = { clean.at, fits };
        struct text back = { clean.at + fits, clean.len - fits };

        fuzz_assert(fits <= max && max - fits < 4);
        fuzz_assert(utf8_is_clean(front, UTF8_KEEP_FORMAT));
        fuzz_assert(utf8_is_clean(back, UTF8_KEEP_FORMAT));
        fuzz_assert(utf8_last_len(front) <= fits && (fits == 0) == (utf8_last_len(front) == 0));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct text in = { (const char *)data, size_min(size, FUZZ_TEXT_MAX) };

    fuzz_clean(in, UTF8_KEEP_NONE);
    fuzz_clean(in, UTF8_KEEP_FORMAT);
    fuzz_clean(in, UTF8_KEEP_TEXT);
    fuzz_clean(in, UTF8_MARK_ALL);
    fuzz_assert(utf8_columns(in) <= 2 * in.len);
    if (in.len <= 256 && utf8_is_clean(in, UTF8_KEEP_FORMAT)) {
        fuzz_cut(in);
    }
    return 0;
}
