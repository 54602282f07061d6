/* SPDX-License-Identifier: MIT */
/* Creating, mapping and checking the region. The offsets follow from the sizes and the layout in
 * the header alone, so a region carries everything needed to read it. */
#include "state/region.h"

#include "state/layout_1.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

static const char REGION_MAGIC[8] = "PTYLINE";

enum { REGION_ALIGN = 4096 };

struct region_offsets {
    size_t wires, people, rooms, memberships, cells, past, log, pages, end;
};

/* By layout: what is not the same in all. */
static const struct {
    size_t room_size;
    size_t past_rows;
} region_layouts[] = {
    [1] = { sizeof(struct room_1), 0 },
    [2] = { sizeof(struct room), PAST_ROWS },
    [3] = { sizeof(struct room), PAST_ROWS },
    [4] = { sizeof(struct room), PAST_ROWS },
};

static_assert(ARRAY_SIZE(region_layouts) == LAYOUT_VERSION + 1, "a layout is missing");

size_t region_room_size(uint32_t layout)
{
    return region_layouts[layout].room_size;
}

static size_t region_next(size_t *at, size_t rows, size_t row_size)
{
    size_t start = *at;

    *at += (rows * row_size + REGION_ALIGN - 1) / REGION_ALIGN * REGION_ALIGN;
    return start;
}

/* The pages come last: they alone are not reserved at creation. */
static struct region_offsets region_offsets_of(const struct region_sizes *sizes, uint32_t layout)
{
    struct region_offsets offsets;
    size_t at = 0;

    (void)region_next(&at, 1, sizeof(struct region_header));
    offsets.wires = region_next(&at, sizes->wires, sizeof(struct wire));
    offsets.people = region_next(&at, sizes->wires, sizeof(struct person));
    offsets.rooms = region_next(&at, sizes->rooms, region_layouts[layout].room_size);
    offsets.memberships = region_next(&at, sizes->memberships, sizeof(struct membership));
    offsets.cells = region_next(&at, sizes->cells, sizeof(struct cell));
    offsets.past = region_next(&at, region_layouts[layout].past_rows, sizeof(struct past));
    offsets.log = region_next(&at, sizes->log_bytes, 1);
    offsets.pages = region_next(&at, sizes->pages, PAGE_SIZE_BYTES);
    offsets.end = at;
    return offsets;
}

static int region_map_at(const struct region *region, void *where, size_t offset, size_t len)
{
    void *at =
        mmap(where, len, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, region->fd, (off_t)offset);

    return at == MAP_FAILED ? -errno : 0;
}

/* One range of addresses: all up to the log's end, the log once more, the pages. */
static int region_map(struct region *region, const struct region_sizes *sizes, uint32_t layout)
{
    struct region_offsets offsets = region_offsets_of(sizes, layout);
    size_t length = offsets.end + sizes->log_bytes;
    char *base = mmap(NULL, length, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    int r;

    if (base == MAP_FAILED) {
        return -errno;
    }
    r = region_map_at(region, base, 0, offsets.pages);
    if (r == 0) {
        r = region_map_at(region, base + offsets.pages, offsets.log, sizes->log_bytes);
    }
    if (r == 0) {
        r = region_map_at(region, base + offsets.pages + sizes->log_bytes, offsets.pages,
                          offsets.end - offsets.pages);
    }
    if (r < 0) {
        (void)munmap(base, length);
        return r;
    }
    region->length = length;
    region->header = (struct region_header *)(void *)base;
    region->wires = (struct wire *)(void *)(base + offsets.wires);
    region->people = (struct person *)(void *)(base + offsets.people);
    region->rooms = (struct room *)(void *)(base + offsets.rooms);
    region->memberships = (struct membership *)(void *)(base + offsets.memberships);
    region->cells = (struct cell *)(void *)(base + offsets.cells);
    if (region_layouts[layout].past_rows > 0) {
        region->past = (struct past *)(void *)(base + offsets.past);
    }
    region->log = base + offsets.log;
    region->pages = base + offsets.pages + sizes->log_bytes;
    return 0;
}

/* A POSIX lock, since an OFD lock would belong to the open file that the service manager keeps. */
static int region_lock(int fd)
{
    struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 0, .l_len = 1 };

    while (fcntl(fd, F_SETLKW, &lock) < 0) {
        if (errno != EINTR) {
            return -errno;
        }
    }
    return 0;
}

uint64_t region_log_bytes(uint64_t wanted)
{
    uint64_t power = REGION_ALIGN;

    while (power < wanted) {
        power *= 2;
    }
    return power;
}

static int region_fill(struct region *region, const struct region_sizes *sizes)
{
    struct region_offsets offsets = region_offsets_of(sizes, LAYOUT_VERSION);
    int r;

    if (ftruncate(region->fd, (off_t)offsets.end) < 0) {
        return -errno;
    }
    if (fallocate(region->fd, 0, 0, (off_t)offsets.pages) < 0) {
        return -errno;
    }
    r = region_lock(region->fd);
    if (r < 0) {
        return r;
    }
    r = region_map(region, sizes, LAYOUT_VERSION);
    if (r < 0) {
        return r;
    }
    assert(region->header != NULL); /* it is mapped */
    memcpy(region->header->magic, REGION_MAGIC, sizeof(REGION_MAGIC));
    region->header->layout = LAYOUT_VERSION;
    region->header->sizes = *sizes;
    region->header->counters.next_connection_id = 1;
    region->header->counters.next_room_id = 1;
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    region->header->is_complete = 1;
    return 0;
}

int region_create(struct region *region, const struct region_sizes *sizes)
{
    struct region_sizes rounded = *sizes;
    struct region made = { .fd = -1 };
    int r;

    rounded.log_bytes = region_log_bytes(sizes->log_bytes);
    made.fd = memfd_create("partyline", MFD_CLOEXEC);
    if (made.fd < 0) {
        return -errno;
    }
    r = region_fill(&made, &rounded);
    if (r < 0) {
        (void)region_close(&made, false);
        return r;
    }
    *region = made;
    return 0;
}

/* The tables lie in the file as they are mapped. What fallocate(2) reserved and nobody wrote (or
 * read) is a hole to lseek(2); where a kernel thinks otherwise, all rows count as written. */
uint32_t region_rows_written(const struct region *region, const void *table, size_t row_size,
                             uint32_t n_rows)
{
    off_t start = (const char *)table - (const char *)region->header;
    off_t end = start + (off_t)(n_rows * row_size);
    off_t behind = start;
    off_t data = lseek(region->fd, start, SEEK_DATA);

    while (data >= 0 && data < end) {
        behind = lseek(region->fd, data, SEEK_HOLE);
        if (behind < 0 || behind >= end) {
            return n_rows;
        }
        data = lseek(region->fd, behind, SEEK_DATA);
    }
    if (data < 0 && errno != ENXIO) {
        return n_rows;
    }
    return (uint32_t)(((size_t)(behind - start) + row_size - 1) / row_size);
}

static bool region_is_plausible(const struct region_header *header, size_t file_length)
{
    const struct region_sizes *sizes = &header->sizes;

    if (memcmp(header->magic, REGION_MAGIC, sizeof(REGION_MAGIC)) != 0 ||
        header->layout < LAYOUT_FIRST || header->layout > LAYOUT_VERSION ||
        header->is_complete != 1) {
        return false;
    }
    if (sizes->log_bytes < REGION_ALIGN || (sizes->log_bytes & (sizes->log_bytes - 1)) != 0 ||
        sizes->log_bytes > file_length) {
        return false;
    }
    if (sizes->wires == 0 || sizes->rooms == 0 || sizes->memberships == 0 || sizes->cells == 0 ||
        sizes->pages == 0) {
        return false; /* row 0 is always there */
    }
    return region_offsets_of(sizes, header->layout).end == file_length;
}

static bool region_is_sound(const struct region_header *header)
{
    return header->journal_len <= JOURNAL_BYTES && header->log.head <= header->log.tail &&
           header->log.tail - header->log.head <= header->sizes.log_bytes &&
           header->log.head % 8 == 0 && header->log.tail % 8 == 0;
}

/* Reads sizes and layout through a mapping of the header alone, before it trusts them. */
static int region_peek(int fd, struct region_sizes *out_sizes, uint32_t *out_layout)
{
    struct stat status;
    struct region_header *header;
    int r = 0;

    if (fstat(fd, &status) < 0) {
        return -errno;
    }
    if ((size_t)status.st_size < sizeof(*header)) {
        return REGION_UNKNOWN;
    }
    header = mmap(NULL, sizeof(*header), PROT_READ, MAP_SHARED, fd, 0);
    if (header == MAP_FAILED) {
        return -errno;
    }
    if (!region_is_plausible(header, (size_t)status.st_size)) {
        r = REGION_UNKNOWN;
    } else if (!region_is_sound(header)) {
        r = REGION_DAMAGED;
    } else {
        *out_sizes = header->sizes;
        *out_layout = header->layout;
    }
    (void)munmap(header, sizeof(*header));
    return r;
}

int region_adopt(struct region *region, int fd)
{
    struct region_sizes sizes = { 0 };
    struct region found = { .fd = fd };
    uint32_t layout = LAYOUT_VERSION;
    int r = region_lock(fd);

    if (r < 0) {
        return r;
    }
    r = region_peek(fd, &sizes, &layout);
    if (r != 0) {
        return r;
    }
    r = region_map(&found, &sizes, layout);
    if (r < 0) {
        return r;
    }
    *region = found;
    return 0;
}

int region_close(struct region *region, bool keep_fd)
{
    int fd = region->fd;

    if (region->header != NULL) {
        (void)munmap(region->header, region->length);
    }
    *region = (struct region){ .fd = -1 };
    if (keep_fd || fd < 0) {
        return fd;
    }
    (void)close(fd);
    return -1;
}

static off_t region_page_offset(const struct region *region, uint32_t page)
{
    struct region_offsets offsets =
        region_offsets_of(&region->header->sizes, region->header->layout);

    return (off_t)(offsets.pages + (size_t)page * PAGE_SIZE_BYTES);
}

int region_reserve_page(struct region *region, uint32_t page)
{
    if (fallocate(region->fd, 0, region_page_offset(region, page), PAGE_SIZE_BYTES) < 0) {
        return -errno;
    }
    return 0;
}

void region_punch_page(struct region *region, uint32_t page)
{
    (void)fallocate(region->fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
                    region_page_offset(region, page), PAGE_SIZE_BYTES);
}
