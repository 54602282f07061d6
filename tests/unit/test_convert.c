/* SPDX-License-Identifier: MIT */
/* state/convert: a conversation of an older layout that moves into a region of today's layout is
 * the same conversation, to the byte, and the region it leaves is only read. */
#include "state/resize.h"

#include "chat/marks.h"
#include "support/chat_rig.h"
#include "support/old_region.h"
#include "support/region_text.h"

#include <stdio.h>
#include <sys/mman.h>

enum { TEXT_MAX = 1 << 19, PEOPLE = 6, ROOMS = 3 };

struct rig {
    struct chat_rig *chat;
    uint32_t people[PEOPLE], rooms[ROOMS];
    char said[TEXT_MAX]; /* the conversation before, as text */
    int old_fd;          /* owned; of `old_layout` */
};

static uint32_t old_layout; /* each in turn */

static const struct region_sizes larger = { .wires = 200,
                                            .rooms = 300,
                                            .memberships = 1000,
                                            .cells = 2000,
                                            .pages = 500,
                                            .log_bytes = 1 << 18 };
static const struct region_sizes smallest = {
    .wires = 1, .rooms = 1, .memberships = 1, .cells = 1, .pages = 1, .log_bytes = 1
};

/* ---- the conversation ---- */

/* Every byte there is, around the end of the input page and at the start of the output page. */
static void leave_bytes(struct state *state, uint32_t row)
{
    uint32_t input = pages_lend(&state->pages, PAGE_INPUT);
    uint32_t output = pages_lend(&state->pages, PAGE_OUTPUT);
    uint64_t at = 5 * PAGE_SIZE_BYTES - 100;
    struct wire *wire;

    for (size_t i = 0; i < 256; i++) {
        region_page(&state->region, input)[(at + i) % PAGE_SIZE_BYTES] = (char)i;
        region_page(&state->region, output)[i] = (char)(255 - i);
    }
    state_begin(state);
    wire = state_edit_wire(state, row);
    wire->in.consumed = at;
    wire->in.seen = at + 7;
    wire->in.read = at + 256;
    wire->in.page = input;
    wire->out.base = wire->out.produced;
    wire->out.written = wire->out.produced + 3;
    wire->out.produced += 256;
    wire->out.page = output;
    state_commit(state);
}

/* What layout 1 had no place for is as the converter makes it. */
static void forget_what_is_new(struct state *state)
{
    state_begin(state);
    state_edit_counters(state)->next_past = 0;
    for (uint32_t row = 0; row < PAST_ROWS; row++) {
        if (state->past[row].gone_ms != 0) {
            *state_edit_past(state, row) = (struct past){ 0 };
        }
    }
    for (uint32_t row = 1; row < state->header->sizes.rooms; row++) {
        if (state->rooms[row].id != 0) {
            state_edit_room(state, row)->modes = ROOM_NO_EXTERNAL;
        }
    }
    for (uint32_t row = 1; row < state->header->sizes.memberships; row++) {
        if (state->memberships[row].flags != 0) {
            state_edit_membership(state, row)->flags = 0;
        }
    }
    state_commit(state);
}

/* The same of layout 2. */
static void add_what_layout_2_has(struct chat_rig *chat, uint32_t person)
{
    chat_begin(chat);
    assert_int_equal(people_set_account(chat->hub, person, TEXT("annabel"), chat->exchange.now), 0);
    assert_int_equal(people_set_host(chat->hub, person, TEXT("example.org"), chat->exchange.now),
                     0);
    chat_commit(chat);
}

static void print(const struct state *state, char text[TEXT_MAX])
{
    struct buf out = buf_over(text, TEXT_MAX - 1);

    region_text_print(state, &out);
    assert_false(out.full);
    text[out.len] = '\0';
}

/* The log has gone round, and a room in the middle of the table has gone. */
static void talk(struct rig *rig)
{
    uint32_t gone = 0;

    for (int i = 0; i < PEOPLE; i++) {
        char nick[16], room[16];

        (void)snprintf(nick, sizeof(nick), "p%d", i);
        (void)snprintf(room, sizeof(room), "#r%d", i % ROOMS);
        rig->people[i] = chat_person(rig->chat, i % 2 ? FRONT_IRC : FRONT_LINE, nick);
        rig->rooms[i % ROOMS] = chat_join(rig->chat, rig->people[i], room, 0);
        if (i == 0) {
            gone = chat_join(rig->chat, rig->people[i], "#gone", 0);
        }
    }
    for (int i = 0; i < 2000; i++) {
        chat_say(rig->chat, rig->people[i % 3], rig->rooms[i % 3],
                 "many words, so that the log goes round and round and round");
    }
    chat_leave(rig->chat, rig->people[0], gone);
    (void)chat_hear(rig->chat, rig->people[0]);
    chat_tell(rig->chat, rig->people[1], rig->people[2], "for you alone");
    chat_quit(rig->chat, rig->people[5]);
    assert_true(rig->chat->base.state.header->log.head > STATE_RIG_LOG_BYTES);
}

static int setup(void **state)
{
    static struct rig rig;

    assert_int_equal(chat_rig_set_up(state), 0);
    rig = (struct rig){ .chat = *state };
    talk(&rig);
    leave_bytes(&rig.chat->base.state, rig.people[3]);
    if (old_layout == 1) {
        forget_what_is_new(&rig.chat->base.state);
    } else {
        add_what_layout_2_has(rig.chat, rig.people[0]);
    }
    print(&rig.chat->base.state, rig.said);
    rig.old_fd = old_region_make(&rig.chat->base.state.region, old_layout);
    *state = &rig;
    return 0;
}

static int teardown(void **state)
{
    struct rig *rig = *state;

    fd_close_slot(&rig->old_fd);
    *state = rig->chat;
    return chat_rig_tear_down(state);
}

/* The descriptor is the region's now. */
static struct region rig_adopt(struct rig *rig)
{
    struct region old = { .fd = -1 };

    assert_int_equal(region_adopt(&old, rig->old_fd), 0);
    rig->old_fd = -1;
    assert_int_equal(old.header->layout, old_layout);
    assert_int_equal(old.past == NULL, old_layout == 1);
    return old;
}

static void rig_convert(const struct region *old, const struct region_sizes *wanted,
                        struct state *out)
{
    struct region_sizes sizes = region_fitting_sizes(old, wanted);
    struct region made = { .fd = -1 };

    assert_int_equal(region_resize(&made, old, &sizes), 0);
    assert_int_equal(made.header->layout, LAYOUT_VERSION);
    assert_int_equal(made.header->is_complete, 1);
    assert_memory_equal(&made.header->in_hand, &old->header->in_hand, sizeof(struct in_hand));
    assert_memory_equal(&made.header->suspect, &old->header->suspect, sizeof(struct in_hand));
    assert_int_equal(state_open(out, &made, NULL), 0);
}

static void rig_expect_same(const struct rig *rig, const struct state *converted)
{
    static char text[TEXT_MAX];
    const char *wrong = state_check(converted);

    assert_string_equal(wrong == NULL ? "" : wrong, "");
    print(converted, text);
    assert_string_equal(text, rig->said);
}

/* What is new in layout 3 has its place in what was converted. */
static void rig_mark(struct rig *rig)
{
    uint64_t ms = 0;

    for (int i = 0; i < PEOPLE - 1; i++) {
        assert_false(marks_find(rig->chat->hub, rig->people[i], TEXT("#r0"), &ms));
        chat_begin(rig->chat);
        assert_int_equal(marks_set(rig->chat->hub, rig->people[i], TEXT("#r0"), 1000 + (uint64_t)i,
                                   rig->chat->exchange.now),
                         0);
        chat_commit(rig->chat);
        assert_true(marks_find(rig->chat->hub, rig->people[i], TEXT("#r0"), &ms));
        assert_int_equal(ms, 1000 + i);
    }
}

/* ---- tests ---- */

static void what_was_said_typed_and_not_sent_is_the_same_to_the_byte(void **test)
{
    struct rig *rig = *test;
    struct region old = rig_adopt(rig);
    struct state now;

    rig_convert(&old, &old.header->sizes, &now);
    assert_memory_equal(&now.header->sizes, &old.header->sizes, sizeof(struct region_sizes));
    rig_expect_same(rig, &now);
    (void)state_close(&now, false);
    (void)region_close(&old, false);
}

static void the_limits_may_change_in_the_same_move(void **test)
{
    struct rig *rig = *test;
    struct region old = rig_adopt(rig);
    struct state now;

    rig_convert(&old, &larger, &now);
    assert_memory_equal(&now.header->sizes, &larger, sizeof(larger));
    rig_expect_same(rig, &now);
    (void)state_close(&now, false);
    rig_convert(&old, &smallest, &now);
    assert_int_equal(now.header->sizes.rooms, ROOMS + 1 + 1); /* none, and the one that went */
    assert_int_equal(now.header->sizes.wires, PEOPLE + 1);
    rig_expect_same(rig, &now);
    (void)state_close(&now, false);
    (void)region_close(&old, false);
}

/* Whenever the process dies: nothing was written to what it leaves behind. */
static void the_old_region_is_only_read(void **test)
{
    struct rig *rig = *test;
    struct region old = rig_adopt(rig);
    struct state now;

    assert_int_equal(mprotect(old.header, old.length, PROT_READ), 0); /* a store is the end */
    rig_convert(&old, &larger, &now);
    rig_expect_same(rig, &now);
    (void)state_close(&now, false);
    (void)region_close(&old, false);
}

static void free_rows_stay_zero(void **test)
{
    static const struct room none;
    struct rig *rig = *test;
    struct region old = rig_adopt(rig);
    uint32_t n_used = 0;
    struct state now;

    rig_convert(&old, &larger, &now);
    for (uint32_t row = 0; row < now.header->sizes.rooms; row++) {
        if (now.rooms[row].id != 0) {
            n_used++;
            assert_int_equal(now.rooms[row].modes, ROOM_NO_EXTERNAL);
        } else {
            assert_memory_equal(&now.rooms[row], &none, sizeof(none));
        }
    }
    assert_int_equal(n_used, ROOMS);
    assert_int_equal(now.free_rooms.n_free, larger.rooms - 1 - ROOMS);
    (void)state_close(&now, false);
    (void)region_close(&old, false);
}

/* Rows of the old layout, at its places, as a daemon of its version would have saved them. */
static void spoil_in_a_transaction(struct region *old)
{
    char *rooms = (char *)old->rooms;
    size_t size = region_room_size(old_layout);
    struct tx tx;

    (void)tx_init(&tx, old, NULL);
    tx_begin(&tx);
    for (uint32_t row = 1; row <= ROOMS; row++) {
        memset(tx_edit(&tx, rooms + row * size, size), 0x55, size);
        memset(tx_edit(&tx, &old->memberships[row], sizeof(struct membership)), 0x55,
               sizeof(struct membership));
        memset(tx_edit(&tx, &old->people[row], sizeof(struct person)), 0x55, sizeof(struct person));
    }
    memset(tx_edit(&tx, &old->cells[1], sizeof(struct cell)), 0x55, sizeof(struct cell));
    ((struct log_state *)tx_edit(&tx, &old->header->log, sizeof(struct log_state)))->tail += 800;
    ((struct counters *)tx_edit(&tx, &old->header->counters, sizeof(struct counters)))
        ->next_room_id += 5;
}

static void an_unfinished_transaction_is_rolled_back_before_the_move(void **test)
{
    struct rig *rig = *test;
    struct region old = rig_adopt(rig);
    struct state now;
    struct tx tx;

    spoil_in_a_transaction(&old);
    rig->old_fd = region_close(&old, true); /* the process is gone */
    old = rig_adopt(rig);
    assert_true(tx_is_sound(&old));
    assert_true(tx_init(&tx, &old, NULL));
    rig_convert(&old, &old.header->sizes, &now);
    rig_expect_same(rig, &now);
    (void)state_close(&now, false);
    (void)region_close(&old, false);
}

static void the_conversation_goes_on(void **test)
{
    struct rig *rig = *test;
    struct region old = rig_adopt(rig), to = { .fd = -1 };
    uint32_t newcomer;

    assert_int_equal(region_resize(&to, &old, &old.header->sizes), 0);
    (void)region_close(&old, false);
    hub_fini(rig->chat->hub);
    (void)state_close(&rig->chat->base.state, false);
    shadow_fini(&rig->chat->base.shadow);
    shadow_init(&rig->chat->base.shadow, &rig->chat->base.state);
    state_rig_open(&rig->chat->base, &to);
    chat_rig_open_hub(rig->chat);
    for (int i = 0; i < 2000; i++) {
        chat_say(rig->chat, rig->people[i % 3], rig->rooms[i % 3], "and on it goes");
    }
    newcomer = chat_person(rig->chat, FRONT_LINE, "newcomer");
    (void)chat_join(rig->chat, newcomer, "#r0", 5);
    assert_non_null(strstr(chat_hear(rig->chat, newcomer), "and on it goes"));
    (void)chat_join(rig->chat, rig->people[0], "#new", 0);
    rig_mark(rig);
    chat_leave(rig->chat, rig->people[0], rig->rooms[0]);
    state_rig_check(&rig->chat->base);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_was_said_typed_and_not_sent_is_the_same_to_the_byte),
        TEST(the_limits_may_change_in_the_same_move),
        TEST(the_old_region_is_only_read),
        TEST(free_rows_stay_zero),
        TEST(an_unfinished_transaction_is_rolled_back_before_the_move),
        TEST(the_conversation_goes_on),
    };
    int n_failed = 0;

    for (old_layout = LAYOUT_FIRST; old_layout < LAYOUT_VERSION; old_layout++) {
        n_failed += cmocka_run_group_tests(tests, NULL, NULL);
    }
    return n_failed;
}
