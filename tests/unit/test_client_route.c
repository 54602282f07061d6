/* SPDX-License-Identifier: MIT */
/* client/route: which way a password may go. */
#include "route.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <cmocka.h>

static void only_loopback_and_unix_sockets_are_local(void **state)
{
    static const struct {
        const char *address;
        bool is_local;
    } rows[] = {
        { "127.0.0.1", true },  { "127.255.0.9", true },
        { "128.0.0.1", false }, { "10.0.0.1", false },
        { "::1", true },        { "::2", false },
        { "fe80::1", false },   { "::ffff:10.0.0.1", false },
    };
    const struct sockaddr_un un = { .sun_family = AF_UNIX };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct sockaddr_in in = { .sin_family = AF_INET };
        struct sockaddr_in6 in6 = { .sin6_family = AF_INET6 };
        bool is_4 = inet_pton(AF_INET, rows[i].address, &in.sin_addr) == 1;

        assert_true(is_4 || inet_pton(AF_INET6, rows[i].address, &in6.sin6_addr) == 1);
        assert_int_equal(connect_is_local(is_4 ? (struct sockaddr *)&in : (struct sockaddr *)&in6),
                         rows[i].is_local);
    }
    assert_true(connect_is_local((const struct sockaddr *)&un));
}

/* A datagram socket may be "connected" to any address without anybody there. */
static int open_to(const char *address)
{
    struct sockaddr_in in = { .sin_family = AF_INET, .sin_port = htons(9) };
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

    assert_int_equal(inet_pton(AF_INET, address, &in.sin_addr), 1);
    if (connect(fd, (struct sockaddr *)&in, sizeof(in)) < 0) {
        (void)close(fd); /* no such network here: a socket without a peer is as foreign */
        fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    }
    return fd;
}

static void a_password_leaves_the_machine_only_under_tls_or_by_wish(void **state)
{
    const struct tls_config config = { .host = "irc.test" };
    const struct {
        const char *address;
        bool has_secrets, has_tls;
        int outcome;
    } rows[] = {
        { "127.0.0.1", true, false, 0 }, { "192.0.2.1", true, false, ROUTE_FAILED },
        { "192.0.2.1", true, true, 0 },  { "192.0.2.1", false, false, 0 },
        { "127.0.0.1", false, true, 0 },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        const struct route route = { .has_secrets = rows[i].has_secrets,
                                     .tls = rows[i].has_tls ? &config : NULL };
        char bytes[512] = "";
        struct buf why = buf_over(bytes, sizeof(bytes) - 1);
        owned(tls_free) struct tls *tls = NULL;
        owned_fd int fd = open_to(rows[i].address);

        assert_int_equal(route_secure(&route, fd, &tls, &why), rows[i].outcome);
        assert_int_equal(tls != NULL, rows[i].has_tls);
        assert_int_equal(strstr(bytes, "use --tls, or --cleartext-password") != NULL,
                         rows[i].outcome != 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_loopback_and_unix_sockets_are_local),
        cmocka_unit_test(a_password_leaves_the_machine_only_under_tls_or_by_wish),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
