/* SPDX-License-Identifier: MIT */
/* client/arguments: what the command line means, and what is wrong with it, in words. */
#include "arguments.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

enum { WORDS_MAX = 8 };

static struct arguments arguments;
static char why[4096];

/* Parses "partyline" and the words, which a NULL ends. */
static int parse(const char *const *words)
{
    static char copies[WORDS_MAX][128];
    char *argv[WORDS_MAX + 2] = { copies[0] };
    struct buf b = buf_over(why, sizeof(why) - 1);
    int argc = 1;
    int r;

    (void)strcpy(copies[0], "partyline");
    for (; *words != NULL; words++, argc++) {
        (void)strncpy(copies[argc], *words, sizeof(copies[0]) - 1);
        argv[argc] = copies[argc];
    }
    r = arguments_parse(argc, argv, "john.doe", &arguments, &b);
    why[b.len] = '\0';
    return r;
}

#define PARSE(...) parse((const char *const[]){ __VA_ARGS__, NULL })

static void defaults_need_no_word(void **state)
{
    (void)state;
    assert_int_equal(parse((const char *const[]){ NULL }), 0);
    assert_string_equal(arguments.host, "localhost");
    assert_string_equal(arguments.port, "6667");
    assert_string_equal(arguments.nick, "john_doe");
    assert_int_equal(arguments.timeout_ms, 10000);
    assert_int_equal(arguments.n_rooms, 1);
    assert_string_equal(arguments.rooms[0], "#lobby");
    assert_int_equal(arguments.colour, TERM_COLOUR_AUTO);
    assert_false(arguments.is_plain || arguments.is_unix);
}

static void arguments_are_taken_in_any_order(void **state)
{
    (void)state;
    assert_int_equal(PARSE("host:1", "--nick", "ann", "--join=#a", "-j#b", "--plain"), 0);
    assert_string_equal(arguments.host, "host");
    assert_string_equal(arguments.nick, "ann");
    assert_int_equal(arguments.n_rooms, 2);
    assert_string_equal(arguments.rooms[1], "#b");
    assert_true(arguments.is_plain);
    assert_int_equal(PARSE("--color=never", "--timeout", "3600"), 0);
    assert_int_equal(arguments.colour, TERM_COLOUR_NEVER);
    assert_int_equal(arguments.timeout_ms, 3600000);
}

static void targets_are_understood(void **state)
{
    static const struct {
        const char *target, *host, *port; /* no host: refused; no port: a path */
    } rows[] = {
        { "host", "host", "6667" },
        { "host:7000", "host", "7000" },
        { "127.0.0.1:1", "127.0.0.1", "1" },
        { "[::1]:65535", "::1", "65535" },
        { "[::1]", "::1", "6667" },
        { "::1", "::1", "6667" },
        { "fe80::1%lo", "fe80::1%lo", "6667" },
        { "unix:/run/x", "/run/x", NULL },
        { "unix:", NULL, NULL },
        { "", NULL, NULL },
        { "host:", NULL, NULL },
        { "host:0", NULL, NULL },
        { "host:65536", NULL, NULL },
        { "host:x", NULL, NULL },
        { ":6667", NULL, NULL },
        { "[::1", NULL, NULL },
        { "[]:1", NULL, NULL },
        { "[::1]x", NULL, NULL },
        { "[::1]:", NULL, NULL },
        { "[::1]:0", NULL, NULL },
        { "[", NULL, NULL },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct arguments o = { .port = "unset" };

        assert_int_equal(arguments_parse_target(text_of(rows[i].target), &o), rows[i].host != NULL);
        if (rows[i].host != NULL) {
            assert_string_equal(o.host, rows[i].host);
            assert_int_equal(o.is_unix, rows[i].port == NULL);
            assert_string_equal(o.port, rows[i].port == NULL ? "unset" : rows[i].port);
        }
    }
}

static void a_host_at_the_limit_is_taken_and_one_past_it_is_not(void **state)
{
    char host[ARGUMENTS_HOST_MAX + 1];

    (void)state;
    memset(host, 'h', sizeof(host));
    assert_true(
        arguments_parse_target((struct text){ .at = host, .len = sizeof(host) - 1 }, &arguments));
    assert_int_equal(strlen(arguments.host), ARGUMENTS_HOST_MAX);
    assert_false(
        arguments_parse_target((struct text){ .at = host, .len = sizeof(host) }, &arguments));
}

static int finish(void)
{
    struct buf b = buf_over(why, sizeof(why) - 1);
    int r = arguments_finish(&arguments, &b);

    why[b.len] = '\0';
    return r;
}

static void tls_has_a_port_of_its_own_unless_one_is_named(void **state)
{
    static const struct {
        const char *target, *port;
    } rows[] = {
        { "host", "6697" },  { "host:7000", "7000" },  { "host:6667", "6667" },
        { "[::1]", "6697" }, { "[::1]:6667", "6667" }, { "::1", "6697" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        assert_int_equal(PARSE("--tls", rows[i].target), 0);
        assert_int_equal(finish(), 0);
        assert_string_equal(arguments.port, rows[i].port);
        assert_true(arguments.access.is_tls);
    }
    assert_int_equal(PARSE("--tls"), 0);
    assert_int_equal(finish(), 0);
    assert_string_equal(arguments.port, "6697");
    assert_int_equal(PARSE("host"), 0);
    assert_int_equal(finish(), 0);
    assert_string_equal(arguments.port, "6667");
}

static void whom_to_trust_and_who_we_are_is_taken(void **state)
{
    (void)state;
    assert_int_equal(PARSE("--tls", "--tls-ca", "/x", "--account=ann", "--password-file", "/y"), 0);
    assert_int_equal(finish(), 0);
    assert_string_equal(arguments.access.ca_file, "/x");
    assert_string_equal(arguments.access.account, "ann");
    assert_string_equal(arguments.access.password_file, "/y");
    assert_false(arguments.access.is_cleartext);
    assert_int_equal(PARSE("--account=ann", "--password-command", "x y", "--cleartext-password"),
                     0);
    assert_int_equal(finish(), 0);
    assert_string_equal(arguments.access.password_command, "x y");
    assert_true(arguments.access.is_cleartext);
}

static void what_does_not_fit_together_is_told(void **state)
{
    static const struct {
        const char *words[6];
        const char *said;
    } rows[] = {
        { { "--tls", "unix:/x" }, "/x: there is no TLS at a unix socket" },
        { { "--tls-ca", "/x" }, "--tls-ca and --tls-fingerprint need --tls" },
        { { "--account=a", "--password-file=x", "--password-command=y" }, "exclude each other" },
        { { "--password-file=x" }, "a password needs --account" },
        { { "--cleartext-password" }, "a password needs --account" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        assert_int_equal(parse(rows[i].words), 0);
        assert_int_equal(finish(), ARGUMENTS_WRONG);
        assert_non_null(strstr(why, rows[i].said));
    }
}

static void an_account_at_the_limit_is_taken_and_one_past_it_is_not(void **state)
{
    char bytes[CREDENTIALS_COMMAND_MAX + 1];
    struct access a = { .account = "" };

    (void)state;
    memset(bytes, 'x', sizeof(bytes));
    assert_true(access_set(&a, ACCESS_ACCOUNT, (struct text){ bytes, CREDENTIALS_ACCOUNT_MAX }));
    assert_int_equal(strlen(a.account), CREDENTIALS_ACCOUNT_MAX);
    assert_false(
        access_set(&a, ACCESS_ACCOUNT, (struct text){ bytes, CREDENTIALS_ACCOUNT_MAX + 1 }));
    assert_true(
        access_set(&a, ACCESS_PASSWORD_COMMAND, (struct text){ bytes, CREDENTIALS_COMMAND_MAX }));
    assert_false(access_set(&a, ACCESS_PASSWORD_COMMAND, (struct text){ bytes, sizeof(bytes) }));
    assert_true(access_set(&a, ACCESS_PASSWORD_FILE, (struct text){ bytes, ACCESS_PATH_MAX }));
    assert_false(access_set(&a, ACCESS_TLS_CA, (struct text){ bytes, ACCESS_PATH_MAX + 1 }));
}

static void what_is_wrong_is_named(void **state)
{
    static const struct {
        const char *words[4];
        const char *said;
    } rows[] = {
        { { "--bogus" }, "--bogus" },
        { { "-x" }, "-x" },
        { { "--nick" }, "--nick" },
        { { "--plain=yes" }, "--plain=yes" },
        { { "--nick", "a b" }, "a b: this cannot be a nickname" },
        { { "--nick", "#a" }, "#a" },
        { { "--nick", "" }, "nickname" },
        { { "--nick", "1st" }, "1st" },
        { { "--join", "lobby" }, "lobby: not a room" },
        { { "--join", "#a,#b" }, "#a,#b" },
        { { "--timeout", "0" }, "0: not a time-out" },
        { { "--timeout", "3601" }, "3601" },
        { { "--timeout", "1s" }, "1s" },
        { { "--color=red" }, "always, never or auto" },
        { { "a", "b" }, "b: only one server" },
        { { "--tls=yes" }, "--tls=yes" },
        { { "--tls-ca=" }, "not the path of a file" },
        { { "--tls-fingerprint=12" }, "12: not the SHA-256 of a certificate" },
        { { "--account=" }, "not the name of an account" },
        { { "a:b" }, "a:b: not a server" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct arguments before = { .timeout_ms = 77 };

        arguments = before;
        assert_int_equal(parse(rows[i].words), ARGUMENTS_WRONG);
        assert_non_null(strstr(why, rows[i].said));
        assert_int_equal(arguments.timeout_ms, 77);
    }
}

static void questions_are_outcomes_and_the_help_names_every_exit_code(void **state)
{
    struct buf b = buf_over(why, sizeof(why) - 1);

    (void)state;
    assert_int_equal(PARSE("--help"), ARGUMENTS_HELP);
    assert_int_equal(PARSE("--plain", "-V"), ARGUMENTS_VERSION);
    arguments_put_help(&b);
    why[b.len] = '\0';
    assert_non_null(strstr(why, "0 all is well; 1 "));
    assert_non_null(strstr(why, "; 2 "));
    assert_non_null(strstr(why, "; 3 "));
    assert_non_null(strstr(why, " 4 "));
    assert_non_null(strstr(why, "; 64 "));
    assert_non_null(strstr(why, "71 "));
    assert_non_null(strstr(why, "74 "));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(defaults_need_no_word),
        cmocka_unit_test(arguments_are_taken_in_any_order),
        cmocka_unit_test(targets_are_understood),
        cmocka_unit_test(a_host_at_the_limit_is_taken_and_one_past_it_is_not),
        cmocka_unit_test(tls_has_a_port_of_its_own_unless_one_is_named),
        cmocka_unit_test(whom_to_trust_and_who_we_are_is_taken),
        cmocka_unit_test(what_does_not_fit_together_is_told),
        cmocka_unit_test(an_account_at_the_limit_is_taken_and_one_past_it_is_not),
        cmocka_unit_test(what_is_wrong_is_named),
        cmocka_unit_test(questions_are_outcomes_and_the_help_names_every_exit_code),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
