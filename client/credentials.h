/* SPDX-License-Identifier: MIT */
/* An account and its password, and where that comes from: a terminal, a command or a file. Never an
 * argument, which everybody on the machine could read (ps(1)). */
#ifndef CLIENT_CREDENTIALS_H
#define CLIENT_CREDENTIALS_H

#include "lib/text.h"

enum {
    CREDENTIALS_ACCOUNT_MAX = 255, /* bytes */
    CREDENTIALS_PASSWORD_MAX = 1023,
    CREDENTIALS_COMMAND_MAX = 1023,
};

struct credentials {
    const char *account; /* borrowed */
    char password[CREDENTIALS_PASSWORD_MAX];
    size_t password_len; /* 0: there is none, or it has been wiped */
    bool is_kept;        /* a lost connection is not the end: it will be needed again */
};

enum credentials_outcome { CREDENTIALS_NONE = 1 /* out_why says why */ };

/* Each reads the password: one line, not empty, without NUL, no longer than it may be. A pause of
 * the person at the terminal is waited for; ^C and signals that end a process are taken as "no". */
must_check int credentials_ask(struct credentials *c, const char *host, struct buf *out_why);
/* The first line that the command, run by sh(1), writes; it has to succeed. SIGCHLD is not ignored.
 */
must_check int credentials_run(struct credentials *c, const char *command, struct buf *out_why);
/* The first line of the file, which others may not read if it is a regular one. */
must_check int credentials_read(struct credentials *c, const char *path, struct buf *out_why);

void credentials_wipe(struct credentials *c);

#endif
