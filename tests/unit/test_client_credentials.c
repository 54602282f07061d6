/* SPDX-License-Identifier: MIT */
/* client/credentials: passwords from files and commands. From a person: tests/system/client_tls.py.
 */
#include "credentials.h"

#include "support/temp_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <fcntl.h>
#include <sys/stat.h>

#include <cmocka.h>

static char path[] = "/tmp/partyline-credentials-XXXXXX";
static struct credentials credentials;
static char why[1024];

static int set_up(void **state)
{
    (void)state;
    credentials = (struct credentials){ .account = "ann" };
    return temp_file_make(path);
}

static int tear_down(void **state)
{
    (void)state;
    return unlink(path);
}

static int read_file(const char *bytes, size_t len)
{
    struct buf b = buf_over(why, sizeof(why) - 1);
    owned_fd int fd = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC);
    int r;

    assert_int_equal(write(fd, bytes, len), (ssize_t)len);
    credentials.password_len = 0;
    r = credentials_read(&credentials, path, &b);
    why[b.len] = '\0';
    return r;
}

static int run(const char *command)
{
    struct buf b = buf_over(why, sizeof(why) - 1);
    int r;

    credentials.password_len = 0;
    r = credentials_run(&credentials, command, &b);
    why[b.len] = '\0';
    return r;
}

static void assert_password(const char *expected)
{
    assert_int_equal(credentials.password_len, strlen(expected));
    assert_memory_equal(credentials.password, expected, strlen(expected));
}

static void the_first_line_of_a_file_is_the_password(void **state)
{
    static const struct {
        const char *text, *password;
    } rows[] = {
        { "sesame", "sesame" },
        { "sesame\n", "sesame" },
        { "sesame\r\nmore\n", "sesame" },
        { " with spaces \n", " with spaces " },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        assert_int_equal(read_file(rows[i].text, strlen(rows[i].text)), 0);
        assert_password(rows[i].password);
    }
}

static void what_is_no_password_is_told(void **state)
{
    (void)state;
    assert_int_equal(read_file("", 0), CREDENTIALS_NONE);
    assert_non_null(strstr(why, ": the password is empty"));
    assert_int_equal(read_file("\r\nsesame", 8), CREDENTIALS_NONE);
    assert_non_null(strstr(why, ": the password is empty"));
    assert_int_equal(read_file("a\0b", 3), CREDENTIALS_NONE);
    assert_non_null(strstr(why, ": a password has no NUL byte"));
}

static void a_password_at_the_limit_is_taken_and_one_past_it_is_not(void **state)
{
    char bytes[CREDENTIALS_PASSWORD_MAX + 1];

    (void)state;
    memset(bytes, 'x', sizeof(bytes));
    bytes[CREDENTIALS_PASSWORD_MAX] = '\n';
    assert_int_equal(read_file(bytes, sizeof(bytes)), 0);
    assert_int_equal(credentials.password_len, CREDENTIALS_PASSWORD_MAX);
    bytes[CREDENTIALS_PASSWORD_MAX] = 'x';
    assert_int_equal(read_file(bytes, sizeof(bytes)), CREDENTIALS_NONE);
    assert_non_null(strstr(why, ": a password has at most 1023 bytes"));
}

static void a_file_that_others_may_use_is_refused(void **state)
{
    static const struct {
        mode_t mode;
        int outcome;
    } rows[] = {
        { 0600, 0 },
        { 0400, 0 },
        { 0640, CREDENTIALS_NONE },
        { 0604, CREDENTIALS_NONE },
        { 0620, CREDENTIALS_NONE },
    };

    (void)state;
    assert_int_equal(read_file("sesame", 6), 0);
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct buf b = buf_over(why, sizeof(why));

        assert_int_equal(chmod(path, rows[i].mode), 0);
        credentials.password_len = 0;
        assert_int_equal(credentials_read(&credentials, path, &b), rows[i].outcome);
        assert_int_equal(credentials.password_len, rows[i].outcome == 0 ? 6 : 0);
    }
}

static void the_first_line_of_a_command_is_the_password(void **state)
{
    (void)state;
    assert_int_equal(run("echo sesame; yes | head -c 1000000"), 0); /* it is read to its end */
    assert_password("sesame");
    assert_int_equal(run("cat; echo from $((1 + 1))"), 0); /* its input is empty */
    assert_password("from 2");
}

static void a_command_that_fails_gives_no_password(void **state)
{
    static const struct {
        const char *command, *said;
    } rows[] = {
        { "echo x; exit 3", "the command failed with exit code 3" },
        { "echo x; kill -9 $$", "the command was ended by signal 9" },
        { "true", "the password is empty" },
        { "yes x | tr -d '\\n' | head -c 1024", "a password has at most 1023 bytes" },
    };
    char command[CREDENTIALS_COMMAND_MAX + 2] = "echo x #";

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        assert_int_equal(run(rows[i].command), CREDENTIALS_NONE);
        assert_string_equal(why, rows[i].said);
    }
    memset(command + strlen(command), 'x', sizeof(command) - strlen(command) - 1);
    assert_int_equal(run(command), CREDENTIALS_NONE);
    assert_string_equal(why, "cannot run the command: File name too long");
    command[CREDENTIALS_COMMAND_MAX] = '\0';
    assert_int_equal(run(command), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_first_line_of_a_file_is_the_password),
        TEST(what_is_no_password_is_told),
        TEST(a_password_at_the_limit_is_taken_and_one_past_it_is_not),
        TEST(a_file_that_others_may_use_is_refused),
        TEST(the_first_line_of_a_command_is_the_password),
        TEST(a_command_that_fails_gives_no_password),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
