/* SPDX-License-Identifier: MIT */
/* What is said becomes a record in a room or in two boxes. */
#include "chat/talk.h"

#include "chat/members.h"
#include "chat/names.h"
#include "chat/people.h"
#include "chat/permissions.h"
#include "chat/records.h"
#include "lib/utf8.h"

static int talk_check(const struct utterance *utterance)
{
    if (utterance->kind == RECORD_TAGGED) {
        return utterance->tags.len == 0 ? CHAT_NO_TEXT : 0;
    }
    if (utterance->text.len == 0) {
        return CHAT_NO_TEXT;
    }
    return utterance->text.len > RECORD_TEXT_MAX ? CHAT_TEXT_TOO_LONG : 0;
}

static struct draft talk_draft(const struct utterance *utterance, struct moment now)
{
    return (struct draft){ .kind = utterance->kind,
                           .real_ms = now.real_ms,
                           .text = utterance->text,
                           .tags = utterance->tags.len > RECORD_TAGS_MAX ? TEXT_NONE
                                                                         : utterance->tags };
}

/* "#room", or "@#room" for those with a rank. */
static struct text talk_where(const struct hub *hub, uint32_t room, uint32_t least,
                              char space[ROOM_NAME_SIZE + 1])
{
    struct buf where = buf_over(space, ROOM_NAME_SIZE + 1);

    if (least != 0) {
        buf_char(&where, least == MEMBER_OPERATOR ? '@' : '+');
    }
    buf_text_put(&where, text_of(hub_room(hub, room)->name));
    return buf_text(&where);
}

int talk_in_room(struct hub *hub, uint32_t person, uint32_t room, const struct utterance *utterance,
                 struct moment now)
{
    uint32_t owners[2] = { room, person | LINK_BOX };
    struct draft draft = talk_draft(utterance, now);
    char space[ROOM_NAME_SIZE + 1];
    int r = may_speak(hub, person, room);

    if (r == 0) {
        r = talk_check(utterance);
    }
    if (r != 0) {
        return r;
    }
    draft.where = talk_where(hub, room, utterance->least, space);
    /* Who speaks from outside sees its own words in its own box. */
    record_act(hub, person, &draft, owners, members_find(hub, person, room) == 0 ? 2 : 1);
    if (utterance->kind != RECORD_TAGGED) {
        people_spoke(hub, person, now);
    }
    return 0;
}

int talk_to(struct hub *hub, uint32_t person, uint32_t target, const struct utterance *utterance,
            struct moment now)
{
    uint32_t owners[2] = { target | LINK_BOX, person | LINK_BOX };
    struct draft draft = talk_draft(utterance, now);
    int r = talk_check(utterance);

    if (r != 0) {
        return r;
    }
    draft.where = text_of(hub_person(hub, target)->nick);
    record_act(hub, person, &draft, owners, person == target ? 1 : 2);
    if (utterance->kind != RECORD_TAGGED) {
        people_spoke(hub, person, now);
    }
    return 0;
}

int talk_set_topic(struct hub *hub, uint32_t person, uint32_t room, struct text topic,
                   struct moment now)
{
    struct draft draft = { .kind = RECORD_TOPIC, .text = topic };
    int r = may_set_topic(hub, person, room);
    struct room *writable;

    if (r != 0) {
        return r;
    }
    if (topic.len > TOPIC_MAX) {
        return CHAT_TEXT_TOO_LONG;
    }
    if (!state_has_cells(hub->state, topic.len + CELL_BYTES + NICK_MAX)) {
        return CHAT_FULL;
    }
    writable = state_edit_room(hub->state, room);
    state_set_text(hub->state, &writable->topic, topic);
    state_set_text(hub->state, &writable->topic_by, text_of(hub_person(hub, person)->nick));
    writable->topic_ms = now.real_ms;
    record_in_room(hub, person, room, &draft, now);
    return 0;
}

bool talk_wallops_is_last(const struct hub *hub, uint32_t step)
{
    return (step + 1) * TALK_WALLOPS_ROWS >= hub->state->header->sizes.wires;
}

int talk_wallops(struct hub *hub, uint32_t person, struct text text, uint32_t step,
                 struct moment now)
{
    uint32_t n_rows = hub->state->header->sizes.wires;
    uint32_t from = step * TALK_WALLOPS_ROWS, end = from + TALK_WALLOPS_ROWS, n = 0;
    uint32_t owners[TALK_WALLOPS_ROWS];
    struct draft draft = { .kind = RECORD_WALLOPS,
                           .real_ms = now.real_ms,
                           .text = { text.at, utf8_fit(text, WALLOPS_MAX) } };

    if (!(hub_person(hub, person)->flags & PERSON_OPERATOR)) {
        return CHAT_NOT_PRIVILEGED;
    }
    if (text.len == 0) {
        return CHAT_NO_TEXT;
    }
    for (uint32_t row = from; row < end && row < n_rows; row++) {
        if (hub_person(hub, row)->flags & PERSON_WALLOPS) {
            owners[n++] = row | LINK_BOX;
        }
    }
    if (n > 0) {
        record_act(hub, person, &draft, owners, n);
    }
    return 0;
}
