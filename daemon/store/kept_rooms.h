/* SPDX-License-Identifier: MIT */
/* What lasts of the rooms that stay: topic, modes and lists, as a new region is given them. While a
 * region lives it is the truth; what is here is written over by it, and read only when there is
 * none. */
#ifndef STORE_KEPT_ROOMS_H
#define STORE_KEPT_ROOMS_H

#include "store/database.h"

enum kept_text {
    KEPT_NAME,
    KEPT_TOPIC,
    KEPT_TOPIC_BY,
    KEPT_MODES, /* letters of those without an argument */
    KEPT_KEY,
    KEPT_BANS, /* as in the region: chat/masks.h */
    KEPT_EXCEPTIONS,
    KEPT_INVITATIONS,
    KEPT_TEXTS,
};

struct kept_room {
    char *texts[KEPT_TEXTS]; /* owned; NULL: empty */
    uint64_t topic_ms;
    uint32_t limit;
};

struct kept_rooms {
    uint32_t n;
    struct kept_room rooms[];
};

/* Empty ones. NULL: no memory. */
struct kept_rooms *kept_rooms_new(uint32_t n);
struct kept_rooms *kept_rooms_free(struct kept_rooms *kept); /* takes NULL, returns NULL */
OWNED_DEFINE(struct kept_rooms *, kept_rooms_free)

/* Copies a text. -ENOMEM. */
must_check int kept_room_set(struct kept_room *room, enum kept_text which, struct text t);
struct text kept_room_text(const struct kept_room *room, enum kept_text which);
bool kept_rooms_are_equal(const struct kept_rooms *a, const struct kept_rooms *b);

/* In a transaction of its own: these and no others. -errno. */
must_check int kept_rooms_write(struct database *database, const struct kept_rooms *kept);
/* -errno; *out is the caller's. */
must_check int kept_rooms_read(struct database *database, struct kept_rooms **out);

#endif
