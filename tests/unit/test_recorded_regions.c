/* SPDX-License-Identifier: MIT */
/* Regions that releases have left: data/region-N.bin, of layout version N, must come up again, the
 * older ones through the converter, and hold what data/region-N.txt says; data/layout-N.txt says
 * what the structs of version N look like.
 * A change of the layout needs a new LAYOUT_VERSION, a converter from the one before, and a new
 * recording, which is made by (in tests/)
 *
 *     ../build/dev/tests/test_recorded_regions record
 *
 * The files of versions that were released are never changed. */
#include "state/resize.h"

#include "support/layout_table.h"
#include "support/recorded_talk.h"
#include "support/region_text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>

enum { TEXT_MAX = 65536, PATH_SIZE = 64, REGION_FILE_MAX = 400000 };

static void path_of(char path[PATH_SIZE], const char *what, unsigned version, const char *suffix)
{
    (void)snprintf(path, PATH_SIZE, "data/%s-%u.%s", what, version, suffix);
}

/* ---- recording ---- */

static void save(const char *path, const void *bytes, size_t len)
{
    FILE *file = fopen(path, "we");

    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, len, file), len);
    assert_int_equal(fclose(file), 0);
}

static void save_region(int fd)
{
    static char bytes[REGION_FILE_MAX];
    char path[PATH_SIZE];
    struct stat status;

    assert_int_equal(fstat(fd, &status), 0);
    assert_true(status.st_size <= REGION_FILE_MAX);
    assert_int_equal(pread(fd, bytes, (size_t)status.st_size, 0), status.st_size);
    path_of(path, "region", LAYOUT_VERSION, "bin");
    save(path, bytes, (size_t)status.st_size);
}

static void save_words(const char *what, struct buf *out)
{
    char path[PATH_SIZE];

    assert_false(out->full);
    path_of(path, what, LAYOUT_VERSION, "txt");
    save(path, out->at, out->len);
}

/* As small as it can be. */
static void record(void **state)
{
    static const struct region_sizes wanted = { 1, 1, 1, 1, 1, 0, 32768 };
    static char space[TEXT_MAX];
    struct chat_rig *rig = *state;
    struct buf words = buf_over(space, sizeof(space)), table = buf_over(space, sizeof(space));
    struct region made = { .fd = -1 };
    struct region_sizes sizes;

    recorded_talk(rig);
    sizes = region_fitting_sizes(&rig->base.state.region, &wanted);
    assert_int_equal(region_resize(&made, &rig->base.state.region, &sizes), 0);
    save_region(made.fd);
    (void)region_close(&made, false);
    region_text_print(&rig->base.state, &words);
    save_words("region", &words);
    layout_print(&table);
    save_words("layout", &table);
}

/* ---- comparing ---- */

/* The content as a string; false: there is no such file. */
static bool load_words(char space[TEXT_MAX], const char *what, unsigned version)
{
    char path[PATH_SIZE];
    FILE *file;
    size_t n;

    path_of(path, what, version, "txt");
    file = fopen(path, "re");
    if (file == NULL) {
        return false;
    }
    n = fread(space, 1, TEXT_MAX - 1, file);
    space[n] = '\0';
    (void)fclose(file);
    return true;
}

/* A memfd with the file's content; -1: there is no such file. */
static int load_region(unsigned version)
{
    static char bytes[REGION_FILE_MAX];
    char path[PATH_SIZE];
    FILE *file;
    size_t n;
    int fd;

    path_of(path, "region", version, "bin");
    file = fopen(path, "re");
    if (file == NULL) {
        return -1;
    }
    n = fread(bytes, 1, sizeof(bytes), file);
    (void)fclose(file);
    fd = memfd_create("recorded", MFD_CLOEXEC);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes, n), n);
    return fd;
}

/* As a start does it. */
static void move(struct region *region)
{
    struct region old = *region;
    struct tx tx;

    (void)tx_init(&tx, &old, NULL);
    if (old.header->layout != LAYOUT_VERSION) {
        assert_int_equal(region_resize(region, &old, &old.header->sizes), 0);
        (void)region_close(&old, false);
    }
    assert_int_equal(region->header->layout, LAYOUT_VERSION);
}

static void come_up(struct state *state, unsigned version, int fd)
{
    struct region region = { .fd = -1 };
    const char *wrong;
    int r = region_adopt(&region, fd);

    if (r != 0) {
        fail_msg("a region of layout %u is refused (%d): a converter is missing", version, r);
    }
    move(&region);
    assert_int_equal(state_open(state, &region, NULL), 0);
    pages_open(&state->pages);
    wrong = state_check(state);
    if (wrong != NULL) {
        fail_msg("a region of layout %u came up, but %s", version, wrong);
    }
}

static void every_recorded_region_comes_up_with_all_that_was_in_it(void **unused)
{
    static char expected[TEXT_MAX], space[TEXT_MAX];

    (void)unused;
    for (unsigned version = 1; version <= LAYOUT_VERSION; version++) {
        struct buf words = buf_over(space, sizeof(space) - 1);
        struct state state;
        int fd = load_region(version);

        if (fd < 0 || !load_words(expected, "region", version)) {
            fail_msg("there is no recording of layout %u", version);
        }
        come_up(&state, version, fd);
        region_text_print(&state, &words);
        space[words.len] = '\0';
        assert_string_equal(space, expected);
        (void)state_close(&state, false);
    }
}

/* What has changed since lies in layout_N.h, the rest in layout.h. */
static void what_older_layouts_were_is_still_compiled_in(void **unused)
{
    static char expected[TEXT_MAX];

    (void)unused;
    for (unsigned version = 1; version < LAYOUT_VERSION; version++) {
        struct text lines;

        if (!load_words(expected, "layout", version)) {
            fail_msg("there is no recording of layout %u", version);
        }
        lines = text_of(expected);
        while (lines.len > 0) {
            struct text line = text_cut(&lines, '\n'), name = text_cut(&line, ':');
            const struct layout_entry *entry = layout_find(name, version);
            uint64_t value;

            if (entry == NULL || !text_number(text_trim(line), UINT64_MAX, &value) ||
                value != entry->value) {
                fail_msg("layout %u: %.*s is not what it was", version, TEXT_ARG(name));
            }
        }
    }
}

static void the_layout_is_what_its_version_says(void **unused)
{
    static char expected[TEXT_MAX], space[TEXT_MAX];
    struct buf table = buf_over(space, sizeof(space) - 1);

    (void)unused;
    if (!load_words(expected, "layout", LAYOUT_VERSION)) {
        fail_msg("there is no recording of layout %u", LAYOUT_VERSION);
    }
    layout_print(&table);
    space[table.len] = '\0';
    if (strcmp(space, expected) != 0) {
        print_error("layout.h has changed: LAYOUT_VERSION must, too (see the top of this file)\n");
    }
    assert_string_equal(space, expected);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest recording[] = { CHAT_TEST(record) };
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_recorded_region_comes_up_with_all_that_was_in_it),
        cmocka_unit_test(what_older_layouts_were_is_still_compiled_in),
        cmocka_unit_test(the_layout_is_what_its_version_says),
    };

    if (argc == 2 && strcmp(argv[1], "record") == 0) {
        return cmocka_run_group_tests(recording, NULL, NULL);
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
