/* SPDX-License-Identifier: MIT */
/* TLS over a socket. Owns the library's objects; nothing of OpenSSL leaves this file and its words.
 * After a failure the library is not called again, as SSL_get_error(3) demands. */
#include "tls.h"

#include "tls_words.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

/* Bytes of a record that we send, a line's worth: ngircd reads 2048 bytes of one, and does not look
 * at the others before something else arrives. */
enum { TLS_RECORD_MAX = 512 };

struct tls {
    SSL_CTX *context;  /* owned */
    SSL *ssl;          /* owned */
    X509 *certificate; /* owned; the server's, as soon as it has come */
    char host[256];
    bool has_fingerprint;
    unsigned char fingerprint[TLS_FINGERPRINT_BYTES];
    short read_events, write_events;
    bool is_ready, has_failed;
    char why[TLS_WHY_MAX];
};

struct tls *tls_free(struct tls *t)
{
    if (t != NULL) {
        X509_free(t->certificate);
        SSL_free(t->ssl);
        SSL_CTX_free(t->context);
        free(t);
    }
    return NULL;
}

static bool tls_has_fingerprint(const struct tls *t, const X509 *certificate)
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned len = 0;

    return certificate != NULL && X509_digest(certificate, EVP_sha256(), digest, &len) == 1 &&
           len == sizeof(t->fingerprint) && memcmp(digest, t->fingerprint, len) == 0;
}

/* The library's check, or that by fingerprint in its place. Keeps the certificate, which the
 * library drops if it is not good. */
static int tls_verify(X509_STORE_CTX *store, void *argument)
{
    struct tls *t = argument;
    X509 *certificate = X509_STORE_CTX_get0_cert(store);

    if (certificate != NULL && t->certificate == NULL && X509_up_ref(certificate) == 1) {
        t->certificate = certificate;
    }
    if (!t->has_fingerprint) {
        return X509_verify_cert(store) == 1;
    }
    if (tls_has_fingerprint(t, certificate)) {
        X509_STORE_CTX_set_error(store, X509_V_OK);
        return 1;
    }
    X509_STORE_CTX_set_error(store, X509_V_ERR_CERT_REJECTED);
    return 0;
}

static bool tls_load_authorities(struct tls *t, const char *file, struct buf *why)
{
    if (file == NULL) {
        return SSL_CTX_set_default_verify_paths(t->context) == 1;
    }
    errno = 0;
    if (SSL_CTX_load_verify_file(t->context, file) != 1) {
        buf_format(why, "%s: %s", file,
                   errno != 0 ? strerror(errno) : "there is no certificate in PEM form in it");
        ERR_clear_error();
        return false;
    }
    return true;
}

static bool tls_set_up_context(struct tls *t, const char *ca_file, struct buf *why)
{
    t->context = SSL_CTX_new(TLS_client_method());
    if (t->context == NULL || SSL_CTX_set_min_proto_version(t->context, TLS1_2_VERSION) != 1) {
        return false;
    }
    /* What is queued may have moved when it is tried again. */
    (void)SSL_CTX_set_mode(t->context,
                           SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_CTX_set_verify(t->context, SSL_VERIFY_PEER, NULL);
    SSL_CTX_set_cert_verify_callback(t->context, tls_verify, t);
    return t->has_fingerprint || tls_load_authorities(t, ca_file, why);
}

static bool tls_is_address(const char *host)
{
    unsigned char address[sizeof(struct in6_addr)];

    return inet_pton(AF_INET, host, address) == 1 || inet_pton(AF_INET6, host, address) == 1;
}

/* Names are sent to the server, which may have a certificate for each (SNI, RFC 6066, 3); addresses
 * must not be. */
static bool tls_set_host(struct tls *t)
{
    if (t->host[0] == '\0') {
        return false; /* the library would check no name at all */
    }
    if (tls_is_address(t->host)) {
        return X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(t->ssl), t->host) == 1;
    }
    SSL_set_hostflags(t->ssl,
                      X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
    return SSL_set1_host(t->ssl, t->host) == 1 && SSL_set_tlsext_host_name(t->ssl, t->host) == 1;
}

static void tls_copy_config(struct tls *t, const struct tls_config *config)
{
    struct buf host = buf_over(t->host, sizeof(t->host) - 1);
    struct text given = text_of(config->host);

    buf_text_put(&host, text_cut(&given, '%')); /* a zone is this machine's business (RFC 6874) */
    if (config->fingerprint != NULL) {
        memcpy(t->fingerprint, config->fingerprint, sizeof(t->fingerprint));
        t->has_fingerprint = true;
    }
}

int tls_new(const struct tls_config *config, int fd, struct buf *out_why, struct tls **out)
{
    owned(tls_free) struct tls *t = calloc(1, sizeof(*t));

    if (t == NULL) {
        abort();
    }
    tls_copy_config(t, config);
    t->read_events = POLLIN;
    t->write_events = POLLOUT;
    if (tls_set_up_context(t, config->ca_file, out_why)) {
        t->ssl = SSL_new(t->context);
    }
    if (t->ssl == NULL || SSL_set_fd(t->ssl, fd) != 1 || !tls_set_host(t)) {
        if (out_why->len == 0) {
            buf_text_put(out_why, TEXT("TLS cannot be begun"));
        }
        return TLS_FAILED;
    }
    SSL_set_connect_state(t->ssl);
    *out = give(t);
    return 0;
}

static int tls_fail(struct tls *t, const char *system)
{
    const struct tls_words words = {
        .certificate = t->certificate,
        .verdict = SSL_get_verify_result(t->ssl),
        .is_ready = t->is_ready,
        .host = t->host,
    };
    struct buf why = buf_over(t->why, sizeof(t->why) - 1);

    t->has_failed = true;
    if (system != NULL) {
        buf_text_put(&why, text_of(system));
    } else {
        tls_words_put(&words, &why);
    }
    t->why[why.len] = '\0';
    ERR_clear_error();
    return TLS_FAILED;
}

/* What the library's `result` means; *events is set to what there is to wait for. */
static int tls_outcome(struct tls *t, int result, int error, short *events)
{
    t->is_ready |= SSL_is_init_finished(t->ssl) == 1;
    switch (SSL_get_error(t->ssl, result)) {
    case SSL_ERROR_NONE: return 0;
    case SSL_ERROR_WANT_READ: *events = POLLIN; return TLS_AGAIN;
    case SSL_ERROR_WANT_WRITE: *events = POLLOUT; return TLS_AGAIN;
    case SSL_ERROR_ZERO_RETURN: return t->is_ready ? TLS_END : tls_fail(t, "the server closed it");
    case SSL_ERROR_SYSCALL:
        return tls_fail(t, error != 0 ? strerror(error) : "the server closed it");
    default: return tls_fail(t, NULL);
    }
}

int tls_handshake(struct tls *t)
{
    int result;

    if (t->has_failed) {
        return TLS_FAILED;
    }
    ERR_clear_error();
    errno = 0;
    result = SSL_do_handshake(t->ssl);
    return tls_outcome(t, result, errno, &t->read_events);
}

bool tls_is_ready(const struct tls *t)
{
    return t->is_ready;
}

int tls_read(struct tls *t, char *at, size_t size, size_t *out_n)
{
    int result;

    if (t->has_failed) {
        return TLS_FAILED;
    }
    ERR_clear_error();
    errno = 0;
    t->read_events = POLLIN;
    result = SSL_read_ex(t->ssl, at, size, out_n);
    return tls_outcome(t, result, errno, &t->read_events);
}

int tls_write(struct tls *t, struct text bytes, size_t *out_n)
{
    int result;

    if (t->has_failed) {
        return TLS_FAILED;
    }
    ERR_clear_error();
    errno = 0;
    t->write_events = POLLOUT;
    result = SSL_write_ex(t->ssl, bytes.at, size_min(bytes.len, TLS_RECORD_MAX), out_n);
    return tls_outcome(t, result, errno, &t->write_events);
}

/* The library returns 0 when our word is said and the server's is still to come: that is success.
 */
int tls_shut(struct tls *t)
{
    int result;

    if (t->has_failed || !tls_is_ready(t)) {
        return 0; /* there is nothing to end cleanly */
    }
    ERR_clear_error();
    errno = 0;
    t->write_events = POLLOUT;
    result = SSL_shutdown(t->ssl);
    return result >= 0 ? 0 : tls_outcome(t, result, errno, &t->write_events);
}

bool tls_has_pending(const struct tls *t)
{
    return !t->has_failed && SSL_pending(t->ssl) > 0;
}

short tls_read_events(const struct tls *t)
{
    return t->read_events;
}

short tls_write_events(const struct tls *t)
{
    return t->write_events;
}

const char *tls_why(const struct tls *t)
{
    return t->why;
}

static int tls_hex_digit(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    c = text_lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool tls_fingerprint_parse(struct text t, unsigned char out[TLS_FINGERPRINT_BYTES])
{
    unsigned char bytes[TLS_FINGERPRINT_BYTES];
    bool has_colons = t.len == 3 * sizeof(bytes) - 1;

    if (!has_colons && t.len != 2 * sizeof(bytes)) {
        return false;
    }
    for (size_t i = 0; i < sizeof(bytes); i++) {
        size_t at = has_colons ? 3 * i : 2 * i;
        int high = tls_hex_digit(t.at[at]);
        int low = tls_hex_digit(t.at[at + 1]);

        if (high < 0 || low < 0 || (has_colons && i > 0 && t.at[at - 1] != ':')) {
            return false;
        }
        bytes[i] = (unsigned char)(high << 4 | low);
    }
    memcpy(out, bytes, sizeof(bytes));
    return true;
}
