/* SPDX-License-Identifier: MIT */
/* store/export: a room's whole history as people and as programs read it. */
#include "store/export.h"
#include "support/archive_rig.h"

static const char *export_as(struct archive_rig *rig, const char *room, enum export_format format)
{
    static char copy[4096];
    char *written = NULL;
    size_t len = 0;
    FILE *to = open_memstream(&written, &len);

    archive_rig_settle(rig);
    assert_non_null(to);
    assert_int_equal(export_room(archive_rig_reader(rig), room, format, to), 0);
    assert_int_equal(fclose(to), 0);
    (void)snprintf(copy, sizeof(copy), "%s", written);
    free(written);
    return copy;
}

static void talk(struct archive_rig *rig)
{
    struct draft kick = { .kind = RECORD_KICKED,
                          .who = TEXT("Ann"),
                          .where = TEXT("#lobby"),
                          .text = TEXT("enough"),
                          .target = TEXT("Bob") };

    rig->now_ms = UINT64_C(1795341600123) - 10; /* 2026-11-22 10:00:00.123 UTC */
    (void)archive_rig_say(rig, rig->lobby, "hello \"all\"");
    (void)archive_rig_do(rig, RECORD_JOINED, "#lobby", "Bob the Builder");
    (void)archive_rig_do(rig, RECORD_ACTION, "#lobby", "waves");
    (void)archive_rig_do(rig, RECORD_NOTICE, "#lobby", "note");
    (void)archive_rig_do(rig, RECORD_AWAY, "", "tea");
    (void)archive_rig_do(rig, RECORD_AWAY, "", "");
    (void)archive_rig_do(rig, RECORD_TAGGED, "#lobby", "");
    (void)archive_rig_do(rig, RECORD_RENAMED, "", "Rob");
    (void)archive_rig_do(rig, RECORD_TOPIC, "#lobby", "cheese");
    (void)archive_rig_do(rig, RECORD_MODES, "#lobby", "+o Ann");
    (void)archive_rig_append(rig, &kick, &rig->lobby, 1);
    (void)archive_rig_do(rig, RECORD_QUIT, "", "");
}

static void people_read_words(void **state)
{
    struct archive_rig *rig = *state;

    talk(rig);
    assert_string_equal(export_as(rig, "#LOBBY", EXPORT_TEXT),
                        "2026-11-22 10:00:00 <Ann> hello \"all\"\n"
                        "2026-11-22 10:00:00 -- Bob has joined\n"
                        "2026-11-22 10:00:00 * Bob waves\n"
                        "2026-11-22 10:00:00 -Bob- note\n"
                        "2026-11-22 10:00:00 -- Bob is away: tea\n"
                        "2026-11-22 10:00:00 -- Bob is back\n"
                        "2026-11-22 10:00:00 -- Bob is now Rob\n"
                        "2026-11-22 10:00:00 -- Bob has set the topic: cheese\n"
                        "2026-11-22 10:00:00 -- Bob has set modes +o Ann\n"
                        "2026-11-22 10:00:00 -- Ann has thrown out Bob: enough\n"
                        "2026-11-22 10:00:00 -- Bob has quit\n");
}

static void programs_read_an_object_a_line(void **state)
{
    static const char first[] =
        "{\"number\":1,\"time\":\"2026-11-22T10:00:00.123Z\",\"kind\":\"said\","
        "\"who\":\"Ann\",\"source\":\"ann@host\",\"place\":\"#lobby\","
        "\"text\":\"hello \\\"all\\\"\"}\n"
        "{\"number\":2,\"time\":\"2026-11-22T10:00:00.133Z\",\"kind\":\"joined\"";
    struct archive_rig *rig = *state;
    const char *json;

    talk(rig);
    json = export_as(rig, "#lobby", EXPORT_JSON);
    assert_ptr_equal(strstr(json, first), json);
    assert_non_null(strstr(json, "\"kind\":\"kicked\",\"who\":\"Ann\",\"place\":\"#lobby\","
                                 "\"text\":\"enough\",\"target\":\"Bob\"}\n"));
}

/* What a client is not shown as history is part of the whole all the same. */
static void what_programs_said_is_exported_too(void **state)
{
    struct archive_rig *rig = *state;

    (void)archive_rig_say(rig, rig->lobby, "\001VERSION\001");
    assert_non_null(strstr(export_as(rig, "#lobby", EXPORT_JSON), "VERSION"));
}

static void all_pages_of_a_long_history_are_written(void **state)
{
    struct archive_rig *rig = *state;
    char *written = NULL;
    size_t len = 0, lines = 0;
    FILE *to = open_memstream(&written, &len);

    for (int i = 0; i < 6; i++) {
        archive_rig_say_many(rig, rig->lobby, 400);
        archive_rig_settle(rig);
    }
    assert_int_equal(export_room(archive_rig_reader(rig), "#lobby", EXPORT_TEXT, to), 0);
    assert_int_equal(fclose(to), 0);
    for (size_t i = 0; i < len; i++) {
        lines += written[i] == '\n';
    }
    assert_int_equal(lines, 2400);
    free(written);
}

static void a_room_that_never_was_is_said(void **state)
{
    struct archive_rig *rig = *state;
    char name[200];

    talk(rig);
    archive_rig_settle(rig);
    memset(name, 'x', sizeof(name) - 1);
    name[sizeof(name) - 1] = '\0';
    assert_int_equal(export_room(archive_rig_reader(rig), "#nowhere", EXPORT_TEXT, stdout),
                     EXPORT_NOTHING);
    assert_int_equal(export_room(archive_rig_reader(rig), name, EXPORT_TEXT, stdout),
                     EXPORT_NOTHING);
}

static void a_stream_that_fails_ends_the_export(void **state)
{
    struct archive_rig *rig = *state;
    FILE *full = fopen("/dev/full", "we");

    talk(rig);
    archive_rig_settle(rig);
    assert_non_null(full);
    assert_true(export_room(archive_rig_reader(rig), "#lobby", EXPORT_TEXT, full) < 0);
    (void)fclose(full);
}

/* A page is a thousand records. */
static void a_page_without_a_record_is_not_the_end(void **state)
{
    struct archive_rig *rig = *state;

    for (int i = 0; i < 3; i++) {
        archive_rig_say_many(rig, rig->lobby, 400);
        archive_rig_settle(rig); /* the ring is small */
    }
    (void)archive_rig_sql(rig, "DELETE FROM records WHERE number <= 1199");
    assert_string_equal(export_as(rig, "#lobby", EXPORT_TEXT), "1970-01-01 00:00:13 <Ann> m399\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ARCHIVE_TEST(a_page_without_a_record_is_not_the_end),
        ARCHIVE_TEST(people_read_words),
        ARCHIVE_TEST(programs_read_an_object_a_line),
        ARCHIVE_TEST(what_programs_said_is_exported_too),
        ARCHIVE_TEST(all_pages_of_a_long_history_are_written),
        ARCHIVE_TEST(a_room_that_never_was_is_said),
        ARCHIVE_TEST(a_stream_that_fails_ends_the_export),
    };

    (void)setenv("TZ", "UTC", 1);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
