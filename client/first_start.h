/* SPDX-License-Identifier: MIT */
/* The first start, when there is no configuration file: asks a person for what the command line has
 * not said, two questions at most, and keeps the answers in that file once they have proved good.
 * Never asks a program. */
#ifndef CLIENT_FIRST_START_H
#define CLIENT_FIRST_START_H

#include "arguments.h"

enum { FIRST_START_ANSWER_MAX = 512 /* bytes */ };

enum first_start_outcome { FIRST_START_END = 1 /* the input ended instead of an answer */ };

struct first_start {
    const char *path; /* borrowed; of the configuration file */
    int in, out;      /* borrowed; a terminal */
    bool has_asked;
    char nick[FIRST_START_ANSWER_MAX + 1], server[FIRST_START_ANSWER_MAX + 1]; /* answered */
};

/* True if somebody is to be asked: a person at a terminal, and there is something to ask. */
bool first_start_is_due(const struct arguments *arguments, const char *path, const char *type);
/* Sets what is answered. Returns 0, FIRST_START_END or -errno. */
must_check int first_start_ask(struct first_start *s, struct arguments *arguments);
/* Writes the file, unless nothing was asked or somebody else has written it meanwhile. Returns 0 or
 * -errno, and then there is no file. */
must_check int first_start_keep(const struct first_start *s, const struct arguments *arguments);

#endif
