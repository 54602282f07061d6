/* SPDX-License-Identifier: MIT */
/* Random damage: whatever a region's header, journal, tables or log say, adopting and checking it
 * ends, and ends without touching what is not the region's. */
#include "state/resize.h"

#include "support/chat_rig.h"
#include "support/old_region.h"

#include <sys/mman.h>

enum {
    HEADERS = 20000,
    TABLES = 3000,
    OLD = 500,
    HEADER_BYTES = offsetof(struct region_header, journal)
};

struct rig {
    struct chat_rig *chat;
    uint64_t dice;
    char *saved; /* owned: header, tables, log */
    size_t len;
};

static uint64_t roll(struct rig *rig, uint64_t sides)
{
    rig->dice ^= rig->dice << 13;
    rig->dice ^= rig->dice >> 7;
    rig->dice ^= rig->dice << 17;
    return rig->dice % sides;
}

static int setup(void **state)
{
    static struct rig rig;
    uint32_t ann, bob, room;

    assert_int_equal(chat_rig_set_up(state), 0);
    rig = (struct rig){ .chat = *state, .dice = 88172645463325252 };
    ann = chat_person(rig.chat, FRONT_LINE, "ann");
    bob = chat_person(rig.chat, FRONT_IRC, "bob");
    room = chat_join(rig.chat, ann, "#lobby", 0);
    (void)chat_join(rig.chat, bob, "#lobby", 0);
    for (int i = 0; i < 300; i++) {
        chat_say(
            rig.chat, ann, room,
            "as many words as are needed to go around the ring a few times, which takes a lot of "
            "them, since it is long, and so it goes on for some time with what there is to say");
        chat_tell(rig.chat, bob, ann, "psst");
    }
    rig.len = (size_t)(rig.chat->base.state.region.log + STATE_RIG_LOG_BYTES -
                       (char *)rig.chat->base.state.region.header);
    rig.saved = malloc(rig.len);
    assert_non_null(rig.saved);
    memcpy(rig.saved, rig.chat->base.state.region.header, rig.len);
    *state = &rig;
    return 0;
}

static int teardown(void **state)
{
    struct rig *rig = *state;

    free(rig->saved);
    *state = rig->chat;
    return chat_rig_tear_down(state);
}

static void rig_repair(struct rig *rig)
{
    memcpy(rig->chat->base.state.region.header, rig->saved, rig->len);
}

/* Some bytes, or a word of the kind that overflows. */
static void rig_spoil(struct rig *rig, size_t from, size_t len)
{
    static const uint64_t words[] = { 0, 1, UINT64_MAX, INT64_MAX, UINT32_MAX, 1ULL << 63, 7 };
    char *at = (char *)rig->chat->base.state.region.header + from;
    uint64_t n = 1 + roll(rig, 4);

    for (uint64_t i = 0; i < n; i++) {
        if (roll(rig, 2) == 0) {
            at[roll(rig, len)] = (char)roll(rig, 256);
        } else {
            memcpy(at + roll(rig, len / 8) * 8, &words[roll(rig, ARRAY_SIZE(words))], 8);
        }
    }
}

/* As a start does it. */
static bool rig_comes_up(const struct rig *rig)
{
    int fd = rig->chat->base.state.region.fd;
    struct region region = { .fd = -1 };
    struct state state;
    bool is_good;

    if (region_adopt(&region, fd) != 0) {
        return false;
    }
    if (!tx_is_sound(&region)) {
        (void)region_close(&region, true);
        return false;
    }
    assert_int_equal(state_open(&state, &region, NULL), 0);
    is_good = state_check(&state) == NULL;
    (void)state_close(&state, true);
    return is_good;
}

static void a_header_of_random_bytes_is_refused_or_read_but_never_believed_blindly(void **state)
{
    struct rig *rig = *state;
    int n_good = 0;

    for (int i = 0; i < HEADERS; i++) {
        rig_spoil(rig, 0, HEADER_BYTES);
        n_good += rig_comes_up(rig);
        rig_repair(rig);
    }
    assert_true(rig_comes_up(rig));
    assert_in_range(n_good, 1, HEADERS - 1);
}

static void a_journal_of_random_bytes_writes_nowhere_but_into_the_tables(void **state)
{
    struct rig *rig = *state;
    struct region_header *header = rig->chat->base.state.region.header;

    for (int i = 0; i < TABLES; i++) {
        uint64_t len = 8 * (2 + roll(rig, 40));
        uint64_t footer[2] = { roll(rig, rig->len), 8 * roll(rig, 40) };

        for (uint64_t at = 0; at < len; at++) {
            header->journal[at] = (char)roll(rig, 256);
        }
        memcpy(header->journal + len - sizeof(footer), footer, sizeof(footer));
        header->journal_len = len;
        (void)rig_comes_up(rig);
        assert_memory_equal(rig->chat->base.state.region.log,
                            rig->saved + (rig->len - STATE_RIG_LOG_BYTES), STATE_RIG_LOG_BYTES);
        rig_repair(rig);
    }
}

static void random_damage_to_tables_and_log_is_walked_over_in_bounded_time(void **state)
{
    struct rig *rig = *state;
    int n_good = 0;

    for (int i = 0; i < TABLES; i++) {
        rig_spoil(rig, sizeof(struct region_header), rig->len - sizeof(struct region_header));
        rig_spoil(rig, rig->len - STATE_RIG_LOG_BYTES, STATE_RIG_LOG_BYTES);
        n_good += rig_comes_up(rig);
        rig_repair(rig);
    }
    assert_in_range(n_good, 0, TABLES - 1);
}

/* The region is closed. */
static bool rig_converts(struct region *old)
{
    struct region made = { .fd = -1 };
    struct region_sizes sizes;
    struct state state;
    struct tx tx;
    bool is_good;

    (void)tx_init(&tx, old, NULL);
    sizes = region_fitting_sizes(old, &state_rig_sizes);
    assert_int_equal(region_resize(&made, old, &sizes), 0);
    (void)region_close(old, false);
    assert_int_equal(state_open(&state, &made, NULL), 0);
    is_good = state_check(&state) == NULL;
    (void)state_close(&state, false);
    return is_good;
}

static void random_damage_to_a_region_of_an_older_layout_does_not_stop_its_conversion(void **state)
{
    struct rig *rig = *state;
    int n_good = 0;

    for (int i = 0; i < OLD; i++) {
        struct region old = { .fd = -1 };
        int fd;

        rig_spoil(rig, sizeof(struct region_header), rig->len - sizeof(struct region_header));
        rig_spoil(rig, rig->len - STATE_RIG_LOG_BYTES, STATE_RIG_LOG_BYTES);
        fd = old_region_make(&rig->chat->base.state.region,
                             LAYOUT_FIRST + (uint32_t)i % (LAYOUT_VERSION - LAYOUT_FIRST));
        rig_repair(rig);
        assert_int_equal(region_adopt(&old, fd), 0);
        n_good += rig_converts(&old);
    }
    assert_in_range(n_good, 1, OLD - 1);
}

/* Row 0 of every table is always there. */
static void a_region_with_a_table_of_no_rows_is_refused(void **state)
{
    static const struct region_sizes rows[] = {
        { 0, 2, 2, 2, 2, 0, 4096 }, { 2, 0, 2, 2, 2, 0, 4096 }, { 2, 2, 0, 2, 2, 0, 4096 },
        { 2, 2, 2, 0, 2, 0, 4096 }, { 2, 2, 2, 2, 0, 0, 4096 },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct region region = { .fd = -1 }, again;

        if (region_create(&region, &rows[i]) == 0) {
            assert_int_equal(region_adopt(&again, region.fd), REGION_UNKNOWN);
        }
        (void)region_close(&region, false);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_header_of_random_bytes_is_refused_or_read_but_never_believed_blindly),
        TEST(a_journal_of_random_bytes_writes_nowhere_but_into_the_tables),
        cmocka_unit_test(a_region_with_a_table_of_no_rows_is_refused),
        TEST(random_damage_to_tables_and_log_is_walked_over_in_bounded_time),
        TEST(random_damage_to_a_region_of_an_older_layout_does_not_stop_its_conversion),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
