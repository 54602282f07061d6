/* SPDX-License-Identifier: MIT */
/* A reader's half of a sequence lock: copy, then look whether what was copied is still kept. The
 * writer's half is in state/log.c: the head moves before the bytes it gave up are written over. */
#include "store/tap.h"

#include <string.h>

uint64_t tap_visible(const struct tap *tap)
{
    return __atomic_load_n(&tap->header->visible, __ATOMIC_ACQUIRE);
}

static uint64_t tap_head(const struct tap *tap)
{
    __atomic_thread_fence(__ATOMIC_ACQUIRE);
    return __atomic_load_n(&tap->header->log.head, __ATOMIC_RELAXED);
}

uint64_t tap_lag(const struct tap *tap)
{
    return tap_visible(tap) - tap->pos;
}

static const char *tap_at(const struct tap *tap, uint64_t pos)
{
    return tap->log + (pos & (tap->header->sizes.log_bytes - 1));
}

void tap_init(struct tap *tap, const struct state *state)
{
    tap->header = state->header;
    tap->log = state->region.log;
    tap_rewind(tap);
}

void tap_rewind(struct tap *tap)
{
    tap->pos = tap_head(tap);
}

/* The fixed part of the record at pos. Whatever is read while it is being overwritten, its size is
 * such that the rest can be copied. */
static int tap_peek(const struct tap *tap, struct record *out)
{
    uint64_t left = tap_visible(tap) - tap->pos;

    if (left == 0) {
        return TAP_END;
    }
    memcpy(out, tap_at(tap, tap->pos), sizeof(*out));
    if (tap_head(tap) > tap->pos) {
        return TAP_OVERTAKEN;
    }
    if (out->size > left || out->size > RECORD_ROOM || out->n_links > LOG_LINKS_MAX ||
        out->size < sizeof(*out) + out->n_links * sizeof(struct link)) {
        return TAP_DAMAGED;
    }
    return TAP_RECORD;
}

/* Do the texts lie within the record? */
static bool tap_is_sound(const struct record *record)
{
    size_t end = sizeof(*record) + record->n_links * sizeof(struct link);
    struct record_extra extra;

    for (int i = 0; i < RECORD_FIELDS; i++) {
        end += record->len[i];
    }
    for (int i = 0; i < record->n_extras && end + sizeof(extra) <= record->size; i++) {
        memcpy(&extra, (const char *)record + end, sizeof(extra));
        end += sizeof(extra) + extra.len;
    }
    return end <= record->size;
}

int tap_seek(struct tap *tap, uint64_t number)
{
    struct record record;
    int r = tap_peek(tap, &record);

    while (r == TAP_RECORD && record.number <= number) {
        tap->pos += record.size;
        r = tap_peek(tap, &record);
    }
    return r;
}

/* link.next of a chain's newest record is written later, by the loop, so the links are not copied
 * whole. */
static void tap_copy_links(struct tap *tap, const struct record *record)
{
    const char *from = tap_at(tap, tap->pos) + sizeof(*record);
    struct link *to = (struct link *)(void *)(tap->copy + sizeof(*record));

    for (int i = 0; i < record->n_links; i++) {
        const struct link *link = (const struct link *)(const void *)from + i;

        to[i] = (struct link){ .owner = link->owner, .tenant = link->tenant };
    }
}

int tap_next(struct tap *tap, const struct record **out)
{
    struct record *record = (struct record *)(void *)tap->copy;
    int r = tap_peek(tap, record);
    size_t texts;

    if (r != TAP_RECORD) {
        return r;
    }
    texts = sizeof(*record) + record->n_links * sizeof(struct link);
    tap_copy_links(tap, record);
    memcpy(tap->copy + texts, tap_at(tap, tap->pos) + texts, record->size - texts);
    if (tap_head(tap) > tap->pos) {
        return TAP_OVERTAKEN;
    }
    if (!tap_is_sound(record)) {
        return TAP_DAMAGED;
    }
    tap->pos += record->size;
    *out = record;
    return TAP_RECORD;
}
