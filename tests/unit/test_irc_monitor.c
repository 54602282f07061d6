/* SPDX-License-Identifier: MIT */
/* front/irc_monitor: what is told of those who are watched, when there is little room, and in which
 * order; no line is longer than IRC allows. The command itself is in transcripts. */
#include "lib/irc.h"
#include "support/watch_rig.h"

#include <stdio.h>

enum { LEAST_ROOM = 1024 };

/* As long as a nick can be. */
static void name_of(char *nick, int i)
{
    (void)snprintf(nick, NAME_SIZE, "x%029d", i);
}

static void watch_many(struct chat_rig *rig, uint32_t person)
{
    for (int i = 0; i < WATCHED_MAX; i++) {
        char nick[NAME_SIZE];

        name_of(nick, i);
        watch_nick(rig, person, nick);
    }
}

/* Everything that is due, then the news, with so many bytes of the page free for them. */
static const char *hear_news(struct chat_rig *rig, uint32_t person, size_t room, bool *out_is_all)
{
    struct reader reader;

    chat_open_reader(rig, person, &reader);
    assert_true(output_pull(&reader, 0));
    reader.output.size = reader.output.len + room;
    *out_is_all = front_irc.tell(&reader);
    return chat_close_reader(rig, &reader);
}

static void only_what_changed_is_told_and_only_once(void **state)
{
    struct chat_rig *rig = *state;
    uint32_t wat = chat_person(rig, FRONT_IRC, "wat");
    uint32_t ann = chat_person(rig, FRONT_IRC, "ann");
    bool is_all;

    watch_nick(rig, wat, "ann");
    watch_nick(rig, wat, "bob0");
    watch_nick(rig, wat, "bob1");
    assert_string_equal(hear_news(rig, wat, PAGE_SIZE_BYTES / 2, &is_all), "");
    assert_true(is_all);
    (void)chat_person(rig, FRONT_LINE, "bob1");
    chat_quit(rig, ann);
    assert_string_equal(hear_news(rig, wat, PAGE_SIZE_BYTES / 2, &is_all),
                        ":test.example 731 wat :ann\r\n"
                        ":test.example 730 wat :bob1!guest@10.0.0.1\r\n");
    assert_true(is_all);
    assert_string_equal(hear_news(rig, wat, PAGE_SIZE_BYTES / 2, &is_all), "");
}

static void what_somebody_said_comes_before_the_news(void **state)
{
    struct chat_rig *rig = *state;
    uint32_t wat = chat_person(rig, FRONT_IRC, "wat");
    uint32_t ann = chat_person(rig, FRONT_IRC, "ann");
    bool is_all;

    watch_nick(rig, wat, "ann");
    chat_tell(rig, ann, wat, "bye");
    chat_quit(rig, ann);
    assert_string_equal(hear_news(rig, wat, PAGE_SIZE_BYTES / 2, &is_all),
                        ":ann!guest@10.0.0.1 PRIVMSG wat :bye\r\n"
                        ":test.example 731 wat :ann\r\n");
}

static void without_room_nothing_is_told_and_nothing_is_lost(void **state)
{
    struct chat_rig *rig = *state;
    uint32_t wat = chat_person(rig, FRONT_IRC, "wat");
    bool is_all;

    watch_nick(rig, wat, "ann");
    (void)chat_person(rig, FRONT_IRC, "ann");
    assert_string_equal(hear_news(rig, wat, LEAST_ROOM - 1, &is_all), "");
    assert_false(is_all);
    chat_rig_restart(rig);
    assert_string_equal(hear_news(rig, wat, LEAST_ROOM, &is_all),
                        ":test.example 730 wat :ann!guest@10.0.0.1\r\n");
    assert_true(is_all);
}

static void assert_lines_fit(const char *heard, size_t *n_lines)
{
    struct text rest = text_of(heard);

    while (rest.len > 0) {
        struct text line = text_cut(&rest, '\n');

        assert_true(line.len <= IRC_LINE_MAX + 1); /* with the CR */
        ++*n_lines;
    }
}

static size_t count(const char *heard, const char *part)
{
    size_t n = 0;

    for (const char *at = strstr(heard, part); at != NULL; at = strstr(at + 1, part)) {
        n++;
    }
    return n;
}

static void many_are_told_part_by_part(void **state)
{
    struct chat_rig *rig = *state;
    uint32_t wat = chat_person(rig, FRONT_IRC, "wat");
    size_t n_told = 0, n_parts = 0, n_lines = 0;
    bool is_all = false;

    watch_many(rig, wat);
    for (int i = 0; i < 70; i++) {
        char nick[NAME_SIZE];

        name_of(nick, i);
        (void)chat_person(rig, FRONT_IRC, nick);
    }
    while (!is_all) {
        const char *heard = hear_news(rig, wat, (size_t)2 * LEAST_ROOM, &is_all);

        n_told += count(heard, "!guest@");
        assert_lines_fit(heard, &n_lines);
        assert_true(++n_parts < WATCHED_MAX);
    }
    assert_int_equal(n_told, 70);
    assert_true(n_parts > 1 && n_lines >= n_parts);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CHAT_TEST(only_what_changed_is_told_and_only_once),
        CHAT_TEST(what_somebody_said_comes_before_the_news),
        CHAT_TEST(without_room_nothing_is_told_and_nothing_is_lost),
        CHAT_TEST(many_are_told_part_by_part),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
