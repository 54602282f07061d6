/* SPDX-License-Identifier: MIT */
/* Rows keep their numbers and records their positions; only pages move, to the lowest numbers. */
#include "state/resize.h"

#include "state/convert.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

static uint32_t resize_max(uint32_t a, uint32_t b)
{
    return a > b ? a : b;
}

static uint32_t resize_last_wire(const struct region *region)
{
    uint32_t row = region->header->sizes.wires - 1;

    while (row > 0 && region->wires[row].id == 0) {
        row--;
    }
    return row;
}

static uint32_t resize_last_room(const struct region *region)
{
    uint32_t row = region->header->sizes.rooms - 1;

    while (row > 0 && convert_room(region, row).id == 0) {
        row--;
    }
    return row;
}

static uint32_t resize_last_membership(const struct region *region)
{
    uint32_t row = region->header->sizes.memberships - 1;

    while (row > 0 && region->memberships[row].person == 0) {
        row--;
    }
    return row;
}

static uint32_t resize_last_cell(const struct region *region)
{
    uint32_t row = region->header->sizes.cells - 1;

    while (row > 0 && region->cells[row].len == 0) {
        row--;
    }
    return row;
}

/* The pages of a connection that have no number yet get those behind `n`; returns the last. */
static uint32_t resize_map_wire(const struct wire *wire, uint32_t n_pages, uint32_t n,
                                uint32_t *map)
{
    const uint32_t pages[2] = { wire->in.page, wire->out.page };

    for (size_t i = 0; i < ARRAY_SIZE(pages); i++) {
        if (pages[i] > 0 && pages[i] < n_pages && map[pages[i]] == 0) {
            map[pages[i]] = ++n;
        }
    }
    return n;
}

/* Numbers the pages that rows name, from 1; map[old] is the new number. A row may name a page that
 * it no longer uses: that is copied for nothing. Returns how many there are. */
static uint32_t resize_map_pages(const struct region *region, uint32_t *map)
{
    const struct region_sizes *sizes = &region->header->sizes;
    uint32_t n = 0;

    for (uint32_t row = 1; row < sizes->wires; row++) {
        if (region->wires[row].id != 0) {
            n = resize_map_wire(&region->wires[row], sizes->pages, n, map);
        }
    }
    return n;
}

static uint32_t resize_count_pages(const struct region *region)
{
    uint32_t *map = calloc(region->header->sizes.pages, sizeof(*map));
    uint32_t n = map == NULL ? region->header->sizes.pages : resize_map_pages(region, map);

    free(map);
    return n;
}

/* Those that rows name, none, and a free one; no more than there are, or a region whose pages are
 * all named would grow at every start. */
static uint32_t resize_needed_pages(const struct region *region)
{
    uint32_t n = resize_count_pages(region) + 2;

    return n < region->header->sizes.pages ? n : region->header->sizes.pages;
}

struct region_sizes region_fitting_sizes(const struct region *region,
                                         const struct region_sizes *wanted)
{
    const struct region_header *header = region->header;
    struct region_sizes sizes = *wanted;
    uint64_t log_needed = header->log.tail - header->log.head + RECORD_ROOM;

    sizes.wires = resize_max(sizes.wires, resize_last_wire(region) + 1);
    sizes.rooms = resize_max(sizes.rooms, resize_last_room(region) + 1);
    sizes.memberships = resize_max(sizes.memberships, resize_last_membership(region) + 1);
    sizes.cells = resize_max(sizes.cells, resize_last_cell(region) + 1);
    sizes.pages = resize_max(sizes.pages, resize_needed_pages(region));
    sizes.log_bytes = region_log_bytes(sizes.log_bytes);
    if (sizes.log_bytes < log_needed) {
        sizes.log_bytes = header->sizes.log_bytes;
    }
    return sizes;
}

static size_t resize_rows(uint32_t a, uint32_t b, size_t row_size)
{
    return (a < b ? a : b) * row_size;
}

static void resize_copy_tables(struct region *to, const struct region *from)
{
    const struct region_sizes *a = &from->header->sizes, *b = &to->header->sizes;

    memcpy(to->wires, from->wires, resize_rows(a->wires, b->wires, sizeof(struct wire)));
    memcpy(to->people, from->people, resize_rows(a->wires, b->wires, sizeof(struct person)));
    convert_tables(to, from);
    memcpy(to->memberships, from->memberships,
           resize_rows(a->memberships, b->memberships, sizeof(struct membership)));
    memcpy(to->cells, from->cells, resize_rows(a->cells, b->cells, sizeof(struct cell)));
    to->header->in_hand = from->header->in_hand;
    to->header->suspect = from->header->suspect;
    to->header->counters = from->header->counters;
    to->header->log = from->header->log;
    to->header->visible = from->header->log.tail;
}

/* Both rings are mapped twice in a row, so a piece of a quarter ring is contiguous in both. */
static void resize_copy_log(struct region *to, const struct region *from)
{
    uint64_t from_size = from->header->sizes.log_bytes, to_size = to->header->sizes.log_bytes;
    uint64_t piece = (from_size < to_size ? from_size : to_size) / 4;
    uint64_t tail = from->header->log.tail;

    for (uint64_t pos = from->header->log.head; pos < tail; pos += piece) {
        uint64_t len = tail - pos < piece ? tail - pos : piece;

        memcpy(to->log + (pos & (to_size - 1)), from->log + (pos & (from_size - 1)), len);
    }
}

static int resize_copy_page(struct region *to, const struct region *from, uint32_t *map,
                            uint32_t *page)
{
    uint32_t old = *page;
    int r;

    if (old == 0 || old >= from->header->sizes.pages) {
        return 0;
    }
    r = region_reserve_page(to, map[old]);
    if (r < 0) {
        return r;
    }
    memcpy(region_page(to, map[old]), region_page(from, old), PAGE_SIZE_BYTES);
    *page = map[old];
    return 0;
}

static int resize_copy_pages(struct region *to, const struct region *from)
{
    uint32_t *map = calloc(from->header->sizes.pages, sizeof(*map));
    int r = map == NULL ? -ENOMEM : 0;

    if (r == 0) {
        uint32_t n = resize_map_pages(from, map);

        assert(n < to->header->sizes.pages);
        (void)n;
    }
    for (uint32_t row = 1; r == 0 && row < to->header->sizes.wires; row++) {
        struct wire *wire = &to->wires[row];

        if (wire->id != 0) {
            r = resize_copy_page(to, from, map, &wire->in.page);
            r = r < 0 ? r : resize_copy_page(to, from, map, &wire->out.page);
        }
    }
    free(map);
    return r;
}

int region_resize(struct region *to, const struct region *from, const struct region_sizes *sizes)
{
    struct region made;
    int r = region_create(&made, sizes);

    assert(from->header->journal_len == 0);
    if (r < 0) {
        return r;
    }
    made.header->is_complete = 0;
    resize_copy_tables(&made, from);
    resize_copy_log(&made, from);
    r = resize_copy_pages(&made, from);
    if (r < 0) {
        (void)region_close(&made, false);
        return r;
    }
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    made.header->is_complete = 1;
    *to = made;
    return 0;
}
