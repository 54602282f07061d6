/* SPDX-License-Identifier: MIT */
/* Plays every dialogue of integration/transcripts/, each on a rig of its own. The daemon's "now may
 * crash" steps mean nothing here; test_crash.c is what they are for. */
#include "support/dialogue.h"

#include <glob.h>
#include <setjmp.h>
#include <stdlib.h>

#include <cmocka.h>

struct played {
    struct dialogue *dialogue;
    struct rig *rig;
};

static int setup(void **state)
{
    struct played *played = calloc(1, sizeof(*played));

    if (played == NULL) {
        return -1;
    }
    played->dialogue = dialogue_new(*state);
    played->rig = dialogue_open(played->dialogue);
    *state = played;
    return 0;
}

static int teardown(void **state)
{
    struct played *played = *state;

    rig_free(played->rig);
    (void)dialogue_free(played->dialogue);
    free(played);
    return 0;
}

static void the_dialogue_goes_as_written(void **state)
{
    struct played *played = *state;

    dialogue_run(played->dialogue, played->rig);
}

int main(int argc, char **argv)
{
    glob_t found = { 0 };
    struct CMUnitTest *tests;
    int n_failed;

    if (glob(argc > 1 ? argv[1] : "integration/transcripts/*.chat", 0, NULL, &found) != 0) {
        return 1;
    }
    tests = calloc(found.gl_pathc, sizeof(*tests));
    if (tests == NULL) {
        return 1;
    }
    for (size_t i = 0; i < found.gl_pathc; i++) {
        tests[i] = (struct CMUnitTest){ .name = found.gl_pathv[i],
                                        .test_func = the_dialogue_goes_as_written,
                                        .setup_func = setup,
                                        .teardown_func = teardown,
                                        .initial_state = found.gl_pathv[i] };
    }
    n_failed = _cmocka_run_group_tests("transcripts", tests, found.gl_pathc, NULL, NULL);
    free(tests);
    globfree(&found);
    return n_failed;
}
