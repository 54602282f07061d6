/* SPDX-License-Identifier: MIT */
/* state/region: what one process wrote the next one finds; what is not a region of ours is refused
 * before it is trusted; and never two processes at once. */
#include "state/region.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <cmocka.h>

static const struct region_sizes sizes = {
    .wires = 5, .rooms = 4, .memberships = 9, .cells = 17, .pages = 3, .log_bytes = 65536
};

static int setup(void **state)
{
    static struct region region;

    *state = &region;
    return region_create(&region, &sizes);
}

static int teardown(void **state)
{
    (void)region_close(*state, false);
    return 0;
}

static void adopt_again(struct region *region)
{
    int fd = region_close(region, true);

    assert_true(fd >= 0);
    assert_int_equal(region_adopt(region, fd), 0);
}

static void what_was_written_is_there_for_the_next_process(void **state)
{
    struct region *region = *state;

    region->wires[4].id = 11;
    region->people[4].flags = 12;
    region->rooms[3].id = 13;
    region->memberships[8].serial = 14;
    region->cells[16].len = 15;
    region->past[PAST_ROWS - 1].gone_ms = 16;
    region->log[0] = 'a';
    region->log[65535] = 'z';
    assert_int_equal(region_reserve_page(region, 2), 0);
    region_page(region, 2)[PAGE_SIZE_BYTES - 1] = 'p';
    adopt_again(region);
    assert_int_equal(region->wires[4].id, 11);
    assert_int_equal(region->people[4].flags, 12);
    assert_int_equal(region->rooms[3].id, 13);
    assert_int_equal(region->memberships[8].serial, 14);
    assert_int_equal(region->cells[16].len, 15);
    assert_int_equal(region->past[PAST_ROWS - 1].gone_ms, 16);
    assert_int_equal(region->log[0], 'a');
    assert_int_equal(region->log[65535], 'z');
    assert_int_equal(region_page(region, 2)[PAGE_SIZE_BYTES - 1], 'p');
}

static void a_record_across_the_end_of_the_ring_is_contiguous(void **state)
{
    struct region *region = *state;

    memcpy(region->log + 65536 - 4, "abcdefgh", 8);
    assert_memory_equal(region->log, "efgh", 4);
    adopt_again(region);
    assert_memory_equal(region->log + 65536 - 4, "abcdefgh", 8);
}

static void the_length_of_the_log_is_rounded_up_to_a_power_of_two(void **state)
{
    static const struct {
        uint64_t asked, made;
    } rows[] = { { 1, 4096 }, { 65536, 65536 }, { 65537, 131072 }, { 1000000, 1048576 } };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct region_sizes asked = sizes;
        struct region region;

        asked.log_bytes = rows[i].asked;
        assert_int_equal(region_create(&region, &asked), 0);
        assert_int_equal(region.header->sizes.log_bytes, rows[i].made);
        (void)region_close(&region, false);
    }
}

/* A hole would be a SIGBUS later. The pages alone are reserved one by one. */
static void tables_and_log_are_reserved_and_pages_only_when_asked_for(void **state)
{
    struct region *region = *state;
    struct stat before, after;

    assert_int_equal(fstat(region->fd, &before), 0);
    assert_int_equal((size_t)before.st_blocks * 512 + 3 * (size_t)PAGE_SIZE_BYTES, before.st_size);
    assert_int_equal(region_reserve_page(region, 2), 0);
    assert_int_equal(fstat(region->fd, &after), 0);
    assert_int_equal((after.st_blocks - before.st_blocks) * 512, PAGE_SIZE_BYTES);
    region_page(region, 2)[0] = 'p';
    region_punch_page(region, 2);
    assert_int_equal(fstat(region->fd, &after), 0);
    assert_int_equal(after.st_blocks, before.st_blocks);
    assert_int_equal(after.st_size, before.st_size);
}

/* ---- what is refused ---- */

struct planting {
    size_t at; /* offset in the header */
    uint64_t value;
    size_t len;
    int outcome;
};

#define FIELD(field, to, result)                                                                   \
    {                                                                                              \
        offsetof(struct region_header, field), (to),                                               \
            sizeof(((struct region_header *)NULL)->field), (result)                                \
    }

static const struct planting plantings[] = {
    FIELD(magic[0], 'X', REGION_UNKNOWN),
    FIELD(magic[7], 'X', REGION_UNKNOWN),
    FIELD(layout, LAYOUT_VERSION + 1, REGION_UNKNOWN),
    FIELD(layout, LAYOUT_FIRST - 1, REGION_UNKNOWN),
    FIELD(layout, LAYOUT_FIRST, REGION_UNKNOWN), /* its tables would be shorter */
    FIELD(layout, UINT32_MAX, REGION_UNKNOWN),
    FIELD(is_complete, 0, REGION_UNKNOWN),
    FIELD(is_complete, 2, REGION_UNKNOWN),
    FIELD(sizes.wires, 5000, REGION_UNKNOWN),
    FIELD(sizes.pages, 4, REGION_UNKNOWN),
    FIELD(sizes.pages, 2, REGION_UNKNOWN),
    FIELD(sizes.log_bytes, 0, REGION_UNKNOWN),
    FIELD(sizes.log_bytes, 65535, REGION_UNKNOWN),
    FIELD(sizes.log_bytes, 131072, REGION_UNKNOWN),
    FIELD(sizes.log_bytes, UINT64_C(1) << 63, REGION_UNKNOWN),
    FIELD(journal_len, JOURNAL_BYTES + 1, REGION_DAMAGED),
    FIELD(log.head, 1, REGION_DAMAGED),
    FIELD(log.tail, 65537, REGION_DAMAGED),
    FIELD(log.tail, 65536, 0),
    FIELD(journal_len, JOURNAL_BYTES, 0),
};

static void a_header_that_contradicts_itself_is_refused_and_the_descriptor_left(void **state)
{
    struct region *region = *state;

    for (size_t i = 0; i < ARRAY_SIZE(plantings); i++) {
        const struct planting *p = &plantings[i];
        char *field = (char *)region->header + p->at;
        struct region other = { .fd = -7 };
        char saved[8];

        memcpy(saved, field, p->len);
        memcpy(field, &p->value, p->len); /* little endian */
        assert_int_equal(region_adopt(&other, region->fd), p->outcome);
        if (p->outcome == 0) {
            (void)munmap(other.header, other.length);
        } else {
            assert_int_equal(other.fd, -7);
            assert_int_not_equal(fcntl(region->fd, F_GETFD), -1);
        }
        memcpy(field, saved, p->len);
    }
}

static void a_file_of_another_length_is_no_region(void **state)
{
    struct region *region = *state;
    struct region other;
    struct stat status;
    int empty = memfd_create("empty", MFD_CLOEXEC);
    int fds[2];

    assert_int_equal(region_adopt(&other, empty), REGION_UNKNOWN);
    close(empty);
    assert_int_equal(fstat(region->fd, &status), 0);
    assert_int_equal(ftruncate(region->fd, status.st_size + 4096), 0);
    assert_int_equal(region_adopt(&other, region->fd), REGION_UNKNOWN);
    assert_int_equal(ftruncate(region->fd, status.st_size), 0);
    assert_int_equal(pipe(fds), 0);
    assert_true(region_adopt(&other, fds[0]) < 0);
    assert_true(region_adopt(&other, -1) < 0);
    close(fds[0]);
    close(fds[1]);
}

static void a_region_can_be_closed_twice(void **state)
{
    struct region zeroed = { .fd = -1 };

    (void)state;
    assert_int_equal(region_close(&zeroed, true), -1);
    assert_int_equal(region_close(&zeroed, false), -1);
}

/* ---- the lock ---- */

static pid_t adopt_in_another_process(int fd, int tell)
{
    pid_t pid = fork();

    assert_true(pid >= 0);
    if (pid == 0) {
        struct region region;
        int r = region_adopt(&region, fd);

        _exit(r == 0 && write(tell, "a", 1) == 1 ? 0 : 1);
    }
    return pid;
}

static void a_second_process_waits_until_the_first_lets_go(void **state)
{
    struct region *region = *state;
    struct flock unlock = { .l_type = F_UNLCK, .l_whence = SEEK_SET };
    struct pollfd told = { .events = POLLIN };
    int fds[2], status;
    pid_t pid;

    assert_int_equal(pipe(fds), 0);
    told.fd = fds[0];
    pid = adopt_in_another_process(region->fd, fds[1]);
    assert_int_equal(poll(&told, 1, 100), 0);
    assert_int_equal(fcntl(region->fd, F_SETLK, &unlock), 0); /* as if it had died */
    assert_int_equal(poll(&told, 1, 10000), 1);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
    close(fds[0]);
    close(fds[1]);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_was_written_is_there_for_the_next_process),
        TEST(a_record_across_the_end_of_the_ring_is_contiguous),
        TEST(the_length_of_the_log_is_rounded_up_to_a_power_of_two),
        TEST(tables_and_log_are_reserved_and_pages_only_when_asked_for),
        TEST(a_header_that_contradicts_itself_is_refused_and_the_descriptor_left),
        TEST(a_file_of_another_length_is_no_region),
        TEST(a_region_can_be_closed_twice),
        TEST(a_second_process_waits_until_the_first_lets_go),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
