/* SPDX-License-Identifier: MIT */
/* Escaping what RFC 8259, 7, says must be escaped, and DEL, which some terminals take amiss. */
#include "lib/json.h"

static void json_put_char(FILE *to, char c)
{
    unsigned char byte = (unsigned char)c;

    if (c == '"' || c == '\\') {
        (void)fprintf(to, "\\%c", c);
    } else if (byte < 0x20 || byte == 0x7f) {
        (void)fprintf(to, "\\u%04x", byte);
    } else {
        (void)putc(c, to);
    }
}

void json_put_string(FILE *to, struct text t)
{
    (void)putc('"', to);
    for (size_t i = 0; i < t.len; i++) {
        json_put_char(to, t.at[i]);
    }
    (void)putc('"', to);
}
