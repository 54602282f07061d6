/* SPDX-License-Identifier: MIT */
/* Reports on their way to the journal: when it is taken to be there, and what it gets. */
#include "app/journal.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

static void standard_error_is_the_journal_only_if_device_and_inode_agree(void **state)
{
    struct stat status;
    char stream[64];
    int ends[2];

    (void)state;
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    assert_int_equal(fstat(ends[0], &status), 0);
    snprintf(stream, sizeof(stream), "%llu:%llu", (unsigned long long)status.st_dev,
             (unsigned long long)status.st_ino);
    assert_true(journal_is_stream(stream, ends[0]));
    assert_false(journal_is_stream(stream, ends[1]));
    assert_false(journal_is_stream(NULL, ends[0]));
    assert_false(journal_is_stream("", ends[0]));
    assert_false(journal_is_stream("12", ends[0]));
    (void)close(ends[0]);
    (void)close(ends[1]);
    assert_false(journal_is_stream(stream, ends[0]));
}

/* Takes the next field apart; the value is cut off `rest`. */
static void expect_field(struct text *rest, const char *name, const char *value)
{
    struct text name_read = text_cut(rest, '\n');
    uint64_t len = 0;

    assert_true(text_equal(name_read, text_of(name)));
    assert_true(rest->len >= 8);
    for (unsigned i = 0; i < 8; i++) {
        len |= (uint64_t)(unsigned char)rest->at[i] << (8 * i);
    }
    assert_int_equal(len, strlen(value));
    assert_true(rest->len >= 8 + len + 1);
    assert_memory_equal(rest->at + 8, value, len);
    assert_int_equal(rest->at[8 + len], '\n');
    rest->at += 8 + len + 1;
    rest->len -= 8 + len + 1;
}

static void a_report_carries_level_text_and_the_fields_that_have_a_value(void **state)
{
    static const struct report_field fields[] = { { "ROOM", "#lobby" },
                                                  { "NICK", NULL },
                                                  { "REASON", "two\nlines" } };
    char datagram[512];
    struct buf out = buf_over(datagram, sizeof(datagram));
    struct text rest;

    (void)state;
    journal_encode(REPORT_NOTICE, "bob left", fields, ARRAY_SIZE(fields), &out);
    rest = buf_text(&out);
    expect_field(&rest, "PRIORITY", "5");
    expect_field(&rest, "SYSLOG_IDENTIFIER", program_invocation_short_name);
    expect_field(&rest, "MESSAGE", "bob left");
    expect_field(&rest, "ROOM", "#lobby");
    expect_field(&rest, "REASON", "two\nlines");
    assert_int_equal(rest.len, 0);
}

static void a_field_that_does_not_fit_is_left_out_as_a_whole(void **state)
{
    static const struct report_field fields[] = { { "ROOM", "#a room with a long name" },
                                                  { "NICK", "bob" } };
    char datagram[512];
    struct buf out = buf_over(datagram, sizeof(datagram));
    struct text rest;

    (void)state;
    journal_encode(REPORT_INFO, "x", fields, 0, &out);
    out = buf_over(datagram, out.len + strlen("NICK\n12345678bob\n"));
    journal_encode(REPORT_INFO, "x", fields, ARRAY_SIZE(fields), &out);
    rest = buf_text(&out);
    expect_field(&rest, "PRIORITY", "6");
    expect_field(&rest, "SYSLOG_IDENTIFIER", program_invocation_short_name);
    expect_field(&rest, "MESSAGE", "x");
    expect_field(&rest, "NICK", "bob");
    assert_int_equal(rest.len, 0);
}

static void a_journal_that_is_behind_or_away_stops_nobody(void **state)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    char folder[] = "/tmp/test_journal.XXXXXX";
    char received[16];
    int journal = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    int r = 0;

    (void)state;
    assert_non_null(mkdtemp(folder));
    snprintf(address.sun_path, sizeof(address.sun_path), "%s/socket", folder);
    assert_int_equal(journal_send(address.sun_path, TEXT("x")), -ENOENT);
    assert_int_equal(bind(journal, (const struct sockaddr *)&address, sizeof(address)), 0);
    assert_int_equal(journal_send(address.sun_path, TEXT("hello")), 0);
    assert_int_equal(recv(journal, received, sizeof(received), 0), 5);
    for (int i = 0; i < 100000 && r == 0; i++) {
        r = journal_send(address.sun_path, TEXT("x"));
    }
    assert_int_equal(r, -EAGAIN);
    (void)close(journal);
    assert_int_equal(unlink(address.sun_path), 0);
    assert_int_equal(rmdir(folder), 0);
}

static void elsewhere_a_report_is_one_line_with_its_level(void **state)
{
    char received[64] = "";
    int saved = dup(STDERR_FILENO);
    int ends[2];

    (void)state;
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(dup2(ends[1], STDERR_FILENO), STDERR_FILENO);
    journal_stderr_sink(REPORT_WARNING, "the queue is full", NULL, 0);
    assert_int_equal(dup2(saved, STDERR_FILENO), STDERR_FILENO);
    assert_true(read(ends[0], received, sizeof(received) - 1) > 0);
    assert_string_equal(received, "warning: the queue is full\n");
    (void)close(ends[0]);
    (void)close(ends[1]);
    (void)close(saved);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(standard_error_is_the_journal_only_if_device_and_inode_agree),
        cmocka_unit_test(a_report_carries_level_text_and_the_fields_that_have_a_value),
        cmocka_unit_test(a_field_that_does_not_fit_is_left_out_as_a_whole),
        cmocka_unit_test(a_journal_that_is_behind_or_away_stops_nobody),
        cmocka_unit_test(elsewhere_a_report_is_one_line_with_its_level),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
