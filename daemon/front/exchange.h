/* SPDX-License-Identifier: MIT */
/* What all front ends share: the hub, the renderings of the round, the texts of the house. One per
 * daemon; passed to everything in front/, so that nothing here is global. */
#ifndef FRONT_EXCHANGE_H
#define FRONT_EXCHANGE_H

#include "chat/hub.h"
#include "front/isupport.h"
#include "front/operators.h"
#include "front/renderings.h"

struct front;
struct inquiry;

/* Who may be asked for what the log has given up (front/recall.h). */
struct exchange_archive {
    bool is_configured;
    bool is_there;     /* and works, as far as is known: set in each round */
    uint32_t *no_past; /* owned by the server; by room: room.id of who lives there, if it is known
                          that the archive has nothing of it that the log has not */
};

enum front_number { /* stands in wire.front: never renumber */
                    FRONT_LINE = 1,
                    FRONT_IRC = 2,
                    FRONT_END,
};

struct exchange {
    struct hub hub;
    struct renderings renderings;
    const struct front *fronts[FRONT_END]; /* by enum front_number */
    struct moment now;                     /* of the round */
    const char *server_name;               /* borrowed, as are all texts of the configuration */
    const char *network;
    const char *lobby;
    char *const *admin; /* who runs this server: n_admin lines */
    size_t n_admin;
    struct operators operators;
    struct exchange_archive archive;
    struct isupport isupport;
    struct inquiry *asked; /* owned until it is taken: of this transaction, to be asked behind it */
    struct text motd;      /* clean UTF-8, lines end with '\n' */
    uint32_t line_bytes;   /* longest line of the line front end */
    uint32_t lines_per_second;
    uint32_t rooms_per_person;
    uint64_t started_ms; /* real time of the region's creation: what peers saw begin */
    char started[32];    /* in words; empty until somebody is told */
    uint64_t woken_ms;   /* real time at which this process began */
    uint64_t guessed_ms; /* boot time up to which wrong passwords have used the time for hashing */
    uint64_t reload_for; /* connection of the operator who asks for a reload after this round */
};

#endif
