/* SPDX-License-Identifier: MIT */
/* Nobody notices a crash: the acts of integration/acts/ are played once undisturbed, and then again
 * for every point at which the daemon can die, and for every recv() and send() that the kernel can
 * cut. Each time every person must read the same bytes to the last one. */
#include "support/dialogue.h"

#include <glob.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum {
    STREAMS_MAX = 16,
    CONTEXT = 160,           /* bytes shown around a difference */
    SECOND_CRASH_STRIDE = 9, /* points */
    SECOND_CRASH_WITHIN = 29,
    BYTE_BY_BYTE_MAX = 20000, /* bytes heard in an act: more would take too long */
};

/* What one person read. */
struct stream {
    char name[PEER_NAME_SIZE];
    char *bytes; /* owned */
    size_t len;
    bool is_eof, is_reset;
};

struct recording {
    struct stream streams[STREAMS_MAX];
    size_t n;
    uint64_t n_points, n_calls, n_crashes;
    const char *last_crash;
};

static struct {
    uint64_t n_runs, n_crashes;
} total;

/* ---- recording ---- */

static void recording_fini(struct recording *recording)
{
    for (size_t i = 0; i < recording->n; i++) {
        free(recording->streams[i].bytes);
    }
    *recording = (struct recording){ 0 };
}

static void recording_take(struct recording *recording, const struct rig *rig)
{
    *recording = (struct recording){ .n_points = rig->crash.n_points,
                                     .n_calls = rig->crash.n_calls,
                                     .n_crashes = rig->crash.n_crashes,
                                     .last_crash = rig->crash.last };
    for (struct peer *peer = rig->peers; peer != NULL; peer = peer->next) {
        struct stream *stream = &recording->streams[recording->n++];

        assert_true(recording->n <= STREAMS_MAX);
        *stream = (struct stream){ .len = peer->n_got,
                                   .bytes = give(peer->got),
                                   .is_eof = peer->is_eof,
                                   .is_reset = peer->is_reset };
        (void)snprintf(stream->name, sizeof(stream->name), "%s", peer->name);
        peer->n_got = 0;
        peer->got_size = 0;
        peer->n_seen = 0;
    }
}

/* One of the files, and what is heard when nothing happens. */
struct act {
    struct dialogue *dialogue;
    struct rig *rig; /* of the run that goes on */
    struct recording wanted, got;
};

static void act_record(struct act *act, const struct crash_plan *plan, struct recording *out)
{
    act->rig = dialogue_open(act->dialogue);
    act->rig->crash.plan = *plan;
    dialogue_run(act->dialogue, act->rig);
    recording_take(out, act->rig);
    total.n_runs++;
    total.n_crashes += out->n_crashes;
    rig_free(give(act->rig));
}

/* ---- comparing ---- */

static void explain(const struct stream *wanted, const struct stream *got)
{
    size_t at = 0;
    size_t from;

    while (at < wanted->len && at < got->len && wanted->bytes[at] == got->bytes[at]) {
        at++;
    }
    from = at > CONTEXT ? at - CONTEXT : 0;
    print_error("%s reads something else from byte %zu (of %zu, %zu) on\n", wanted->name, at,
                wanted->len, got->len);
    print_error("---- undisturbed:\n%.*s\n---- with the crash:\n%.*s\n----\n",
                (int)size_min(wanted->len - from, (size_t)2 * CONTEXT), wanted->bytes + from,
                (int)size_min(got->len - from, (size_t)2 * CONTEXT), got->bytes + from);
}

static bool is_same_stream(const struct stream *a, const struct stream *b)
{
    return a->len == b->len && (a->len == 0 || memcmp(a->bytes, b->bytes, a->len) == 0);
}

static void compare(const struct dialogue *dialogue, const struct crash_plan *plan,
                    const struct recording *wanted, const struct recording *got)
{
    assert_int_equal(wanted->n, got->n);
    for (size_t i = 0; i < wanted->n; i++) {
        const struct stream *a = &wanted->streams[i], *b = &got->streams[i];
        bool is_same = is_same_stream(a, b);

        if (!is_same) {
            explain(a, b);
        }
        if (!is_same || a->is_eof != b->is_eof || a->is_reset != b->is_reset) {
            fail_msg(
                "%s: %s noticed (end %d %d, reset %d %d): point %llu, again after %llu (%s), call "
                "%llu each %llu, cut %d, kill %d",
                dialogue->path, a->name, a->is_eof, b->is_eof, a->is_reset, b->is_reset,
                (unsigned long long)plan->at_point, (unsigned long long)plan->again_after,
                got->last_crash, (unsigned long long)plan->cut_call,
                (unsigned long long)plan->cut_each, plan->cut, plan->kills_after_cut);
        }
    }
}

/* Plays with the plan and compares; returns how many crashes there were. */
static uint64_t act_try(struct act *act, const struct crash_plan *plan)
{
    uint64_t n_crashes;

    act_record(act, plan, &act->got);
    compare(act->dialogue, plan, &act->wanted, &act->got);
    n_crashes = act->got.n_crashes;
    recording_fini(&act->got);
    return n_crashes;
}

/* ---- the tests ---- */

static int setup(void **state)
{
    struct act *act = calloc(1, sizeof(*act));
    const struct crash_plan nothing = { 0 };

    if (act == NULL) {
        return -1;
    }
    act->dialogue = dialogue_new(*state);
    act_record(act, &nothing, &act->wanted);
    *state = act;
    return 0;
}

static int teardown(void **state)
{
    struct act *act = *state;

    print_message("  %s: %llu points, %llu calls; so far %llu runs with %llu crashes\n",
                  act->dialogue->path, (unsigned long long)act->wanted.n_points,
                  (unsigned long long)act->wanted.n_calls, (unsigned long long)total.n_runs,
                  (unsigned long long)total.n_crashes);
    rig_free(act->rig);
    (void)dialogue_free(act->dialogue);
    recording_fini(&act->wanted);
    recording_fini(&act->got);
    free(act);
    return 0;
}

static void an_act_reads_the_same_twice(void **state)
{
    struct act *act = *state;
    const struct crash_plan nothing = { 0 };

    (void)act_try(act, &nothing);
}

static void a_crash_at_any_point_is_not_noticed(void **state)
{
    struct act *act = *state;
    struct crash_plan plan = { .at_point = 1 };

    /* Where readers are slow the kernel decides how much a send takes, so that a run may need a
     * call more or less than the first one did: one without a crash is not the last before that
     * one's last point. */
    while (act_try(act, &plan) > 0 || plan.at_point < act->wanted.n_points) {
        plan.at_point++;
    }
}

/* The second one dies in the rollback's wake, in adopting, or in the same input again. */
static void a_start_that_crashes_too_is_not_noticed(void **state)
{
    struct act *act = *state;
    uint64_t again_after = 1;

    for (uint64_t point = 1; point <= act->wanted.n_points; point += SECOND_CRASH_STRIDE) {
        struct crash_plan plan = { .at_point = point, .again_after = again_after };

        (void)act_try(act, &plan);
        again_after = again_after % SECOND_CRASH_WITHIN + 1;
    }
}

/* Which part it is goes around from call to call. */
static void calls_that_do_a_part_are_not_noticed(void **state)
{
    struct act *act = *state;

    for (uint64_t call = 1; call <= act->wanted.n_calls; call++) {
        enum crash_cut cut = (enum crash_cut)(CUT_NOTHING + call % CUT_ALL);
        struct crash_plan plan = { .cut_call = call, .cut = cut };

        (void)act_try(act, &plan);
    }
}

static void a_crash_right_after_a_part_is_not_noticed(void **state)
{
    struct act *act = *state;

    for (uint64_t call = 1; call <= act->wanted.n_calls; call++) {
        enum crash_cut cut = (enum crash_cut)(CUT_ONE + call % CUT_ALL);
        struct crash_plan plan = { .cut_call = call, .cut = cut, .kills_after_cut = true };

        (void)act_try(act, &plan);
    }
}

static size_t act_len(const struct act *act)
{
    size_t len = 0;

    for (size_t i = 0; i < act->wanted.n; i++) {
        len += act->wanted.streams[i].len;
    }
    return len;
}

static void every_call_doing_a_part_is_not_noticed(void **state)
{
    struct act *act = *state;

    for (enum crash_cut cut = CUT_NOTHING; cut < CUT_ALL; cut++) {
        uint64_t least = cut == CUT_NOTHING || act_len(act) > BYTE_BY_BYTE_MAX ? 2 : 1;

        for (uint64_t each = least; each <= 3; each++) {
            struct crash_plan plan = { .cut_each = each, .cut = cut };

            (void)act_try(act, &plan);
        }
    }
}

static const struct {
    const char *name;
    CMUnitTestFunction run;
} SWEEPS[] = {
    { "an_act_reads_the_same_twice", an_act_reads_the_same_twice },
    { "a_crash_at_any_point_is_not_noticed", a_crash_at_any_point_is_not_noticed },
    { "a_start_that_crashes_too_is_not_noticed", a_start_that_crashes_too_is_not_noticed },
    { "calls_that_do_a_part_are_not_noticed", calls_that_do_a_part_are_not_noticed },
    { "a_crash_right_after_a_part_is_not_noticed", a_crash_right_after_a_part_is_not_noticed },
    { "every_call_doing_a_part_is_not_noticed", every_call_doing_a_part_is_not_noticed },
};

int main(int argc, char **argv)
{
    glob_t found = { 0 };
    struct CMUnitTest *tests;
    size_t n = 0;
    int n_failed;

    if (glob(argc > 1 ? argv[1] : "integration/acts/*.chat", 0, NULL, &found) != 0) {
        return 1;
    }
    tests = calloc(found.gl_pathc * ARRAY_SIZE(SWEEPS), sizeof(*tests));
    for (size_t i = 0; tests != NULL && i < found.gl_pathc; i++) {
        for (size_t k = 0; k < ARRAY_SIZE(SWEEPS); k++) {
            tests[n++] = (struct CMUnitTest){ .name = SWEEPS[k].name,
                                              .test_func = SWEEPS[k].run,
                                              .setup_func = setup,
                                              .teardown_func = teardown,
                                              .initial_state = found.gl_pathv[i] };
        }
    }
    n_failed = _cmocka_run_group_tests("crash", tests, n, NULL, NULL);
    free(tests);
    globfree(&found);
    print_message("%llu runs with %llu crashes\n", (unsigned long long)total.n_runs,
                  (unsigned long long)total.n_crashes);
    return n_failed;
}
