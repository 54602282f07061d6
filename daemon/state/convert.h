/* SPDX-License-Identifier: MIT */
/* Reading the tables of a region of an older layout as layout.h has them. One step for each version
 * leads to the next; a row goes through all that follow its own. Only here are such tables read,
 * and they are never written: region_resize() puts the rows into a new region. */
#ifndef STATE_CONVERT_H
#define STATE_CONVERT_H

#include "state/region.h"

/* A room of a region of any layout that region_adopt() accepts; of a free row (id 0) only the id
 * has a meaning. */
struct room convert_room(const struct region *region, uint32_t row);

/* Fills the rooms and the past of `to`, which are empty. */
void convert_tables(struct region *to, const struct region *from);

#endif
