/* SPDX-License-Identifier: MIT */
/* What a person takes for one character. Owns the rules of what is left out of the screen; where
 * characters end is libutf8proc's knowledge. */
#include "grapheme.h"

#include <utf8proc.h>

enum { GRAPHEME_CODE_LONGEST = 4, GRAPHEME_REPLACEMENT = 0xFFFD };

int32_t grapheme_code(struct text t, size_t *out_len)
{
    utf8proc_int32_t code;
    utf8proc_ssize_t len =
        utf8proc_iterate((const utf8proc_uint8_t *)t.at,
                         (utf8proc_ssize_t)size_min(t.len, GRAPHEME_CODE_LONGEST), &code);

    if (len <= 0) {
        *out_len = 1;
        return GRAPHEME_REPLACEMENT;
    }
    *out_len = (size_t)len;
    return code;
}

bool grapheme_is_mark(int32_t code)
{
    utf8proc_category_t category;

    if ((code >= 0xFE00 && code <= 0xFE0F) || code >= 0xE0000) { /* variation selectors, tags */
        return false;
    }
    category = utf8proc_category(code);
    return (category == UTF8PROC_CATEGORY_MN || category == UTF8PROC_CATEGORY_ME) &&
           utf8proc_charwidth(code) == 0;
}

unsigned grapheme_code_columns(int32_t code)
{
    if (code >= 0x20 && code < 0x7F) {
        return 1;
    }
    if (code == 0xAD || (code >= 0x1F3FB && code <= 0x1F3FF)) { /* soft hyphen, skin tones */
        return 0;
    }
    return (unsigned)utf8proc_charwidth(code);
}

static bool grapheme_is_ascii(char c)
{
    return c >= 0x20 && c < 0x7F;
}

struct grapheme grapheme_first(struct text t)
{
    struct grapheme g = { .len = 1, .columns = 1 };
    utf8proc_int32_t state = 0;
    int32_t before, code;
    size_t len;

    if (grapheme_is_ascii(t.at[0]) && (t.len == 1 || grapheme_is_ascii(t.at[1]))) {
        return g; /* nearly always */
    }
    before = grapheme_code(t, &g.len);
    g.columns = grapheme_code_columns(before);
    while (g.len < t.len) {
        code = grapheme_code((struct text){ .at = t.at + g.len, .len = t.len - g.len }, &len);
        if (utf8proc_grapheme_break_stateful(before, code, &state)) {
            break;
        }
        g.len += len;
        g.columns += grapheme_code_columns(code);
        before = code;
    }
    return g;
}

size_t grapheme_last_len(struct text t)
{
    size_t last = 0;

    while (t.len > 0) {
        last = grapheme_first(t).len;
        t = (struct text){ .at = t.at + last, .len = t.len - last };
    }
    return last;
}

unsigned grapheme_columns(struct text t)
{
    unsigned columns = 0;

    while (t.len > 0) {
        struct grapheme g = grapheme_first(t);

        columns += g.columns;
        t = (struct text){ .at = t.at + g.len, .len = t.len - g.len };
    }
    return columns;
}

struct text grapheme_fit(struct text t, unsigned columns)
{
    struct text fit = { .at = t.at, .len = 0 };

    while (fit.len < t.len) {
        struct grapheme g =
            grapheme_first((struct text){ .at = t.at + fit.len, .len = t.len - fit.len });

        if (g.columns > columns) {
            break;
        }
        columns -= g.columns;
        fit.len += g.len;
    }
    return fit;
}
