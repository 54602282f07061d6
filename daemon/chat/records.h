/* SPDX-License-Identifier: MIT */
/* What happened becomes a record: who and from where, by value, so that history shows the name of
 * then. See chat/hub.h for the rules of calling. */
#ifndef CHAT_RECORDS_H
#define CHAT_RECORDS_H

#include "chat/hub.h"

enum { SOURCE_SIZE = 128 }; /* "user@host": at most 23 + 1 + 63 bytes */

/* "user@host" as others see it. */
void people_source(const struct hub *hub, uint32_t person, struct buf *out);
void people_user(const struct hub *hub, uint32_t person, struct buf *out);
/* The host that others see: the one an operator was given, or the address. */
void people_host(const struct hub *hub, uint32_t person, struct buf *out);
void people_account(const struct hub *hub, uint32_t person, struct buf *out);

/* Appends what this person does, to the chains of `owners`, and wakes them. `draft` holds the kind,
 * the time and the texts; who, whence and account are filled in. */
void record_act(struct hub *hub, uint32_t person, struct draft *draft, const uint32_t *owners,
                uint32_t n_owners);
/* The same in one room, now; `where` and the time are filled in too. */
void record_in_room(struct hub *hub, uint32_t person, uint32_t room, struct draft *draft,
                    struct moment now);
/* The same for everybody whom a change of this person concerns: all rooms it is in, or the own box
 * of who is in none; and the boxes of those who are curious (chat/watchers.h), unless it is a nick
 * that changes. */
void record_change(struct hub *hub, uint32_t person, enum record_kind kind, struct text text,
                   struct moment now);

#endif
