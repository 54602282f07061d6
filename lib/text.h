/* SPDX-License-Identifier: MIT */
/* Borrowed text and bounded building of text. Pure; allocates nothing.
 *
 * `struct text` points at bytes that somebody else owns and is never NUL-terminated.
 * `struct buf` appends into memory that somebody else owns and never writes past its end. */
#ifndef LIB_TEXT_H
#define LIB_TEXT_H

#include "lib/base.h"

#include <stdarg.h>

struct text {
    const char *at; /* borrowed */
    size_t len;     /* bytes */
};

#define TEXT(literal) ((struct text){ .at = (literal), .len = sizeof(literal) - 1 })
#define TEXT_NONE     ((struct text){ .at = "", .len = 0 })
/* For printf: "%.*s" */
#define TEXT_ARG(t) (int)(t).len, (t).at

/* The text of a NUL-terminated string; NULL gives the empty text. */
struct text text_of(const char *string);

bool text_equal(struct text a, struct text b);
/* ASCII letters without regard to case; all other bytes as they are (casemapping "ascii"). */
bool text_equal_nocase(struct text a, struct text b);
bool text_starts_with(struct text t, struct text prefix);
/* Byte at which `c` stands, or t.len. */
size_t text_find(struct text t, char c);
static inline char text_lower(char c) /* ASCII only, whatever the locale */
{
    return (char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
}
/* How many bytes at its beginning have no meaning but their own, in any encoding or protocol here:
 * neither control characters nor 0x7f nor 0xff. Eight at a time. */
size_t text_plain_len(struct text t);
/* The same of printable ASCII, 0x20 to 0x7e. */
size_t text_ascii_len(struct text t);

/* Removes spaces at both ends. */
struct text text_trim(struct text t);
/* Cuts `prefix` off the front. False, and *rest untouched: it does not begin so. */
bool text_cut_prefix(struct text *rest, struct text prefix);
/* Cuts the first word (separated by spaces) off `rest`, which then begins at the next word. Empty
 * when there is none. */
struct text text_cut_word(struct text *rest);
/* Cuts at the first `separator`: returns what is before it; `rest` begins behind it. Without a
 * separator everything is returned and `rest` becomes empty. */
struct text text_cut(struct text *rest, char separator);

/* Decimal digits only, no sign, at most `max`. False, and *out_value untouched, otherwise. */
must_check bool text_number(struct text t, uint64_t max, uint64_t *out_value);

struct buf {
    char *at;    /* borrowed */
    size_t len;  /* bytes written */
    size_t size; /* bytes there are */
    bool full;   /* something did not fit; nothing of it was written */
};

static inline struct buf buf_over(char *at, size_t size)
{
    return (struct buf){ .at = at, .len = 0, .size = size, .full = false };
}

static inline struct text buf_text(const struct buf *b)
{
    return (struct text){ .at = b->at, .len = b->len };
}

static inline size_t buf_space(const struct buf *b)
{
    return b->size - b->len;
}

/* Each appends all or nothing; nothing sets `full`, which stays set. */
void buf_put(struct buf *b, const void *bytes, size_t len);
void buf_text_put(struct buf *b, struct text t);
void buf_char(struct buf *b, char c);
void buf_number(struct buf *b, uint64_t value);
void buf_format(struct buf *b, const char *format, ...) format_like(2, 3);
void buf_vformat(struct buf *b, const char *format, va_list arguments) format_like(2, 0);

#endif
