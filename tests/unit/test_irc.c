/* SPDX-License-Identifier: MIT */
/* lib/irc: lines are taken apart as RFC 2812 and IRCv3 message-tags say; nothing is copied. */
#include "lib/irc.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

struct parsing {
    const char *line;
    const char *tags, *source, *command;
    const char *params; /* joined by '|', each ended by it */
};

static const struct parsing parsings[] = {
    { "PING", "", "", "PING", "" },
    { "PING :", "", "", "PING", "|" },
    { "  PING   a  ", "", "", "PING", "a|" },
    { "PRIVMSG #lobby :hello  world ", "", "", "PRIVMSG", "#lobby|hello  world |" },
    { "PRIVMSG #lobby hello", "", "", "PRIVMSG", "#lobby|hello|" },
    { "PRIVMSG #lobby ::)", "", "", "PRIVMSG", "#lobby|:)|" },
    { "MODE a:b c", "", "", "MODE", "a:b|c|" },
    { ":ann!a@host JOIN :#lobby", "", "ann!a@host", "JOIN", "#lobby|" },
    { "@time=12;x :s.example 001 ann :hi", "time=12;x", "s.example", "001", "ann|hi|" },
    { "@a=b   :s   X   y", "a=b", "s", "X", "y|" },
    { "@a PING", "a", "", "PING", "" },
    { "JOIN :", "", "", "JOIN", "|" },
    { "C 1 2 3 4 5 6 7 8 9 10 11 12 13 14 :15 is the rest", "", "", "C",
      "1|2|3|4|5|6|7|8|9|10|11|12|13|14|15 is the rest|" },
    { "C 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 :17", "", "", "C",
      "1|2|3|4|5|6|7|8|9|10|11|12|13|14|15 16 :17|" },
    { "C 1 2 3 4 5 6 7 8 9 10 11 12 13 14  ", "", "", "C", "1|2|3|4|5|6|7|8|9|10|11|12|13|14|" },
};

static void assert_text(struct text t, const char *expected)
{
    assert_int_equal(t.len, strlen(expected));
    assert_memory_equal(t.at, expected, t.len);
}

static void lines_are_taken_apart(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(parsings); i++) {
        struct irc_message m;
        char joined[128];
        struct buf out = buf_over(joined, sizeof(joined));

        assert_int_equal(irc_parse(text_of(parsings[i].line), &m), 0);
        for (int k = 0; k < m.n_params; k++) {
            buf_text_put(&out, m.params[k]);
            buf_char(&out, '|');
        }
        assert_text(m.tags, parsings[i].tags);
        assert_text(m.source, parsings[i].source);
        assert_text(m.command, parsings[i].command);
        assert_text(buf_text(&out), parsings[i].params);
    }
}

static void lines_without_a_command_are_refused(void **state)
{
    static const struct {
        const char *line;
        int outcome;
    } rows[] = {
        { "", IRC_EMPTY },         { "   ", IRC_EMPTY },       { "@", IRC_MALFORMED },
        { "@a=b", IRC_MALFORMED }, { ":", IRC_MALFORMED },     { ":ann", IRC_MALFORMED },
        { "@a  ", IRC_MALFORMED }, { ":ann ", IRC_MALFORMED }, { "@a :ann", IRC_MALFORMED },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct irc_message m = { .n_params = 42 };

        assert_int_equal(irc_parse(text_of(rows[i].line), &m), rows[i].outcome);
        assert_int_equal(m.n_params, 42);
    }
}

/* A line that arrives byte by byte is never parsed early, but no prefix of one may do harm. */
static void every_prefix_of_a_line_is_parsed_within_its_bytes(void **state)
{
    static const char line[] = "@a=\\s;b=\\ :ann!a@h  PRIVMSG #lobby :x y";

    (void)state;
    for (size_t len = 0; len < sizeof(line); len++) {
        struct text t = { .at = line, .len = len };
        struct irc_message m = { .n_params = 0 };

        if (irc_parse(t, &m) == 0) {
            assert_true(m.command.at + m.command.len <= line + len);
            assert_in_range(m.n_params, 0, 2);
        }
    }
}

static void tag_values_are_found_and_unescaped(void **state)
{
    static const struct {
        const char *tags, *key, *value; /* NULL: not there */
    } rows[] = {
        { "time=2026-01-02T03:04:05.678Z", "time", "2026-01-02T03:04:05.678Z" },
        { "a;b=2;c=", "a", "" },
        { "a;b=2;c=", "b", "2" },
        { "a;b=2;c=", "c", "" },
        { "a;b=2;c=", "d", NULL },
        { "ab=1", "a", NULL },
        { "a=1;a=2", "a", "2" },
        { "a=x=y", "a", "x=y" },
        { "a=\\:\\s\\\\\\r\\n\\b", "a", "; \\\r\nb" },
        { "a=end\\", "a", "end" },
        { "", "a", NULL },
        { ";;a=1", "a", "1" },
        { "+draft/reply=1", "+draft/reply", "1" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        char value[64];
        struct buf out = buf_over(value, sizeof(value));
        bool is_there = irc_tag(text_of(rows[i].tags), text_of(rows[i].key), &out);

        assert_int_equal(is_there, rows[i].value != NULL);
        assert_text(buf_text(&out), rows[i].value == NULL ? "" : rows[i].value);
    }
}

/* Only those with a '+' and a key are the clients' own; they stay as they were sent. */
static void the_tags_of_clients_are_passed_on_as_they_are(void **state)
{
    static const char *const rows[][2] = {
        { "", "" },
        { "+typing=active", "+typing=active" },
        { "time=1;+a;label=x;+example.org/b=c\\:d", "+a;+example.org/b=c\\:d" },
        { "+", "" },
        { "+=x", "" },
        { "+a_b=x;;+-.9=", "+-.9=" },
        { "+a=b=c", "+a=b=c" },
        { "+\xc3\xa4=x", "" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        char space[64];
        struct buf out = buf_over(space, sizeof(space));

        irc_client_tags(text_of(rows[i][0]), &out);
        assert_text(buf_text(&out), rows[i][1]);
    }
}

static void a_tag_value_at_the_limit_fits_and_one_past_it_sets_full(void **state)
{
    char value[3];
    struct buf out = buf_over(value, sizeof(value));

    (void)state;
    assert_true(irc_tag(TEXT("a=x\\sy"), TEXT("a"), &out));
    assert_false(out.full);
    out = buf_over(value, 2);
    assert_true(irc_tag(TEXT("a=x\\sy"), TEXT("a"), &out));
    assert_true(out.full);
}

static void the_nick_is_what_stands_before_the_exclamation_mark(void **state)
{
    (void)state;
    assert_text(irc_source_nick(TEXT("ann!a@host")), "ann");
    assert_text(irc_source_nick(TEXT("irc.example")), "irc.example");
    assert_text(irc_source_nick(TEXT_NONE), "");
}

static void rooms_are_told_by_their_first_byte(void **state)
{
    (void)state;
    assert_true(irc_is_room(TEXT("#tea")) && irc_is_room(TEXT("&")));
    assert_true(irc_is_room(TEXT("+x")) && irc_is_room(TEXT("!x")));
    assert_false(irc_is_room(TEXT("tea")) || irc_is_room(TEXT("@#tea")));
    assert_false(irc_is_room(TEXT_NONE) || irc_is_room(TEXT("\0")));
}

static void actions_lose_their_frame(void **state)
{
    static const struct {
        struct text in;
        bool is_action;
        const char *out;
    } rows[] = {
        { { "\001ACTION waves\001", 14 }, true, "waves" },
        { { "\001ACTION waves", 13 }, true, "waves" },
        { { "\001ACTION \001", 9 }, true, "" },
        { { "\001ACTION ", 8 }, true, "" },
        { { "\001ACTION\001", 8 }, false, "\001ACTION\001" },
        { { "\001PING 1\001", 8 }, false, "\001PING 1\001" },
        { { "", 0 }, false, "" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct text t = rows[i].in;

        assert_int_equal(irc_cut_action(&t), rows[i].is_action);
        assert_text(t, rows[i].out);
    }
}

static void batches_have_a_sign_and_a_reference(void **state)
{
    struct irc_message message;
    struct text ref = TEXT("as it was");

    (void)state;
    assert_int_equal(irc_parse(TEXT("BATCH +r chathistory #a"), &message), 0);
    assert_int_equal(irc_batch_sign(&message, &ref), '+');
    assert_text(ref, "r");
    assert_int_equal(irc_parse(TEXT(":s batch -r"), &message), 0);
    assert_int_equal(irc_batch_sign(&message, &ref), '-');
    assert_int_equal(irc_parse(TEXT("BATCH r"), &message), 0);
    assert_int_equal(irc_batch_sign(&message, &ref), '\0');
    assert_int_equal(irc_parse(TEXT("BATCH +"), &message), 0);
    assert_int_equal(irc_batch_sign(&message, &ref), '\0');
    assert_int_equal(irc_parse(TEXT("BATCH"), &message), 0);
    assert_int_equal(irc_batch_sign(&message, &ref), '\0');
    assert_text(ref, "r");
    assert_true(irc_is_in_batch(TEXT("a;batch=r"), TEXT("r")));
    assert_false(irc_is_in_batch(TEXT("batch=rr"), TEXT("r")));
    assert_false(irc_is_in_batch(TEXT("batch="), TEXT_NONE));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rooms_are_told_by_their_first_byte),
        cmocka_unit_test(actions_lose_their_frame),
        cmocka_unit_test(batches_have_a_sign_and_a_reference),
        cmocka_unit_test(lines_are_taken_apart),
        cmocka_unit_test(lines_without_a_command_are_refused),
        cmocka_unit_test(every_prefix_of_a_line_is_parsed_within_its_bytes),
        cmocka_unit_test(tag_values_are_found_and_unescaped),
        cmocka_unit_test(the_tags_of_clients_are_passed_on_as_they_are),
        cmocka_unit_test(a_tag_value_at_the_limit_fits_and_one_past_it_sets_full),
        cmocka_unit_test(the_nick_is_what_stands_before_the_exclamation_mark),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
