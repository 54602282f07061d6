/* SPDX-License-Identifier: MIT */
/* front/irc_flood: what lines cost, and which of them are answered before their turn. */
#include "front/irc.h"
#include "support/chat_rig.h"

static void a_command_costs_what_it_makes_the_server_do(void **state)
{
    static const struct {
        const char *line;
        uint32_t cost;
    } rows[] = {
        { "PRIVMSG #a :x", FLOOD_TOKEN },
        { "NONSENSE", FLOOD_TOKEN },
        { "", FLOOD_TOKEN },
        { "NAMES #a", FLOOD_TOKEN },
        { "NAMES", 3 * FLOOD_TOKEN },
        { "NAMES ", 3 * FLOOD_TOKEN },
        { "LIST", 3 * FLOOD_TOKEN },
        { "list #a", 3 * FLOOD_TOKEN },
        { "@a=b;c :ann!x@y Who  #a", 2 * FLOOD_TOKEN },
        { "  OPER a b", 4 * FLOOD_TOKEN },
        { "PING x", FLOOD_TOKEN / 10 },
        { "PONG", FLOOD_TOKEN / 10 },
        { "QUIT", 0 },
        { "NICK x", 2 * FLOOD_TOKEN },
        { "USER", FLOOD_TOKEN },
        { "PRIVMSG PING :x", FLOOD_TOKEN },
    };
    struct chat_rig *rig = *state;
    uint32_t ann = chat_person(rig, FRONT_IRC, "ann");

    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        assert_int_equal(front_irc.cost(&rig->exchange, ann, text_of(rows[i].line)), rows[i].cost);
    }
}

static void what_clients_say_to_be_let_in_is_cheap_until_they_are(void **state)
{
    static const char *const lines[] = { "CAP LS 302", "NICK x", "USER x 0 * :X", "PASS x" };
    struct chat_rig *rig = *state;
    uint32_t row = chat_connect(rig, FRONT_IRC);

    for (size_t i = 0; i < ARRAY_SIZE(lines); i++) {
        assert_true(front_irc.cost(&rig->exchange, row, text_of(lines[i])) < FLOOD_TOKEN);
    }
    assert_int_equal(front_irc.cost(&rig->exchange, row, TEXT("JOIN #a")), FLOOD_TOKEN);
}

/* They fill the log: each full KB costs one token more, tags and all. */
static void a_long_line_costs_more(void **state)
{
    static char line[3 * 1024];
    struct chat_rig *rig = *state;
    uint32_t ann = chat_person(rig, FRONT_IRC, "ann");

    memset(line, 'x', sizeof(line));
    assert_int_equal(front_irc.cost(&rig->exchange, ann, (struct text){ line, 1023 }), FLOOD_TOKEN);
    assert_int_equal(front_irc.cost(&rig->exchange, ann, (struct text){ line, 1024 }),
                     2 * FLOOD_TOKEN);
    assert_int_equal(front_line.cost(&rig->exchange, ann, (struct text){ line, 1023 }),
                     FLOOD_TOKEN);
    assert_int_equal(front_line.cost(&rig->exchange, ann, (struct text){ line, 3072 }),
                     4 * FLOOD_TOKEN);
    memcpy(line, "@a=", 3);
    memcpy(line + sizeof(line) - 12, " TAGMSG #abcd", 12);
    assert_int_equal(front_irc.cost(&rig->exchange, ann, (struct text){ line, sizeof(line) }),
                     3 * FLOOD_TOKEN + FLOOD_TOKEN / 4);
}

static void every_line_of_people_costs_the_same(void **state)
{
    struct chat_rig *rig = *state;
    uint32_t ann = chat_person(rig, FRONT_LINE, "ann");

    assert_int_equal(front_line.cost(&rig->exchange, ann, TEXT("/rooms")), FLOOD_TOKEN);
    assert_null(front_line.urgency);
}

static void a_ping_is_urgent_and_does_not_pass_what_decides_where_words_go(void **state)
{
    static const struct {
        const char *line;
        enum front_urgency urgency;
    } rows[] = {
        { "PING x", FRONT_URGENT },
        { "  ping :a b", FRONT_URGENT },
        { "@a=b;time=1 PING x", FRONT_URGENT },
        { "@a=b :ann PING x y", FRONT_URGENT },
        { "PING", FRONT_IN_TURN },
        { "PING :", FRONT_IN_TURN },
        { "@label=1 PING x", FRONT_IN_TURN },
        { "@a=b", FRONT_IN_TURN },
        { "", FRONT_IN_TURN },
        { "PONG x", FRONT_IN_TURN },
        { "PINGS x", FRONT_IN_TURN },
        { "PRIVMSG #a :PING x", FRONT_IN_TURN },
        { "WHO #a", FRONT_IN_TURN },
        { "@a=b :ann Join #a", FRONT_MARK },
        { "PART #a", FRONT_MARK },
        { "NICK b", FRONT_MARK },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        assert_int_equal(front_irc.urgency(text_of(rows[i].line)), rows[i].urgency);
    }
}

static void a_ping_at_the_limit_is_urgent_and_one_past_it_is_not(void **state)
{
    static const struct {
        size_t tags_len, rest_len; /* without '@' and the space; 0: no tags */
        enum front_urgency urgency;
    } rows[] = {
        { 0, IRC_LINE_MAX, FRONT_URGENT },
        { 0, IRC_LINE_MAX + 1, FRONT_IN_TURN },
        { IRC_CLIENT_TAGS_MAX, IRC_LINE_MAX, FRONT_URGENT },
        { IRC_CLIENT_TAGS_MAX + 1, IRC_LINE_MAX, FRONT_IN_TURN },
        { IRC_CLIENT_TAGS_MAX, IRC_LINE_MAX + 1, FRONT_IN_TURN },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        char line[IRC_TAGS_MAX + IRC_LINE_MAX];
        struct buf out = buf_over(line, sizeof(line));

        memset(line, 'x', sizeof(line));
        if (rows[i].tags_len > 0) {
            buf_char(&out, '@');
            out.len += rows[i].tags_len;
            buf_char(&out, ' ');
        }
        buf_text_put(&out, TEXT("PING :"));
        out.len += rows[i].rest_len - strlen("PING :");
        assert_int_equal(front_irc.urgency(buf_text(&out)), rows[i].urgency);
    }
}

/* Handles the line in its turn, or before it; returns what was answered. */
static struct text answer(struct chat_rig *rig, uint32_t row, struct text line, bool is_ahead,
                          char space[PAGE_SIZE_BYTES])
{
    char reason_space[REASON_MAX];
    struct buf reason = buf_over(reason_space, sizeof(reason_space));
    struct reader reader;
    const char *heard;

    chat_open_reader(rig, row, &reader);
    if (is_ahead) {
        reader.output.size = reader.output.len + URGENT_ROOM; /* the smallest page */
        front_irc.urgent(&reader, line);
    } else {
        assert_true(output_pull(&reader, 0));
        assert_int_equal(front_irc.line(&reader, line, &reason), FRONT_DONE);
    }
    assert_false(reader.output.full);
    heard = chat_close_reader(rig, &reader);
    memcpy(space, heard, strlen(heard));
    return (struct text){ space, strlen(heard) };
}

static void the_answer_is_the_same_in_turn_and_before_it_and_has_room(void **state)
{
    static char in_turn[PAGE_SIZE_BYTES], ahead[PAGE_SIZE_BYTES];
    char line[IRC_LINE_MAX];
    struct chat_rig *rig = *state;
    uint32_t rows[] = { chat_person(rig, FRONT_IRC, "ann"), chat_connect(rig, FRONT_IRC) };

    rig->exchange.server_name = "s23456789-123456789-123456789-123456789-123456789-123456789-123";
    memset(line, 0xff, sizeof(line)); /* each byte becomes three */
    memcpy(line, "PING :", 6);
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        const struct text lines[] = { TEXT("PING a b"),
                                      TEXT("@a=b :x PING :a b\xff"),
                                      { line, sizeof(line) } };

        for (size_t k = 0; k < ARRAY_SIZE(lines); k++) {
            struct text wanted = answer(rig, rows[i], lines[k], false, in_turn);

            assert_true(wanted.len > 0);
            assert_true(text_equal(answer(rig, rows[i], lines[k], true, ahead), wanted));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CHAT_TEST(a_command_costs_what_it_makes_the_server_do),
        CHAT_TEST(what_clients_say_to_be_let_in_is_cheap_until_they_are),
        CHAT_TEST(a_long_line_costs_more),
        CHAT_TEST(every_line_of_people_costs_the_same),
        CHAT_TEST(a_ping_is_urgent_and_does_not_pass_what_decides_where_words_go),
        CHAT_TEST(a_ping_at_the_limit_is_urgent_and_one_past_it_is_not),
        CHAT_TEST(the_answer_is_the_same_in_turn_and_before_it_and_has_room),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
