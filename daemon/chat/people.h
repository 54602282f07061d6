/* SPDX-License-Identifier: MIT */
/* People: arriving, names, what changes about them, leaving for good. See chat/hub.h for the rules
 * of calling. */
#ifndef CHAT_PEOPLE_H
#define CHAT_PEOPLE_H

#include "chat/hub.h"

enum { /* bytes */
       AWAY_MAX = 200,
       USER_MAX = 20,
       REALNAME_MAX = 116,
       HOST_MAX =
           39, /* as the longest address: so that an event of the longest names is one IRC line */
};

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

/* The next three tell whoever shares a room. CHAT_TEXT_TOO_LONG, CHAT_FULL. */
must_check int people_set_realname(struct hub *hub, uint32_t person, struct text realname,
                                   struct moment now); /* CHAT_NO_TEXT */
/* The host that others see from now on; empty: the address. */
must_check int people_set_host(struct hub *hub, uint32_t person, struct text host,
                               struct moment now);
/* Empty: none any more. */
must_check int people_set_account(struct hub *hub, uint32_t person, struct text account,
                                  struct moment now);

/* PERSON_INVISIBLE, PERSON_WALLOPS, PERSON_OPERATOR or PERSON_BOT. Whether it may is the caller's
 * question. */
void people_set_mode(struct hub *hub, uint32_t person, uint32_t mode, bool is_on);

/* An operator of the server ends the target's connection: whoever owns it sees PERSON_KILLED, and
 * the reason in `away`, if there was room for it. CHAT_NOT_PRIVILEGED. */
must_check int people_kill(struct hub *hub, uint32_t person, uint32_t target, struct text reason);

/* Is away from now on, and why; an empty text: is back. Whoever shares a room is told.
 * CHAT_TEXT_TOO_LONG past AWAY_MAX. */
must_check int people_set_away(struct hub *hub, uint32_t person, struct text why,
                               struct moment now);

/* Leaves all rooms in one record, gives the nick free. What is due until then stays due. */
void people_quit(struct hub *hub, uint32_t person, struct text reason, struct moment now);
/* The connection is over: all that is left of the person goes. The rows of the connection are the
 * caller's to free. */
void people_forget(struct hub *hub, uint32_t person);

/* Has said something: the person is not idle. */
void people_spoke(struct hub *hub, uint32_t person, struct moment now);

static inline uint32_t people_count(const struct hub *hub) /* registered ones */
{
    return hub->heads.people;
}

#endif
