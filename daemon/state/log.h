/* SPDX-License-Identifier: MIT */
/* The append-only log: one ring of records, each chained into the rooms and boxes it belongs to.
 * Readers are cursors into chains. Knows nothing of who reads. */
#ifndef STATE_LOG_H
#define STATE_LOG_H

#include "lib/text.h"
#include "state/state.h"

enum { LOG_LINKS_MAX = 128 };

enum record_field { RECORD_WHO, RECORD_SOURCE, RECORD_WHERE, RECORD_TEXT };

/* What to append. Texts are copied; `text` has at most RECORD_TEXT_MAX bytes, `tags`
 * RECORD_TAGS_MAX, the others fit their tables. */
struct draft {
    enum record_kind kind;
    uint64_t real_ms;
    uint64_t author_id;
    struct text who;    /* nick */
    struct text source; /* user@host */
    struct text where;  /* room or nick it was said to */
    struct text text;
    struct text target;  /* nick, as the next two only where there is one */
    struct text account; /* the author's */
    struct text tags;
    uint8_t flags; /* of enum record_flag */
};

/* Gives up the oldest records, in transactions of their own, until RECORD_ROOM bytes are free. Call
 * before a transaction that appends. Old bytes are never overwritten before the commit that gave
 * them up: a rollback would bring back a record whose bytes are gone. */
void log_make_room(struct state *state);

/* In a transaction: appends the record to the chains of `owners` (room rows, or person rows with
 * LINK_BOX), n_owners >= 1. All that one transaction appends fits in RECORD_ROOM: at most
 * RECORD_TEXT_MAX bytes of text, RECORD_TAGS_MAX of tags and LOG_LINKS_MAX links. Returns the
 * record's number. */
uint64_t log_append(struct state *state, const struct draft *draft, const uint32_t *owners,
                    uint32_t n_owners);

/* The record at a position that is kept; borrowed until it is given up. */
const struct record *log_record(const struct state *state, uint64_t pos);
struct text record_field(const struct record *record, enum record_field field);
/* Empty if the record has none of this kind. */
struct text record_extra(const struct record *record, enum record_extra_kind kind);
/* The record's link in the chain of `owner`; it has one. */
const struct link *record_link(const struct record *record, uint32_t owner);

enum due { DUE_NOTHING, DUE_RECORD, DUE_OVERTAKEN };

/* What a cursor in the chain of `owner` has to read next: the position of a record, nothing (it is
 * at the end or at `until`), or that the log has overtaken it. */
enum due log_due(const struct state *state, uint32_t owner, const struct chain *chain,
                 const struct cursor *cursor, uint64_t *out_pos);

/* The cursor behind the record of `pos`, its due one. */
static inline struct cursor cursor_after(const struct cursor *cursor, uint64_t pos)
{
    return (struct cursor){ .due = cursor->due + 1, .pos = pos };
}

/* A cursor at the chain's end: only what comes from now on is due. */
static inline struct cursor cursor_at_end(const struct chain *chain)
{
    return (struct cursor){ .due = chain->end, .pos = chain->last_pos };
}

/* Is this a place in the chain of `owner`: the record that the cursor names, if it is still kept,
 * the one before its due one there? For cursors that were kept while the owner may have become
 * another. */
bool log_is_place(const struct state *state, uint32_t owner, const struct cursor *cursor);
/* The cursor behind the record at `pos`, which is kept. False: that is not in the owner's chain. */
must_check bool log_place_behind(const struct state *state, uint32_t owner, uint64_t pos,
                                 struct cursor *out);

/* The cursor whose due record is the one at `ordinal` (or the oldest kept), by walking back. */
struct cursor log_seek(const struct state *state, uint32_t owner, const struct chain *chain,
                       uint64_t ordinal);

#endif
