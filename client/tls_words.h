/* SPDX-License-Identifier: MIT */
/* Why TLS failed, in words a person can act on. A part of tls. */
#ifndef CLIENT_TLS_WORDS_H
#define CLIENT_TLS_WORDS_H

#include "tls.h"

struct x509_st; /* OpenSSL's X509 */

struct tls_words {
    const struct x509_st *certificate; /* borrowed; NULL: none came */
    long verdict;                      /* on it, X509_V_... */
    bool is_ready;                     /* the handshake was done */
    const char *host;                  /* that was meant */
};

/* Appends why the handshake or the connection failed, as the library's queue of errors has it. */
void tls_words_put(const struct tls_words *words, struct buf *out);

#endif
