/* SPDX-License-Identifier: MIT */
/* An open-addressed table of renderings; the epoch makes forgetting free. */
#include "front/renderings.h"

#include <errno.h>
#include <stdlib.h>

enum { POS_STEP = 16 }; /* bytes of the log: records are larger, so that flavours find gaps */

int renderings_init(struct renderings *renderings)
{
    *renderings = (struct renderings){ .epoch = 1 };
    renderings->slots = calloc(RENDERINGS_SLOTS, sizeof(*renderings->slots));
    renderings->bytes = malloc(RENDERINGS_BYTES);
    if (renderings->slots == NULL || renderings->bytes == NULL ||
        runs_init(&renderings->runs) < 0) {
        renderings_fini(renderings);
        return -ENOMEM;
    }
    return 0;
}

void renderings_fini(struct renderings *renderings)
{
    free(renderings->slots);
    free(renderings->bytes);
    runs_fini(&renderings->runs);
    *renderings = (struct renderings){ 0 };
}

static void renderings_forget(struct renderings *renderings)
{
    if (renderings->n_used > 0) {
        renderings->n_used = 0;
        renderings->n_bytes = 0;
        renderings->epoch++;
    }
}

void renderings_reset(struct renderings *renderings)
{
    renderings_forget(renderings);
    runs_reset(&renderings->runs);
}

/* The slot of the key, or the free one where it would stand. Places count from the round's first
 * record: so a short round looks where the last one did, which is still at hand. */
static struct rendering *renderings_slot(struct renderings *renderings, uint64_t pos,
                                         uint32_t flavour)
{
    uint64_t hash = flavour * 0x9e3779b97f4a7c15U;
    uint32_t i = (uint32_t)(hash >> 40) + (uint32_t)((pos - renderings->first_pos) / POS_STEP);

    for (;; i++) {
        struct rendering *slot = &renderings->slots[i % RENDERINGS_SLOTS];

        if (slot->epoch != renderings->epoch || (slot->pos == pos && slot->flavour == flavour)) {
            return slot;
        }
    }
}

const struct rendering *renderings_find(struct renderings *renderings, uint64_t pos,
                                        uint32_t flavour)
{
    struct rendering *slot = renderings_slot(renderings, pos, flavour);

    if (slot->epoch != renderings->epoch) {
        return NULL;
    }
    renderings->n_reused++;
    return slot;
}

struct buf renderings_begin(struct renderings *renderings)
{
    if (renderings->n_used >= RENDERINGS_SLOTS / 2 ||
        renderings->n_bytes + RENDERING_MAX > RENDERINGS_BYTES) {
        renderings_forget(renderings);
    }
    return buf_over(renderings->bytes + renderings->n_bytes, RENDERING_MAX);
}

struct text renderings_end(struct renderings *renderings, uint64_t pos, uint32_t flavour,
                           const struct buf *written)
{
    struct rendering *slot;

    if (renderings->n_used == 0) {
        renderings->first_pos = pos;
    }
    slot = renderings_slot(renderings, pos, flavour);
    *slot = (struct rendering){ .pos = pos,
                                .flavour = flavour,
                                .epoch = renderings->epoch,
                                .at = (uint32_t)renderings->n_bytes,
                                .len = (uint32_t)written->len };
    renderings->n_used++;
    renderings->n_rendered++;
    renderings->n_bytes += written->len;
    return rendering_text(renderings, slot);
}
