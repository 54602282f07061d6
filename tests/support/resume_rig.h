/* SPDX-License-Identifier: MIT */
/* A client's model that asks for what was missed, and what a user is shown of the answers. */
#ifndef SUPPORT_RESUME_RIG_H
#define SUPPORT_RESUME_RIG_H

#include "support/model_rig.h"

static char resume_rig_shown[65536];

static inline void resume_rig_put_event(const struct event *event, struct buf *out)
{
    if (event->kind == EVENT_NONE) {
        return;
    }
    buf_format(out, "%s%.*s%s%.*s%s%.*s\n", event->is_past ? "past " : "", TEXT_ARG(event->room),
               event->room.len > 0 ? " " : "", TEXT_ARG(event->who), event->who.len > 0 ? ": " : "",
               TEXT_ARG(event->text));
}

/* What the user is resume_rig_shown of it. */
static inline const char *resume_rig_hear(struct model_rig *f, const char *line)
{
    struct buf b = buf_over(resume_rig_shown, sizeof(resume_rig_shown) - 1);

    model_rig_hear(f, line);
    resume_rig_put_event(&f->event, &b);
    while (heard_more(&f->model, MODEL_RIG_NOW, &f->event)) {
        resume_rig_put_event(&f->event, &b);
    }
    assert_false(b.full);
    resume_rig_shown[b.len] = '\0';
    return resume_rig_shown;
}

/* One room, and a server that tells what was said. */
static inline void resume_rig_enter(struct model_rig *f)
{
    model_rig_hear(f, ":s CAP * LS :batch message-tags server-time draft/chathistory");
    model_rig_hear(f, ":s CAP * ACK :batch message-tags server-time draft/chathistory");
    model_rig_hear(f, ":s 001 ann :welcome");
    (void)model_rig_sent(f);
    model_rig_hear(f, f->model.was_let_in ? "@time=2026-11-22T10:05:00.000Z :ann!a@host JOIN #tea"
                                          : "@time=2026-11-22T10:00:00.000Z :ann!a@host JOIN #tea");
}

static inline void resume_rig_come_back(struct model_rig *f)
{
    model_restart(&f->model);
    model_start(&f->model);
    resume_rig_enter(f);
}

static inline int resume_rig_set_up(void **state)
{
    struct model_rig *f;

    if (model_rig_set_up(state) != 0) {
        return -1;
    }
    f = *state;
    f->model.config.keeps_state = true;
    f->model.config.n_history = 20;
    return 0;
}

/* In the room, with one message resume_rig_shown. */
static inline void resume_rig_have_heard(struct model_rig *f)
{
    resume_rig_enter(f);
    (void)resume_rig_hear(f, ":s BATCH +a chathistory #tea");
    (void)resume_rig_hear(
        f, "@batch=a;time=2026-11-22T09:00:00.000Z;msgid=m1 :bob!b@h PRIVMSG #tea :one");
    assert_string_equal(resume_rig_hear(f, ":s BATCH -a"),
                        "#tea the last message:\npast #tea bob: one\n");
    (void)model_rig_sent(f);
}

#endif
