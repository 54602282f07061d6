/* SPDX-License-Identifier: MIT */
/* A small room for tests of front/follow: who is of a group, and what they are shown. */
#ifndef SUPPORT_TRIO_RIG_H
#define SUPPORT_TRIO_RIG_H

#include "front/follow.h"
#include "support/chat_rig.h"

/* Two who listen in a room, and one who said something there. */
struct trio {
    struct chat_rig *rig;
    uint32_t speaker, first, second, room;
    struct followers followers;
};

static inline struct trio trio_in_a_room(void **state)
{
    struct chat_rig *rig = *state;
    struct trio trio = { .rig = rig };

    trio.speaker = chat_person(rig, FRONT_LINE, "ann");
    trio.first = chat_person(rig, FRONT_LINE, "bob");
    trio.second = chat_person(rig, FRONT_LINE, "cat");
    trio.room = chat_join(rig, trio.speaker, "#a", 0);
    (void)chat_join(rig, trio.first, "#a", 0);
    (void)chat_join(rig, trio.second, "#a", 0);
    (void)chat_hear(rig, trio.first);
    (void)chat_hear(rig, trio.second);
    renderings_reset(&rig->exchange.renderings);
    followers_begin(&trio.followers, &rig->exchange);
    return trio;
}

static inline struct trio trio_after_a_line(void **state)
{
    struct trio trio = trio_in_a_room(state);

    chat_say(trio.rig, trio.speaker, trio.room, "hello");
    return trio;
}

static inline const struct wire_output *trio_output(const struct trio *trio, uint32_t row)
{
    return &trio->rig->base.state.wires[row].out;
}

static inline uint32_t trio_n_lent(const struct trio *trio)
{
    return trio->rig->base.state.pages.n_lent[PAGE_OUTPUT];
}

static inline bool trio_add(struct trio *trio, uint32_t row)
{
    return chat_try_follow(trio->rig, &trio->followers, row);
}

static inline void trio_commit(struct trio *trio)
{
    followers_commit(&trio->followers);
    state_rig_check(&trio->rig->base);
    followers_begin(&trio->followers, &trio->rig->exchange);
}

/* Behind `written` it has just this. */
static inline void trio_expect(const struct trio *trio, uint32_t row, uint64_t written,
                               const char *words)
{
    const char *heard = chat_take(trio->rig, row, written);

    assert_non_null(strstr(heard, words));
    assert_ptr_equal(strchr(heard, '\n'), heard + strlen(heard) - 1);
}

#endif
