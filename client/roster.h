/* SPDX-License-Identifier: MIT */
/* Who is in a room, sorted by name. Pure. Owns copies of the names. */
#ifndef CLIENT_ROSTER_H
#define CLIENT_ROSTER_H

#include "lib/text.h"

enum { ROSTER_SIGNS_MAX = 7 };

struct member {
    char *name; /* NUL-terminated */
    size_t name_len;
    char signs[ROSTER_SIGNS_MAX + 1]; /* "@+", highest first; NUL-terminated */
    bool is_away;
    uint64_t spoke; /* when, as a number that grows; 0: not yet */
};

struct roster {          /* all zero is empty */
    struct member *list; /* owned */
    size_t n, size;
    uint64_t n_spoken;
};

void roster_fini(struct roster *m);
/* Adds the name if it is not there. Borrowed until the next add or remove. Ends the process when
 * memory does. */
struct member *roster_add(struct roster *m, struct text name);
/* NULL if nobody is called that; ASCII letters without regard to case. */
struct member *roster_find(const struct roster *m, struct text name);
bool roster_remove(struct roster *m, struct text name); /* false if it was not there */
bool roster_rename(struct roster *m, struct text from, struct text to);
void roster_spoke(struct roster *m, struct text name);
/* `order` is the room's signs from the highest on. */
void member_set_sign(struct member *member, char sign, bool is_set, const char *order);
static inline struct text member_name(const struct member *member)
{
    return (struct text){ .at = member->name, .len = member->name_len };
}

#endif
