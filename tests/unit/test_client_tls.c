/* SPDX-License-Identifier: MIT */
/* client/tls, and client/link over it: whom we trust, what we wait for, how it ends. */
#include "support/tls_rig.h"

#include <poll.h>

static void assert_next(struct tls_rig *f, const char *expected)
{
    struct text line;

    assert_int_equal(link_next_line(&f->link, &line), 0);
    assert_int_equal(line.len, strlen(expected));
    assert_memory_equal(line.at, expected, line.len);
}

static void lines_go_both_ways(void **state)
{
    struct tls_rig *f = *state;

    tls_rig_talk(f);
    assert_string_equal(SSL_get_servername(f->server, TLSEXT_NAMETYPE_host_name), "irc.test");
    tls_rig_say(f, TEXT("one\r\ntwo\r\n"));
    assert_int_equal(link_read(&f->link), 0);
    assert_next(f, "one");
    assert_next(f, "two");
    assert_int_equal(link_read(&f->link), 0); /* nothing there is no end */
    assert_false(f->link.has_ended);
}

/* While the server has not answered, being able to send is of no use. */
static void a_handshake_waits_only_for_what_it_needs(void **state)
{
    struct tls_rig *f = *state;
    const struct tls_config config = { .host = "irc.test" };

    tls_rig_begin(f, "DNS:irc.test", -1, 1);
    tls_rig_secure(f, &config);
    link_put(&f->link, TEXT("hello\r\n"));
    assert_int_equal(link_events(&f->link), POLLIN | POLLOUT);
    assert_int_equal(link_flush(&f->link), 0);
    assert_true(link_has_more(&f->link));
    assert_false(link_is_ready(&f->link));
    assert_int_equal(link_events(&f->link), POLLIN);
}

static void a_goodbye_in_the_handshake_has_words(void **state)
{
    static const unsigned char close_notify[] = { 21, 3, 3, 0, 2, 1, 0 };
    struct tls_rig *f = *state;
    const struct tls_config config = { .host = "irc.test" };

    tls_rig_begin(f, "DNS:irc.test", -1, 1);
    tls_rig_secure(f, &config);
    assert_int_equal(tls_handshake(f->link.tls), TLS_AGAIN);
    assert_int_equal(send(f->fd, close_notify, sizeof(close_notify), 0), sizeof(close_notify));
    assert_int_equal(tls_handshake(f->link.tls), TLS_FAILED);
    assert_string_equal(tls_why(f->link.tls), "the server closed it");
}

/* poll(2) sees nothing of a record that has been taken from the socket half-read. */
static void bytes_that_poll_does_not_see_are_told_of(void **state)
{
    struct tls_rig *f = *state;
    static char line[LINK_IN_BYTES - 1];
    struct text t;

    tls_rig_talk(f);
    memset(line, 'x', sizeof(line));
    line[sizeof(line) - 1] = '\n';
    tls_rig_say(f, (struct text){ .at = line, .len = 1000 });
    assert_int_equal(link_read(&f->link), 0);
    assert_false(link_has_pending(&f->link));
    tls_rig_say(f, (struct text){ .at = line + 1000, .len = sizeof(line) - 1000 });
    tls_rig_say(f, (struct text){ .at = line + 1, .len = sizeof(line) - 1 });
    assert_int_equal(link_read(&f->link), 0);
    assert_int_equal(link_next_line(&f->link, &t), 0);
    assert_int_equal(link_next_line(&f->link, &t), LINK_AGAIN);
    f->link.in_start = 0; /* as if another line were still unread */
    f->link.in_end = 1000;
    assert_int_equal(link_read(&f->link), 0);
    assert_true(link_has_pending(&f->link));
    f->link.in_start = f->link.in_end;
    f->link.in_scanned = 0;
    assert_int_equal(link_read(&f->link), 0);
    assert_false(link_has_pending(&f->link));
    assert_int_equal(f->link.in_end, sizeof(line) - 1 - (LINK_IN_BYTES - 1000));
}

static void what_is_queued_goes_out_before_our_side_is_closed(void **state)
{
    struct tls_rig *f = *state;
    static char bytes[1024 * 1024];
    static char heard[65536];
    size_t n_heard = 0, n = 0;

    tls_rig_talk(f);
    memset(bytes, 'x', sizeof(bytes));
    link_put(&f->link, (struct text){ .at = bytes, .len = sizeof(bytes) });
    link_end(&f->link);
    assert_int_equal(link_flush(&f->link), 0);
    assert_true(link_has_more(&f->link));
    assert_int_equal(link_events(&f->link), POLLIN | POLLOUT);
    link_put(&f->link, (struct text){ .at = bytes, .len = sizeof(bytes) }); /* may move the rest */
    while (SSL_read_ex(f->server, heard, sizeof(heard), &n) == 1) {
        n_heard += n;
        assert_int_equal(link_flush(&f->link), 0);
    }
    assert_int_equal(n_heard, 2 * sizeof(bytes));
    assert_int_equal(SSL_get_shutdown(f->server), SSL_RECEIVED_SHUTDOWN); /* a clean end */
    assert_int_equal(link_events(&f->link), POLLIN);
    tls_rig_say(f, TEXT("late\n"));
    assert_int_equal(link_read(&f->link), 0);
    assert_next(f, "late");
    assert_true(SSL_shutdown(f->server) >= 0);
    assert_int_equal(link_read(&f->link), 0);
    assert_true(f->link.has_ended);
}

static void an_end_that_is_cut_off_is_a_failure(void **state)
{
    struct tls_rig *f = *state;
    struct text line;
    int r;

    tls_rig_talk(f);
    tls_rig_say(f, TEXT("whole\r\nhal"));
    assert_int_equal(shutdown(f->fd, SHUT_RDWR), 0);
    assert_int_equal(link_read(&f->link), 0);
    r = link_read(&f->link);
    assert_true(r < 0);
    assert_non_null(strstr(link_why(&f->link, r), "cut off"));
    assert_false(f->link.has_ended);
    assert_next(f, "whole");
    assert_int_equal(link_next_line(&f->link, &line), LINK_AGAIN);
}

static void only_a_certificate_that_is_right_in_all_respects_is_accepted(void **state)
{
    static const struct {
        const char *names, *host, *said; /* nothing said: it is accepted */
        int from_day, to_day;
        bool is_unknown;
    } rows[] = {
        { "DNS:irc.test", "irc.test", NULL, -1, 1, false },
        { "DNS:*.irc.test", "a.irc.test", NULL, -1, 1, false },
        { "IP:127.0.0.1", "127.0.0.1", NULL, -1, 1, false },
        { "IP:::1", "::1%lo", NULL, -1, 1, false },
        { "DNS:irc.test", "other.test", "is for irc.test, not for other.test.", -1, 1, false },
        { "DNS:a.test,IP:127.0.0.2,DNS:b\x1b[2J.test", "c.test", "a.test, b[2J.test, not", -1, 1,
          false },
        { "DNS:a*.irc.test", "ab.irc.test", "not for ab.irc.test", -1, 1, false },
        { "DNS:127.0.0.1", "127.0.0.1", "not for 127.0.0.1", -1, 1, false },
        { "IP:127.0.0.1", "test", "is for no name at all, not for test", -1, 1, false },
        { "IP:127.0.0.1", "127.0.0.2", "is for no name at all, not for 127.0.0.2", -1, 1, false },
        { "DNS:irc.test", "irc.test", "has expired on 20", -2, -1, false },
        { "DNS:irc.test", "irc.test", "is not valid before 20", 1, 2, false },
        { "DNS:irc.test", "irc.test", "nobody whom we trust", -1, 1, true },
    };

    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct tls_rig *f = *state;
        struct tls_config config = { .host = rows[i].host };
        int r;

        tls_rig_begin(f, rows[i].names, rows[i].from_day, rows[i].to_day);
        config.ca_file = rows[i].is_unknown ? NULL : f->ca_file;
        tls_rig_secure(f, &config);
        r = tls_rig_shake(f);
        assert_int_equal(r < 0, rows[i].said != NULL);
        if (rows[i].said != NULL) {
            assert_non_null(strstr(link_why(&f->link, r), rows[i].said));
        }
        assert_int_equal(link_is_ready(&f->link), rows[i].said == NULL);
    }
}

static void a_fingerprint_is_worth_more_than_authorities(void **state)
{
    struct tls_rig *f = *state;
    unsigned char digest[TLS_FINGERPRINT_BYTES];
    struct tls_config config = { .host = "other.test", .fingerprint = digest };
    char own[8];

    for (int is_other = 0; is_other < 2; is_other++) {
        tls_rig_begin(f, "DNS:irc.test", -2, -1);
        assert_int_equal(X509_digest(f->certificate, EVP_sha256(), digest, NULL), 1);
        (void)snprintf(own, sizeof(own), "%02X:%02X", digest[0], digest[1]);
        digest[TLS_FINGERPRINT_BYTES - 1] ^= (unsigned char)is_other;
        config.ca_file = f->ca_file;
        tls_rig_secure(f, &config);
        assert_int_equal(tls_rig_shake(f) < 0, is_other);
        assert_int_equal(link_is_ready(&f->link), !is_other);
    }
    assert_non_null(strstr(tls_why(f->link.tls), "not the one of --tls-fingerprint, but "));
    assert_non_null(strstr(tls_why(f->link.tls), own));
}

static void a_server_without_tls_is_told_so(void **state)
{
    struct tls_rig *f = *state;
    const struct tls_config config = { .host = "irc.test" };
    const struct text words = TEXT(":irc NOTICE * :*** Looking up your hostname\r\n");
    int r;

    tls_rig_begin(f, "DNS:irc.test", -1, 1);
    tls_rig_secure(f, &config);
    assert_int_equal(send(f->fd, words.at, words.len, 0), (ssize_t)words.len);
    r = link_read(&f->link);
    assert_true(r < 0);
    assert_non_null(strstr(link_why(&f->link, r), "there is no TLS at this port"));
    tls_rig_begin(f, "DNS:irc.test", -1, 1);
    tls_rig_secure(f, &config);
    assert_int_equal(shutdown(f->fd, SHUT_WR), 0);
    r = link_read(&f->link);
    assert_true(r < 0);
    assert_non_null(strstr(link_why(&f->link, r), "Is there TLS at this port?"));
}

static void a_server_that_knows_only_old_versions_is_refused(void **state)
{
    struct tls_rig *f = *state;
    struct tls_config config = { .host = "irc.test" };
    int r;

    tls_rig_begin(f, "DNS:irc.test", -1, 1);
    SSL_set_security_level(f->server, 0);
    assert_int_equal(SSL_set_min_proto_version(f->server, TLS1_VERSION), 1);
    assert_int_equal(SSL_set_max_proto_version(f->server, TLS1_1_VERSION), 1);
    config.ca_file = f->ca_file;
    tls_rig_secure(f, &config);
    r = tls_rig_shake(f);
    assert_true(r < 0);
    assert_non_null(strstr(link_why(&f->link, r), "nothing newer than TLS 1.1"));
}

static void authorities_that_cannot_be_read_are_named(void **state)
{
    static const struct {
        const char *file, *said;
    } rows[] = {
        { "/nowhere/at/all", "/nowhere/at/all: No such file" },
        { "/dev/null", "/dev/null: there is no certificate" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        const struct tls_config config = { .host = "irc.test", .ca_file = rows[i].file };
        char bytes[256] = "";
        struct buf why = buf_over(bytes, sizeof(bytes) - 1);
        struct tls *tls;

        assert_int_equal(tls_new(&config, -1, &why, &tls), TLS_FAILED);
        assert_non_null(strstr(bytes, rows[i].said));
    }
}

static void a_host_without_a_name_is_never_taken_for_any(void **state)
{
    static const char *const hosts[] = { "", "%lo" };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(hosts); i++) {
        const struct tls_config config = { .host = hosts[i] };
        char bytes[256];
        struct buf why = buf_over(bytes, sizeof(bytes));
        struct tls *tls;

        assert_int_equal(tls_new(&config, 0, &why, &tls), TLS_FAILED);
    }
}

#define HEX_31 "000102030405060708090a0b0c0d0e0f101112131415161718191A1B1C1D1E"
#define HEX_31_COLONS                                                                              \
    "00:01:02:03:04:05:06:07:08:09:0a:0b:0c:0d:0e:0f:10:11:12:13:14:15:16:17:18:19:1A:1B:1C:1D:1E"

static void fingerprints_are_32_bytes_in_hexadecimal(void **state)
{
    static const struct {
        const char *text;
        bool is_one;
    } rows[] = {
        { HEX_31 "1f", true },
        { HEX_31_COLONS ":1F", true },
        { HEX_31, false },
        { HEX_31 "1", false },
        { HEX_31 "1f20", false },
        { HEX_31 "1g", false },
        { HEX_31_COLONS, false },
        { HEX_31_COLONS ":1", false },
        { HEX_31_COLONS "-1f", false },
        { HEX_31_COLONS ":1F:20", false },
        { "", false },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        unsigned char bytes[TLS_FINGERPRINT_BYTES] = { 7 };

        assert_int_equal(tls_fingerprint_parse(text_of(rows[i].text), bytes), rows[i].is_one);
        assert_int_equal(bytes[0], rows[i].is_one ? 0 : 7);
        assert_int_equal(bytes[31], rows[i].is_one ? 31 : 0);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, tls_rig_set_up, tls_rig_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(lines_go_both_ways),
        TEST(a_handshake_waits_only_for_what_it_needs),
        TEST(a_goodbye_in_the_handshake_has_words),
        TEST(bytes_that_poll_does_not_see_are_told_of),
        TEST(what_is_queued_goes_out_before_our_side_is_closed),
        TEST(an_end_that_is_cut_off_is_a_failure),
        TEST(only_a_certificate_that_is_right_in_all_respects_is_accepted),
        TEST(a_fingerprint_is_worth_more_than_authorities),
        TEST(a_server_without_tls_is_told_so),
        TEST(a_server_that_knows_only_old_versions_is_refused),
        cmocka_unit_test(a_host_without_a_name_is_never_taken_for_any),
        TEST(authorities_that_cannot_be_read_are_named),
        cmocka_unit_test(fingerprints_are_32_bytes_in_hexadecimal),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
