/* SPDX-License-Identifier: MIT */
/* People. A record tells who by value, so that history shows the name of then. */
#include "chat/people.h"

#include "chat/names.h"
#include "chat/rooms.h"
#include "lib/host.h"

#include <string.h>

uint32_t people_find(const struct hub *hub, struct text nick)
{
    uint32_t hash = index_hash_nocase(&hub->nicks, nick);

    for (uint32_t row = index_first(&hub->nicks, hash); row != 0;
         row = index_next(&hub->nicks, row)) {
        if (text_equal_nocase(text_of(hub_person(hub, row)->nick), nick)) {
            return row;
        }
    }
    return 0;
}

uint32_t people_find_registered(const struct hub *hub, struct text nick)
{
    uint32_t row = people_find(hub, nick);

    return row != 0 && (hub_person(hub, row)->flags & PERSON_REGISTERED) ? row : 0;
}

static void people_give_up_nick(struct hub *hub, const struct person *person, uint32_t row)
{
    if (person->nick[0] != '\0' && !(person->flags & PERSON_GONE)) {
        index_remove(&hub->nicks, index_hash_nocase(&hub->nicks, text_of(person->nick)), row);
    }
}

static void people_set_nick(struct hub *hub, uint32_t row, struct text nick, bool is_guest)
{
    struct person *person = state_edit_person(hub->state, row);

    people_give_up_nick(hub, person, row);
    memset(person->nick, 0, sizeof(person->nick));
    memcpy(person->nick, nick.at, size_min(nick.len, NICK_MAX));
    person->flags =
        is_guest ? person->flags | PERSON_GUEST : person->flags & ~(uint32_t)PERSON_GUEST;
    index_add(&hub->nicks, index_hash_nocase(&hub->nicks, nick), row);
}

void people_name_guest(struct hub *hub, uint32_t person)
{
    char space[NAME_SIZE];
    struct buf name = buf_over(space, sizeof(space));

    name_guest(hub->state->wires[person].id, &name);
    people_set_nick(hub, person, buf_text(&name), true);
}

/* All rooms the person is in, or the box of who is in none: whom a change of the person concerns.
 */
static uint32_t people_owners(const struct hub *hub, uint32_t row,
                              uint32_t owners[MEMBERSHIPS_PER_PERSON])
{
    uint32_t n = 0;

    for (uint32_t m = hub_person(hub, row)->first_membership; m != 0;
         m = hub_membership(hub, m)->own_next) {
        if (hub_membership(hub, m)->until == UNTIL_OPEN) {
            owners[n++] = hub_membership(hub, m)->room;
        }
    }
    if (n == 0) {
        owners[n++] = row | LINK_BOX;
    }
    return n;
}

static void people_wake_owners(struct hub *hub, const uint32_t *owners, uint32_t n,
                               enum record_kind kind)
{
    for (uint32_t i = 0; i < n; i++) {
        if (owners[i] & LINK_BOX) {
            hub_wake_person(hub, owners[i] & ~LINK_BOX);
        } else {
            hub_wake_room_for(hub, owners[i], kind);
        }
    }
}

static void people_record(struct hub *hub, uint32_t row, enum record_kind kind, struct text text,
                          struct moment now)
{
    uint32_t owners[MEMBERSHIPS_PER_PERSON];
    uint32_t n = people_owners(hub, row, owners);
    char space[RECORD_SOURCE_SIZE];
    struct buf source = buf_over(space, sizeof(space));
    struct draft draft = people_draft(hub, row, kind, &source, now);

    draft.text = text;
    hub->spoke[row] = log_append(hub->state, &draft, owners, n);
    people_wake_owners(hub, owners, n, kind);
}

int people_rename(struct hub *hub, uint32_t person, struct text nick, struct moment now)
{
    const struct person *who = hub_person(hub, person);
    uint32_t holder;

    if (!name_is_nick(nick)) {
        return CHAT_BAD_NAME;
    }
    if (text_equal(text_of(who->nick), nick)) {
        return CHAT_NAME_SAME;
    }
    if (name_is_guest(nick)) {
        return CHAT_NAME_RESERVED;
    }
    holder = people_find(hub, nick);
    if (holder != 0 && holder != person) {
        return CHAT_NAME_TAKEN;
    }
    if (who->flags & PERSON_REGISTERED) {
        people_record(hub, person, RECORD_RENAMED, nick, now);
    }
    people_set_nick(hub, person, nick, false);
    return 0;
}

void people_register(struct hub *hub, uint32_t person, struct moment now)
{
    struct person *who = state_edit_person(hub->state, person);

    who->flags |= PERSON_REGISTERED;
    who->spoke_ms = now.boot_ms;
}

int people_tell(struct hub *hub, uint32_t person, uint32_t target, enum record_kind kind,
                struct text text, struct moment now)
{
    uint32_t owners[2] = { target | LINK_BOX, person | LINK_BOX };
    char space[RECORD_SOURCE_SIZE];
    struct buf source = buf_over(space, sizeof(space));
    struct draft draft = people_draft(hub, person, kind, &source, now);

    if (text.len == 0) {
        return CHAT_NO_TEXT;
    }
    if (text.len > RECORD_TEXT_MAX) {
        return CHAT_TEXT_TOO_LONG;
    }
    draft.where = text_of(hub_person(hub, target)->nick);
    draft.text = text;
    hub->spoke[person] = log_append(hub->state, &draft, owners, person == target ? 1 : 2);
    people_spoke(hub, person, now);
    hub_wake_person(hub, target);
    hub_wake_person(hub, person);
    return 0;
}

int people_set_away(struct hub *hub, uint32_t person, struct text why, struct moment now)
{
    bool was_away = (hub_person(hub, person)->flags & PERSON_AWAY) != 0;
    struct person *who;

    if (why.len > AWAY_MAX) {
        return CHAT_TEXT_TOO_LONG;
    }
    if (!state_has_cells(hub->state, why.len)) {
        return CHAT_FULL;
    }
    if (why.len == 0 && !was_away) {
        return 0;
    }
    who = state_edit_person(hub->state, person);
    state_set_text(hub->state, &who->away, why);
    who->flags = why.len > 0 ? who->flags | PERSON_AWAY : who->flags & ~(uint32_t)PERSON_AWAY;
    people_record(hub, person, RECORD_AWAY, why, now);
    return 0;
}

void people_quit(struct hub *hub, uint32_t person, struct text reason, struct moment now)
{
    const struct person *who = hub_person(hub, person);

    if (who->flags & PERSON_GONE) {
        return;
    }
    if ((who->flags & PERSON_REGISTERED) && rooms_count_of(hub, person) > 0) {
        people_record(hub, person, RECORD_QUIT, reason, now);
        rooms_leave_all(hub, person);
    }
    people_give_up_nick(hub, who, person);
    state_edit_person(hub->state, person)->flags |= PERSON_GONE;
}

void people_forget(struct hub *hub, uint32_t person)
{
    while (hub_person(hub, person)->first_membership != 0) {
        rooms_forget_membership(hub, hub_person(hub, person)->first_membership);
    }
    people_give_up_nick(hub, hub_person(hub, person), person);
}

void people_source(const struct hub *hub, uint32_t person, struct buf *out)
{
    const struct person *who = hub_person(hub, person);

    if (who->user != 0) {
        state_get_text(hub->state, who->user, out);
    } else {
        buf_text_put(out, TEXT("guest"));
    }
    buf_char(out, '@');
    host_print(hub->state->wires[person].host, out);
}

struct draft people_draft(const struct hub *hub, uint32_t person, enum record_kind kind,
                          struct buf *source_space, struct moment now)
{
    people_source(hub, person, source_space);
    return (struct draft){ .kind = kind,
                           .real_ms = now.real_ms,
                           .author_id = hub->state->wires[person].id,
                           .who = text_of(hub_person(hub, person)->nick),
                           .source = buf_text(source_space) };
}

void people_spoke(struct hub *hub, uint32_t person, struct moment now)
{
    tx_store_u64(&hub->state->tx, &hub_person(hub, person)->spoke_ms, now.boot_ms);
}

uint32_t people_count(const struct hub *hub)
{
    uint32_t n = 0;

    for (uint32_t row = 1; row < hub->state->header->sizes.wires; row++) {
        uint32_t flags = hub_person(hub, row)->flags;

        n += (flags & PERSON_REGISTERED) != 0 && (flags & PERSON_GONE) == 0;
    }
    return n;
}
