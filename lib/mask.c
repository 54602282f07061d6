/* SPDX-License-Identifier: MIT */
/* Matching goes back to the last '*' alone, which is enough: an earlier one could only take what
 * the last one can take as well. */
#include "lib/mask.h"

static bool mask_is_continuation(char c)
{
    return ((unsigned char)c & 0xc0) == 0x80;
}

/* The byte behind the character at `at`. */
static size_t mask_next_character(struct text t, size_t at)
{
    at++;
    while (at < t.len && mask_is_continuation(t.at[at])) {
        at++;
    }
    return at;
}

bool mask_match(struct text mask, struct text subject)
{
    size_t m = 0, s = 0, star = mask.len, retry = 0;

    while (s < subject.len) {
        if (m < mask.len && mask.at[m] == '*') {
            star = m++;
            retry = s;
        } else if (m < mask.len && mask.at[m] == '?') {
            m++;
            s = mask_next_character(subject, s);
        } else if (m < mask.len && text_lower(mask.at[m]) == text_lower(subject.at[s])) {
            m++;
            s++;
        } else if (star < mask.len) {
            m = star + 1;
            s = ++retry;
        } else {
            return false;
        }
    }
    while (m < mask.len && mask.at[m] == '*') {
        m++;
    }
    return m == mask.len;
}

bool mask_is_wild(struct text mask)
{
    return text_find(mask, '*') < mask.len || text_find(mask, '?') < mask.len;
}

void mask_complete(struct text given, struct buf *out)
{
    bool has_nick = text_find(given, '!') < given.len;
    bool has_host = text_find(given, '@') < given.len;
    bool is_host = !has_nick && !has_host &&
                   (text_find(given, '.') < given.len || text_find(given, ':') < given.len);

    if (!has_nick && (has_host || is_host)) {
        buf_text_put(out, TEXT("*!"));
    }
    if (is_host) {
        buf_text_put(out, TEXT("*@"));
    }
    buf_text_put(out, given);
    if (!has_host && !is_host) {
        buf_text_put(out, has_nick ? TEXT("@*") : TEXT("!*@*"));
    }
}
