/* SPDX-License-Identifier: MIT */
/* Bytes of a keyboard become keys with names: "C-a", "M-b", "Up", "M-Left", "PgUp", "F7", "S-Tab",
 * "FocusIn"; "text" for a character, "paste" for all that was pasted at once. Pure. Sources:
 * ECMA-48 5.4; XTerm Control Sequences, "PC-Style Function Keys" and "Bracketed Paste Mode". Knows
 * what terminals of today send; unknown sequences are dropped whole. */
#ifndef CLIENT_KEYS_H
#define CLIENT_KEYS_H

#include "bytes.h"

enum {
    KEYS_SEQUENCE_MAX = 16, /* no key is longer */
    KEYS_NAME_MAX = 16,
    KEYS_PASTE_MAX = 64 * 1024 /* bytes; the rest of a paste is dropped */
};

struct key {
    const char *name; /* borrowed until the next key */
    struct text text; /* of "text" and "paste": raw; of one with Alt: the character */
};

struct keys { /* all zero is the beginning */
    char sequence[KEYS_SEQUENCE_MAX];
    size_t len;
    char name[KEYS_NAME_MAX];
    bool is_pasting;
    struct bytes paste; /* owned */
};

void keys_fini(struct keys *k);
/* Takes one byte; true if a key is complete. */
bool keys_feed(struct keys *k, char byte, struct key *out_key);
/* True while an Escape may be a key of its own or the beginning of one. */
bool keys_is_waiting(const struct keys *k);
/* Nothing came behind it: it was the key "Esc". True if there was one. */
bool keys_flush(struct keys *k, struct key *out_key);
static inline bool key_is(const struct key *key, const char *name)
{
    return text_equal(text_of(key->name), text_of(name));
}

#endif
