/* SPDX-License-Identifier: MIT */
/* Connecting in the background: a child process tries the addresses of a name and hands back
 * the socket, so that the screen stays alive meanwhile, names being looked up included. */
#ifndef CLIENT_DIAL_H
#define CLIENT_DIAL_H

#include "connect.h"

enum dial_outcome { DIAL_FAILED = 1 };

enum { DIAL_WORDS_MAX = 1024 };

/* Begins. *out_fd, the caller's, is readable when there is an answer; closing it gives up. The
 * caller has SIGCHLD ignored. Returns 0 or -errno. */
must_check int dial_start(const struct connect_target *target, int *out_fd);
/* The answer: 0, a non-blocking socket and the address in `out_words`; or DIAL_FAILED and a line
 * for each address that was tried; or -errno, if the child is gone. */
must_check int dial_take(int fd, int *out_socket, struct buf *out_words);

#endif
