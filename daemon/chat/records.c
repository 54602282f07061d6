/* SPDX-License-Identifier: MIT */
/* Filling in drafts, appending them, waking their readers. */
#include "chat/records.h"

#include "lib/host.h"

void people_user(const struct hub *hub, uint32_t person, struct buf *out)
{
    uint32_t user = hub_person(hub, person)->user;

    if (user != 0) {
        state_get_text(hub->state, user, out);
    } else {
        buf_text_put(out, TEXT("guest"));
    }
}

void people_host(const struct hub *hub, uint32_t person, struct buf *out)
{
    uint32_t host = state_person_more(hub->state, person).host;

    if (host != 0) {
        state_get_text(hub->state, host, out);
    } else {
        host_print(hub->state->wires[person].host, out);
    }
}

void people_account(const struct hub *hub, uint32_t person, struct buf *out)
{
    state_get_text(hub->state, state_person_more(hub->state, person).account, out);
}

void people_source(const struct hub *hub, uint32_t person, struct buf *out)
{
    people_user(hub, person, out);
    buf_char(out, '@');
    people_host(hub, person, out);
}

static void record_wake(struct hub *hub, uint32_t owner, enum record_kind kind)
{
    if (owner & LINK_BOX) {
        hub_wake_person(hub, owner & ~LINK_BOX);
    } else {
        hub_wake_room_for(hub, owner, kind);
    }
}

void record_act(struct hub *hub, uint32_t person, struct draft *draft, const uint32_t *owners,
                uint32_t n_owners)
{
    char source_space[SOURCE_SIZE], account_space[NAME_SIZE];
    struct buf source = buf_over(source_space, sizeof(source_space));
    struct buf account = buf_over(account_space, sizeof(account_space));

    people_source(hub, person, &source);
    people_account(hub, person, &account);
    draft->author_id = hub->state->wires[person].id;
    draft->who = text_of(hub_person(hub, person)->nick);
    draft->source = buf_text(&source);
    draft->account = buf_text(&account);
    if (hub_person(hub, person)->flags & PERSON_BOT) {
        draft->flags |= RECORD_BY_BOT;
    }
    hub->spoke[person] = log_append(hub->state, draft, owners, n_owners);
    for (uint32_t i = 0; i < n_owners; i++) {
        record_wake(hub, owners[i], draft->kind);
    }
}

void record_in_room(struct hub *hub, uint32_t person, uint32_t room, struct draft *draft,
                    struct moment now)
{
    draft->real_ms = now.real_ms;
    draft->where = text_of(hub_room(hub, room)->name);
    record_act(hub, person, draft, &room, 1);
}

/* What those are told who watch a person, wherever they are; coming, going and names they see by
 * the nick. */
static bool record_is_for_curious(enum record_kind kind)
{
    return kind == RECORD_AWAY || kind == RECORD_REALNAME || kind == RECORD_HOST ||
           kind == RECORD_ACCOUNT;
}

void record_change(struct hub *hub, uint32_t person, enum record_kind kind, struct text text,
                   struct moment now)
{
    uint32_t owners[LOG_LINKS_MAX];
    struct draft draft = { .kind = kind, .real_ms = now.real_ms, .text = text };
    uint32_t n = 0, n_curious;

    for (uint32_t m = hub_person(hub, person)->first_membership; m != 0;
         m = hub_membership(hub, m)->own_next) {
        if (hub_membership(hub, m)->until == UNTIL_OPEN) {
            owners[n++] = hub_membership(hub, m)->room;
        }
    }
    if (n == 0) {
        owners[n++] = person | LINK_BOX;
    }
    n_curious = record_is_for_curious(kind) ? watchers_curious(hub, person, &owners[n]) : 0;
    for (uint32_t i = 0; i < n_curious; i++) {
        owners[n++] |= LINK_BOX;
    }
    record_act(hub, person, &draft, owners, n);
}
