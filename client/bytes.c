/* SPDX-License-Identifier: MIT */
/* A queue of bytes that grows. Knows nothing of what the bytes mean. What has been dropped is
 * reclaimed before the memory grows, so its size follows the most that was ever waiting. */
#include "bytes.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { BYTES_FIRST_SIZE = 512 };

void bytes_fini(struct bytes *b)
{
    free(b->at);
    *b = (struct bytes){ .at = NULL };
}

static void bytes_reserve(struct bytes *b, size_t n)
{
    size_t size = b->size == 0 ? BYTES_FIRST_SIZE : b->size;

    if (n <= b->size - b->end) {
        return;
    }
    if (b->start > 0) {
        memmove(b->at, b->at + b->start, b->end - b->start);
        b->end -= b->start;
        b->start = 0;
    }
    while (size - b->end < n) {
        size *= 2;
    }
    if (size > b->size) {
        b->at = realloc(b->at, size);
        b->size = size;
    }
    if (b->at == NULL) {
        abort();
    }
}

void bytes_put(struct bytes *b, struct text t)
{
    if (t.len == 0) {
        return;
    }
    bytes_reserve(b, t.len);
    memcpy(b->at + b->end, t.at, t.len);
    b->end += t.len;
}

struct text bytes_text(const struct bytes *b)
{
    if (b->start == b->end) {
        return TEXT_NONE;
    }
    return (struct text){ .at = b->at + b->start, .len = b->end - b->start };
}

void bytes_drop(struct bytes *b, size_t n)
{
    assert(n <= b->end - b->start);
    b->start += n;
    if (b->start == b->end) {
        b->start = 0;
        b->end = 0;
    }
}
