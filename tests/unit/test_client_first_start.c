/* SPDX-License-Identifier: MIT */
/* client/first_start: what is asked, what an answer may be, and the file that remembers it. */
#include "first_start.h"

#include "preferences.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <cmocka.h>

static char folder[64], path[128];
static char shown[16 * 1024], content[4096], why[512];
static struct arguments arguments;
static struct first_start first;

static int set_up(void **state)
{
    (void)state;
    (void)snprintf(folder, sizeof(folder), "/tmp/partyline-first-XXXXXX");
    if (mkdtemp(folder) == NULL) {
        return -1;
    }
    (void)snprintf(path, sizeof(path), "%s/partyline/partyline.conf", folder);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    (void)unlink(path);
    *strrchr(path, '/') = '\0';
    (void)rmdir(path);
    return rmdir(folder);
}

static void parse(int argc, char *const argv[])
{
    struct buf b = buf_over(why, sizeof(why));

    assert_int_equal(arguments_parse(argc, argv, "ann", &arguments, &b), 0);
}

/* Parses a command line of one option or none, asks, and answers with `typed`. */
static int ask(const char *option, const char *value, const char *typed)
{
    static char words[3][64];
    char *argv[] = { words[0], words[1], words[2], NULL };
    int in[2], out = memfd_create("shown", MFD_CLOEXEC);
    ssize_t n;
    int r;

    (void)snprintf(words[0], sizeof(words[0]), "partyline");
    (void)snprintf(words[1], sizeof(words[1]), "%s", option);
    (void)snprintf(words[2], sizeof(words[2]), "%s", value);
    parse(1 + (option[0] != '\0') + (value[0] != '\0'), argv);
    assert_int_equal(pipe2(in, O_CLOEXEC), 0);
    assert_int_equal(write(in[1], typed, strlen(typed)), strlen(typed));
    assert_int_equal(close(in[1]), 0);
    first = (struct first_start){ .path = path, .in = in[0], .out = out };
    r = first_start_ask(&first, &arguments);
    assert_int_equal(close(in[0]), 0);
    n = pread(out, shown, sizeof(shown) - 1, 0);
    assert_true(n >= 0);
    shown[n] = '\0';
    assert_int_equal(close(out), 0);
    return r;
}

static const char *kept(void)
{
    FILE *file = fopen(path, "re");
    size_t n = file == NULL ? 0 : fread(content, 1, sizeof(content) - 1, file);

    if (file != NULL) {
        (void)fclose(file);
    }
    content[n] = '\0';
    return strchr(content, '\n') == NULL ? content : strchr(content, '\n') + 1;
}

static void what_the_command_line_does_not_say_is_asked(void **state)
{
    (void)state;
    assert_int_equal(ask("", "", "bob\nchat.example:7000\n"), 0);
    assert_non_null(strstr(shown, "nickname [ann]: server [localhost]: "));
    assert_string_equal(arguments.nick, "bob");
    assert_string_equal(arguments.host, "chat.example");
    assert_string_equal(arguments.port, "7000");
    assert_int_equal(ask("--nick", "cat", "\n"), 0);
    assert_null(strstr(shown, "nickname ["));
    assert_string_equal(arguments.nick, "cat");
    assert_string_equal(arguments.host, "localhost");
    assert_int_equal(ask("chat.example", "", "\n"), 0);
    assert_null(strstr(shown, "server ["));
    assert_string_equal(arguments.nick, "ann");
}

/* They are written before anything knows how wide the terminal is. */
static void the_words_fit_a_terminal_of_80_columns(void **state)
{
    const char *at = shown;

    (void)state;
    assert_int_equal(ask("", "", "\n\n"), 0);
    for (const char *end = strchr(at, '\n'); end != NULL; end = strchr(at, '\n')) {
        assert_true(end - at < 80);
        at = end + 1;
    }
}

static void answers_are_kept_for_the_next_start(void **state)
{
    static char name[] = "partyline";
    static char *const argv[] = { name, NULL };
    struct settings settings;
    struct buf b = buf_over(why, sizeof(why));
    struct stat status;

    (void)state;
    assert_int_equal(ask("", "", " b\\o\"b \nunix:/run/a \"b\\\n"), 0);
    assert_int_equal(first_start_keep(&first, &arguments), 0);
    assert_string_equal(kept(), "nick = \"b\\\\o\\\"b\";\nserver = \"unix:/run/a \\\"b\\\\\";\n");
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 07777, 0600);
    parse(1, argv);
    settings_init(&settings);
    assert_int_equal(preferences_read(path, NULL, &arguments, &settings, &b), 0);
    assert_string_equal(arguments.nick, "b\\o\"b");
    assert_true(arguments.is_unix);
    assert_string_equal(arguments.host, "/run/a \"b\\");
}

static void what_the_command_line_says_is_not_kept(void **state)
{
    (void)state;
    assert_int_equal(ask("--nick", "cat", "\n"), 0);
    assert_int_equal(first_start_keep(&first, &arguments), 0);
    assert_string_equal(kept(), "server = \"localhost\";\n");
}

static void a_file_that_is_there_is_left_alone(void **state)
{
    (void)state;
    assert_int_equal(ask("", "", "one\n\n"), 0);
    assert_int_equal(first_start_keep(&first, &arguments), 0);
    assert_int_equal(ask("", "", "two\n\n"), 0);
    assert_int_equal(first_start_keep(&first, &arguments), 0);
    assert_string_equal(kept(), "nick = \"one\";\nserver = \"localhost\";\n");
}

static void a_wrong_answer_is_told_and_asked_for_again(void **state)
{
    (void)state;
    assert_int_equal(ask("", "", "a b\n#room\n\x1B[A\nbob\na:99999\nhost:0\nhost\n"), 0);
    assert_non_null(strstr(shown, "this cannot be a nickname\nnickname [ann]: "));
    assert_non_null(strstr(shown, "not a server: give HOST, HOST:PORT or unix:PATH\nserver ["));
    assert_string_equal(arguments.nick, "bob");
    assert_string_equal(arguments.port, "6667");
}

static void an_answer_has_a_limit(void **state)
{
    static const struct {
        size_t len;
        bool is_taken;
    } rows[] = {
        { MODEL_NAME_MAX, true },
        { MODEL_NAME_MAX + 1, false },
        { FIRST_START_ANSWER_MAX, false },
        { FIRST_START_ANSWER_MAX + 1, false },
        { 3000, false },
    };
    char typed[4096];

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        memset(typed, 'n', rows[i].len);
        (void)strcpy(typed + rows[i].len, rows[i].is_taken ? "\n\n" : "\nshort\n\n");
        assert_int_equal(ask("", "", typed), 0);
        assert_int_equal(strlen(arguments.nick), rows[i].is_taken ? rows[i].len : strlen("short"));
    }
}

static void the_end_of_the_input_is_no_answer(void **state)
{
    static const char *const typed[] = { "", "bo", "bob\n", "bob\nho" };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(typed); i++) {
        assert_int_equal(ask("", "", typed[i]), FIRST_START_END);
        assert_int_equal(first_start_keep(&first, &arguments), 0);
        assert_int_equal(access(path, F_OK), -1);
    }
}

/* The input of a test is no terminal. */
static void a_program_is_never_asked(void **state)
{
    static char name[] = "partyline";
    static char *const argv[] = { name, NULL };
    int before = dup(STDIN_FILENO), null = open("/dev/null", O_RDONLY | O_CLOEXEC);

    (void)state;
    parse(1, argv);
    assert_int_equal(dup2(null, STDIN_FILENO), STDIN_FILENO);
    assert_false(first_start_is_due(&arguments, path, "xterm"));
    assert_int_equal(dup2(before, STDIN_FILENO), STDIN_FILENO);
    assert_int_equal(close(before) + close(null), 0);
}

static void a_place_where_nothing_can_be_written_is_an_error(void **state)
{
    (void)state;
    assert_int_equal(ask("", "", "\n\n"), 0);
    first.path = "/dev/null/partyline/partyline.conf";
    assert_true(first_start_keep(&first, &arguments) < 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_the_command_line_does_not_say_is_asked),
        TEST(the_words_fit_a_terminal_of_80_columns),
        TEST(answers_are_kept_for_the_next_start),
        TEST(what_the_command_line_says_is_not_kept),
        TEST(a_file_that_is_there_is_left_alone),
        TEST(a_wrong_answer_is_told_and_asked_for_again),
        TEST(an_answer_has_a_limit),
        TEST(the_end_of_the_input_is_no_answer),
        TEST(a_program_is_never_asked),
        TEST(a_place_where_nothing_can_be_written_is_an_error),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
