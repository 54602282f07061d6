/* SPDX-License-Identifier: MIT */
/* The words of a dialogue: numbers, and text with bytes that no keyboard has. */
#include "support/dialogue.h"

#include <string.h>

bool dialogue_cut(struct text *rest, const char *words)
{
    struct text wanted = text_of(words);

    if (!text_starts_with(*rest, wanted)) {
        return false;
    }
    *rest = (struct text){ rest->at + wanted.len, rest->len - wanted.len };
    return true;
}

bool dialogue_number(struct text *rest, uint64_t *out)
{
    struct text left = *rest;
    struct text word = text_cut_word(&left);

    if (!text_number(word, UINT32_MAX, out)) {
        return false;
    }
    *rest = left;
    return true;
}

static int dialogue_hex(char c)
{
    static const char digits[] = "0123456789abcdef";
    const char *at = c == '\0' ? NULL : strchr(digits, text_lower(c));

    return at == NULL ? -1 : (int)(at - digits);
}

/* The inside of \{...}: "text*N". */
static bool dialogue_repeat(struct text inside, struct buf *out)
{
    size_t star = inside.len;
    uint64_t n;

    while (star > 0 && inside.at[star - 1] != '*') {
        star--;
    }
    if (star < 2 ||
        !text_number((struct text){ inside.at + star, inside.len - star }, DIALOGUE_LINE_MAX, &n)) {
        return false;
    }
    for (; n > 0; n--) {
        buf_put(out, inside.at, star - 1);
    }
    return true;
}

/* One escape, without its backslash; cuts it off. */
static bool dialogue_escape(struct text *rest, struct buf *out)
{
    static const char names[] = "rnt0\\e", bytes[] = "\r\n\t\0\\\x1b";
    const char *name;

    if (rest->len == 0) {
        return false;
    }
    name = memchr(names, rest->at[0], sizeof(names) - 1);
    if (name != NULL) {
        buf_char(out, bytes[name - names]);
        *rest = (struct text){ rest->at + 1, rest->len - 1 };
        return true;
    }
    if (rest->at[0] == 'x' && rest->len >= 3 && dialogue_hex(rest->at[1]) >= 0 &&
        dialogue_hex(rest->at[2]) >= 0) {
        buf_char(out, (char)(dialogue_hex(rest->at[1]) * 16 + dialogue_hex(rest->at[2])));
        *rest = (struct text){ rest->at + 3, rest->len - 3 };
        return true;
    }
    if (rest->at[0] == '{' && text_find(*rest, '}') < rest->len) {
        struct text inside = { rest->at + 1, text_find(*rest, '}') - 1 };

        *rest = (struct text){ inside.at + inside.len + 1, rest->len - inside.len - 2 };
        return dialogue_repeat(inside, out);
    }
    return false;
}

bool dialogue_unescape(struct text t, struct buf *out)
{
    while (t.len > 0) {
        char c = t.at[0];

        t = (struct text){ t.at + 1, t.len - 1 };
        if (c != '\\') {
            buf_char(out, c);
        } else if (!dialogue_escape(&t, out)) {
            return false;
        }
    }
    return !out->full;
}
