/* SPDX-License-Identifier: MIT */
/* What IRC clients are told about this server when they come (005): the same for all of them, so it
 * is composed once, when the first asks, and again after a reload. */
#ifndef FRONT_ISUPPORT_H
#define FRONT_ISUPPORT_H

#include "lib/text.h"

enum {
    ISUPPORT_LINES = 4,
    ISUPPORT_WIDTH = 380, /* bytes of tokens in one line */
};

/* Zeroed: not composed. */
struct isupport {
    struct {
        char bytes[ISUPPORT_WIDTH]; /* tokens, with a space behind each */
        uint16_t len;
    } lines[ISUPPORT_LINES];
    uint32_t n;
};

#endif
