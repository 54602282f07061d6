/* SPDX-License-Identifier: MIT */
/* How much is kept, of all places and of the rooms for which something else was set: one piece that
 * a thread hands to another. */
#ifndef STORE_KEEPING_H
#define STORE_KEEPING_H

#include "store/archive.h"

struct keeping_room {
    char folded[ROOM_NAME_SIZE]; /* in lower case, as in `places` */
    struct archive_keep keep;
};

struct keeping {
    struct archive_keep all;
    size_t n_rooms;
    struct keeping_room rooms[];
};

/* NULL: no memory. */
struct keeping *keeping_new(const struct archive_keep *all, const struct archive_room_keep *rooms,
                            size_t n_rooms);
struct keeping *keeping_free(struct keeping *keeping); /* takes NULL, returns NULL */

#endif
