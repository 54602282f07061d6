/* SPDX-License-Identifier: MIT */
/* How the way to a server is protected, and whom we log in as there: what the command line and the
 * configuration file say of it, by one table. Pure. A password is none of it, only where to get it.
 */
#ifndef CLIENT_ACCESS_H
#define CLIENT_ACCESS_H

#include "credentials.h"
#include "tls.h"

enum { ACCESS_PATH_MAX = 1023 /* bytes */ };

enum access_which {
    ACCESS_TLS,
    ACCESS_TLS_CA,
    ACCESS_TLS_FINGERPRINT,
    ACCESS_ACCOUNT,
    ACCESS_PASSWORD_COMMAND,
    ACCESS_PASSWORD_FILE,
    ACCESS_CLEARTEXT_PASSWORD,
    ACCESS_COUNT
};

struct access {
    bool is_tls;
    bool is_cleartext; /* the password may go where others can read it on the way */
    bool has_fingerprint;
    unsigned char fingerprint[TLS_FINGERPRINT_BYTES];
    char ca_file[ACCESS_PATH_MAX + 1]; /* these are empty if they are not given */
    char account[CREDENTIALS_ACCOUNT_MAX + 1];
    char password_command[CREDENTIALS_COMMAND_MAX + 1];
    char password_file[ACCESS_PATH_MAX + 1];
};

/* The name as an option ("tls-ca") or in the file ("tls_ca"). */
bool access_find(struct text name, enum access_which *out_which);
/* It is on or off, rather than a text. */
bool access_is_switch(enum access_which which);
/* It is the path of a file. */
bool access_is_path(enum access_which which);
void access_switch(struct access *a, enum access_which which, bool is_on);
/* False, and nothing is set, if the value cannot be one; access_help() says what can. */
must_check bool access_set(struct access *a, enum access_which which, struct text value);
const char *access_help(enum access_which which);

/* May the file say it, when the command line has left this? What belongs together is taken from one
 * of them: an account's password is not that of another one. */
bool access_leaves_open(const struct access *given, enum access_which which);

/* False, and a sentence in `out_why`, if it does not fit together. */
must_check bool access_check(const struct access *a, struct buf *out_why);

#endif
