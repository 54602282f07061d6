/* SPDX-License-Identifier: MIT */
/* Transactions over the region. Before a row is changed, its bytes are saved in the journal; the
 * commit is one store that empties the journal; a start that finds it non-empty copies the old
 * bytes back, last to first. Process death is survived, power loss is not meant: compiler barriers
 * are enough (signal fences), since the memory is coherent and outlives us.
 *
 * A transaction never fails half way: whoever opens one has checked that there is room. A full
 * journal is abort(), which is a rollback by the next start. */
#ifndef STATE_TX_H
#define STATE_TX_H

#include "state/region.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum tx_point {
    TX_SAVED,      /* an object is in the journal, about to be changed */
    TX_FRESH,      /* bytes that nobody reads yet are about to be written */
    TX_COMMITTING, /* everything is changed, the journal still full */
    TX_COMMITTED,
    TX_STORED, /* a plain store outside any transaction was made */
};

/* For tests: hears of every point, may longjmp away to play a crash, may compare. */
struct tx_observer {
    void (*on_point)(struct tx_observer *observer, enum tx_point point, const void *at, size_t len);
};

struct tx {
    struct region *region;        /* borrowed */
    struct tx_observer *observer; /* borrowed; NULL but in tests */
    bool is_open;
};

/* False if the journal that a dead process left says what cannot be: it must not be rolled back. */
must_check bool tx_is_sound(const struct region *region);
/* Rolls back what a dead process left undone; true if there was something. */
bool tx_init(struct tx *tx, struct region *region, struct tx_observer *observer);

void tx_begin(struct tx *tx);
void tx_commit(struct tx *tx);

/* Says that `len` bytes at `at` will be written that nobody can see before the commit (a free
 * cell, the free part of the log): they need no undo. */
void tx_fresh(struct tx *tx, const void *at, size_t len);

/* One plain 64-bit or 32-bit store that needs no undo: true at once, whatever becomes of us. */
void tx_store_u64(struct tx *tx, const uint64_t *word, uint64_t value);
void tx_store_u32(struct tx *tx, const uint32_t *word, uint32_t value);

/* Compiler barrier: stores before it are in memory before those behind it. */
static inline void tx_fence(void)
{
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
}

/* ---- what every delivery does twice: here, so that sizes are constants where it is called ---- */

/* The end of a journal entry; before it the saved bytes, padded to 8. */
struct tx_footer {
    uint64_t offset; /* from the region's start */
    uint64_t len;
};

static inline size_t tx_padded(size_t len)
{
    return (len + 7) / 8 * 8;
}

static inline void tx_point(struct tx *tx, enum tx_point point, const void *at, size_t len)
{
    if (__builtin_expect(tx->observer != NULL, 0)) {
        tx->observer->on_point(tx->observer, point, at, len);
    }
}

/* Saves `len` bytes at `object` (in the region, 8-byte aligned) and returns them writable. The
 * typed wrappers in state/state.h are what others call. */
static inline void *tx_edit(struct tx *tx, const void *object, size_t len)
{
    struct region_header *header = tx->region->header;
    struct tx_footer footer = { .offset = (uint64_t)((const char *)object - (const char *)header),
                                .len = len };
    size_t size = tx_padded(len) + sizeof(footer);
    char *entry = header->journal + header->journal_len;

    assert(tx->is_open);
    if (header->journal_len + size > JOURNAL_BYTES) {
        abort(); /* the bound of some transaction is wrong: the next start rolls it back */
    }
    memcpy(entry, object, len);
    memcpy(entry + size - sizeof(footer), &footer, sizeof(footer));
    tx_fence();
    header->journal_len += size;
    tx_fence();
    tx_point(tx, TX_SAVED, object, len);
    return (char *)header + footer.offset;
}

#endif
