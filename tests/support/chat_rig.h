/* SPDX-License-Identifier: MIT */
/* Rooms and people without a socket: an exchange over a small region. People are rows; what one of
 * them gets is pulled and looked at as text. Every transaction's end checks the region. */
#ifndef SUPPORT_CHAT_RIG_H
#define SUPPORT_CHAT_RIG_H

#include "chat/members.h"
#include "chat/people.h"
#include "chat/records.h"
#include "chat/rooms.h"
#include "chat/talk.h"
#include "front/follow.h"
#include "support/state_rig.h"

struct chat_rig {
    struct state_rig base;
    struct exchange exchange;
    struct hub *hub;
    char heard[PAGE_SIZE_BYTES + 1];
};

static inline void chat_rig_open_hub(struct chat_rig *rig)
{
    static const struct hub_limits limits = { .rooms_per_person = MEMBERSHIPS_PER_PERSON - 1,
                                              .history_on_join = 10,
                                              .new_room_modes = ROOM_NO_EXTERNAL };

    rig->hub = &rig->exchange.hub;
    assert_int_equal(hub_init(rig->hub, &rig->base.state, &limits), 0);
}

static inline int chat_rig_set_up(void **state)
{
    static struct chat_rig rig;

    (void)setenv("TZ", "UTC", 1);
    state_rig_init(&rig.base);
    rig.exchange = (struct exchange){ .server_name = "test.example",
                                      .lobby = "#lobby",
                                      .motd = TEXT_NONE,
                                      .now = { .boot_ms = 5000, .real_ms = 1767322980678 },
                                      .line_bytes = 4096,
                                      .lines_per_second = 10,
                                      .rooms_per_person = MEMBERSHIPS_PER_PERSON - 1 };
    rig.exchange.fronts[FRONT_LINE] = &front_line;
    rig.exchange.fronts[FRONT_IRC] = &front_irc;
    assert_int_equal(renderings_init(&rig.exchange.renderings), 0);
    chat_rig_open_hub(&rig);
    *state = &rig;
    return 0;
}

static inline int chat_rig_tear_down(void **state)
{
    struct chat_rig *rig = *state;

    state_rig_check(&rig->base);
    hub_fini(rig->hub);
    renderings_fini(&rig->exchange.renderings);
    state_rig_fini(&rig->base);
    return 0;
}

/* The process is gone: what lies outside the region is built anew. */
static inline void chat_rig_restart(struct chat_rig *rig)
{
    hub_fini(rig->hub);
    state_rig_restart(&rig->base);
    chat_rig_open_hub(rig);
}

static inline void chat_begin(struct chat_rig *rig)
{
    state_rig_begin(&rig->base);
}

/* Rooms that nobody is in any more go as they do when a round ends. */
static inline void chat_commit(struct chat_rig *rig)
{
    bool is_more = true;

    state_rig_commit(&rig->base);
    while (is_more) {
        chat_begin(rig);
        is_more = rooms_reap(rig->hub);
        state_rig_commit(&rig->base);
    }
}

/* ---- people ---- */

/* A connection without a name. */
static inline uint32_t chat_connect(struct chat_rig *rig, enum front_number front)
{
    uint32_t row = state_rig_wire(&rig->base);
    struct wire *wire;

    state_begin(&rig->base.state);
    wire = state_edit_wire(&rig->base.state, row);
    wire->front = (uint8_t)front;
    wire->phase = WIRE_OPEN;
    memcpy(wire->host, "\0\0\0\0\0\0\0\0\0\0\xff\xff\x0a\0\0\x01", sizeof(wire->host));
    state_commit(&rig->base.state);
    return row;
}

/* A registered person of this nick, in no room. */
static inline uint32_t chat_person(struct chat_rig *rig, enum front_number front, const char *nick)
{
    uint32_t row = chat_connect(rig, front);

    chat_begin(rig);
    assert_int_equal(people_rename(rig->hub, row, text_of(nick), rig->exchange.now), 0);
    people_register(rig->hub, row, rig->exchange.now);
    chat_commit(rig);
    return row;
}

/* In a transaction; returns the outcome. */
static inline int chat_try_join(struct chat_rig *rig, uint32_t person, struct text room,
                                uint32_t history, uint32_t *out_row)
{
    struct joining joining = { .name = room, .history = history };

    return rooms_join(rig->hub, person, &joining, rig->exchange.now, out_row);
}

/* The same. */
static inline int chat_try_say(struct chat_rig *rig, uint32_t person, uint32_t room,
                               struct text text)
{
    struct utterance said = { .kind = RECORD_SAID, .text = text };

    return talk_in_room(rig->hub, person, room, &said, rig->exchange.now);
}

/* The same. */
static inline int chat_try_tell(struct chat_rig *rig, uint32_t person, uint32_t target,
                                struct text text)
{
    struct utterance said = { .kind = RECORD_SAID, .text = text };

    return talk_to(rig->hub, person, target, &said, rig->exchange.now);
}

static inline uint32_t chat_join(struct chat_rig *rig, uint32_t person, const char *room,
                                 uint32_t history)
{
    uint32_t row = 0;

    chat_begin(rig);
    assert_int_equal(chat_try_join(rig, person, text_of(room), history, &row), 0);
    chat_commit(rig);
    return row;
}

static inline void chat_leave(struct chat_rig *rig, uint32_t person, uint32_t room)
{
    chat_begin(rig);
    assert_int_equal(rooms_leave(rig->hub, person, room, TEXT_NONE, rig->exchange.now), 0);
    chat_commit(rig);
}

static inline void chat_say(struct chat_rig *rig, uint32_t person, uint32_t room, const char *text)
{
    chat_begin(rig);
    assert_int_equal(chat_try_say(rig, person, room, text_of(text)), 0);
    chat_commit(rig);
}

static inline void chat_tell(struct chat_rig *rig, uint32_t person, uint32_t target,
                             const char *text)
{
    chat_begin(rig);
    assert_int_equal(chat_try_tell(rig, person, target, text_of(text)), 0);
    chat_commit(rig);
}

static inline void chat_quit(struct chat_rig *rig, uint32_t person)
{
    chat_begin(rig);
    people_quit(rig->hub, person, TEXT("bye"), rig->exchange.now);
    chat_commit(rig);
}

/* ---- reading ---- */

/* Opens the person's output, of which everything was sent. */
static inline void chat_open_reader(struct chat_rig *rig, uint32_t person, struct reader *reader)
{
    chat_begin(rig);
    assert_int_equal(
        output_open(reader, &rig->exchange, person, rig->base.state.wires[person].out.produced), 0);
}

/* Ends the transaction as if all of it was sent, and returns what was appended, as a string. */
static inline const char *chat_close_reader(struct chat_rig *rig, struct reader *reader)
{
    uint32_t page = reader->page;
    size_t len = reader->output.len - reader->output_start;

    memcpy(rig->heard, reader->output.at + reader->output_start, len);
    rig->heard[len] = '\0';
    output_close(reader);
    chat_commit(rig);
    if (len > 0) {
        pages_give_back(&rig->base.state.pages, page, PAGE_OUTPUT);
    }
    return rig->heard;
}

/* Everything that is due to this person. */
static inline const char *chat_hear(struct chat_rig *rig, uint32_t person)
{
    struct reader reader;

    chat_open_reader(rig, person, &reader);
    assert_true(output_pull(&reader, 0));
    return chat_close_reader(rig, &reader);
}

/* Everything that is due to it, if it is of this group and all of its output was sent. */
static inline bool chat_try_follow(struct chat_rig *rig, struct followers *followers,
                                   uint32_t person)
{
    return followers_add(followers, person, rig->base.state.wires[person].out.produced);
}

/* What was committed behind `written`, as if it was sent now. */
static inline const char *chat_take(struct chat_rig *rig, uint32_t person, uint64_t written)
{
    struct state *state = &rig->base.state;
    const struct wire_output *out = &state->wires[person].out;
    size_t len = (size_t)(out->produced - written);

    if (len > 0) {
        memcpy(rig->heard, region_page(&state->region, out->page) + (written - out->base), len);
        pages_give_back(&state->pages, out->page, PAGE_OUTPUT);
    }
    rig->heard[len] = '\0';
    return rig->heard;
}

/* All pages that are free; `lent` has pages.n_pages places. */
static inline uint32_t chat_lend_all(struct chat_rig *rig, uint32_t *lent)
{
    uint32_t n = 0;

    while ((lent[n] = pages_lend(&rig->base.state.pages, PAGE_OUTPUT)) != 0) {
        n++;
    }
    return n;
}

static inline void chat_give_back(struct chat_rig *rig, const uint32_t *lent, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        pages_give_back(&rig->base.state.pages, lent[i], PAGE_OUTPUT);
    }
}

#define CHAT_TEST(name) cmocka_unit_test_setup_teardown(name, chat_rig_set_up, chat_rig_tear_down)

#endif
