/* SPDX-License-Identifier: MIT */
/* The region as the rest of the daemon sees it: tables to read through const pointers, typed edits
 * inside a transaction, rows taken and given back, texts in cells. What lies outside the region
 * (free rows, free pages) is rebuilt by state_open() in one scan. */
#ifndef STATE_STATE_H
#define STATE_STATE_H

#include "lib/text.h"
#include "state/pages.h"
#include "state/table.h"
#include "state/tx.h"

struct state {
    struct region region; /* owned */
    struct tx tx;
    const struct region_header *header;
    const struct wire *wires;
    const struct person *people; /* of the same row as the wire */
    const struct room *rooms;
    const struct membership *memberships;
    const struct past *past;
    struct table free_wires, free_rooms, free_memberships, free_cells;
    struct region_sizes written; /* by table: rows from here on were zero when it was opened */
    struct pages pages;
    bool was_open;         /* the last process died inside a transaction */
    uint64_t round_log_at; /* log.tail when the round began: for the budget of a round */
};

/* Takes over a region that region_create() or region_adopt() filled (also when it fails): rolls
 * back, scans. Pages that connections use are claimed by the caller, then pages_open(). -ENOMEM. */
must_check int state_open(struct state *state, struct region *region, struct tx_observer *observer);
/* Frees what lies outside the region. With keep_fd the region's descriptor is returned, else -1. */
int state_close(struct state *state, bool keep_fd);

void state_begin(struct state *state);
/* Commits; what the transaction freed may be taken again; the log is visible up to its tail. */
void state_commit(struct state *state);

/* Writable rows, saved in the journal. For connections the parts that change often are saved alone.
 */
struct wire *state_edit_wire(struct state *state, uint32_t row);
struct wire_input *state_edit_input(struct state *state, uint32_t row);
struct wire_output *state_edit_output(struct state *state, uint32_t row);
struct wire_flood *state_edit_flood(struct state *state, uint32_t row);
struct person *state_edit_person(struct state *state, uint32_t row);
struct room *state_edit_room(struct state *state, uint32_t row);
struct membership *state_edit_membership(struct state *state, uint32_t row);
struct past *state_edit_past(struct state *state, uint32_t row);
struct cursor *state_edit_cursor(struct state *state, const struct cursor *cursor);
struct chain *state_edit_chain(struct state *state, const struct chain *chain);
struct log_state *state_edit_log(struct state *state);
struct counters *state_edit_counters(struct state *state);

/* Take a free row, zeroed and writable, or return 0. Give it back: zeroed, free after the commit.
 */
uint32_t
state_take_wire(struct state *state); /* and its person; the id is set, never used before */
void state_free_wire(struct state *state, uint32_t row);
uint32_t state_take_room(struct state *state); /* the id is set */
void state_free_room(struct state *state, uint32_t row);
uint32_t state_take_membership(struct state *state);
void state_free_membership(struct state *state, uint32_t row);

/* Texts. Storing in a transaction: frees what `*cell` held and puts `t` there (empty: 0). The
 * caller checked that state_has_cells(). */
bool state_has_cells(const struct state *state, size_t text_len);
/* The same for what one person may have much of: a quarter of the cells stays for what everybody
 * needs (who one is, a topic, why somebody is away or was thrown out). */
bool state_has_spare_cells(const struct state *state, size_t text_len);
void state_set_text(struct state *state, uint32_t *cell, struct text t);
/* Writes over bytes of a text: as many, in the same cells, so that none needs to be free. */
void state_overwrite_text(struct state *state, uint32_t cell, size_t at, struct text t);
/* Appends the text of a cell chain; 0 is empty. */
void state_get_text(const struct state *state, uint32_t cell, struct buf *out);

/* What few people have: a copy; zeros if there is nothing. */
struct person_more state_person_more(const struct state *state, uint32_t row);
/* Stores it, in a transaction; all zeros takes no cell. The caller checked that state_has_cells()
 * for one more. The texts it names are the caller's to set and to clear with state_set_text(). */
void state_set_person_more(struct state *state, uint32_t row, const struct person_more *more);

/* The chain of a link's owner: a room's, or a person's box. */
const struct chain *state_chain(const struct state *state, uint32_t owner);
/* The number that tells tenants of a row apart. */
uint32_t state_tenant(const struct state *state, uint32_t owner);

/* Says what is in hand, before it is handled, and that nothing is, afterwards: plain stores. */
void state_set_in_hand(struct state *state, enum in_hand_kind kind, uint64_t id, uint64_t offset);
void state_clear_in_hand(struct state *state);
/* At start: how many starts, this one included, found the same thing in hand; 0: nothing is. The
 * header then names it as the suspect. */
uint32_t state_count_in_hand(struct state *state);

/* Looks for contradictions in the whole region (for tests, and for a start in doubt): NULL, or what
 * is wrong, in words. */
const char *state_check(const struct state *state);

#endif
