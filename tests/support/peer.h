/* SPDX-License-Identifier: MIT */
/* One person at the other end: a real, non-blocking socket. All that was ever received is kept, and
 * what a test has looked at is marked, so that streams can be compared as a whole and line by line.
 * Nothing here waits; the rig moves the bytes. */
#ifndef SUPPORT_PEER_H
#define SUPPORT_PEER_H

#include "lib/text.h"
#include "net/address.h"

#include <netinet/in.h>

enum { PEER_NAME_SIZE = 32 };

/* What tells a TCP connection from the others of a rig. Two may leave from the same port, to
 * different doors. In the order of the bytes on the wire; 0 and 0: a unix socket. */
struct peer_ports {
    in_port_t person, door;
};

struct peer {
    struct peer *next;
    char name[PEER_NAME_SIZE];
    const char *line_end;    /* what Enter sends */
    int fd;                  /* owned; -1: closed by us */
    struct peer_ports ports; /* by which the server's end is found */
    uint64_t id;             /* of the connection, once the server has it; 0: not yet */
    uint32_t row;            /* of the same */
    char *unsent;            /* owned: what the kernel did not take yet */
    size_t n_unsent;
    char *got; /* owned: every byte received */
    size_t n_got, got_size;
    size_t n_seen; /* of them a test has looked at */
    uint64_t n_sent;
    int receive_buffer; /* bytes, to be set before connecting; 0: the system's */
    bool is_stopped;    /* does not read */
    bool is_eof, is_reset;
    bool has_shut_down; /* sent its FIN, or a RST */
};

/* `fd`: the end of the person; at the door: that of the server. */
struct peer_ports peer_ports_of(int fd, bool is_at_door);
bool peer_is_tcp(const struct peer *peer);

/* Connects. The name is copied. */
struct peer *peer_new(const char *name, const struct address *address, const char *line_end,
                      int receive_buffer);
struct peer *peer_free(struct peer *peer);

/* Bytes go out as the kernel takes them. */
void peer_send(struct peer *peer, const void *bytes, size_t len);
/* A line, with its end. */
void peer_say(struct peer *peer, const char *format, ...) format_like(2, 3);
void peer_half_close(struct peer *peer);
void peer_close(struct peer *peer);
void peer_reset(struct peer *peer); /* RST */

/* Moves what can be moved; true if something was. */
bool peer_move(struct peer *peer);
/* Received by the kernel and not read by the peer, in bytes. */
size_t peer_waiting(const struct peer *peer);

/* ---- what was received and not looked at ---- */

/* The next complete line without its end; false if there is none. Borrowed until peer_move(). */
bool peer_next_line(struct peer *peer, struct text *out);
struct text peer_unseen(const struct peer *peer);
void peer_skip(struct peer *peer); /* all of it */
/* The next line must match; `pattern` has '*' for any bytes. */
void peer_expect_line(struct peer *peer, const char *pattern);
void peer_expect_nothing(const struct peer *peer);
/* All was looked at, and the other side has closed, cleanly. */
void peer_expect_eof(const struct peer *peer);
/* Lines received and not looked at that contain `part`; marks all as looked at. */
size_t peer_count_lines(struct peer *peer, const char *part);

bool peer_matches(struct text line, struct text pattern);

#endif
