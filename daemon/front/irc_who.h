/* SPDX-License-Identifier: MIT */
/* What WHO asks for, and one line of its answer. Source: modern.ircdocs.horse (WHO),
 * ircv3.net/specs/extensions/whox; which fields a mask is compared with: the WHO of ircu. */
#ifndef FRONT_IRC_WHO_H
#define FRONT_IRC_WHO_H

#include "front/irc.h"

struct irc_who {
    struct text mask;     /* borrowed from the line */
    uint32_t fields;      /* bit n: the n-th letter of WHOX's fields; 0: plain WHO */
    struct text token;    /* "0": none was given */
    uint32_t compared;    /* enum irc_who_compared */
    bool wants_operators; /* of the server, and nobody else */
};

enum irc_who_compared { /* with the mask */
                        WHO_NICK = 1,
                        WHO_USER = 2,
                        WHO_HOST = 4,
                        WHO_ADDRESS = 8,
                        WHO_REALNAME = 16,
                        WHO_ACCOUNT = 32,
};

void irc_who_read(const struct irc_message *message, struct irc_who *out);
bool irc_who_matches(const struct reader *reader, const struct irc_who *who, uint32_t person);
/* 352, or 354 if fields were asked for. `room`: 0 if it is not about one. */
void irc_put_who(struct reader *reader, const struct irc_who *who, uint32_t room, uint32_t person);

#endif
