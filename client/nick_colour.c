/* SPDX-License-Identifier: MIT */
/* A person's colour. Owns the choice of colours: no black, white, or dark blue, which are hard to
 * read on one ground or the other. */
#include "nick_colour.h"

static const unsigned char nick_colours[] = { 1, 2, 3, 5, 6, 9, 10, 12, 13, 14 };

unsigned char nick_colour(struct text nick)
{
    uint32_t hash = 2166136261u; /* FNV-1a */

    for (size_t i = 0; i < nick.len; i++) {
        hash = (hash ^ (unsigned char)text_lower(nick.at[i])) * 16777619u;
    }
    hash ^= hash >> 16;
    return nick_colours[hash % ARRAY_SIZE(nick_colours)];
}
