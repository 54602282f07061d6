/* SPDX-License-Identifier: MIT */
/* One run after the other. A daemon that dies of the same line three times refuses it, and a region
 * that three starts in a row do not survive is set aside; both are right, and not what is looked
 * for here: so before the third the run is left alone for a while. */
#include "torture/killer.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

enum {
    KILLER_CALM_US = 60000,
    KILLER_POINT_US = 40000, /* a point that is not come to by then is given up */
    KILLER_DOUBLINGS = 12,   /* the N-th time: up to 2^12, small ones being as likely as large */
    KILLER_RARE_DOUBLINGS = 3,
    KILLER_NEVER_US = 1 << 30,
    KILLER_PATIENCE_US = 1000, /* that each run may live longer than the one before it */
};

void killer_init(struct killer *killer, struct manager *manager, struct audit *audit, uint64_t seed,
                 const struct killer_options *options)
{
    *killer = (struct killer){ .options = *options,
                               .manager = manager,
                               .audit = audit,
                               .dice = { .state = seed },
                               .point = POINTS };
}

static bool killer_fails(struct killer *killer, const char *format, int number)
{
    if (killer->wrong[0] == '\0') {
        (void)snprintf(killer->wrong, sizeof(killer->wrong), "the daemon %s %d", format, number);
    }
    return false;
}

/* What the next start will find in hand was in hand at the start before. */
static bool killer_is_poisoned(const struct killer *killer)
{
    const struct region_header *header = killer->audit->region.header;

    return header != NULL && header->in_hand.kind != IN_HAND_NOTHING &&
           header->suspect.starts >= 1 && header->suspect.kind == header->in_hand.kind &&
           header->suspect.id == header->in_hand.id;
}

static void killer_plan(struct killer *killer, uint64_t now_us)
{
    bool is_timed = killer->options.means == KILLER_TIMED ||
                    (killer->options.means == KILLER_BOTH && dice_below(&killer->dice, 2) == 0);

    killer->point = POINTS;
    killer->n_patient += killer->is_patient;
    killer->is_calm = killer_is_poisoned(killer);
    if (killer->options.means == KILLER_NEVER) {
        killer->kill_at = now_us + KILLER_NEVER_US;
    } else if (killer->is_calm) {
        killer->n_calm++;
        killer->kill_at = now_us + KILLER_CALM_US;
    } else if (is_timed) {
        killer->kill_at = now_us + dice_below(&killer->dice, killer->options.most_us + 1);
    } else {
        killer->point = (enum point)dice_below(&killer->dice, POINTS);
        killer->kill_at = now_us + KILLER_POINT_US;
    }
}

static bool killer_start(struct killer *killer, uint64_t now_us)
{
    struct manager *manager = killer->manager;
    size_t n = 0;
    int r;

    killer_plan(killer, now_us);
    killer->has_struck = false;
    memset(manager->extra, 0, sizeof(manager->extra));
    if (killer->options.is_walking) {
        manager->extra[n++] = POINTS_WALK_VARIABLE "=1";
    }
    if (killer->point != POINTS) {
        bool is_rare = killer->point > POINT_AFTER_SEND;
        uint32_t most =
            1U << dice_below(&killer->dice, is_rare ? KILLER_RARE_DOUBLINGS : KILLER_DOUBLINGS);

        (void)snprintf(killer->crash, sizeof(killer->crash), POINTS_VARIABLE "=%s:%u",
                       POINT_NAMES[killer->point], 1 + dice_below(&killer->dice, most));
        manager->extra[n++] = killer->crash;
    }
    if (killer->options.bug != NULL) {
        (void)snprintf(killer->bug, sizeof(killer->bug), BUGS_VARIABLE "=%s", killer->options.bug);
        manager->extra[n++] = killer->bug;
    }
    r = manager_start(manager);
    return r == 0 || killer_fails(killer, "cannot be started: error", -r);
}

static bool killer_judge(struct killer *killer, int status)
{
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) {
        if (killer->has_struck) {
            killer->n_timed++;
        } else if (killer->point != POINTS) {
            killer->n_at[killer->point]++;
        } else {
            return killer_fails(killer, "was killed by somebody else: signal", SIGKILL);
        }
        killer->n_unready += !killer->manager->is_ready;
        return true;
    }
    return WIFSIGNALED(status) ? killer_fails(killer, "died of signal", WTERMSIG(status))
                               : killer_fails(killer, "ended with status", WEXITSTATUS(status));
}

static bool killer_reap(struct killer *killer)
{
    int status;

    return !manager_reap(killer->manager, &status) || killer_judge(killer, status);
}

bool killer_turn(struct killer *killer, uint64_t now_us)
{
    manager_hear(killer->manager);
    if (!killer_reap(killer)) {
        return false;
    }
    if (killer->manager->pid == 0) {
        return killer_start(killer, now_us);
    }
    if (killer->is_calm && !killer->manager->is_ready) {
        killer->kill_at = now_us + KILLER_CALM_US;
    } else if (killer->is_patient && !killer->manager->is_ready) {
        killer->kill_at =
            now_us + killer->options.most_us + killer->n_patient * (uint64_t)KILLER_PATIENCE_US;
    }
    if (now_us >= killer->kill_at && !killer->has_struck) {
        killer->has_struck = true;
        manager_signal(killer->manager, SIGKILL);
    }
    return true;
}

/* A run that was told a point to die at may still come to it. */
static bool killer_is_armed(const struct killer *killer)
{
    return killer->point != POINTS;
}

bool killer_spare(struct killer *killer, uint64_t now_us)
{
    killer->options.means = KILLER_NEVER;
    manager_hear(killer->manager);
    if (!killer_reap(killer)) {
        return false;
    }
    if (killer->manager->pid == 0) {
        return killer_start(killer, now_us);
    }
    if (killer_is_armed(killer) && !killer->has_struck) {
        killer->has_struck = true;
        manager_signal(killer->manager, SIGKILL);
    }
    return true;
}

bool killer_is_over(const struct killer *killer)
{
    return killer->options.means == KILLER_NEVER && killer->manager->pid != 0 &&
           !killer_is_armed(killer) && !killer->has_struck;
}

uint64_t killer_count(const struct killer *killer)
{
    uint64_t n = killer->n_timed;

    for (int i = 0; i < POINTS; i++) {
        n += killer->n_at[i];
    }
    return n;
}
