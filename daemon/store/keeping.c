/* SPDX-License-Identifier: MIT */
/* Names are folded once, when they are set. */
#include "store/keeping.h"

#include "store/filing.h"

#include <stdlib.h>

struct keeping *keeping_new(const struct archive_keep *all, const struct archive_room_keep *rooms,
                            size_t n_rooms)
{
    struct keeping *keeping = calloc(1, sizeof(*keeping) + n_rooms * sizeof(keeping->rooms[0]));

    if (keeping == NULL) {
        return NULL;
    }
    keeping->all = *all;
    keeping->n_rooms = n_rooms;
    for (size_t i = 0; i < n_rooms; i++) {
        struct buf folded = buf_over(keeping->rooms[i].folded, ROOM_NAME_SIZE - 1);

        filing_fold(&folded, rooms[i].name);
        keeping->rooms[i].keep = rooms[i].keep;
    }
    return keeping;
}

struct keeping *keeping_free(struct keeping *keeping)
{
    free(keeping);
    return NULL;
}
