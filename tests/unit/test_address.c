/* SPDX-License-Identifier: MIT */
/* Addresses: which texts are one, and that each is printed as it was written. */
#include "net/address.h"

#include "lib/host.h"

#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/un.h>

#include <cmocka.h>

#define PATH_100                                                                                   \
    "/" /* 1 + 99 bytes */                                                                         \
    "012345678901234567890123456789012345678901234567890123456789012345678901234567890"            \
    "123456789012345678"

static void expect_printed(const struct address *a, bool with_port, const char *wanted)
{
    char bytes[ADDRESS_TEXT_SIZE];
    struct buf out = buf_over(bytes, sizeof(bytes));

    address_print(a, with_port, &out);
    assert_false(out.full);
    assert_int_equal(out.len, strlen(wanted));
    assert_memory_equal(bytes, wanted, out.len);
}

static void every_form_is_printed_as_it_was_written(void **state)
{
    static const struct {
        const char *full, *alone;
        int family;
    } forms[] = {
        { "127.0.0.1:7777", "127.0.0.1", AF_INET },
        { "0.0.0.0:0", "0.0.0.0", AF_INET },
        { "255.255.255.255:65535", "255.255.255.255", AF_INET },
        { "[::1]:7777", "::1", AF_INET6 },
        { "[::]:1", "::", AF_INET6 },
        { "[2001:db8::8:800:200c:417a]:6667", "2001:db8::8:800:200c:417a", AF_INET6 },
        { "*:7777", "*", AF_INET6 },
        { "unix:/run/partyline/x.sock", "unix", AF_UNIX },
        { "unix:" PATH_100 "1234567", "unix", AF_UNIX }, /* 107: all there is room for */
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(forms); i++) {
        struct address a;

        assert_int_equal(address_parse(text_of(forms[i].full), &a), 0);
        assert_int_equal(a.storage.ss_family, forms[i].family);
        expect_printed(&a, true, forms[i].full);
        expect_printed(&a, false, forms[i].alone);
    }
}

static const char *const no_addresses[] = {
    "",
    ":",
    "7777",
    ":7777",
    "127.0.0.1",
    "127.0.0.1:",
    "127.0.0.1:65536",
    "127.0.0.1:-1",
    "127.0.0.1:77x",
    "127.0.0.1:7777:1",
    "127.0.0.256:1",
    "127.0.0:1",
    "localhost:7777",
    " 127.0.0.1:7777",
    "::1:7777",
    "[::1]",
    "[::1",
    "[",
    "[]",
    "[]:1",
    "[::1]7777",
    "[::1]:",
    "[127.0.0.1]:1",
    "[::1%lo]:1",
    "[1:2:3:4:5:6:7:8:9:10:11:12:13:14:15:16:17:18:19:20]:7777",
    "**:7777",
    "*",
    "unix:",
    "unix:x.sock",
    "unix:/run/\x1b[2J",
    "unix:/run/\xff",
    "unix:" PATH_100 "12345678",
};

static void what_is_no_address_is_refused_and_leaves_the_output_alone(void **state)
{
    struct address a;
    struct address before;

    (void)state;
    memset(&a, 0x5A, sizeof(a));
    memcpy(&before, &a, sizeof(a));
    for (size_t i = 0; i < ARRAY_SIZE(no_addresses); i++) {
        print_message("no_addresses[%zu]\n", i);
        assert_int_equal(address_parse(text_of(no_addresses[i]), &a), ADDRESS_BAD);
        assert_memory_equal(&a, &before, sizeof(a));
    }
}

static void a_nul_byte_ends_no_address_early(void **state)
{
    struct address a;

    (void)state;
    assert_int_equal(address_parse(TEXT("127.0.0.1\0:7777"), &a), ADDRESS_BAD);
    assert_int_equal(address_parse(TEXT("unix:/run/a\0b"), &a), ADDRESS_BAD);
    assert_int_equal(address_parse(TEXT("127.0.0.1:77\0"), &a), ADDRESS_BAD);
}

static void only_the_star_serves_ipv4_too(void **state)
{
    struct address a;
    struct address ipv4;

    (void)state;
    assert_int_equal(address_parse(TEXT("*:7777"), &a), 0);
    assert_true(a.with_ipv4);
    address_only_ipv4(&a, &ipv4);
    expect_printed(&ipv4, true, "0.0.0.0:7777");
    assert_int_equal(address_parse(TEXT("[::]:7777"), &a), 0);
    assert_false(a.with_ipv4);
}

static void expect_host(const char *string, const char *wanted)
{
    unsigned char host[16];
    char bytes[ADDRESS_TEXT_SIZE];
    struct buf out = buf_over(bytes, sizeof(bytes));
    struct address a;

    assert_int_equal(address_parse(text_of(string), &a), 0);
    address_host(&a, host);
    host_print(host, &out);
    assert_int_equal(out.len, strlen(wanted));
    assert_memory_equal(bytes, wanted, out.len);
}

static void the_sixteen_bytes_of_a_host_print_as_that_host(void **state)
{
    (void)state;
    expect_host("10.0.0.1:1", "10.0.0.1");
    expect_host("[2001:db8::1]:1", "2001:db8::1");
    expect_host("[::ffff:10.0.0.1]:1", "10.0.0.1");
    expect_host("unix:/run/x", "localhost");
}

static void an_ipv4_peer_of_an_ipv6_socket_is_the_same_host_and_is_shown_as_ipv4(void **state)
{
    struct address mapped;
    struct address plain;
    unsigned char a[16];
    unsigned char b[16];

    (void)state;
    assert_int_equal(address_parse(TEXT("[::ffff:192.0.2.7]:99"), &mapped), 0);
    assert_int_equal(address_parse(TEXT("192.0.2.7:1"), &plain), 0);
    address_host(&mapped, a);
    address_host(&plain, b);
    assert_memory_equal(a, b, sizeof(a));
    expect_printed(&mapped, true, "192.0.2.7:99");
    expect_printed(&mapped, false, "192.0.2.7");
}

static struct address unix_peer(const char *path, size_t len)
{
    struct sockaddr_un un = { .sun_family = AF_UNIX };
    struct address a = { .len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len) };

    memset(un.sun_path, 'x', sizeof(un.sun_path)); /* what is past the length is anybody's */
    memcpy(un.sun_path, path, len);
    memcpy(&a.storage, &un, sizeof(un));
    return a;
}

static void a_unix_peer_cannot_put_bytes_of_its_own_into_our_log(void **state)
{
    static const struct {
        const char *path;
        size_t len;
    } peers[] = { { "", 0 }, { "\0abstract", 9 }, { "/tmp/\x1b[2J", 9 }, { "/tmp/\xff", 6 } };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(peers); i++) {
        struct address a = unix_peer(peers[i].path, peers[i].len);

        expect_printed(&a, true, "unix");
    }
}

static void a_path_without_a_final_nul_is_not_read_past_its_length(void **state)
{
    struct address a = unix_peer("/tmp/socket", 8);
    char full[sizeof(((struct sockaddr_un *)NULL)->sun_path)];
    char wanted[ADDRESS_TEXT_SIZE];

    (void)state;
    expect_printed(&a, true, "unix:/tmp/soc");
    memset(full, 'x', sizeof(full));
    a = unix_peer(full, sizeof(full)); /* the kernel allows 108 bytes without a NUL: unix(7) */
    (void)snprintf(wanted, sizeof(wanted), "unix:%.*s", (int)sizeof(full), full);
    expect_printed(&a, true, wanted);
}

static void what_does_not_fit_is_said_and_writes_nothing_past_the_end(void **state)
{
    char bytes[8] = "abcdefg";
    struct buf out = buf_over(bytes, 4);
    struct address a;

    (void)state;
    assert_int_equal(address_parse(TEXT("127.0.0.1:7777"), &a), 0);
    address_print(&a, true, &out);
    assert_true(out.full);
    assert_memory_equal(bytes + 4, "efg", 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_form_is_printed_as_it_was_written),
        cmocka_unit_test(what_is_no_address_is_refused_and_leaves_the_output_alone),
        cmocka_unit_test(a_nul_byte_ends_no_address_early),
        cmocka_unit_test(only_the_star_serves_ipv4_too),
        cmocka_unit_test(the_sixteen_bytes_of_a_host_print_as_that_host),
        cmocka_unit_test(an_ipv4_peer_of_an_ipv6_socket_is_the_same_host_and_is_shown_as_ipv4),
        cmocka_unit_test(a_unix_peer_cannot_put_bytes_of_its_own_into_our_log),
        cmocka_unit_test(a_path_without_a_final_nul_is_not_read_past_its_length),
        cmocka_unit_test(what_does_not_fit_is_said_and_writes_nothing_past_the_end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
