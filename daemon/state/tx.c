/* SPDX-License-Identifier: MIT */
/* The undo journal. An entry is the saved bytes, padded to 8, followed by where they belong and how
 * many they are: so the journal can be read from its end. */
#include "state/tx.h"

/* What is saved lies in the header or in the tables, behind which the log comes. */
bool tx_is_sound(const struct region *region)
{
    const struct region_header *header = region->header;
    uint64_t end = (uint64_t)(region->log - (const char *)header);
    uint64_t left = header->journal_len;

    while (left > 0) {
        struct tx_footer footer;

        if (left < sizeof(footer)) {
            return false;
        }
        left -= sizeof(footer);
        memcpy(&footer, header->journal + left, sizeof(footer));
        if (footer.len > left || tx_padded(footer.len) > left || footer.offset > end ||
            footer.len > end - footer.offset) {
            return false;
        }
        left -= tx_padded(footer.len);
    }
    return true;
}

/* Undoes the last entry. Killed in the middle, it is done again with the same result. */
static void tx_undo_last(struct region_header *header)
{
    struct tx_footer footer;
    const char *end = header->journal + header->journal_len;

    memcpy(&footer, end - sizeof(footer), sizeof(footer));
    memcpy((char *)header + footer.offset, end - sizeof(footer) - tx_padded(footer.len),
           footer.len);
    tx_fence();
    header->journal_len -= sizeof(footer) + tx_padded(footer.len);
    tx_fence();
}

bool tx_init(struct tx *tx, struct region *region, struct tx_observer *observer)
{
    struct region_header *header = region->header;
    bool was_open = header->journal_len > 0;

    *tx = (struct tx){ .region = region, .observer = observer };
    while (header->journal_len > 0) {
        tx_undo_last(header);
    }
    return was_open;
}

void tx_begin(struct tx *tx)
{
    assert(!tx->is_open && tx->region->header->journal_len == 0);
    tx->is_open = true;
}

void tx_commit(struct tx *tx)
{
    assert(tx->is_open);
    tx_point(tx, TX_COMMITTING, NULL, 0);
    tx_fence();
    tx->region->header->journal_len = 0;
    tx_fence();
    tx->is_open = false;
    tx_point(tx, TX_COMMITTED, NULL, 0);
}

void tx_fresh(struct tx *tx, const void *at, size_t len)
{
    tx_point(tx, TX_FRESH, at, len);
}

static void *tx_writable(const struct tx *tx, const void *at)
{
    char *base = (char *)tx->region->header;

    return base + ((const char *)at - base);
}

void tx_store_u64(struct tx *tx, const uint64_t *word, uint64_t value)
{
    tx_fence();
    *(uint64_t *)tx_writable(tx, word) = value;
    tx_fence();
    tx_point(tx, TX_STORED, word, sizeof(*word));
}

void tx_store_u32(struct tx *tx, const uint32_t *word, uint32_t value)
{
    tx_fence();
    *(uint32_t *)tx_writable(tx, word) = value;
    tx_fence();
    tx_point(tx, TX_STORED, word, sizeof(*word));
}
