/* SPDX-License-Identifier: MIT */
/* Appending, giving up, walking. Positions only grow; a record lies at pos % log_bytes, contiguous
 * because the ring is mapped twice in a row. */
#include "state/log.h"

#include <assert.h>
#include <string.h>

static char *log_at(const struct state *state, uint64_t pos)
{
    return state->region.log + (pos & (state->header->sizes.log_bytes - 1));
}

const struct record *log_record(const struct state *state, uint64_t pos)
{
    assert(pos >= state->header->log.head && pos < state->header->log.tail);
    return (const struct record *)(const void *)log_at(state, pos);
}

static const struct link *record_links(const struct record *record)
{
    return (const struct link *)(const void *)(record + 1);
}

struct text record_field(const struct record *record, enum record_field field)
{
    const char *at = (const char *)(record_links(record) + record->n_links);

    for (int i = 0; i < (int)field; i++) {
        at += record->len[i];
    }
    return (struct text){ .at = at, .len = record->len[field] };
}

struct text record_extra(const struct record *record, enum record_extra_kind kind)
{
    struct text last = record_field(record, RECORD_FIELDS - 1);
    const char *at = last.at + last.len;

    for (int i = 0; i < record->n_extras; i++) {
        struct record_extra extra;

        memcpy(&extra, at, sizeof(extra));
        at += sizeof(extra);
        if (extra.kind == kind) {
            return (struct text){ .at = at, .len = extra.len };
        }
        at += extra.len;
    }
    return TEXT_NONE;
}

const struct link *record_link(const struct record *record, uint32_t owner)
{
    const struct link *links = record_links(record);

    for (int i = 0; i < record->n_links; i++) {
        if (links[i].owner == owner) {
            return &links[i];
        }
    }
    assert(false);
    return NULL;
}

/* ---- giving up ---- */

/* The chains that the oldest record is in now begin behind it; chains of owners that are gone do
 * not matter any more. */
static void log_unlink_oldest(struct state *state, const struct record *record)
{
    const struct link *links = record_links(record);

    for (int i = 0; i < record->n_links; i++) {
        const struct link *link = &links[i];

        if (state_tenant(state, link->owner) == link->tenant) {
            struct chain *chain = state_edit_chain(state, state_chain(state, link->owner));

            chain->first = link->ordinal + 1;
            chain->first_pos = link->next;
        }
    }
}

/* Another thread may be copying the record: it must see the head move before it can see other bytes
 * there (a sequence lock; its reader is store/tap.c). */
static void log_give_up_oldest(struct state *state)
{
    const struct record *record = log_record(state, state->header->log.head);
    uint64_t head = state->header->log.head + record->size;

    state_begin(state);
    log_unlink_oldest(state, record);
    __atomic_store_n(&state_edit_log(state)->head, head, __ATOMIC_RELAXED);
    __atomic_thread_fence(__ATOMIC_RELEASE);
    state_commit(state);
}

void log_make_room(struct state *state)
{
    const struct log_state *log = &state->header->log;

    while (log->tail - log->head + RECORD_ROOM > state->header->sizes.log_bytes) {
        log_give_up_oldest(state);
    }
}

/* ---- appending ---- */

/* The newest record of each chain learns where the next one is. Nobody follows that word before
 * chain.end says that there is a next one, so it needs no undo. */
static void log_chain_up(struct state *state, const struct chain *chain, uint32_t owner,
                         uint64_t pos)
{
    const struct record *last;
    const struct link *link;

    if (chain->end == chain->first) {
        return;
    }
    last = log_record(state, chain->last_pos);
    link = record_link(last, owner);
    tx_fresh(&state->tx, &link->next, sizeof(link->next));
    *(uint64_t *)(void *)(log_at(state, chain->last_pos) +
                          ((const char *)&link->next - (const char *)last)) = pos;
}

static struct link log_link(struct state *state, uint32_t owner, uint64_t pos)
{
    const struct chain *chain = state_chain(state, owner);
    struct link link = { .owner = owner,
                         .tenant = state_tenant(state, owner),
                         .ordinal = chain->end,
                         .prev = chain->last_pos };
    struct chain *writable;

    log_chain_up(state, chain, owner, pos);
    writable = state_edit_chain(state, chain);
    if (writable->end == writable->first) {
        writable->first_pos = pos;
    }
    writable->last_pos = pos;
    writable->end++;
    return link;
}

static char *log_put_field(struct record *record, char *to, enum record_field field, struct text t)
{
    if (t.len > 0) {
        memcpy(to, t.at, t.len);
    }
    record->len[field] = (uint16_t)t.len;
    return to + t.len;
}

static char *log_put_extra(struct record *record, char *to, enum record_extra_kind kind,
                           struct text t)
{
    struct record_extra extra = { .kind = (uint16_t)kind, .len = (uint16_t)t.len };

    if (t.len == 0) {
        return to;
    }
    memcpy(to, &extra, sizeof(extra));
    memcpy(to + sizeof(extra), t.at, t.len);
    record->n_extras++;
    return to + sizeof(extra) + t.len;
}

static size_t log_extra_size(struct text t)
{
    return t.len == 0 ? 0 : sizeof(struct record_extra) + t.len;
}

static size_t log_texts_size(const struct draft *draft)
{
    return draft->who.len + draft->source.len + draft->where.len + draft->text.len +
           log_extra_size(draft->target) + log_extra_size(draft->account) +
           log_extra_size(draft->tags);
}

static void log_put_texts(struct record *record, char *to, const struct draft *draft)
{
    to = log_put_field(record, to, RECORD_WHO, draft->who);
    to = log_put_field(record, to, RECORD_SOURCE, draft->source);
    to = log_put_field(record, to, RECORD_WHERE, draft->where);
    to = log_put_field(record, to, RECORD_TEXT, draft->text);
    to = log_put_extra(record, to, RECORD_TARGET, draft->target);
    to = log_put_extra(record, to, RECORD_BY_ACCOUNT, draft->account);
    (void)log_put_extra(record, to, RECORD_TAGS, draft->tags);
}

uint64_t log_append(struct state *state, const struct draft *draft, const uint32_t *owners,
                    uint32_t n_owners)
{
    const struct log_state *log = &state->header->log;
    uint64_t pos = log->tail;
    size_t links_len = n_owners * sizeof(struct link);
    size_t size = sizeof(struct record) + links_len + log_texts_size(draft);
    struct record *record = (struct record *)(void *)log_at(state, pos);
    struct link *links = (struct link *)(void *)(record + 1);
    struct log_state *writable;

    size = (size + 7) / 8 * 8;
    assert(n_owners >= 1 && n_owners <= LOG_LINKS_MAX);
    assert(pos + size - log->head <= state->header->sizes.log_bytes);
    tx_fresh(&state->tx, record, size);
    *record = (struct record){ .size = (uint32_t)size,
                               .kind = (uint8_t)draft->kind,
                               .n_links = (uint8_t)n_owners,
                               .flags = draft->flags,
                               .number = log->next_number,
                               .real_ms = u64_max(draft->real_ms, log->last_ms),
                               .author_id = draft->author_id };
    for (uint32_t i = 0; i < n_owners; i++) {
        links[i] = log_link(state, owners[i], pos);
    }
    log_put_texts(record, (char *)(links + n_owners), draft);
    writable = state_edit_log(state);
    writable->tail = pos + size;
    writable->next_number++;
    writable->last_ms = record->real_ms;
    return record->number;
}

/* ---- walking ---- */

enum due log_due(const struct state *state, uint32_t owner, const struct chain *chain,
                 const struct cursor *cursor, uint64_t *out_pos)
{
    if (cursor->due >= chain->end) {
        return DUE_NOTHING;
    }
    if (cursor->due < chain->first) {
        return DUE_OVERTAKEN;
    }
    if (cursor->due == chain->first) {
        *out_pos = chain->first_pos;
    } else {
        *out_pos = record_link(log_record(state, cursor->pos), owner)->next;
    }
    return DUE_RECORD;
}

bool log_place_behind(const struct state *state, uint32_t owner, uint64_t pos, struct cursor *out)
{
    const struct log_state *log = &state->header->log;
    const struct record *record;
    const struct link *links;

    if (pos < log->head || pos >= log->tail) {
        return false;
    }
    record = log_record(state, pos);
    links = record_links(record);
    for (int i = 0; i < record->n_links; i++) {
        if (links[i].owner == owner) {
            *out = (struct cursor){ .due = links[i].ordinal + 1, .pos = pos };
            return links[i].tenant == state_tenant(state, owner);
        }
    }
    return false;
}

bool log_is_place(const struct state *state, uint32_t owner, const struct cursor *cursor)
{
    const struct chain *chain = state_chain(state, owner);
    struct cursor place;

    if (cursor->due <= chain->first || cursor->due > chain->end) {
        return cursor->due <= chain->first;
    }
    return log_place_behind(state, owner, cursor->pos, &place) && place.due == cursor->due;
}

struct cursor log_seek(const struct state *state, uint32_t owner, const struct chain *chain,
                       uint64_t ordinal)
{
    struct cursor cursor = cursor_at_end(chain);

    if (ordinal <= chain->first) {
        return (struct cursor){ .due = chain->first, .pos = 0 };
    }
    while (cursor.due > ordinal) {
        cursor.pos = record_link(log_record(state, cursor.pos), owner)->prev;
        cursor.due--;
    }
    return cursor;
}
