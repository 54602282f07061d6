/* SPDX-License-Identifier: MIT */
/* Counts the system calls of another process, by strace(1). It slows the process down many times
 * over, so such a run says nothing about time. */
#ifndef BENCH_TRACE_H
#define BENCH_TRACE_H

#include "lib/base.h"

#include <sys/types.h>

struct trace {
    pid_t strace; /* 0: not running */
    char path[32];
};

/* Attaches. -errno. */
must_check int trace_start(struct trace *trace, pid_t pid);
/* Detaches. The calls made in between, or 0 if strace could not tell. */
uint64_t trace_stop(struct trace *trace);
/* The calls in a table that `strace -c` has written; 0 if there is none. */
uint64_t trace_total(const char *path);

#endif
