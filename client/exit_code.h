/* SPDX-License-Identifier: MIT */
/* How the program ends. `--help` and partyline(1) tell the user the same. */
#ifndef CLIENT_EXIT_CODE_H
#define CLIENT_EXIT_CODE_H

enum exit_code {
    EXIT_CODE_FINE = 0,
    EXIT_CODE_LOST = 1,          /* the connection, or the hope that the server still answers */
    EXIT_CODE_NOT_CONNECTED = 2, /* or connected, and never let in */
    EXIT_CODE_REFUSED = 3,       /* by the server */
    EXIT_CODE_PARTLY = 4,        /* a part of piped input was refused, or a room */
    EXIT_CODE_USAGE = 64,        /* EX_USAGE of sysexits.h */
    EXIT_CODE_SYSTEM = 71,       /* EX_OSERR */
    EXIT_CODE_OUTPUT = 74,       /* EX_IOERR */
    EXIT_CODE_CONFIG = 78        /* EX_CONFIG */
};

#endif
