/* SPDX-License-Identifier: MIT */
/* How a character looks, in words that any terminal can make something of. */
#ifndef CLIENT_STYLE_H
#define CLIENT_STYLE_H

#include <stdbool.h>
#include <stdint.h>

enum style_bit {
    STYLE_BOLD = 1,
    STYLE_DIM = 2,
    STYLE_ITALIC = 4,
    STYLE_UNDERLINE = 8,
    STYLE_REVERSE = 16,
    STYLE_STRIKE = 32,
};

enum { STYLE_OWN_COLOUR = -1 }; /* what the terminal has by itself */

struct style {
    uint8_t bits; /* of enum style_bit */
    int8_t ink;   /* 0 ... 15, the numbers of ECMA-48 with their bright ones, or STYLE_OWN_COLOUR */
    int8_t paper;
};

#define STYLE_PLAIN                                                                                \
    ((struct style){ .bits = 0, .ink = STYLE_OWN_COLOUR, .paper = STYLE_OWN_COLOUR })

static inline struct style style_with(struct style style, unsigned bits)
{
    style.bits = (uint8_t)(style.bits | bits);
    return style;
}

static inline bool style_equal(struct style a, struct style b)
{
    return a.bits == b.bits && a.ink == b.ink && a.paper == b.paper;
}

#endif
