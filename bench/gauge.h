/* SPDX-License-Identifier: MIT */
/* What the kernel says about another process, and the clock. */
#ifndef BENCH_GAUGE_H
#define BENCH_GAUGE_H

#include "lib/base.h"

#include <sys/types.h>

uint64_t gauge_now_ns(void); /* CLOCK_MONOTONIC */
/* Time that all threads of the process have run so far; 0 for pid 0 and for what is gone. */
uint64_t gauge_cpu_ns(pid_t pid);
/* Bytes of its resident set; 0 as above. */
uint64_t gauge_resident(pid_t pid);
/* The most bytes that the kernel holds for any one connection of the server at 127.0.0.1:port:
 * written by it, and not acknowledged by the other end. */
uint64_t gauge_most_unsent(uint16_t port);

#endif
