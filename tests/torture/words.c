/* SPDX-License-Identifier: MIT */
/* Letters from a table, at a place that a hash of (seed, sender, n) chooses. */
#include "torture/words.h"

#include <string.h>

enum { WORDS_SHORT = 60, WORDS_LONG_EVERY = 8, WORDS_NUMBERS_MAX = 32 };

static const char WORDS_TABLE[] =
    "the quick brown fox jumps over the lazy dog; pack my box with five dozen liquor jugs, how "
    "vexingly "
    "quick daft zebras jump! sphinx of black quartz, judge my vow: 0123456789 "
    "<>{}[]()#@~^&*_+=|?.,'\" "
    "Sch\xc3\xb6ne Gr\xc3\xbc\xc3\x9f"
    "e aus dem Gespr\xc3\xa4"
    "chsraum und noch ein paar Worte mehr, damit es "
    "lang genug wird for every line that anyone may want to say in a room that is full of people "
    "who all "
    "talk at the same time and never stop to listen to what the others have said before";

/* splitmix64 */
static uint64_t words_mix(uint64_t x)
{
    x += 0x9e3779b97f4a7c15U;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9U;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebU;
    return x ^ (x >> 31);
}

/* Cut only at ASCII, so that the text stays good UTF-8 with no space at its end. */
static bool words_is_edge(char c)
{
    return (unsigned char)c > ' ' && (unsigned char)c < 0x7f;
}

struct text words_make(uint64_t seed, uint32_t sender, uint32_t n, char space[WORDS_MAX])
{
    struct buf out = buf_over(space, WORDS_MAX);
    uint64_t hash = words_mix(seed ^ words_mix(((uint64_t)sender << 32) | n));
    size_t most = hash % WORDS_LONG_EVERY == 0 ? WORDS_MAX - WORDS_NUMBERS_MAX : WORDS_SHORT;
    size_t len = (hash >> 8) % most + 1;
    size_t at = (hash >> 32) % (sizeof(WORDS_TABLE) - 1 - len);

    buf_char(&out, 'm');
    buf_number(&out, sender);
    buf_char(&out, '.');
    buf_number(&out, n);
    buf_char(&out, ' ');
    while (len > 0 && !words_is_edge(WORDS_TABLE[at])) {
        at++;
        len--;
    }
    while (len > 0 && !words_is_edge(WORDS_TABLE[at + len - 1])) {
        len--;
    }
    buf_put(&out, WORDS_TABLE + at, len);
    buf_char(&out, '.');
    return buf_text(&out);
}

bool words_parse(struct text text, uint32_t *out_sender, uint32_t *out_n)
{
    struct text rest = text;
    struct text word = text_cut(&rest, ' ');
    struct text sender;
    uint64_t a, b;

    if (word.len < 4 || word.at[0] != 'm') {
        return false;
    }
    word = (struct text){ word.at + 1, word.len - 1 };
    sender = text_cut(&word, '.');
    if (!text_number(sender, UINT32_MAX, &a) || !text_number(word, UINT32_MAX, &b)) {
        return false;
    }
    *out_sender = (uint32_t)a;
    *out_n = (uint32_t)b;
    return true;
}

uint64_t dice_roll(struct dice *dice)
{
    dice->state += 0x9e3779b97f4a7c15U;
    return words_mix(dice->state);
}

uint32_t dice_below(struct dice *dice, uint32_t n)
{
    return (uint32_t)((dice_roll(dice) >> 32) % n);
}
