/* SPDX-License-Identifier: MIT */
/* The works that servers are given: many connections that talk at full speed, at a given pace, or
 * one message at a time. */
#ifndef BENCH_WORK_H
#define BENCH_WORK_H

#include "bench/crowd.h"
#include "bench/tally.h"

#include <sys/types.h>

enum work_mode {
    WORK_CONNECT, /* come in, stay, and say nothing */
    WORK_JOIN,    /* the same, but into a room, where those who are in hear of it */
    WORK_FLOOD,   /* each sender has a window of messages under way */
    WORK_LONE,    /* the next message when the last one has reached everyone */
    WORK_PACED,   /* so many messages a second, whether the server keeps up or not */
};

struct work {
    enum work_mode mode;
    pid_t pid; /* of the server; 0: its use of the machine is not measured */
    uint32_t n_rooms;
    uint32_t n_readers, n_senders; /* in each room */
    uint32_t sleepers;             /* per cent of the readers: they come in and never read */
    uint32_t window;
    uint32_t rate; /* messages a second, in all */
    uint32_t measure_ms;
    bool is_traced;

    struct crowd crowd;
    struct tally tally;
    uint32_t *n_unheard; /* owned; by sender: messages that its pacemaker has not heard */
    uint32_t *due;       /* owned; senders whose window has opened */
    uint32_t n_due;
    uint64_t n_wanted; /* deliveries of what was said that are to come, echoes not counted */

    uint64_t resident_before, resident_after; /* coming in */
    uint64_t resident_end, most_unsent;       /* when all was said; bytes */
    uint64_t entered_ns, entered_cpu_ns;      /* how long coming in took */
    uint64_t measured_ns, cpu_ns, n_deliveries, n_bytes, n_calls;
};

/* crowd.dialect, crowd.port, tally.payload_len and the numbers above are set. -errno. */
must_check int work_run(struct work *work);
void work_fini(struct work *work);
/* One line of key=value. */
void work_print(const struct work *work);

#endif
