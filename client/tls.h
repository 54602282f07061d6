/* SPDX-License-Identifier: MIT */
/* TLS over a connected, non-blocking socket: handshake, bytes, a clean end, and in words why it
 * cannot be. The library is known to tls.c and tls_words.c alone. At least TLS 1.2; the server's
 * certificate is always checked, by authorities or by its fingerprint. Sources: RFC 8446, RFC 9525,
 * SSL_read(3). */
#ifndef CLIENT_TLS_H
#define CLIENT_TLS_H

#include "lib/text.h"

enum {
    TLS_FINGERPRINT_BYTES = 32, /* SHA-256 of the certificate in DER */
    TLS_WHY_MAX = 384,
};

struct tls_config {
    const char *host;    /* what the certificate must be for: a name or an address */
    const char *ca_file; /* PEM: the only authorities that count; NULL: those of the system */
    /* NULL, or TLS_FINGERPRINT_BYTES of the only certificate that counts, whoever vouches for it
     * and whatever it is for. */
    const unsigned char *fingerprint;
};

enum tls_outcome {
    TLS_AGAIN = 1, /* when poll(2) says so: tls_read_events(), tls_write_events() */
    TLS_END,       /* the server has said that nothing more comes */
    TLS_FAILED,    /* for good; tls_why() says why */
};

struct tls;

/* Begins on a socket, which stays the caller's. SIGPIPE is ignored by the caller. Returns 0, or
 * TLS_FAILED with words in `out_why`: what is configured cannot be used. */
must_check int tls_new(const struct tls_config *config, int fd, struct buf *out_why,
                       struct tls **out);
struct tls *tls_free(struct tls *t);
OWNED_DEFINE(struct tls *, tls_free)

/* Reading and writing do the handshake as well; this does nothing else. 0 when it is done. */
must_check int tls_handshake(struct tls *t);
bool tls_is_ready(const struct tls *t);
/* Each moves at least one byte, or has another outcome. An end without the server's word for it is
 * a failure: somebody may have cut off what was still to come. */
must_check int tls_read(struct tls *t, char *at, size_t size, size_t *out_n);
must_check int tls_write(struct tls *t, struct text bytes, size_t *out_n);
/* Says that nothing more comes from us; reading goes on. */
must_check int tls_shut(struct tls *t);

/* Bytes wait that poll(2) does not know of: read again. */
bool tls_has_pending(const struct tls *t);
/* What poll(2) has to wait for until it is worth trying to read, or to write, again. */
short tls_read_events(const struct tls *t);
short tls_write_events(const struct tls *t);
const char *tls_why(const struct tls *t); /* a line; borrowed */

/* "AB:CD:..." or "abcd...": 32 bytes in hexadecimal. False for anything else. */
must_check bool tls_fingerprint_parse(struct text t, unsigned char out[TLS_FINGERPRINT_BYTES]);

#endif
