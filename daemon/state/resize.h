/* SPDX-License-Identifier: MIT */
/* A region with other sizes, or of today's layout: the limits of the configuration and the layout
 * change, and the region outlives every process. It is copied into a new one, which counts only
 * when it is complete and stored; the old one is not touched, so a crash in the middle costs
 * nothing. */
#ifndef STATE_RESIZE_H
#define STATE_RESIZE_H

#include "state/region.h"

/* The sizes that a copy of `region` would have if `wanted` were asked for: enlarged where what is
 * in use needs more. */
struct region_sizes region_fitting_sizes(const struct region *region,
                                         const struct region_sizes *wanted);

/* Makes `to` a copy of `from` in LAYOUT_VERSION, between two transactions of `from` (its journal is
 * empty), with these sizes, which fit. `from` may be of an older layout. -errno, with `to`
 * untouched. */
must_check int region_resize(struct region *to, const struct region *from,
                             const struct region_sizes *sizes);

#endif
