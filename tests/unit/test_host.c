/* SPDX-License-Identifier: MIT */
/* lib/host: 16 bytes as people read them, and never something that IRC would take for the end of
 * its parameters. */
#include "lib/host.h"

#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

enum { HOST_TEXT_MAX = 46 };

static const struct {
    const char *address; /* for inet_pton(AF_INET6) */
    const char *printed;
} hosts[] = {
    { "::", "localhost" },
    { "::ffff:10.0.0.1", "10.0.0.1" },
    { "::ffff:0.0.0.0", "0.0.0.0" },
    { "::ffff:255.255.255.255", "255.255.255.255" },
    { "2001:db8::1", "2001:db8::1" },
    { "::1", "0::1" },
    { "::7:1:0", "0::7:1:0" },
    { "1::", "1::" },
    { "::fffe:10.0.0.1", "0::fffe:a00:1" },
    { "fe80::1", "fe80::1" },
    { "1111:2222:3333:4444:5555:6666:7777:8888", "1111:2222:3333:4444:5555:6666:7777:8888" },
};

static void host_of(const char *address, unsigned char host[16])
{
    assert_int_equal(inet_pton(AF_INET6, address, host), 1);
}

static void hosts_are_printed_as_people_read_them(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(hosts); i++) {
        unsigned char host[16];
        char space[HOST_TEXT_MAX];
        struct buf out = buf_over(space, sizeof(space));

        host_of(hosts[i].address, host);
        host_print(host, &out);
        assert_int_equal(out.len, strlen(hosts[i].printed));
        assert_memory_equal(space, hosts[i].printed, out.len);
    }
}

static void no_host_begins_with_a_colon_or_has_a_space(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(hosts); i++) {
        unsigned char host[16];
        char space[HOST_TEXT_MAX];
        struct buf out = buf_over(space, sizeof(space));

        host_of(hosts[i].address, host);
        host_print(host, &out);
        assert_in_range(out.len, 1, HOST_TEXT_MAX);
        assert_int_not_equal(space[0], ':');
        assert_int_equal(text_find(buf_text(&out), ' '), out.len);
    }
}

static void every_pattern_of_zero_groups_fits_in_46_bytes(void **state)
{
    (void)state;
    for (unsigned pattern = 0; pattern < 256; pattern++) {
        unsigned char host[16];
        char space[HOST_TEXT_MAX];
        struct buf out = buf_over(space, sizeof(space));

        for (unsigned i = 0; i < 16; i++) {
            host[i] = pattern & (1U << (i / 2)) ? 0xff : 0;
        }
        host_print(host, &out);
        assert_false(out.full);
        assert_true(out.len > 0 && space[0] != ':');
    }
}

static void a_buffer_one_byte_too_small_is_full(void **state)
{
    unsigned char host[16];
    char space[HOST_TEXT_MAX];
    struct buf out = buf_over(space, 8);

    (void)state;
    host_of("::ffff:10.0.0.1", host);
    host_print(host, &out);
    assert_false(out.full);
    out = buf_over(space, 7);
    host_print(host, &out);
    assert_true(out.full);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hosts_are_printed_as_people_read_them),
        cmocka_unit_test(no_host_begins_with_a_colon_or_has_a_space),
        cmocka_unit_test(every_pattern_of_zero_groups_fits_in_46_bytes),
        cmocka_unit_test(a_buffer_one_byte_too_small_is_full),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
