/* SPDX-License-Identifier: MIT */
/* A server under TLS at the other end of a socketpair, stepped by hand, with a certificate that is
 * made for it. */
#ifndef SUPPORT_TLS_RIG_H
#define SUPPORT_TLS_RIG_H

#include "link.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <fcntl.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <signal.h>
#include <sys/socket.h>

#include <cmocka.h>

enum { TLS_RIG_DAY_S = 24 * 3600, TLS_RIG_TURNS = 1000 };

struct tls_rig {
    struct link link;
    SSL_CTX *context;
    SSL *server;
    int fd; /* the server's */
    X509 *certificate;
    EVP_PKEY *key;
    char ca_file[64]; /* with the server's certificate, which is its own authority */
};

/* `names` as for openssl(1): "DNS:irc.test"; days from now. */
static inline void tls_rig_make_certificate(struct tls_rig *f, const char *names, int from_day,
                                            int to_day)
{
    X509_NAME *name = X509_NAME_new();
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, NULL, NID_subject_alt_name, names);

    f->key = EVP_EC_gen("P-256");
    f->certificate = X509_new();
    assert_true(f->key != NULL && f->certificate != NULL && extension != NULL);
    (void)X509_set_version(f->certificate, X509_VERSION_3);
    (void)ASN1_INTEGER_set(X509_get_serialNumber(f->certificate), 1);
    (void)X509_gmtime_adj(X509_getm_notBefore(f->certificate), (long)from_day * TLS_RIG_DAY_S);
    (void)X509_gmtime_adj(X509_getm_notAfter(f->certificate), (long)to_day * TLS_RIG_DAY_S);
    (void)X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const unsigned char *)"test", -1,
                                     -1, 0);
    (void)X509_set_subject_name(f->certificate, name);
    (void)X509_set_issuer_name(f->certificate, name);
    (void)X509_set_pubkey(f->certificate, f->key);
    (void)X509_add_ext(f->certificate, extension, -1);
    assert_true(X509_sign(f->certificate, f->key, EVP_sha256()) > 0);
    X509_NAME_free(name);
    X509_EXTENSION_free(extension);
}

static inline void tls_rig_write_certificate(struct tls_rig *f)
{
    FILE *file;
    int fd;

    (void)strcpy(f->ca_file, "/tmp/partyline-tls-XXXXXX");
    fd = mkstemp(f->ca_file);
    assert_true(fd >= 0);
    file = fdopen(fd, "w");
    assert_non_null(file);
    assert_int_equal(PEM_write_X509(file, f->certificate), 1);
    assert_int_equal(fclose(file), 0);
}

/* What was made for one server; may be called twice. */
static inline void tls_rig_end(struct tls_rig *f)
{
    link_fini(&f->link);
    SSL_free(f->server);
    SSL_CTX_free(f->context);
    X509_free(f->certificate);
    EVP_PKEY_free(f->key);
    fd_close_slot(&f->fd);
    if (f->ca_file[0] != '\0') {
        (void)unlink(f->ca_file);
    }
    *f = (struct tls_rig){ .fd = -1, .link = { .fd = -1 } };
}

/* A server whose certificate is for these names and days; nobody has said anything yet. */
static inline void tls_rig_begin(struct tls_rig *f, const char *names, int from_day, int to_day)
{
    int pair[2];

    tls_rig_end(f);
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, pair), 0);
    tls_rig_make_certificate(f, names, from_day, to_day);
    tls_rig_write_certificate(f);
    f->fd = pair[1];
    f->context = SSL_CTX_new(TLS_server_method());
    assert_int_equal(SSL_CTX_use_certificate(f->context, f->certificate), 1);
    assert_int_equal(SSL_CTX_use_PrivateKey(f->context, f->key), 1);
    f->server = SSL_new(f->context);
    assert_int_equal(SSL_set_fd(f->server, f->fd), 1);
    SSL_set_accept_state(f->server);
    link_init(&f->link, pair[0], NULL);
}

/* Our side begins TLS, as `config` wants it. */
static inline void tls_rig_secure(struct tls_rig *f, const struct tls_config *config)
{
    char bytes[256];
    struct buf why = buf_over(bytes, sizeof(bytes));

    assert_int_equal(tls_new(config, f->link.fd, &why, &f->link.tls), 0);
}

/* The handshake, to its end or to our first error, which is returned. */
static inline int tls_rig_shake(struct tls_rig *f)
{
    int r = 0;

    link_put(&f->link, TEXT("hello\r\n"));
    for (int i = 0; r == 0 && i < TLS_RIG_TURNS; i++) {
        r = link_flush(&f->link);
        r = r < 0 ? r : link_read(&f->link);
        ERR_clear_error();
        (void)SSL_do_handshake(f->server);
    }
    ERR_clear_error();
    return r;
}

static inline int tls_rig_set_up(void **state)
{
    static struct tls_rig rig;

    (void)signal(SIGPIPE, SIG_IGN);
    rig = (struct tls_rig){ .fd = -1, .link = { .fd = -1 } };
    *state = &rig;
    return 0;
}

static inline int tls_rig_tear_down(void **state)
{
    tls_rig_end(*state);
    return 0;
}

/* A conversation that has begun well; the server has heard "hello". */
static inline void tls_rig_talk(struct tls_rig *f)
{
    struct tls_config config = { .host = "irc.test" };
    char heard[16];
    size_t n = 0;

    tls_rig_begin(f, "DNS:irc.test", -1, 1);
    config.ca_file = f->ca_file;
    tls_rig_secure(f, &config);
    assert_int_equal(tls_rig_shake(f), 0);
    assert_true(link_is_ready(&f->link));
    assert_int_equal(SSL_read_ex(f->server, heard, sizeof(heard), &n), 1);
    assert_int_equal(n, 7);
}

static inline void tls_rig_say(struct tls_rig *f, struct text t)
{
    size_t n = 0;

    assert_int_equal(SSL_write_ex(f->server, t.at, t.len, &n), 1);
    assert_int_equal(n, t.len);
}

#endif
