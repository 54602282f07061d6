/* SPDX-License-Identifier: MIT */
/* What stands around a client that is measured: an IRC server that answers at once, in this
 * process, and a pseudo-terminal or a pair of pipes in place of a person. One thread: nothing
 * happens outside of stage_turn(). Whatever goes wrong ends the program: its figures would mean
 * nothing. */
#ifndef BENCH_STAGE_H
#define BENCH_STAGE_H

#include "lib/text.h"

#include <sys/types.h>

enum {
    STAGE_ROWS = 50,
    STAGE_COLUMNS = 160,
    STAGE_LINE_MAX = 512,
    STAGE_CHUNK = 65536, /* bytes of the screen that are taken at once */
};

struct stage {
    int listener; /* owned, as all descriptors here */
    char address[32];
    int peer; /* the client's connection; -1: none yet */
    char line[STAGE_LINE_MAX];
    size_t line_len;
    int keys, screen; /* one descriptor, if it is a terminal */
    pid_t child;
    char shown[STAGE_CHUNK]; /* what the last turn has brought */
    size_t n_shown;
};

void stage_open(struct stage *s);
void stage_close(struct stage *s);

/* Runs `command`, ending with NULL, with the server's address behind it. */
void stage_start(struct stage *s, const char *const *command, bool is_terminal);
/* Closes what the client talks to, and waits for its end. */
void stage_stop(struct stage *s);

/* Answers the client and takes what it shows into `shown`; waits until `deadline_ns` at most. False
 * when the client has ended. */
bool stage_turn(struct stage *s, uint64_t deadline_ns);
void stage_type(const struct stage *s, struct text keys);
void stage_say(const struct stage *s, struct text lines); /* as the server does */

#endif
