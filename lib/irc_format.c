/* SPDX-License-Identifier: MIT */
/* Stripping is a small scan: a colour code takes up to two digits, a comma and two more (03), or
 * six hexadecimal digits, a comma and six more (04). */
#include "lib/irc_format.h"

#include <ctype.h>

enum { FORMAT_COLOR = 0x03, FORMAT_HEX_COLOR = 0x04, FORMAT_DEL = 0x7f };

static size_t irc_format_digits(struct text t, size_t from, size_t most, bool is_hex)
{
    size_t n = 0;

    while (n < most && from + n < t.len) {
        unsigned char c = (unsigned char)t.at[from + n];

        if (is_hex ? !isxdigit(c) : !isdigit(c)) {
            break;
        }
        n++;
    }
    return n;
}

/* Bytes that a colour code at `from` takes, its control included. */
static size_t irc_format_color_len(struct text t, size_t from)
{
    bool is_hex = t.at[from] == FORMAT_HEX_COLOR;
    size_t most = is_hex ? 6 : 2;
    size_t len = 1 + irc_format_digits(t, from + 1, most, is_hex);

    if (len > 1 && from + len < t.len && t.at[from + len] == ',') {
        size_t background = irc_format_digits(t, from + len + 1, most, is_hex);

        len += background > 0 ? background + 1 : 0;
    }
    return len;
}

void irc_format_strip(struct text t, struct buf *out)
{
    for (size_t i = 0; i < t.len;) {
        unsigned char c = (unsigned char)t.at[i];

        if (c == FORMAT_COLOR || c == FORMAT_HEX_COLOR) {
            i += irc_format_color_len(t, i);
            continue;
        }
        if (c >= 0x20 && c != FORMAT_DEL) {
            buf_char(out, (char)c);
        }
        i++;
    }
}
