/* SPDX-License-Identifier: MIT */
/* Following: the short way of the many. Those who are in one room, have nothing in their boxes and
 * stand where others of their view stand are shown the same: it is put together once, lies in one
 * page that all of them hold, and is theirs with one commit. Nothing is collected or merged for
 * them. It must leave behind what output_pull() would, but for the page. */
#ifndef FRONT_FOLLOW_H
#define FRONT_FOLLOW_H

#include "front/output.h"

enum { FOLLOWERS_MAX = 64 }; /* a group: each takes at most 112 bytes of the journal */

/* A group that comes together: all are shown the end of one run. */
struct followers {
    struct exchange *exchange; /* borrowed */
    const struct run *run; /* NULL: nothing was due to anybody yet; else a transaction is open */
    uint32_t page;         /* has all of the run in it; 0: nobody needed it yet */
};

/* Without a transaction open; until followers_commit() there may be no other. */
void followers_begin(struct followers *followers, struct exchange *exchange);
/* The connection `row`, of which the kernel took `written` bytes, is one of them, or nothing is due
 * to it: with the commit it has all. False: nothing was done; it is not one of this group, or only
 * output_pull() can tell. At most FOLLOWERS_MAX. */
must_check bool followers_add(struct followers *followers, uint32_t row, uint64_t written);
void followers_commit(struct followers *followers);

#endif
