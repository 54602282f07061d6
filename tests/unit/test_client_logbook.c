/* SPDX-License-Identifier: MIT */
/* client/logbook and client/folder: what is kept, under which name, and what goes wrong. */
#include "logbook.h"

#include "folder.h"

#include <fcntl.h>
#include <ftw.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <cmocka.h>

enum { MORNING = 1795305600 /* 2026-11-22 00:00 UTC */ };

static char state_home[64];
static char path[4096], content[8192], why[8192];
static struct logbook logbook;

static int set_up(void **state)
{
    (void)state;
    (void)snprintf(state_home, sizeof(state_home), "/tmp/partyline-logs-XXXXXX");
    if (mkdtemp(state_home) == NULL) {
        return -1;
    }
    logbook_init(&logbook, state_home, NULL, TEXT("chat.example"));
    return 0;
}

static int remove_one(const char *name, const struct stat *status, int kind, struct FTW *place)
{
    (void)status;
    (void)kind;
    (void)place;
    return remove(name);
}

static int tear_down(void **state)
{
    (void)state;
    logbook_fini(&logbook);
    return nftw(state_home, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static const char *file_path(const char *name)
{
    (void)snprintf(path, sizeof(path), "%s/partyline/logs/chat.example/%s", state_home, name);
    return path;
}

/* "" if it is not there. */
static const char *content_of(const char *name)
{
    FILE *file = fopen(file_path(name), "re");
    size_t n = file == NULL ? 0 : fread(content, 1, sizeof(content) - 1, file);

    if (file != NULL) {
        (void)fclose(file);
    }
    content[n] = '\0';
    return content;
}

/* What it says, if it fails. */
static const char *take(const struct event *event)
{
    struct buf b = buf_over(why, sizeof(why) - 1);
    int r = logbook_take(&logbook, event, &b);

    why[b.len] = '\0';
    assert_int_equal(r, b.len > 0 ? LOGBOOK_FAILED : 0);
    return why;
}

static const char *say(const char *room, const char *text)
{
    const struct event event = { .kind = EVENT_MESSAGE,
                                 .at = MORNING + 14 * 3600 + 2 * 60 + 7,
                                 .who = TEXT("bob"),
                                 .room = text_of(room),
                                 .text = text_of(text) };

    return take(&event);
}

static void what_is_said_is_a_line_in_its_conversations_file(void **state)
{
    static const struct {
        struct event event;
        const char *file, *line;
    } rows[] = {
        { { .kind = EVENT_MESSAGE, .who = TEXT("bob"), .room = TEXT("#tea"), .text = TEXT("hi") },
          "#tea.log",
          "2026-11-22 00:00:00 <bob> hi\n" },
        { { .kind = EVENT_ACTION, .who = TEXT("bob"), .room = TEXT("#a"), .text = TEXT("waves") },
          "#a.log",
          "2026-11-22 00:00:00 * bob waves\n" },
        { { .kind = EVENT_NOTICE, .who = TEXT("bot"), .room = TEXT("#b"), .text = TEXT("done") },
          "#b.log",
          "2026-11-22 00:00:00 -bot- done\n" },
        { { .kind = EVENT_MESSAGE, .who = TEXT("Cat"), .whom = TEXT("ann"), .text = TEXT("psst") },
          "cat.log",
          "2026-11-22 00:00:00 <Cat> psst\n" },
        { { .kind = EVENT_MESSAGE,
            .is_own = true,
            .who = TEXT("ann"),
            .whom = TEXT("dan"),
            .text = TEXT("hi") },
          "dan.log",
          "2026-11-22 00:00:00 <ann> hi\n" },
        { { .kind = EVENT_MESSAGE,
            .who = TEXT("b\x1Bob"),
            .room = TEXT("#c"),
            .text = TEXT("\x02"
                         "bold\x0F \x03"
                         "04red\nnext\x1B[2J\xFF\xE2\x80\xAE") },
          "#c.log",
          "2026-11-22 00:00:00 <bob> bold rednext[2J\xEF\xBF\xBD\n" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct event event = rows[i].event;

        event.at = MORNING;
        assert_string_equal(take(&event), "");
        assert_string_equal(content_of(rows[i].file), rows[i].line);
    }
}

static void what_is_not_new_or_a_secret_is_not_kept(void **state)
{
    static const struct event events[] = {
        { .kind = EVENT_MESSAGE, .is_past = true, .room = TEXT("#x"), .who = TEXT("x") },
        { .kind = EVENT_JOIN, .room = TEXT("#x"), .who = TEXT("x") },
        { .kind = EVENT_INFO, .room = TEXT("#x"), .text = TEXT("x") },
        { .kind = EVENT_NOTICE, .who = TEXT("irc.example"), .text = TEXT("x") },
        { .kind = EVENT_NOTICE, .who = TEXT(""), .text = TEXT("x") },
        { .kind = EVENT_MESSAGE,
          .is_own = true,
          .who = TEXT("ann"),
          .whom = TEXT("NickServ"),
          .text = TEXT("identify secret") },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(events); i++) {
        assert_string_equal(take(&events[i]), "");
    }
    assert_int_equal(logbook.n, 0);
    assert_int_equal(access(file_path(""), F_OK), -1); /* not even the folder */
}

static void nobody_else_can_read_it(void **state)
{
    struct stat status;

    (void)state;
    (void)umask(0);
    (void)say("#tea", "hi");
    assert_int_equal(stat(file_path("#tea.log"), &status), 0);
    assert_int_equal(status.st_mode & 07777, 0600);
    assert_int_equal(stat(file_path(""), &status), 0);
    assert_int_equal(status.st_mode & 07777, 0700);
    assert_int_equal(stat(file_path("../../../partyline"), &status), 0);
    assert_int_equal(status.st_mode & 07777, 0700);
}

static const char *name_of(struct text name)
{
    static char bytes[LOGBOOK_NAME_SIZE];
    struct buf b = buf_over(bytes, sizeof(bytes) - 1);

    logbook_put_name(name, &b);
    assert_false(b.full);
    bytes[b.len] = '\0';
    return bytes;
}

static void names_are_safe_in_a_folder(void **state)
{
    static const struct {
        const char *name, *file;
    } rows[] = {
        { "#Tea", "#tea" },
        { "#t\xC3\xA4glich", "#t\xC3\xA4glich" },
        { "..", "%2e." },
        { ".bashrc", "%2ebashrc" },
        { "-rf", "%2drf" },
        { "a-b.c", "a-b.c" },
        { "#../../etc/passwd", "#..%2f..%2fetc%2fpasswd" },
        { "#%2f", "#%252f" },
        { "a~b", "a%7eb" },
        { "a\nb\x7F", "a%0ab%7f" },
        { "#\xFF\xC3\xA4", "#%ff%c3%a4" },
        { "#a\xE2\x80\xAE"
          "b",
          "#a%e2%80%aeb" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        assert_string_equal(name_of(text_of(rows[i].name)), rows[i].file);
    }
}

static void long_names_end_in_a_hash(void **state)
{
    char name[600], first[LOGBOOK_NAME_SIZE];

    (void)state;
    memset(name, 'x', sizeof(name));
    assert_int_equal(strlen(name_of((struct text){ .at = name, .len = LOGBOOK_NAME_MAX })),
                     LOGBOOK_NAME_MAX);
    (void)strcpy(first, name_of((struct text){ .at = name, .len = LOGBOOK_NAME_MAX + 1 }));
    assert_int_equal(strlen(first), LOGBOOK_NAME_SIZE - 1);
    assert_int_equal(first[LOGBOOK_NAME_MAX], '~');
    name[LOGBOOK_NAME_MAX] = 'y';
    assert_string_not_equal(name_of((struct text){ .at = name, .len = LOGBOOK_NAME_MAX + 1 }),
                            first);
    name[LOGBOOK_NAME_MAX] = 'X'; /* the same in the other case */
    assert_string_equal(name_of((struct text){ .at = name, .len = LOGBOOK_NAME_MAX + 1 }), first);
    memset(name, '/', sizeof(name));
    assert_true(strlen(name_of((struct text){ .at = name, .len = sizeof(name) })) <
                LOGBOOK_NAME_SIZE);
    assert_true(strlen(first) + sizeof(".log") - 1 <= NAME_MAX);
}

static void no_more_files_are_open_than_the_limit(void **state)
{
    char room[32], file[32];

    (void)state;
    for (int round = 0; round < 2; round++) {
        for (int i = 0; i <= LOGBOOK_FILES_MAX; i++) {
            (void)snprintf(room, sizeof(room), "#%d", i);
            assert_string_equal(say(room, "hi"), "");
            assert_string_equal(say("#often", "hi"), "");
            assert_true(logbook.n <= LOGBOOK_FILES_MAX);
        }
    }
    assert_int_equal(logbook.n, LOGBOOK_FILES_MAX);
    for (int i = 0; i <= LOGBOOK_FILES_MAX; i++) {
        (void)snprintf(file, sizeof(file), "#%d.log", i);
        assert_string_equal(content_of(file),
                            "2026-11-22 14:02:07 <bob> hi\n2026-11-22 14:02:07 <bob> hi\n");
    }
    assert_int_equal(strlen(content_of("#often.log")),
                     2 * (LOGBOOK_FILES_MAX + 1) * strlen("2026-11-22 14:02:07 <bob> hi\n"));
}

static void a_failure_is_told_once_and_ends_nothing(void **state)
{
    (void)state;
    (void)say("#tea", "one");
    assert_int_equal(symlink("#tea.log", file_path("#trap.log")), 0);
    assert_non_null(strstr(say("#trap", "hi"), "cannot write the log /tmp/partyline-logs-"));
    assert_string_equal(say("#trap", "hi"), "");
    assert_int_equal(mkfifo(file_path("#fifo.log"), 0600), 0);
    assert_string_equal(say("#fifo", "hi"), "");
    assert_string_equal(say("#tea", "two"), "");
    assert_string_equal(content_of("#tea.log"),
                        "2026-11-22 14:02:07 <bob> one\n2026-11-22 14:02:07 <bob> two\n");
}

static void without_a_home_nothing_is_kept_and_that_is_told(void **state)
{
    (void)state;
    logbook_init(&logbook, "relative", NULL, TEXT("x"));
    assert_string_equal(say("#tea", "hi"), "no log is kept: HOME does not say where");
    assert_string_equal(say("#tea", "hi"), "");
    logbook_init(&logbook, "", "/h", TEXT("/run/chat"));
    assert_string_equal(logbook.folder, "/h/.local/state/partyline/logs/%2frun%2fchat");
}

/* The kernel takes half a line and then no more, as a full disk does. */
static void half_a_line_does_not_spoil_the_next_one(void **state)
{
    const struct rlimit full = { .rlim_cur = 40, .rlim_max = RLIM_INFINITY };
    const struct rlimit none = { .rlim_cur = RLIM_INFINITY, .rlim_max = RLIM_INFINITY };

    (void)state;
    (void)signal(SIGXFSZ, SIG_IGN);
    assert_string_equal(say("#tea", "one"), "");
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &full), 0);
    assert_non_null(strstr(say("#tea", "two"), "No space left"));
    assert_string_equal(say("#tea", "three"), "");
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &none), 0);
    assert_string_equal(say("#tea", "four"), "");
    assert_string_equal(content_of("#tea.log"), "2026-11-22 14:02:07 <bob> one\n2026-11-22\n"
                                                "2026-11-22 14:02:07 <bob> four\n");
}

static void a_file_that_was_removed_is_made_anew(void **state)
{
    (void)state;
    (void)say("#tea", "one");
    assert_int_equal(unlink(file_path("#tea.log")), 0);
    (void)say("#tea", "two");
    assert_string_equal(content_of("#tea.log"), "2026-11-22 14:02:07 <bob> two\n");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_is_said_is_a_line_in_its_conversations_file),
        TEST(what_is_not_new_or_a_secret_is_not_kept),
        TEST(nobody_else_can_read_it),
        TEST(names_are_safe_in_a_folder),
        TEST(long_names_end_in_a_hash),
        TEST(no_more_files_are_open_than_the_limit),
        TEST(a_failure_is_told_once_and_ends_nothing),
        TEST(without_a_home_nothing_is_kept_and_that_is_told),
        TEST(half_a_line_does_not_spoil_the_next_one),
        TEST(a_file_that_was_removed_is_made_anew),
    };

    (void)setenv("TZ", "UTC", 1);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
