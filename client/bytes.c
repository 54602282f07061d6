/* SPDX-License-Identifier: MIT */
/* A queue of bytes that grows. Knows nothing of what the bytes mean. What has been dropped is
 * reclaimed before the memory grows, so its size follows the most that was ever waiting. */
#include "bytes.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { BYTES_FIRST_SIZE = 512 };

static void bytes_wipe(struct bytes *b, size_t from, size_t to)
{
    if (to > from) {
        explicit_bzero(b->at + from, to - from);
    }
}

void bytes_fini(struct bytes *b)
{
    bytes_wipe(b, b->start, b->end);
    free(b->at);
    *b = (struct bytes){ .at = NULL };
}

static void bytes_move_to_front(struct bytes *b)
{
    size_t len = b->end - b->start;

    memmove(b->at, b->at + b->start, len);
    bytes_wipe(b, len, b->end);
    b->start = 0;
    b->end = len;
}

/* As realloc(3), which may leave the old bytes behind. */
static void bytes_grow(struct bytes *b, size_t size)
{
    char *at = malloc(size);

    if (at == NULL) {
        abort();
    }
    if (b->end > 0) {
        memcpy(at, b->at, b->end);
    }
    bytes_wipe(b, 0, b->end);
    free(b->at);
    b->at = at;
    b->size = size;
}

static void bytes_reserve(struct bytes *b, size_t n)
{
    size_t size = b->size == 0 ? BYTES_FIRST_SIZE : b->size;

    if (n <= b->size - b->end) {
        return;
    }
    if (b->start > 0) {
        bytes_move_to_front(b);
    }
    while (size - b->end < n) {
        size *= 2;
    }
    if (size > b->size) {
        bytes_grow(b, size);
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
    bytes_wipe(b, b->start, b->start + n);
    b->start += n;
    if (b->start == b->end) {
        b->start = 0;
        b->end = 0;
    }
}
