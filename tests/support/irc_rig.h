/* SPDX-License-Identifier: MIT */
/* Lines of an IRC client without a socket: handled as the session does, step by step. */
#ifndef SUPPORT_IRC_RIG_H
#define SUPPORT_IRC_RIG_H

#include "front/irc.h"
#include "support/chat_rig.h"

struct irc_heard {
    char text[8 * PAGE_SIZE_BYTES]; /* a string */
    size_t len;
    uint32_t n_steps;
};

static inline void irc_rig_keep(struct chat_rig *rig, struct reader *reader,
                                struct irc_heard *heard)
{
    struct text part = text_of(chat_close_reader(rig, reader));

    assert_true(heard->len + part.len < sizeof(heard->text));
    memcpy(heard->text + heard->len, part.at, part.len + 1);
    heard->len += part.len;
}

/* The long answer that is under way, to its end. */
static inline void irc_rig_answer(struct chat_rig *rig, uint32_t person, struct irc_heard *heard)
{
    struct reader reader;

    while (rig->base.state.wires[person].answer.kind != 0) {
        chat_open_reader(rig, person, &reader);
        front_irc.answer(&reader);
        irc_rig_keep(rig, &reader, heard);
    }
}

/* What was answered; a long answer to the last step is left to irc_rig_answer(). No step may write
 * more than it was promised room for. */
static inline struct irc_heard *irc_rig_take(struct chat_rig *rig, uint32_t person,
                                             struct text line)
{
    static struct irc_heard heard;
    char space[REASON_MAX];
    struct buf reason = buf_over(space, sizeof(space));
    struct reader reader;
    int r;

    heard.len = 0;
    heard.n_steps = 0;
    do {
        irc_rig_answer(rig, person, &heard);
        chat_open_reader(rig, person, &reader);
        assert_true(output_pull(&reader, 0));
        reader.output.size = reader.output.len + front_irc.room(line);
        r = front_irc.line(&reader, line, &reason);
        assert_true(output_pull(&reader, 0));
        assert_false(reader.output.full);
        if (r == FRONT_MORE) {
            state_edit_input(&rig->base.state, person)->step++;
        } else {
            state_edit_input(&rig->base.state, person)->step = 0;
        }
        irc_rig_keep(rig, &reader, &heard);
        heard.n_steps++;
    } while (r == FRONT_MORE);
    return &heard;
}

#endif
