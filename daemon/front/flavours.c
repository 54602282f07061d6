/* SPDX-License-Identifier: MIT */
/* There are few, so looking through those that were seen is cheaper than hashing. */
#include "front/flavours.h"

struct flavours {
    uint32_t seen[FLAVOURS_MAX];
    uint32_t n;
};

static void flavours_note(struct flavours *flavours, uint32_t view)
{
    for (uint32_t i = 0; i < flavours->n; i++) {
        if (flavours->seen[i] == view) {
            return;
        }
    }
    if (flavours->n < FLAVOURS_MAX) {
        flavours->seen[flavours->n++] = view;
    }
}

uint32_t flavours_in_use(struct exchange *exchange)
{
    const struct state *state = exchange->hub.state;
    uint32_t n_left = table_used(&state->free_wires);
    struct flavours flavours = { .n = 0 };

    for (uint32_t row = 1; n_left > 0 && row < state->header->sizes.wires; row++) {
        uint32_t flags = state->people[row].flags;

        if (state->wires[row].id == 0) {
            continue;
        }
        n_left--;
        if ((flags & PERSON_REGISTERED) && !(flags & PERSON_GONE)) {
            const struct front *front = exchange->fronts[state->wires[row].front];
            struct reader reader = { .exchange = exchange, .front = front, .row = row };

            flavours_note(&flavours, front->view(&reader, 0));
        }
    }
    return flavours.n;
}
