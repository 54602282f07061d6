/* SPDX-License-Identifier: MIT */
/* The accounts are parsed when they are needed, which is seldom: so there is nothing to allocate,
 * and a reload has nothing to convert. */
#include "front/operators.h"

#include "chat/people.h"
#include "chat/records.h"
#include "front/front.h"
#include "lib/host.h"
#include "lib/mask.h"
#include "lib/report.h"
#include "lib/utf8.h"

#include <assert.h>
#include <crypt.h>
#include <string.h>

enum {
    OPERATOR_NAME_MAX = 30,
    OPERATOR_MASK_MAX = 100,
    OPERATOR_DIGEST_MIN = 43, /* 256 bits in the letters of crypt(5) */
    OPERATOR_SUBJECT_SIZE = SOURCE_SIZE,
    OPERATOR_GUESS_COST = 20 * FLOOD_TOKEN,
};

static_assert(OPERATOR_PASSWORD_MAX < CRYPT_MAX_PASSPHRASE_SIZE, "with its NUL");

static bool operator_is_alphanumeric(char c)
{
    return (c >= '0' && c <= '9') || (text_lower(c) >= 'a' && text_lower(c) <= 'z');
}

static bool operator_is_made_of(struct text t, const char *others)
{
    for (size_t i = 0; i < t.len; i++) {
        if (!operator_is_alphanumeric(t.at[i]) && strchr(others, t.at[i]) == NULL) {
            return false;
        }
    }
    return true;
}

/* The digest is what stands behind the last '$'. */
static bool operator_has_digest(struct text hash)
{
    struct text digest = hash;

    while (text_find(digest, '$') < digest.len) {
        (void)text_cut(&digest, '$');
    }
    return digest.len >= OPERATOR_DIGEST_MIN && operator_is_made_of(digest, "./");
}

/* What crypt(3) would verify, and thinks to be strong enough. A password that was written there as
 * it is would be refused. */
static bool operator_is_hash(struct text hash)
{
    char space[CRYPT_OUTPUT_SIZE] = { 0 };

    if (hash.len >= sizeof(space) || !operator_has_digest(hash)) {
        return false;
    }
    memcpy(space, hash.at, hash.len);
    return space[0] == '$' && crypt_checksalt(space) == CRYPT_SALT_OK;
}

static bool operator_is_mask(struct text mask)
{
    struct text rest = mask;

    (void)text_cut(&rest, '@');
    return mask.len <= OPERATOR_MASK_MAX && text_find(mask, '@') > 0 && rest.len > 0 &&
           text_find(mask, '!') == mask.len && text_find(rest, '@') == rest.len;
}

const char *operator_parse(struct text entry, struct operator_account *out_account)
{
    struct text rest = entry;
    struct operator_account account;

    account.name = text_cut_word(&rest);
    account.mask = text_cut_word(&rest);
    account.hash = text_cut_word(&rest);
    account.host = text_cut_word(&rest);
    if (account.hash.len == 0 || rest.len > 0) {
        return "must be \"NAME MASK HASH\" or \"NAME MASK HASH HOST\"";
    }
    if (account.name.len > OPERATOR_NAME_MAX) {
        return "NAME may be 30 bytes long";
    }
    if (!operator_is_mask(account.mask)) {
        return "MASK must be USER@HOST, such as *@192.0.2.*, and at most 100 bytes long";
    }
    if (!operator_is_hash(account.hash)) {
        return "HASH is no hash of crypt(5) that is strong enough; `openssl passwd -6` makes one";
    }
    if (account.host.len > HOST_MAX || !operator_is_made_of(account.host, ".-/_:") ||
        text_starts_with(account.host, TEXT(":"))) {
        return "HOST is too long, or has other than letters, digits and ./-_:, or begins with a "
               "colon";
    }
    *out_account = account;
    return NULL;
}

/* Takes as long for every wrong hash. */
static bool operator_is_same(struct text a, struct text b)
{
    unsigned char difference = a.len == b.len ? 0 : 1;

    for (size_t i = 0; i < size_min(a.len, b.len); i++) {
        difference |= (unsigned char)(a.at[i] ^ b.at[i]);
    }
    return difference == 0;
}

static bool operator_is_password(struct text hash, struct text password)
{
    char phrase[OPERATOR_PASSWORD_MAX + 1] = { 0 }, setting[CRYPT_OUTPUT_SIZE] = { 0 };
    struct crypt_data data = { .initialized = 0 };
    const char *made;
    bool is_same;

    if (password.len > OPERATOR_PASSWORD_MAX || text_find(password, '\0') < password.len) {
        return false;
    }
    memcpy(phrase, password.at, password.len);
    memcpy(setting, hash.at, size_min(hash.len, sizeof(setting) - 1));
    made = crypt_r(phrase, setting, &data);
    is_same = made != NULL && operator_is_same(text_of(made), hash);
    explicit_bzero(phrase, sizeof(phrase));
    explicit_bzero(&data, sizeof(data));
    return is_same;
}

int operators_verify(const struct operators *operators, struct text name, struct text source,
                     struct text password, struct operator_account *out_account)
{
    struct operator_account account;

    for (size_t i = 0; i < operators->n; i++) {
        if (operator_parse(text_of(operators->entries[i]), &account) != NULL ||
            !text_equal(account.name, name) || !mask_match(account.mask, source)) {
            continue;
        }
        if (!operator_is_password(account.hash, password)) {
            return OPERATOR_WRONG_PASSWORD;
        }
        *out_account = account;
        return 0;
    }
    return OPERATOR_UNKNOWN;
}

/* ---- what operators do ---- */

/* "user@host" by the address, whatever host others see; with a NUL behind it. */
static struct text operator_source(const struct reader *reader, char space[OPERATOR_SUBJECT_SIZE])
{
    struct buf source = buf_over(space, OPERATOR_SUBJECT_SIZE - 1);

    people_user(&reader->exchange->hub, reader->row, &source);
    buf_char(&source, '@');
    host_print(reader_wire(reader)->host, &source);
    space[source.len] = '\0';
    return buf_text(&source);
}

static void operator_report(const struct reader *reader, const char *what, struct text whom)
{
    const char *nick = reader_person(reader)->nick;
    char source[OPERATOR_SUBJECT_SIZE];
    struct report_field fields[] = { { "NICK", nick }, { "PEER", source } };

    (void)operator_source(reader, source);
    report_with(REPORT_NOTICE, fields, ARRAY_SIZE(fields), "%s (%s) %s%.*s", nick, source, what,
                TEXT_ARG(whom));
}

/* The host of the account; none, if others see it already or there is no room for it. */
static void operator_show_host(struct reader *reader, struct operator_account *account)
{
    struct hub *hub = reader_hub(reader);
    char space[SOURCE_SIZE];
    struct buf shown = buf_over(space, sizeof(space));

    people_host(hub, reader->row, &shown);
    if (account->host.len == 0 || text_equal(account->host, buf_text(&shown)) ||
        people_set_host(hub, reader->row, account->host, reader->exchange->now) != 0) {
        account->host = TEXT_NONE;
    }
}

/* A wrong password costs as much as many lines, behind what its own line has cost: those who guess
 * soon wait, and cannot keep the daemon busy with hashing. */
static void operator_charge(struct reader *reader)
{
    struct wire_flood *flood = state_edit_flood(reader_hub(reader)->state, reader->row);

    flood->millitokens -= (uint32_t)size_min(flood->millitokens, OPERATOR_GUESS_COST);
}

/* Hashing holds everybody up: so many wrong guesses in a row, from whomever, and then one each half
 * second. A connection's own bucket is no limit to who connects again. */
enum { GUESS_MS = 500, GUESS_BURST = 5 };

static bool operator_may_guess(const struct exchange *exchange)
{
    return exchange->guessed_ms <= exchange->now.boot_ms + (GUESS_BURST - 1) * (uint64_t)GUESS_MS;
}

static void operator_note_guess(struct exchange *exchange)
{
    exchange->guessed_ms = u64_max(exchange->guessed_ms, exchange->now.boot_ms) + GUESS_MS;
}

int operator_login(struct reader *reader, struct text name, struct text password,
                   struct operator_account *out_account)
{
    char space[OPERATOR_SUBJECT_SIZE];
    struct operator_account account;
    int r = OPERATOR_BUSY;

    if (operator_may_guess(reader->exchange)) {
        r = operators_verify(&reader->exchange->operators, name, operator_source(reader, space),
                             password, &account);
    }
    if (r == OPERATOR_BUSY) {
        return r;
    }

    if (r == OPERATOR_UNKNOWN) { /* the name is not reported: it may be a password */
        operator_report(reader, "may not become operator: there is no such account", TEXT_NONE);
        return r;
    }
    if (r != 0) {
        operator_report(reader, "gave a wrong password for the account of operator ", name);
        operator_charge(reader);
        operator_note_guess(reader->exchange);
        return r;
    }
    people_set_mode(reader_hub(reader), reader->row, PERSON_OPERATOR, true);
    operator_report(reader, "is operator of the server now, by the account ", account.name);
    operator_show_host(reader, &account);
    *out_account = account;
    return 0;
}

int operator_kill(struct reader *reader, uint32_t target, struct text why)
{
    struct hub *hub = reader_hub(reader);
    int r = people_kill(hub, reader->row, target, why.len > 0 ? why : TEXT("no reason given"));

    if (r == 0) {
        operator_report(reader, "ends the connection of ", text_of(hub_person(hub, target)->nick));
    }
    return r;
}

void operator_rehash(struct reader *reader)
{
    reader->exchange->reload_for = reader_wire(reader)->id;
    operator_report(reader, "asks for the configuration to be read again", TEXT_NONE);
}
