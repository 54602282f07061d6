/* SPDX-License-Identifier: MIT */
/* CHATHISTORY beyond what a dialogue shows: targets in several steps, and that a step never writes
 * more than it was promised room for. */
#include "support/irc_rig.h"

#include <stdio.h>

enum { ROOMS = 60, PEOPLE = 45 };

/* Somebody to whom something was said in all rooms and by all people, with names of 50 and of 30
 * bytes; in this order: "#00...", "n00...", "#01...". */
static uint32_t well_known(struct chat_rig *rig)
{
    uint32_t ann = chat_person(rig, FRONT_IRC, "ann");

    for (int i = 0; i < ROOMS; i++) {
        char name[64];

        (void)snprintf(name, sizeof(name), "#%02d%047d", i, 0);
        chat_say(rig, ann, chat_join(rig, ann, name, 0), "x");
        (void)chat_hear(rig, ann);
        if (i < PEOPLE) {
            (void)snprintf(name, sizeof(name), "n%02d%027d", i, 0);
            chat_tell(rig, chat_person(rig, FRONT_IRC, name), ann, "y");
            (void)chat_hear(rig, ann);
        }
    }
    state_begin(&rig->base.state);
    state_edit_person(&rig->base.state, ann)->caps = IRC_CAP_BATCH;
    state_commit(&rig->base.state);
    return ann;
}

static uint32_t count(const char *text, const char *word)
{
    uint32_t n = 0;

    for (; (text = strstr(text, word)) != NULL; text++) {
        n++;
    }
    return n;
}

static struct irc_heard *ask(struct chat_rig *rig, uint32_t ann, bool is_back, uint32_t limit)
{
    char line[160];

    (void)snprintf(line, sizeof(line),
                   "CHATHISTORY TARGETS timestamp=%u-01-01T00:00:00.000Z "
                   "timestamp=%u-01-01T00:00:00.000Z %u",
                   is_back ? 2030U : 2020U, is_back ? 2020U : 2030U, limit);
    return irc_rig_take(rig, ann, text_of(line));
}

static void all_targets_are_told_once_in_as_many_steps_as_it_takes(void **state)
{
    static const uint32_t limits[] = { 1, 99, 100, 101 };
    struct chat_rig *rig = *state;
    uint32_t ann = well_known(rig);

    rig->exchange.server_name = "a.rather.long.name.of.a.server.example";
    for (size_t i = 0; i < ARRAY_SIZE(limits); i++) {
        uint32_t wanted = limits[i] > IRC_HISTORY_MAX ? (uint32_t)IRC_HISTORY_MAX : limits[i];
        struct irc_heard *heard = ask(rig, ann, false, limits[i]);

        assert_int_equal(count(heard->text, " CHATHISTORY TARGETS "), wanted);
        assert_int_equal(count(heard->text, " BATCH +"), 1);
        assert_int_equal(count(heard->text, " BATCH -"), 1);
        assert_int_equal(count(heard->text, "TARGETS #00"), 1);
        assert_int_equal(count(heard->text, "TARGETS #0"), wanted < 20 ? 1 : 10);
        assert_int_equal(heard->n_steps, wanted < 20 ? 1 : 2);
        heard = ask(rig, ann, true, limits[i]);
        assert_int_equal(count(heard->text, " CHATHISTORY TARGETS "), wanted);
        assert_int_equal(count(heard->text, "TARGETS #59"), 1);
        assert_int_equal(count(heard->text, "TARGETS #5"), wanted < 20 ? 1 : 10);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CHAT_TEST(all_targets_are_told_once_in_as_many_steps_as_it_takes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
