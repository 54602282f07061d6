/* SPDX-License-Identifier: MIT */
/* Why TLS failed. Owns the sentences: a person has to learn from them whether the certificate, the
 * name, the port or this machine's clock is wrong, and what to do. What comes from a certificate is
 * cleaned, since anybody can write one. */
#include "tls_words.h"

#include "lib/utf8.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

enum { TLS_WORDS_NAMES_MAX = 5, TLS_WORDS_NAME_BYTES = 64 };

/* "AB:CD:...", its SHA-256. */
static void tls_words_put_fingerprint(const X509 *certificate, struct buf *out)
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned len = 0;

    (void)X509_digest(certificate, EVP_sha256(), digest, &len);
    for (unsigned i = 0; i < len; i++) {
        buf_format(out, i == 0 ? "%02X" : ":%02X", digest[i]);
    }
}

static void tls_words_put_time(const ASN1_TIME *time, struct buf *out)
{
    struct tm tm;

    if (ASN1_TIME_to_tm(time, &tm) == 1) {
        buf_format(out, "%04d-%02d-%02d", tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday);
    } else {
        buf_text_put(out, TEXT("a date nobody can read"));
    }
}

/* "irc.example, *.example": the first few names it is for, of DNS alone. */
static void tls_words_put_names(const X509 *certificate, struct buf *out)
{
    GENERAL_NAMES *names = X509_get_ext_d2i(certificate, NID_subject_alt_name, NULL, NULL);
    int n_put = 0;

    for (int i = 0; i < sk_GENERAL_NAME_num(names) && n_put < TLS_WORDS_NAMES_MAX; i++) {
        int type = 0;
        const ASN1_STRING *value = GENERAL_NAME_get0_value(sk_GENERAL_NAME_value(names, i), &type);
        struct text name;

        if (type != GEN_DNS) {
            continue;
        }
        name = (struct text){ .at = (const char *)ASN1_STRING_get0_data(value),
                              .len = (size_t)ASN1_STRING_length(value) };
        name.len = size_min(name.len, TLS_WORDS_NAME_BYTES);
        buf_text_put(out, n_put++ > 0 ? TEXT(", ") : TEXT_NONE);
        utf8_clean(name, UTF8_KEEP_NONE, out);
    }
    GENERAL_NAMES_free(names);
    buf_text_put(out, n_put == 0 ? TEXT("no name at all") : TEXT_NONE);
}

static void tls_words_put_unknown(const struct tls_words *words, struct buf *out)
{
    buf_text_put(out, TEXT("nobody whom we trust vouches for the server's certificate. Trust who "
                           "does with --tls-ca FILE, or this one alone, if its operators say that "
                           "it is theirs, with --tls-fingerprint "));
    tls_words_put_fingerprint(words->certificate, out);
}

static void tls_words_put_host(const struct tls_words *words, struct buf *out)
{
    buf_text_put(out, TEXT("the server's certificate is for "));
    tls_words_put_names(words->certificate, out);
    buf_format(out, ", not for %s. Use a name that it is for; otherwise it is another server",
               words->host);
}

static void tls_words_put_expired(const struct tls_words *words, struct buf *out)
{
    buf_text_put(out, TEXT("the server's certificate has expired on "));
    tls_words_put_time(X509_get0_notAfter(words->certificate), out);
    buf_text_put(out,
                 TEXT(". Its operators have to renew it, unless this machine's clock is wrong"));
}

static void tls_words_put_too_new(const struct tls_words *words, struct buf *out)
{
    buf_text_put(out, TEXT("the server's certificate is not valid before "));
    tls_words_put_time(X509_get0_notBefore(words->certificate), out);
    buf_text_put(out, TEXT(". Is this machine's clock right?"));
}

static void tls_words_put_other(const struct tls_words *words, struct buf *out)
{
    buf_text_put(out, TEXT("the server's certificate is not the one of --tls-fingerprint, but "));
    tls_words_put_fingerprint(words->certificate, out);
    buf_text_put(out,
                 TEXT(". Ask its operators whether they have a new one; otherwise it is another "
                      "server"));
}

static const struct {
    long verdict;
    void (*put)(const struct tls_words *, struct buf *);
} tls_words_rows[] = {
    { X509_V_ERR_CERT_REJECTED, tls_words_put_other },
    { X509_V_ERR_CERT_HAS_EXPIRED, tls_words_put_expired },
    { X509_V_ERR_CERT_NOT_YET_VALID, tls_words_put_too_new },
    { X509_V_ERR_HOSTNAME_MISMATCH, tls_words_put_host },
    { X509_V_ERR_IP_ADDRESS_MISMATCH, tls_words_put_host },
    { X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, tls_words_put_unknown },
    { X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN, tls_words_put_unknown },
    { X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, tls_words_put_unknown },
    { X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY, tls_words_put_unknown },
    { X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE, tls_words_put_unknown },
};

static void tls_words_put_certificate(const struct tls_words *words, struct buf *out)
{
    for (size_t i = 0; words->certificate != NULL && i < ARRAY_SIZE(tls_words_rows); i++) {
        if (tls_words_rows[i].verdict == words->verdict) {
            tls_words_rows[i].put(words, out);
            return;
        }
    }
    buf_format(out, "the server's certificate is not good: %s",
               X509_verify_cert_error_string(words->verdict));
}

void tls_words_put(const struct tls_words *words, struct buf *out)
{
    unsigned long error = ERR_peek_error();
    const char *reason = ERR_reason_error_string(error);

    switch (ERR_GET_REASON(error)) {
    case SSL_R_CERTIFICATE_VERIFY_FAILED: tls_words_put_certificate(words, out); return;
    case SSL_R_WRONG_VERSION_NUMBER:
    case SSL_R_PACKET_LENGTH_TOO_LONG:
    case SSL_R_HTTP_REQUEST:
        buf_text_put(out, TEXT("there is no TLS at this port. Servers that have it mostly do so at "
                               "6697; otherwise leave out --tls"));
        return;
    case SSL_R_UNSUPPORTED_PROTOCOL:
    case SSL_R_TLSV1_ALERT_PROTOCOL_VERSION:
        buf_text_put(out, TEXT("the server is too old: it knows nothing newer than TLS 1.1"));
        return;
    case SSL_R_UNEXPECTED_EOF_WHILE_READING:
        buf_text_put(out, words->is_ready
                              ? TEXT("cut off: the server, or somebody on the way, closed it "
                                     "without saying so")
                              : TEXT("the server closed it during the handshake of TLS. Is there "
                                     "TLS at this port?"));
        return;
    default: buf_format(out, "TLS failed: %s", reason == NULL ? "for no known reason" : reason);
    }
}
