/* SPDX-License-Identifier: MIT */
/* A client's line as a message of clean texts. It is taken apart first: only a space separates
 * words, whatever cleaning makes of other bytes. */
#include "front/irc.h"

#include "lib/utf8.h"

/* A list with a room in it: "#a,#b", "bob,@#c". */
static bool irc_is_room_list(struct text list)
{
    bool has_room = false;

    if (text_find(list, ' ') < list.len) {
        return false;
    }
    while (list.len > 0) {
        struct text item = text_cut(&list, ',');
        bool has_mark = item.len > 1 && (item.at[0] == '@' || item.at[0] == '+');

        has_room |= item.len > has_mark && item.at[has_mark] == '#';
    }
    return has_room;
}

/* What cannot stand in the name of a room is not left out of it: that would be another room. */
static enum utf8_keep irc_keep(const struct irc_message *message, int n)
{
    bool is_place = n == 0 || (n == 1 && text_equal_nocase(message->command, TEXT("INVITE")));

    return is_place && irc_is_room_list(message->params[n]) ? UTF8_MARK_ALL : UTF8_KEEP_TEXT;
}

/* Nearly always it is clean as it is. */
static struct text irc_cleaned(struct text raw, enum utf8_keep keep, struct buf *space)
{
    size_t start = space->len;

    if (utf8_is_clean(raw, keep)) {
        return raw;
    }
    utf8_clean(raw, keep, space);
    return (struct text){ space->at + start, space->len - start };
}

bool irc_read(struct text line, struct buf *space, struct irc_message *out_message)
{
    struct irc_message message;

    if (irc_parse(line, &message) != 0) {
        return false;
    }
    message.tags = irc_cleaned(message.tags, UTF8_KEEP_TEXT, space);
    message.command = irc_cleaned(message.command, UTF8_KEEP_TEXT, space);
    for (int i = 0; i < message.n_params; i++) {
        message.params[i] = irc_cleaned(message.params[i], irc_keep(&message, i), space);
    }
    *out_message = message;
    return message.command.len > 0;
}
