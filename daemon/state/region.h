/* SPDX-License-Identifier: MIT */
/* The memory that outlives the process: one memfd with the header, the tables, the pages and the
 * log ring. Here it is created, mapped, checked and locked; what it means is the other modules'
 * affair. */
#ifndef STATE_REGION_H
#define STATE_REGION_H

#include "state/layout.h"

enum { LAYOUT_FIRST = 1 }; /* the oldest layout of which a region can be taken over */

struct region {
    int fd; /* owned */
    size_t length;
    struct region_header *header;
    struct wire *wires;
    struct person *people;
    struct room *rooms; /* of an older layout: other rows, which convert.c alone can read */
    struct membership *memberships;
    struct cell *cells;
    struct past *past; /* PAST_ROWS; NULL in layout 1 */
    char *pages;
    char *log; /* mapped twice in a row, so that any record is contiguous */
};

enum region_outcome {
    REGION_UNKNOWN = 1, /* an unknown layout, other sizes than it says, or not complete */
    REGION_DAMAGED,     /* its numbers contradict each other */
};

/* The ring's size that region_create() makes of what was asked for: the next power of two. */
uint64_t region_log_bytes(uint64_t wanted);

/* Bytes of a room's row in a layout from LAYOUT_FIRST to LAYOUT_VERSION. */
size_t region_room_size(uint32_t layout);

/* Makes and maps an empty region of LAYOUT_VERSION. Tables, journal and log are reserved
 * (fallocate(2)): a hole in a memfd is a SIGBUS when memory is out. log_bytes is rounded up to a
 * power of two. -errno. */
must_check int region_create(struct region *region, const struct region_sizes *sizes);

/* Maps a region that an earlier process left, and takes `fd` over (on failure it stays the
 * caller's). It may be of an older layout: then the journal is rolled back (tx_init()) and
 * region_resize() makes one of LAYOUT_VERSION of it, before anything but its header is read. Waits
 * for the lock: F_SETLKW falls with the process that held it, so there are never two daemons on one
 * region. Returns 0, an outcome, or -errno. */
must_check int region_adopt(struct region *region, int fd);

/* Unmaps and closes. A zeroed region is allowed. With keep_fd returns the descriptor, else -1. */
int region_close(struct region *region, bool keep_fd);

/* How many of a table's rows, from row 0 on, may ever have been written; those behind are zero.
 * Rows are lent from the lowest, so this is about as many as were in use at once. To read only
 * these leaves the rest of a large table without memory: what is reserved is not yet resident. */
uint32_t region_rows_written(const struct region *region, const void *table, size_t row_size,
                             uint32_t n_rows);

/* Reserves the memory of a page before it is touched; gives it back to the system. */
must_check int region_reserve_page(struct region *region, uint32_t page);
void region_punch_page(struct region *region, uint32_t page);

static inline char *region_page(const struct region *region, uint32_t page)
{
    return region->pages + (size_t)page * PAGE_SIZE_BYTES;
}

#endif
