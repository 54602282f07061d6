/* SPDX-License-Identifier: MIT */
/* client/connect against listeners on loopback that accept, refuse, or have a full queue. */
#include "attempts.h"
#include "connect.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cmocka.h>

enum { FOR_EVER_MS = 1000 * 1000 };

struct fixture {
    int listener;
    int waiting[4];
    int other;
    char port[8];
    char where[1024];
};

static int set_up(void **state)
{
    static struct fixture fixture;

    fixture = (struct fixture){ .listener = -1, .waiting = { -1, -1, -1, -1 }, .other = -1 };
    *state = &fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;

    fd_close_slot(&f->listener);
    fd_close_slot(&f->other);
    for (size_t i = 0; i < ARRAY_SIZE(f->waiting); i++) {
        fd_close_slot(&f->waiting[i]);
    }
    return 0;
}

/* A socket on a port of its own; it listens if there is a backlog. */
static int open_on_loopback(int backlog, struct sockaddr_in *out_address)
{
    struct sockaddr_in address = { .sin_family = AF_INET };
    socklen_t len = sizeof(address);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &len), 0);
    if (backlog >= 0) {
        assert_int_equal(listen(fd, backlog), 0);
    }
    *out_address = address;
    return fd;
}

static void listen_on_loopback(struct fixture *f, int backlog)
{
    struct sockaddr_in address;

    f->listener = open_on_loopback(backlog, &address);
    (void)snprintf(f->port, sizeof(f->port), "%d", ntohs(address.sin_port));
}

static int connect_to(struct fixture *f, const char *host, int *out_fd)
{
    const struct connect_target target = { .host = host, .port = f->port, .timeout_ms = 200 };
    struct buf where = buf_over(f->where, sizeof(f->where) - 1);
    int r = connect_any(&target, out_fd, &where);

    f->where[where.len] = '\0';
    return r;
}

static void a_listener_is_reached_and_its_address_told(void **state)
{
    struct fixture *f = *state;
    char expected[64];

    listen_on_loopback(f, 5);
    (void)snprintf(expected, sizeof(expected), "127.0.0.1:%s", f->port);
    assert_int_equal(connect_to(f, "127.0.0.1", &f->waiting[0]), 0);
    assert_string_equal(f->where, expected);
}

/* Only IPv4 listens: where "localhost" is ::1 as well, that one is tried and passed over. */
static void every_address_of_a_name_is_tried(void **state)
{
    struct fixture *f = *state;

    listen_on_loopback(f, 5);
    assert_int_equal(connect_to(f, "localhost", &f->waiting[0]), 0);
    assert_int_equal(strncmp(f->where, "127.0.0.1:", 10), 0);
}

static void a_port_where_nothing_listens_refuses(void **state)
{
    struct fixture *f = *state;
    char expected[128];
    int fd = -1;

    listen_on_loopback(f, -1); /* bound, so that nobody else takes the port, but not listening */
    (void)snprintf(expected, sizeof(expected), "  127.0.0.1:%s: refused: nothing listens there\n",
                   f->port);
    assert_int_equal(connect_to(f, "127.0.0.1", &fd), CONNECT_FAILED);
    assert_string_equal(f->where, expected);
    assert_int_equal(fd, -1);
}

/* Nobody who connects from now on gets through. */
static void fill_queue(struct fixture *f)
{
    int r = 0;

    for (size_t i = 0; i < ARRAY_SIZE(f->waiting) && r == 0; i++) {
        r = connect_to(f, "127.0.0.1", &f->waiting[i]);
    }
    assert_int_equal(r, CONNECT_FAILED);
}

static void a_full_listen_queue_times_out_and_is_told_so(void **state)
{
    struct fixture *f = *state;

    listen_on_loopback(f, 0);
    fill_queue(f);
    assert_non_null(strstr(f->where, ": timed out after 0.2 s: nobody accepts there"));
}

/* A name with two addresses, the second of which is `*second`. */
static int connect_to_both(struct fixture *f, struct sockaddr_in *second, int *out_fd)
{
    struct sockaddr_in first = { .sin_family = AF_INET };
    struct addrinfo addresses[2] = {
        { .ai_family = AF_INET,
          .ai_addr = (struct sockaddr *)&first,
          .ai_addrlen = sizeof(first),
          .ai_next = &addresses[1] },
        { .ai_family = AF_INET,
          .ai_addr = (struct sockaddr *)second,
          .ai_addrlen = sizeof(*second) },
    };
    struct buf where = buf_over(f->where, sizeof(f->where) - 1);
    socklen_t len = sizeof(first);
    int r;

    assert_int_equal(getsockname(f->listener, (struct sockaddr *)&first, &len), 0);
    r = connect_first(addresses, FOR_EVER_MS, out_fd, &where);
    f->where[where.len] = '\0';
    return r;
}

/* The first one's time would be over in a quarter of an hour: the test's is before. */
static void a_second_address_does_not_wait_for_the_first(void **state)
{
    struct fixture *f = *state;
    struct sockaddr_in second;
    char expected[64];
    int fd = -1;

    listen_on_loopback(f, 0);
    fill_queue(f);
    f->other = open_on_loopback(5, &second);
    assert_int_equal(connect_to_both(f, &second, &fd), 0);
    (void)snprintf(expected, sizeof(expected), "127.0.0.1:%d", ntohs(second.sin_port));
    assert_string_equal(f->where, expected);
    assert_int_equal(close(fd), 0);
}

/* The first one's socket would be the next number. */
static void of_those_that_have_not_won_none_is_left_open(void **state)
{
    struct fixture *f = *state;
    struct sockaddr_in second;
    int least, after, fd = -1;

    listen_on_loopback(f, 0);
    fill_queue(f);
    f->other = open_on_loopback(5, &second);
    least = dup(f->other);
    assert_int_equal(close(least), 0);
    assert_int_equal(connect_to_both(f, &second, &fd), 0);
    after = dup(f->other);
    assert_int_equal(after, least);
    assert_int_equal(close(after), 0);
    assert_int_equal(close(fd), 0);
}

static void every_address_that_fails_is_told_with_its_reason(void **state)
{
    struct fixture *f = *state;
    struct sockaddr_in second;
    char expected[256];
    int fd = -1;

    listen_on_loopback(f, -1);
    f->other = open_on_loopback(-1, &second);
    assert_int_equal(connect_to_both(f, &second, &fd), CONNECT_FAILED);
    (void)snprintf(expected, sizeof(expected),
                   "  127.0.0.1:%s: refused: nothing listens there\n"
                   "  127.0.0.1:%d: refused: nothing listens there\n",
                   f->port, ntohs(second.sin_port));
    assert_string_equal(f->where, expected);
    assert_int_equal(fd, -1);
}

static void no_more_addresses_are_tried_than_there_may_be(void **state)
{
    struct fixture *f = *state;
    struct addrinfo addresses[ATTEMPTS_MAX + 1];
    struct sockaddr_in address;
    char bytes[64 * ARRAY_SIZE(addresses)];
    struct buf where = buf_over(bytes, sizeof(bytes));
    size_t n_lines = 0;
    int fd = -1;

    f->other = open_on_loopback(-1, &address);
    for (size_t i = 0; i < ARRAY_SIZE(addresses); i++) {
        addresses[i] = (struct addrinfo){ .ai_family = AF_INET,
                                          .ai_addr = (struct sockaddr *)&address,
                                          .ai_addrlen = sizeof(address),
                                          .ai_next = &addresses[i + 1] };
    }
    addresses[ATTEMPTS_MAX].ai_next = NULL;
    assert_int_equal(connect_first(addresses, FOR_EVER_MS, &fd, &where), CONNECT_FAILED);
    for (size_t i = 0; i < where.len; i++) {
        n_lines += bytes[i] == '\n';
    }
    assert_int_equal(n_lines, ATTEMPTS_MAX);
}

static void a_path_without_a_socket_is_told_so(void **state)
{
    struct fixture *f = *state;
    struct connect_target target = { .host = "/nowhere/at/all", .timeout_ms = 200 };
    struct buf where = buf_over(f->where, sizeof(f->where));
    char path[200];

    assert_int_equal(connect_any(&target, &f->waiting[0], &where), CONNECT_FAILED);
    assert_non_null(strstr(f->where, "  unix:/nowhere/at/all: refused: there is no such socket\n"));
    memset(path, 'p', sizeof(path) - 1);
    path[sizeof(path) - 1] = '\0';
    target.host = path;
    assert_int_equal(connect_any(&target, &f->waiting[0], &where), CONNECT_FAILED);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_listener_is_reached_and_its_address_told),
        TEST(every_address_of_a_name_is_tried),
        TEST(a_port_where_nothing_listens_refuses),
        TEST(a_full_listen_queue_times_out_and_is_told_so),
        TEST(a_second_address_does_not_wait_for_the_first),
        TEST(of_those_that_have_not_won_none_is_left_open),
        TEST(every_address_that_fails_is_told_with_its_reason),
        TEST(no_more_addresses_are_tried_than_there_may_be),
        TEST(a_path_without_a_socket_is_told_so),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
