/* SPDX-License-Identifier: MIT */
/* Accounts of operators: what an entry may be, and who gets in by it. The hashes are of "secret";
 * those of yescrypt and bcrypt are as cheap as they come. */
#include "front/operators.h"

#include "chat/people.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#define SHA512                                                                                     \
    "$6$rounds=1000$partyline$4F68cPI8hmPyf/wRqysmcYXv2sHY/7/5pJsV4RSwmPD0JRLVnRALw4mRkazuWVZuWT3" \
    "J/jyR8mjS.vuUp3rEr1"
#define YESCRYPT "$y$j9T$abcdefgh$IUWJt2doU4Kf6E/JP1UkAT3S5O3Q7SSA8SJirXIlEu9"
#define BCRYPT   "$2b$05$abcdefghijklmnopqrstuuOQiyCxlgf/oeuTqixKmWdcYUh4Hjl0a"

static const char *parse(const char *entry, struct operator_account *out)
{
    return operator_parse(text_of(entry), out);
}

static void assert_text(struct text text, const char *wanted)
{
    assert_true(text_equal(text, text_of(wanted)));
}

static void an_entry_has_a_name_a_mask_a_hash_and_perhaps_a_host(void **state)
{
    struct operator_account account = { .name = TEXT_NONE };

    (void)state;
    assert_null(parse("ann ~a@192.0.2.* " SHA512 " staff.example.org", &account));
    assert_text(account.name, "ann");
    assert_text(account.mask, "~a@192.0.2.*");
    assert_text(account.hash, SHA512);
    assert_text(account.host, "staff.example.org");
    assert_null(parse("  b   *@*  " YESCRYPT "  ", &account));
    assert_text(account.name, "b");
    assert_text(account.hash, YESCRYPT);
    assert_int_equal(account.host.len, 0);
}

static void an_entry_that_is_no_account_is_refused_and_says_why(void **state)
{
    static const struct {
        const char *entry, *why;
    } cases[] = {
        { "", "must be \"NAME MASK HASH\"" },
        { "ann", "must be \"NAME MASK HASH\"" },
        { "ann *@*", "must be \"NAME MASK HASH\"" },
        { "ann *@* " SHA512 " host more", "must be \"NAME MASK HASH\"" },
        { "ann * " SHA512, "MASK must be USER@HOST" },
        { "ann @host " SHA512, "MASK must be USER@HOST" },
        { "ann user@ " SHA512, "MASK must be USER@HOST" },
        { "ann a@b@c " SHA512, "MASK must be USER@HOST" },
        { "ann *!*@* " SHA512, "MASK must be USER@HOST" },
        { "ann *@* secret", "HASH is no hash" },
        { "ann *@* *", "HASH is no hash" },
        { "ann *@* !", "HASH is no hash" },
        { "ann *@* $6$saltsalt$", "HASH is no hash" },
        { "ann *@* $6$saltsalt", "HASH is no hash" },
        { "ann *@* $zz$abc$0123456789012345678901234567890123456789012", "HASH is no hash" },
        { "ann *@* $1$abc$0123456789012345678901234567890123456789012", "HASH is no hash" },
        { "ann *@* ab0123456789012345678901234567890123456789012", "HASH is no hash" },
        { "ann *@* $6$abc$012345678901234567890123456789012345678901!", "HASH is no hash" },
        { "ann *@* " SHA512 " :host", "HOST is too long" },
        { "ann *@* " SHA512 " h*st", "HOST is too long" },
        { "ann *@* " SHA512 " a@b", "HOST is too long" },
        { "ann *@* " SHA512 " h\xc3\xb6st", "HOST is too long" },
    };
    struct operator_account account = { .name = TEXT_NONE };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        const char *why = parse(cases[i].entry, &account);

        if (why == NULL || strstr(why, cases[i].why) == NULL) {
            fail_msg("\"%s\": %s", cases[i].entry, why != NULL ? why : "is taken");
        }
    }
    assert_int_equal(account.name.len, 0); /* untouched */
}

static void name_mask_and_host_are_taken_at_their_limits_and_refused_one_past_them(void **state)
{
    static const struct {
        int name, mask, host;
        bool is_good;
    } cases[] = {
        { 30, 100, HOST_MAX, true },
        { 31, 9, 9, false },
        { 9, 101, 9, false },
        { 9, 9, HOST_MAX + 1, false },
    };
    static const char *const letters = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
                                       "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
                                       "aaaaaaaaaaaaaaaaaaaaaaaaaa";
    struct operator_account account;

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        char entry[512];

        (void)snprintf(entry, sizeof(entry), "%.*s %.*s@* " SHA512 " %.*s", cases[i].name, letters,
                       cases[i].mask - 2, letters, cases[i].host, letters);
        assert_int_equal(parse(entry, &account) == NULL, cases[i].is_good);
    }
}

static void hashes_of_every_kind_that_crypt_knows_are_verified(void **state)
{
    char *entries[] = { (char[]){ "six *@* " SHA512 }, (char[]){ "yes *@* " YESCRYPT },
                        (char[]){ "b *@* " BCRYPT } };
    static const char *const names[] = { "six", "yes", "b" };
    const struct operators operators = { entries, ARRAY_SIZE(entries) };
    struct operator_account account;

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
        assert_int_equal(operators_verify(&operators, text_of(names[i]), TEXT("u@host"),
                                          TEXT("secret"), &account),
                         0);
        assert_text(account.name, names[i]);
        assert_int_equal(operators_verify(&operators, text_of(names[i]), TEXT("u@host"),
                                          TEXT("secreT"), &account),
                         OPERATOR_WRONG_PASSWORD);
    }
}

static void only_the_first_account_of_the_name_and_the_place_counts(void **state)
{
    char *entries[] = { (char[]){ "ann *@192.0.2.* " SHA512 " far" },
                        (char[]){ "ann ~a@127.0.0.1 " SHA512 " near" },
                        (char[]){ "bob *@* " SHA512 } };
    static const struct {
        const char *name, *source, *password;
        int r;
        const char *host;
    } cases[] = {
        { "ann", "x@192.0.2.7", "secret", 0, "far" },
        { "ann", "~a@127.0.0.1", "secret", 0, "near" },
        { "ann", "~A@127.0.0.1", "secret", 0, "near" },
        { "ann", "~b@127.0.0.1", "secret", OPERATOR_UNKNOWN, NULL },
        { "ann", "~b@127.0.0.1", "wrong", OPERATOR_UNKNOWN, NULL },
        { "ann", "~a@127.0.0.1", "wrong", OPERATOR_WRONG_PASSWORD, NULL },
        { "Ann", "~a@127.0.0.1", "secret", OPERATOR_UNKNOWN, NULL },
        { "", "~a@127.0.0.1", "secret", OPERATOR_UNKNOWN, NULL },
        { "bob", "", "secret", OPERATOR_UNKNOWN, NULL },
        { "bob", "u@h", "", OPERATOR_WRONG_PASSWORD, NULL },
    };
    const struct operators operators = { entries, ARRAY_SIZE(entries) };
    struct operator_account account;

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        assert_int_equal(operators_verify(&operators, text_of(cases[i].name),
                                          text_of(cases[i].source), text_of(cases[i].password),
                                          &account),
                         cases[i].r);
        if (cases[i].host != NULL) {
            assert_text(account.host, cases[i].host);
        }
    }
}

static void a_password_is_compared_whole_and_one_too_long_is_wrong(void **state)
{
    char *entries[] = { (char[]){ "ann *@* " SHA512 } };
    const struct operators operators = { entries, 1 }, none = { NULL, 0 };
    char longest[OPERATOR_PASSWORD_MAX + 1];
    struct operator_account account;

    (void)state;
    memset(longest, 's', sizeof(longest));
    assert_int_equal(
        operators_verify(&operators, TEXT("ann"), TEXT("u@h"), TEXT("secret\0x"), &account),
        OPERATOR_WRONG_PASSWORD);
    for (size_t n = OPERATOR_PASSWORD_MAX; n <= sizeof(longest); n++) {
        assert_int_equal(operators_verify(&operators, TEXT("ann"), TEXT("u@h"),
                                          (struct text){ longest, n }, &account),
                         OPERATOR_WRONG_PASSWORD);
    }
    assert_int_equal(operators_verify(&none, TEXT("ann"), TEXT("u@h"), TEXT("secret"), &account),
                     OPERATOR_UNKNOWN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_entry_has_a_name_a_mask_a_hash_and_perhaps_a_host),
        cmocka_unit_test(an_entry_that_is_no_account_is_refused_and_says_why),
        cmocka_unit_test(name_mask_and_host_are_taken_at_their_limits_and_refused_one_past_them),
        cmocka_unit_test(hashes_of_every_kind_that_crypt_knows_are_verified),
        cmocka_unit_test(only_the_first_account_of_the_name_and_the_place_counts),
        cmocka_unit_test(a_password_is_compared_whole_and_one_too_long_is_wrong),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
