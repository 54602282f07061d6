/* SPDX-License-Identifier: MIT */
/* Up to when a person has read a room, or its talk with a nick (IRCv3 read-marker). Targets are
 * names, whatever is or is not behind them: so the mark of a room that was left is there when it is
 * entered again, and nobody learns from it what exists. Nobody but the person is told.
 *
 * The list is one text in cells, for each target: a byte that says how long its name is; six, the
 * lowest first, that are milliseconds of real time; the name. In a full list the target that was
 * read up to the earliest time gives way. See chat/hub.h for the rules of calling. */
#ifndef CHAT_MARKS_H
#define CHAT_MARKS_H

#include "chat/hub.h"
#include "chat/names.h"

enum {
    MARKS_MAX = 100,    /* targets: all rooms that one can be in, and others */
    MARK_TIME_SIZE = 6, /* bytes: for 8900 years */
    MARK_HEAD_SIZE = 1 + MARK_TIME_SIZE,
    MARKS_SIZE = MARKS_MAX * (MARK_HEAD_SIZE + ROOM_NAME_MAX), /* bytes of the text */
};

/* False, and *out_ms untouched: it is not known. */
must_check bool marks_find(const struct hub *hub, uint32_t person, struct text target,
                           uint64_t *out_ms);
/* In a transaction: the target is read up to this time, or up to now if that is earlier, unless it
 * was read further already. CHAT_BAD_NAME: neither a nick nor a room's name. CHAT_FULL: there are
 * no cells for a new target; a known one needs none. */
must_check int marks_set(struct hub *hub, uint32_t person, struct text target, uint64_t read_ms,
                         struct moment now);

#endif
