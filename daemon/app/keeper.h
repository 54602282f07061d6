/* SPDX-License-Identifier: MIT */
/* Who keeps descriptors while the daemon is away. The server hands each connection over before the
 * first effect that anybody can see; what it gets back at start are those that were kept. */
#ifndef APP_KEEPER_H
#define APP_KEEPER_H

#include "lib/base.h"

struct keeper {
    /* Keeps a duplicate of fd under the connection's number. -errno: it is not kept, and the
     * connection goes on without. */
    int (*keep)(struct keeper *keeper, uint64_t id, int fd);
    /* The connection has ended (it was shut down before): its duplicate may go. */
    void (*forget)(struct keeper *keeper, uint64_t id);
};

/* A connection that was kept. */
struct kept {
    uint64_t id;
    int fd; /* owned by whoever holds the struct; -1 once taken */
};

#endif
