/* SPDX-License-Identifier: MIT */
/* Opening and taking over listening sockets: families, options, and the files of unix sockets. */
#include "support/listener_rig.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/stat.h>

static void what_is_accepted_is_nonblocking_and_has_the_options(void **state)
{
    struct rig *rig = *state;
    struct address address = address_of("127.0.0.1:0");
    int fd = listener_open(&address, 1, 100000);

    assert_int_equal(rig_start_fd(rig, fd), 0);
    rig_connect(rig, 1);
    rig_step(rig);
    fd = rig->taken[0];
    assert_true((fcntl(fd, F_GETFL) & O_NONBLOCK) != 0);
    assert_true((fcntl(fd, F_GETFD) & FD_CLOEXEC) != 0);
    assert_int_equal(option_of(fd, IPPROTO_TCP, TCP_NODELAY), 1);
    assert_int_equal(option_of(fd, SOL_SOCKET, SO_OOBINLINE), 1);
    assert_int_equal(option_of(fd, SOL_SOCKET, SO_KEEPALIVE), 1);
    assert_int_equal(option_of(fd, SOL_SOCKET, SO_SNDBUF), 200000); /* doubled: socket(7) */
    assert_int_equal(option_of(rig->listener.fd, SOL_SOCKET, SO_REUSEADDR), 1);
}

static void what_was_handed_over_is_made_nonblocking_and_gets_the_options(void **state)
{
    struct sockaddr_in in = { .sin_family = AF_INET };
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    (void)state;
    assert_int_equal(bind(fd, (struct sockaddr *)&in, sizeof(in)), 0);
    assert_int_equal(listener_take(fd, 0), -EINVAL); /* not listening yet */
    assert_int_equal(listen(fd, 3), 0);
    assert_int_equal(listener_take(fd, 0), 0);
    assert_true((fcntl(fd, F_GETFL) & O_NONBLOCK) != 0);
    assert_true((fcntl(fd, F_GETFD) & FD_CLOEXEC) != 0);
    assert_int_equal(option_of(fd, IPPROTO_TCP, TCP_NODELAY), 1);
    assert_int_equal(option_of(fd, SOL_SOCKET, SO_OOBINLINE), 1);
    close(fd);
}

static void what_is_no_listening_socket_is_not_taken(void **state)
{
    int ends[2];

    (void)state;
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(listener_take(ends[0], 0), -ENOTSOCK);
    close(ends[0]);
    close(ends[1]);
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    assert_int_equal(listener_take(ends[0], 0), -EINVAL);
    close(ends[0]);
    close(ends[1]);
    assert_int_equal(listener_take(-1, 0), -EBADF);
}

static void a_port_that_is_taken_is_not_opened_twice(void **state)
{
    struct rig *rig = *state;

    rig_start(rig, "127.0.0.1:0", 1);
    assert_int_equal(listener_open(&rig->listener.address, 1, 0), -EADDRINUSE);
}

static void a_port_is_opened_again_past_time_wait(void **state)
{
    struct rig *rig = *state;
    struct address address;
    char byte;
    int fd;

    rig_start(rig, "127.0.0.1:0", 1);
    address = rig->listener.address;
    rig_connect(rig, 1);
    rig_step(rig);
    close(rig->taken[--rig->n_taken]); /* we close first: TIME_WAIT is ours */
    assert_int_equal(read(rig->clients[0], &byte, 1), 0);
    close(rig->clients[--rig->n_clients]);
    (void)listener_stop(&rig->listener, false);
    fd = listener_open(&address, 1, 0);
    assert_true(fd >= 0);
    close(fd);
}

/* The listener's address with another host: where a client of that family finds it. */
static struct address rig_address_at(const struct rig *rig, const char *host)
{
    char bytes[ADDRESS_TEXT_SIZE];
    char string[ADDRESS_TEXT_SIZE * 2];
    struct buf out = buf_over(bytes, sizeof(bytes));

    address_print(&rig->listener.address, true, &out);
    buf_char(&out, '\0');
    (void)snprintf(string, sizeof(string), "%s%s", host, strrchr(bytes, ':'));
    return address_of(string);
}

static bool has_ipv6(void)
{
    struct address address = address_of("[::1]:0");
    owned_fd int fd = listener_open(&address, 1, 0);

    return fd >= 0;
}

static void an_ipv6_listener_knows_its_peer(void **state)
{
    struct rig *rig = *state;

    if (!has_ipv6()) {
        skip();
    }
    rig_start(rig, "[::1]:0", 1);
    rig_connect(rig, 1);
    rig_step(rig);
    assert_int_equal(rig->n_taken, 1);
    expect_printed(&rig->last_peer, false, "::1");
}

static void the_star_serves_both_families_and_shows_ipv4_peers_as_such(void **state)
{
    struct rig *rig = *state;
    struct address ipv4;
    struct address ipv6;

    if (!has_ipv6()) {
        skip();
    }
    rig_start(rig, "*:0", 5);
    expect_printed(&rig->listener.address, false, "*");
    ipv4 = rig_address_at(rig, "127.0.0.1");
    ipv6 = rig_address_at(rig, "[::1]");
    rig->clients[rig->n_clients++] = connect_to(&ipv4);
    rig_step(rig);
    expect_printed(&rig->last_peer, false, "127.0.0.1");
    rig->clients[rig->n_clients++] = connect_to(&ipv6);
    rig_step(rig);
    expect_printed(&rig->last_peer, false, "::1");
}

static void the_ipv6_wildcard_leaves_its_port_free_for_ipv4(void **state)
{
    struct rig *rig = *state;
    int fd = -EADDRINUSE;

    if (!has_ipv6()) {
        skip();
    }
    /* somebody else on this machine may have that port for IPv4, but not each time */
    for (int i = 0; i < 100 && fd == -EADDRINUSE; i++) {
        struct address ipv4;

        (void)listener_stop(&rig->listener, false);
        rig_start(rig, "[::]:0", 5);
        expect_printed(&rig->listener.address, false, "::");
        ipv4 = rig_address_at(rig, "0.0.0.0");
        fd = listener_open(&ipv4, 1, 0);
    }
    assert_true(fd >= 0);
    close(fd);
}

static void a_unix_listener_takes_connections(void **state)
{
    struct rig *rig = *state;
    struct kernel_queue queue;

    rig_start(rig, rig_path(rig, "unix:"), 5);
    expect_printed(&rig->listener.address, true, rig_path(rig, "unix:"));
    rig_connect(rig, 2);
    rig_step(rig);
    assert_int_equal(rig->n_taken, 2);
    expect_printed(&rig->last_peer, true, "unix");
    assert_int_equal(listener_look(&rig->listener, &queue), -EOPNOTSUPP);
    assert_int_equal(listener_take(rig->listener.fd, 5000), 0);
}

static void the_file_of_one_who_died_is_replaced(void **state)
{
    struct rig *rig = *state;

    rig_start(rig, rig_path(rig, "unix:"), 5);
    (void)listener_stop(&rig->listener, false);
    assert_int_equal(access(rig_path(rig, ""), F_OK), 0);
    rig_start(rig, rig_path(rig, "unix:"), 5);
    rig_connect(rig, 1);
    rig_step(rig);
    assert_int_equal(rig->n_taken, 1);
}

static void the_file_of_one_who_lives_is_not_replaced(void **state)
{
    struct rig *rig = *state;
    struct address address = address_of(rig_path(rig, "unix:"));

    rig_start(rig, rig_path(rig, "unix:"), 0);
    assert_int_equal(listener_open(&address, 5, 0), -EADDRINUSE);
    assert_int_equal(listener_open(&address, 5, 0), -EADDRINUSE); /* nor when its queue is full */
    rig_step(rig);
    rig_connect(rig, 1);
    rig_step(rig);
    assert_true(rig->n_taken >= 1);
}

static void a_file_that_is_no_socket_is_not_replaced(void **state)
{
    struct rig *rig = *state;
    struct address address = address_of(rig_path(rig, "unix:"));
    struct stat status;

    close(open(rig_path(rig, ""), O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
    assert_int_equal(listener_open(&address, 5, 0), -EADDRINUSE);
    assert_int_equal(stat(rig_path(rig, ""), &status), 0);
    assert_true(S_ISREG(status.st_mode));
}

static void a_place_where_no_socket_can_be_gives_the_kernels_error(void **state)
{
    struct address address = address_of("unix:/nonexistent/directory/socket");

    (void)state;
    assert_int_equal(listener_open(&address, 5, 0), -ENOENT);
    address = address_of("192.0.2.1:0"); /* reserved for documentation: RFC 5737 */
    assert_int_equal(listener_open(&address, 5, 0), -EADDRNOTAVAIL);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_is_accepted_is_nonblocking_and_has_the_options),
        TEST(what_was_handed_over_is_made_nonblocking_and_gets_the_options),
        TEST(what_is_no_listening_socket_is_not_taken),
        TEST(a_port_that_is_taken_is_not_opened_twice),
        TEST(a_port_is_opened_again_past_time_wait),
        TEST(an_ipv6_listener_knows_its_peer),
        TEST(the_star_serves_both_families_and_shows_ipv4_peers_as_such),
        TEST(the_ipv6_wildcard_leaves_its_port_free_for_ipv4),
        TEST(a_unix_listener_takes_connections),
        TEST(the_file_of_one_who_died_is_replaced),
        TEST(the_file_of_one_who_lives_is_not_replaced),
        TEST(a_file_that_is_no_socket_is_not_replaced),
        TEST(a_place_where_no_socket_can_be_gives_the_kernels_error),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
