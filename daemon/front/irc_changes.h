/* SPDX-License-Identifier: MIT */
/* Taking the changes of "MODE #room +ov-b ann bob *!*@x" apart, in groups of which each is a step
 * of the line. Pure: the same line has the same groups, whatever happened between two steps.
 * Source: modern.ircdocs.horse, "MODE message". */
#ifndef FRONT_IRC_CHANGES_H
#define FRONT_IRC_CHANGES_H

#include "lib/irc.h"

enum {
    IRC_MODES_MAX = 12,    /* changes with an argument in a line, 005 MODES; */
    IRC_FLAGS_MAX = 12,    /* and without one. What is beyond is passed over */
    IRC_MODE_GROUP_MAX = 6 /* changes that are made and told together */
};

struct irc_change {
    char letter; /* '?' if it is none that can be shown */
    bool is_on;
    bool is_question;     /* a list without a mask: shows it. Each list once a line */
    struct text argument; /* borrowed; empty if there is none */
};

/* The n-th group (from 0) of the changes behind the first parameter; returns how many it has, 0
 * past the last. A group ends behind a list, of which a transaction may change one only. */
uint32_t irc_changes_group(const struct irc_message *message, uint32_t n,
                           struct irc_change out_changes[IRC_MODE_GROUP_MAX], bool *out_is_last);

#endif
