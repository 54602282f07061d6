/* SPDX-License-Identifier: MIT */
/* What the kernel knows of a socket: byte totals over its whole life, listen queues. Pure queries;
 * changes nothing. Sources: tcp(7), linux/tcp.h, and measurements described in
 * docs/architecture.md. */
#ifndef NET_KERNEL_H
#define NET_KERNEL_H

#include "lib/base.h"

#include <sys/socket.h>

struct kernel_totals {
    uint64_t written;   /* bytes that send() took, whoever held the socket */
    uint64_t read;      /* bytes that recv() gave */
    int state;          /* TCP_ESTABLISHED ... of netinet/tcp.h */
    bool read_in_doubt; /* TCP_CLOSE: the peer's FIN may be counted in `read`, and ours, if we had
                         * sent one, in `written`: each of them may be one too high */
};

/* For an ACCEPTED TCP connection:
 *   written = tcpi_bytes_acked + SIOCOUTQ - 1 in FIN_WAIT1, FIN_WAIT2, CLOSING, LAST_ACK
 *   read    = tcpi_bytes_received - SIOCINQ - 1 in CLOSE_WAIT, LAST_ACK, CLOSING
 * read as TCP_INFO, SIOCOUTQ, SIOCINQ, TCP_INFO, repeated until acked, received and state agree.
 * Needs SO_OOBINLINE on the socket. -errno: -EOPNOTSUPP for a unix socket. */
must_check int kernel_tcp_totals(int fd, struct kernel_totals *out);

struct kernel_queue {
    uint32_t waiting; /* connections that wait for accept() */
    uint32_t limit;   /* the effective backlog: min(listen's, somaxconn) */
};

/* From TCP_INFO of a listener: tcpi_unacked, tcpi_sacked. -EOPNOTSUPP for a unix socket. */
must_check int kernel_listen_queue(int fd, struct kernel_queue *out);

/* ListenOverflows of this network namespace, from /proc/self/net/netstat. -errno; -ENODATA if the
 * file lacks the column. */
must_check int kernel_listen_overflows(uint64_t *out);

#endif
