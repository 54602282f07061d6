/* SPDX-License-Identifier: MIT */
/* Dying on purpose. While armed, every point of a transaction and every system call of the server
 * (before and after) is counted, and at one of them longjmp() plays the kill: what was in memory of
 * this process alone is lost, what the kernel and the region have stays. recv() and send() can also
 * be cut: nothing, one byte, a half. The calls are caught by the linker (--wrap). */
#ifndef SUPPORT_CRASH_H
#define SUPPORT_CRASH_H

#include "support/shadow.h"

#include <setjmp.h>
#include <sys/socket.h>

enum crash_cut {
    CUT_NOTHING, /* EAGAIN */
    CUT_ONE,     /* one byte */
    CUT_HALF,
    CUT_ALL, /* as asked */
};

/* What is to happen; zeroed: nothing. */
struct crash_plan {
    uint64_t at_point;    /* the n-th point kills, counting from 1; 0: none */
    uint64_t again_after; /* and so many points after it the next one; 0: once */
    uint64_t cut_call;    /* the n-th recv() or send() is cut; 0: none */
    uint64_t cut_each;    /* one in so many recv() and send() is cut, by chance; 0: none */
    enum crash_cut cut;
    int full_fd;          /* send() finds no room there; 0: none */
    bool kills_after_cut; /* right after the kernel did its part */
};

struct crash {
    struct tx_observer observer;
    struct shadow shadow;
    struct crash_plan plan;
    bool is_wanted; /* points are counted from here on */
    bool is_armed;  /* server code runs */
    jmp_buf to;     /* valid while armed */
    uint64_t n_points, n_calls, n_crashes;
    uint64_t random;  /* the same in every run */
    uint64_t n_cuts;  /* each takes an edge away, which the rig gives back */
    const char *last; /* what the last crash interrupted */
    int accepted_fd;  /* the last one, known to nobody else perhaps; -1 */
};

void crash_init(struct crash *crash, const struct state *state);
void crash_fini(struct crash *crash);

/* Around each stretch of server code, when crash->to is set. */
void crash_arm(struct crash *crash);
void crash_disarm(struct crash *crash);

#endif
