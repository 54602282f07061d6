/* SPDX-License-Identifier: MIT */
/* Modes in words: what IRC writes as "+o-m bob" is told as "bob is an operator of #tea; #tea is no
 * longer moderated". */
#include "front/line.h"

#include "chat/members.h"
#include "lib/irc_format.h"

bool line_next_change(struct line_changes *changes, struct line_change *out_change)
{
    while (changes->letters.len > 0) {
        char letter = changes->letters.at[0];

        changes->letters = (struct text){ changes->letters.at + 1, changes->letters.len - 1 };
        if (letter == '+' || letter == '-') {
            changes->is_off = letter == '-';
            continue;
        }
        *out_change =
            (struct line_change){ .letter = (char)(letter < ' ' || letter > '~' ? '?' : letter),
                                  .mode = mode_find(letter),
                                  .is_on = !changes->is_off,
                                  .argument = TEXT_NONE };
        if (out_change->mode != NULL && mode_needs_argument(out_change->mode, !changes->is_off)) {
            out_change->argument = text_cut_word(&changes->arguments);
        }
        return true;
    }
    return false;
}

struct line_changes line_changes_in(struct text text)
{
    struct text letters = text_cut_word(&text);

    return (struct line_changes){ .letters = letters, .arguments = text };
}

uint32_t line_changes_about(struct text text, struct text nick)
{
    struct line_changes changes = line_changes_in(text);
    struct line_change change;
    uint32_t about = 0;

    for (uint32_t n = 0; n < LINE_DETAIL_BITS && line_next_change(&changes, &change); n++) {
        if (change.mode != NULL && change.mode->kind == MODE_MEMBER &&
            text_equal_nocase(change.argument, nick)) {
            about |= 1U << n;
        }
    }
    return about;
}

/* "bob is an operator of #tea", "you are an operator of #tea" */
static void line_put_member_change(const struct line_change *change, bool is_reader,
                                   struct text room, struct buf *out)
{
    struct text words = text_of(change->is_on ? change->mode->on : change->mode->off);
    struct text verb = text_cut_word(&words);

    if (is_reader) {
        buf_text_put(out, text_equal(verb, TEXT("is")) ? TEXT("you are") : TEXT("you have"));
    } else {
        irc_format_strip(change->argument, out);
        buf_format(out, " %.*s", TEXT_ARG(verb));
    }
    buf_format(out, " %.*s %.*s", TEXT_ARG(words), TEXT_ARG(room));
}

/* "#tea is moderated", "#tea has room for 5 people" */
static void line_put_room_change(const struct line_change *change, struct text room,
                                 struct buf *out)
{
    const struct mode *mode = change->mode;

    buf_format(out, "%.*s %s", TEXT_ARG(room), change->is_on ? mode->on : mode->off);
    if (mode->kind == MODE_LIST || (change->is_on && change->argument.len > 0)) {
        buf_char(out, ' ');
        irc_format_strip(change->argument, out); /* an IRC client may have put codes in it */
    }
    if (mode->kind == MODE_LIMIT && change->is_on) {
        buf_text_put(out,
                     text_equal(change->argument, TEXT("1")) ? TEXT(" person") : TEXT(" people"));
    }
}

static void line_put_change(const struct line_change *change, bool is_reader, struct text room,
                            struct buf *out)
{
    if (change->mode->kind == MODE_MEMBER) {
        line_put_member_change(change, is_reader, room, out);
    } else {
        line_put_room_change(change, room, out);
    }
}

void line_put_changes(struct text text, uint32_t about, struct text room, struct buf *out)
{
    struct line_changes changes = line_changes_in(text);
    struct line_change change;
    bool is_first = true;

    for (uint32_t n = 0; line_next_change(&changes, &change); n++) {
        if (change.mode == NULL) {
            continue;
        }
        if (!is_first) {
            buf_text_put(out, TEXT("; "));
        }
        line_put_change(&change, n < LINE_DETAIL_BITS && (about >> n & 1) != 0, room, out);
        is_first = false;
    }
}

static void line_say_state(struct reader *reader, const struct room *room, const struct mode *mode,
                           struct text argument)
{
    char space[ROOM_NAME_SIZE + 128];
    struct buf words = buf_over(space, sizeof(space));
    struct line_change change = { .mode = mode, .is_on = true, .argument = argument };

    line_put_change(&change, false, text_of(room->name), &words);
    line_say(reader, "%.*s (%c)", TEXT_ARG(buf_text(&words)), mode->letter);
}

/* The argument with which the mode is set in the room; false: it is not set. */
static bool line_mode_value(const struct reader *reader, uint32_t row, const struct mode *mode,
                            struct buf *out_argument)
{
    const struct hub *hub = reader_hub(reader);
    const struct room *room = hub_room(hub, row);

    switch (mode->kind) {
    case MODE_FLAG: return (room->modes & mode->what) != 0;
    case MODE_KEY:
        if (members_find(hub, reader->row, row) != 0) {
            state_get_text(hub->state, room->key, out_argument);
        } else {
            buf_text_put(out_argument, TEXT("that its members know"));
        }
        return room->key != 0;
    case MODE_LIMIT: buf_number(out_argument, room->limit); return room->limit != 0;
    case MODE_LIST:
    case MODE_MEMBER: return false; /* /who does */
    }
    return false;
}

void line_say_modes(struct reader *reader, uint32_t row)
{
    const struct room *room = hub_room(reader_hub(reader), row);
    uint32_t n_set = 0;

    for (size_t n = 0; mode_at(n) != NULL; n++) {
        char space[NAME_SIZE];
        struct buf argument = buf_over(space, sizeof(space));

        if (line_mode_value(reader, row, mode_at(n), &argument)) {
            line_say_state(reader, room, mode_at(n), buf_text(&argument));
            n_set++;
        }
    }
    if (room->lists[ROOM_BANS] != 0) {
        line_say(reader, "%s bans those whom /bans lists (b)", room->name);
        n_set++;
    }
    if (n_set == 0) {
        line_say(reader, "%s is open to everybody, and everybody is heard there", room->name);
    }
}
