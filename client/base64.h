/* SPDX-License-Identifier: MIT */
/* Base64 (RFC 4648, 4): writing it. Pure. */
#ifndef CLIENT_BASE64_H
#define CLIENT_BASE64_H

#include "lib/text.h"

/* Bytes that n bytes take. */
#define BASE64_SIZE(n) (((n) + 2) / 3 * 4)

void base64_put(struct text bytes, struct buf *out);

#endif
