/* SPDX-License-Identifier: MIT */
/* Who may become operator of the server: the accounts of the configuration, for all front ends
 * alike. Passwords are kept as hashes of crypt(3). Verifying one takes milliseconds in which nobody
 * is served: so it is done only when name and mask match, and a wrong one costs many tokens of the
 * flood control. */
#ifndef FRONT_OPERATORS_H
#define FRONT_OPERATORS_H

#include "lib/text.h"

struct reader;

enum { OPERATOR_PASSWORD_MAX = 511 }; /* bytes; crypt(3) takes no more */

enum operator_outcome {
    OPERATOR_UNKNOWN = 1,    /* no account of this name from there */
    OPERATOR_WRONG_PASSWORD, /* nor a longer one than can be right */
    OPERATOR_BUSY,           /* too many have guessed just now; nobody looked at this one */
};

/* The entries of the configuration, each "NAME MASK HASH [HOST]" and found good by
 * operator_parse(). */
struct operators {
    char *const *entries; /* borrowed until the next reload */
    size_t n;
};

struct operator_account {
    struct text name;
    struct text mask; /* of user@host */
    struct text hash; /* crypt(5) */
    struct text host; /* that others see from then on; empty: the address */
};

/* Takes an entry apart; the parts are borrowed from it. NULL, or what is wrong, in words. */
must_check const char *operator_parse(struct text entry, struct operator_account *out_account);

/* Is this the password of the first account that has the name and whose mask matches `source`,
 * "user@host"? OPERATOR_UNKNOWN, OPERATOR_WRONG_PASSWORD. */
must_check int operators_verify(const struct operators *operators, struct text name,
                                struct text source, struct text password,
                                struct operator_account *out_account);

/* For the commands of all front ends, in their transaction. What they do is reported. */

/* The reader becomes operator, and gets the host of the account, which out_account has if others
 * see another one from now on: OPERATOR_UNKNOWN, OPERATOR_WRONG_PASSWORD, OPERATOR_BUSY. */
must_check int operator_login(struct reader *reader, struct text name, struct text password,
                              struct operator_account *out_account);
/* Ends the connection of `target`, for everybody to see why: CHAT_NOT_PRIVILEGED, CHAT_FULL. */
must_check int operator_kill(struct reader *reader, uint32_t target, struct text why);
/* Asks for a reload of the configuration after this round. */
void operator_rehash(struct reader *reader);

#endif
