/* SPDX-License-Identifier: MIT */
/* state/log: chains and cursors. What a cursor has to read next is exact on both sides of the
 * oldest record that is kept, whatever was given up meanwhile. */
#include "support/state_rig.h"

struct log_rig {
    struct state_rig rig;
    uint32_t a, b; /* rooms */
    uint32_t box;  /* owner */
};

static int setup(void **state)
{
    static struct log_rig f;

    state_rig_init(&f.rig);
    f.a = state_rig_room(&f.rig);
    f.b = state_rig_room(&f.rig);
    f.box = state_rig_wire(&f.rig) | LINK_BOX;
    *state = &f;
    return 0;
}

static int teardown(void **state)
{
    struct log_rig *f = *state;

    state_rig_check(&f->rig);
    state_rig_fini(&f->rig);
    return 0;
}

static const struct chain *chain_of(const struct log_rig *f, uint32_t owner)
{
    return state_chain(&f->rig.state, owner);
}

static void append_many(struct log_rig *f, uint32_t owner, unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        (void)state_rig_append(&f->rig, &owner, 1, 100);
    }
}

/* Gives up records until the chain begins at `first`. */
static void overtake(struct log_rig *f, uint32_t owner, uint64_t first)
{
    uint32_t other = f->b;

    while (chain_of(f, owner)->first < first) {
        (void)state_rig_append(&f->rig, &other, 1, 100);
    }
    assert_int_equal(chain_of(f, owner)->first, first);
}

static void a_record_keeps_what_was_appended(void **state)
{
    struct log_rig *f = *state;
    uint32_t owners[] = { f->a, f->box };
    struct draft draft = { .kind = RECORD_ACTION,
                           .real_ms = 1234,
                           .author_id = UINT64_C(1) << 40,
                           .who = TEXT("ann"),
                           .source = TEXT("~ann@host"),
                           .where = TEXT("#lobby"),
                           .text = TEXT("waves") };
    const struct record *record;

    state_rig_begin(&f->rig);
    assert_int_equal(log_append(&f->rig.state, &draft, owners, 2), 1);
    state_rig_commit(&f->rig);
    record = log_record(&f->rig.state, chain_of(f, f->a)->first_pos);
    assert_int_equal(record->kind, RECORD_ACTION);
    assert_int_equal(record->real_ms, 1234);
    assert_int_equal(record->author_id, UINT64_C(1) << 40);
    assert_true(text_equal(record_field(record, RECORD_WHO), draft.who));
    assert_true(text_equal(record_field(record, RECORD_SOURCE), draft.source));
    assert_true(text_equal(record_field(record, RECORD_WHERE), draft.where));
    assert_true(text_equal(record_field(record, RECORD_TEXT), draft.text));
    assert_int_equal(record_link(record, f->box)->ordinal, 0);
    assert_int_equal(chain_of(f, f->box)->end, 1);
}

static void texts_of_every_length_keep_the_log_sound(void **state)
{
    struct log_rig *f = *state;

    for (size_t len = 0; len < 20; len++) {
        (void)state_rig_append(&f->rig, &f->a, 1, len);
        state_rig_check(&f->rig);
    }
    for (size_t i = 0; i < 50; i++) { /* thrice around the ring */
        (void)state_rig_append(&f->rig, &f->a, 1, RECORD_TEXT_MAX - i % 9);
        state_rig_check(&f->rig);
    }
}

static void numbers_and_times_never_go_back(void **state)
{
    static const uint64_t clock[] = { 1000, 999, 0, 1001 };
    static const uint64_t kept[] = { 1000, 1000, 1000, 1001 };
    struct log_rig *f = *state;

    for (size_t i = 0; i < ARRAY_SIZE(clock); i++) {
        struct draft draft = { .kind = RECORD_SAID, .real_ms = clock[i] };

        state_rig_begin(&f->rig);
        assert_int_equal(log_append(&f->rig.state, &draft, &f->a, 1), i + 1);
        state_rig_commit(&f->rig);
        assert_int_equal(log_record(&f->rig.state, chain_of(f, f->a)->last_pos)->real_ms, kept[i]);
    }
}

static void room_is_made_before_a_transaction_needs_it(void **state)
{
    struct log_rig *f = *state;
    const struct log_state *log = &f->rig.state.header->log;

    while (log->head == 0) {
        assert_true(log->tail - log->head <= STATE_RIG_LOG_BYTES);
        (void)state_rig_append(&f->rig, &f->a, 1, 1000);
    }
    log_make_room(&f->rig.state);
    assert_true(STATE_RIG_LOG_BYTES - (log->tail - log->head) >= RECORD_ROOM);
    assert_true(chain_of(f, f->a)->first > 0);
}

/* ---- cursors ---- */

/* Follows the cursor to the chain's end; returns how many records it met, in order. */
static uint64_t walk(const struct log_rig *f, uint32_t owner, struct cursor cursor)
{
    const struct chain *chain = chain_of(f, owner);
    uint64_t n = 0, pos, last = 0;

    while (log_due(&f->rig.state, owner, chain, &cursor, &pos) == DUE_RECORD) {
        const struct record *record = log_record(&f->rig.state, pos);

        assert_true(record->number > last);
        assert_int_equal(record_link(record, owner)->ordinal, cursor.due);
        last = record->number;
        cursor = cursor_after(&cursor, pos);
        n++;
    }
    return n;
}

static void a_new_cursor_reads_everything_and_one_at_the_end_nothing(void **state)
{
    struct log_rig *f = *state;
    struct cursor zero = { 0 };

    assert_int_equal(walk(f, f->a, zero), 0);
    append_many(f, f->a, 5);
    assert_int_equal(walk(f, f->a, zero), 5);
    assert_int_equal(walk(f, f->a, cursor_at_end(chain_of(f, f->a))), 0);
}

static void a_cursor_at_the_end_reads_what_comes_then(void **state)
{
    struct log_rig *f = *state;
    struct cursor cursor;

    append_many(f, f->a, 3);
    cursor = cursor_at_end(chain_of(f, f->a));
    append_many(f, f->b, 2);
    assert_int_equal(walk(f, f->a, cursor), 0);
    append_many(f, f->a, 2);
    assert_int_equal(walk(f, f->a, cursor), 2);
}

static void one_behind_the_oldest_is_due_and_one_before_it_is_overtaken(void **state)
{
    struct log_rig *f = *state;
    const struct chain *chain = chain_of(f, f->a);
    uint64_t pos;

    append_many(f, f->a, 10);
    for (uint64_t first = 1; first < 10; first++) {
        struct cursor before = { .due = first - 1 }, at = { .due = first };
        struct cursor behind;

        overtake(f, f->a, first);
        assert_int_equal(log_due(&f->rig.state, f->a, chain, &before, &pos), DUE_OVERTAKEN);
        assert_int_equal(log_due(&f->rig.state, f->a, chain, &at, &pos), DUE_RECORD);
        assert_int_equal(pos, chain->first_pos);
        behind = cursor_after(&at, pos);
        assert_int_equal(walk(f, f->a, behind), 10 - first - 1);
    }
}

static void a_chain_that_was_given_up_as_a_whole_goes_on(void **state)
{
    struct log_rig *f = *state;
    const struct chain *chain = chain_of(f, f->a);
    struct cursor overtaken = { .due = 2 }, at_end;
    uint64_t pos;

    append_many(f, f->a, 3);
    at_end = cursor_at_end(chain);
    overtake(f, f->a, 3);
    assert_int_equal(chain->end, 3);
    assert_int_equal(log_due(&f->rig.state, f->a, chain, &at_end, &pos), DUE_NOTHING);
    assert_int_equal(log_due(&f->rig.state, f->a, chain, &overtaken, &pos), DUE_OVERTAKEN);
    append_many(f, f->a, 2);
    assert_int_equal(walk(f, f->a, at_end), 2);
    state_rig_check(&f->rig);
}

static void seeking_finds_each_ordinal_and_stops_at_the_oldest(void **state)
{
    struct log_rig *f = *state;
    const struct chain *chain = chain_of(f, f->a);

    append_many(f, f->a, 10);
    overtake(f, f->a, 4);
    for (uint64_t ordinal = 0; ordinal <= 10; ordinal++) {
        struct cursor cursor = log_seek(&f->rig.state, f->a, chain, ordinal);

        assert_int_equal(cursor.due, u64_max(ordinal, 4));
        assert_int_equal(walk(f, f->a, cursor), 10 - u64_max(ordinal, 4));
    }
    assert_int_equal(log_seek(&f->rig.state, f->a, chain, 11).due, 10);
}

static void a_record_of_several_chains_is_met_in_each_of_them(void **state)
{
    struct log_rig *f = *state;
    uint32_t both[] = { f->a, f->b };
    struct cursor zero = { 0 };

    append_many(f, f->a, 2);
    (void)state_rig_append(&f->rig, both, 2, 10);
    append_many(f, f->b, 1);
    (void)state_rig_append(&f->rig, both, 2, 10);
    assert_int_equal(walk(f, f->a, zero), 4);
    assert_int_equal(walk(f, f->b, zero), 3);
    assert_int_equal(chain_of(f, f->a)->last_pos, chain_of(f, f->b)->last_pos);
}

/* The row of a room is another room's by now: its records must not move that one's chain. */
static void giving_up_records_of_a_former_tenant_leaves_the_new_one_alone(void **state)
{
    struct log_rig *f = *state;
    uint32_t old = f->a;

    append_many(f, f->a, 3);
    state_begin(&f->rig.state);
    state_free_room(&f->rig.state, f->a);
    state_commit(&f->rig.state);
    f->a = state_rig_room(&f->rig);
    assert_int_equal(f->a, old);
    append_many(f, f->a, 3);
    while (f->rig.state.header->log.head == 0) {
        append_many(f, f->b, 1);
    }
    assert_int_equal(chain_of(f, f->a)->first, 0);
    state_rig_check(&f->rig);
}

static void what_others_may_read_ends_at_the_last_commit(void **state)
{
    struct log_rig *f = *state;
    struct draft draft = { .kind = RECORD_SAID, .text = TEXT("x") };
    uint64_t visible = f->rig.state.header->visible;

    state_rig_begin(&f->rig);
    (void)log_append(&f->rig.state, &draft, &f->a, 1);
    assert_int_equal(f->rig.state.header->visible, visible);
    state_rig_commit(&f->rig);
    assert_int_equal(f->rig.state.header->visible, f->rig.state.header->log.tail);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_record_keeps_what_was_appended),
        TEST(texts_of_every_length_keep_the_log_sound),
        TEST(numbers_and_times_never_go_back),
        TEST(room_is_made_before_a_transaction_needs_it),
        TEST(a_new_cursor_reads_everything_and_one_at_the_end_nothing),
        TEST(a_cursor_at_the_end_reads_what_comes_then),
        TEST(one_behind_the_oldest_is_due_and_one_before_it_is_overtaken),
        TEST(a_chain_that_was_given_up_as_a_whole_goes_on),
        TEST(seeking_finds_each_ordinal_and_stops_at_the_oldest),
        TEST(a_record_of_several_chains_is_met_in_each_of_them),
        TEST(giving_up_records_of_a_former_tenant_leaves_the_new_one_alone),
        TEST(what_others_may_read_ends_at_the_last_commit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
