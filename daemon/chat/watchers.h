/* SPDX-License-Identifier: MIT */
/* Who watches a nick, and whose list may have news: what lies outside the region of the lists of
 * chat/watched.h. Costs nothing while nobody watches. See chat/hub.h for the rules of calling. */
#ifndef CHAT_WATCHERS_H
#define CHAT_WATCHERS_H

#include "state/log.h"

struct hub;

enum {
    /* Of those who watch a nick and are curious (PERSON_CURIOUS), so many hear of a change: a
     * record has no more links. */
    CURIOUS_MAX = LOG_LINKS_MAX - MEMBERSHIPS_PER_PERSON,
};

/* One nick of one list. */
struct watching {
    uint32_t watcher;    /* person; 0: the row is free, and own_next the next one */
    uint32_t hash;       /* of the nick */
    uint32_t next, prev; /* of the same hash, or of one that shares its head */
    uint32_t own_next;
};

struct watcher {
    uint32_t first; /* watching */
    bool has_news;  /* a nick of the list came or went since it was told */
};

struct watchers {
    struct watching *watchings; /* owned; row 0 is not used */
    uint32_t *heads;            /* owned; by hash */
    struct watcher *watcher;    /* owned; by person */
    uint32_t n_rows;            /* a power of two; as many heads; 0: none yet */
    uint32_t n_used;            /* rows */
    uint32_t first_free;
};

/* Builds it from what lies in the region; all who watch are woken, since what they are to be told
 * may have happened before a crash. -ENOMEM. */
must_check int watchers_init(struct hub *hub);
void watchers_fini(struct hub *hub);

/* Somebody of this nick is there now, or is not any more: whoever watches it has news. */
void watchers_wake(struct hub *hub, struct text nick);
/* True from then on until watchers_settle(). */
bool watchers_has_news(const struct hub *hub, uint32_t person);
/* The list was compared with what is true, and told. */
void watchers_settle(struct hub *hub, uint32_t person);
/* The person can have so many watchings; false: there is no memory. Never for as many as it has. */
must_check bool watchers_reserve(struct hub *hub, uint32_t person, uint32_t n);
/* The person watches this nick from now on. It was reserved. */
void watchers_add(struct hub *hub, uint32_t person, struct text nick);
/* The person watches nobody any more. */
void watchers_forget(struct hub *hub, uint32_t person);
/* Who is curious about this person, itself left out: at most CURIOUS_MAX people, those of the
 * lowest rows, in ascending order. */
uint32_t watchers_curious(const struct hub *hub, uint32_t person, uint32_t *out_people);

#endif
