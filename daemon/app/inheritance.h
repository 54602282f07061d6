/* SPDX-License-Identifier: MIT */
/* What an earlier process left with the service manager, and what this one leaves there for the
 * next: the region, the boxes with the connections, listeners that we opened ourselves. */
#ifndef APP_INHERITANCE_H
#define APP_INHERITANCE_H

#include "app/activation.h"
#include "app/boxes.h"
#include "lib/text.h"

struct inheritance {
    struct boxes boxes;
    struct notify *notify;  /* borrowed */
    int region_fd;          /* owned until taken; -1: none came back */
    uint32_t region_number; /* of the newest region in the store; it is in its name */
    struct kept *kept;      /* owned, descriptors too until they are taken */
    size_t n_kept;
    bool is_on;        /* the manager keeps things for us */
    char why[96];      /* how the previous run ended; empty: not known */
    uint64_t ended_ms; /* when, boot time; 0: not known */
};

/* Takes what came back out of `activation`. With `is_on` false nothing is kept, and what came back
 * is left alone. -errno. */
must_check int inheritance_init(struct inheritance *inheritance, struct activation *activation,
                                struct notify *notify, bool is_on);
void inheritance_fini(struct inheritance *inheritance);

/* NULL if nothing is kept. */
struct keeper *inheritance_keeper(struct inheritance *inheritance);

/* The manager gets the region of this run; regions of earlier runs go. Before the first accept. */
must_check int inheritance_store_region(struct inheritance *inheritance, int region_fd);
/* The region can't be used: who was connected is told so, and ended. */
void inheritance_dismiss(struct inheritance *inheritance);

/* One line for the operator: how many came back, how long the pause was, why there was one. */
void inheritance_describe(const struct inheritance *inheritance, uint32_t n_connections,
                          uint64_t now_boot_ms, struct buf *out);

#endif
