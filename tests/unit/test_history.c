/* SPDX-License-Identifier: MIT */
/* chat/history: every window over every pair of points holds what a plain look at all records would
 * choose, in however small steps it is found, and whatever the log gives up between them. */
#include "chat/history.h"

#include "support/chat_rig.h"

#include <stdio.h>

enum { SAID = 40, SHOWN_MAX = 2000 };

struct shown {
    uint64_t numbers[SHOWN_MAX];
    uint32_t n;
    int found; /* HISTORY_FOUND or HISTORY_OLDER */
};

/* The whole window; each step looks at so many records and ends in a bookmark. */
static void show(struct chat_rig *rig, const struct history_query *query, uint32_t looks,
                 struct shown *out)
{
    struct history_walk walk = { .phase = HISTORY_BEGIN };
    const struct record *record;
    int r;

    out->n = 0;
    do {
        walk = history_resume(rig->hub, query, history_keep(rig->hub, query, &walk));
        walk.looks = HISTORY_LOOKS - looks;
        out->found = history_find(rig->hub, query, &walk);
    } while (out->found == HISTORY_PAUSED);
    do {
        walk = history_resume(rig->hub, query, history_keep(rig->hub, query, &walk));
        walk.looks = HISTORY_LOOKS - looks;
        r = history_next(rig->hub, query, &walk, &record);
        if (r == HISTORY_RECORD) {
            assert_true(out->n < SHOWN_MAX);
            out->numbers[out->n++] = record->number;
        }
    } while (r != HISTORY_END);
}

/* ---- what a plain look chooses ---- */

static bool is_low(const struct history_query *query, const struct record *record)
{
    switch (query->window) {
    case HISTORY_LATEST:
    case HISTORY_AFTER: return history_is_after(record, &query->from);
    case HISTORY_BEFORE: return history_is_before(record, &query->from);
    case HISTORY_AROUND: return true;
    case HISTORY_BETWEEN: break;
    }
    return (history_is_after(record, &query->from) && history_is_before(record, &query->to)) ||
           (history_is_after(record, &query->to) && history_is_before(record, &query->from));
}

static void cut(struct shown *shown, uint32_t first, uint32_t limit)
{
    uint32_t n = first < shown->n ? shown->n - first : 0;

    n = n > limit ? limit : n;
    memmove(shown->numbers, shown->numbers + first, n * sizeof(shown->numbers[0]));
    shown->n = n;
}

static void choose(struct chat_rig *rig, const struct history_query *query, struct shown *out)
{
    const struct chain *chain = state_chain(&rig->base.state, query->owner);
    struct cursor cursor = { .due = chain->first };
    uint64_t pos;
    uint32_t n_before = 0, n_after = 0;

    out->n = 0;
    while (log_due(&rig->base.state, query->owner, chain, &cursor, &pos) == DUE_RECORD) {
        const struct record *record = log_record(&rig->base.state, pos);

        cursor = cursor_after(&cursor, pos);
        if (history_shows(rig->hub, query, record) && is_low(query, record)) {
            n_before += history_is_before(record, &query->from);
            n_after += history_is_after(record, &query->from);
            out->numbers[out->n++] = record->number;
        }
    }
    if (query->window == HISTORY_AROUND) {
        uint32_t half = query->limit / 2;

        cut(out, n_before > half ? n_before - half : 0, query->limit);
    } else if (query->window == HISTORY_AFTER ||
               (query->window == HISTORY_BETWEEN && n_after > 0)) {
        cut(out, 0, query->limit);
    } else {
        cut(out, out->n > query->limit ? out->n - query->limit : 0, query->limit);
    }
}

static void assert_same(const struct history_query *query, const struct shown *is,
                        const struct shown *wanted)
{
    if (is->n != wanted->n ||
        memcmp(is->numbers, wanted->numbers, is->n * sizeof(is->numbers[0])) != 0) {
        fail_msg("window %d from %d %llu to %d %llu limit %u: %u instead of %u", (int)query->window,
                 (int)query->from.kind, (unsigned long long)query->from.at, (int)query->to.kind,
                 (unsigned long long)query->to.at, query->limit, is->n, wanted->n);
    }
}

/* ---- the tests ---- */

static uint64_t last_number(const struct chat_rig *rig)
{
    return rig->base.state.header->log.next_number - 1;
}

/* Messages in two rooms, several of them in a millisecond, with somebody coming now and then. */
static uint32_t fill(struct chat_rig *rig, uint32_t ann)
{
    uint32_t bob = chat_person(rig, FRONT_IRC, "bob");
    uint32_t room = chat_join(rig, ann, "#tea", 0), other = chat_join(rig, ann, "#other", 0);

    for (int i = 0; i < SAID; i++) {
        char text[32];

        (void)snprintf(text, sizeof(text), "message %d", i);
        rig->exchange.now.real_ms += i % 3 == 0;
        chat_say(rig, ann, i % 5 == 2 ? other : room, text);
        if (i % 7 == 0) {
            (void)chat_join(rig, bob, "#tea", 0);
            chat_leave(rig, bob, room);
        }
    }
    return room;
}

static struct history_point point_at(const struct chat_rig *rig, uint32_t i, uint64_t first)
{
    uint64_t numbers = last_number(rig) - first + 3;

    if (i < numbers) {
        return (struct history_point){ .kind = POINT_NUMBER, .at = first - 1 + i };
    }
    return (struct history_point){ .kind = POINT_TIME,
                                   .at = rig->exchange.now.real_ms + 1 - (i - numbers) };
}

static void every_window_holds_what_a_plain_look_chooses(void **state)
{
    struct chat_rig *rig = *state;
    uint32_t ann = chat_person(rig, FRONT_IRC, "ann");
    uint64_t first = last_number(rig) + 1;
    uint32_t room = fill(rig, ann);
    uint32_t n_points = (uint32_t)(last_number(rig) - first) + 3 + SAID / 3 + 3;
    static const uint32_t limits[] = { 1, 2, 5, 100, HISTORY_ALL };
    struct shown is, wanted;

    for (int window = HISTORY_LATEST; window <= HISTORY_AROUND; window++) {
        for (uint32_t i = 0; i < n_points; i++) {
            for (uint32_t k = 0; k < n_points * (window == HISTORY_BETWEEN); k += 3) {
                struct history_query query = { .asker = ann,
                                               .owner = room,
                                               .window = HISTORY_BETWEEN,
                                               .from = point_at(rig, i, first),
                                               .to = point_at(rig, k, first),
                                               .limit = limits[(i + k) % ARRAY_SIZE(limits)],
                                               .kinds = HISTORY_SAID };

                show(rig, &query, 1 + (i + k) % 9, &is);
                choose(rig, &query, &wanted);
                assert_same(&query, &is, &wanted);
            }
            for (uint32_t l = 0; l < ARRAY_SIZE(limits) * (window != HISTORY_BETWEEN); l++) {
                struct history_query query = { .asker = ann,
                                               .owner = room,
                                               .window = (enum history_window)window,
                                               .from = point_at(rig, i, first),
                                               .limit = limits[l],
                                               .kinds = i % 2 ? HISTORY_SAID : HISTORY_EVENTS };

                show(rig, &query, 1 + i % 9, &is);
                choose(rig, &query, &wanted);
                assert_same(&query, &is, &wanted);
                assert_int_equal(is.found, HISTORY_FOUND);
            }
        }
    }
}

static void an_empty_chain_has_nothing_in_any_window(void **state)
{
    struct chat_rig *rig = *state;
    uint32_t ann = chat_person(rig, FRONT_IRC, "ann");
    struct shown is;

    for (int window = HISTORY_LATEST; window <= HISTORY_AROUND; window++) {
        struct history_query query = { .asker = ann,
                                       .owner = ann | LINK_BOX,
                                       .with = TEXT("bob"),
                                       .window = (enum history_window)window,
                                       .from = { .kind = POINT_NUMBER, .at = 1 },
                                       .to = { .kind = POINT_TIME, .at = 1 },
                                       .limit = 10,
                                       .kinds = HISTORY_SAID };

        show(rig, &query, 4, &is);
        assert_int_equal(is.n, 0);
        assert_int_equal(is.found, HISTORY_FOUND);
    }
}

/* Appends until the log has given up so much that nothing of before is kept. */
static void overtake(struct chat_rig *rig, uint32_t person, uint32_t room)
{
    static char text[1000];
    uint64_t tail = rig->base.state.header->log.tail;

    memset(text, 'x', sizeof(text) - 1);
    while (rig->base.state.header->log.head < tail) {
        log_make_room(&rig->base.state);
        chat_say(rig, person, room, text);
    }
}

static void what_the_log_gave_up_is_told_where_an_archive_would_be_asked(void **state)
{
    struct chat_rig *rig = *state;
    uint32_t ann = chat_person(rig, FRONT_IRC, "ann");
    uint32_t room = fill(rig, ann);
    struct history_query query = { .asker = ann,
                                   .owner = room,
                                   .window = HISTORY_LATEST,
                                   .limit = HISTORY_ALL,
                                   .kinds = HISTORY_SAID };
    struct shown is;

    overtake(rig, ann, room);
    show(rig, &query, 100, &is);
    assert_int_equal(is.found, HISTORY_OLDER);
    assert_true(is.n > 20);
    query.limit = 5;
    show(rig, &query, 100, &is);
    assert_int_equal(is.found, HISTORY_FOUND);
    assert_int_equal(is.n, 5);
    query.window = HISTORY_AFTER;
    query.from = (struct history_point){ .kind = POINT_NUMBER, .at = 1 };
    show(rig, &query, 100, &is);
    assert_int_equal(is.found, HISTORY_OLDER);
    query.window = HISTORY_BEFORE;
    show(rig, &query, 100, &is);
    assert_int_equal(is.found, HISTORY_OLDER);
    assert_int_equal(is.n, 0);
}

/* In whatever phase a walk rests, the log may overtake it; what it shows then was in the window. */
static void a_walk_that_the_log_overtakes_ends_in_its_window(void **state)
{
    struct chat_rig *rig = *state;
    uint32_t ann = chat_person(rig, FRONT_IRC, "ann");
    uint64_t first = last_number(rig) + 1;
    uint32_t room = fill(rig, ann);

    for (uint32_t steps = 1; steps < 60; steps += 7) {
        for (int window = HISTORY_LATEST; window <= HISTORY_AROUND; window++) {
            struct history_query query = { .asker = ann,
                                           .owner = room,
                                           .window = (enum history_window)window,
                                           .from = { .kind = POINT_NUMBER, .at = first + 10 },
                                           .to = { .kind = POINT_NUMBER, .at = first + 30 },
                                           .limit = 20,
                                           .kinds = HISTORY_SAID };
            struct history_walk walk = { .phase = HISTORY_BEGIN };
            const struct record *record = NULL;
            uint64_t end = last_number(rig);
            int r = HISTORY_PAUSED;

            for (uint32_t i = 0; i < steps && r == HISTORY_PAUSED; i++) {
                walk.looks = HISTORY_LOOKS - 1;
                r = history_find(rig->hub, &query, &walk);
            }
            overtake(rig, ann, room);
            walk.looks = 0;
            while (r == HISTORY_PAUSED) {
                r = history_find(rig->hub, &query, &walk);
                walk.looks = 0;
            }
            for (r = HISTORY_RECORD; r == HISTORY_RECORD; walk.looks = 0) {
                r = history_next(rig->hub, &query, &walk, &record);
                if (r == HISTORY_RECORD &&
                    (window == HISTORY_BEFORE || window == HISTORY_BETWEEN)) {
                    assert_true(record->number <= end);
                }
            }
            assert_int_equal(r, HISTORY_END);
        }
        first = last_number(rig) + 1;
    }
}

static void what_is_said_to_a_rank_is_for_it_and_for_who_said_it(void **state)
{
    struct chat_rig *rig = *state;
    uint32_t ann = chat_person(rig, FRONT_IRC, "ann");
    uint32_t bob = chat_person(rig, FRONT_IRC, "bob");
    uint32_t room = chat_join(rig, ann, "#tea", 0);
    struct utterance said = { .kind = RECORD_SAID,
                              .text = TEXT("for operators"),
                              .least = MEMBER_OPERATOR };
    struct history_query query = {
        .owner = room, .window = HISTORY_LATEST, .limit = 10, .kinds = HISTORY_SAID
    };
    struct shown is;

    assert_int_equal(chat_join(rig, bob, "#tea", 0), room);
    chat_begin(rig);
    assert_int_equal(talk_in_room(rig->hub, ann, room, &said, rig->exchange.now), 0);
    assert_int_equal(talk_in_room(rig->hub, bob, room, &said, rig->exchange.now), 0);
    chat_commit(rig);
    query.asker = ann;
    show(rig, &query, 100, &is);
    assert_int_equal(is.n, 2);
    query.asker = bob;
    show(rig, &query, 100, &is);
    assert_int_equal(is.n, 1);
    assert_int_equal(is.numbers[0], last_number(rig));
}

static void only_members_and_owners_of_a_box_may_ask(void **state)
{
    struct chat_rig *rig = *state;
    uint32_t ann = chat_person(rig, FRONT_IRC, "ann");
    uint32_t bob = chat_person(rig, FRONT_IRC, "bob");
    uint32_t room = chat_join(rig, ann, "#tea", 0);
    struct history_query query = { .asker = bob, .owner = room };

    assert_false(history_may_ask(rig->hub, &query));
    assert_int_equal(chat_join(rig, bob, "#tea", 0), room);
    assert_true(history_may_ask(rig->hub, &query));
    chat_leave(rig, bob, room);
    assert_false(history_may_ask(rig->hub, &query));
    query.owner = bob | LINK_BOX;
    assert_true(history_may_ask(rig->hub, &query));
    query.owner = ann | LINK_BOX;
    assert_false(history_may_ask(rig->hub, &query));
}

/* While somebody who left has not read all of it. */
static void a_room_that_all_had_left_has_no_history_for_who_opens_it_anew(void **state)
{
    struct chat_rig *rig = *state;
    uint32_t ann = chat_person(rig, FRONT_IRC, "ann");
    uint32_t bob = chat_person(rig, FRONT_IRC, "bob");
    uint32_t room = chat_join(rig, ann, "#tea", 0);
    struct history_query query = {
        .asker = bob, .window = HISTORY_LATEST, .limit = HISTORY_ALL, .kinds = HISTORY_EVENTS
    };
    struct shown is;

    chat_say(rig, ann, room, "secret");
    chat_leave(rig, ann, room);
    query.owner = chat_join(rig, bob, "#tea", 10);
    show(rig, &query, 100, &is);
    assert_int_equal(is.n, 1);
    assert_int_equal(is.numbers[0], last_number(rig));
    assert_null(strstr(chat_hear(rig, bob), "secret"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CHAT_TEST(every_window_holds_what_a_plain_look_chooses),
        CHAT_TEST(an_empty_chain_has_nothing_in_any_window),
        CHAT_TEST(what_the_log_gave_up_is_told_where_an_archive_would_be_asked),
        CHAT_TEST(a_walk_that_the_log_overtakes_ends_in_its_window),
        CHAT_TEST(what_is_said_to_a_rank_is_for_it_and_for_who_said_it),
        CHAT_TEST(only_members_and_owners_of_a_box_may_ask),
        CHAT_TEST(a_room_that_all_had_left_has_no_history_for_who_opens_it_anew),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
