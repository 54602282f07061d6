/* SPDX-License-Identifier: MIT */
/* People: arriving, changing, leaving. */
#include "chat/people.h"

#include "chat/members.h"
#include "chat/names.h"
#include "chat/past.h"
#include "chat/records.h"
#include "chat/rooms.h"
#include "lib/utf8.h"

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
        record_change(hub, person, RECORD_RENAMED, nick, now);
        past_add(hub, person, now);
        watchers_wake(hub, text_of(who->nick));
        watchers_wake(hub, nick);
    }
    people_set_nick(hub, person, nick, false);
    return 0;
}

/* All changes of what heads are counted by go through here. */
static void people_set_flag(struct hub *hub, uint32_t person, uint32_t flag, bool is_on)
{
    struct person *who = state_edit_person(hub->state, person);
    uint32_t was = who->flags;

    who->flags = is_on ? was | flag : was & ~flag;
    hub_count_heads(hub, was, who->flags);
}

void people_register(struct hub *hub, uint32_t person, struct moment now)
{
    people_set_flag(hub, person, PERSON_REGISTERED, true);
    state_edit_person(hub->state, person)->spoke_ms = now.boot_ms;
    watchers_wake(hub, text_of(hub_person(hub, person)->nick));
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
    record_change(hub, person, RECORD_AWAY, why, now);
    return 0;
}

int people_set_realname(struct hub *hub, uint32_t person, struct text realname, struct moment now)
{
    if (realname.len == 0) {
        return CHAT_NO_TEXT;
    }
    if (realname.len > REALNAME_MAX) {
        return CHAT_TEXT_TOO_LONG;
    }
    if (!state_has_cells(hub->state, realname.len)) {
        return CHAT_FULL;
    }
    state_set_text(hub->state, &state_edit_person(hub->state, person)->realname, realname);
    record_change(hub, person, RECORD_REALNAME, realname, now);
    return 0;
}

/* Room for the text and for the cell that names it. */
static bool people_has_cells(const struct hub *hub, struct text t)
{
    return state_has_cells(hub->state, t.len + CELL_BYTES + sizeof(struct person_more));
}

int people_set_host(struct hub *hub, uint32_t person, struct text host, struct moment now)
{
    struct person_more more = state_person_more(hub->state, person);
    char space[SOURCE_SIZE];
    struct buf shown = buf_over(space, sizeof(space));

    if (host.len > HOST_MAX) {
        return CHAT_TEXT_TOO_LONG;
    }
    if (!people_has_cells(hub, host)) {
        return CHAT_FULL;
    }
    people_user(hub, person, &shown);
    buf_char(&shown, ' ');
    buf_text_put(&shown, host);
    record_change(hub, person, RECORD_HOST, buf_text(&shown), now); /* still from the old one */
    state_set_text(hub->state, &more.host, host);
    state_set_person_more(hub->state, person, &more);
    return 0;
}

int people_set_account(struct hub *hub, uint32_t person, struct text account, struct moment now)
{
    struct person_more more = state_person_more(hub->state, person);

    if (account.len > NICK_MAX) {
        return CHAT_TEXT_TOO_LONG;
    }
    if (!people_has_cells(hub, account)) {
        return CHAT_FULL;
    }
    state_set_text(hub->state, &more.account, account);
    state_set_person_more(hub->state, person, &more);
    if (hub_person(hub, person)->flags & PERSON_REGISTERED) {
        record_change(hub, person, RECORD_ACCOUNT, account, now);
    }
    return 0;
}

void people_set_mode(struct hub *hub, uint32_t person, uint32_t mode, bool is_on)
{
    people_set_flag(hub, person, mode, is_on);
}

int people_kill(struct hub *hub, uint32_t person, uint32_t target, struct text reason)
{
    char space[REASON_MAX];
    struct buf why = buf_over(space, sizeof(space));
    struct person *victim;

    if (!(hub_person(hub, person)->flags & PERSON_OPERATOR)) {
        return CHAT_NOT_PRIVILEGED;
    }
    buf_format(&why, "Killed (%s (", hub_person(hub, person)->nick);
    buf_text_put(&why, (struct text){ reason.at, utf8_fit(reason, buf_space(&why) - 2) });
    buf_text_put(&why, TEXT("))"));
    if (!state_has_cells(hub->state, why.len)) {
        why.len = 0; /* without cells it goes without words */
    }
    victim = state_edit_person(hub->state, target);
    state_set_text(hub->state, &victim->away, buf_text(&why));
    victim->flags |= PERSON_KILLED;
    hub_wake_person(hub, target);
    return 0;
}

void people_quit(struct hub *hub, uint32_t person, struct text reason, struct moment now)
{
    const struct person *who = hub_person(hub, person);

    if (who->flags & PERSON_GONE) {
        return;
    }
    if (who->flags & PERSON_REGISTERED) {
        past_add(hub, person, now);
        watchers_wake(hub, text_of(who->nick));
    }
    if ((who->flags & PERSON_REGISTERED) && members_count_of(hub, person) > 0) {
        record_change(hub, person, RECORD_QUIT, reason, now);
        members_end_all(hub, person);
    }
    people_give_up_nick(hub, who, person);
    people_set_flag(hub, person, PERSON_GONE, true);
}

void people_forget(struct hub *hub, uint32_t person)
{
    while (hub_person(hub, person)->first_membership != 0) {
        rooms_forget_membership(hub, hub_person(hub, person)->first_membership);
    }
    people_give_up_nick(hub, hub_person(hub, person), person);
    watchers_forget(hub, person);
    watchers_settle(hub, person);
    hub_count_heads(hub, hub_person(hub, person)->flags, 0);
}

void people_spoke(struct hub *hub, uint32_t person, struct moment now)
{
    tx_store_u64(&hub->state->tx, &hub_person(hub, person)->spoke_ms, now.boot_ms);
}
