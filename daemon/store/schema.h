/* SPDX-License-Identifier: MIT */
/* The tables of the archive, for people and for programs: one step of SQL for each version. A new
 * version is a new step, DATABASE_VERSION, and a recording of the old in tests/data/: what is of
 * that version goes through the new steps alone. Numbers of records are those of the log, times are
 * milliseconds since 1970, kinds and flags those of state/layout.h.
 *
 * A *place* is whose history a record belongs to: a room of one conversation (one life of the
 * region), or what one person, a connection, hears alone, by the nick of who is at the other end. A
 * record that several hear (a quit, a private message) stands once in `records` and once for each
 * place in `placements`. `segments` and `postings` are the index of words: store/postings.h. */
#ifndef STORE_SCHEMA_H
#define STORE_SCHEMA_H

#include "store/database.h"

#include "state/log.h"

enum { PLACES_SIZE = LOG_LINKS_MAX * 21 }; /* bytes of records.places, at most */

/* The step that leads to `version`, from 1 on. */
const char *schema_step(int version);

#endif
