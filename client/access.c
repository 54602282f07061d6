/* SPDX-License-Identifier: MIT */
/* What is said of TLS and the account. Owns the names; what a fingerprint is, tls.c knows. */
#include "access.h"

#include <string.h>

static const struct {
    const char *name;
    const char *help; /* what a value has to be; NULL: it is a switch */
} access_rows[] = {
    [ACCESS_TLS] = { "tls", NULL },
    [ACCESS_TLS_CA] = { "tls-ca", "not the path of a file" },
    [ACCESS_TLS_FINGERPRINT] = { "tls-fingerprint",
                                 "not the SHA-256 of a certificate: 64 hexadecimal digits" },
    [ACCESS_ACCOUNT] = { "account", "not the name of an account: 1 to 255 bytes" },
    [ACCESS_PASSWORD_COMMAND] = { "password-command", "not a command: at most 1023 bytes" },
    [ACCESS_PASSWORD_FILE] = { "password-file", "not the path of a file" },
    [ACCESS_CLEARTEXT_PASSWORD] = { "cleartext-password", NULL },
};

static bool access_is_name(struct text given, struct text name)
{
    for (size_t i = 0; i < given.len && given.len == name.len; i++) {
        if (given.at[i] != name.at[i] && !(given.at[i] == '_' && name.at[i] == '-')) {
            return false;
        }
    }
    return given.len == name.len;
}

bool access_find(struct text name, enum access_which *out_which)
{
    for (unsigned i = 0; i < ACCESS_COUNT; i++) {
        if (access_is_name(name, text_of(access_rows[i].name))) {
            *out_which = (enum access_which)i;
            return true;
        }
    }
    return false;
}

bool access_is_switch(enum access_which which)
{
    return access_rows[which].help == NULL;
}

bool access_is_path(enum access_which which)
{
    return which == ACCESS_TLS_CA || which == ACCESS_PASSWORD_FILE;
}

const char *access_help(enum access_which which)
{
    return access_rows[which].help;
}

void access_switch(struct access *a, enum access_which which, bool is_on)
{
    if (which == ACCESS_TLS) {
        a->is_tls = is_on;
    } else {
        a->is_cleartext = is_on;
    }
}

static bool access_copy(struct text value, char *out, size_t most)
{
    if (value.len == 0 || value.len > most) {
        return false;
    }
    memcpy(out, value.at, value.len);
    out[value.len] = '\0';
    return true;
}

bool access_set(struct access *a, enum access_which which, struct text value)
{
    switch (which) {
    case ACCESS_TLS_CA: return access_copy(value, a->ca_file, ACCESS_PATH_MAX);
    case ACCESS_ACCOUNT: return access_copy(value, a->account, CREDENTIALS_ACCOUNT_MAX);
    case ACCESS_PASSWORD_COMMAND:
        return access_copy(value, a->password_command, CREDENTIALS_COMMAND_MAX);
    case ACCESS_PASSWORD_FILE: return access_copy(value, a->password_file, ACCESS_PATH_MAX);
    case ACCESS_TLS_FINGERPRINT:
        if (!tls_fingerprint_parse(value, a->fingerprint)) {
            return false;
        }
        a->has_fingerprint = true;
        return true;
    case ACCESS_TLS:
    case ACCESS_CLEARTEXT_PASSWORD:
    case ACCESS_COUNT: break;
    }
    return false;
}

bool access_leaves_open(const struct access *given, enum access_which which)
{
    bool has_account = given->account[0] != '\0';
    bool has_password = given->password_command[0] != '\0' || given->password_file[0] != '\0';

    switch (which) {
    case ACCESS_TLS: return !given->is_tls;
    case ACCESS_TLS_CA:
    case ACCESS_TLS_FINGERPRINT: return given->ca_file[0] == '\0' && !given->has_fingerprint;
    case ACCESS_ACCOUNT: return !has_account;
    case ACCESS_PASSWORD_COMMAND:
    case ACCESS_PASSWORD_FILE: return !has_account && !has_password;
    case ACCESS_CLEARTEXT_PASSWORD:
    case ACCESS_COUNT: break;
    }
    return !given->is_cleartext;
}

bool access_check(const struct access *a, struct buf *out_why)
{
    bool has_command = a->password_command[0] != '\0';
    bool has_file = a->password_file[0] != '\0';

    if (!a->is_tls && (a->ca_file[0] != '\0' || a->has_fingerprint)) {
        buf_text_put(out_why, TEXT("--tls-ca and --tls-fingerprint need --tls"));
    } else if (a->ca_file[0] != '\0' && a->has_fingerprint) {
        buf_text_put(out_why, TEXT("--tls-ca and --tls-fingerprint exclude each other"));
    } else if (has_command && has_file) {
        buf_text_put(out_why, TEXT("--password-command and --password-file exclude each other"));
    } else if (a->account[0] == '\0' && (has_command || has_file || a->is_cleartext)) {
        buf_text_put(out_why, TEXT("a password needs --account"));
    } else {
        return true;
    }
    return false;
}
