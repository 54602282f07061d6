/* SPDX-License-Identifier: MIT */
/* app/archiving: what the configuration says of keeping reaches the archive, at the start and at a
 * reload. How it is kept to, test_archive_keep and test_archive_keep_rooms know. */
#include "app/archiving.h"
#include "support/config_rig.h"
#include "support/keep_rig.h"

#include <sys/eventfd.h>

enum { DAY_MS = 86400000 };

static void load(struct config *config, const struct archive_rig *rig, const char *all,
                 const char *rooms)
{
    struct config_error error;
    char path[64], content[512];
    int fd = memfd_create("config", MFD_CLOEXEC);
    int n = snprintf(content, sizeof(content), "archive: { file = \"%s\"; %s };\nrooms: { %s };",
                     rig->path, all, rooms);

    assert_true(fd >= 0);
    snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
    assert_int_equal(write(fd, content, (size_t)n), n);
    assert_int_equal(config_load(config, path, &error), 0);
    assert_int_equal(close(fd), 0);
}

/* The archive that the configuration opens takes the place of the rig's; nothing steps it but us.
 */
static void open_by(struct archiving *archiving, struct archive_rig *rig,
                    const struct config *config)
{
    archive_rig_close(rig);
    assert_int_equal(archiving_open(archiving, config), 0);
    rig->archive = archiving->archive;
    archive_attach(rig->archive, &rig->base.state);
}

static void rooms_are_kept_as_the_configuration_says(void **state)
{
    struct archive_rig *rig = *state;
    struct archiving archiving;
    struct config config = { 0 };

    load(
        &config, rig, "keep_days = 2;",
        "each = ( { name = \"#TEA\"; keep_days = 1; }, { name = \"#lobby\"; keep_bytes = 204; } )");
    open_by(&archiving, rig, &config);
    archive_rig_say_many(rig, rig->tea, 2);   /* 1 and 2 */
    archive_rig_say_many(rig, rig->lobby, 4); /* the newest two are 204 bytes */
    archive_rig_settle(rig);
    tidy(rig, DAY_MS + 1011);
    assert_string_equal(archive_rig_sql(rig, ARCHIVE_RIG_NUMBERS), "2 5 6");

    load(&config, rig, "", "each = ( { name = \"#lobby\"; keep_days = 2; } )");
    archiving_apply(&archiving);
    tidy(rig, 2 * DAY_MS + 1051);
    assert_string_equal(archive_rig_sql(rig, ARCHIVE_RIG_NUMBERS), "2 6");

    load(&config, rig, "keep_days = 2;", "each = ( { name = \"#lobby\"; history_on_join = 7; } )");
    archiving_apply(&archiving);
    tidy(rig, UINT64_C(1) << 42);
    assert_string_equal(archive_rig_sql(rig, ARCHIVE_RIG_NUMBERS), "6");
    config_fini(&config);
}

/* No thread is started, so nothing is archived meanwhile. */
static void a_full_batch_is_not_lingered_over(void **state)
{
    struct archive_rig *rig = *state;
    const struct log_state *log = &rig->base.state.header->log;
    struct archiving archiving;
    struct config config = { 0 };

    load(&config, rig, "", "");
    open_by(&archiving, rig, &config);
    archiving.archivist.event_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    archiving.is_running = true;
    while (!archive_has_batch(rig->archive, &rig->base.state)) {
        archiving_wake(&archiving, &rig->base.state, false);
        assert_false(archiving.archivist.is_hurried);
        archive_rig_say_many(rig, rig->tea, 1);
    }
    assert_true(log->tail - archive_position(rig->archive) < ARCHIVE_BATCH_BYTES + RECORD_ROOM);
    archiving_wake(&archiving, &rig->base.state, false);
    assert_true(archiving.archivist.is_hurried);
    assert_int_equal(close(archiving.archivist.event_fd), 0);
    config_fini(&config);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ARCHIVE_TEST(rooms_are_kept_as_the_configuration_says),
        ARCHIVE_TEST(a_full_batch_is_not_lingered_over),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
