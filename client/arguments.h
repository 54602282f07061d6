/* SPDX-License-Identifier: MIT */
/* The command line: taken apart, checked, documented. Pure but for the defaults that the caller
 * hands in. What is not understood is never guessed. */
#ifndef CLIENT_ARGUMENTS_H
#define CLIENT_ARGUMENTS_H

#include "access.h"
#include "connect.h"
#include "model.h"
#include "term.h"

enum arguments_outcome {
    ARGUMENTS_HELP = 1,
    ARGUMENTS_VERSION,
    ARGUMENTS_WRONG /* out_why says what */
};

enum {
    ARGUMENTS_HOST_MAX = 255, /* RFC 1035; the path of a unix socket is shorter */
    ARGUMENTS_TIMEOUT_MAX_S = 3600,
    ARGUMENTS_SENDS_MAX = 64
};

/* What can be set by another way than an option. */
enum arguments_which { ARGUMENTS_NICK, ARGUMENTS_SERVER, ARGUMENTS_ROOM };

struct arguments {
    char host[ARGUMENTS_HOST_MAX + 1];
    char port[sizeof("65535")];
    bool is_unix; /* host is a path, there is no port */
    int timeout_ms;
    char nick[MODEL_NAME_MAX + 1];
    char rooms[MODEL_ROOMS_MAX][MODEL_NAME_MAX + 1];
    size_t n_rooms;
    const char *sends[ARGUMENTS_SENDS_MAX]; /* borrowed from argv; said instead of the input */
    size_t n_sends;
    bool has_nick, has_server, has_rooms; /* given, rather than defaults */
    bool has_port;
    struct access access;
    enum term_colour colour;
    bool is_plain; /* lines as they come */
    bool is_json;  /* what is shown are objects for programs */
    bool is_line;  /* lines, edited; no full screen */
    bool wants_log;
};

/* `user` is the login name, from which the nick is made unless one is given; may be NULL. Returns 0
 * or an outcome. */
must_check int arguments_parse(int argc, char *const argv[], const char *user,
                               struct arguments *out_arguments, struct buf *out_why);

/* HOST, HOST:PORT, [ADDRESS], [ADDRESS]:PORT, ADDRESS with several colons, or unix:PATH. False,
 * and *arguments untouched, if it is none of them. */
must_check bool arguments_parse_target(struct text target, struct arguments *arguments);

/* Sets one; rooms add up. The value is checked like that of an option; false, and nothing is set,
 * if it is wrong. */
must_check bool arguments_set(struct arguments *arguments, enum arguments_which which,
                              const char *value);

/* When everything is known that is said anywhere: the port that was left out, and whether all of it
 * fits together. Returns 0 or ARGUMENTS_WRONG. */
must_check int arguments_finish(struct arguments *arguments, struct buf *out_why);

void arguments_put_help(struct buf *out);

#endif
