/* SPDX-License-Identifier: MIT */
/* The hub: rooms and people, and who must be woken because something happened. It works on the
 * state's tables inside a transaction that its caller opened, and appends records; it knows no
 * descriptor, no clock (`now` is an argument) and no protocol. A person is named by the row of the
 * connection.
 *
 * Functions that can refuse return 0 or an outcome of enum chat_outcome; they refuse before they
 * change anything. */
#ifndef CHAT_HUB_H
#define CHAT_HUB_H

#include "chat/room_settings.h"
#include "chat/watchers.h"
#include "lib/index.h"
#include "state/log.h"

struct moment {
    uint64_t boot_ms; /* for deadlines and idling */
    uint64_t real_ms; /* for people */
};

enum chat_outcome {
    CHAT_BAD_NAME = 1,  /* not a nickname */
    CHAT_NAME_TAKEN,    /* by somebody else */
    CHAT_NAME_RESERVED, /* a guest's or the daemon's */
    CHAT_NAME_SAME,     /* it is this person's already */
    CHAT_BAD_ROOM,      /* not a room's name */
    CHAT_NO_ROOM,       /* there is none of this name */
    CHAT_NO_PERSON,
    CHAT_NOT_MEMBER,
    CHAT_ALREADY_MEMBER,
    CHAT_TOO_MANY_ROOMS, /* for one person */
    CHAT_FULL,           /* the tables are: rooms, memberships or texts */
    CHAT_NO_TEXT,
    CHAT_TEXT_TOO_LONG,
    CHAT_NOT_OPERATOR,   /* of the room */
    CHAT_NOT_PRIVILEGED, /* no operator of the server */
    CHAT_BANNED,         /* from entering */
    CHAT_INVITE_ONLY,
    CHAT_WRONG_KEY,
    CHAT_ROOM_FULL,     /* as many as its limit allows */
    CHAT_MODERATED,     /* may not speak: the room is */
    CHAT_SILENCED,      /* may not speak: is banned */
    CHAT_NO_EXTERNAL,   /* may not speak: is not there */
    CHAT_TARGET_ABSENT, /* that person is not in the room */
    CHAT_TARGET_THERE,  /* is there already */
    CHAT_UNKNOWN_MODE,
    CHAT_NO_ARGUMENT, /* the mode needs one */
    CHAT_BAD_ARGUMENT,
    CHAT_LIST_FULL, /* of masks */
    CHAT_OUTCOMES,
};

/* What is said, and how. */
struct utterance {
    enum record_kind kind; /* RECORD_SAID, RECORD_ACTION, RECORD_NOTICE, RECORD_TAGGED */
    struct text text;      /* none with RECORD_TAGGED */
    struct text tags;      /* of the client */
    uint32_t least;        /* MEMBER_VOICE, MEMBER_OPERATOR: for those with at least that; 0: all */
};

enum { REASON_MAX = 200 }; /* bytes: why somebody goes */

enum { HUB_CROWD = 50 }; /* members: a room with more is told of comings and goings together */

struct hub_limits {
    uint32_t rooms_per_person;       /* at most MEMBERSHIPS_PER_PERSON - 1 */
    uint32_t history_on_join;        /* messages */
    uint32_t new_room_modes;         /* enum room_mode */
    struct room_settings_list rooms; /* some may have other limits; borrowed until they change */
};

/* Of people, kept by people.c so that nobody needs to walk the table. */
struct head_count {
    uint32_t people;               /* registered, and not gone */
    uint32_t invisible, operators; /* of them */
    uint32_t gone;                 /* have quit; their connections are being closed */
    uint32_t most;                 /* people at a time, since this start */
};

struct hub {
    struct state *state; /* borrowed */
    struct hub_limits limits;
    struct index nicks; /* of people who have one */
    struct index room_names;
    struct head_count heads;
    struct watchers watchers; /* of nicks */
    uint64_t *spoke;          /* owned; by person: number of the last record of its own */
    uint32_t *woken_rooms;    /* owned; each row once */
    uint32_t *woken_people;   /* owned */
    uint8_t *is_woken;        /* owned; by row: bits of hub.c */
    uint32_t *crowds;         /* owned; each row once: rooms that are to be woken together */
    uint32_t *abandoned;      /* owned; each row once: rooms that nobody is in or reads any more */
    uint32_t n_woken_rooms, n_woken_people, n_crowds, n_abandoned;
};

/* Builds what lies outside the region from what lies in it. -ENOMEM. */
must_check int hub_init(struct hub *hub, struct state *state, const struct hub_limits *limits);
void hub_fini(struct hub *hub);

/* Rooms in which, and people to whom, something happened since the last call; 0: no more. */
uint32_t hub_take_woken_room(struct hub *hub);
uint32_t hub_take_woken_person(struct hub *hub);
void hub_wake_room(struct hub *hub, uint32_t room);
/* Something of this kind happened in the room: wakes it, or, when somebody comes to, leaves or is
 * away from a crowd, notes that it is to be woken before long. Waking 10,000 for each one who
 * enters would cost more than all that they say. */
void hub_wake_room_for(struct hub *hub, uint32_t room, enum record_kind kind);
void hub_wake_crowds(struct hub *hub);
void hub_wake_person(struct hub *hub, uint32_t person);

/* Nobody is in the room or reads it any more: rooms_reap() takes it away. */
void hub_note_abandoned(struct hub *hub, uint32_t room);
uint32_t hub_take_abandoned(struct hub *hub); /* 0: no more */

/* Somebody's flags became `is` from `was`; those of a free row are 0. */
void hub_count_heads(struct hub *hub, uint32_t was, uint32_t is);

static inline const struct person *hub_person(const struct hub *hub, uint32_t row)
{
    return &hub->state->people[row];
}

static inline const struct room *hub_room(const struct hub *hub, uint32_t row)
{
    return &hub->state->rooms[row];
}

/* Its last member has left, and it does not stay. */
static inline bool hub_room_is_over(const struct hub *hub, uint32_t row)
{
    const struct room *room = hub_room(hub, row);

    return room->n_members == 0 && !(room->flags & ROOM_PERMANENT);
}

/* Nobody is in it or reads it any more, and it does not stay: its row can go. */
static inline bool hub_room_is_abandoned(const struct hub *hub, uint32_t row)
{
    const struct room *room = hub_room(hub, row);

    return room->id != 0 && room->n_memberships == 0 && !(room->flags & ROOM_PERMANENT);
}

static inline const struct membership *hub_membership(const struct hub *hub, uint32_t row)
{
    return &hub->state->memberships[row];
}

#endif
