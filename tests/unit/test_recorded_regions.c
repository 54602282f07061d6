/* SPDX-License-Identifier: MIT */
/* Regions that releases have left: data/region-N.bin, of layout version N, must come up again and
 * hold what data/region-N.txt says; data/layout-N.txt says what the structs of version N look like.
 * A change of the layout needs a new LAYOUT_VERSION, a converter from the one before, and a new
 * recording, which is made by (in tests/)
 *
 *     ../build/dev/tests/test_recorded_regions record
 *
 * The files of versions that were released are never changed. */
#include "state/resize.h"

#include "support/chat_rig.h"
#include "support/layout_table.h"
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

/* All that is due was sent: the page is somebody else's. */
static void hear(struct chat_rig *rig, uint32_t row)
{
    struct wire_output *out;

    (void)chat_hear(rig, row);
    state_begin(&rig->base.state);
    out = state_edit_output(&rig->base.state, row);
    out->base = out->produced;
    state_commit(&rig->base.state);
}

/* A line without end, across the end of the page. */
static void talk_half(struct state *state, uint32_t row)
{
    static const char bytes[] = "/me types sl";
    struct wire_input *in;
    uint32_t page = pages_lend(&state->pages, PAGE_INPUT);

    for (size_t i = 0; i < sizeof(bytes) - 1; i++) {
        region_page(&state->region, page)[(PAGE_SIZE_BYTES - 4 + i) % PAGE_SIZE_BYTES] = bytes[i];
    }
    state_begin(state);
    in = state_edit_input(state, row);
    in->consumed = PAGE_SIZE_BYTES - 4;
    in->read = PAGE_SIZE_BYTES - 4 + sizeof(bytes) - 1;
    in->page = page;
    state_commit(state);
}

static void leave_unsent(struct state *state, uint32_t row)
{
    static const char bytes[] = ":ann!u@h PRIVMSG #tea :milk first\r\n";
    struct wire_output *out;
    uint32_t page = pages_lend(&state->pages, PAGE_OUTPUT);

    memcpy(region_page(&state->region, page), bytes, sizeof(bytes) - 1);
    state_begin(state);
    out = state_edit_output(state, row);
    out->base = 1000;
    out->produced = 1000 + sizeof(bytes) - 1;
    out->page = page;
    state_commit(state);
}

static void talk(struct chat_rig *rig)
{
    uint32_t ann = chat_person(rig, FRONT_LINE, "ann");
    uint32_t bob = chat_person(rig, FRONT_IRC, "bob");
    uint32_t cat = chat_person(rig, FRONT_LINE, "cat");
    uint32_t lobby = chat_join(rig, ann, "#lobby", 0);
    uint32_t tea = chat_join(rig, ann, "#tea", 0);

    (void)chat_join(rig, bob, "#lobby", 0);
    (void)chat_join(rig, bob, "#tea", 5);
    (void)chat_join(rig, cat, "#lobby", 5);
    chat_say(rig, ann, lobby, "is anybody there?");
    chat_say(rig, bob, tea, "milk first, \xc3\xa9videmment");
    chat_begin(rig);
    assert_int_equal(rooms_set_topic(rig->hub, ann, tea,
                                     TEXT("a topic that needs more than one "
                                          "cell, since a cell is short"),
                                     rig->exchange.now),
                     0);
    state_set_text(&rig->base.state, &state_edit_person(&rig->base.state, cat)->away,
                   TEXT("asleep"));
    chat_commit(rig);
    chat_tell(rig, ann, bob, "psst");
    hear(rig, ann);
    chat_leave(rig, bob, lobby);
    chat_quit(rig, cat);
    talk_half(&rig->base.state, ann);
    leave_unsent(&rig->base.state, bob);
}

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

    talk(rig);
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

static void come_up(struct state *state, unsigned version, int fd)
{
    struct region region = { .fd = -1 };
    const char *wrong;
    int r = region_adopt(&region, fd);

    if (r != 0) {
        fail_msg("a region of layout %u is refused (%d): a converter is missing", version, r);
    }
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
        cmocka_unit_test(the_layout_is_what_its_version_says),
    };

    if (argc == 2 && strcmp(argv[1], "record") == 0) {
        return cmocka_run_group_tests(recording, NULL, NULL);
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
