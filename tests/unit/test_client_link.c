/* SPDX-License-Identifier: MIT */
/* client/link against a scripted server on a socketpair. */
#include "link.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <sys/socket.h>

#include <cmocka.h>

struct fixture {
    struct link link;
    int server; /* the other end of the link */
};

static int set_up(void **state)
{
    static struct fixture fixture;
    int pair[2];

    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0) {
        return -1;
    }
    link_init(&fixture.link, pair[0], NULL);
    fixture.server = pair[1];
    *state = &fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;

    link_fini(&f->link);
    fd_close_slot(&f->server);
    return 0;
}

static void server_says(struct fixture *f, struct text t)
{
    assert_int_equal(send(f->server, t.at, t.len, MSG_NOSIGNAL), (ssize_t)t.len);
}

static void assert_next(struct fixture *f, const char *expected)
{
    struct text line;

    assert_int_equal(link_next_line(&f->link, &line), 0);
    assert_int_equal(line.len, strlen(expected));
    assert_memory_equal(line.at, expected, line.len);
}

static void assert_none(struct fixture *f)
{
    struct text line;

    assert_int_equal(link_next_line(&f->link, &line), LINK_AGAIN);
}

static void lines_end_with_lf_or_cr_lf(void **state)
{
    struct fixture *f = *state;

    server_says(f, TEXT("one\r\ntwo\n\r\nthr"));
    assert_int_equal(link_read(&f->link), 0);
    assert_next(f, "one");
    assert_next(f, "two");
    assert_next(f, "");
    assert_none(f);
    server_says(f, TEXT("ee\r\n"));
    assert_int_equal(link_read(&f->link), 0);
    assert_next(f, "three");
    assert_none(f);
}

static void a_line_may_come_byte_by_byte(void **state)
{
    struct fixture *f = *state;
    static const char line[] = "PING :x\r\n";

    for (size_t i = 0; i < sizeof(line) - 1; i++) {
        assert_none(f);
        server_says(f, (struct text){ .at = &line[i], .len = 1 });
        assert_int_equal(link_read(&f->link), 0);
    }
    assert_next(f, "PING :x");
}

static void a_line_that_the_end_cuts_is_none(void **state)
{
    struct fixture *f = *state;

    server_says(f, TEXT("ERROR :bye\nPRIVMSG #tea :half of what was sa"));
    assert_int_equal(shutdown(f->server, SHUT_WR), 0);
    assert_int_equal(link_read(&f->link), 0);
    assert_false(f->link.has_ended);
    assert_int_equal(link_read(&f->link), 0);
    assert_true(f->link.has_ended);
    assert_next(f, "ERROR :bye");
    assert_none(f);
}

/* The longest line leaves room for its LF. */
static void a_line_at_the_limit_is_read_and_one_past_it_is_dropped(void **state)
{
    struct fixture *f = *state;
    static char bytes[LINK_IN_BYTES + 1];
    struct text line;

    memset(bytes, 'x', sizeof(bytes));
    bytes[LINK_IN_BYTES - 1] = '\n';
    server_says(f, (struct text){ .at = bytes, .len = LINK_IN_BYTES });
    assert_int_equal(link_read(&f->link), 0);
    assert_int_equal(link_next_line(&f->link, &line), 0);
    assert_int_equal(line.len, LINK_IN_BYTES - 1);
    assert_none(f);

    bytes[LINK_IN_BYTES - 1] = 'x';
    bytes[LINK_IN_BYTES] = '\n';
    server_says(f, (struct text){ .at = bytes, .len = sizeof(bytes) });
    assert_int_equal(link_read(&f->link), 0);
    assert_none(f);
    server_says(f, TEXT("next\n"));
    assert_int_equal(link_read(&f->link), 0);
    assert_int_equal(link_next_line(&f->link, &line), LINK_TOO_LONG);
    assert_next(f, "next");
}

static void what_is_queued_goes_out_before_our_side_is_closed(void **state)
{
    struct fixture *f = *state;
    static char bytes[1024 * 1024];
    static char heard[65536];
    size_t n_heard = 0;
    ssize_t n;

    memset(bytes, 'x', sizeof(bytes));
    link_put(&f->link, (struct text){ .at = bytes, .len = sizeof(bytes) });
    link_end(&f->link);
    assert_int_equal(link_flush(&f->link), 0);
    assert_true(link_has_more(&f->link));
    assert_false(f->link.is_shut);
    while ((n = recv(f->server, heard, sizeof(heard), 0)) > 0) {
        n_heard += (size_t)n;
        assert_int_equal(link_flush(&f->link), 0);
    }
    assert_int_equal(n_heard, sizeof(bytes));
    assert_int_equal(n, 0);
    server_says(f, TEXT("late\n"));
    assert_int_equal(link_read(&f->link), 0);
    assert_next(f, "late");
}

static void a_server_that_is_gone_is_an_error_and_no_signal(void **state)
{
    struct fixture *f = *state;

    fd_close_slot(&f->server);
    f->server = -1;
    link_put(&f->link, TEXT("hello?\r\n"));
    assert_true(link_flush(&f->link) < 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(lines_end_with_lf_or_cr_lf),
        TEST(a_line_may_come_byte_by_byte),
        TEST(a_line_that_the_end_cuts_is_none),
        TEST(a_line_at_the_limit_is_read_and_one_past_it_is_dropped),
        TEST(what_is_queued_goes_out_before_our_side_is_closed),
        TEST(a_server_that_is_gone_is_an_error_and_no_signal),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
