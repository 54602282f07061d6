/* SPDX-License-Identifier: MIT */
/* The kernel's counts against conversations over loopback whose bytes we count ourselves. Where the
 * kernel moves by itself (a segment, a FIN), the tests ask until it has: nothing here is timed. */
#include "net/kernel.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/ioctl.h>

#include <cmocka.h>

enum { RIG_BACKLOG = 5, RIG_CLIENTS = RIG_BACKLOG + 1 };

struct rig {
    int listen_fd;
    struct sockaddr_in address;
    int fd;   /* accepted: the side under test */
    int peer; /* connected */
};

static const char zeros[65536];

static int rig_connect(struct rig *rig, int flags)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | flags, 0);

    assert_true(fd >= 0);
    if (connect(fd, (struct sockaddr *)&rig->address, sizeof(rig->address)) < 0) {
        assert_int_equal(errno, EINPROGRESS);
    }
    return fd;
}

static int setup(void **state)
{
    struct rig *rig = calloc(1, sizeof(*rig));
    socklen_t len = sizeof(rig->address);
    int one = 1;

    if (rig == NULL) {
        return -1;
    }
    rig->address.sin_family = AF_INET;
    rig->address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    rig->listen_fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (setsockopt(rig->listen_fd, SOL_SOCKET, SO_OOBINLINE, &one, sizeof(one)) < 0 ||
        bind(rig->listen_fd, (struct sockaddr *)&rig->address, len) < 0 ||
        listen(rig->listen_fd, RIG_BACKLOG) < 0 ||
        getsockname(rig->listen_fd, (struct sockaddr *)&rig->address, &len) < 0) {
        return -1;
    }
    rig->peer = rig_connect(rig, 0);
    rig->fd = accept(rig->listen_fd, NULL, NULL);
    *state = rig;
    return rig->fd < 0 ? -1 : 0;
}

static int teardown(void **state)
{
    struct rig *rig = *state;

    fd_close_slot(&rig->listen_fd);
    fd_close_slot(&rig->fd);
    fd_close_slot(&rig->peer);
    free(rig);
    return 0;
}

static void send_all(int fd, size_t n)
{
    assert_true(n <= sizeof(zeros));
    assert_int_equal(send(fd, zeros, n, MSG_NOSIGNAL), n);
}

static void recv_all(int fd, size_t n)
{
    char bytes[4096];

    assert_true(n <= sizeof(bytes));
    assert_int_equal(recv(fd, bytes, n, MSG_WAITALL), n);
}

/* Sends until the peer's window and our buffer are full. */
static uint64_t send_until_full(int fd)
{
    uint64_t total = 0;

    for (;;) {
        ssize_t n = send(fd, zeros, sizeof(zeros), MSG_DONTWAIT | MSG_NOSIGNAL);

        if (n < 0) {
            return total;
        }
        total += (uint64_t)n;
    }
}

static void await_unread(int fd, int n)
{
    int unread = -1;

    while (unread != n) {
        assert_int_equal(ioctl(fd, FIONREAD, &unread), 0);
        sched_yield();
    }
}

static struct kernel_totals await_state(int fd, int state)
{
    struct kernel_totals totals;

    do {
        assert_int_equal(kernel_tcp_totals(fd, &totals), 0);
        sched_yield();
    } while (totals.state != state);
    return totals;
}

static void expect_totals(int fd, int state, uint64_t written, uint64_t read)
{
    struct kernel_totals totals = await_state(fd, state);

    assert_int_equal(totals.written, written);
    assert_int_equal(totals.read, read);
    assert_int_equal(totals.read_in_doubt, state == TCP_CLOSE);
}

static void a_fresh_conversation_counts_nothing(void **state)
{
    struct rig *rig = *state;

    expect_totals(rig->fd, TCP_ESTABLISHED, 0, 0);
}

static void unread_bytes_are_not_counted_as_read(void **state)
{
    struct rig *rig = *state;

    send_all(rig->peer, 1000);
    await_unread(rig->fd, 1000);
    expect_totals(rig->fd, TCP_ESTABLISHED, 0, 0);
    recv_all(rig->fd, 400);
    expect_totals(rig->fd, TCP_ESTABLISHED, 0, 400);
    recv_all(rig->fd, 600);
    expect_totals(rig->fd, TCP_ESTABLISHED, 0, 1000);
}

static void written_bytes_count_whether_the_peer_has_them_or_not(void **state)
{
    struct rig *rig = *state;
    uint64_t written;

    send_all(rig->fd, 77);
    expect_totals(rig->fd, TCP_ESTABLISHED, 77, 0);
    recv_all(rig->peer, 77);
    expect_totals(rig->fd, TCP_ESTABLISHED, 77, 0);
    written = 77 + send_until_full(rig->fd);
    expect_totals(rig->fd, TCP_ESTABLISHED, written, 0);
    recv_all(rig->peer, 4096);
    expect_totals(rig->fd, TCP_ESTABLISHED, written, 0);
}

static void the_counts_are_those_of_the_open_file_whoever_holds_it(void **state)
{
    struct rig *rig = *state;
    int successor = dup(rig->fd);

    send_all(rig->peer, 50);
    send_all(rig->fd, 30);
    recv_all(rig->fd, 20);
    fd_close_slot(&rig->fd);
    rig->fd = successor;
    expect_totals(successor, TCP_ESTABLISHED, 30, 20);
}

static void the_peers_half_close_is_not_counted_as_a_byte(void **state)
{
    struct rig *rig = *state;
    char byte;

    send_all(rig->peer, 1000);
    await_unread(rig->fd, 1000);
    recv_all(rig->fd, 400);
    shutdown(rig->peer, SHUT_WR);
    expect_totals(rig->fd, TCP_CLOSE_WAIT, 0, 400);
    recv_all(rig->fd, 600);
    expect_totals(rig->fd, TCP_CLOSE_WAIT, 0, 1000);
    assert_int_equal(recv(rig->fd, &byte, 1, 0), 0);
    expect_totals(rig->fd, TCP_CLOSE_WAIT, 0, 1000);
    send_all(rig->fd, 77);
    expect_totals(rig->fd, TCP_CLOSE_WAIT, 77, 1000);
}

static void our_half_close_is_not_counted_as_a_byte(void **state)
{
    struct rig *rig = *state;

    send_all(rig->fd, 500);
    shutdown(rig->fd, SHUT_WR);
    expect_totals(rig->fd, TCP_FIN_WAIT2, 500, 0);
    send_all(rig->peer, 10);
    recv_all(rig->fd, 10);
    expect_totals(rig->fd, TCP_FIN_WAIT2, 500, 10);
}

static void our_half_close_behind_unsent_bytes_is_not_counted_either(void **state)
{
    struct rig *rig = *state;
    uint64_t written = send_until_full(rig->fd);

    shutdown(rig->fd, SHUT_WR);
    expect_totals(rig->fd, TCP_FIN_WAIT1, written, 0);
    shutdown(rig->peer, SHUT_WR);
    expect_totals(rig->fd, TCP_CLOSING, written, 0);
}

static void both_half_closes_the_peers_first_count_no_byte(void **state)
{
    struct rig *rig = *state;
    uint64_t written = send_until_full(rig->fd);

    send_all(rig->peer, 5);
    shutdown(rig->peer, SHUT_WR);
    recv_all(rig->fd, 3);
    expect_totals(rig->fd, TCP_CLOSE_WAIT, written, 3);
    shutdown(rig->fd, SHUT_WR);
    expect_totals(rig->fd, TCP_LAST_ACK, written, 3);
}

static void a_finished_conversation_is_at_most_one_too_high_and_says_so(void **state)
{
    struct rig *rig = *state;
    struct kernel_totals totals;

    send_all(rig->fd, 100);
    send_all(rig->peer, 50);
    recv_all(rig->fd, 20);
    shutdown(rig->fd, SHUT_WR);
    shutdown(rig->peer, SHUT_WR);
    totals = await_state(rig->fd, TCP_CLOSE);
    assert_true(totals.read_in_doubt);
    assert_in_range(totals.read, 20, 21);
    assert_in_range(totals.written, 100, 101);
}

static void a_reset_leaves_the_counts_as_they_were(void **state)
{
    struct rig *rig = *state;

    send_all(rig->fd, 100);
    send_all(rig->peer, 50);
    recv_all(rig->fd, 20);
    await_unread(rig->peer, 100);
    fd_close_slot(&rig->peer); /* with unread bytes: a RST */
    rig->peer = -1;
    expect_totals(rig->fd, TCP_CLOSE, 100, 20);
    recv_all(rig->fd, 30); /* what was queued before it can still be read */
    expect_totals(rig->fd, TCP_CLOSE, 100, 50);
}

static void urgent_bytes_are_counted_like_others(void **state)
{
    struct rig *rig = *state;

    send_all(rig->peer, 100);
    assert_int_equal(send(rig->peer, "!", 1, MSG_OOB), 1);
    send_all(rig->peer, 50);
    await_unread(rig->fd, 151);
    expect_totals(rig->fd, TCP_ESTABLISHED, 0, 0);
    recv_all(rig->fd, 100); /* one call stops at the mark, even so */
    recv_all(rig->fd, 20);
    expect_totals(rig->fd, TCP_ESTABLISHED, 0, 120);
}

static void other_sockets_have_no_totals(void **state)
{
    struct rig *rig = *state;
    struct kernel_totals totals = { .written = 1234 };
    struct kernel_queue queue = { .waiting = 1234 };
    int pair[2];

    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
    assert_int_equal(kernel_tcp_totals(pair[0], &totals), -EOPNOTSUPP);
    assert_int_equal(kernel_listen_queue(pair[0], &queue), -EOPNOTSUPP);
    assert_int_equal(kernel_tcp_totals(-1, &totals), -EBADF);
    assert_true(kernel_tcp_totals(rig->listen_fd, &totals) < 0);
    assert_int_equal(kernel_listen_queue(rig->fd, &queue), -EINVAL);
    assert_int_equal(totals.written, 1234);
    assert_int_equal(queue.waiting, 1234);
    close(pair[0]);
    close(pair[1]);
}

static void await_queue(int fd, uint32_t waiting)
{
    struct kernel_queue queue;

    do {
        assert_int_equal(kernel_listen_queue(fd, &queue), 0);
        sched_yield();
    } while (queue.waiting != waiting);
    assert_int_equal(queue.limit, RIG_BACKLOG);
}

static void connections_wait_until_they_are_accepted(void **state)
{
    struct rig *rig = *state;
    int clients[3];

    await_queue(rig->listen_fd, 0);
    for (uint32_t i = 0; i < ARRAY_SIZE(clients); i++) {
        clients[i] = rig_connect(rig, 0);
        await_queue(rig->listen_fd, i + 1);
    }
    close(accept(rig->listen_fd, NULL, NULL));
    await_queue(rig->listen_fd, 2);
    for (size_t i = 0; i < ARRAY_SIZE(clients); i++) {
        close(clients[i]);
    }
}

static void a_full_queue_holds_one_more_than_its_limit_and_overflows_are_counted(void **state)
{
    struct rig *rig = *state;
    int clients[RIG_CLIENTS + 1];
    uint64_t before;
    uint64_t now;

    assert_int_equal(kernel_listen_overflows(&before), 0);
    for (size_t i = 0; i < RIG_CLIENTS; i++) {
        clients[i] = rig_connect(rig, 0);
    }
    await_queue(rig->listen_fd, RIG_CLIENTS);
    clients[RIG_CLIENTS] = rig_connect(rig, SOCK_NONBLOCK); /* its SYN is dropped */
    do {
        assert_int_equal(kernel_listen_overflows(&now), 0);
        sched_yield();
    } while (now == before);
    assert_true(now > before);
    await_queue(rig->listen_fd, RIG_CLIENTS);
    for (size_t i = 0; i < ARRAY_SIZE(clients); i++) {
        close(clients[i]);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_fresh_conversation_counts_nothing),
        TEST(unread_bytes_are_not_counted_as_read),
        TEST(written_bytes_count_whether_the_peer_has_them_or_not),
        TEST(the_counts_are_those_of_the_open_file_whoever_holds_it),
        TEST(the_peers_half_close_is_not_counted_as_a_byte),
        TEST(our_half_close_is_not_counted_as_a_byte),
        TEST(our_half_close_behind_unsent_bytes_is_not_counted_either),
        TEST(both_half_closes_the_peers_first_count_no_byte),
        TEST(a_finished_conversation_is_at_most_one_too_high_and_says_so),
        TEST(a_reset_leaves_the_counts_as_they_were),
        TEST(urgent_bytes_are_counted_like_others),
        TEST(other_sockets_have_no_totals),
        TEST(connections_wait_until_they_are_accepted),
        TEST(a_full_queue_holds_one_more_than_its_limit_and_overflows_are_counted),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
