/* SPDX-License-Identifier: MIT */
/* app/salvage: a refused region is found again in the state directory, the last three of them, and
 * nothing that is wrong with the directory stops a start. */
#include "app/salvage.h"

#include "lib/report.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <cmocka.h>

struct rig {
    char directory[40];
    int region_fd; /* 1 MiB, with data at both ends */
};

static unsigned n_warnings;

static void count_warnings(enum report_level level, const char *line,
                           const struct report_field *fields, size_t n)
{
    (void)line;
    (void)fields;
    (void)n;
    n_warnings += level == REPORT_WARNING;
}

static int setup(void **state)
{
    static struct rig rig;

    (void)snprintf(rig.directory, sizeof(rig.directory), "/tmp/partyline-XXXXXX");
    assert_non_null(mkdtemp(rig.directory));
    assert_int_equal(setenv("STATE_DIRECTORY", rig.directory, 1), 0);
    rig.region_fd = memfd_create("region", MFD_CLOEXEC);
    assert_int_equal(ftruncate(rig.region_fd, 1 << 20), 0);
    assert_int_equal(pwrite(rig.region_fd, "begin", 5, 0), 5);
    assert_int_equal(pwrite(rig.region_fd, "end", 3, (1 << 20) - 3), 3);
    n_warnings = 0;
    report_set_sink(count_warnings);
    *state = &rig;
    return 0;
}

static void path_of(const struct rig *rig, char path[80], const char *name)
{
    (void)snprintf(path, 80, "%s/%s", rig->directory, name);
}

static bool has(const struct rig *rig, const char *name)
{
    char path[80];

    path_of(rig, path, name);
    return access(path, F_OK) == 0;
}

static void drop(const struct rig *rig, const char *name)
{
    char path[80];

    path_of(rig, path, name);
    (void)unlink(path);
}

static int teardown(void **state)
{
    static const char *const names[] = { "region-1.bin",    "region-2.bin",  "region-3.bin",
                                         "region-4.bin",    "region-10.bin", "region-x.bin",
                                         "region-9.bin.old" };
    const struct rig *rig = *state;

    (void)close(rig->region_fd);
    report_set_sink(NULL);
    (void)unsetenv("STATE_DIRECTORY");
    for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
        drop(rig, names[i]);
    }
    return rmdir(rig->directory); /* fails if anything else was left in it */
}

static void the_copy_holds_the_same_and_is_for_nobody_else_to_read(void **state)
{
    const struct rig *rig = *state;
    char path[80], bytes[8];
    struct stat status;
    int fd;

    salvage_region(rig->region_fd, 1999);
    path_of(rig, path, "region-1.bin");
    fd = open(path, O_RDONLY | O_CLOEXEC);
    assert_true(fd >= 0);
    assert_int_equal(fstat(fd, &status), 0);
    assert_int_equal(status.st_size, 1 << 20);
    assert_int_equal(status.st_mode & 0777, 0600);
    assert_true(status.st_blocks * 512 < 1 << 17); /* a hole stays a hole */
    assert_int_equal(pread(fd, bytes, sizeof(bytes), 0), sizeof(bytes));
    assert_memory_equal(bytes, "begin\0\0", 8);
    assert_int_equal(pread(fd, bytes, sizeof(bytes), (1 << 20) - 3), 3);
    assert_memory_equal(bytes, "end", 3);
    (void)close(fd);
    assert_int_not_equal(fcntl(rig->region_fd, F_GETFD), -1);
    assert_int_equal(n_warnings, 0);
}

static void the_last_three_are_kept_and_what_is_not_ours_stays(void **state)
{
    const struct rig *rig = *state;
    char path[80];

    path_of(rig, path, "region-x.bin");
    (void)close(open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
    path_of(rig, path, "region-9.bin.old");
    (void)close(open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
    salvage_region(rig->region_fd, 10000);
    for (uint64_t s = 1; s <= 4; s++) {
        salvage_region(rig->region_fd, s * 1000);
    }
    assert_false(has(rig, "region-1.bin"));
    assert_false(has(rig, "region-2.bin"));
    assert_true(has(rig, "region-3.bin"));
    assert_true(has(rig, "region-4.bin"));
    assert_true(has(rig, "region-10.bin")); /* the newest by number, not by letter */
    assert_true(has(rig, "region-x.bin"));
    assert_true(has(rig, "region-9.bin.old"));
}

static void without_a_state_directory_nothing_happens(void **state)
{
    const struct rig *rig = *state;

    (void)unsetenv("STATE_DIRECTORY");
    salvage_region(rig->region_fd, 1000);
    assert_int_equal(setenv("STATE_DIRECTORY", "", 1), 0);
    salvage_region(rig->region_fd, 1000);
    assert_int_equal(n_warnings, 0);
}

static void a_failure_is_reported_and_leaves_no_half_a_file(void **state)
{
    const struct rig *rig = *state;
    int fds[2];

    assert_int_equal(pipe(fds), 0);
    salvage_region(fds[0], 1000); /* can't be copied: not a file */
    assert_int_equal(n_warnings, 1);
    assert_false(has(rig, "region-1.bin"));
    salvage_region(-1, 1000);
    assert_int_equal(n_warnings, 2);
    assert_int_equal(setenv("STATE_DIRECTORY", "/nonexistent", 1), 0);
    salvage_region(rig->region_fd, 1000);
    assert_int_equal(n_warnings, 3);
    (void)close(fds[0]);
    (void)close(fds[1]);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_copy_holds_the_same_and_is_for_nobody_else_to_read),
        TEST(the_last_three_are_kept_and_what_is_not_ours_stays),
        TEST(without_a_state_directory_nothing_happens),
        TEST(a_failure_is_reported_and_leaves_no_half_a_file),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
