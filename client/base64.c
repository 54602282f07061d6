/* SPDX-License-Identifier: MIT */
/* Base64. The only copy that it leaves behind is in `out`. */
#include "base64.h"

void base64_put(struct text bytes, struct buf *out)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    for (size_t i = 0; i < bytes.len; i += 3) {
        size_t n = size_min(bytes.len - i, 3);
        uint32_t group = 0;

        for (size_t k = 0; k < 3; k++) {
            group = group << 8 | (k < n ? (unsigned char)bytes.at[i + k] : 0);
        }
        for (size_t k = 0; k < 4; k++) {
            buf_char(out, (char)(k <= n ? digits[group >> (18 - 6 * k) & 63] : '='));
        }
    }
}
