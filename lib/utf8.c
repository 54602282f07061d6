/* SPDX-License-Identifier: MIT */
/* UTF-8 from people we do not trust. Owns the decision which characters may reach other people;
 * knows nothing of where text comes from. What utf8_clean() has written, utf8_is_clean() accepts,
 * and cleaning it again changes nothing. */
#include "lib/utf8.h"

#include <string.h>
#include <utf8proc.h>

enum { UTF8_LONGEST = 4, UTF8_INVALID = -1 };

struct utf8_char {
    int32_t code; /* or UTF8_INVALID */
    size_t len;   /* bytes; 1 for a stray byte */
};

static const struct text utf8_replacement = { .at = "\xEF\xBF\xBD", .len = UTF8_REPLACEMENT_BYTES };

static struct utf8_char utf8_next(struct text t)
{
    utf8proc_int32_t code;
    utf8proc_ssize_t len = utf8proc_iterate((const utf8proc_uint8_t *)t.at,
                                            (utf8proc_ssize_t)size_min(t.len, UTF8_LONGEST), &code);

    if (len <= 0) {
        return (struct utf8_char){ .code = UTF8_INVALID, .len = 1 };
    }
    return (struct utf8_char){ .code = code, .len = (size_t)len };
}

static struct text utf8_skip(struct text t, size_t n)
{
    return (struct text){ .at = t.at + n, .len = t.len - n };
}

static bool utf8_is_irc_format(int32_t code)
{
    static const char codes[] = { 0x01, 0x02, 0x03, 0x04, 0x0F, 0x11, 0x16, 0x1D, 0x1E, 0x1F };

    return code > 0 && code < 0x20 && memchr(codes, code, sizeof(codes)) != NULL;
}

static bool utf8_is_forbidden(int32_t code, enum utf8_keep keep)
{
    if (code < 0x20) {
        bool is_kept = (keep == UTF8_KEEP_FORMAT && utf8_is_irc_format(code)) ||
                       (keep == UTF8_KEEP_TEXT && (utf8_is_irc_format(code) || code == '\t'));

        return !is_kept;
    }
    return (code >= 0x7F && code <= 0x9F) || code == 0x2028 || code == 0x2029 ||
           (code >= 0x202A && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069);
}

/* What stands in clean text for the character c at `at`; empty if nothing does. */
static struct text utf8_cleaned(struct utf8_char c, const char *at, enum utf8_keep keep)
{
    if (c.code == UTF8_INVALID) {
        return utf8_replacement;
    }
    if (!utf8_is_forbidden(c.code, keep)) {
        return (struct text){ .at = at, .len = c.len };
    }
    if (keep == UTF8_MARK_ALL) {
        return utf8_replacement;
    }
    return c.code == '\t' ? TEXT(" ") : TEXT_NONE;
}

void utf8_clean(struct text in, enum utf8_keep keep, struct buf *out)
{
    while (in.len > 0) {
        size_t run = text_ascii_len(in);
        size_t fits = size_min(run, buf_space(out));
        struct text clean;
        struct utf8_char c;

        buf_put(out, in.at, fits);
        in = utf8_skip(in, fits);
        if (in.len == 0) {
            return;
        }
        c = utf8_next(in);
        clean = utf8_cleaned(c, in.at, keep);
        if (fits < run || clean.len > buf_space(out)) {
            out->full = true;
            return;
        }
        buf_text_put(out, clean);
        in = utf8_skip(in, c.len);
    }
}

/* All of it is UTF-8, and with `keep` nothing in it is forbidden. */
static bool utf8_is(struct text in, const enum utf8_keep *keep)
{
    for (;;) {
        struct utf8_char c;

        in = utf8_skip(in, text_ascii_len(in));
        if (in.len == 0) {
            return true;
        }
        c = utf8_next(in);
        if (c.code == UTF8_INVALID || (keep != NULL && utf8_is_forbidden(c.code, *keep))) {
            return false;
        }
        in = utf8_skip(in, c.len);
    }
}

bool utf8_is_clean(struct text in, enum utf8_keep keep)
{
    return utf8_is(in, &keep);
}

bool utf8_is_valid(struct text in)
{
    return utf8_is(in, NULL);
}

size_t utf8_last_len(struct text t)
{
    for (size_t n = 2; n <= size_min(t.len, UTF8_LONGEST); n++) {
        if (utf8_next(utf8_skip(t, t.len - n)).len == n) {
            return n;
        }
    }
    return size_min(t.len, 1);
}

size_t utf8_span(struct text t, size_t n)
{
    size_t len = 0;

    for (; n > 0 && len < t.len; n--) {
        len += utf8_next(utf8_skip(t, len)).len;
    }
    return len;
}

size_t utf8_fit(struct text t, size_t max)
{
    if (t.len <= max) {
        return t.len;
    }
    for (size_t back = 1; back < UTF8_LONGEST && back <= max; back++) {
        if (utf8_next(utf8_skip(t, max - back)).len > back) {
            return max - back;
        }
    }
    return max;
}

int32_t utf8_cut_folded_any(struct text *t)
{
    unsigned char first = (unsigned char)*t->at;
    struct utf8_char c = utf8_next(*t);

    *t = utf8_skip(*t, c.len);
    return c.code == UTF8_INVALID ? -(int32_t)first : utf8proc_tolower(utf8proc_toupper(c.code));
}

static bool utf8_starts_nocase(struct text t, struct text part)
{
    while (part.len > 0) {
        if (t.len == 0 || utf8_cut_folded(&t) != utf8_cut_folded(&part)) {
            return false;
        }
    }
    return true;
}

bool utf8_has_nocase(struct text t, struct text part)
{
    struct text rest = part;
    int32_t first;

    if (part.len == 0) {
        return true;
    }
    first = utf8_cut_folded(&rest);
    while (t.len > 0) {
        if (utf8_cut_folded(&t) == first && utf8_starts_nocase(t, rest)) {
            return true;
        }
    }
    return false;
}

size_t utf8_columns(struct text t)
{
    size_t columns = 0;

    while (t.len > 0) {
        struct utf8_char c = utf8_next(t);

        columns += c.code == UTF8_INVALID ? 1 : (size_t)utf8proc_charwidth(c.code);
        t = utf8_skip(t, c.len);
    }
    return columns;
}
