/* SPDX-License-Identifier: MIT */
/* Descriptors as messages over unix sockets (unix(7), SCM_RIGHTS): one at a time. */
#ifndef LIB_RIGHTS_H
#define LIB_RIGHTS_H

#include "lib/text.h"

#include <sys/socket.h>

/* Sends `len` bytes with a duplicate of fd over `socket`, to an address if `to` is not NULL.
 * `flags` as for sendmsg(2); MSG_NOSIGNAL is added. -errno. */
must_check int rights_send(int socket, const void *bytes, size_t len, int fd, int flags);
must_check int rights_send_to(int socket, struct text message, int fd, const struct sockaddr *to,
                              socklen_t to_len);

/* Receives one message of exactly `len` bytes with one descriptor, close-on-exec, the caller's.
 * `flags` as for recvmsg(2), MSG_PEEK among them. -errno: -EAGAIN also at the end of the stream,
 * -EBADMSG for any other message (it is dropped). */
must_check int rights_receive(int socket, void *bytes, size_t len, int flags, int *out_fd);

#endif
