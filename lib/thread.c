/* SPDX-License-Identifier: MIT */
/* A thread inherits the mask of who starts it, so everything is blocked for that moment. */
#include "lib/thread.h"

#include <signal.h>

int thread_start(pthread_t *out, size_t stack_bytes, void *(*run)(void *), void *context)
{
    pthread_attr_t attributes;
    sigset_t all, before;
    int r = pthread_attr_init(&attributes);

    if (r != 0) {
        return -r;
    }
    (void)sigfillset(&all);
    (void)pthread_attr_setstacksize(&attributes, stack_bytes);
    (void)pthread_sigmask(SIG_BLOCK, &all, &before);
    r = pthread_create(out, &attributes, run, context);
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    (void)pthread_attr_destroy(&attributes);
    return -r;
}
