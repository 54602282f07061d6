/* SPDX-License-Identifier: MIT */
/* What lay in a region of layout 1 otherwise than in layout.h, for convert.c; it never changes
 * (tests/data/layout-1.txt). What is only named otherwise now was reserved then, and 0: a wire's
 * out.batch, a person's `more`, a membership's flags, a record's flags and n_extras, the counters'
 * next_past. The past had no table. */
#ifndef STATE_LAYOUT_1_H
#define STATE_LAYOUT_1_H

#include "state/layout.h"

struct room_1 {
    uint32_t id;
    uint32_t flags;
    char name[ROOM_NAME_SIZE];
    struct chain chain;
    uint32_t first_member, last_member;
    uint32_t n_members;
    uint32_t n_memberships;
    uint32_t topic, topic_by;
    uint64_t topic_ms, born_ms;
    uint32_t next_serial;
    uint32_t modes; /* reserved: 0 */
};

#endif
