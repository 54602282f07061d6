/* SPDX-License-Identifier: MIT */
/* Threads beside a loop: they take no signals, which are the loop's. */
#ifndef LIB_THREAD_H
#define LIB_THREAD_H

#include "lib/base.h"

#include <pthread.h>

/* Starts `run` with a stack of so many bytes. -errno of pthread_create(3). */
must_check int thread_start(pthread_t *out, size_t stack_bytes, void *(*run)(void *),
                            void *context);

#endif
