/* SPDX-License-Identifier: MIT */
/* state/resize: a conversation that moves into a region of other sizes is the same conversation,
 * and one that cannot move is not touched. */
#include "state/resize.h"

#include "support/chat_rig.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>

enum { PEOPLE = 12, ROOMS = 5, TALKERS = 7 };

struct rig {
    struct chat_rig *chat;
    uint32_t people[PEOPLE], rooms[ROOMS];
};

static const char half_a_line[] = "this line has no end ye";
static const char unsent[] = "* this was not sent\r\n";

static struct state *rig_state(const struct rig *rig)
{
    return &rig->chat->base.state;
}

/* Bytes around the end of the page, as they lie there after a long conversation. */
static void rig_type(struct rig *rig, uint32_t row, const char *bytes)
{
    struct state *state = rig_state(rig);
    uint32_t page = pages_lend(&state->pages, PAGE_INPUT);
    uint64_t at = 3 * PAGE_SIZE_BYTES - 7;
    struct wire_input *in;

    assert_true(page > 0);
    for (size_t i = 0; bytes[i] != '\0'; i++) {
        region_page(&state->region, page)[(at + i) % PAGE_SIZE_BYTES] = bytes[i];
    }
    state_begin(state);
    in = state_edit_input(state, row);
    in->consumed = at;
    in->seen = at;
    in->read = at + strlen(bytes);
    in->page = page;
    state_commit(state);
}

static void rig_leave_unsent(struct rig *rig, uint32_t row, const char *bytes)
{
    struct state *state = rig_state(rig);
    uint32_t page = pages_lend(&state->pages, PAGE_OUTPUT);
    struct wire_output *out;

    assert_true(page > 0);
    memcpy(region_page(&state->region, page), bytes, strlen(bytes));
    state_begin(state);
    out = state_edit_output(state, row);
    out->base = out->produced;
    out->produced += strlen(bytes);
    out->page = page;
    state_commit(state);
}

/* The same bytes are due to both, out of one page. */
static void rig_share_unsent(struct rig *rig, uint32_t row, uint32_t with)
{
    struct state *state = rig_state(rig);
    const struct wire_output *shared = &state->wires[with].out;
    struct wire_output *out;

    pages_share(&state->pages, shared->page);
    state_begin(state);
    out = state_edit_output(state, row);
    out->base = out->produced;
    out->produced += shared->produced - shared->base;
    out->page = shared->page;
    state_commit(state);
}

static void rig_talk(struct rig *rig, int n)
{
    char text[401];

    for (int i = 0; i < n; i++) {
        memset(text, 'a' + i % 26, sizeof(text) - 1);
        text[100 + i % 300] = '\0';
        chat_say(rig->chat, rig->people[i % TALKERS], rig->rooms[i % TALKERS % ROOMS], text);
    }
}

static void rig_remember(struct rig *rig)
{
    struct state *state = rig_state(rig);

    state_begin(state);
    state_edit_past(state, 0)->gone_ms = 1;
    state_edit_past(state, PAST_ROWS - 1)->gone_ms = 2;
    state_edit_counters(state)->next_past = PAST_ROWS - 1;
    state_commit(state);
}

/* The pages of others are lent and given back around them, so the ones in use are far apart. */
static int setup(void **state)
{
    static struct rig rig;
    uint32_t between[40];

    assert_int_equal(chat_rig_set_up(state), 0);
    rig = (struct rig){ .chat = *state };
    for (int i = 0; i < PEOPLE; i++) {
        char nick[16], room[16];

        (void)snprintf(nick, sizeof(nick), "p%d", i);
        (void)snprintf(room, sizeof(room), "#r%d", i % ROOMS);
        rig.people[i] = chat_person(rig.chat, i % 2 ? FRONT_IRC : FRONT_LINE, nick);
        rig.rooms[i % ROOMS] = chat_join(rig.chat, rig.people[i], room, 0);
    }
    rig_talk(&rig, 4000);
    chat_tell(rig.chat, rig.people[1], rig.people[2], "for you alone");
    chat_quit(rig.chat, rig.people[TALKERS]);
    rig_remember(&rig);
    rig_type(&rig, rig.people[3], half_a_line);
    for (size_t i = 0; i < ARRAY_SIZE(between); i++) {
        between[i] = pages_lend(&rig.chat->base.state.pages, PAGE_OUTPUT);
    }
    rig_leave_unsent(&rig, rig.people[3], unsent);
    rig_leave_unsent(&rig, rig.people[8], unsent);
    rig_share_unsent(&rig, rig.people[9], rig.people[8]);
    for (size_t i = 0; i < ARRAY_SIZE(between); i++) {
        pages_give_back(&rig.chat->base.state.pages, between[i], PAGE_OUTPUT);
    }
    assert_true(rig.chat->base.state.header->log.head > 4 * (uint64_t)STATE_RIG_LOG_BYTES);
    *state = &rig;
    return 0;
}

static int teardown(void **state)
{
    const struct rig *rig = *state;

    *state = rig->chat;
    return chat_rig_tear_down(state);
}

/* ---- being the same ---- */

static void expect_same_log(const struct region *a, const struct region *b)
{
    const struct log_state *log = &a->header->log;

    assert_memory_equal(log, &b->header->log, sizeof(*log));
    assert_int_equal(b->header->visible, log->tail);
    for (uint64_t pos = log->head; pos < log->tail; pos += 8) {
        assert_memory_equal(a->log + (pos & (a->header->sizes.log_bytes - 1)),
                            b->log + (pos & (b->header->sizes.log_bytes - 1)), 8);
    }
}

/* The rows are the same but for the numbers of pages, and the pages hold the same. */
static void expect_same_wire(const struct region *a, const struct region *b, uint32_t row)
{
    struct wire x = a->wires[row], y = b->wires[row];

    if (x.in.consumed < x.in.read) {
        assert_memory_equal(region_page(a, x.in.page), region_page(b, y.in.page), PAGE_SIZE_BYTES);
    }
    if (x.out.base < x.out.produced && x.out.page != 0) {
        assert_memory_equal(region_page(a, x.out.page), region_page(b, y.out.page),
                            x.out.produced - x.out.base);
    }
    x.in.page = y.in.page;
    x.out.page = y.out.page;
    assert_memory_equal(&x, &y, sizeof(x));
    assert_memory_equal(&a->people[row], &b->people[row], sizeof(struct person));
}

static void expect_zero(const void *start, size_t len)
{
    const char *at = start;

    for (size_t i = 0; i < len; i++) {
        assert_int_equal(at[i], 0);
    }
}

/* Rows of both; what one of them has more is empty. */
#define EXPECT_SAME_ROWS(a, b, table, count)                                                       \
    do {                                                                                           \
        size_t x = (a)->header->sizes.count, y = (b)->header->sizes.count;                         \
        size_t n = size_min(x, y), row = sizeof((a)->table[0]);                                    \
                                                                                                   \
        assert_memory_equal((a)->table, (b)->table, n *row);                                       \
        expect_zero((a)->table + n, (x - n) * row);                                                \
        expect_zero((b)->table + n, (y - n) * row);                                                \
    } while (false)

static void expect_same(const struct region *a, const struct region *b)
{
    size_t n_wires = size_min(a->header->sizes.wires, b->header->sizes.wires);

    assert_memory_equal(&a->header->counters, &b->header->counters, sizeof(struct counters));
    assert_memory_equal(&a->header->in_hand, &b->header->in_hand, sizeof(struct in_hand));
    assert_memory_equal(&a->header->suspect, &b->header->suspect, sizeof(struct in_hand));
    for (uint32_t row = 0; row < n_wires; row++) {
        expect_same_wire(a, b, row);
    }
    expect_zero(a->wires + n_wires, (a->header->sizes.wires - n_wires) * sizeof(struct wire));
    EXPECT_SAME_ROWS(a, b, rooms, rooms);
    EXPECT_SAME_ROWS(a, b, memberships, memberships);
    EXPECT_SAME_ROWS(a, b, cells, cells);
    assert_memory_equal(a->past, b->past, PAST_ROWS * sizeof(struct past));
    expect_same_log(a, b);
}

/* No row shares a page that it reads into. */
static void expect_own_pages(const struct region *region)
{
    char is_used[1024] = { 0 };

    assert_true(region->header->sizes.pages <= sizeof(is_used));
    for (uint32_t row = 1; row < region->header->sizes.wires; row++) {
        const struct wire *wire = &region->wires[row];

        if (wire->in.consumed < wire->in.read) {
            assert_int_equal(is_used[wire->in.page]++, 0);
        }
        if (wire->out.written < wire->out.produced && wire->out.page != 0 &&
            wire->out.base < wire->out.produced) {
            assert_true(wire->out.page < region->header->sizes.pages);
        }
    }
}

static const struct region_sizes larger = { .wires = 200,
                                            .rooms = 300,
                                            .memberships = 1000,
                                            .cells = 2000,
                                            .pages = 500,
                                            .log_bytes = 1 << 18 };
static const struct region_sizes smallest = {
    .wires = 1, .rooms = 1, .memberships = 1, .cells = 1, .pages = 1, .log_bytes = 1
};

static void rig_resize(struct rig *rig, const struct region_sizes *wanted)
{
    struct state *state = rig_state(rig);
    struct region_sizes sizes = region_fitting_sizes(&state->region, wanted);
    struct region to = { .fd = -1 };

    assert_int_equal(region_resize(&to, &state->region, &sizes), 0);
    expect_same(&state->region, &to);
    expect_own_pages(&to);
    assert_int_equal(to.wires[rig->people[9]].out.page, to.wires[rig->people[8]].out.page);
    assert_int_equal(to.header->is_complete, 1);
    assert_memory_equal(&to.header->sizes, &sizes, sizeof(sizes));
    (void)state_close(state, false);
    shadow_fini(&rig->chat->base.shadow);
    shadow_init(&rig->chat->base.shadow, state);
    state_rig_open(&rig->chat->base, &to);
    hub_fini(rig->chat->hub);
    chat_rig_open_hub(rig->chat);
    state_rig_check(&rig->chat->base);
}

static void a_larger_region_holds_the_same_conversation_and_it_goes_on(void **state)
{
    struct rig *rig = *state;

    rig_resize(rig, &larger);
    assert_memory_equal(&rig_state(rig)->header->sizes, &larger, sizeof(larger));
    rig_talk(rig, 2000);
}

static void a_smaller_region_is_as_large_as_what_is_in_use(void **state)
{
    struct rig *rig = *state;
    const struct region_sizes *sizes = &rig_state(rig)->header->sizes;

    rig_resize(rig, &smallest);
    sizes = &rig_state(rig)->header->sizes;
    assert_int_equal(sizes->wires, PEOPLE + 1);
    assert_int_equal(sizes->rooms, ROOMS + 1);
    assert_in_range(sizes->memberships, PEOPLE + 1, PEOPLE + 2);
    assert_int_equal(sizes->pages, 3 + 2); /* in use, none, a free one */
    assert_int_equal(sizes->log_bytes, STATE_RIG_LOG_BYTES);
}

static void up_and_down_again_changes_nothing(void **state)
{
    struct rig *rig = *state;

    for (int i = 0; i < 3; i++) {
        rig_resize(rig, &larger);
        rig_resize(rig, &smallest);
        rig_resize(rig, &state_rig_sizes);
        rig_talk(rig, 100);
    }
}

static void an_empty_log_may_shrink(void **state)
{
    struct region small = { .fd = -1 }, large = { .fd = -1 };
    struct region_sizes sizes;

    (void)state;
    assert_int_equal(region_create(&large, &larger), 0);
    sizes = region_fitting_sizes(&large, &state_rig_sizes);
    assert_memory_equal(&sizes, &state_rig_sizes, sizeof(sizes));
    assert_int_equal(region_resize(&small, &large, &sizes), 0);
    (void)region_close(&small, false);
    (void)region_close(&large, false);
}

/* ---- failing ---- */

static void a_failure_leaves_both_as_they_were(void **state)
{
    static const struct {
        int what, error;
        rlim_t limit;
    } rows[] = { { RLIMIT_NOFILE, -EMFILE, 0 },
                 { RLIMIT_FSIZE, -EFBIG, 65536 },
                 { RLIMIT_AS, -ENOMEM, 65536 } };
    const struct rig *rig = *state;
    const struct region *from = &rig_state(rig)->region;
    size_t len = (size_t)(from->log + STATE_RIG_LOG_BYTES - (char *)from->header);
    void *before = malloc(len);

    assert_non_null(before);
    memcpy(before, from->header, len);
    (void)signal(SIGXFSZ, SIG_IGN);
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct region to = { .fd = -7 };
        struct rlimit old, small;
        int r;

        assert_int_equal(getrlimit((__rlimit_resource_t)rows[i].what, &old), 0);
        small = (struct rlimit){ rows[i].limit, old.rlim_max };
        assert_int_equal(setrlimit((__rlimit_resource_t)rows[i].what, &small), 0);
        r = region_resize(&to, from, &larger);
        assert_int_equal(setrlimit((__rlimit_resource_t)rows[i].what, &old), 0);
        assert_int_equal(r, rows[i].error);
        assert_int_equal(to.fd, -7);
        assert_memory_equal(from->header, before, len);
    }
    free(before);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_larger_region_holds_the_same_conversation_and_it_goes_on),
        TEST(a_smaller_region_is_as_large_as_what_is_in_use),
        TEST(up_and_down_again_changes_nothing),
        TEST(an_empty_log_may_shrink),
        TEST(a_failure_leaves_both_as_they_were),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
