/* SPDX-License-Identifier: MIT */
/* UTF-8 from people we do not trust. Pure. Decoding is libutf8proc's. */
#ifndef LIB_UTF8_H
#define LIB_UTF8_H

#include "lib/text.h"

enum utf8_keep {
    UTF8_KEEP_NONE,   /* no control character survives: safe for a terminal */
    UTF8_KEEP_FORMAT, /* those that IRC uses inside text survive: 01 02 03 04 0F 11 16 1D 1E 1F */
    UTF8_KEEP_TEXT,   /* those, and TAB: all that IRC may carry inside text */
    UTF8_MARK_ALL,    /* as KEEP_NONE, with U+FFFD for each: a name stays different from others */
};

enum { UTF8_REPLACEMENT_BYTES = 3 }; /* U+FFFD, which stands for each byte that is not UTF-8 */

/* Appends `in` to `out` as clean text: each invalid byte becomes U+FFFD; TAB becomes a space (or
 * stays, or is marked); C0 and C1 controls, DEL, U+2028, U+2029 and the bidirectional overrides
 * U+202A..E and U+2066..9 are left out (Trojan-source trick: they reorder other people's lines).
 * Needs at most 3 bytes for each byte of `in`; what does not fit sets out->full, and stops there.
 */
void utf8_clean(struct text in, enum utf8_keep keep, struct buf *out);

/* True if utf8_clean() would change nothing. */
bool utf8_is_clean(struct text in, enum utf8_keep keep);
/* True if it is UTF-8, whatever characters are in it. */
bool utf8_is_valid(struct text in);

/* Bytes of the last character of t; 0 if t is empty. A stray byte counts as a character. */
size_t utf8_last_len(struct text t);

/* Bytes of the first n characters of t, or of all if it has fewer. A stray byte counts as one. */
size_t utf8_span(struct text t, size_t n);

/* The largest length <= max at which t can be cut without splitting a character. */
size_t utf8_fit(struct text t, size_t max);

/* True if `part` is somewhere in t, whatever the case of either: letters are the same if their
 * upper cases are (Unicode, UnicodeData.txt), so that the final sigma is a sigma; only characters
 * are mapped, not strings: a sharp s is not two s. A stray byte is only the same stray byte. An
 * empty part is in every text. */
bool utf8_has_nocase(struct text t, struct text part);

/* As utf8_cut_folded(), which is to be called. */
int32_t utf8_cut_folded_any(struct text *t);

/* Cuts the first character off t, which must not be empty, and returns what it has in common with
 * the same letter in other cases, as above: two characters are the same there if this is. Negative:
 * a stray byte. */
static inline int32_t utf8_cut_folded(struct text *t)
{
    unsigned char first = (unsigned char)*t->at;

    if (first >= 0x80) {
        return utf8_cut_folded_any(t);
    }
    *t = (struct text){ .at = t->at + 1, .len = t->len - 1 };
    return text_lower((char)first);
}

/* Columns that t takes on a terminal; control characters count 0. */
size_t utf8_columns(struct text t);

#endif
