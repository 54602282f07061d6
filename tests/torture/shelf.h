/* SPDX-License-Identifier: MIT */
/* The archive of a daemon that was killed all the time, held against what really happened: every
 * record once, none left out, each as it was. */
#ifndef TORTURE_SHELF_H
#define TORTURE_SHELF_H

#include "torture/audit.h"

/* Is all that the audit has seen in the database by now? */
bool shelf_is_full(const char *path, const struct audit *audit);
/* False, with `wrong` saying what, if the database is not what the audit has seen. */
bool shelf_check(const char *path, const struct audit *audit, char *wrong, size_t size);

#endif
