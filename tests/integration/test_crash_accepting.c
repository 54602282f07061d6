/* SPDX-License-Identifier: MIT */
/* A crash while a connection is being accepted: between accept4() and the keeper it is lost with
 * the process, which its peer sees as a clean end; then nobody else may have seen it come. Anywhere
 * else it is served as if nothing had happened. */
#include "support/rig.h"

#include <setjmp.h>
#include <string.h>

#include <cmocka.h>

static int setup(void **state)
{
    *state = NULL;
    return 0;
}

static int teardown(void **state)
{
    rig_free(*state);
    return 0;
}

static void expect_lost_unseen(struct peer *lost, struct peer *witness)
{
    peer_expect_eof(lost);
    peer_expect_nothing(witness);
}

static void expect_served(struct peer *served, struct peer *witness)
{
    peer_expect_line(served, "-- welcome to partyline! you are guest*");
    peer_expect_line(served, "-- /nick *");
    peer_expect_line(served, "* you have joined #lobby");
    peer_expect_line(served, "-- in #lobby: guest1, guest*");
    peer_expect_nothing(served);
    peer_expect_line(witness, "* guest* has joined #lobby");
    peer_expect_nothing(witness);
}

/* False: the point was not reached. */
static bool accept_with_crash(void **state, uint64_t point, unsigned *n_lost)
{
    struct rig *rig = rig_new();
    struct peer *ann, *new;
    bool has_crashed;

    *state = rig;
    rig_start(rig);
    ann = rig_connect(rig, "ann", RIG_LINE);
    peer_skip(ann);
    rig->crash.plan.at_point = point;
    rig->crash.is_wanted = true;
    new = rig_connect(rig, "new", RIG_LINE);
    has_crashed = rig->crash.n_crashes > 0;
    if (new->is_eof) {
        expect_lost_unseen(new, ann);
        (*n_lost)++;
    } else {
        expect_served(new, ann);
    }
    assert_int_equal(rig->server.n_sessions, new->is_eof ? 1 : 2);
    assert_int_equal(table_used(&rig->server.state.free_wires), rig->server.n_sessions);
    *state = NULL;
    rig_free(rig);
    return has_crashed;
}

static void a_connection_is_lost_unseen_or_served_in_full(void **state)
{
    unsigned n_lost = 0;
    uint64_t point = 1;

    while (accept_with_crash(state, point, &n_lost)) {
        point++;
    }
    print_message("  %llu points, at %u of them the newcomer was lost\n",
                  (unsigned long long)point - 1, n_lost);
    assert_true(n_lost > 0 && n_lost < point / 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_connection_is_lost_unseen_or_served_in_full, setup,
                                        teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
