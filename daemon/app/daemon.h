/* SPDX-License-Identifier: MIT */
/* The process around the server: configuration file, service manager, signals, the life from start
 * to exit. */
#ifndef APP_DAEMON_H
#define APP_DAEMON_H

#include "app/options.h"

/* Serves until told to stop; returns the exit code. */
must_check int daemon_run(const struct options *options);

#endif
