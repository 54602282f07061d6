/* SPDX-License-Identifier: MIT */
/* front/irc_read_marker: what is answered when there is no cell for one more. The command itself is
 * in transcripts, the list in test_marks. */
#include "support/irc_rig.h"

static const char *ask(struct chat_rig *rig, uint32_t person, const char *line)
{
    return irc_rig_take(rig, person, text_of(line))->text;
}

static void without_cells_a_new_marker_fails_and_a_known_one_moves_on(void **state)
{
    struct chat_rig *rig = *state;
    uint32_t ann = chat_person(rig, FRONT_IRC, "ann");

    (void)ask(rig, ann, "MARKREAD #tea timestamp=2026-01-01T00:00:00.000Z");
    while (table_take(&rig->base.state.free_cells) != 0) {
    }
    assert_string_equal(ask(rig, ann, "MARKREAD #more timestamp=2026-01-01T00:00:00.000Z"),
                        ":test.example FAIL MARKREAD INTERNAL_ERROR #more "
                        ":The read timestamp could not be set: there is no room for it now\r\n");
    assert_string_equal(ask(rig, ann, "MARKREAD #more"), ":test.example MARKREAD #more *\r\n");
    assert_string_equal(ask(rig, ann, "MARKREAD #tea timestamp=2026-01-01T00:00:00.001Z"),
                        ":test.example MARKREAD #tea timestamp=2026-01-01T00:00:00.001Z\r\n");
}

/* Whoever joins has the marker although there is no cell. */
static void without_cells_a_room_can_be_entered(void **state)
{
    struct chat_rig *rig = *state;
    uint32_t ann = chat_person(rig, FRONT_IRC, "ann");

    chat_begin(rig);
    state_edit_person(&rig->base.state, ann)->caps |= IRC_CAP_READ_MARKER;
    chat_commit(rig);
    while (table_take(&rig->base.state.free_cells) != 0) {
    }
    assert_string_equal(ask(rig, ann, "JOIN #tea"), ":ann!guest@10.0.0.1 JOIN #tea\r\n"
                                                    ":test.example MARKREAD #tea *\r\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CHAT_TEST(without_cells_a_new_marker_fails_and_a_known_one_moves_on),
        CHAT_TEST(without_cells_a_room_can_be_entered),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
