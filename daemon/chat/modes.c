/* SPDX-License-Identifier: MIT */
/* One table of modes; one function for each kind. */
#include "chat/modes.h"

#include "chat/members.h"
#include "chat/people.h"
#include "chat/permissions.h"
#include "chat/records.h"
#include "lib/mask.h"

/* clang-format off */
static const struct mode MODES[] = {
    { 'b', MODE_LIST,   ROOM_BANS,         "bans",                                 "no longer bans" },
    { 'e', MODE_LIST,   ROOM_EXCEPTIONS,   "makes an exception of its bans for",   "makes no exception any more for" },
    { 'I', MODE_LIST,   ROOM_INVITATIONS,  "lets in without invitation",           "no longer lets in without invitation" },
    { 'i', MODE_FLAG,   ROOM_INVITE_ONLY,  "is for those who are invited",         "is open without invitation" },
    { 'k', MODE_KEY,    0,                 "is locked with the key",               "needs no key any more" },
    { 'l', MODE_LIMIT,  0,                 "has room for",                         "has room for everybody" },
    { 'm', MODE_FLAG,   ROOM_MODERATED,    "is moderated",                         "is no longer moderated" },
    { 'n', MODE_FLAG,   ROOM_NO_EXTERNAL,  "hears only those who are in it",       "hears people from outside too" },
    { 'o', MODE_MEMBER, MEMBER_OPERATOR,   "is an operator of",                    "is no longer an operator of" },
    { 's', MODE_FLAG,   ROOM_SECRET,       "is secret",                            "is no longer secret" },
    { 't', MODE_FLAG,   ROOM_TOPIC_LOCKED, "lets only operators set its topic",    "lets everybody set its topic" },
    { 'v', MODE_MEMBER, MEMBER_VOICE,      "has a voice in",                       "has no voice in" },
};
/* clang-format on */

const struct mode *mode_at(size_t n)
{
    return n < ARRAY_SIZE(MODES) ? &MODES[n] : NULL;
}

const struct mode *mode_find(char letter)
{
    for (size_t i = 0; i < ARRAY_SIZE(MODES); i++) {
        if (MODES[i].letter == letter) {
            return &MODES[i];
        }
    }
    return NULL;
}

bool mode_needs_argument(const struct mode *mode, bool is_on)
{
    return mode->kind != MODE_FLAG && (is_on || mode->kind != MODE_LIMIT);
}

bool modes_from_letters(struct text letters, uint32_t *out_modes)
{
    uint32_t modes = 0;

    for (size_t i = 0; i < letters.len; i++) {
        const struct mode *mode = mode_find(letters.at[i]);

        if (mode == NULL || mode->kind != MODE_FLAG) {
            return false;
        }
        modes |= mode->what;
    }
    *out_modes = modes;
    return true;
}

void modes_print(const struct hub *hub, uint32_t row, bool with_key, struct buf *out)
{
    const struct room *room = hub_room(hub, row);

    buf_char(out, '+');
    for (size_t i = 0; i < ARRAY_SIZE(MODES); i++) {
        const struct mode *mode = &MODES[i];

        if ((mode->kind == MODE_FLAG && (room->modes & mode->what)) ||
            (mode->kind == MODE_KEY && room->key != 0) ||
            (mode->kind == MODE_LIMIT && room->limit != 0)) {
            buf_char(out, mode->letter);
        }
    }
    if (room->key != 0 && with_key) {
        buf_char(out, ' ');
        state_get_text(hub->state, room->key, out);
    } else if (room->key != 0) {
        buf_text_put(out, TEXT(" *"));
    }
    if (room->limit != 0) {
        buf_format(out, " %u", room->limit);
    }
}

/* ---- changing ---- */

void modes_begin(struct modes_change *change, struct hub *hub, uint32_t person, uint32_t room,
                 struct moment now)
{
    change->hub = hub;
    change->person = person;
    change->room = room;
    change->now = now;
    change->letters = buf_over(change->letters_space, sizeof(change->letters_space));
    change->arguments = buf_over(change->arguments_space, sizeof(change->arguments_space));
    change->sign = '\0';
}

/* Takes down what was changed, for the record. */
static void modes_note(struct modes_change *change, char letter, bool is_on, struct text argument)
{
    char sign = is_on ? '+' : '-';

    if (change->sign != sign) {
        buf_char(&change->letters, sign);
        change->sign = sign;
    }
    buf_char(&change->letters, letter);
    if (argument.len > 0) {
        buf_char(&change->arguments, ' ');
        buf_text_put(&change->arguments, argument);
    }
}

static int modes_set_flag(struct modes_change *change, const struct mode *mode, bool is_on)
{
    struct state *state = change->hub->state;
    uint32_t modes = state->rooms[change->room].modes;

    if (((modes & mode->what) != 0) != is_on) {
        state_edit_room(state, change->room)->modes = modes ^ mode->what;
        modes_note(change, mode->letter, is_on, TEXT_NONE);
    }
    return 0;
}

/* A key that IRC can carry in JOIN and MODE: no comma, no space, no colon ahead. */
static bool modes_is_key(struct text key)
{
    return key.len > 0 && key.len <= KEY_MAX && key.at[0] != ':' &&
           text_find(key, ' ') == key.len && text_find(key, ',') == key.len;
}

static int modes_set_key(struct modes_change *change, bool is_on, struct text key)
{
    struct state *state = change->hub->state;

    if (is_on && !modes_is_key(key)) {
        return CHAT_BAD_ARGUMENT;
    }
    if (!state_has_cells(state, KEY_MAX)) {
        return CHAT_FULL;
    }
    if (is_on || state->rooms[change->room].key != 0) {
        state_set_text(state, &state_edit_room(state, change->room)->key, is_on ? key : TEXT_NONE);
        modes_note(change, 'k', is_on, is_on ? key : TEXT("*"));
    }
    return 0;
}

static int modes_set_limit(struct modes_change *change, bool is_on, struct text argument)
{
    struct state *state = change->hub->state;
    uint64_t limit = 0;

    if (is_on && (!text_number(argument, LIMIT_MAX, &limit) || limit == 0)) {
        return CHAT_BAD_ARGUMENT;
    }
    if (state->rooms[change->room].limit != limit) {
        state_edit_room(state, change->room)->limit = (uint32_t)limit;
        modes_note(change, 'l', is_on, is_on ? argument : TEXT_NONE);
    }
    return 0;
}

static int modes_set_mask(struct modes_change *change, const struct mode *mode, bool is_on,
                          struct text given)
{
    enum room_list list = (enum room_list)mode->what;
    char space[MASK_MAX];
    struct buf mask = buf_over(space, sizeof(space));
    struct mask_entry entry;
    bool is_changed;
    int r;

    mask_complete(given, &mask);
    if (mask.full || text_find(given, ' ') < given.len || given.at[0] == ':') {
        return CHAT_BAD_ARGUMENT; /* IRC could not list it */
    }
    entry = (struct mask_entry){ .mask = buf_text(&mask),
                                 .by = text_of(hub_person(change->hub, change->person)->nick),
                                 .set_s = change->now.real_ms / 1000 };
    r = is_on ? masks_add(change->hub, change->room, list, &entry, &is_changed)
              : masks_remove(change->hub, change->room, list, entry.mask, &is_changed);
    if (r == 0 && is_changed) {
        modes_note(change, mode->letter, is_on, entry.mask);
    }
    return r;
}

static int modes_set_rank(struct modes_change *change, const struct mode *mode, bool is_on,
                          struct text nick)
{
    struct hub *hub = change->hub;
    uint32_t target = people_find_registered(hub, nick);
    uint32_t m = target == 0 ? 0 : members_find(hub, target, change->room);

    if (target == 0) {
        return CHAT_NO_PERSON;
    }
    if (m == 0) {
        return CHAT_TARGET_ABSENT;
    }
    if (((hub_membership(hub, m)->flags & mode->what) != 0) != is_on) {
        members_set_rank(hub, m, mode->what, is_on);
        /* The record that will tell of it is about the target, who is shown it in other words. */
        hub->spoke[target] = hub->state->header->log.next_number;
        modes_note(change, mode->letter, is_on, text_of(hub_person(hub, target)->nick));
    }
    return 0;
}

int modes_set(struct modes_change *change, char letter, bool is_on, struct text argument)
{
    const struct mode *mode = mode_find(letter);
    int r = may_change(change->hub, change->person, change->room);

    if (mode == NULL) {
        return CHAT_UNKNOWN_MODE;
    }
    if (r != 0) {
        return r;
    }
    if (argument.len == 0 && mode_needs_argument(mode, is_on) &&
        (is_on || mode->kind != MODE_KEY)) {
        return CHAT_NO_ARGUMENT;
    }
    switch (mode->kind) {
    case MODE_FLAG: return modes_set_flag(change, mode, is_on);
    case MODE_KEY: return modes_set_key(change, is_on, argument);
    case MODE_LIMIT: return modes_set_limit(change, is_on, argument);
    case MODE_LIST: return modes_set_mask(change, mode, is_on, argument);
    case MODE_MEMBER: return modes_set_rank(change, mode, is_on, argument);
    }
    return CHAT_UNKNOWN_MODE;
}

void modes_end(struct modes_change *change)
{
    char space[sizeof(change->letters_space) + sizeof(change->arguments_space)];
    struct buf text = buf_over(space, sizeof(space));
    struct draft draft = { .kind = RECORD_MODES };

    if (change->letters.len == 0) {
        return;
    }
    buf_text_put(&text, buf_text(&change->letters));
    buf_text_put(&text, buf_text(&change->arguments));
    draft.text = buf_text(&text);
    record_in_room(change->hub, change->person, change->room, &draft, change->now);
}
