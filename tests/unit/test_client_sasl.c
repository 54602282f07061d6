/* SPDX-License-Identifier: MIT */
/* client/sasl and client/base64: logging in, and that nobody gets in without it. */
#include "support/model_rig.h"

#include "base64.h"
#include "credentials.h"
#include "sasl.h"

static struct credentials credentials;

static int set_up(void **state)
{
    int r = model_rig_set_up(state);
    struct model_rig *f = *state;

    credentials = (struct credentials){ .account = "ann", .password = "sesame", .password_len = 6 };
    f->model.config.credentials = &credentials;
    (void)model_rig_sent(f);
    return r;
}

/* As the server has agreed to SASL, and asks. */
static void begin(struct model_rig *f)
{
    model_rig_hear(f, ":s CAP * LS :sasl");
    model_rig_hear(f, ":s CAP * ACK :sasl");
    assert_string_equal(model_rig_sent(f), "CAP REQ :sasl\nAUTHENTICATE PLAIN\n");
    model_rig_hear(f, "AUTHENTICATE +");
}

static void an_account_is_logged_in_before_the_welcome(void **state)
{
    struct model_rig *f = *state;

    begin(f);
    assert_string_equal(model_rig_sent(f), "AUTHENTICATE YW5uAGFubgBzZXNhbWU=\n");
    model_rig_hear(f, ":s 900 ann ann!a@h ann :You are now logged in as ann");
    assert_int_equal(f->event.kind, EVENT_INFO);
    model_rig_assert_text(f->event.text, "You are now logged in as ann");
    assert_string_equal(model_rig_sent(f), "");
    model_rig_hear(f, ":s 903 ann :SASL authentication successful");
    assert_string_equal(model_rig_sent(f), "CAP END\n");
    model_rig_hear(f, ":s 001 ann :welcome");
    assert_int_equal(f->model.state, MODEL_JOINING);
    model_rig_hear(f, "AUTHENTICATE +");
    assert_null(strstr(model_rig_sent(f), "AUTHENTICATE"));
}

static void other_capabilities_are_asked_for_in_the_same_line(void **state)
{
    struct model_rig *f = *state;

    model_rig_hear(f, ":s CAP * LS * :server-time sasl=EXTERNAL,plain");
    model_rig_hear(f, ":s CAP * LS :echo-message");
    assert_string_equal(model_rig_sent(f), "CAP REQ :server-time echo-message sasl\n");
    model_rig_hear(f, ":s CAP * ACK :server-time echo-message sasl");
    assert_string_equal(model_rig_sent(f), "AUTHENTICATE PLAIN\n");
}

static void the_password_is_wiped_unless_it_is_needed_again(void **state)
{
    struct model_rig *f = *state;
    const struct credentials none = { .account = "ann" };

    begin(f);
    model_rig_hear(f, ":s 903 ann :fine");
    assert_memory_equal(credentials.password, none.password, sizeof(none.password));
    assert_int_equal(credentials.password_len, 0);
}

static void a_password_that_is_kept_is_said_again_to_the_next_connection(void **state)
{
    struct model_rig *f = *state;

    credentials.is_kept = true;
    for (int i = 0; i < 2; i++) {
        begin(f);
        assert_string_equal(model_rig_sent(f), "AUTHENTICATE YW5uAGFubgBzZXNhbWU=\n");
        model_rig_hear(f, ":s 903 ann :fine");
        model_rig_hear(f, ":s 001 ann :welcome");
        model_restart(&f->model);
        (void)model_rig_sent(f);
    }
    model_rig_hear(f, ":s 001 ann :welcome"); /* what the one before has done counts for nothing */
    assert_int_equal(f->model.state, MODEL_REFUSED);
}

static void every_way_to_fail_refuses(void **state)
{
    static const struct {
        const char *lines[4];
        const char *refusal;
    } rows[] = {
        { { ":s 001 ann :hi" }, "not logged in as ann: the server has no accounts (SASL)" },
        { { ":s CAP * LS :batch" }, "not logged in as ann: the server has no accounts (SASL)" },
        { { ":s CAP * LS :sasl=EXTERNAL" },
          "not logged in as ann: the server takes no passwords (SASL PLAIN)" },
        { { ":s CAP * LS :sasl", ":s CAP * NAK :sasl", ":s 001 ann :hi" },
          "not logged in as ann: the server went on without it" },
        { { ":s CAP * LS :sasl", ":s 001 ann :hi" },
          "not logged in as ann: the server went on without it" },
        { { ":s CAP * LS :sasl", ":s 903 ann :fine", ":s 001 ann :hi" },
          "not logged in as ann: the server went on without it" },
        { { ":s CAP * LS :sasl", ":s CAP * ACK :sasl", "AUTHENTICATE +", ":s 001 ann :hi" },
          "not logged in as ann: the server went on without it" },
        { { ":s CAP * LS :sasl", ":s CAP * ACK :sasl", "AUTHENTICATE c2FsdA==" },
          "not logged in as ann: the server wants something that PLAIN does not have" },
        { { ":s CAP * LS :sasl", ":s CAP * ACK :sasl", ":s 908 ann EXTERNAL :are available" },
          "not logged in as ann: the server takes no passwords (SASL PLAIN)" },
        { { ":s 902 ann :You must use a nick assigned to you" },
          "not logged in as ann: You must use a nick assigned to you" },
        { { ":s 904 ann :failed \x1b[31m" }, "not logged in as ann: failed [31m" },
        { { ":s 905 ann :too long" }, "not logged in as ann: too long" },
        { { ":s 906 ann :aborted" }, "not logged in as ann: aborted" },
    };

    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct model_rig *f = *state;

        model_rig_begin(f, false, "ann");
        f->model.config.credentials = &credentials;
        for (size_t k = 0; k < 4 && rows[i].lines[k] != NULL; k++) {
            model_rig_hear(f, rows[i].lines[k]);
        }
        assert_int_equal(f->model.state, MODEL_REFUSED);
        assert_string_equal(f->model.refusal, rows[i].refusal);
    }
}

static void the_password_is_said_only_once_and_only_when_asked(void **state)
{
    struct model_rig *f = *state;

    model_rig_hear(f, "AUTHENTICATE +");
    model_rig_hear(f, ":s CAP * LS :sasl");
    model_rig_hear(f, "AUTHENTICATE +");
    assert_string_equal(model_rig_sent(f), "CAP REQ :sasl\n");
    model_rig_hear(f, ":s CAP * ACK :sasl");
    model_rig_hear(f, "AUTHENTICATE +");
    (void)model_rig_sent(f);
    model_rig_hear(f, "AUTHENTICATE +");
    assert_string_equal(model_rig_sent(f), "");
    model_rig_hear(f, ":s 903 ann :fine");
    (void)model_rig_sent(f);
    model_rig_hear(f, ":s CAP * LS :sasl"); /* once more */
    model_rig_hear(f, ":s CAP * ACK :sasl");
    model_rig_hear(f, "AUTHENTICATE +");
    assert_null(strstr(model_rig_sent(f), "AUTHENTICATE"));
    model_rig_hear(f, ":s 001 ann :welcome");
    assert_int_equal(f->model.state, MODEL_JOINING);
}

static void what_is_granted_in_parts_is_waited_for(void **state)
{
    struct model_rig *f = *state;

    model_rig_hear(f, ":s CAP * LS :sasl batch server-time");
    (void)model_rig_sent(f);
    model_rig_hear(f, ":s CAP * ACK * :batch server-time");
    assert_string_equal(model_rig_sent(f), "");
    model_rig_hear(f, ":s CAP * ACK * :sasl");
    assert_string_equal(model_rig_sent(f), "AUTHENTICATE PLAIN\n");
    model_rig_hear(f, ":s CAP * ACK :echo-message");
    assert_string_equal(model_rig_sent(f), "");
}

static void whoever_has_no_account_is_not_asked_for_one(void **state)
{
    struct model_rig *f = *state;

    f->model.config.credentials = NULL;
    model_rig_hear(f, ":s CAP * LS :sasl");
    assert_string_equal(model_rig_sent(f), "CAP END\n");
    model_rig_hear(f, "AUTHENTICATE +");
    assert_string_equal(model_rig_sent(f), "");
    model_rig_hear(f, ":s 001 ann :hi");
    assert_int_equal(f->model.state, MODEL_JOINING);
}

/* "ann", "ann" and two NULs are 8 bytes; 300 bytes are 400 of base64. */
static void long_passwords_go_in_pieces_of_400_bytes(void **state)
{
    static const struct {
        size_t password_len, last_len; /* bytes in the last piece; 1: "+" */
        size_t n_pieces;
    } rows[] = {
        { 289, 396, 1 }, { 290, 1, 2 }, { 292, 1, 2 },
        { 293, 4, 2 },   { 592, 1, 3 }, { CREDENTIALS_PASSWORD_MAX, 176, 4 },
    };

    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct model_rig *f = *state;
        struct text sent, line = TEXT_NONE;
        size_t n_pieces = 0;

        model_rig_begin(f, false, "ann");
        f->model.config.credentials = &credentials;
        (void)model_rig_sent(f);
        memset(credentials.password, 'x', rows[i].password_len);
        credentials.password_len = rows[i].password_len;
        begin(f);
        sent = text_of(model_rig_sent(f));
        while (sent.len > 0) {
            line = text_cut(&sent, '\n');
            assert_true(text_starts_with(line, TEXT("AUTHENTICATE ")));
            n_pieces++;
        }
        assert_int_equal(n_pieces, rows[i].n_pieces);
        assert_int_equal(line.len - strlen("AUTHENTICATE "), rows[i].last_len);
    }
}

static void base64_is_that_of_rfc_4648(void **state)
{
    static const struct {
        const char *bytes, *encoded;
    } rows[] = {
        { "", "" },
        { "f", "Zg==" },
        { "fo", "Zm8=" },
        { "foo", "Zm9v" },
        { "foob", "Zm9vYg==" },
        { "fooba", "Zm9vYmE=" },
        { "foobar", "Zm9vYmFy" },
        { "\xFB\xFF\xBE", "+/++" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        char bytes[BASE64_SIZE(6)];
        struct buf b = buf_over(bytes, sizeof(bytes));

        base64_put(text_of(rows[i].bytes), &b);
        model_rig_assert_text(buf_text(&b), rows[i].encoded);
        assert_int_equal(b.len, BASE64_SIZE(strlen(rows[i].bytes)));
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, model_rig_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_account_is_logged_in_before_the_welcome),
        TEST(other_capabilities_are_asked_for_in_the_same_line),
        TEST(the_password_is_wiped_unless_it_is_needed_again),
        TEST(a_password_that_is_kept_is_said_again_to_the_next_connection),
        TEST(every_way_to_fail_refuses),
        TEST(the_password_is_said_only_once_and_only_when_asked),
        TEST(what_is_granted_in_parts_is_waited_for),
        TEST(whoever_has_no_account_is_not_asked_for_one),
        TEST(long_passwords_go_in_pieces_of_400_bytes),
        cmocka_unit_test(base64_is_that_of_rfc_4648),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
