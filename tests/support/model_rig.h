/* SPDX-License-Identifier: MIT */
/* A client's model with a server played by the test: what it hears is an argument, what it sends is
 * compared as text. */
#ifndef SUPPORT_MODEL_RIG_H
#define SUPPORT_MODEL_RIG_H

#include "heard.h"
#include "model.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

enum { MODEL_RIG_NOW = 1000 };

struct model_rig {
    struct model model;
    struct event event;
    char sent[16384];
};

static const char *const model_rig_rooms[] = { "#lobby", "#two" };

static inline void model_rig_begin(struct model_rig *f, bool is_paced, const char *nick)
{
    const struct model_config config = {
        .nick = text_of(nick),
        .rooms = model_rig_rooms,
        .n_rooms = ARRAY_SIZE(model_rig_rooms),
        .is_paced = is_paced,
        .shows_own = !is_paced,
    };

    model_fini(&f->model);
    model_init(&f->model, &config);
    model_start(&f->model);
}

static inline int model_rig_set_up(void **state)
{
    static struct model_rig rig;

    rig = (struct model_rig){ .sent = "" };
    model_rig_begin(&rig, false, "ann");
    *state = &rig;
    return 0;
}

static inline int model_rig_tear_down(void **state)
{
    model_fini(&((struct model_rig *)*state)->model);
    return 0;
}

/* What was sent since the last call, with '\n' for CR LF. */
static inline const char *model_rig_sent(struct model_rig *f)
{
    struct text out = bytes_text(&f->model.out);
    size_t len = 0;

    for (size_t i = 0; i < out.len; i++) {
        if (out.at[i] != '\r') {
            f->sent[len++] = out.at[i];
        }
    }
    f->sent[len] = '\0';
    bytes_drop(&f->model.out, out.len);
    return f->sent;
}

static inline void model_rig_hear(struct model_rig *f, const char *line)
{
    heard_line(&f->model, text_of(line), MODEL_RIG_NOW, &f->event);
}

static inline void model_rig_assert_text(struct text t, const char *expected)
{
    assert_int_equal(t.len, strlen(expected));
    assert_memory_equal(t.at, expected, t.len);
}

static inline void model_rig_enter(struct model_rig *f)
{
    model_rig_hear(f, ":s 001 ann :welcome");
    model_rig_hear(f, ":ann!a@host JOIN #lobby");
    model_rig_hear(f, ":ann!a@host JOIN #two");
    model_rig_hear(f, ":s PONG s :partyline-1");
    assert_int_equal(f->model.state, MODEL_READY);
    (void)model_rig_sent(f);
}

#endif
