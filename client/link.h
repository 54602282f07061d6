/* SPDX-License-Identifier: MIT */
/* The socket to the server, bare or under TLS: lines in, bytes out, half-close. Owns the
 * descriptor. Knows nothing of IRC but that its lines end with LF or CR LF, and nothing of who
 * reads them. */
#ifndef CLIENT_LINK_H
#define CLIENT_LINK_H

#include "bytes.h"
#include "tls.h"

enum {
    LINK_IN_BYTES = 16 * 1024, /* a longer line is dropped */
};

enum link_outcome {
    LINK_AGAIN = 1, /* no whole line yet */
    LINK_TOO_LONG,  /* a line longer than LINK_IN_BYTES was dropped */
};

struct link {
    int fd;
    struct tls *tls; /* owned; NULL: none */
    struct bytes out;
    char in[LINK_IN_BYTES];
    size_t in_start, in_end;
    size_t in_scanned; /* bytes from in_start on that hold no LF */
    bool is_dropping;  /* until the LF of a line that is too long */
    bool has_ended;    /* the server has closed its side */
    bool is_shut;      /* we have closed ours */
    bool wants_shut;   /* we shall when `out` is empty */
};

/* Takes a connected, non-blocking socket (connect.h makes one), and TLS that was begun on it, or
 * NULL; its handshake is done with the first reading and sending. */
void link_init(struct link *l, int fd, struct tls *tls);
void link_fini(struct link *l);

/* Reads once what is there; sets has_ended at the end. Returns 0 or -errno; -EPROTO is a failure of
 * TLS, for which link_why() has words. */
must_check int link_read(struct link *l);
/* True if there is more to read that poll(2) does not know of. */
bool link_has_pending(const struct link *l);
/* The next line, without its end; borrowed until the next call. What is unfinished when the server
 * ends is none. Returns 0 or an outcome. */
must_check int link_next_line(struct link *l, struct text *out_line);

/* Queues bytes; link_flush() sends what the socket takes. Returns 0 or -errno. */
void link_put(struct link *l, struct text bytes);
must_check int link_flush(struct link *l);
bool link_has_more(const struct link *l); /* flush again when the socket is writable */
/* What poll(2) has to wait for. */
short link_events(const struct link *l);
/* Closes our side behind everything that is queued; reading goes on. */
void link_end(struct link *l);

/* False while the handshake of TLS is not done. */
bool link_is_ready(const struct link *l);
/* Why, in words, of an error that reading or sending has returned. Borrowed until the next call. */
const char *link_why(const struct link *l, int error);

#endif
