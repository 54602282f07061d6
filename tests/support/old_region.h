/* SPDX-License-Identifier: MIT */
/* A region as a daemon of an older layout would have left it: what is in a region of today is
 * written down in that one. What it could not hold is lost. */
#ifndef SUPPORT_OLD_REGION_H
#define SUPPORT_OLD_REGION_H

#include "state/layout_1.h"
#include "state/region.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <cmocka.h>

struct old_writer {
    int fd;
    off_t at;
    uint32_t layout;
};

/* Tables begin at pages of the system. */
static inline void old_region_put(struct old_writer *writer, const void *bytes, size_t len)
{
    for (size_t done = 0; done < len;) {
        ssize_t n =
            pwrite(writer->fd, (const char *)bytes + done, len - done, writer->at + (off_t)done);

        assert_true(n > 0);
        done += (size_t)n;
    }
    writer->at += (off_t)((len + 4095) / 4096 * 4096);
}

static inline struct room_1 old_region_room(const struct room *room)
{
    struct room_1 old = { .id = room->id,
                          .flags = room->flags,
                          .chain = room->chain,
                          .first_member = room->first_member,
                          .last_member = room->last_member,
                          .n_members = room->n_members,
                          .n_memberships = room->n_memberships,
                          .topic = room->topic,
                          .topic_by = room->topic_by,
                          .topic_ms = room->topic_ms,
                          .born_ms = room->born_ms,
                          .next_serial = room->next_serial };

    memcpy(old.name, room->name, sizeof(old.name));
    return old;
}

static inline void old_region_put_rooms(struct old_writer *writer, const struct region *region)
{
    uint32_t n = region->header->sizes.rooms;
    struct room_1 *rooms;

    if (writer->layout > 1) {
        old_region_put(writer, region->rooms, n * sizeof(*region->rooms));
        return;
    }
    rooms = calloc(n, sizeof(*rooms));
    assert_non_null(rooms);
    for (uint32_t row = 1; row < n; row++) {
        rooms[row] = old_region_room(&region->rooms[row]);
    }
    old_region_put(writer, rooms, n * sizeof(*rooms));
    free(rooms);
}

/* Reserved then, and 0. */
static inline void old_region_put_rows(struct old_writer *writer, const struct region *region)
{
    const struct region_sizes *sizes = &region->header->sizes;
    struct wire *wires = calloc(sizes->wires, sizeof(*wires));
    struct person *people = calloc(sizes->wires, sizeof(*people));

    assert_true(wires != NULL && people != NULL);
    for (uint32_t row = 0; row < sizes->wires; row++) {
        wires[row] = region->wires[row];
        people[row] = region->people[row];
        if (writer->layout == 1) {
            wires[row].out.batch = 0;
            people[row].more = 0;
        }
    }
    old_region_put(writer, wires, sizes->wires * sizeof(*wires));
    old_region_put(writer, people, sizes->wires * sizeof(*people));
    free(wires);
    free(people);
}

static inline void old_region_put_memberships(struct old_writer *writer,
                                              const struct region *region)
{
    uint32_t n = region->header->sizes.memberships;
    struct membership *rows = calloc(n, sizeof(*rows));

    assert_non_null(rows);
    for (uint32_t row = 0; row < n; row++) {
        rows[row] = region->memberships[row];
        if (writer->layout == 1) {
            rows[row].flags = 0;
        }
    }
    old_region_put(writer, rows, n * sizeof(*rows));
    free(rows);
}

/* A cell of what few people have had no marks. Who is damaged may name any cell. */
static inline void old_region_put_cells(struct old_writer *writer, const struct region *region)
{
    const struct region_sizes *sizes = &region->header->sizes;
    struct cell *cells = calloc(sizes->cells, sizeof(*cells));

    assert_non_null(cells);
    memcpy(cells, region->cells, sizes->cells * sizeof(*cells));
    for (uint32_t row = 1; row < sizes->wires; row++) {
        uint32_t more = region->people[row].more;

        if (more != 0 && more < sizes->cells) {
            memset(cells[more].bytes + offsetof(struct person_more, marks), 0, sizeof(uint32_t));
        }
    }
    old_region_put(writer, cells, sizes->cells * sizeof(*cells));
    free(cells);
}

static inline void old_region_put_header(struct old_writer *writer, const struct region *region)
{
    struct region_header *header = malloc(sizeof(*header));

    assert_non_null(header);
    assert_int_equal(region->header->journal_len, 0);
    memcpy(header, region->header, sizeof(*header));
    header->layout = writer->layout;
    if (writer->layout == 1) {
        header->counters.next_past = 0;
    }
    old_region_put(writer, header, sizeof(*header));
    free(header);
}

/* Pages that were never written stay holes. */
static inline void old_region_put_pages(struct old_writer *writer, const struct region *region)
{
    static const char nothing[PAGE_SIZE_BYTES];

    for (uint32_t page = 0; page < region->header->sizes.pages; page++) {
        if (memcmp(region_page(region, page), nothing, PAGE_SIZE_BYTES) == 0) {
            writer->at += PAGE_SIZE_BYTES;
        } else {
            old_region_put(writer, region_page(region, page), PAGE_SIZE_BYTES);
        }
    }
    assert_int_equal(ftruncate(writer->fd, writer->at), 0);
}

/* A memfd, locked by nobody. The journal of `region` is empty. */
static inline int old_region_make(const struct region *region, uint32_t layout)
{
    struct old_writer writer = { .fd = memfd_create("old-layout", MFD_CLOEXEC), .layout = layout };

    assert_true(writer.fd >= 0);
    old_region_put_header(&writer, region);
    old_region_put_rows(&writer, region);
    old_region_put_rooms(&writer, region);
    old_region_put_memberships(&writer, region);
    old_region_put_cells(&writer, region);
    if (layout > 1) {
        old_region_put(&writer, region->past, PAST_ROWS * sizeof(struct past));
    }
    old_region_put(&writer, region->log, region->header->sizes.log_bytes);
    old_region_put_pages(&writer, region);
    return writer.fd;
}

#endif
