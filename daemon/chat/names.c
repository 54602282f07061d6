/* SPDX-License-Identifier: MIT */
/* Nicknames and room names. */
#include "chat/names.h"

#include "lib/utf8.h"

#include <string.h>

static bool name_is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c != '\0' && strchr("_[]\\`^{}|", c) != NULL);
}

static bool name_is_digit(char c)
{
    return c >= '0' && c <= '9';
}

bool name_is_nick(struct text t)
{
    if (t.len == 0 || t.len > NICK_MAX || !name_is_letter(t.at[0])) {
        return false;
    }
    for (size_t i = 1; i < t.len; i++) {
        if (!name_is_letter(t.at[i]) && !name_is_digit(t.at[i]) && t.at[i] != '-') {
            return false;
        }
    }
    return true;
}

bool name_is_guest(struct text t)
{
    const struct text prefix = TEXT("guest");

    if (t.len <= prefix.len || !text_equal_nocase((struct text){ t.at, prefix.len }, prefix)) {
        return false;
    }
    for (size_t i = prefix.len; i < t.len; i++) {
        if (!name_is_digit(t.at[i])) {
            return false;
        }
    }
    return true;
}

/* U+FFFD stands for a byte that is not known any more: two names with it may be different ones. */
static bool name_has_replacement(struct text t)
{
    const struct text mark = TEXT("\xEF\xBF\xBD");

    for (size_t i = 0; i + mark.len <= t.len; i++) {
        if (memcmp(t.at + i, mark.at, mark.len) == 0) {
            return true;
        }
    }
    return false;
}

bool name_is_room(struct text t)
{
    if (t.len < 2 || t.len > ROOM_NAME_MAX || t.at[0] != '#') {
        return false;
    }
    return text_find(t, ' ') == t.len && text_find(t, ',') == t.len &&
           utf8_is_clean(t, UTF8_KEEP_NONE) && !name_has_replacement(t);
}

void name_guest(uint64_t connection_id, struct buf *out)
{
    buf_text_put(out, TEXT("guest"));
    buf_number(out, connection_id);
}
