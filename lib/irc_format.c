/* SPDX-License-Identifier: MIT */
/* Stripping is a small scan that skips a colour code together with its numbers. */
#include "lib/irc_format.h"

#include <ctype.h>

enum { FORMAT_COLOR = 0x03, FORMAT_HEX_COLOR = 0x04, FORMAT_DEL = 0x7f };

/* One colour: up to two digits, or exactly six hexadecimal ones. */
static size_t irc_format_number_len(struct text t, size_t from, bool is_hex)
{
    size_t most = is_hex ? 6 : 2;
    size_t n = 0;

    while (n < most && from + n < t.len) {
        unsigned char c = (unsigned char)t.at[from + n];

        if (is_hex ? !isxdigit(c) : !isdigit(c)) {
            break;
        }
        n++;
    }
    return is_hex && n < most ? 0 : n;
}

size_t irc_format_color_len(struct text t, size_t at)
{
    bool is_hex = t.at[at] == FORMAT_HEX_COLOR;
    size_t len = 1 + irc_format_number_len(t, at + 1, is_hex);

    if (len > 1 && at + len < t.len && t.at[at + len] == ',') {
        size_t background = irc_format_number_len(t, at + len + 1, is_hex);

        len += background > 0 ? background + 1 : 0;
    }
    return len;
}

void irc_format_strip(struct text t, struct buf *out)
{
    for (size_t i = 0; i < t.len;) {
        size_t n = text_plain_len(
            (struct text){ .at = t.at + i, .len = size_min(t.len - i, buf_space(out)) });
        unsigned char c;

        buf_put(out, t.at + i, n);
        i += n;
        if (i == t.len) {
            return;
        }
        c = (unsigned char)t.at[i];
        if (c == FORMAT_COLOR || c == FORMAT_HEX_COLOR) {
            i += irc_format_color_len(t, i);
            continue;
        }
        if (c == '\t') {
            buf_char(out, ' ');
        } else if (c >= 0x20 && c != FORMAT_DEL) {
            buf_char(out, (char)c);
        }
        i++;
    }
}
