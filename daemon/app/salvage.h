/* SPDX-License-Identifier: MIT */
/* A region that was refused is put aside for the developers: a copy in the unit's state directory,
 * of which the last few are kept. Whatever goes wrong here is reported and stops nobody. */
#ifndef APP_SALVAGE_H
#define APP_SALVAGE_H

#include "lib/base.h"

enum {
    SALVAGE_FILES_MAX = 3, /* older ones are removed */
};

/* Copies what `fd` holds to region-<real time in seconds>.bin in $STATE_DIRECTORY
 * (systemd.exec(5)), holes as holes; without that variable does nothing. `fd` stays the caller's,
 * and open. */
void salvage_region(int fd, uint64_t real_ms);

#endif
