/* SPDX-License-Identifier: MIT */
/* Bytes become keys. Owns the names. What is incomplete waits in `sequence`; a byte that cannot
 * continue it ends it and counts for itself. */
#include "keys.h"

#include <string.h>

enum { KEYS_ESCAPE = 0x1B };

static const struct text keys_paste_end = { .at = "\x1B[201~", .len = 6 };

void keys_fini(struct keys *k)
{
    bytes_fini(&k->paste);
    *k = (struct keys){ .len = 0 };
}

static size_t keys_char_len(char first)
{
    unsigned char c = (unsigned char)first;

    return c < 0xC0 ? 1 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4;
}

/* ESC [ parameters final, ESC O final, or ESC and one more character. */
static bool keys_is_whole(const struct keys *k)
{
    char last = k->sequence[k->len - 1];

    if (k->sequence[0] != KEYS_ESCAPE) {
        return k->len >= keys_char_len(k->sequence[0]);
    }
    if (k->len == 1) {
        return false;
    }
    if (k->sequence[1] == 'O' || k->sequence[1] == '[') {
        return k->len > 2 && (k->sequence[1] == 'O' || (last >= '@' && last <= '~'));
    }
    return k->len - 1 >= keys_char_len(k->sequence[1]);
}

static void keys_drop_broken(struct keys *k, char byte)
{
    bool is_escape = k->len > 0 && k->sequence[0] == KEYS_ESCAPE;
    bool continues = ((unsigned char)byte & 0xC0) == 0x80;

    if (k->len > 0 &&
        (is_escape ? byte == KEYS_ESCAPE || (unsigned char)byte < 0x20 : !continues)) {
        k->len = 0;
    }
}

static const char *keys_final_name(char final)
{
    switch (final) {
    case 'A': return "Up";
    case 'B': return "Down";
    case 'C': return "Right";
    case 'D': return "Left";
    case 'F': return "End";
    case 'H': return "Home";
    case 'I': return "FocusIn";
    case 'O': return "FocusOut";
    case 'P': return "F1";
    case 'Q': return "F2";
    case 'R': return "F3";
    case 'S': return "F4";
    case 'Z': return "S-Tab";
    default: return NULL;
    }
}

static const char *keys_number_name(uint64_t number)
{
    static const struct {
        uint64_t number;
        const char *name;
    } rows[] = {
        { 1, "Home" },    { 2, "Insert" }, { 3, "Delete" }, { 4, "End" },  { 5, "PgUp" },
        { 6, "PgDn" },    { 7, "Home" },   { 8, "End" },    { 11, "F1" },  { 12, "F2" },
        { 13, "F3" },     { 14, "F4" },    { 15, "F5" },    { 17, "F6" },  { 18, "F7" },
        { 19, "F8" },     { 20, "F9" },    { 21, "F10" },   { 23, "F11" }, { 24, "F12" },
        { 200, "paste" },
    };

    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        if (rows[i].number == number) {
            return rows[i].name;
        }
    }
    return NULL;
}

/* xterm's modifiers are 1 + shift 1 + alt 2 + control 4. */
static bool keys_set_name(struct keys *k, const char *name, uint64_t modifiers)
{
    struct buf b = buf_over(k->name, sizeof(k->name) - 1);

    if (name == NULL) {
        return false;
    }
    modifiers = modifiers > 0 && modifiers <= 8 ? modifiers - 1 : 0;
    buf_format(&b, "%s%s%s%s", (modifiers & 4) != 0 ? "C-" : "", (modifiers & 2) != 0 ? "M-" : "",
               (modifiers & 1) != 0 ? "S-" : "", name);
    k->name[b.len] = '\0';
    return true;
}

static bool keys_read_csi(struct keys *k)
{
    char final = k->sequence[k->len - 1];
    struct text rest = { .at = k->sequence + 2, .len = k->len - 3 };
    uint64_t number = 0, modifiers = 0;

    if ((!text_number(text_cut(&rest, ';'), 999, &number) && final == '~') ||
        (!text_number(rest, 99, &modifiers) && rest.len > 0)) {
        return false;
    }
    return keys_set_name(k, final == '~' ? keys_number_name(number) : keys_final_name(final),
                         modifiers);
}

/* "C-a" for 01; nothing for a byte that is no control. */
static const char *keys_control_name(char c, char name[static KEYS_NAME_MAX])
{
    struct buf b = buf_over(name, KEYS_NAME_MAX - 1);

    switch (c) {
    case '\r':
    case '\n': return "Enter";
    case '\t': return "Tab";
    case 0x08:
    case 0x7F: return "Backspace";
    default: break;
    }
    if ((unsigned char)c >= 0x20) {
        return NULL;
    }
    buf_format(&b, "C-%c", c == 0 ? ' ' : text_lower((char)(c + '@')));
    name[b.len] = '\0';
    return name;
}

static bool keys_read_alt(struct keys *k, struct key *key)
{
    char name[KEYS_NAME_MAX];
    const char *control = keys_control_name(k->sequence[1], name);
    struct buf b = buf_over(k->name, sizeof(k->name) - 1);

    key->text = (struct text){ .at = k->sequence + 1, .len = k->len - 1 };
    buf_text_put(&b, TEXT("M-"));
    buf_text_put(&b, control == NULL ? key->text : text_of(control));
    k->name[b.len] = '\0';
    return true;
}

static bool keys_read(struct keys *k, struct key *key)
{
    char name[KEYS_NAME_MAX];

    key->name = k->name;
    key->text = (struct text){ .at = k->sequence, .len = k->len };
    if (k->sequence[0] != KEYS_ESCAPE) {
        const char *control = keys_control_name(k->sequence[0], name);

        return keys_set_name(k, control == NULL ? "text" : control, 0);
    }
    if (k->sequence[1] == '[') {
        return keys_read_csi(k);
    }
    if (k->sequence[1] == 'O') {
        return keys_set_name(k, keys_final_name(k->sequence[2]), 0);
    }
    return keys_read_alt(k, key);
}

static bool keys_ends_with(struct text t, struct text end)
{
    return t.len >= end.len &&
           text_equal((struct text){ .at = t.at + t.len - end.len, .len = end.len }, end);
}

/* The end mark is looked for in a window of its length once the paste is full. */
static bool keys_feed_paste(struct keys *k, char byte, struct key *key)
{
    struct text paste = bytes_text(&k->paste);

    if (paste.len == KEYS_PASTE_MAX) {
        memmove(k->sequence, k->sequence + 1, keys_paste_end.len - 1);
        k->sequence[keys_paste_end.len - 1] = byte;
        key->text = (struct text){ .at = k->sequence, .len = keys_paste_end.len };
    } else {
        bytes_put(&k->paste, (struct text){ .at = &byte, .len = 1 });
        key->text = bytes_text(&k->paste);
    }
    if (!keys_ends_with(key->text, keys_paste_end)) {
        return false;
    }
    key->text = bytes_text(&k->paste);
    if (paste.len < KEYS_PASTE_MAX) {
        key->text.len -= keys_paste_end.len;
    }
    k->is_pasting = false;
    (void)keys_set_name(k, "paste", 0);
    key->name = k->name;
    return true;
}

bool keys_feed(struct keys *k, char byte, struct key *out_key)
{
    bool is_key;

    if (k->is_pasting) {
        return keys_feed_paste(k, byte, out_key);
    }
    keys_drop_broken(k, byte);
    k->sequence[k->len++] = byte;
    if (!keys_is_whole(k)) {
        k->len = k->len == sizeof(k->sequence) ? 0 : k->len;
        return false;
    }
    is_key = keys_read(k, out_key);
    k->len = 0;
    if (is_key && out_key->text.at == k->sequence && key_is(out_key, "paste")) {
        k->is_pasting = true;
        bytes_drop(&k->paste, bytes_text(&k->paste).len);
        memset(k->sequence, 0, sizeof(k->sequence));
        return false;
    }
    return is_key;
}

bool keys_is_waiting(const struct keys *k)
{
    return k->len == 1 && k->sequence[0] == KEYS_ESCAPE;
}

bool keys_flush(struct keys *k, struct key *out_key)
{
    if (!keys_is_waiting(k)) {
        return false;
    }
    k->len = 0;
    *out_key = (struct key){ .name = "Esc", .text = TEXT_NONE };
    return true;
}
