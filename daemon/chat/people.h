/* SPDX-License-Identifier: MIT */
/* People: arriving, names, private messages, leaving for good. See chat/hub.h for the rules of
 * calling. */
#ifndef CHAT_PEOPLE_H
#define CHAT_PEOPLE_H

#include "chat/hub.h"

/* The person of this nick; 0 if there is none. */
uint32_t people_find(const struct hub *hub, struct text nick);

/* The same, of those who are registered: whom others may see and speak to. */
uint32_t people_find_registered(const struct hub *hub, struct text nick);

/* Gives a new connection its guest name. */
void people_name_guest(struct hub *hub, uint32_t person);
/* Takes a name. Who is known to others is renamed before everybody concerned; who is not yet takes
 * it silently. */
must_check int people_rename(struct hub *hub, uint32_t person, struct text nick, struct moment now);
/* From now on others may see this person (it has a nick). */
void people_register(struct hub *hub, uint32_t person, struct moment now);

/* A private message into the other's box, and into one's own (who sent it may want to see it). */
must_check int people_tell(struct hub *hub, uint32_t person, uint32_t target, enum record_kind kind,
                           struct text text, struct moment now);

enum { AWAY_MAX = 200 }; /* bytes */

/* Is away from now on, and why; an empty text: is back. Whoever shares a room is told.
 * CHAT_TEXT_TOO_LONG past AWAY_MAX. */
must_check int people_set_away(struct hub *hub, uint32_t person, struct text why,
                               struct moment now);

/* Leaves all rooms in one record, gives the nick free. What is due until then stays due. */
void people_quit(struct hub *hub, uint32_t person, struct text reason, struct moment now);
/* The connection is over: all that is left of the person goes. The rows of the connection are the
 * caller's to free. */
void people_forget(struct hub *hub, uint32_t person);

/* "user@host" as others see it. */
void people_source(const struct hub *hub, uint32_t person, struct buf *out);
/* A draft by this person; the text of `source_space` is borrowed. */
struct draft people_draft(const struct hub *hub, uint32_t person, enum record_kind kind,
                          struct buf *source_space, struct moment now);
/* Has said something: the person is not idle. */
void people_spoke(struct hub *hub, uint32_t person, struct moment now);

uint32_t people_count(const struct hub *hub); /* registered ones; walks the table */

#endif
