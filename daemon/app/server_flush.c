/* SPDX-License-Identifier: MIT */
/* Flushing the dirty: groups of those who are shown the same, and one by one whoever is not.
 * Between two sends of a group almost nothing is done: the kernel's path of a send leaves caches
 * cold, and what is done for many in a row is cheap only as long as they are not. */
#include "app/server.h"

#include <string.h>

/* What is sent of one of a group, at hand for when the row is not. */
struct server_send {
    int fd;
    struct text unsent;
    struct sent sent;
};

static void server_send_all(struct server_send *sends, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        if (sends[i].unsent.len > 0) {
            sends[i].sent = session_send_bytes(sends[i].fd, sends[i].unsent);
        }
    }
}

/* The dirty from rows[0] on, as long as they are of one group: one transaction, then their sends.
 * Returns how many they were. */
static uint32_t server_flush_group(struct server *server, const uint32_t *rows, uint32_t n_rows)
{
    struct server_send sends[FOLLOWERS_MAX];
    struct followers followers;
    uint32_t n = 0;

    followers_begin(&followers, &server->exchange);
    for (; n < n_rows && n < FOLLOWERS_MAX; n++) {
        struct session *session = server->sessions[rows[n]];
        struct text unsent;

        if (session == NULL || !session_follow(session, &followers, &unsent)) {
            break;
        }
        sends[n] = (struct server_send){ .fd = session->watch.fd, .unsent = unsent };
    }
    followers_commit(&followers);
    server_send_all(sends, n);
    for (uint32_t i = 0; i < n; i++) {
        session_settle(server->sessions[rows[i]], sends[i].unsent.len, sends[i].sent);
    }
    return n;
}

/* Those that become dirty again have their turn in the next round. */
void server_flush(struct server *server)
{
    uint32_t n = server->n_dirty;

    for (uint32_t i = 0; i < n; i++) {
        struct session *session;

        i += server_flush_group(server, &server->dirty[i], n - i);
        session = i < n ? server->sessions[server->dirty[i]] : NULL;
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
