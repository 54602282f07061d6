/* SPDX-License-Identifier: MIT */
/* What was said in one window. Owns the records' bytes: a head, who, text, and the length once
 * more, by which the record before is found. A position is block number << 32 | offset. */
#include "scrollback.h"

#include "lib/utf8.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { SCROLLBACK_TEXT_MAX = 60 * 1024, SCROLLBACK_WHO_MAX = 255 };

struct scrollback_block {
    uint32_t used, size;
    uint32_t last; /* offset of the last record */
    char bytes[];
};

struct scrollback_head {
    int64_t at;
    uint32_t len; /* of the whole record */
    uint16_t text_len;
    uint8_t who_len;
    uint8_t kind;
    uint32_t flags;
};

static_assert(sizeof(struct scrollback_head) + sizeof(uint32_t) == SCROLLBACK_RECORD_EXTRA,
              "the head is what the header says");

void scrollback_fini(struct scrollback *s)
{
    for (size_t i = 0; i < s->n_blocks; i++) {
        free(s->blocks[i]);
    }
    free(s->blocks);
    *s = (struct scrollback){ .max_bytes = s->max_bytes };
}

static uint64_t scrollback_position(const struct scrollback *s, size_t block, uint32_t offset)
{
    return (uint64_t)(s->n_dropped + block) << 32 | offset;
}

static size_t scrollback_index(const struct scrollback *s, uint64_t at)
{
    return (size_t)(at >> 32) - s->n_dropped;
}

static void scrollback_drop_oldest(struct scrollback *s)
{
    s->n_bytes -= s->blocks[0]->size;
    free(s->blocks[0]);
    s->n_blocks--;
    memmove(s->blocks, s->blocks + 1, s->n_blocks * sizeof(struct scrollback_block *));
    s->n_dropped++;
}

static void *scrollback_must(void *memory)
{
    if (memory == NULL) {
        abort();
    }
    return memory;
}

/* No block is ever empty: this one is for a record of `len` bytes. */
static void scrollback_add_block(struct scrollback *s, uint32_t len)
{
    bool is_small = s->n_dropped + s->n_blocks == 0 && len <= SCROLLBACK_BLOCK_FIRST;
    uint32_t size = is_small ? SCROLLBACK_BLOCK_FIRST : SCROLLBACK_BLOCK_BYTES;
    struct scrollback_block *block = scrollback_must(malloc(sizeof(*block) + size));

    while (s->n_blocks > 0 && s->n_bytes + size > s->max_bytes) {
        scrollback_drop_oldest(s);
    }
    if (s->n_blocks == s->size) {
        s->size = s->size == 0 ? 4 : s->size * 2;
        s->blocks =
            scrollback_must(realloc(s->blocks, s->size * sizeof(struct scrollback_block *)));
    }
    *block = (struct scrollback_block){ .size = size };
    s->blocks[s->n_blocks++] = block;
    s->n_bytes += size;
}

static struct scrollback_block *scrollback_room(struct scrollback *s, uint32_t len)
{
    struct scrollback_block *block = s->n_blocks == 0 ? NULL : s->blocks[s->n_blocks - 1];

    if (block == NULL || block->size - block->used < len) {
        scrollback_add_block(s, len);
    }
    return s->blocks[s->n_blocks - 1];
}

uint64_t scrollback_add(struct scrollback *s, const struct scrollback_record *record)
{
    struct scrollback_head head = {
        .at = record->at,
        .text_len = (uint16_t)utf8_fit(record->text, SCROLLBACK_TEXT_MAX),
        .who_len = (uint8_t)utf8_fit(record->who, SCROLLBACK_WHO_MAX),
        .kind = (uint8_t)record->kind,
        .flags = record->flags,
    };
    struct scrollback_block *block;
    char *to;

    head.len = (uint32_t)(sizeof(head) + head.who_len + head.text_len + sizeof(head.len));
    block = scrollback_room(s, head.len);
    to = block->bytes + block->used;
    memcpy(to, &head, sizeof(head));
    memcpy(to + sizeof(head), record->who.at, head.who_len);
    memcpy(to + sizeof(head) + head.who_len, record->text.at, head.text_len);
    memcpy(to + head.len - sizeof(head.len), &head.len, sizeof(head.len));
    block->last = block->used;
    block->used += head.len;
    return scrollback_position(s, s->n_blocks - 1, block->last);
}

uint64_t scrollback_first(const struct scrollback *s)
{
    return s->n_blocks == 0 ? SCROLLBACK_NOWHERE : scrollback_position(s, 0, 0);
}

uint64_t scrollback_last(const struct scrollback *s)
{
    return s->n_blocks == 0
               ? SCROLLBACK_NOWHERE
               : scrollback_position(s, s->n_blocks - 1, s->blocks[s->n_blocks - 1]->last);
}

bool scrollback_has(const struct scrollback *s, uint64_t at)
{
    return at != SCROLLBACK_NOWHERE && at >> 32 >= s->n_dropped;
}

uint64_t scrollback_before(const struct scrollback *s, uint64_t at)
{
    size_t i = scrollback_index(s, at);
    uint32_t offset = (uint32_t)at, len;

    if (offset > 0) {
        memcpy(&len, s->blocks[i]->bytes + offset - sizeof(len), sizeof(len));
        return scrollback_position(s, i, offset - len);
    }
    return i == 0 ? SCROLLBACK_NOWHERE : scrollback_position(s, i - 1, s->blocks[i - 1]->last);
}

static struct scrollback_head scrollback_head_at(const struct scrollback *s, uint64_t at)
{
    struct scrollback_head head;

    memcpy(&head, s->blocks[scrollback_index(s, at)]->bytes + (uint32_t)at, sizeof(head));
    return head;
}

uint64_t scrollback_after(const struct scrollback *s, uint64_t at)
{
    size_t i = scrollback_index(s, at);
    uint32_t next = (uint32_t)at + scrollback_head_at(s, at).len;

    if (next < s->blocks[i]->used) {
        return scrollback_position(s, i, next);
    }
    return i + 1 == s->n_blocks ? SCROLLBACK_NOWHERE : scrollback_position(s, i + 1, 0);
}

void scrollback_get(const struct scrollback *s, uint64_t at, struct scrollback_record *out_record)
{
    struct scrollback_head head = scrollback_head_at(s, at);
    const char *texts = s->blocks[scrollback_index(s, at)]->bytes + (uint32_t)at + sizeof(head);

    *out_record = (struct scrollback_record){
        .kind = (enum event_kind)head.kind,
        .flags = head.flags,
        .at = (time_t)head.at,
        .who = { .at = texts, .len = head.who_len },
        .text = { .at = texts + head.who_len, .len = head.text_len },
    };
}

uint64_t scrollback_search(const struct scrollback *s, uint64_t from, struct text words)
{
    uint64_t at = scrollback_has(s, from) ? scrollback_before(s, from) : scrollback_last(s);

    while (at != SCROLLBACK_NOWHERE && words.len > 0) {
        struct scrollback_record record;

        scrollback_get(s, at, &record);
        if (utf8_has_nocase(record.who, words) || utf8_has_nocase(record.text, words)) {
            return at;
        }
        at = scrollback_before(s, at);
    }
    return SCROLLBACK_NOWHERE;
}
