/* SPDX-License-Identifier: MIT */
/* One record at a time, rendered: a draft goes into the log and comes out as bytes of a flavour. */
#ifndef SUPPORT_RENDER_RIG_H
#define SUPPORT_RENDER_RIG_H

#include "support/chat_rig.h"

struct render_rig {
    struct chat_rig *chat;
    uint32_t room;
    char bytes[RENDERING_MAX + 1];
};

static inline int render_rig_set_up(void **state)
{
    static struct render_rig f;

    if (chat_rig_set_up(state) != 0) {
        return -1;
    }
    f = (struct render_rig){ .chat = *state };
    f.room = state_rig_room(&f.chat->base);
    *state = &f;
    return 0;
}

static inline int render_rig_tear_down(void **state)
{
    struct render_rig *f = *state;

    *state = f->chat;
    return chat_rig_tear_down(state);
}

static inline const struct record *render_rig_record(struct render_rig *f,
                                                     const struct draft *draft)
{
    struct state *state = &f->chat->base.state;

    chat_begin(f->chat);
    (void)log_append(state, draft, &f->room, 1);
    chat_commit(f->chat);
    return log_record(state, state->rooms[f->room].chain.last_pos);
}

/* As a string; what does not fit fails the test. */
static inline const char *render_rig_bytes(struct render_rig *f, const struct front *front,
                                           const struct draft *draft, uint32_t flavour)
{
    struct buf out = buf_over(f->bytes, RENDERING_MAX);

    front->render(&f->chat->exchange, render_rig_record(f, draft), flavour, &out);
    assert_false(out.full);
    f->bytes[out.len] = '\0';
    assert_int_equal(strlen(f->bytes), out.len);
    return f->bytes;
}

/* `len` bytes of text in characters of `n` bytes. */
static inline struct text render_rig_text(size_t len, const char *character)
{
    static char text[RECORD_TEXT_MAX + 4];
    size_t n = strlen(character);

    for (size_t i = 0; i + n <= len; i += n) {
        memcpy(text + i, character, n);
    }
    return (struct text){ text, len / n * n };
}

#define RENDER_TEST(name)                                                                          \
    cmocka_unit_test_setup_teardown(name, render_rig_set_up, render_rig_tear_down)

#endif
