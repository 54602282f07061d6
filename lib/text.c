/* SPDX-License-Identifier: MIT */
/* Borrowed text and bounded building of text. Knows ASCII only, whatever the locale: what arrives
 * here may come from anywhere. Never allocates, never writes past a buffer, never half an append.
 */
#include "lib/text.h"

#include <string.h>

#define TEXT_TOP_BITS UINT64_C(0x8080808080808080)
#define TEXT_SPACES   UINT64_C(0x2020202020202000) /* beside one byte that is looked at alone */

struct text text_of(const char *string)
{
    if (string == NULL) {
        return TEXT_NONE;
    }
    return (struct text){ .at = string, .len = strlen(string) };
}

bool text_equal(struct text a, struct text b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.at, b.at, a.len) == 0);
}

bool text_equal_nocase(struct text a, struct text b)
{
    if (a.len != b.len) {
        return false;
    }
    for (size_t i = 0; i < a.len; i++) {
        if (text_lower(a.at[i]) != text_lower(b.at[i])) {
            return false;
        }
    }
    return true;
}

bool text_starts_with(struct text t, struct text prefix)
{
    return t.len >= prefix.len && (prefix.len == 0 || memcmp(t.at, prefix.at, prefix.len) == 0);
}

bool text_cut_prefix(struct text *rest, struct text prefix)
{
    if (!text_starts_with(*rest, prefix)) {
        return false;
    }
    *rest = (struct text){ rest->at + prefix.len, rest->len - prefix.len };
    return true;
}

size_t text_find(struct text t, char c)
{
    const char *found = t.len == 0 ? NULL : memchr(t.at, c, t.len);

    return found == NULL ? t.len : (size_t)(found - t.at);
}

static struct text text_skip(struct text t, size_t n)
{
    return (struct text){ .at = t.at + n, .len = t.len - n };
}

static struct text text_skip_spaces(struct text t)
{
    size_t n = 0;

    while (n < t.len && t.at[n] == ' ') {
        n++;
    }
    return text_skip(t, n);
}

struct text text_trim(struct text t)
{
    t = text_skip_spaces(t);
    while (t.len > 0 && t.at[t.len - 1] == ' ') {
        t.len--;
    }
    return t;
}

struct text text_cut_word(struct text *rest)
{
    struct text word = text_skip_spaces(*rest);
    size_t end = text_find(word, ' ');

    *rest = text_skip_spaces(text_skip(word, end));
    word.len = end;
    return word;
}

struct text text_cut(struct text *rest, char separator)
{
    struct text before = *rest;
    size_t end = text_find(before, separator);

    *rest = text_skip(before, end == before.len ? end : end + 1);
    before.len = end;
    return before;
}

/* Of eight bytes: the top bits of those below 0x20, and of 0x7f and 0xff. No carry leaves a byte:
 * the first sum sets the top bit of what has all seven below, the second of what is from 0x20 on.
 */
static uint64_t text_controls(uint64_t bytes)
{
    uint64_t low = bytes & ~TEXT_TOP_BITS;
    uint64_t all_set = low + UINT64_C(0x0101010101010101);
    uint64_t not_control = (low + UINT64_C(0x6060606060606060)) | bytes;

    return (~not_control | all_set) & TEXT_TOP_BITS;
}

/* How many bytes at the beginning are neither controls nor have a top bit of `others`. */
static inline size_t text_run(struct text t, uint64_t others)
{
    size_t n = 0;
    uint64_t bytes;

    while (n + sizeof(bytes) <= t.len) {
        memcpy(&bytes, t.at + n, sizeof(bytes));
        if ((text_controls(bytes) | (bytes & others)) != 0) {
            break;
        }
        n += sizeof(bytes);
    }
    for (; n < t.len; n++) {
        bytes = (unsigned char)t.at[n] | TEXT_SPACES;
        if ((text_controls(bytes) | (bytes & others)) != 0) {
            break;
        }
    }
    return n;
}

size_t text_plain_len(struct text t)
{
    return text_run(t, 0);
}

size_t text_ascii_len(struct text t)
{
    return text_run(t, TEXT_TOP_BITS);
}

bool text_number(struct text t, uint64_t max, uint64_t *out_value)
{
    uint64_t value = 0;

    if (t.len == 0) {
        return false;
    }
    for (size_t i = 0; i < t.len; i++) {
        uint64_t digit = (uint64_t)(unsigned char)t.at[i] - '0';

        if (digit > 9 || digit > max || value > (max - digit) / 10) {
            return false;
        }
        value = value * 10 + digit;
    }
    *out_value = value;
    return true;
}

void buf_put(struct buf *b, const void *bytes, size_t len)
{
    if (len > buf_space(b)) {
        b->full = true;
        return;
    }
    if (len > 0) {
        memcpy(b->at + b->len, bytes, len);
        b->len += len;
    }
}

void buf_text_put(struct buf *b, struct text t)
{
    buf_put(b, t.at, t.len);
}

void buf_char(struct buf *b, char c)
{
    if (b->len == b->size) {
        b->full = true;
        return;
    }
    b->at[b->len++] = c;
}

/* Written where they are to stand: to copy so few bytes would cost more than they do. */
void buf_number(struct buf *b, uint64_t value)
{
    size_t n = 1;

    for (uint64_t rest = value; rest >= 10; rest /= 10) {
        n++;
    }
    if (n > buf_space(b)) {
        b->full = true;
        return;
    }
    b->len += n;
    for (char *to = b->at + b->len; n > 0; n--) {
        *--to = (char)('0' + value % 10);
        value /= 10;
    }
}
