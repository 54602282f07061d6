/* SPDX-License-Identifier: MIT */
/* Takes one message of the IRC protocol apart. Knows the grammar and no command; everything it
 * hands out borrows the line, except a tag's value, which has to be unescaped. */
#include "lib/irc.h"

static struct text irc_skip(struct text t, size_t n)
{
    return (struct text){ .at = t.at + n, .len = t.len - n };
}

static struct text irc_skip_spaces(struct text t)
{
    size_t n = 0;

    while (n < t.len && t.at[n] == ' ') {
        n++;
    }
    return irc_skip(t, n);
}

/* The word behind `mark`, if `rest` begins with that; cuts it off. */
static struct text irc_cut_marked(struct text *rest, char mark)
{
    if (rest->len == 0 || rest->at[0] != mark) {
        return TEXT_NONE;
    }
    return irc_skip(text_cut_word(rest), 1);
}

static void irc_parse_params(struct text rest, struct irc_message *message)
{
    while (rest.len > 0) {
        bool is_last = message->n_params == IRC_PARAMS_MAX - 1;
        bool is_marked = rest.at[0] == ':';

        if (is_last || is_marked) {
            message->params[message->n_params++] = irc_skip(rest, is_marked ? 1 : 0);
            return;
        }
        message->params[message->n_params++] = text_cut_word(&rest);
    }
}

int irc_parse(struct text line, struct irc_message *out_message)
{
    struct text rest = irc_skip_spaces(line);
    struct irc_message message = { .tags = TEXT_NONE, .n_params = 0 };

    if (rest.len == 0) {
        return IRC_EMPTY;
    }
    message.tags = irc_cut_marked(&rest, '@');
    message.source = irc_cut_marked(&rest, ':');
    message.command = text_cut_word(&rest);
    if (message.command.len == 0) {
        return IRC_MALFORMED;
    }
    irc_parse_params(rest, &message);
    *out_message = message;
    return 0;
}

static char irc_unescaped(char c)
{
    switch (c) {
    case ':': return ';';
    case 's': return ' ';
    case 'r': return '\r';
    case 'n': return '\n';
    default: return c;
    }
}

/* A backslash at the very end escapes nothing and is dropped. */
static void irc_unescape(struct text value, struct buf *out)
{
    for (size_t i = 0; i < value.len; i++) {
        bool is_escape = value.at[i] == '\\';

        if (is_escape && ++i == value.len) {
            return;
        }
        buf_char(out, (char)(is_escape ? irc_unescaped(value.at[i]) : value.at[i]));
    }
}

bool irc_tag_raw(struct text tags, struct text key, struct text *out_value)
{
    bool is_there = false;

    *out_value = TEXT_NONE;
    while (tags.len > 0) {
        struct text rest = text_cut(&tags, ';');

        if (text_equal(text_cut(&rest, '='), key)) {
            *out_value = rest;
            is_there = true;
        }
    }
    return is_there;
}

bool irc_tag(struct text tags, struct text key, struct buf *out)
{
    struct text value;
    bool is_there = irc_tag_raw(tags, key, &value);

    irc_unescape(value, out);
    return is_there;
}

bool irc_is_room(struct text name)
{
    return name.len > 0 &&
           (name.at[0] == '#' || name.at[0] == '&' || name.at[0] == '+' || name.at[0] == '!');
}

bool irc_cut_action(struct text *text)
{
    static const struct text action = TEXT("\001"
                                           "ACTION ");

    if (!text_cut_prefix(text, action)) {
        return false;
    }
    text->len -= text->len > 0 && text->at[text->len - 1] == '\001' ? 1 : 0;
    return true;
}

char irc_batch_sign(const struct irc_message *message, struct text *out_ref)
{
    struct text ref = message->n_params > 0 ? message->params[0] : TEXT_NONE;

    if (!text_equal_nocase(message->command, TEXT("BATCH")) || ref.len < 2 ||
        (ref.at[0] != '+' && ref.at[0] != '-')) {
        return '\0';
    }
    *out_ref = irc_skip(ref, 1);
    return ref.at[0];
}

bool irc_is_in_batch(struct text tags, struct text ref)
{
    struct text its;

    return ref.len > 0 && irc_tag_raw(tags, TEXT("batch"), &its) && text_equal(its, ref);
}

static bool irc_is_key_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '/';
}

/* '+', then letters, digits, '-', and for a vendor's tags '.' and '/'. */
static bool irc_is_client_key(struct text key)
{
    if (key.len < 2 || key.at[0] != '+') {
        return false;
    }
    for (size_t i = 1; i < key.len; i++) {
        if (!irc_is_key_byte(key.at[i])) {
            return false;
        }
    }
    return true;
}

void irc_client_tags(struct text tags, struct buf *out)
{
    while (tags.len > 0) {
        struct text tag = text_cut(&tags, ';');
        struct text rest = tag;

        if (!irc_is_client_key(text_cut(&rest, '='))) {
            continue;
        }
        if (out->len > 0) {
            buf_char(out, ';');
        }
        buf_text_put(out, tag);
    }
}

struct text irc_source_nick(struct text source)
{
    return (struct text){ .at = source.at, .len = text_find(source, '!') };
}
