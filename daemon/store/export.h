/* SPDX-License-Identifier: MIT */
/* The whole history of a room, for people or for programs, from the archive to a stream. */
#ifndef STORE_EXPORT_H
#define STORE_EXPORT_H

#include "store/reader.h"

#include <stdio.h>

enum export_format {
    EXPORT_TEXT, /* "2026-11-22 10:00:00 <ann> hello", in local time; events in words */
    EXPORT_JSON, /* an object a line, with all there is; times in UTC */
};

enum export_outcome { EXPORT_NOTHING = 1 }; /* no room of this name is in the archive */

/* Writes what was said and happened in the room: in all conversations if it is permanent, else in
 * the latest room that had this name. What was said to operators alone is there too. 0, an outcome,
 * or -errno (of the archive, or of writing). */
must_check int export_room(struct archive_reader *reader, const char *name,
                           enum export_format format, FILE *to);

#endif
