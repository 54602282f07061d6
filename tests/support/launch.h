/* SPDX-License-Identifier: MIT */
/* Starting the daemon as sd_listen_fds(3) describes it: descriptors from 3 on, their number, their
 * names and the child's own pid in the environment. A part of manager.c. */
#ifndef SUPPORT_LAUNCH_H
#define SUPPORT_LAUNCH_H

#include "support/manager.h"

/* The pid of the new process, or -errno. */
must_check pid_t launch_start(const struct manager *manager);

#endif
