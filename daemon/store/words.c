/* SPDX-License-Identifier: MIT */
/* Tokens are hashes: of three code points, which are below 2^21 (a stray byte is -128 at least), or
 * of what cannot be such three. They are in the archive's file: none may change without a new
 * version of the schema. */
#include "store/words.h"

#include "lib/utf8.h"

enum { WORDS_CODE_BITS = 21 };

static const uint64_t words_code_mask = (UINT64_C(1) << WORDS_CODE_BITS) - 1;
static const uint64_t words_three_mask = (UINT64_C(1) << 3 * WORDS_CODE_BITS) - 1;
static const uint64_t words_of_place = UINT64_C(1) << 63;
static const uint64_t words_of_who = UINT64_C(3) << 62;

bool words_are_said(int kind)
{
    return kind == RECORD_SAID || kind == RECORD_ACTION || kind == RECORD_NOTICE;
}

bool words_are_in(int kind, struct text text)
{
    return text.len > 0 && (words_are_said(kind) || kind == RECORD_TOPIC);
}

/* ---- tokens ---- */

/* Multiplicative hashing with the golden ratio (Knuth, TAOCP 3, 6.4): of the high half too. */
static uint32_t words_hash(uint64_t key)
{
    return (uint32_t)((key ^ key >> 32) * UINT64_C(0x9E3779B97F4A7C15) >>
                      (64 - POSTINGS_TOKEN_BITS));
}

/* The last three characters, once this one follows them. */
static uint64_t words_push(uint64_t three, struct text *t)
{
    return (three << WORDS_CODE_BITS | ((uint64_t)utf8_cut_folded(t) & words_code_mask)) &
           words_three_mask;
}

uint32_t words_place_token(uint64_t place)
{
    return words_hash(words_of_place ^ place);
}

/* FNV-1a; the numbers are its definition's. */
uint32_t words_who_token(struct text who)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);

    for (size_t i = 0; i < who.len; i++) {
        hash = (hash ^ (unsigned char)text_lower(who.at[i])) * UINT64_C(0x100000001b3);
    }
    return words_hash(words_of_who ^ hash >> 2);
}

size_t words_text_tokens(struct text t, uint32_t *out)
{
    size_t n_characters = 0, n = 0;
    uint64_t three = 0;

    while (t.len > 0) {
        three = words_push(three, &t);
        n_characters++;
        if (n_characters >= WORDS_LEAST) {
            out[n++] = words_hash(three);
        }
    }
    return n;
}

/* Who altered the file by hand may have made texts longer than any that was said: their ends are
 * left out. A number of a place takes two bytes at least, with its space. */
size_t words_tokens(const struct words *words, uint32_t *out)
{
    struct text t = words->text, rest = words->places;
    uint64_t place;
    size_t n;

    rest.len = size_min(rest.len, RECORD_ROOM / 2);
    t.len = size_min(t.len, RECORD_ROOM / 2);
    n = words_text_tokens(t, out);
    out[n++] = words_who_token(words->who);
    while (rest.len > 0) {
        if (text_number(text_cut_word(&rest), INT64_MAX, &place)) {
            out[n++] = words_place_token(place);
        }
    }
    return n;
}
