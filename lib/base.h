/* SPDX-License-Identifier: MIT */
/* The few words of vocabulary that every file uses: ownership, checked results, small macros.
 * Knows nothing of the project. */
#ifndef LIB_BASE_H
#define LIB_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

#define must_check                       __attribute__((warn_unused_result))
#define format_like(format_at, first_at) __attribute__((format(printf, format_at, first_at)))

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

#define container_of(pointer, type, member)                                                        \
    ((type *)(void *)((char *)(pointer)-offsetof(type, member)))

/* A local that owns what it points at: `owned(thing_free) struct thing *t`. It is dropped at every
 * exit of its scope unless give() handed it on. The destructor takes NULL and returns NULL. */
#define owned(drop) __attribute__((cleanup(drop##_slot)))
/* NOLINTBEGIN(bugprone-macro-parentheses): a type can not stand in parentheses */
#define OWNED_DEFINE(type, drop)                                                                   \
    static inline void drop##_slot(type *slot)                                                     \
    {                                                                                              \
        (void)drop(*slot);                                                                         \
    }
/* NOLINTEND(bugprone-macro-parentheses) */
#define give(pointer)                                                                              \
    __extension__({                                                                                \
        __auto_type given = (pointer);                                                             \
        (pointer) = NULL;                                                                          \
        given;                                                                                     \
    })

/* The same for descriptors: `owned_fd int fd = -1`, handed on with give_fd(). */
static inline void fd_close_slot(int *slot)
{
    if (*slot >= 0) {
        (void)close(*slot);
    }
}
#define owned_fd __attribute__((cleanup(fd_close_slot)))
static inline int give_fd(int *slot)
{
    int fd = *slot;

    *slot = -1;
    return fd;
}

static inline size_t size_min(size_t a, size_t b)
{
    return a < b ? a : b;
}

static inline uint64_t u64_min(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

static inline uint64_t u64_max(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

#endif
