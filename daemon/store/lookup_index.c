/* SPDX-License-Identifier: MIT */
/* Reading the index that store/indexer wrote. */
#include "store/lookup.h"

/* The segment that begins or ends nearest to `number`, in the order of the statement. *out->segment
 * is 0 if there is none. */
static int lookup_segment(struct lookup *lookup, enum lookup_statement which, uint64_t number,
                          struct piece *out)
{
    sqlite3_stmt *row = lookup->statements[which];
    int r;

    *out = (struct piece){ 0 };
    database_bind_u64(row, 1, number);
    r = database_next(&lookup->database, row);
    if (r == DATABASE_ROW) {
        out->segment = database_u64(row, 0);
        out->range = (struct range){ database_u64(row, 1), database_u64(row, 2) + 1 };
        out->first = out->range.low;
        (void)sqlite3_reset(row);
    }
    return r < 0 ? r : 0;
}

int lookup_last_piece(struct lookup *lookup, const struct range *left, struct piece *out)
{
    int r = lookup_segment(lookup, LOOKUP_SEGMENT_BEFORE, left->high, out);
    uint64_t end = u64_max(out->range.high, left->low);

    if (r == 0 && end < left->high) {
        *out = (struct piece){ .range = { end, left->high } };
    } else if (r == 0) {
        out->range = (struct range){ u64_max(out->range.low, left->low), left->high };
    }
    return r;
}

int lookup_first_piece(struct lookup *lookup, const struct range *left, struct piece *out)
{
    int r = lookup_segment(lookup, LOOKUP_SEGMENT_FROM, left->low, out);
    uint64_t begin = out->segment == 0 ? left->high : u64_min(out->range.low, left->high);

    if (r == 0 && begin > left->low) {
        *out = (struct piece){ .range = { left->low, begin } };
    } else if (r == 0) {
        out->range = (struct range){ left->low, u64_min(out->range.high, left->high) };
    }
    return r;
}

int lookup_token(struct lookup *lookup, uint64_t segment, uint32_t token, struct span *out)
{
    sqlite3_stmt *leaf = lookup->statements[LOOKUP_LEAF];
    struct text lists = TEXT_NONE;
    int r;

    database_bind_u64(leaf, 1, postings_row(segment, 0));
    database_bind_u64(leaf, 2, postings_row(segment, token));
    r = database_next(&lookup->database, leaf);
    if (r == DATABASE_ROW) {
        lists.at = sqlite3_column_blob(leaf, 0);
        lists.len = (size_t)sqlite3_column_bytes(leaf, 0);
    }
    postings_find(lists, token, out);
    (void)sqlite3_reset(leaf);
    return r < 0 ? r : 0;
}
