/* SPDX-License-Identifier: MIT */
/* The conversation of which test_recorded_regions keeps a recording for each layout: some of
 * everything that a region can hold. What a new layout adds is added here. */
#ifndef SUPPORT_RECORDED_TALK_H
#define SUPPORT_RECORDED_TALK_H

#include "support/chat_rig.h"

/* All that is due was sent: the page is somebody else's. */
static inline void recorded_hear(struct chat_rig *rig, uint32_t row)
{
    struct wire_output *out;

    (void)chat_hear(rig, row);
    state_begin(&rig->base.state);
    out = state_edit_output(&rig->base.state, row);
    out->base = out->produced;
    state_commit(&rig->base.state);
}

/* A line without end, across the end of the page. */
static inline void recorded_talk_half(struct state *state, uint32_t row)
{
    static const char bytes[] = "/me types sl";
    struct wire_input *in;
    uint32_t page = pages_lend(&state->pages, PAGE_INPUT);

    for (size_t i = 0; i < sizeof(bytes) - 1; i++) {
        region_page(&state->region, page)[(PAGE_SIZE_BYTES - 4 + i) % PAGE_SIZE_BYTES] = bytes[i];
    }
    state_begin(state);
    in = state_edit_input(state, row);
    in->consumed = PAGE_SIZE_BYTES - 4;
    in->read = PAGE_SIZE_BYTES - 4 + sizeof(bytes) - 1;
    in->page = page;
    state_commit(state);
}

static inline void recorded_leave_unsent(struct state *state, uint32_t row)
{
    static const char bytes[] = ":ann!u@h PRIVMSG #tea :milk first\r\n";
    struct wire_output *out;
    uint32_t page = pages_lend(&state->pages, PAGE_OUTPUT);

    memcpy(region_page(&state->region, page), bytes, sizeof(bytes) - 1);
    state_begin(state);
    out = state_edit_output(state, row);
    out->base = 1000;
    out->produced = 1000 + sizeof(bytes) - 1;
    out->page = page;
    state_commit(state);
}

/* ---- what layout 2 added: all of it, whether or not anybody says it so ---- */

static inline void recorded_fill_room(struct chat_rig *rig, uint32_t row)
{
    static const char *const lists[ROOM_LISTS] = {
        [ROOM_BANS] = "mallory!*@*\n*!*@10.66.0.0/16 and so on, for more than one cell of text",
        [ROOM_EXCEPTIONS] = "*!trent@*",
        [ROOM_INVITATIONS] = "*!*@example.org\ndan!*@*",
    };
    struct room *room;

    chat_begin(rig);
    room = state_edit_room(&rig->base.state, row);
    room->modes = ROOM_INVITE_ONLY | ROOM_MODERATED | ROOM_SECRET | ROOM_TOPIC_LOCKED;
    room->limit = 12;
    state_set_text(&rig->base.state, &room->key, TEXT("sesame"));
    for (int i = 0; i < ROOM_LISTS; i++) {
        state_set_text(&rig->base.state, &room->lists[i], text_of(lists[i]));
    }
    chat_commit(rig);
}

static inline void recorded_fill_member(struct chat_rig *rig, uint32_t person)
{
    const struct person *it = &rig->base.state.people[person];

    chat_begin(rig);
    state_edit_membership(&rig->base.state, it->first_membership)->flags = MEMBER_VOICE;
    state_edit_membership(&rig->base.state, it->last_membership)->flags =
        MEMBER_OPERATOR | MEMBER_VOICE;
    chat_commit(rig);
}

static inline void recorded_fill_people(struct chat_rig *rig, uint32_t ann, uint32_t bob)
{
    static const uint32_t rooms[] = { 2, 1 };
    struct state *state = &rig->base.state;
    struct person_more more = { 0 };

    chat_begin(rig);
    state_edit_person(state, ann)->flags |= PERSON_INVISIBLE | PERSON_BOT | PERSON_KILLED;
    state_edit_person(state, bob)->flags |= PERSON_WALLOPS | PERSON_OPERATOR;
    state_edit_output(state, bob)->batch = 7;
    state_set_text(state, &more.account, TEXT("annabel"));
    state_set_text(state, &more.host, TEXT("annabel.users.example"));
    state_set_text(state, &more.invited, (struct text){ (const char *)rooms, sizeof(rooms) });
    state_set_text(state, &more.watched, TEXT("bob cat"));
    state_set_person_more(state, ann, &more);
    chat_commit(rig);
}

static inline void recorded_fill_past(struct chat_rig *rig)
{
    static const struct past rows[] = {
        { 1767322980001, "dan", "danny", "dan.example", "Dan the Man", "" },
        { 1767322980002, "eve", "eve", "10.0.0.9", "", "evelyn" },
    };
    struct state *state = &rig->base.state;

    chat_begin(rig);
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        *state_edit_past(state, state_edit_counters(state)->next_past++) = rows[i];
    }
    *state_edit_past(state, PAST_ROWS - 1) = rows[0];
    chat_commit(rig);
}

/* Each kind of record, with one extra more each time. */
static inline void recorded_fill_log(struct chat_rig *rig, uint32_t room)
{
    for (int kind = RECORD_KICKED; kind <= RECORD_WALLOPS; kind++) {
        int n = kind - RECORD_KICKED;
        struct draft draft = { .kind = (enum record_kind)kind,
                               .real_ms = rig->exchange.now.real_ms + 1,
                               .author_id = 1,
                               .who = TEXT("ann"),
                               .source = TEXT("guest@10.0.0.1"),
                               .where = TEXT("#tea"),
                               .text = TEXT("as it may be"),
                               .target = n & 1 ? TEXT("bob") : TEXT_NONE,
                               .account = n & 2 ? TEXT("annabel") : TEXT_NONE,
                               .tags = n & 4 ? TEXT("+typing=active;+x") : TEXT_NONE,
                               .flags = (uint8_t)(n % (RECORD_BY_BOT + RECORD_BY_DAEMON + 1)) };

        chat_begin(rig);
        (void)log_append(&rig->base.state, &draft, &room, 1);
        chat_commit(rig);
    }
}

/* ---- what layout 3 added ---- */

static inline void recorded_fill_marks(struct chat_rig *rig, uint32_t ann, uint32_t bob)
{
    static const char anns[] = "\x04\x46\x91\xa8\x7c\x9b\x01#tea"
                               "\x03\0\0\0\0\0\0Bob"
                               "\x31\x45\x91\xa8\x7c\x9b\x01#a-room-of-which-the-name-is-longer-"
                               "than-most-are";
    static const char bobs[] = "\x06\x47\x91\xa8\x7c\x9b\x01#lobby";
    struct state *state = &rig->base.state;
    struct person_more more = state_person_more(state, ann);

    chat_begin(rig);
    state_set_text(state, &more.marks, (struct text){ anns, sizeof(anns) - 1 });
    state_set_person_more(state, ann, &more);
    more = state_person_more(state, bob);
    state_set_text(state, &more.marks, (struct text){ bobs, sizeof(bobs) - 1 });
    state_set_person_more(state, bob, &more);
    chat_commit(rig);
}

/* ---- what layout 4 added ---- */

/* The end of what `with` is not sent yet is due to this one, too: out of the same page. */
static inline void recorded_share_unsent(struct state *state, uint32_t row, uint32_t with)
{
    const struct wire_output *shared = &state->wires[with].out;
    struct wire_output *out;

    pages_share(&state->pages, shared->page);
    state_begin(state);
    out = state_edit_output(state, row);
    out->base = 500;
    out->produced = 500 + shared->produced - shared->base;
    out->page = shared->page;
    state_commit(state);
}

static inline void recorded_talk(struct chat_rig *rig)
{
    uint32_t ann = chat_person(rig, FRONT_LINE, "ann");
    uint32_t bob = chat_person(rig, FRONT_IRC, "bob");
    uint32_t cat = chat_person(rig, FRONT_LINE, "cat");
    uint32_t lobby = chat_join(rig, ann, "#lobby", 0);
    uint32_t tea = chat_join(rig, ann, "#tea", 0);

    (void)chat_join(rig, bob, "#lobby", 0);
    (void)chat_join(rig, bob, "#tea", 5);
    (void)chat_join(rig, cat, "#lobby", 5);
    chat_say(rig, ann, lobby, "is anybody there?");
    chat_say(rig, bob, tea, "milk first, \xc3\xa9videmment");
    chat_begin(rig);
    assert_int_equal(talk_set_topic(rig->hub, ann, tea,
                                    TEXT("a topic that needs more than one "
                                         "cell, since a cell is short"),
                                    rig->exchange.now),
                     0);
    state_set_text(&rig->base.state, &state_edit_person(&rig->base.state, cat)->away,
                   TEXT("asleep"));
    chat_commit(rig);
    chat_tell(rig, ann, bob, "psst");
    recorded_hear(rig, ann);
    chat_leave(rig, bob, lobby);
    chat_quit(rig, cat);
    recorded_talk_half(&rig->base.state, ann);
    recorded_leave_unsent(&rig->base.state, bob);
    recorded_share_unsent(&rig->base.state, chat_person(rig, FRONT_IRC, "eve"), bob);
    recorded_fill_room(rig, tea);
    recorded_fill_member(rig, ann);
    recorded_fill_people(rig, ann, bob);
    recorded_fill_marks(rig, ann, bob);
    recorded_fill_past(rig);
    recorded_fill_log(rig, tea);
}

#endif
