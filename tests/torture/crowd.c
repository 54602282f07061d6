/* SPDX-License-Identifier: MIT */
/* Who is in the crowd, who comes and goes, and the reckoning at the end. */
#include "torture/crowd.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>

enum {
    CROWD_KINDS = 8,
    CROWD_QUIET = 48, /* people in one room, up to which nc is told of comings and goings */
    CROWD_EVENTS = 256,
    CROWD_VISIT = 60, /* things that a passing client does, at most */
    CROWD_SHORT_VISIT = 4,
    CROWD_EVER = 1 << 30,
};

bool crowd_fails(struct crowd *crowd, const struct client *client, const char *format, ...)
{
    char what[CROWD_WRONG_SIZE / 2];
    va_list arguments;

    va_start(arguments, format);
    (void)vsnprintf(what, sizeof(what), format, arguments);
    va_end(arguments);
    if (crowd->wrong[0] == '\0') {
        (void)snprintf(crowd->wrong, sizeof(crowd->wrong),
                       "client %u (%s%s, connection %llu, at event %u of %u): %s", client->life,
                       client->front == CLIENT_LINE ? "line" : "irc",
                       client->is_slow ? ", slow" : "", (unsigned long long)client->connection,
                       client->at, crowd->audit->n, what);
    }
    return false;
}

/* ---- the mixture ---- */

static uint32_t crowd_wish(struct crowd *crowd)
{
    return 1 + dice_below(&crowd->dice, (1U << ROOMS) - 1);
}

/* Of eight: four that talk and stay, one of each front end that reads slowly and says little, two
 * that come and go. */
static void crowd_cast(struct crowd *crowd, uint32_t at)
{
    struct client *client = &crowd->clients[at];
    uint32_t kind = at % CROWD_KINDS;

    *client = (struct client){ .fd = -1, .front = kind % 2 == 0 ? CLIENT_LINE : CLIENT_IRC };
    client->is_passing = kind >= 6;
    client->is_slow = kind == 4 || kind == 5;
    client->is_told = crowd->n <= CROWD_QUIET;
    if (client->front == CLIENT_IRC && !client->is_passing) {
        crowd->patrons[crowd->n_patrons++] = at;
    }
}

static void crowd_send_in(struct crowd *crowd, struct client *client)
{
    client->is_passing |= crowd->is_visiting;
    if (client->is_passing) {
        client->front = dice_below(&crowd->dice, 2) == 0 ? CLIENT_LINE : CLIENT_IRC;
        client->is_slow = dice_below(&crowd->dice, 8) == 0;
    }
    client->is_timed = dice_below(&crowd->dice, 4) == 0;
    client->wish = crowd_wish(crowd);
    client->end = (enum client_end)dice_below(&crowd->dice, 3);
    client->n_to_say = CROWD_EVER;
    if (client->is_passing) {
        client->n_to_say =
            1 + dice_below(&crowd->dice, crowd->is_visiting ? CROWD_SHORT_VISIT : CROWD_VISIT);
    }
    if (client->is_slow && !client->is_passing && dice_below(&crowd->dice, 2) == 0) {
        client->n_to_say = 0; /* one that only listens: what it misses can be told exactly */
    }
    (void)client_begin(crowd, client); /* else it is tried again */
}

int crowd_init(struct crowd *crowd, struct audit *audit, uint64_t seed, uint32_t n)
{
    *crowd = (struct crowd){ .audit = audit, .dice = { .state = seed }, .n = n };
    crowd->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    if (crowd->epoll_fd < 0) {
        return -errno;
    }
    for (uint32_t i = 0; i < n; i++) {
        crowd_cast(crowd, i);
    }
    return 0;
}

void crowd_fini(struct crowd *crowd)
{
    for (uint32_t i = 0; i < crowd->n; i++) {
        fd_close_slot(&crowd->clients[i].fd);
    }
    fd_close_slot(&crowd->epoll_fd);
    crowd->n = 0;
    crowd->epoll_fd = -1;
}

/* ---- turns ---- */

static void crowd_wait(struct crowd *crowd, uint64_t timeout_us)
{
    struct epoll_event events[CROWD_EVENTS];
    struct timespec wait = { .tv_nsec = (long)timeout_us * 1000 };
    int n = epoll_pwait2(crowd->epoll_fd, events, CROWD_EVENTS, &wait, NULL);

    for (int i = 0; i < n; i++) {
        struct client *client = events[i].data.ptr;

        client->edges |= events[i].events & (EPOLLIN | EPOLLOUT);
        if (events[i].events & (EPOLLERR | EPOLLHUP | EPOLLRDHUP)) {
            client->edges |= EPOLLIN;
        }
    }
}

bool crowd_turn(struct crowd *crowd, uint64_t timeout_us)
{
    crowd_wait(crowd, timeout_us);
    if (!audit_follow(crowd->audit)) {
        (void)snprintf(crowd->wrong, sizeof(crowd->wrong), "%s", crowd->audit->wrong);
        return false;
    }
    for (uint32_t i = 0; i < crowd->n; i++) {
        struct client *client = &crowd->clients[i];

        if ((client->phase == CLIENT_ABSENT || client->phase == CLIENT_ENDED) &&
            !crowd->is_ending) {
            crowd_send_in(crowd, client);
        }
        if (!client_turn(crowd, client)) {
            return false;
        }
    }
    return true;
}

/* ---- the end ---- */

void crowd_finish(struct crowd *crowd)
{
    crowd->is_ending = true;
}

/* Also of those who are leaving; but who resets may take lines along that the daemon has not read.
 */
static bool crowd_is_life_heard(const struct crowd *crowd, const struct client *client)
{
    const struct life *life = &crowd->audit->lives[client->life];

    switch (client->phase) {
    case CLIENT_PRESENT:
        return client->out_len == 0 && life->n_heard == life->n_said && client->n_owed == 0;
    case CLIENT_LEAVING: return client->end != CLIENT_RESETS && life->n_heard == life->n_said;
    case CLIENT_ABSENT:
    case CLIENT_ENDED: break;
    }
    return true;
}

bool crowd_is_heard(const struct crowd *crowd)
{
    for (uint32_t i = 0; i < crowd->n; i++) {
        struct client then = crowd->clients[i];

        answers_settle(&then);
        if (!crowd_is_life_heard(crowd, &then)) {
            return false;
        }
    }
    return true;
}

void crowd_leave(struct crowd *crowd)
{
    for (uint32_t i = 0; i < crowd->n; i++) {
        struct client *client = &crowd->clients[i];

        if (client->phase == CLIENT_PRESENT) {
            client->end = dice_below(&crowd->dice, 2) == 0 ? CLIENT_QUITS : CLIENT_HALF_CLOSES;
            client_leave(crowd, client);
        }
    }
}

bool crowd_is_gone(const struct crowd *crowd)
{
    for (uint32_t i = 0; i < crowd->n; i++) {
        if (crowd->clients[i].phase == CLIENT_PRESENT ||
            crowd->clients[i].phase == CLIENT_LEAVING) {
            return false;
        }
    }
    return true;
}

/* Only who reset its connection may have said more than was heard; but nobody more than once, and
 * nothing with a gap: that the audit has seen to. */
bool crowd_reconcile(struct crowd *crowd)
{
    uint64_t n_unheard = 0;

    if (!audit_follow(crowd->audit)) {
        (void)snprintf(crowd->wrong, sizeof(crowd->wrong), "%s", crowd->audit->wrong);
        return false;
    }
    for (uint64_t i = 1; i < crowd->audit->n_seen; i++) {
        const struct seen *seen = &crowd->audit->seen[i];

        if (seen->n_rooms > 0 && seen->quit == AUDIT_NOWHERE) {
            (void)snprintf(crowd->wrong, sizeof(crowd->wrong),
                           "connection %llu has entered a room and never quit",
                           (unsigned long long)i);
            return false;
        }
    }
    for (uint32_t i = 0; i < crowd->audit->n_lives; i++) {
        const struct life *life = &crowd->audit->lives[i];

        if (life->n_heard < life->n_said && !life->may_be_cut) {
            (void)snprintf(crowd->wrong, sizeof(crowd->wrong),
                           "client %u said %u lines, and %u took effect", i, life->n_said,
                           life->n_heard);
            return false;
        }
        n_unheard += life->n_said - life->n_heard;
    }
    crowd->counts.n_unheard = n_unheard;
    return true;
}

void crowd_describe(const struct crowd *crowd, struct buf *out)
{
    for (uint32_t i = 0; i < crowd->n; i++) {
        const struct client *client = &crowd->clients[i];
        const struct life *life = &crowd->audit->lives[client->life];

        if (client->phase != CLIENT_PRESENT && client->phase != CLIENT_LEAVING) {
            continue;
        }
        buf_format(
            out,
            "  client %u (%s%s, connection %llu): phase %d, end %d, %u of %u lines heard, %zu "
            "bytes to send, %u answers due, at event %u of %u\n",
            client->life, client->front == CLIENT_LINE ? "line" : "irc",
            client->is_slow ? ", slow" : "", (unsigned long long)client->connection,
            (int)client->phase, (int)client->end, life->n_heard, life->n_said,
            client->out_len - client->out_at, client->n_owed, client->at, crowd->audit->n);
    }
}
