/* SPDX-License-Identifier: MIT */
/* Flushing the dirty, one after the other. */
#include "app/server.h"

#include <string.h>

/* Those that become dirty again have their turn in the next round. */
void server_flush(struct server *server)
{
    uint32_t n = server->n_dirty;

    for (uint32_t i = 0; i < n; i++) {
        struct session *session = server->sessions[server->dirty[i]];

        if (session != NULL) {
            session_flush(session);
        }
    }
    server->n_dirty -= n;
    memmove(server->dirty, server->dirty + n, server->n_dirty * sizeof(*server->dirty));
}

void server_spare_pages(struct server *server)
{
    if (pages_are_running_cold(&server->state.pages)) {
        server_flush(server);
    }
}
